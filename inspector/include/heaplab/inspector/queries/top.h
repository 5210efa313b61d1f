// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// What nodes can be put in order by. Largest first, but ids and distances smallest first.
enum class NodeOrder { retained, self, distance, id };

/// The first `limit` of the nodes in this order; equal ones in the order of the file.
std::vector<NodeIndex> first_of(const View& view, std::vector<NodeIndex> nodes, NodeOrder order,
                                std::size_t limit);

/// The first `limit` of all nodes except the root and groups of roots.
std::vector<NodeIndex> top_nodes(const View& view, NodeOrder order, std::size_t limit);

/// Totals by V8's node type.
struct TypeTotals {
  NodeType type;
  std::uint64_t count = 0;
  std::uint64_t self = 0;
};
/// Largest first.
std::vector<TypeTotals> totals_by_type(const View& view);

}  // namespace heaplab::inspector
