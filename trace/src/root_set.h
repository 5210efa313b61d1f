// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// The root slots of a heap in the order of their enumeration, as the ids they hold, and the set of
/// ids that makes. Few slots change between two looks; only those cost anything.
class RootSet {
 public:
  /// The slot now holds this object, or none: 0.
  void set(std::size_t slot, ObjectId id) {
    if (slot >= slots_.size()) slots_.resize(slot + 1, 0);
    if (slots_[slot] != id) change(slots_[slot], id);
  }
  /// There are so many slots. How the set differs from the last look; valid until the next.
  RootChange look(std::size_t slots);

 private:
  struct Member {
    std::uint32_t slots = 0;
    bool announced = false;
  };
  void change(ObjectId& known, ObjectId id);

  std::vector<ObjectId> slots_;
  std::unordered_map<ObjectId, Member> members_;
  std::vector<ObjectId> candidates_, removed_, added_;
};

}  // namespace heaplab::trace
