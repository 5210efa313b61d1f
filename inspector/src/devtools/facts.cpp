// SPDX-License-Identifier: MIT
#include "devtools/rules.h"

#include <algorithm>

namespace heaplab::inspector {

RuleFacts::RuleFacts(const Snapshot& snapshot, std::span<const EdgeIndex> without)
    : snapshot_(snapshot),
      without_(without.begin(), without.end()),
      weak_map_sources_(snapshot.node_count()) {
  // In a Java heap nothing but edges decides: no user roots, no shared parts, plain dominators.
  if (snapshot.origin() != Origin::v8) return;
  for (const std::uint32_t word : snapshot.edge_words(snapshot.root())) {
    has_user_roots_ = has_user_roots_ || is_user_root(word & Snapshot::target_mask);
  }
  if (!snapshot.rule_strings().weak_map.empty()) find_weak_map_edges();
}

void RuleFacts::find_weak_map_edges() {
  const auto& names = snapshot_.rule_strings().weak_map;
  Bits is_name(snapshot_.strings().size());
  for (const auto& name : names) is_name.set(name.string);
  const auto named = [&](std::uint32_t label) { return is_name[label]; };
  snapshot_.for_internal_edges_named(named, [&](NodeIndex source, const SnapshotEdge& edge) {
    const auto name = std::lower_bound(
        names.begin(), names.end(), edge.label,
        [](const RuleStrings::WeakMapName& a, std::uint32_t string) { return a.string < string; });
    weak_map_edges_.push_back({edge.index, name->pair, name->table_id == snapshot_.id(source)});
    weak_map_sources_.set(source);
  });
}

std::vector<EdgeIndex> RuleFacts::edges_left_out() const {
  std::vector<EdgeIndex> edges = without_;
  for (const WeakMapEdge& entry : weak_map_edges_) {
    if (entry.from_table) edges.push_back(entry.edge);
  }
  std::sort(edges.begin(), edges.end());
  return edges;
}

bool RuleFacts::is_table_edge(EdgeIndex edge) const {
  const WeakMapEdge* const entry = weak_map_edge(edge);
  return entry != nullptr && entry->from_table;
}

const RuleFacts::WeakMapEdge* RuleFacts::weak_map_edge(EdgeIndex edge) const {
  const auto found =
      std::lower_bound(weak_map_edges_.begin(), weak_map_edges_.end(), edge,
                       [](const WeakMapEdge& a, EdgeIndex wanted) { return a.edge < wanted; });
  return found != weak_map_edges_.end() && found->edge == edge ? &*found : nullptr;
}

}  // namespace heaplab::inspector
