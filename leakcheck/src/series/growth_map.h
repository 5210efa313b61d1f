// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "series/graph.h"

// Where a heap grew.
//
// Counted is what came after the first snapshot and was still there two snapshots later (of two
// snapshots: one later; of a single one: everything). What the last round made is not counted: most
// of it will be gone before long, in any program. Old objects count with what their own store grew.
//
// Each object passes its bytes on to its dominator: that is who keeps it. On the way up they add
// up; where they come to enough to be worth a look is a *gathering point*, and what gathers there
// is not passed on. So the gathering points share the growth among them, deepest first.

namespace heaplab::leakcheck::series {

struct GrowthMap {
  /// Bytes that grew in and under each object (by dominators).
  BigArray<std::uint64_t> grown;
  /// The same without what gathered further down.
  BigArray<std::uint64_t> rest;
  std::vector<NodeIndex> points;  ///< the gathering points, dominators first
  std::uint64_t total = 0;
  std::uint64_t least = 0;  ///< what is worth a look
};

/// `least_bytes`, `least_share`: of all growth, worth a look.
GrowthMap map_growth(const Series& series, std::uint64_t least_bytes, double least_share);

}  // namespace heaplab::leakcheck::series
