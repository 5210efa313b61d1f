// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <vector>

#include "series/heap.h"

// What the engine holds for a moment only, because a snapshot is taken in the middle of something:
// handles of the compiler's and of the function that is running, and the targets of weak references
// that were looked at (they are kept until the job ends). Where such a reference goes into the
// middle of a program's structure, the structure no longer dominates what it holds.

namespace heaplab::leakcheck::series {

struct Momentary {
  /// References from roots that are not to count, because their targets are held otherwise too, or
  /// will not be held for long; ascending.
  std::vector<EdgeIndex> edges;
  /// Bit by node: nothing but such a reference holds it. Empty if there is none.
  BigArray<std::uint64_t> passing_bits;

  bool is_left_out(EdgeIndex edge) const {
    return std::binary_search(edges.begin(), edges.end(), edge);
  }
  bool is_passing(NodeIndex node) const {
    return !passing_bits.empty() && ((passing_bits[node / 64] >> (node % 64)) & 1) != 0;
  }
};

Momentary find_momentary(const HeapSnapshot& snapshot, const KnownNames& names);

}  // namespace heaplab::leakcheck::series
