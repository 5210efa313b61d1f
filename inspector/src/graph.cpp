// SPDX-License-Identifier: MIT
#include "heaplab/inspector/graph.h"

#include <utility>

namespace heaplab::inspector {

TextId TextTable::intern(std::string_view text) {
  std::string key(text);
  const auto next = static_cast<TextId>(texts_.size());
  const auto [entry, added] = ids_.try_emplace(std::move(key), next);
  if (added) texts_.emplace_back(text);
  return entry->second;
}

std::string Graph::label_text(EdgeIndex edge) const {
  return has_number(kind(edge)) ? std::to_string(number(edge)) : label(edge);
}

GraphBuilder::GraphBuilder() {
  Node root;
  root.type = text("synthetic");
  root.name = text("(root)");
  add_node(root);
}

NodeIndex GraphBuilder::add_node(const Node& node) {
  const std::size_t index = graph_.ids_.size();
  if (index >= no_node) throw std::length_error("a heap graph holds at most 2^32 - 2 nodes");
  graph_.ids_.push_back(node.id);
  graph_.types_.push_back(node.type);
  graph_.names_.push_back(node.name);
  graph_.self_sizes_.push_back(node.self_size);
  graph_.externals_.push_back(node.external);
  return static_cast<NodeIndex>(index);
}

void GraphBuilder::add_edge(NodeIndex from, NodeIndex to, EdgeKind kind, std::uint32_t label) {
  sources_.push_back(from);
  graph_.targets_.push_back(to);
  graph_.kinds_.push_back(kind);
  graph_.labels_.push_back(label);
}

namespace {

/// Puts values[i] at places[i].
template <class Value>
void permute(std::vector<Value>& values, const std::vector<EdgeIndex>& places) {
  std::vector<Value> result(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) result[places[i]] = values[i];
  values = std::move(result);
}

}  // namespace

Graph GraphBuilder::build() {
  const std::size_t nodes = graph_.node_count();
  std::vector<EdgeIndex>& first = graph_.first_edges_;
  first.assign(nodes + 1, 0);
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i] >= nodes || graph_.targets_[i] >= nodes) {
      throw std::out_of_range("an edge of a heap graph ends at no node");
    }
    ++first[sources_[i] + 1];
  }
  for (std::size_t node = 0; node < nodes; ++node) first[node + 1] += first[node];

  // A counting sort by source; stable, so each node keeps the order of its edges.
  std::vector<EdgeIndex> next(first.begin(), first.end() - 1);
  std::vector<EdgeIndex> places(sources_.size());
  for (std::size_t i = 0; i < sources_.size(); ++i) places[i] = next[sources_[i]]++;
  permute(graph_.targets_, places);
  permute(graph_.labels_, places);
  permute(graph_.kinds_, places);
  sources_.clear();
  return std::exchange(graph_, Graph());
}

}  // namespace heaplab::inspector
