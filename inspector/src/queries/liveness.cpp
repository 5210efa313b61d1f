// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/liveness.h"

#include <algorithm>

namespace heaplab::inspector {
namespace {

/// Node uses the same mark for its own objects, which are in no document and never were.
bool is_nodes_own(const Snapshot& snapshot, NodeIndex node) {
  const std::string name = snapshot.name(node);
  return name.starts_with("Node / ") || name.starts_with("Detached Node / ");
}

}  // namespace

bool has_detachedness(const Snapshot& snapshot) {
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (snapshot.detachedness(node) != Detachedness::unknown && !is_nodes_own(snapshot, node)) {
      return true;
    }
  }
  return false;
}

std::vector<NodeIndex> detached_nodes(const Snapshot& snapshot) {
  std::vector<NodeIndex> nodes;
  const BigArray<Detachedness> states = spread_detachedness(snapshot);
  for (NodeIndex node = 0; node < states.size(); ++node) {
    if (states[node] == Detachedness::detached && !is_nodes_own(snapshot, node)) {
      nodes.push_back(node);
    }
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
