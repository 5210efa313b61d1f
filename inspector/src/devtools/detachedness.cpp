// SPDX-License-Identifier: MIT
#include <vector>

#include "heaplab/inspector/devtools.h"

namespace heaplab::inspector {
namespace {

/// Chrome knows for some DOM nodes whether they are part of a document. What an attached one
/// reaches is attached; what only detached ones reach is detached. JavaScript between them ends the
/// search: every way back into the DOM is through a node that knows its own state.
class Spread {
 public:
  explicit Spread(const Snapshot& snapshot)
      : snapshot_(snapshot), states_(snapshot.node_count()), visited_(snapshot.node_count()) {}

  BigArray<Detachedness> run() {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      states_[node] = snapshot_.detachedness(node);
      if (states_[node] != Detachedness::unknown) visit(node, states_[node]);
    }
    while (!attached_.empty()) pass_on(attached_);
    while (!detached_.empty()) pass_on(detached_);
    return std::move(states_);
  }

 private:
  void visit(NodeIndex node, Detachedness state) {
    if (visited_[node] != 0) return;
    visited_[node] = 1;
    if (snapshot_.type(node) != NodeType::native) return;
    states_[node] = state;
    (state == Detachedness::attached ? attached_ : detached_).push_back(node);
  }

  void pass_on(std::vector<NodeIndex>& work) {
    const NodeIndex node = work.back();
    work.pop_back();
    const Detachedness state = states_[node];
    if (&work == &detached_ && state == Detachedness::attached) return;
    for (EdgeIndex edge = snapshot_.first_edge(node); edge < snapshot_.end_edge(node); ++edge) {
      const EdgeKind kind = snapshot_.kind(edge);
      if (kind != EdgeKind::hidden && kind != EdgeKind::weak) visit(snapshot_.target(edge), state);
    }
  }

  const Snapshot& snapshot_;
  BigArray<Detachedness> states_;
  BigArray<std::uint8_t> visited_;
  std::vector<NodeIndex> attached_, detached_;
};

}  // namespace

BigArray<Detachedness> spread_detachedness(const Snapshot& snapshot) {
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (snapshot.detachedness(node) != Detachedness::unknown) return Spread(snapshot).run();
  }
  return {};
}

}  // namespace heaplab::inspector
