// SPDX-License-Identifier: MIT
#include "devtools/rules.h"

// Dominators over essential edges: Semi-NCA (Georgiadis 2005; see ../dominators.cpp for the idea),
// arranged for graphs of which the caches hold a hundredth.
//
// - Vertices are nodes numbered by a depth-first search. DevTools' rule for what the root does not
//   reach is part of the search: nodes nobody retains are searched from as children of the root,
//   and what is left then (cycles) are children of the root each.
// - Only predecessors that can matter are written down: not those of children of the root (their
//   dominator is the root), and none where there is but one (it is the parent in the search tree).
//   Most objects have one.
// - A predecessor that comes earlier in the search is its own answer. Only later ones ask for the
//   least semidominator on a path, and that value itself, not a vertex that has it, is what path
//   compression carries upwards.

namespace heaplab::inspector {
namespace {

using Vertex = std::uint32_t;

class Search {
 public:
  Search(const Snapshot& snapshot, const Bits& essential)
      : snapshot_(snapshot),
        essential_(essential),
        vertices_(snapshot.node_count()),
        seen_(snapshot.node_count()) {
    order_.reserve(snapshot.node_count());
    parents_.reserve(snapshot.node_count());
  }

  /// `retainers`: by node, how many essential edges end there.
  void run(const BigArray<std::uint32_t>& retainers) {
    search_from(snapshot_.root(), 0);
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (retainers[node] == 0 && !seen_[node]) search_from(node, 0);
    }
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (seen_.add(node)) number(node, 0);
    }
  }

  BigArray<NodeIndex> order_;  ///< the node of a vertex
  BigArray<Vertex> parents_;   ///< of a vertex
  const Snapshot& snapshot_;
  const Bits& essential_;
  BigArray<Vertex> vertices_;  ///< of a node

 private:
  struct Frame {
    Vertex vertex;
    std::uint32_t next, end;
  };

  Vertex number(NodeIndex node, Vertex parent) {
    const auto vertex = static_cast<Vertex>(order_.size());
    vertices_[node] = vertex;
    order_.push_back(node);
    parents_.push_back(parent);
    return vertex;
  }

  void search_from(NodeIndex start, Vertex parent) {
    const std::span<const std::uint32_t> first = snapshot_.first_edges();
    const std::uint32_t* const words = snapshot_.all_edge_words().data();
    seen_.set(start);
    stack_.push_back({number(start, parent), first[start], first[start + 1]});
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      if (frame.next == frame.end) {
        stack_.pop_back();
        continue;
      }
      const std::uint32_t edge = frame.next++;
      const NodeIndex target = words[edge] & Snapshot::target_mask;
      if (seen_[target] || !essential_[edge]) continue;
      seen_.set(target);
      stack_.push_back({number(target, frame.vertex), first[target], first[target + 1]});
    }
  }

  Bits seen_;
  std::vector<Frame> stack_;
};

/// The predecessors that matter, by node.
struct Predecessors {
  BigArray<std::uint32_t> first;  ///< where a node's end, and the previous one's begin
  BigArray<Vertex> vertices;
};

template <typename Visit>
void each_essential_edge(const Snapshot& snapshot, const Bits& essential, Visit&& visit) {
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    EdgeIndex edge = snapshot.first_edge(node);
    for (const std::uint32_t word : snapshot.edge_words(node)) {
      if (essential[edge++]) visit(node, word & Snapshot::target_mask);
    }
  }
}

class SemiNca {
 public:
  SemiNca(BigArray<Vertex> parents, const BigArray<NodeIndex>& order)
      : parents_(std::move(parents)), order_(order), count_(static_cast<Vertex>(order.size())) {}

  /// `first[n] … first[n + 1]` are the predecessors of node n.
  void find_semidominators(const BigArray<std::uint32_t>& first,
                           const BigArray<Vertex>& predecessors) {
    ancestors_.resize(count_);
    least_.resize(count_);
    semi_.resize(count_);
    for (Vertex v = 0; v < count_; ++v) ancestors_[v] = parents_[v];
    for (Vertex w = count_; w-- > 1;) {
      if (w > ahead) {
        const NodeIndex coming = order_[w - ahead];
        __builtin_prefetch(&first[coming]);
        __builtin_prefetch(&predecessors.data()[first[order_[w - ahead / 2]]]);
      }
      Vertex semi = parents_[w];
      const NodeIndex node = order_[w];
      for (std::uint32_t i = first[node]; i < first[node + 1]; ++i) {
        const Vertex v = predecessors[i];
        semi = std::min(semi, v <= w ? v : least_above(v, w + 1));
      }
      semi_[w] = least_[w] = semi;
    }
  }

