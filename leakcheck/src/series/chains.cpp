// SPDX-License-Identifier: MIT
#include "series/chains.h"

namespace heaplab::leakcheck::series {

std::pair<NodeIndex, std::uint64_t> Chains::climb(NodeIndex node) {
  std::uint64_t links = 0;
  NodeIndex head = node;
  for (;;) {
    const auto known = heads_.find(head);
    if (known != heads_.end()) {
      links += known->second.second;
      head = known->second.first;
      break;
    }
    const NodeIndex above = next_above(head);
    if (above == no_node) break;
    head = above;
    ++links;
  }
  heads_.insert_or_assign(node, std::pair{head, links});
  return {head, links};
}

NodeIndex Chains::next_above(NodeIndex node) {
  // Within so many objects a structure repeats itself: a closure and its scope, a node, its map of
  // children, the next node.
  constexpr int longest_period = 4;
  if (heap_.type(node) == NodeType::synthetic) return no_node;
  NodeIndex above = node;
  for (int step = 0; step < longest_period; ++step) {
    above = series_.object_above(above);
    if (above == heap_.root()) break;
    if (is_alike(above, node)) return above;
  }
  return no_node;
}

/// Plain objects are alike if they have the same properties.
bool Chains::is_alike(NodeIndex a, NodeIndex b) {
  if (class_key(heap_, a) != class_key(heap_, b)) return false;
  if (heap_.type(a) != NodeType::object || series_.names.of(a) != Known::object) return true;
  return properties_of(a) == properties_of(b);
}

std::uint64_t Chains::properties_of(NodeIndex node) {
  const auto known = properties_.find(node);
  if (known != properties_.end()) return known->second;
  std::uint64_t sum = 0;
  heap_.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::property) sum += (edge.label + 1) * 0x9e3779b97f4a7c15;
  });
  properties_.emplace(node, sum);
  return sum;
}

}  // namespace heaplab::leakcheck::series
