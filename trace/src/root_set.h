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
  /// A look: begin(), then slot() for every root slot in order, then end(). 0: holds no object.
  void begin() { next_ = 0; }
  void slot(ObjectId id) {
    if (next_ < slots_.size()) {
      ObjectId& known = slots_[next_++];
      if (known != id) change(known, id);
      return;
    }
    slots_.push_back(0);
    change(slots_[next_++], id);
  }
  /// How the set differs from the last look; valid until the next.
  RootChange end();

 private:
  struct Member {
    std::uint32_t slots = 0;
    bool announced = false;
  };
  void change(ObjectId& known, ObjectId id);

  std::size_t next_ = 0;
  std::vector<ObjectId> slots_;
  std::unordered_map<ObjectId, Member> members_;
  std::vector<ObjectId> candidates_, removed_, added_;
};

}  // namespace heaplab::trace
