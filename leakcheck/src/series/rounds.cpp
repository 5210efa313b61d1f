// SPDX-License-Identifier: MIT
#include "series/rounds.h"

#include <algorithm>
#include <functional>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint32_t least_fan_out = 4;
constexpr std::uint32_t least_own_bytes = 512;
/// Places are dearer: they are remembered for what is large.
constexpr std::uint32_t least_place_fan_out = 32;
constexpr std::uint32_t least_place_bytes = 4096;

/// Even ids are those of native objects and of roots; they do not tell the time.
constexpr bool tells_time(std::uint32_t id) { return id % 2 == 1; }

bool is_named(EdgeKind kind) { return kind == EdgeKind::context || kind == EdgeKind::property; }

}  // namespace

PlaceKey place_key(const HeapSnapshot& snapshot, NodeIndex holder,
                   const inspector::SnapshotEdge& edge) {
  const std::uint64_t name = std::hash<std::string>{}(snapshot.label_text(edge));
  return (name * 0x9e3779b97f4a7c15) ^ snapshot.id(holder);
}

OwnerSample Round::owner(std::uint32_t id) const {
  const OwnerSample* found = std::lower_bound(
      owners.begin(), owners.end(), id,
      [](const OwnerSample& sample, std::uint32_t key) { return sample.id < key; });
  return found != owners.end() && found->id == id ? *found : OwnerSample{id, 0, 0};
}

std::optional<OwnerSample> Round::place(PlaceKey key) const {
  const auto found = places.find(key);
  if (found == places.end()) return std::nullopt;
  return found->second;
}

std::uint32_t Round::own_bytes_at(PlaceKey key) const {
  const auto found = places.find(key);
  return found == places.end() ? 0 : found->second.own_bytes;
}

Round summarise(const HeapSnapshot& snapshot, const Owners& owners, const KnownNames& names) {
  Round round;
  round.file = snapshot.file();
  round.file_bytes = snapshot.file_bytes();
  round.nodes = snapshot.node_count();
  round.edges = snapshot.edge_count();
  round.live_bytes = snapshot.extra_native_bytes();
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const std::uint32_t id = snapshot.id(node);
    round.live_bytes += snapshot.self_size(node);
    if (tells_time(id)) round.last_id = std::max(round.last_id, id);
    if (!is_content(snapshot, owners, node)) continue;
    const std::uint32_t fan_out = owners.fan_out[node];
    if (fan_out < least_fan_out && owners.own_bytes[node] < least_own_bytes) continue;
    round.owners.push_back({id, fan_out, owners.own_bytes[node]});
  }
  std::sort(round.owners.begin(), round.owners.end(),
            [](const OwnerSample& a, const OwnerSample& b) { return a.id < b.id; });

  auto is_large = [&](NodeIndex target) {
    return is_content(snapshot, owners, target) && names.of(target) != Known::scope &&
           (owners.fan_out[target] >= least_place_fan_out ||
            owners.own_bytes[target] >= least_place_bytes);
  };
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (!is_content(snapshot, owners, node)) continue;
    const auto words = snapshot.edge_words(node);
    const bool any = std::any_of(words.begin(), words.end(), [&](std::uint32_t word) {
      return is_named(EdgeKind(word >> HeapSnapshot::kind_shift)) &&
             is_large(word & HeapSnapshot::target_mask);
    });
    if (!any) continue;
    snapshot.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
      if (!is_named(edge.kind) || !is_large(edge.target)) return;
      round.places.insert_or_assign(
          place_key(snapshot, node, edge),
          OwnerSample{snapshot.id(edge.target), owners.fan_out[edge.target],
                      owners.own_bytes[edge.target]});
    });
  }
  return round;
}

}  // namespace heaplab::leakcheck::series
