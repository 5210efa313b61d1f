// SPDX-License-Identifier: MIT
#include "snapshot.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>

#include "heaplab/support/error.h"

namespace heaplab::leakcheck {
namespace {

using inspector::Distances;
using inspector::Graph;
using inspector::GraphBuilder;

/// Ids of root groups, apart from all object ids, and equal in all checkpoints.
std::uint64_t group_id(std::string_view name) {
  return std::uint64_t{1} << 63 | std::hash<std::string_view>{}(name);
}

/// The edges a programmer would not take to explain where an object hangs: through shapes and code,
/// and from nameless places on the stack.
bool is_detour(const Snapshot& snapshot, NodeIndex from, EdgeIndex edge) {
  const Graph& graph = snapshot.graph;
  if (snapshot.is_group(from)) return is_passing_root(graph, edge);
  const std::string& type = graph.type(from);
  return type == "object shape" || type == "code" || graph.kind(edge) == EdgeKind::hidden ||
         graph.kind(edge) == EdgeKind::shortcut;
}

/// Breadth first, but detours only where nothing else leads: first everything that needs none, then
/// everything that needs one, and so on.
Distances named_distances(const Snapshot& snapshot) {
  const Graph& graph = snapshot.graph;
  Distances result;
  result.distance.assign(graph.node_count(), Distances::unreached);
  result.parent_edge.assign(graph.node_count(), inspector::no_edge);
  result.parent.assign(graph.node_count(), no_node);
  struct Step {
    NodeIndex from;
    EdgeIndex edge;
  };
  std::vector<NodeIndex> queue{root_node};
  std::vector<Step> detours;
  result.distance[root_node] = 0;
  auto reach = [&](NodeIndex from, EdgeIndex edge) {
    const NodeIndex target = graph.target(edge);
    if (result.distance[target] != Distances::unreached) return;
    result.distance[target] = result.distance[from] + 1;
    result.parent_edge[target] = edge;
    result.parent[target] = from;
    queue.push_back(target);
  };
  while (!queue.empty()) {
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const NodeIndex node = queue[head];
      for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
        if (!graph.is_strong(edge)) continue;
        if (is_detour(snapshot, node, edge)) {
          detours.push_back({node, edge});
        } else {
          reach(node, edge);
        }
      }
    }
    queue.clear();
    std::vector<Step> due;
    due.swap(detours);
    for (const Step& step : due) reach(step.from, step.edge);
  }
  return result;
}

/// The one node that refers to each node; the root where there are several.
std::vector<NodeIndex> only_retainers(const Graph& graph) {
  std::vector<NodeIndex> retainer(graph.node_count(), no_node);
  for (NodeIndex node = 0; node < graph.node_count(); ++node) {
    for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
      if (!graph.is_strong(edge)) continue;
      NodeIndex& known = retainer[graph.target(edge)];
      known = known == no_node || known == node ? node : root_node;
    }
  }
  return retainer;
}

void find_owners(Snapshot& snapshot) {
  const Graph& graph = snapshot.graph;
  const std::vector<NodeIndex> retainer = only_retainers(graph);
  snapshot.owner.resize(graph.node_count());
  for (NodeIndex node = 0; node < graph.node_count(); ++node) snapshot.owner[node] = node;
  // A node's only retainer comes before it in any search from the root.
  for (const NodeIndex node : snapshot.tree.order()) {
    const NodeIndex above = retainer[node];
    if (above == no_node || above < snapshot.end_group || !snapshot.is_internal(node)) continue;
    if (snapshot.is_scope(node) || snapshot.is_scope(above)) continue;
    snapshot.owner[node] = snapshot.owner[above];
  }
}

void count_owners(Snapshot& snapshot) {
  const Graph& graph = snapshot.graph;
  snapshot.fan_out.assign(graph.node_count(), 0);
  snapshot.own_bytes.assign(graph.node_count(), 0);
  for (const NodeIndex node : snapshot.tree.order()) {
    const NodeIndex owner = snapshot.owner[node];
    snapshot.own_bytes[owner] += graph.shallow_size(node);
    for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
      if (!graph.is_strong(edge)) continue;
      const NodeIndex target = graph.target(edge);
      if (snapshot.owner[target] != owner && !snapshot.is_internal(target)) {
        ++snapshot.fan_out[owner];
      }
    }
  }
}

}  // namespace

bool is_passing_root(const Graph& graph, EdgeIndex edge) {
  if (graph.kind(edge) == EdgeKind::element) return true;
  const std::string& label = graph.label(edge);
  constexpr std::string_view passing[] = {
      "exception",   "kept until the job ends", "intrinsic", "name",
      "native code", "arguments of ",           "code of ",  "stack frame "};
  return std::any_of(std::begin(passing), std::end(passing),
                     [&](std::string_view start) { return label.starts_with(start); });
}

