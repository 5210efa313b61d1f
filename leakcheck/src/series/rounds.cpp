// SPDX-License-Identifier: MIT
#include "series/rounds.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint32_t least_fan_out = 4;
constexpr std::uint32_t least_own_bytes = 512;
/// Places are dearer: they are remembered for what is large.
constexpr std::uint32_t least_place_fan_out = 64;
constexpr std::uint32_t least_place_bytes = 4096;

/// Even ids are those of native objects and of roots; they do not tell the time.
constexpr bool tells_time(std::uint32_t id) { return id % 2 == 1; }

std::uint64_t name_hash(const std::string& name) { return std::hash<std::string>{}(name); }
PlaceKey place_key(std::uint32_t holder_id, std::uint64_t name) {
  return (name * 0x9e3779b97f4a7c15) ^ holder_id;
}

bool is_named(EdgeKind kind) { return kind == EdgeKind::context || kind == EdgeKind::property; }

}  // namespace

PlaceKey place_key(const HeapSnapshot& snapshot, NodeIndex holder,
                   const inspector::SnapshotEdge& edge) {
  return place_key(v8_id(snapshot, holder), name_hash(snapshot.label_text(edge)));
}

OwnerSample Round::owner(std::uint32_t id) const {
  const OwnerSample* found = std::lower_bound(
      owners.begin(), owners.end(), id,
      [](const OwnerSample& sample, std::uint32_t key) { return sample.id < key; });
  return found != owners.end() && found->id == id ? *found : OwnerSample{id, 0, 0};
}

std::optional<OwnerSample> Round::place(PlaceKey key) const {
  const auto found =
      std::lower_bound(places.begin(), places.end(), key,
                       [](const auto& place, PlaceKey wanted) { return place.first < wanted; });
  if (found == places.end() || found->first != key) return std::nullopt;
  return found->second;
}

std::uint32_t Round::own_bytes_at(PlaceKey key) const {
  const auto sample = place(key);
  return sample ? sample->own_bytes : 0;
}

namespace {

/// The places of one snapshot. Names are read once each.
class PlaceCollector {
 public:
  PlaceCollector(const HeapSnapshot& snapshot, const Owners& owners, const KnownNames& names)
      : snapshot_(snapshot), owners_(owners), names_(names) {}

  std::vector<std::pair<PlaceKey, OwnerSample>> run() {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (is_content(snapshot_, owners_, node) && has_large(node)) collect(node);
    }
    auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(places_.begin(), places_.end(), by_key);
    return std::move(places_);
  }

 private:
  bool is_large(NodeIndex target) const {
    return (owners_.fan_out[target] >= least_place_fan_out ||
            owners_.own_bytes[target] >= least_place_bytes) &&
           is_content(snapshot_, owners_, target) && names_.of(target) != Known::scope;
  }
  bool has_large(NodeIndex holder) const {
    const auto words = snapshot_.edge_words(holder);
    return std::any_of(words.begin(), words.end(), [&](std::uint32_t word) {
      return is_named(EdgeKind(word >> HeapSnapshot::kind_shift)) &&
             is_large(word & HeapSnapshot::target_mask);
    });
  }
  void collect(NodeIndex holder) {
    snapshot_.for_each_edge(holder, [&](const inspector::SnapshotEdge& edge) {
      if (!is_named(edge.kind) || !is_large(edge.target)) return;
      const auto [name, is_new] = hashes_.try_emplace(edge.label, 0);
      if (is_new) name->second = name_hash(snapshot_.strings().get(edge.label));
      places_.emplace_back(place_key(v8_id(snapshot_, holder), name->second),
                           OwnerSample{v8_id(snapshot_, edge.target), owners_.fan_out[edge.target],
                                       owners_.own_bytes[edge.target]});
    });
  }

  const HeapSnapshot& snapshot_;
  const Owners& owners_;
  const KnownNames& names_;
  std::unordered_map<std::uint32_t, std::uint64_t> hashes_;
  std::vector<std::pair<PlaceKey, OwnerSample>> places_;
};

}  // namespace

Round summarise(const HeapSnapshot& snapshot, const Owners& owners, const KnownNames& names) {
  Round round;
  round.file = snapshot.file();
  round.file_bytes = snapshot.file_bytes();
  round.nodes = snapshot.node_count();
  round.edges = snapshot.edge_count();
  round.live_bytes = snapshot.extra_native_bytes();
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const std::uint32_t id = v8_id(snapshot, node);
    round.live_bytes += snapshot.self_size(node);
    if (tells_time(id)) round.last_id = std::max(round.last_id, id);
    if (!is_content(snapshot, owners, node)) continue;
    const std::uint32_t fan_out = owners.fan_out[node];
    if (fan_out < least_fan_out && owners.own_bytes[node] < least_own_bytes) continue;
    round.owners.push_back({id, fan_out, owners.own_bytes[node]});
  }
  std::sort(round.owners.begin(), round.owners.end(),
            [](const OwnerSample& a, const OwnerSample& b) { return a.id < b.id; });

  round.places = PlaceCollector(snapshot, owners, names).run();
  round.ids = present_ids(snapshot, owners);
  round.classes = count_classes(snapshot, owners);
  return round;
}

}  // namespace heaplab::leakcheck::series
