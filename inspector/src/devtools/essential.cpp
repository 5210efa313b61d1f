// SPDX-License-Identifier: MIT
#include <algorithm>

#include "heaplab/inspector/devtools.h"

namespace heaplab::inspector {

bool EssentialEdges::contains(const Snapshot& snapshot, NodeIndex source, EdgeIndex edge) const {
  const NodeIndex target = snapshot.target(edge);
  const EdgeKind kind = snapshot.kind(edge);
  const bool from_root = source == snapshot.root();
  if (kind == EdgeKind::weak || target == source) return false;
  if (kind == EdgeKind::shortcut && !from_root) return false;
  // From outside the page into it nothing is retained: only the page's own edges do.
  if (!from_root && !on_page(source) && on_page(target)) return false;
  return !std::binary_search(left_out_.begin(), left_out_.end(), edge);
}

}  // namespace heaplab::inspector
