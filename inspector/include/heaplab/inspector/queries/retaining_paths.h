// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/queries/expression.h"
#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// A chain of edges that keeps a node alive, root first.
struct RetainingPath {
  std::vector<EdgeIndex> edges;
  std::vector<AccessStep> steps{};
  std::size_t omitted = 0;        ///< edges that no step stands for, in a very long path
  std::size_t omitted_after = 0;  ///< the number of steps before them
  Expression expression{};
  std::uint64_t similar = 0;  ///< more paths that differ in one step that looks the same
};

struct RetainingPaths {
  RetainingPath shortest;  ///< fewest edges, as DevTools' distances have it; may be empty
  std::vector<RetainingPath> telling;  ///< most telling first; the shortest is not repeated
};

/// Why a node is alive. Telling paths are those with few steps inside the engine; two of them
/// differ in who refers to the node or to something on the way to it, not in an index.
///
/// Near-linear in the snapshot, once.
RetainingPaths find_retaining_paths(const View& view, NodeIndex node, std::size_t count);

/// An edge that ends at a node.
struct Referrer {
  NodeIndex from;
  SnapshotEdge edge;
  bool essential;  ///< it keeps the node alive
};
/// All of them, nearest to the roots first; at most `limit`.
std::vector<Referrer> referrers(const View& view, NodeIndex node, std::size_t limit);

}  // namespace heaplab::inspector
