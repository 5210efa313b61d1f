// SPDX-License-Identifier: MIT
#include "devtools/rules.h"
#include "heaplab/support/big_array.h"

// Dominators over essential edges: Semi-NCA (Georgiadis 2005; see ../dominators.cpp for the idea),
// arranged for graphs of which the caches hold a hundredth. What costs is not arithmetic but every
// look at a random place, and every page used for the first time.
//
// - Vertices are nodes numbered by a depth-first search. DevTools' rule for what the root does not
//   reach is part of the search: nodes nobody retains are searched from as children of the root,
//   and what is left then (cycles) are children of the root each.
// - A predecessor that comes earlier in the search is its own answer to "which semidominator does
// it
//   offer?". Of those, the earliest is all that is kept, one number a node.
// - Only later predecessors (cross and back edges) are written down, in the order in which they
// will
//   be asked for the least semidominator on the path above them; and none for nodes that already
//   have the root for an answer.
// - Path compression carries that least value itself upwards, not a vertex that has it.
//
// An edge's target is looked up three times at most: in the search (one bit), when its earliest
// predecessor is noted, and when a later one is written down.

namespace heaplab::inspector {
namespace {

using Vertex = std::uint32_t;

/// What is kept of a node beside its edges, in one place: whoever looks at one looks at the other.
struct NodeState {
  Vertex vertex;
  std::uint32_t value;  ///< first its earliest predecessor, then its place among the later ones
};

class Search {
 public:
  Search(const Snapshot& snapshot, const Bits& essential)
      : nodes(snapshot.node_count()),
        snapshot_(snapshot),
        essential_(essential),
        seen_(snapshot.node_count()) {
    order.reserve(snapshot.node_count());
    parents.reserve(snapshot.node_count());
  }

  void run() {
    search_from(snapshot_.root());
    if (order.size() == snapshot_.node_count()) return;
    Bits retained(snapshot_.node_count());
    for (EdgeIndex edge = 0; edge < snapshot_.edge_count(); ++edge) {
      if (essential_[edge]) retained.set(snapshot_.target(edge));
    }
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (!retained[node] && !seen_[node]) search_from(node);
    }
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (seen_.add(node)) number(node, 0);
    }
  }

  BigArray<NodeIndex> order;  ///< the node of a vertex
  BigArray<Vertex> parents;   ///< of a vertex
  BigArray<NodeState> nodes;  ///< `value` is the vertex of its parent

 private:
  struct Frame {
    Vertex vertex;
    std::uint32_t next, end;
  };

  Vertex number(NodeIndex node, Vertex parent) {
    const auto vertex = static_cast<Vertex>(order.size());
    nodes[node] = {vertex, parent};
    order.push_back(node);
    parents.push_back(parent);
    return vertex;
  }

  void enter(NodeIndex node, Vertex parent) {
    const std::span<const std::uint32_t> first = snapshot_.first_edges();
    const std::uint32_t* const words = snapshot_.all_edge_words().data();
    const std::uint32_t begin = first[node];
    const std::uint32_t end = first[node + 1];
    stack_.push_back({number(node, parent), begin, end});
    // The search will want to know where its children's edges are.
    for (std::uint32_t edge = begin; edge < end && edge < begin + 8; ++edge) {
      __builtin_prefetch(&first[words[edge] & Snapshot::target_mask]);
    }
  }

  void search_from(NodeIndex start) {
    const std::span<const std::uint32_t> first = snapshot_.first_edges();
    const std::uint32_t* const words = snapshot_.all_edge_words().data();
    seen_.set(start);
    enter(start, 0);
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
      if (frame.next < frame.end) {
        __builtin_prefetch(&words[first[words[frame.next] & Snapshot::target_mask]]);
      }
      enter(target, frame.vertex);
    }
  }

  const Snapshot& snapshot_;
  const Bits& essential_;
  Bits seen_;
  std::vector<Frame> stack_;
};

/// Passes over all edges look at their targets in no order: the one that many edges ahead is asked
/// for in time.
class Ahead {
 public:
  Ahead(const Snapshot& snapshot, const BigArray<NodeState>& nodes)
      : words_(snapshot.all_edge_words()), nodes_(nodes) {}
  void of(EdgeIndex edge) const {
    const EdgeIndex coming = std::min<EdgeIndex>(edge + distance, words_.size() - 1);
    __builtin_prefetch(&nodes_[words_[coming] & Snapshot::target_mask], 1);
  }

 private:
  static constexpr EdgeIndex distance = 24;
  std::span<const std::uint32_t> words_;
  const BigArray<NodeState>& nodes_;
};