  /// Immediate dominators by vertex.
  BigArray<Vertex> find_dominators() {
    ancestors_.release();
    least_.release();
    for (Vertex w = 1; w < count_; ++w) {
      Vertex dominator = parents_[w];
      while (dominator > semi_[w]) dominator = parents_[dominator];
      parents_[w] = dominator;
    }
    return std::move(parents_);
  }

 private:
  static constexpr Vertex ahead = 16;

  /// The least semidominator among v and its ancestors numbered `linked` or more.
  Vertex least_above(Vertex v, Vertex linked) {
    if (ancestors_[v] < linked) return least_[v];
    path_.clear();
    while (ancestors_[v] >= linked) {
      path_.push_back(v);
      v = ancestors_[v];
    }
    Vertex least = least_[v];
    const Vertex ancestor = ancestors_[v];
    for (; !path_.empty(); path_.pop_back()) {
      const Vertex below = path_.back();
      ancestors_[below] = ancestor;
      least = std::min(least, least_[below]);
      least_[below] = least;
    }
    return least;
  }

  BigArray<Vertex> parents_;
  const BigArray<NodeIndex>& order_;
  Vertex count_;
  BigArray<Vertex> ancestors_, least_, semi_;
  std::vector<Vertex> path_;
};

}  // namespace

RetainingTree find_dominators(const Snapshot& snapshot, const Bits& essential) {
  const NodeIndex count = snapshot.node_count();
  // By node: how many predecessors; then where they begin; then, as they are written, where they
  // end.
  BigArray<std::uint32_t> first(std::size_t{count} + 2);
  each_essential_edge(snapshot, essential, [&](NodeIndex, NodeIndex target) { ++first[target]; });

  Search search(snapshot, essential);
  search.run(first);

  // Whom the root refers to, it dominates, however the search came there: 0 is the one predecessor
  // that matters.
  const NodeIndex root = snapshot.root();
  Bits of_root(count);
  for (EdgeIndex edge = snapshot.first_edge(root); edge < snapshot.end_edge(root); ++edge) {
    if (essential[edge]) of_root.set(snapshot.target(edge));
  }
  std::uint32_t total = 0;
  Bits wanted(count);
  for (NodeIndex node = 0; node < count; ++node) {
    const std::uint32_t predecessors = first[node];
    first[node] = total;
    if (predecessors <= 1 || search.parents_[search.vertices_[node]] == 0) continue;
    if (of_root[node]) {
      ++total;
    } else {
      wanted.set(node);
      total += predecessors;
    }
  }
  first[count] = total;
  BigArray<Vertex> predecessors(std::size_t{total} + 1);
  for (NodeIndex node = 0; node < count; ++node) {
    if (of_root[node] && first[node] < first[node + 1]) predecessors[first[node]++] = 0;
  }
  // `first[n]` moves to where the predecessors of n end, which is where those of n + 1 begin: read
  // one further, it is right again.
  each_essential_edge(snapshot, essential, [&](NodeIndex source, NodeIndex target) {
    if (wanted[target]) predecessors[first[target]++] = search.vertices_[source];
  });
  for (NodeIndex node = count; node > 0; --node) first[node] = first[node - 1];
  first[0] = 0;
  BigArray<Vertex> vertices = std::move(search.vertices_);
  vertices.release();

  SemiNca semi(std::move(search.parents_), search.order_);
  semi.find_semidominators(first, predecessors);
  first.release();
  predecessors.release();
  RetainingTree tree;
  const BigArray<Vertex> by_vertex = semi.find_dominators();
  tree.dominators.resize(count);
  for (Vertex v = 0; v < count; ++v) {
    tree.dominators[search.order_[v]] = search.order_[by_vertex[v]];
  }
  tree.order = std::move(search.order_);
  return tree;
}

}  // namespace heaplab::inspector
