// SPDX-License-Identifier: MIT
#include "series/growth_map.h"

namespace heaplab::leakcheck::series {
namespace {

/// What an object itself contributes.
class OwnGrowth {
 public:
  explicit OwnGrowth(const Series& series) : series_(series), rounds_(series.round_count()) {}

  std::uint64_t of(NodeIndex node) const {
    const std::uint32_t own = series_.owners.own_bytes[node];
    if (series_.momentary.is_passing(node)) return 0;
    if (rounds_ == 1) return is_engine(series_.last.type(node)) ? 0 : own;
    if (!is_content(series_.last, series_.owners, node)) return 0;
    const std::size_t birth = series_.birth(node);
    const std::size_t last_counted = rounds_ == 2 ? 1 : rounds_ - 2;
    if (birth == 0) return store_growth(node, own);
    return birth <= last_counted ? own : 0;
  }

 private:
  std::uint64_t store_growth(NodeIndex node, std::uint32_t own) const {
    constexpr std::uint32_t least = 1024;
    if (own < least || series_.is_timeline) return 0;
    const std::uint32_t id = v8_id(series_.last, node);
    const std::uint32_t before = series_.rounds.front().owner(id).own_bytes;
    std::uint32_t after = own;
    if (rounds_ > 2) after = std::min(after, series_.rounds[rounds_ - 2].owner(id).own_bytes);
    return after > before ? after - before : 0;
  }

  const Series& series_;
  std::size_t rounds_;
};

/// Texts and buffers that are replaced by longer ones: each is new, but its place is not.
void add_replaced(const Series& series, BigArray<std::uint64_t>& grown) {
  constexpr std::uint32_t least = 8192;
  const std::size_t rounds = series.round_count();
  if (rounds < 2 || series.is_timeline) return;
  for (NodeIndex holder = 0; holder < series.last.node_count(); ++holder) {
    if (!is_content(series.last, series.owners, holder)) continue;
    bool any = false;
    for (const std::uint32_t word : series.last.edge_words(holder)) {
      const NodeIndex target = word & HeapSnapshot::target_mask;
      any |= series.owners.own_bytes[target] >= least && series.owners.is_owner(target) &&
             is_content(series.last, series.owners, target) && series.birth(target) + 1 == rounds;
    }
    if (!any) continue;
    series.last.for_each_edge(holder, [&](const inspector::SnapshotEdge& edge) {
      const NodeIndex target = edge.target;
      if (edge.kind != EdgeKind::context && edge.kind != EdgeKind::property) return;
      if (!is_content(series.last, series.owners, target)) return;
      if (series.owners.own_bytes[target] < least) return;
      if (series.birth(target) + 1 != rounds) return;
      const PlaceKey key = place_key(series.last, holder, edge);
      const std::uint32_t now = series.owners.own_bytes[target];
      const std::uint32_t before = series.rounds.front().own_bytes_at(key);
      const std::uint32_t after = rounds == 2 ? now : series.rounds[rounds - 2].own_bytes_at(key);
      if (before < after && after <= now && before < now) grown[target] = after - before;
    });
  }
}

/// Parts gather at their owner; between a scope and its closures nothing has a name.
bool can_gather(const Series& series, NodeIndex node) {
  return node == series.last.root() || series.owners.is_owner(node);
}

}  // namespace

GrowthMap map_growth(const Series& series, std::uint64_t least_bytes, double least_share) {
  GrowthMap map;
  const NodeIndex count = series.last.node_count();
  map.grown.resize(count);
  const OwnGrowth own(series);
  for (NodeIndex node = 0; node < count; ++node) {
    if (series.owners.is_owner(node)) map.grown[node] = own.of(node);
    map.total += map.grown[node];
  }
  add_replaced(series, map.grown);
  map.least = std::max(least_bytes,
                       static_cast<std::uint64_t>(least_share * static_cast<double>(map.total)));
  map.rest.resize(count);
  for (NodeIndex node = 0; node < count; ++node) map.rest[node] = map.grown[node];

  const BigArray<NodeIndex>& order = series.analysis.order;
  for (std::size_t i = order.size(); i-- > 0;) {
    const NodeIndex node = order[i];
    const NodeIndex above = series.dominator(node);
    const bool gathers = map.rest[node] >= map.least && can_gather(series, node);
    if (gathers) map.points.push_back(node);
    if (above == node) continue;
    map.grown[above] += map.grown[node];
    if (!gathers) map.rest[above] += map.rest[node];
  }
  std::reverse(map.points.begin(), map.points.end());
  return map;
}

}  // namespace heaplab::leakcheck::series
