// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <future>

#include "devtools/rules.h"
#include "heaplab/support/format.h"
#include "heaplab/support/processors.h"
#include "heaplab/support/progress.h"

namespace heaplab::inspector {

void SizeArray::set_big(NodeIndex node, std::uint64_t size) {
  const auto entry =
      std::lower_bound(large_.begin(), large_.end(), node,
                       [](const auto& known, NodeIndex wanted) { return known.first < wanted; });
  const bool known = small_[node] == big;
  small_[node] = size >= big ? big : static_cast<std::uint32_t>(size);
  if (size >= big) {
    if (known) {
      entry->second = size;
    } else {
      large_.insert(entry, {node, size});
    }
  } else if (known) {
    large_.erase(entry);
  }
}

std::uint64_t SizeArray::find(NodeIndex node) const {
  const auto entry =
      std::lower_bound(large_.begin(), large_.end(), node,
                       [](const auto& known, NodeIndex wanted) { return known.first < wanted; });
  return entry->second;
}

namespace {

BigArray<std::uint64_t> find_retained(const SizeArray& sizes, const RetainingTree& tree) {
  const std::size_t count = tree.order.size();
  BigArray<std::uint64_t> retained(count);
  for (NodeIndex node = 0; node < count; ++node) retained[node] = sizes[node];
  for (std::size_t v = count; v-- > 1;) {
    const NodeIndex node = tree.order[v];
    retained[tree.dominators[node]] += retained[node];
  }
  return retained;
}

}  // namespace

Analysis analyse(const Snapshot& snapshot, const AnalyseOptions& options) {
  LiveLine progress;
  if (options.progress) {
    progress.show(fmt::format("analysing {} objects, {} references",
                              format_count(snapshot.node_count()),
                              format_count(snapshot.edge_count())));
  }
  const RuleFacts facts(snapshot, options.without);
  const unsigned threads = options.threads != 0 ? options.threads : usable_processors();
  Analysis analysis;
  const auto sizes_and_distances = [&] {
    analysis.shallow_sizes = find_shallow_sizes(snapshot, facts);
    analysis.distances = find_distances(snapshot, facts);
  };
  std::future<void> other;
  if (threads > 1) other = std::async(std::launch::async, sizes_and_distances);
  RetainingTree tree = find_dominators(snapshot, facts);
  if (threads > 1) {
    other.get();
  } else {
    sizes_and_distances();
  }
  analysis.retained = find_retained(analysis.shallow_sizes, tree);
  analysis.total_size = analysis.retained[snapshot.root()] + snapshot.extra_native_bytes();
  analysis.detachedness = spread_detachedness(snapshot);
  analysis.dominators = std::move(tree.dominators);
  analysis.order = std::move(tree.order);
  analysis.essential = std::move(tree.essential);
  release_spare_pages();
  return analysis;
}

DominatedNodes::DominatedNodes(const Analysis& analysis)
    : first_(analysis.dominators.size() + 2), nodes_(analysis.dominators.size()) {
  const BigArray<NodeIndex>& dominators = analysis.dominators;
  const NodeIndex root = analysis.order[0];
  for (NodeIndex node = 0; node < dominators.size(); ++node) {
    if (node != root) ++first_[dominators[node] + 2];
  }
  for (std::size_t n = 2; n < first_.size(); ++n) first_[n] += first_[n - 1];
  for (NodeIndex node = 0; node < dominators.size(); ++node) {
    if (node != root) nodes_[first_[dominators[node] + 1]++] = node;
  }
}

Retainers::Retainers(const Snapshot& snapshot)
    : first_(std::size_t{snapshot.node_count()} + 2), edges_(snapshot.edge_count()) {
  const std::span<const std::uint32_t> words = snapshot.all_edge_words();
  // Counted one place ahead, and summed another: while edges are written, `first_[n + 1]` is where
  // the next of n goes, and in the end where they end.
  for (const std::uint32_t word : words) ++first_[(word & Snapshot::target_mask) + 2];
  for (std::size_t n = 2; n < first_.size(); ++n) first_[n] += first_[n - 1];
  for (std::size_t edge = 0; edge < words.size(); ++edge) {
    edges_[first_[(words[edge] & Snapshot::target_mask) + 1]++] = static_cast<std::uint32_t>(edge);
  }
}

}  // namespace heaplab::inspector
