// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/trace/records.h"

namespace heaplab::leakcheck::native {

/// What is known of an object while it lives.
struct LiveObject {
  trace::ObjectId id = 0;  ///< 0: an empty slot
  std::uint64_t bytes = 0;
  trace::StackId stack = 0;
  std::uint32_t slice = 0;  ///< of the run, in which it was allocated
};

/// The objects alive, by id: a hash table with linear probing. Ids are dense; four in a row are
/// neighbours, for the cache, and no more, for the long rows of what lives long would have to be
/// moved up whenever one of them goes.
class LiveObjects {
 public:
  LiveObjects() : slots_(std::size_t{1} << 12) {}

  void add(const LiveObject& object) {
    if (2 * ++count_ > slots_.size()) grow();
    put(object);
  }

  /// Takes it out; id 0 if it is not there.
  LiveObject take(trace::ObjectId id) {
    std::size_t slot = home(id);
    while (slots_[slot].id != id) {
      if (slots_[slot].id == 0) return {};
      slot = next(slot);
    }
    const LiveObject found = slots_[slot];
    close_gap(slot);
    --count_;
    return found;
  }

  template <class Function>
  void for_each(Function&& function) const {
    for (const LiveObject& object : slots_) {
      if (object.id != 0) function(object);
    }
  }

 private:
  std::size_t home(trace::ObjectId id) const {
    const std::uint64_t row = (id >> 2) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>((row >> 24 << 2) | (id & 3)) & (slots_.size() - 1);
  }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }

  void put(const LiveObject& object) {
    std::size_t slot = home(object.id);
    while (slots_[slot].id != 0) slot = next(slot);
    slots_[slot] = object;
  }

  void close_gap(std::size_t gap) {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = next(gap); slots_[slot].id != 0; slot = next(slot)) {
      if (((slot - home(slots_[slot].id)) & mask) < ((slot - gap) & mask)) continue;
      slots_[gap] = slots_[slot];
      gap = slot;
    }
    slots_[gap] = LiveObject();
  }

  void grow() {
    std::vector<LiveObject> old(2 * slots_.size());
    old.swap(slots_);
    for (const LiveObject& object : old) {
      if (object.id != 0) put(object);
    }
  }

  std::vector<LiveObject> slots_;
  std::size_t count_ = 0;
};

}  // namespace heaplab::leakcheck::native
