// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// DOM nodes that are in no document any more, and what they hold in native memory: detachedness
/// spread as DevTools does. Ascending. Node programs have none.
std::vector<NodeIndex> detached_nodes(const Snapshot& snapshot);

/// False if the snapshot says nothing about documents.
bool has_detachedness(const Snapshot& snapshot);

/// Nodes to which no path of strong edges leads from the root: garbage that was not collected yet,
/// or held by weak references alone. Ascending.
std::vector<NodeIndex> unreachable_nodes(const Snapshot& snapshot);

/// Nodes grouped by class.
struct ClassGroup {
  std::uint32_t row;  ///< in View::classes(), or Classes::none
  std::uint64_t count = 0;
  std::uint64_t self = 0;
  NodeIndex largest = no_node;  ///< the one that retains most
};
/// Largest first.
std::vector<ClassGroup> group_by_class(const View& view, const std::vector<NodeIndex>& nodes);

}  // namespace heaplab::inspector