bool Snapshot::is_scope(NodeIndex node) const {
  const std::string& name = graph.name(node);
  return name.starts_with("scope of ") || name == "suspended frame" ||
         name.starts_with("system / Context");
}

bool Snapshot::is_local_scope(NodeIndex node) const {
  for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
    if (graph.kind(edge) == EdgeKind::internal && is_scope(graph.target(edge))) return true;
  }
  return false;
}

bool Snapshot::is_event_loop(NodeIndex node) const {
  return is_group(node) && graph.name(node).find("vent loop") != std::string::npos;
}

bool Snapshot::is_internal(NodeIndex node) const {
  if (is_scope(node)) return false;
  const std::string& type = graph.type(node);
  return type == "hidden" || type == "array" || type == "object shape" || type == "code" ||
         type == "synthetic";
}

void SnapshotBuilder::begin(const trace::CheckpointBegin& begin) {
  begin_ = begin;
  roots_.clear();
  nodes_.clear();
  edges_.clear();
  ephemerons_.clear();
  index_.clear();
  groups_.clear();
  texts_.clear();
}

inspector::TextId SnapshotBuilder::text(GraphBuilder& builder, trace::StringId id) {
  if (id >= texts_.size()) texts_.resize(tables_.strings.size(), 0);
  if (texts_[id] == 0) texts_[id] = builder.text(tables_.text(id));
  return texts_[id];
}

NodeIndex SnapshotBuilder::find(trace::ObjectId id) const {
  const auto found = index_.find(id);
  if (found == index_.end()) {
    throw InputError(file_, "checkpoint " + std::to_string(begin_.number) + " refers to object " +
                                std::to_string(id) + ", which it does not list");
  }
  return found->second;
}

void SnapshotBuilder::add_groups(GraphBuilder& builder, Snapshot& result) {
  for (const trace::CheckpointRoot& root : roots_) {
    if (groups_.contains(root.group)) continue;
    inspector::Node node;
    node.id = group_id(tables_.text(root.group));
    node.type = builder.text("synthetic");
    node.name = text(builder, root.group);
    const NodeIndex index = builder.add_node(node);
    groups_.emplace(root.group, index);
    builder.add_edge(root_node, index, EdgeKind::element, index);
  }
  result.end_group = static_cast<NodeIndex>(builder.node_count());
}

void SnapshotBuilder::add_nodes(GraphBuilder& builder, Snapshot& result) {
  result.stack.assign(result.end_group, 0);
  result.birth.assign(result.end_group, 0);
  result.last_access.assign(result.end_group, 0);
  for (const trace::CheckpointNode& node : nodes_) {
    inspector::Node fresh;
    fresh.id = node.id;
    fresh.type = text(builder, tables_.types[node.type].node_type);
    fresh.name = text(builder, node.name != 0 ? node.name : tables_.types[node.type].name);
    fresh.self_size = node.bytes;
    fresh.external = node.external;
    if (!index_.emplace(node.id, builder.add_node(fresh)).second) {
      throw InputError(file_, "checkpoint " + std::to_string(begin_.number) + " lists object " +
                                  std::to_string(node.id) + " twice");
    }
    result.stack.push_back(node.stack);
    result.birth.push_back(node.birth);
    result.last_access.push_back(node.last_access);
  }
}

void SnapshotBuilder::add_edges(GraphBuilder& builder) {
  std::uint32_t nameless = 0;
  for (const trace::CheckpointRoot& root : roots_) {
    const NodeIndex group = groups_.at(root.group);
    if (root.name == 0) {
      builder.add_edge(group, find(root.target), EdgeKind::element, nameless++);
    } else {
      builder.add_edge(group, find(root.target), EdgeKind::internal, text(builder, root.name));
    }
  }
  const NodeIndex first = static_cast<NodeIndex>(builder.node_count() - nodes_.size());
  for (const OwnedEdge& owned : edges_) {
    const auto kind = static_cast<EdgeKind>(owned.edge.kind);
    const std::uint32_t label =
        owned.edge.has_index() ? owned.edge.index : text(builder, owned.edge.name);
    builder.add_edge(first + owned.from, find(owned.edge.target), kind, label);
  }
  const inspector::TextId value = builder.text("value in a weak map");
  for (const trace::CheckpointEphemeron& e : ephemerons_) {
    builder.add_edge(find(e.key), find(e.value), EdgeKind::internal, value);
  }
}

Snapshot SnapshotBuilder::finish() {
  Snapshot result;
  result.begin = begin_;
  GraphBuilder builder;
  add_groups(builder, result);
  add_nodes(builder, result);
  add_edges(builder);
  result.graph = builder.build();
  result.tree = inspector::compute_dominators(result.graph);
  result.retained = inspector::retained_sizes(result.graph, result.tree);
  result.live_bytes = result.retained[root_node];
  result.distances = named_distances(result);
  find_owners(result);
  count_owners(result);
  return result;
}

}  // namespace heaplab::leakcheck
