// SPDX-License-Identifier: MIT
#include "devtools/predecessors.h"

#include <algorithm>

#include "devtools/edge_filter.h"

// Half of all edges lead to a few dozen nodes (undefined, hidden classes, prototypes), and more
// than half of all nodes have one predecessor. So most edges need no thought:
//
// - A node with one predecessor has it for its parent, which is its semidominator.
// - If the page is entered at one node, the least semidominator there is that node's vertex; else
//   (and outside the page) it is the root's. Targets of that vertex have it: they are
//   `lowest`. So has whatever is reached from below a lowest vertex that comes later.
// - A predecessor is asked for the least semidominator on the path above it. Those with one
//   predecessor on the way have none to offer: the first with several answers for it (`asked`).
//   If that is the target itself, the answer is of no use.
//
// The others are `undecided`, a bit for each node: only edges to these are looked at closer.

namespace heaplab::inspector {

PredecessorHeaps::PredecessorHeaps(std::size_t vertices, std::size_t most_pairs)
    : heaps_((vertices >> low_bits) + 1), first_((std::size_t{1} << low_bits) + 1) {
  chunks_.reserve(most_pairs / pairs_per_chunk + heaps_.size() + 1);
}

void PredecessorHeaps::add_chunk(Heap& heap) {
  const auto number = static_cast<std::uint32_t>(chunks_.size());
  chunks_.resize(chunks_.size() + 1);
  chunks_.back().next = heap.chunk;
  heap = {number, 0};
}

template <typename Visit>
void PredecessorHeaps::each_pair(const Heap& heap, Visit&& visit) const {
  std::uint32_t used = heap.used;
  for (std::uint32_t at = heap.chunk; at != no_chunk; at = chunks_[at].next) {
    const Chunk& chunk = chunks_[at];
    for (std::uint32_t i = 0; i < used; ++i) visit(chunk.targets[i], chunk.sources[i]);
    used = pairs_per_chunk;
  }
}

void PredecessorHeaps::sort(std::size_t number) {
  const Heap& heap = heaps_[number];
  std::fill(first_.begin(), first_.end(), 0);
  each_pair(heap, [&](std::uint16_t target, Vertex) { ++first_[target]; });
  // Summed up to where each ends; written backwards, they end up where each begins.
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  if (sorted_.size() < first_.back()) {
    sorted_.release();
    sorted_.resize(first_.back());
  }
  each_pair(heap, [&](std::uint16_t target, Vertex source) { sorted_[--first_[target]] = source; });
}

namespace {

class Collector {
 public:
  Collector(const Snapshot& snapshot, const RuleFacts& facts, DepthFirst& search)
      : snapshot_(snapshot),
        facts_(facts),
        search_(search),
        count_(static_cast<Vertex>(search.order.size())),
        undecided_(search.order.size()),
        lowest_(search.order.size()),
        heaps_(search.order.size(), snapshot.edge_count()) {}

  Predecessors run() {
    for (NodeIndex node = 0; node < count_; ++node) {
      if (search_.several_predecessors(node)) undecided_.set(node);
    }
    single_entry_ = page_has_single_entry();
    mark_lowest();
    find_above();
    collect();
    search_.vertices.release();
    above_.release();
    return {find_first_semi(), std::move(heaps_)};
  }

 private:
  /// For the eyes of many edges: what is above a vertex.
  struct Above {
    Vertex asked;   ///< the nearest with several predecessors, itself included
    Vertex lowest;  ///< the nearest that has the least semidominator there is
  };

  bool in_page(Vertex v) const { return v > 1 && v < search_.page_end; }

