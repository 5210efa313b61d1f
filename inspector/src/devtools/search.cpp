// SPDX-License-Identifier: MIT
#include "devtools/search.h"

#include <algorithm>

namespace heaplab::inspector {

EdgePlaces::EdgePlaces(std::span<const std::uint32_t> first, const std::uint32_t* words)
    : words_(words), starts_(first.size() / nodes + 2) {
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    starts_[i] = first[std::min(i * nodes, first.size() - 1)];
  }
}

DepthFirst::DepthFirst(const Snapshot& snapshot, const RuleFacts& facts)
    : order(snapshot.node_count()),
      parents(snapshot.node_count()),
      vertices(snapshot.node_count()),
      snapshot_(snapshot),
      facts_(facts),
      first_(snapshot.first_edges().data()),
      words_(snapshot.all_edge_words().data()),
      words_at_(snapshot.first_edges(), words_),
      states_(snapshot.node_count() / 32 + 1) {}

void DepthFirst::number(NodeIndex node, Vertex parent) {
  vertices[node] = count_;
  order[count_] = node;
  parents[count_] = parent;
  ++count_;
}

/// Notes that an edge leads to the node; true if it is the first.
inline bool DepthFirst::meet(NodeIndex node) {
  std::uint64_t& word = states_[node / 32];
  const unsigned shift = 2 * (node % 32);
  const std::uint64_t before = word >> shift & 3;
  word |= (before == unseen ? once : several) << shift;
  return before == unseen;
}

/// Lists where a node's edges lead, if that was not met before. `usual(edge, word)` says whether to
/// follow one; an edge to a node that was met counts as another predecessor whether it retains or
/// not (that errs on the safe side, and is quick). The last one listed is searched next.
template <typename Usual>
inline void DepthFirst::list_targets(NodeIndex node, Vertex vertex, Usual&& usual) {
  const std::uint32_t begin = first_[node];
  const std::uint32_t end = first_[node + 1];
  if (waiting_.size() < waiting_count_ + (end - begin)) {
    waiting_.reserve(waiting_count_ + (end - begin));
    waiting_.resize(waiting_count_ + (end - begin));
  }
  std::uint64_t* const states = states_.data();
  Waiting* next = waiting_.data() + waiting_count_;
  for (std::uint32_t edge = begin; edge < end; ++edge) {
    const std::uint32_t word = words_[edge];
    const NodeIndex target = word & Snapshot::target_mask;
    const unsigned shift = 2 * (target % 32);
    const std::uint64_t state = states[target / 32] >> shift & 3;
    if (state == several) continue;
    if (state == once) {
      states[target / 32] |= std::uint64_t{several} << shift;
    } else if (usual(edge, word)) {
      __builtin_prefetch(&first_[target]);
      *next++ = {target, vertex};
    }
  }
  if (next != waiting_.data() + waiting_count_) words_at_.prefetch(next[-1].node);
  waiting_count_ = static_cast<std::size_t>(next - waiting_.data());
}

/// `list(node, vertex)` is to call list_targets. The last listed is the next to be searched: where
/// the edges of those before it are, is asked for in time.
template <typename List>
void DepthFirst::search_from(NodeIndex start, List&& list) {
  if (!meet(start)) return;
  number(start, 0);
  list(start, count_ - 1);
  while (waiting_count_ > 0) {
    const Waiting next = waiting_[--waiting_count_];
    if (!meet(next.node)) continue;
    if (waiting_count_ > 2) {
      __builtin_prefetch(&words_[first_[waiting_[waiting_count_ - 1].node]]);
      __builtin_prefetch(&words_[first_[waiting_[waiting_count_ - 2].node]]);
    }
    const Vertex vertex = count_;
    number(next.node, next.parent);
    list(next.node, vertex);
  }
}

/// Edges of these kinds retain: weak ones and shortcuts have the greatest numbers.
static bool is_ordinary(std::uint32_t word) {
  static_assert(static_cast<unsigned>(EdgeKind::shortcut) == 5);
  static_assert(static_cast<unsigned>(EdgeKind::weak) == 6);
  return word < (std::uint32_t{5} << Snapshot::kind_shift);
}

