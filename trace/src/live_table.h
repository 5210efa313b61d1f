// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <vector>

#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// Something about each object that is alive, by id: pages that go when their last object does.
template <class Entry>
class LiveTable {
 public:
  void add(ObjectId id, const Entry& entry) {
    const std::size_t number = id >> page_shift;
    if (number >= pages_.size()) pages_.resize(number + 1);
    if (!pages_[number]) pages_[number] = std::make_unique<Page>();
    Page& page = *pages_[number];
    page.entries[id & page_mask] = entry;
    page.used.set(id & page_mask);
  }
  /// Its entry is `out`, and gone; false if there is none.
  bool take(ObjectId id, Entry& out) {
    const std::size_t number = id >> page_shift;
    if (number >= pages_.size() || !pages_[number]) return false;
    Page& page = *pages_[number];
    if (!page.used.test(id & page_mask)) return false;
    out = page.entries[id & page_mask];
    page.used.reset(id & page_mask);
    if (page.used.none()) pages_[number].reset();
    return true;
  }
  void clear() { pages_.clear(); }

 private:
  static constexpr unsigned page_shift = 10;
  static constexpr std::uint64_t page_mask = (1u << page_shift) - 1;
  struct Page {
    std::array<Entry, std::size_t{1} << page_shift> entries{};
    std::bitset<std::size_t{1} << page_shift> used;
  };
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace heaplab::trace
