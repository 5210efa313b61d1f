// SPDX-License-Identifier: MIT
#include "series/holders.h"

#include <unordered_map>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint32_t least_references = 4;
/// A holder must refer to this share of the group.
constexpr double least_share = 0.25;
/// Or lead to this share of its bytes, by so many references: what things consist of counts with
/// them then, however many pieces it is.
constexpr double least_byte_share = 0.4;
constexpr std::uint32_t least_heavy_references = 8;
constexpr std::size_t most_holders = 4;

}  // namespace

NodeIndex Group::container() const {
  const double wanted = std::max(least_share * static_cast<double>(members), 1.0);
  if (members == 0 || static_cast<double>(direct) >= 2 * wanted) return dominator;
  if (!holders.empty() && holders.front().references >= least_references &&
      static_cast<double>(holders.front().references) >= wanted) {
    return holders.front().node;
  }
  return holder_of_most_bytes();
}

NodeIndex Group::holder_of_most_bytes() const {
  const double wanted = std::max(least_byte_share * static_cast<double>(bytes), 1.0);
  if (direct >= least_heavy_references && static_cast<double>(direct_bytes) >= wanted) {
    return dominator;
  }
  const Holder* most = nullptr;
  for (const Holder& holder : holders) {
    if (holder.references < least_heavy_references) continue;
    if (static_cast<double>(holder.bytes) < wanted) continue;
    if (most == nullptr || holder.bytes > most->bytes) most = &holder;
  }
  return most == nullptr ? no_node : most->node;
}

void count_holders(const Series& series, const BigArray<std::uint32_t>& group_of,
                   const BigArray<std::uint64_t>& weight, std::vector<Group>& groups) {
  const HeapSnapshot& heap = series.last;
  struct Count {
    std::uint32_t references = 0;
    std::uint64_t bytes = 0;
  };
  std::unordered_map<std::uint64_t, Count> references;
  for (NodeIndex node = 0; node < heap.node_count(); ++node) {
    const NodeIndex holder = series.owners.owner[node];
    EdgeIndex edge = heap.first_edge(node);
    for (const std::uint32_t word : heap.edge_words(node)) {
      const EdgeIndex here = edge++;
      const NodeIndex member = word & HeapSnapshot::target_mask;
      const std::uint32_t number = group_of[member];
      if (number == 0 || holder == member || !series.analysis.essential.contains(heap, node, here))
        continue;
      Group& group = groups[number - 1];
      if (holder == group.dominator) {
        ++group.direct;
        group.direct_bytes += weight[member];
        group.direct_new += series.round_count() == 1 || series.birth(member) != 0;
        const auto kind = EdgeKind(word >> HeapSnapshot::kind_shift);
        group.named += kind == EdgeKind::property || kind == EdgeKind::context;
      } else if (group_of[holder] == number && class_key(heap, holder) == class_key(heap, member)) {
        ++group.links;
      } else if (!series.is_nameless(holder) && !series.is_inside(holder, member)) {
        Count& count = references[std::uint64_t{number} << 32 | holder];
        ++count.references;
        count.bytes += weight[member];
      }
    }
  }
  for (const auto& [key, count] : references) {
    if (count.references < 2) continue;
    groups[(key >> 32) - 1].holders.push_back(
        {static_cast<NodeIndex>(key), count.references, count.bytes});
  }
  for (Group& group : groups) {
    std::sort(group.holders.begin(), group.holders.end(), [](const auto& a, const auto& b) {
      return a.references != b.references ? a.references > b.references : a.node < b.node;
    });
    if (group.holders.size() > most_holders) group.holders.resize(most_holders);
  }
}

}  // namespace heaplab::leakcheck::series
