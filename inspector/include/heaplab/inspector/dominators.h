// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heaplab/inspector/graph.h"

namespace heaplab::inspector {

/// Node d dominates node n if every path of strong edges from the root to n goes through d: were d
/// gone, n would be garbage. The nearest such d is n's immediate dominator, and these make a tree.
class DominatorTree {
 public:
  /// The parent in the tree; no_node for the root and for nodes no strong path reaches.
  NodeIndex dominator(NodeIndex node) const { return dominators_[node]; }
  bool reached(NodeIndex node) const { return node == root_node || dominators_[node] != no_node; }
  /// Reached nodes such that a dominator comes before what it dominates.
  std::span<const NodeIndex> order() const { return order_; }

 private:
  friend DominatorTree compute_dominators(const Graph& graph);
  std::vector<NodeIndex> dominators_;
  std::vector<NodeIndex> order_;
};

/// Semi-NCA (Georgiadis 2005): Lengauer and Tarjan's semidominators, then the nearest common
/// ancestor read off the depth-first tree. O(m log n) at worst and in practice faster than the
/// asymptotically better variants. No recursion: a list of ten million nodes is an ordinary heap.
DominatorTree compute_dominators(const Graph& graph);

/// Bytes that would be freed with each node: its own and those of all it dominates, on the heap and
/// off it. 0 for nodes that are not reached.
std::vector<std::uint64_t> retained_sizes(const Graph& graph, const DominatorTree& tree);

}  // namespace heaplab::inspector
