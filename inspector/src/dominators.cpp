// SPDX-License-Identifier: MIT
#include "heaplab/inspector/dominators.h"

#include <algorithm>

// Notation, after Lengauer and Tarjan. Nodes are renumbered in the order a depth-first search from
// the root reaches them ("vertices", 0 is the root), so ancestors in the search tree have smaller
// numbers. The semidominator of w is the smallest v with a path v → … → w whose inner vertices are
// all greater than w. It is found for w = n-1 … 1, each time from w's predecessors: a smaller one
// is a candidate itself; from a greater one, the best candidate lies among the semidominators on
// the tree path above it that were already computed. `best` finds that minimum, and halves the
// paths it walks (path compression) so that later questions are short.
//
// Then idom(w) is the nearest common ancestor of w's tree parent and its semidominator in the
// dominator tree built so far: climb from the parent until not above the semidominator.

namespace heaplab::inspector {
namespace {

using Vertex = std::uint32_t;
constexpr Vertex unnumbered = 0xffff'ffff;

struct SearchTree {
  std::vector<NodeIndex> node;  ///< of a vertex
  std::vector<Vertex> vertex;   ///< of a node, or unnumbered
  std::vector<Vertex> parent;   ///< in the search tree
};

SearchTree depth_first(const Graph& graph) {
  SearchTree tree;
  tree.vertex.assign(graph.node_count(), unnumbered);
  struct Frame {
    Vertex vertex;
    EdgeIndex next, end;
  };
  std::vector<Frame> stack;
  auto enter = [&](NodeIndex node, Vertex parent) {
    const auto vertex = static_cast<Vertex>(tree.node.size());
    tree.vertex[node] = vertex;
    tree.node.push_back(node);
    tree.parent.push_back(parent);
    stack.push_back({vertex, graph.first_edge(node), graph.end_edge(node)});
  };
  enter(root_node, 0);
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.end) {
      stack.pop_back();
      continue;
    }
    const EdgeIndex edge = frame.next++;
    const NodeIndex target = graph.target(edge);
    if (!graph.is_strong(edge) || tree.vertex[target] != unnumbered) continue;
    enter(target, frame.vertex);
  }
  return tree;
}

/// The predecessors of each vertex, as CSR.
struct Predecessors {
  std::vector<EdgeIndex> first;
  std::vector<Vertex> source;
};

Predecessors predecessors_of(const Graph& graph, const SearchTree& tree) {
  Predecessors result;
  const std::size_t count = tree.node.size();
  result.first.assign(count + 1, 0);
  auto each_edge = [&](auto&& visit) {
    for (Vertex from = 0; from < count; ++from) {
      const NodeIndex node = tree.node[from];
      for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
        if (graph.is_strong(edge)) visit(from, tree.vertex[graph.target(edge)]);
      }
    }
  };
  each_edge([&](Vertex, Vertex to) { ++result.first[to + 1]; });
  for (std::size_t v = 0; v < count; ++v) result.first[v + 1] += result.first[v];
  result.source.resize(result.first[count]);
  std::vector<EdgeIndex> next(result.first.begin(), result.first.end() - 1);
  each_edge([&](Vertex from, Vertex to) { result.source[next[to]++] = from; });
  return result;
}

class SemiNca {
 public:
  explicit SemiNca(const SearchTree& tree)
      : parent_(tree.parent),
        ancestor_(tree.parent),
        label_(parent_.size()),
        semi_(parent_.size()) {
    for (Vertex v = 0; v < label_.size(); ++v) label_[v] = semi_[v] = v;
  }

  /// Immediate dominators by vertex.
  std::vector<Vertex> run(const Predecessors& predecessors) {
    const auto count = static_cast<Vertex>(parent_.size());
    for (Vertex w = count; w-- > 1;) {
      Vertex semi = parent_[w];
      for (EdgeIndex i = predecessors.first[w]; i < predecessors.first[w + 1]; ++i) {
        semi = std::min(semi, semi_[best(predecessors.source[i], w + 1)]);
      }
      semi_[w] = semi;
    }
    std::vector<Vertex> idom(parent_);
    for (Vertex w = 1; w < count; ++w) {
      while (idom[w] > semi_[w]) idom[w] = idom[idom[w]];
    }
    return idom;
  }

 private:
  /// The vertex with the smallest semidominator among v and its ancestors numbered `linked` or
  /// more; v itself if it is smaller.
  Vertex best(Vertex v, Vertex linked) {
    if (ancestor_[v] < linked) return label_[v];
    path_.clear();
    while (ancestor_[v] >= linked) {
      path_.push_back(v);
      v = ancestor_[v];
    }
    Vertex top = v;
    for (; !path_.empty(); path_.pop_back()) {
      const Vertex below = path_.back();
      ancestor_[below] = ancestor_[top];
      if (semi_[label_[top]] < semi_[label_[below]]) label_[below] = label_[top];
      top = below;
    }
    return label_[top];
  }

  const std::vector<Vertex>& parent_;
  std::vector<Vertex> ancestor_;
  std::vector<Vertex> label_;
  std::vector<Vertex> semi_;
  std::vector<Vertex> path_;
};

}  // namespace

DominatorTree compute_dominators(const Graph& graph) {
  const SearchTree search = depth_first(graph);
  const std::vector<Vertex> idom = SemiNca(search).run(predecessors_of(graph, search));
  DominatorTree tree;
  tree.dominators_.assign(graph.node_count(), no_node);
  for (Vertex v = 1; v < idom.size(); ++v) {
    tree.dominators_[search.node[v]] = search.node[idom[v]];
  }
  tree.order_ = search.node;
  return tree;
}

std::vector<std::uint64_t> retained_sizes(const Graph& graph, const DominatorTree& tree) {
  std::vector<std::uint64_t> retained(graph.node_count(), 0);
  for (const NodeIndex node : tree.order()) retained[node] = graph.shallow_size(node);
  const std::span<const NodeIndex> order = tree.order();
  for (std::size_t i = order.size(); i-- > 1;) {
    retained[tree.dominator(order[i])] += retained[order[i]];
  }
  return retained;
}

}  // namespace heaplab::inspector
