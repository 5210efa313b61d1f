// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/graph.h"

namespace heaplab::inspector {

/// Breadth-first distances over strong edges.
struct Distances {
  static constexpr std::uint32_t unreached = 0xffff'ffff;
  std::vector<std::uint32_t> distance;  ///< per node; 0 for the root
  std::vector<EdgeIndex> parent_edge;   ///< the edge a node was first reached by; or no_edge
  std::vector<NodeIndex> parent;        ///< where that edge starts; or no_node
};

/// Linear time. Ties go to the edge that comes first in the graph.
Distances breadth_first(const Graph& graph);

/// One step of a path: `edge` leads from `from` to the next node.
struct PathStep {
  NodeIndex from;
  EdgeIndex edge;
};

/// The shortest path from the root to `node`, root first; empty if there is none (or it is the
/// root).
std::vector<PathStep> shortest_path(const Distances& distances, NodeIndex node);

}  // namespace heaplab::inspector
