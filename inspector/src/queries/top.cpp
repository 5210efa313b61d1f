// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/top.h"

#include <algorithm>
#include <array>

namespace heaplab::inspector {
namespace {

/// Smaller comes first.
std::uint64_t sort_key(const View& view, NodeOrder order, NodeIndex node) {
  switch (order) {
    case NodeOrder::retained:
      return ~view.retained(node);
    case NodeOrder::self:
      return ~view.shallow(node);
    case NodeOrder::distance: {
      const std::int32_t distance = view.analysis().distances[node];
      return distance < 0 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(distance);
    }
    case NodeOrder::id:
      return view.snapshot().id(node);
  }
  return 0;
}

}  // namespace

std::vector<NodeIndex> first_of(const View& view, std::vector<NodeIndex> nodes, NodeOrder order,
                                std::size_t limit) {
  const std::size_t count = std::min(limit, nodes.size());
  std::partial_sort(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(count), nodes.end(),
                    [&](NodeIndex a, NodeIndex b) {
                      const std::uint64_t key_a = sort_key(view, order, a);
                      const std::uint64_t key_b = sort_key(view, order, b);
                      return key_a != key_b ? key_a < key_b : a < b;
                    });
  nodes.resize(count);
  nodes.shrink_to_fit();
  return nodes;
}

std::vector<NodeIndex> top_nodes(const View& view, NodeOrder order, std::size_t limit) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<NodeIndex> nodes;
  nodes.reserve(snapshot.node_count());
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (snapshot.type(node) != NodeType::synthetic) nodes.push_back(node);
  }
  return first_of(view, std::move(nodes), order, limit);
}

std::vector<TypeTotals> totals_by_type(const View& view) {
  std::array<TypeTotals, static_cast<std::size_t>(NodeType::other) + 1> totals{};
  for (NodeIndex node = 0; node < view.snapshot().node_count(); ++node) {
    TypeTotals& total = totals[static_cast<std::size_t>(view.snapshot().type(node))];
    ++total.count;
    total.self += view.shallow(node);
  }
  std::vector<TypeTotals> result;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    totals[i].type = static_cast<NodeType>(i);
    if (totals[i].count > 0) result.push_back(totals[i]);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const TypeTotals& a, const TypeTotals& b) { return a.self > b.self; });
  return result;
}

}  // namespace heaplab::inspector
