// SPDX-License-Identifier: MIT
#include "devtools/search.h"

namespace heaplab::inspector {

DepthFirst::DepthFirst(const Snapshot& snapshot, const RuleFacts& facts)
    : order(snapshot.node_count()),
      parents(snapshot.node_count()),
      vertices(snapshot.node_count()),
      snapshot_(snapshot),
      facts_(facts),
      first_(snapshot.first_edges().data()),
      words_(snapshot.all_edge_words().data()),
      states_(snapshot.node_count() / 32 + 1) {}

void DepthFirst::number(NodeIndex node, Vertex parent) {
  vertices[node] = count_;
  order[count_] = node;
  parents[count_] = parent;
  ++count_;
}

void DepthFirst::enter(NodeIndex node, Vertex parent) {
  const std::uint32_t begin = first_[node];
  const std::uint32_t end = first_[node + 1];
  stack_.push_back({node, count_, begin, end});
  number(node, parent);
  // The search will want to know where its children's edges are.
  for (std::uint32_t edge = begin; edge < end && edge < begin + 8; ++edge) {
    __builtin_prefetch(&first_[words_[edge] & Snapshot::target_mask]);
  }
}

/// Notes that an edge leads to the node; true if it is the first.
inline bool DepthFirst::meet(NodeIndex node) {
  std::uint64_t& word = states_[node / 32];
  const unsigned shift = 2 * (node % 32);
  const std::uint64_t state = word >> shift & 3;
  if (state == several) return false;
  word |= (state == unseen ? once : several) << shift;
  return state == unseen;
}

/// `retains(source, edge, word)` says whether to follow an edge to a node that was not met. (An edge
/// to one that was met counts as another predecessor whether it retains or not: that errs on the
/// safe side, and is quick.)
template <typename Retains>
void DepthFirst::search_from(NodeIndex start, Retains&& retains) {
  if (!meet(start)) return;
  enter(start, 0);
  while (!stack_.empty()) {
    Frame& frame = stack_.back();
    const std::uint32_t end = frame.end;
    std::uint32_t edge = frame.next;
    NodeIndex target = no_node;
    for (; edge < end; ++edge) {
      const std::uint32_t word = words_[edge];
      const NodeIndex candidate = word & Snapshot::target_mask;
      std::uint64_t& states = states_[candidate / 32];
      const unsigned shift = 2 * (candidate % 32);
      const std::uint64_t state = states >> shift & 3;
      if (state == several) continue;
      if (state == unseen && !retains(frame.node, edge, word)) continue;
      states |= (state == unseen ? once : several) << shift;
      if (state != unseen) continue;
      target = candidate;
      break;
    }
    if (target == no_node) {
      stack_.pop_back();
      continue;
    }
    frame.next = edge + 1;
    if (frame.next < end) {
      __builtin_prefetch(&words_[first_[words_[frame.next] & Snapshot::target_mask]]);
    }
    enter(target, frame.vertex);
  }
}

/// From the root's shortcuts, that is the global objects, and from documents.
void DepthFirst::search_page() {
  const auto retains = [&](NodeIndex source, std::uint32_t edge, std::uint32_t word) {
    const auto kind = EdgeKind(word >> Snapshot::kind_shift);
    if (kind == EdgeKind::weak) return false;
    const NodeIndex target = word & Snapshot::target_mask;
    if (kind == EdgeKind::shortcut || facts_.is_table_edge(source, edge)) {
      page_rest.push_back(target);
      return false;
    }
    return true;
  };
  for (const std::uint32_t word : snapshot_.edge_words(snapshot_.root())) {
    const NodeIndex target = word & Snapshot::target_mask;
    const auto kind = EdgeKind(word >> Snapshot::kind_shift);
    if (kind == EdgeKind::shortcut ||
        (kind == EdgeKind::element && facts_.is_document_trees(target))) {
      if (target == snapshot_.root()) page_rest.push_back(target);
      search_from(target, retains);
    }
  }
  page_end = count_;
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
  essential = EssentialEdges(page.take(), facts_.table_edges());
}

void DepthFirst::search_rest() {
  const auto retains = [&](NodeIndex source, std::uint32_t edge, std::uint32_t) {
    return essential.contains(snapshot_, source, edge);
  };
  const NodeIndex root = snapshot_.root();
  for (std::uint32_t edge = first_[root]; edge < first_[root + 1]; ++edge) {
    if (retains(root, edge, words_[edge])) search_from(snapshot_.target(edge), retains);
  }
  if (count_ == snapshot_.node_count()) return;
  Bits retained(snapshot_.node_count());
  for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
    if (met(node)) continue;
    for (std::uint32_t edge = first_[node]; edge < first_[node + 1]; ++edge) {
      if (retains(node, edge, words_[edge])) retained.set(snapshot_.target(edge));
    }
  }
  for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
    if (!retained[node] && !met(node)) search_from(node, retains);
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