/// From the root's shortcuts, that is the global objects, and from documents.
void DepthFirst::search_page() {
  const auto list = [&](NodeIndex node, Vertex vertex) {
    if (facts_.has_weak_map_edges(node)) return list_weak_map(node, vertex);
    list_targets(node, vertex, [&](std::uint32_t, std::uint32_t word) {
      if (EdgeKind(word >> Snapshot::kind_shift) == EdgeKind::shortcut) [[unlikely]] {
        page_rest.push_back(word & Snapshot::target_mask);
      }
      return is_ordinary(word);
    });
  };
  for (const std::uint32_t word : snapshot_.edge_words(snapshot_.root())) {
    const NodeIndex target = word & Snapshot::target_mask;
    const auto kind = EdgeKind(word >> Snapshot::kind_shift);
    if (kind == EdgeKind::shortcut ||
        (kind == EdgeKind::element && facts_.is_document_trees(target))) {
      if (target == snapshot_.root()) page_rest.push_back(target);
      search_from(target, list);
    }
  }
  page_end = count_;
}

/// As above, for the few nodes with edges to values in WeakMaps.
void DepthFirst::list_weak_map(NodeIndex node, Vertex vertex) {
  list_targets(node, vertex, [&](std::uint32_t edge, std::uint32_t word) {
    const bool by_table = facts_.is_table_edge(node, edge);
    if (by_table || EdgeKind(word >> Snapshot::kind_shift) == EdgeKind::shortcut) {
      page_rest.push_back(word & Snapshot::target_mask);
    }
    return !by_table && is_ordinary(word);
  });
}

/// The search took the root for met; seldom does anything refer to it.
bool DepthFirst::page_refers_to_root() const {
  for (Vertex v = 1; v < page_end; ++v) {
    for (const std::uint32_t word : snapshot_.edge_words(order[v])) {
      if ((word & Snapshot::target_mask) == snapshot_.root() &&
          EdgeKind(word >> Snapshot::kind_shift) != EdgeKind::weak) {
        return true;
      }
    }
  }
  return false;
}

void DepthFirst::flood_page() {
  Bits page(snapshot_.node_count());
  for (Vertex v = 1; v < page_end; ++v) page.set(order[v]);
  std::vector<NodeIndex> work;
  const auto reach = [&](NodeIndex node) {
    if (page.add(node)) work.push_back(node);
  };
  const std::vector<NodeIndex> starts = std::move(page_rest);
  page_rest.clear();
  for (const NodeIndex start : starts) reach(start);
  if (several_predecessors(snapshot_.root()) && page_refers_to_root()) reach(snapshot_.root());
  while (!work.empty()) {
    const NodeIndex node = work.back();
    work.pop_back();
    page_rest.push_back(node);
    for (const std::uint32_t word : snapshot_.edge_words(node)) {
      if (EdgeKind(word >> Snapshot::kind_shift) != EdgeKind::weak) {
        reach(word & Snapshot::target_mask);
      }
    }
  }
  essential = EssentialEdges(page.take(), facts_.edges_left_out());
}

void DepthFirst::search_rest() {
  const auto list = [&](NodeIndex node, Vertex vertex) {
    list_targets(node, vertex, [&](std::uint32_t edge, std::uint32_t) {
      return essential.contains(snapshot_, node, edge);
    });
  };
  const NodeIndex root = snapshot_.root();
  for (std::uint32_t edge = first_[root]; edge < first_[root + 1]; ++edge) {
    if (essential.contains(snapshot_, root, edge)) search_from(snapshot_.target(edge), list);
  }
  if (count_ == snapshot_.node_count()) return;
  Bits retained(snapshot_.node_count());
  for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
    if (met(node)) continue;
    for (std::uint32_t edge = first_[node]; edge < first_[node + 1]; ++edge) {
      if (essential.contains(snapshot_, node, edge)) retained.set(snapshot_.target(edge));
    }
  }
  for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
    if (!retained[node] && !met(node)) search_from(node, list);
  }
}

void DepthFirst::add_cycles() {
  const Vertex first = count_;
  for (NodeIndex node = 0; first < snapshot_.node_count() && node < snapshot_.node_count();
       ++node) {
    if (!met(node)) number(node, 0);
  }
  for (Vertex v = first; v < count_; ++v) meet(order[v]);
  for (Vertex v = first; v < count_; ++v) {
    for (const std::uint32_t word : snapshot_.edge_words(order[v])) {
      meet(word & Snapshot::target_mask);
    }
  }
}

void DepthFirst::run() {
  meet(snapshot_.root());
  number(snapshot_.root(), 0);
  search_page();
  flood_page();
  search_rest();
  add_cycles();
}

}  // namespace heaplab::inspector
