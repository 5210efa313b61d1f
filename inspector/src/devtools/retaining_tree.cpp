// SPDX-License-Identifier: MIT
#include "devtools/predecessors.h"
#include "devtools/rules.h"
#include "devtools/search.h"

// Dominators over essential edges: Semi-NCA (Georgiadis 2005; see ../dominators.cpp for the idea),
// arranged for graphs of which the caches hold a hundredth. What costs is not arithmetic but every
// look at a random place, and every page used for the first time.
//
// - Vertices are nodes numbered by a depth-first search (search.h).
// - A predecessor that comes earlier in the search is its own answer to "which semidominator does
//   it offer?". A later one (cross and back edges) has to be asked for the least on the path above
//   it. Most edges need neither (predecessors.cpp).
// - What is asked is sorted by who asks, so that all is read from its end to its start.
// - Path compression carries that least value itself upwards, not a vertex that has it.

namespace heaplab::inspector {
namespace {

class SemiNca {
 public:
  SemiNca(BigArray<Vertex> parents, BigArray<Vertex> semi)
      : parents_(std::move(parents)), semi_(std::move(semi)), links_(parents_.size()) {
    for (Vertex v = 0; v < parents_.size(); ++v) links_[v].ancestor = parents_[v];
  }

  void find_semidominators(PredecessorHeaps& heaps) {
    const auto count = static_cast<Vertex>(parents_.size());
    for (std::size_t heap = heaps.heap_count(); heap-- > 0;) {
      heaps.sort(heap);
      const auto start = static_cast<Vertex>(heap << PredecessorHeaps::low_bits);
      const Vertex end = std::min(count, start + (1U << PredecessorHeaps::low_bits));
      for (Vertex w = end; w-- > std::max(start, Vertex{1});) {
        semi_[w] = links_[w].least = semidominator(w, heaps);
      }
    }
  }

  /// Immediate dominators by vertex.
  BigArray<Vertex> find_dominators() {
    links_.release();
    const auto count = static_cast<Vertex>(parents_.size());
    for (Vertex w = 1; w < count; ++w) {
      Vertex dominator = parents_[w];
      while (dominator > semi_[w]) dominator = parents_[dominator];
      parents_[w] = dominator;
    }
    return std::move(parents_);
  }

 private:
  static constexpr std::uint32_t ahead = 16;

  /// A vertex is linked upwards once its semidominator is known; paths are compressed as they are
  /// walked.
  struct Link {
    Vertex ancestor;
    Vertex least;  ///< semidominator from here to below the ancestor
  };

  /// Backwards, as w goes: so the list is read once from its end to its start, and what it will
  /// ask for next is known.
  Vertex semidominator(Vertex w, const PredecessorHeaps& heaps) {
    const Vertex* const sources = heaps.sources();
    Vertex semi = semi_[w];
    for (std::uint32_t i = heaps.end(w); i-- > heaps.first(w) && semi != 0;) {
      if (i >= ahead) __builtin_prefetch(&links_[sources[i - ahead]], 1);
      const Vertex source = sources[i];
      semi = std::min(semi, source < w ? source : least_above(source, w + 1));
    }
    return semi;
  }

  /// The least semidominator among v and its ancestors numbered `linked` or more.
  Vertex least_above(Vertex v, Vertex linked) {
    if (links_[v].ancestor < linked) return links_[v].least;
    path_.clear();
    while (links_[v].ancestor >= linked) {
      path_.push_back(v);
      v = links_[v].ancestor;
    }
    Link above = links_[v];
    for (; !path_.empty(); path_.pop_back()) {
      Link& below = links_[path_.back()];
      above.least = std::min(above.least, below.least);
      below = above;
    }
    return above.least;
  }

  BigArray<Vertex> parents_;
  BigArray<Vertex> semi_;
  BigArray<Link> links_;
  std::vector<Vertex> path_;
};

}  // namespace

RetainingTree find_dominators(const Snapshot& snapshot, const RuleFacts& facts) {
  DepthFirst search(snapshot, facts);
  search.run();
  Predecessors predecessors = find_predecessors(snapshot, facts, search);
  SemiNca nca(std::move(search.parents), std::move(predecessors.semi));
  nca.find_semidominators(predecessors.heaps);
  { const PredecessorHeaps done = std::move(predecessors.heaps); }
  const BigArray<Vertex> by_vertex = nca.find_dominators();
  RetainingTree tree;
  const std::size_t count = search.order.size();
  tree.dominators.resize(count);
  for (Vertex v = 0; v < count; ++v) {
    tree.dominators[search.order[v]] = search.order[by_vertex[v]];
  }
  tree.order = std::move(search.order);
  tree.essential = std::move(search.essential);
  return tree;
}

}  // namespace heaplab::inspector
