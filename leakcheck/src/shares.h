// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "snapshot.h"

// What a leak costs, after BLeak (Vilk and Berger, PLDI 2018): take away the references through
// which things leak; what the root no longer reaches was kept by them. An object that several leaks
// reach counts for each of them in equal parts: fixing one of two would not free it.

namespace heaplab::leakcheck {

/// The references through which something leaks.
struct LeakEdges {
  NodeIndex owner = no_node;            ///< all references out of this owner; or
  EdgeIndex edge = inspector::no_edge;  ///< this one
};

struct Share {
  double bytes = 0;
  std::vector<NodeIndex> items;  ///< what the leaking references lead to, kept by leaks alone
  /// Every node that only leaks keep and this one reaches, with the item it was reached from (an
  /// index into items).
  std::vector<NodeIndex> kept;
  std::vector<std::uint32_t> item_of_kept;
};

/// One share per leak.
std::vector<Share> leak_shares(const Snapshot& snapshot, const std::vector<LeakEdges>& leaks);

}  // namespace heaplab::leakcheck
