// SPDX-License-Identifier: MIT
#include "heaplab/inspector/snapshot.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace heaplab::inspector {

NodeIndex Snapshot::find_id(std::uint64_t wanted) const {
  if (ids_sorted_.empty()) {
    ids_sorted_.resize(node_count());
    std::iota(ids_sorted_.begin(), ids_sorted_.end(), NodeIndex{0});
    std::sort(ids_sorted_.begin(), ids_sorted_.end(),
              [&](NodeIndex a, NodeIndex b) { return id(a) < id(b); });
  }
  const NodeIndex* found =
      std::lower_bound(ids_sorted_.begin(), ids_sorted_.end(), wanted,
                       [&](NodeIndex node, std::uint64_t value) { return id(node) < value; });
  return found != ids_sorted_.end() && id(*found) == wanted ? *found : no_node;
}

NodeIndex Snapshot::source(EdgeIndex edge) const {
  const auto after = std::upper_bound(first_edges_.begin(), first_edges_.end(), edge);
  return static_cast<NodeIndex>(after - first_edges_.begin() - 1);
}

LabelCursor Snapshot::label_cursor(NodeIndex node) const {
  const EdgeIndex start = first_edges_[node - node % EdgeLabels::nodes_per_block];
  LabelCursor cursor = labels_.block_start(node, start);
  cursor.skip(first_edges_[node] - start);
  return cursor;
}

std::vector<SnapshotEdge> Snapshot::edges(NodeIndex node) const {
  std::vector<SnapshotEdge> result;
  result.reserve(end_edge(node) - first_edge(node));
  for_each_edge(node, [&](const SnapshotEdge& edge) { result.push_back(edge); });
  return result;
}

SnapshotEdge Snapshot::edge(EdgeIndex index) const {
  const NodeIndex node = source(index);
  LabelCursor cursor = label_cursor(node);
  for (EdgeIndex before = first_edge(node); before < index; ++before) cursor.next(kind(before));
  return {index, kind(index), target(index), cursor.next(kind(index))};
}

std::string Snapshot::label_text(const SnapshotEdge& edge) const {
  return has_number(edge.kind) ? std::to_string(edge.label) : strings_.get(edge.label);
}

std::uint64_t Snapshot::find_big_size(NodeIndex node) const {
  const auto found =
      std::lower_bound(big_sizes_.begin(), big_sizes_.end(), node,
                       [](const auto& entry, NodeIndex wanted) { return entry.first < wanted; });
  return found->second;
}

}  // namespace heaplab::inspector
