// SPDX-License-Identifier: MIT
#include "series/paths.h"

#include <array>
#include <limits>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint16_t unreached = std::numeric_limits<std::uint16_t>::max();
constexpr std::uint32_t no_parent = std::numeric_limits<std::uint32_t>::max();
/// Costs are below this.
constexpr unsigned most_cost = 64;

constexpr unsigned detour = 12;      ///< through what no programmer sees
constexpr unsigned from_roots = 40;  ///< the stack, handles: they hold things for a moment only
constexpr unsigned nameless = 10;    ///< what they hold is better found in a scope, by its name

/// The number of the string "__proto__" as an edge's name.
std::uint32_t find_prototype_label(const HeapSnapshot& heap) {
  constexpr NodeIndex enough = 200'000;
  std::unordered_map<std::uint32_t, bool> seen;
  for (NodeIndex node = 0; node < std::min(heap.node_count(), enough); ++node) {
    if (heap.type(node) != NodeType::closure) continue;
    std::uint32_t found = std::numeric_limits<std::uint32_t>::max();
    heap.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
      if (edge.kind != EdgeKind::property || !seen.try_emplace(edge.label, true).second) return;
      if (heap.strings().get(edge.label) == "__proto__") found = edge.label;
    });
    if (found != std::numeric_limits<std::uint32_t>::max()) return found;
  }
  return std::numeric_limits<std::uint32_t>::max();
}

}  // namespace

Paths::Paths(const Series& series) : series_(series), heap_(series.last) {
  mark_prototypes();
  search();
}

void Paths::mark_prototypes() {
  prototype_bits_.resize(heap_.edge_count() / 64 + 1);
  const std::uint32_t prototype = find_prototype_label(heap_);
  heap_.for_all_edges([&](NodeIndex, const inspector::SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::property && edge.label == prototype) {
      prototype_bits_[edge.index / 64] |= std::uint64_t{1} << (edge.index % 64);
    }
  });
}

unsigned Paths::cost(NodeIndex from, EdgeIndex edge, std::uint32_t word) const {
  const auto kind = EdgeKind(word >> HeapSnapshot::kind_shift);
  const NodeIndex target = word & HeapSnapshot::target_mask;
  if (kind == EdgeKind::weak || (kind == EdgeKind::shortcut && from != heap_.root())) return 0;
  const NodeType source_type = heap_.type(from);
  const NodeType target_type = heap_.type(target);
  if (from == heap_.root()) return target_type == NodeType::synthetic ? 8 : 1;
  if (source_type == NodeType::synthetic) {
    if (target_type == NodeType::synthetic) return 4;
    if (series_.momentary.is_left_out(edge)) return 0;
    return series_.is_scope(target) ? from_roots : from_roots + nameless;
  }
  if (target_type == NodeType::code || target_type == NodeType::object_shape) return detour;
  if (source_type == NodeType::code || source_type == NodeType::object_shape) return detour;
  if (source_type == NodeType::native) return 8;
  if (((prototype_bits_[edge / 64] >> (edge % 64)) & 1) != 0) return detour;
  switch (kind) {
    case EdgeKind::context:
      return 1;
    case EdgeKind::property:
      return 2;
    case EdgeKind::element:
      return 4;
    default:
      break;
  }
  if (series_.owners.owner[target] == series_.owners.owner[from]) return 1;
  if (source_type == NodeType::closure) return 1;  // to its scope
  return series_.is_scope(from) ? 2 : 4;
}

/// Dijkstra's algorithm with a bucket for each distance.
void Paths::search() {
  parent_edge_.resize(heap_.node_count());
  distance_.assign(heap_.node_count(), unreached);
  std::array<std::vector<NodeIndex>, most_cost> buckets;
  distance_[heap_.root()] = 0;
  parent_edge_[heap_.root()] = no_parent;
  buckets[0].push_back(heap_.root());
  std::size_t waiting = 1;
  for (unsigned distance = 0; waiting != 0 && distance < unreached - most_cost; ++distance) {
    std::vector<NodeIndex> now;
    now.swap(buckets[distance % most_cost]);
    waiting -= now.size();
    for (const NodeIndex node : now) {
      if (distance_[node] != distance) continue;
      EdgeIndex edge = heap_.first_edge(node);
      for (const std::uint32_t word : heap_.edge_words(node)) {
        const EdgeIndex here = edge++;
        const unsigned step = cost(node, here, word);
        const NodeIndex target = word & HeapSnapshot::target_mask;
        if (step == 0 || distance + step >= distance_[target]) continue;
        distance_[target] = static_cast<std::uint16_t>(distance + step);
        parent_edge_[target] = static_cast<std::uint32_t>(here);
        buckets[(distance + step) % most_cost].push_back(target);
        ++waiting;
      }
    }
  }
}

std::vector<Paths::Step> Paths::steps_to(NodeIndex node) const {
  std::vector<Step> steps;
  constexpr std::size_t most = 100'000;
  if (distance_[node] == unreached) return steps;
  while (node != heap_.root() && steps.size() < most) {
    const EdgeIndex edge = parent_edge_[node];
    node = heap_.source(edge);
    steps.push_back({node, heap_.edge(edge)});
  }
  std::reverse(steps.begin(), steps.end());
  return steps;
}

std::string Paths::file_of(NodeIndex closure) const {
  if (closure == no_node) return {};
  NodeIndex shared = no_node;
  heap_.for_each_edge(closure, [&](const inspector::SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::internal && heap_.label_text(edge) == "shared") shared = edge.target;
  });
  if (shared == no_node) return {};
  std::string file;
  auto script_name = [&](NodeIndex script) {
    std::string name = heap_.name(script);
    heap_.for_each_edge(script, [&](const inspector::SnapshotEdge& edge) {
      if (edge.kind == EdgeKind::internal && heap_.label_text(edge) == "name" &&
          is_string(heap_.type(edge.target))) {
        name = heap_.name(edge.target);
      }
    });
    return name;
  };
  heap_.for_each_edge(shared, [&](const inspector::SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::internal && heap_.label_text(edge).starts_with("script")) {
      file = script_name(edge.target);
    }
  });
  if (file.starts_with("system / ") || file.starts_with("(")) return {};
  constexpr std::string_view scheme = "file://";
  return file.starts_with(scheme) ? file.substr(scheme.size()) : file;
}

NodeIndex Paths::closure_of_scope(NodeIndex scope) const {
  for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
    if (heap_.type(node) != NodeType::closure) continue;
    for (const std::uint32_t word : heap_.edge_words(node)) {
      if ((word & HeapSnapshot::target_mask) == scope) return node;
    }
  }
  return no_node;
}

bool Paths::is_local(NodeIndex scope) const {
  bool local = false;
  heap_.for_each_edge(scope, [&](const inspector::SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::internal && series_.is_scope(edge.target)) local = true;
  });
  return local;
}

std::string Paths::file_of_script(std::uint32_t script_id) const {
  const auto [entry, is_new] = files_.try_emplace(script_id);
  std::string& file = entry->second;
  if (!is_new) return file;
  heap_.for_each_location([&](NodeIndex node, const inspector::SourceLocation& place) {
    if (!file.empty() || place.script_id != script_id) return;
    if (heap_.type(node) == NodeType::closure) file = file_of(node);
  });
  return file;
}

Place Paths::place_of(NodeIndex node) const {
  Place place;
  const auto location = heap_.location(node);
  if (!location) return place;
  place.file = file_of_script(location->script_id);
  if (place.file.empty()) return place;
  place.line = location->line + 1;
  place.column = location->column + 1;
  return place;
}

}  // namespace heaplab::leakcheck::series
