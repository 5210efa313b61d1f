// SPDX-License-Identifier: MIT
#include "series/holders.h"

#include <unordered_map>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint32_t least_references = 4;
/// A holder must refer to this share of the group.
constexpr double least_share = 0.25;
constexpr std::size_t most_holders = 4;

}  // namespace

NodeIndex Group::container() const {
  const double wanted = std::max(least_share * static_cast<double>(members), 1.0);
  if (members == 0 || static_cast<double>(direct) >= 2 * wanted) return dominator;
  if (!holders.empty() && holders.front().references >= least_references &&
      static_cast<double>(holders.front().references) >= wanted) {
    return holders.front().node;
  }
  return no_node;
}

void count_holders(const Series& series, const BigArray<std::uint32_t>& group_of,
                   std::vector<Group>& groups) {
  const HeapSnapshot& heap = series.last;
  std::unordered_map<std::uint64_t, std::uint32_t> references;
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
        const auto kind = EdgeKind(word >> HeapSnapshot::kind_shift);
        group.named += kind == EdgeKind::property || kind == EdgeKind::context;
      } else if (group_of[holder] == number && class_key(heap, holder) == class_key(heap, member)) {
        ++group.links;
      } else if (!series.is_nameless(holder) && !series.is_inside(holder, member)) {
        ++references[std::uint64_t{number} << 32 | holder];
      }
    }
  }
  for (const auto& [key, count] : references) {
    if (count < 2) continue;
    groups[(key >> 32) - 1].holders.push_back({static_cast<NodeIndex>(key), count});
  }
  for (Group& group : groups) {
    std::sort(group.holders.begin(), group.holders.end(), [](const auto& a, const auto& b) {
      return a.references != b.references ? a.references > b.references : a.node < b.node;
    });
    if (group.holders.size() > most_holders) group.holders.resize(most_holders);
  }
}

}  // namespace heaplab::leakcheck::series