  /// Whether vertex 1 is the only way into what the search of the page found: it alone has
  /// predecessors outside (the root, and what the page reaches but does not retain).
  bool page_has_single_entry() const {
    for (Vertex v = 2; v < search_.page_end; ++v) {
      if (search_.parents[v] == 0) return false;
    }
    const auto enters = [&](NodeIndex source) {
      for (const std::uint32_t word : snapshot_.edge_words(source)) {
        if (EdgeKind(word >> Snapshot::kind_shift) != EdgeKind::weak &&
            in_page(search_.vertices[word & Snapshot::target_mask])) {
          return true;
        }
      }
      return false;
    };
    if (search_.page_end < 2 || enters(snapshot_.root())) return false;
    return std::none_of(search_.page_rest.begin(), search_.page_rest.end(), enters);
  }

  Vertex least_semi(Vertex v) const { return single_entry_ && in_page(v) ? 1 : 0; }

  void mark_lowest(NodeIndex node) {
    lowest_.set(search_.vertices[node]);
    undecided_.clear(node);
  }

  void mark_lowest() {
    for (Vertex v = 0; v < count_; ++v) {
      if (search_.parents[v] == 0) mark_lowest(search_.order[v]);
    }
    const auto mark_targets = [&](NodeIndex source) {
      for (EdgeIndex edge = snapshot_.first_edge(source); edge < snapshot_.end_edge(source);
           ++edge) {
        if (search_.essential.contains(snapshot_, source, edge)) {
          mark_lowest(snapshot_.target(edge));
        }
      }
    };
    mark_targets(snapshot_.root());
    if (single_entry_) mark_targets(search_.order[1]);
  }

  void find_above() {
    above_.resize(count_);
    for (Vertex v = 1; v < count_; ++v) {
      const Above& parent = above_[search_.parents[v]];
      above_[v] = {search_.several_predecessors(search_.order[v]) ? v : parent.asked,
                   lowest_[v] ? v : parent.lowest};
    }
  }

  void add(Vertex source, const Above& above, NodeIndex target_node) {
    const Vertex target = search_.vertices[target_node];
    if (target == source) return;
    if (source < target) return heaps_.add(target, source);
    if (above.lowest > target) return mark_lowest(target_node);
    if (above.asked != target) heaps_.add(target, above.asked > target ? above.asked : source);
  }

  /// In the order of the file: so all is read from front to back but the targets.
  void collect() {
    const BigArray<Vertex>& vertices = search_.vertices;
    const auto leads_to_undecided = [&](std::uint32_t word) {
      return undecided_[word & Snapshot::target_mask];
    };
    const auto prepare = [&](NodeIndex source, std::uint32_t word) {
      __builtin_prefetch(&vertices[word & Snapshot::target_mask]);
      __builtin_prefetch(&above_[vertices[source]]);
    };
    EdgeFilter(snapshot_).run(
        leads_to_undecided, prepare, [&](NodeIndex node, EdgeIndex edge, std::uint32_t word) {
          const Vertex source = vertices[node];
          const bool plain = word < (std::uint32_t{5} << Snapshot::kind_shift) &&
                             source < search_.page_end && node != snapshot_.root() &&
                             !facts_.has_weak_map_edges(node);
          if (!leads_to_undecided(word)) return;
          if (!plain && !search_.essential.contains(snapshot_, node, edge)) return;
          add(source, above_[source], word & Snapshot::target_mask);
        });
  }

  BigArray<Vertex> find_first_semi() {
    BigArray<Vertex> semi(count_);
    for (Vertex v = 0; v < count_; ++v) semi[v] = lowest_[v] ? least_semi(v) : search_.parents[v];
    return semi;
  }

  const Snapshot& snapshot_;
  const RuleFacts& facts_;
  DepthFirst& search_;
  Vertex count_;
  bool single_entry_ = false;
  Bits undecided_;  ///< by node
  Bits lowest_;     ///< by vertex
  BigArray<Above> above_;
  PredecessorHeaps heaps_;
};

}  // namespace

Predecessors find_predecessors(const Snapshot& snapshot, const RuleFacts& facts,
                               DepthFirst& search) {
  return Collector(snapshot, facts, search).run();
}

}  // namespace heaplab::inspector
