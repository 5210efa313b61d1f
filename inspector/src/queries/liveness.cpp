// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/liveness.h"

#include <algorithm>

namespace heaplab::inspector {
namespace {

/// DevTools' rule: what a node of the embedder says of itself holds; attached spreads first, then
/// detached; neither spreads through JavaScript.
class Spread {
 public:
  explicit Spread(const Snapshot& snapshot)
      : snapshot_(snapshot), state_(snapshot.node_count()), visited_(snapshot.node_count()) {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      const Detachedness own = snapshot_.detachedness(node);
      state_[node] = static_cast<std::uint8_t>(own);
      if (own != Detachedness::unknown) visit(node, own);
    }
    while (!attached_.empty()) spread(take(attached_), Detachedness::attached);
    while (!detached_.empty()) {
      const NodeIndex node = take(detached_);
      if (state(node) != Detachedness::attached) spread(node, Detachedness::detached);
    }
  }

  Detachedness state(NodeIndex node) const { return static_cast<Detachedness>(state_[node]); }

 private:
  static NodeIndex take(std::vector<NodeIndex>& list) {
    const NodeIndex node = list.back();
    list.pop_back();
    return node;
  }

  void visit(NodeIndex node, Detachedness state) {
    if (visited_[node] != 0) return;
    visited_[node] = 1;
    if (snapshot_.type(node) != NodeType::native) return;
    state_[node] = static_cast<std::uint8_t>(state);
    (state == Detachedness::attached ? attached_ : detached_).push_back(node);
  }

  void spread(NodeIndex node, Detachedness state) {
    for (EdgeIndex edge = snapshot_.first_edge(node); edge < snapshot_.end_edge(node); ++edge) {
      const EdgeKind kind = snapshot_.kind(edge);
      if (kind != EdgeKind::hidden && kind != EdgeKind::weak) visit(snapshot_.target(edge), state);
    }
  }

  const Snapshot& snapshot_;
  BigArray<std::uint8_t> state_;
  BigArray<std::uint8_t> visited_;
  std::vector<NodeIndex> attached_;
  std::vector<NodeIndex> detached_;
};

}  // namespace

bool has_detachedness(const Snapshot& snapshot) {
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (snapshot.detachedness(node) != Detachedness::unknown) return true;
  }
  return false;
}

std::vector<NodeIndex> detached_nodes(const Snapshot& snapshot) {
  std::vector<NodeIndex> nodes;
  if (!has_detachedness(snapshot)) return nodes;
  const Spread spread(snapshot);
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (spread.state(node) == Detachedness::detached) nodes.push_back(node);
  }
  return nodes;
}

std::vector<NodeIndex> unreachable_nodes(const Snapshot& snapshot) {
  BigArray<std::uint8_t> reached(snapshot.node_count());
  std::vector<NodeIndex> todo;
  if (snapshot.node_count() > 0) {
    reached[snapshot.root()] = 1;
    todo.push_back(snapshot.root());
  }
  while (!todo.empty()) {
    const NodeIndex node = todo.back();
    todo.pop_back();
    for (EdgeIndex edge = snapshot.first_edge(node); edge < snapshot.end_edge(node); ++edge) {
      const NodeIndex target = snapshot.target(edge);
      if (snapshot.kind(edge) == EdgeKind::weak || reached[target] != 0) continue;
      reached[target] = 1;
      todo.push_back(target);
    }
  }
  std::vector<NodeIndex> nodes;
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (reached[node] == 0) nodes.push_back(node);
  }
  return nodes;
}

std::vector<ClassGroup> group_by_class(const View& view, const std::vector<NodeIndex>& nodes) {
  std::unordered_map<std::uint32_t, ClassGroup> groups;
  for (const NodeIndex node : nodes) {
    const std::uint32_t row = view.classes().of_node[node];
    ClassGroup& group = groups.try_emplace(row, ClassGroup{.row = row}).first->second;
    ++group.count;
    group.self += view.shallow(node);
    if (group.largest == no_node || view.retained(node) > view.retained(group.largest)) {
      group.largest = node;
    }
  }
  std::vector<ClassGroup> result;
  for (const auto& [row, group] : groups) result.push_back(group);
  std::sort(result.begin(), result.end(), [](const ClassGroup& a, const ClassGroup& b) {
    if (a.self != b.self) return a.self > b.self;
    return a.count != b.count ? a.count > b.count : a.row < b.row;
  });
  return result;
}

}  // namespace heaplab::inspector