/// Predecessors that come later in the search than what they refer to, by vertex.
struct LaterPredecessors {
  BigArray<std::uint32_t> first;
  BigArray<Vertex> vertices;
};

/// Notes each node's earliest predecessor in `value`; returns the edges whose source is later.
Bits find_earliest(const Snapshot& snapshot, const Bits& essential, BigArray<NodeState>& nodes) {
  Bits later(snapshot.edge_count());
  const Ahead ahead(snapshot, nodes);
  const auto note = [&](NodeIndex source) {
    const Vertex vertex = nodes[source].vertex;
    for (EdgeIndex edge = snapshot.first_edge(source); edge < snapshot.end_edge(source); ++edge) {
      ahead.of(edge);
      if (!essential[edge]) continue;
      NodeState& target = nodes[snapshot.target(edge)];
      // Nothing improves on the root.
      if (target.value == 0) continue;
      if (vertex < target.vertex) {
        target.value = std::min(target.value, vertex);
      } else if (vertex > target.vertex) {
        later.set(edge);
      }
    }
  };
  note(snapshot.root());
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (node != snapshot.root()) note(node);
  }
  return later;
}

template <typename Visit>
void each_marked_edge(const Snapshot& snapshot, const Bits& marked, const Ahead& ahead,
                      Visit&& visit) {
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    for (EdgeIndex edge = snapshot.first_edge(node); edge < snapshot.end_edge(node); ++edge) {
      ahead.of(edge);
      if (marked[edge]) visit(node, snapshot.target(edge));
    }
  }
}

LaterPredecessors list_later(const Snapshot& snapshot, const Bits& later,
                             const BigArray<NodeIndex>& order, BigArray<NodeState>& nodes) {
  for (NodeState& node : nodes) node.value = 0;
  const Ahead ahead(snapshot, nodes);
  each_marked_edge(snapshot, later, ahead,
                   [&](NodeIndex, NodeIndex target) { ++nodes[target].value; });
  LaterPredecessors result;
  result.first.resize(order.size() + 1);
  std::uint32_t total = 0;
  for (Vertex v = 0; v < order.size(); ++v) {
    result.first[v] = total;
    total += std::exchange(nodes[order[v]].value, total);
  }
  result.first[order.size()] = total;
  result.vertices.resize(total);
  each_marked_edge(snapshot, later, ahead, [&](NodeIndex source, NodeIndex target) {
    result.vertices[nodes[target].value++] = nodes[source].vertex;
  });
  return result;
}

class SemiNca {
 public:
  /// `semi`: by vertex, the earliest predecessor.
  SemiNca(BigArray<Vertex> parents, BigArray<Vertex> semi)
      : parents_(std::move(parents)), semi_(std::move(semi)) {}

  void find_semidominators(const LaterPredecessors& later) {
    const auto count = static_cast<Vertex>(parents_.size());
    links_.resize(count);
    for (Vertex v = 0; v < count; ++v) links_[v].ancestor = parents_[v];
    for (Vertex w = count; w-- > 1;) {
      Vertex semi = semi_[w];
      // Backwards, as w goes: so the list is read once from its end to its start, and what it will
      // ask for next is known.
      for (std::uint32_t i = later.first[w + 1]; i-- > later.first[w] && semi != 0;) {
        if (i >= ahead) __builtin_prefetch(&links_[later.vertices[i - ahead]], 1);
        semi = std::min(semi, least_above(later.vertices[i], w + 1));
      }
      semi_[w] = links_[w].least = semi;
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

RetainingTree find_dominators(const Snapshot& snapshot, const Bits& essential) {
  Search search(snapshot, essential);
  search.run();
  const std::size_t count = search.order.size();
  BigArray<Vertex> semi(count);
  LaterPredecessors later;
  {
    BigArray<NodeState> nodes = std::move(search.nodes);
    const Bits later_edges = find_earliest(snapshot, essential, nodes);
    for (Vertex v = 0; v < count; ++v) semi[v] = nodes[search.order[v]].value;
    later = list_later(snapshot, later_edges, search.order, nodes);
  }
  SemiNca nca(std::move(search.parents), std::move(semi));
  nca.find_semidominators(later);
  later = {};
  const BigArray<Vertex> by_vertex = nca.find_dominators();
  RetainingTree tree;
  tree.dominators.resize(count);
  for (Vertex v = 0; v < count; ++v) {
    tree.dominators[search.order[v]] = search.order[by_vertex[v]];
  }
  tree.order = std::move(search.order);
  return tree;
}

}  // namespace heaplab::inspector
