// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "devtools/prefetch.h"
#include "devtools/rules.h"

namespace heaplab::inspector {

/// A node's number in the order of a depth-first search.
using Vertex = std::uint32_t;

/// About where a node's edges are. A search that goes to a node at once waits twice, for the number
/// of its first edge and then for the edge. A table for every 32 nodes is small enough for the
/// cache, and as good as the number for asking in time.
class EdgePlaces {
 public:
  EdgePlaces(std::span<const std::uint32_t> first, const std::uint32_t* words);
  void prefetch(NodeIndex node) const {
    const std::uint32_t start = starts_[node / nodes];
    const std::uint64_t span = starts_[node / nodes + 1] - start;
    const std::size_t place = start + span * (node % nodes) / nodes;
    heaplab::inspector::prefetch(words_, place);
    heaplab::inspector::prefetch(words_, place + 16);
  }

 private:
  static constexpr NodeIndex nodes = 32;
  const std::uint32_t* words_;
  BigArray<std::uint32_t> starts_;
};

/// Depth first from the root over the edges that retain; of what the root does not reach, as
/// DevTools has it: nodes nobody retains are searched from as children of the root, and what is
/// left then (cycles) are children of the root each.
///
/// Which edges retain depends on what the page (the program) reaches. So the page is searched
/// first: inside it an edge's own kind decides. What of the page this search does not meet, it
/// reaches only by edges that do not retain; those are few and are flooded.
class DepthFirst {
 public:
  DepthFirst(const Snapshot& snapshot, const RuleFacts& facts);
  void run();

  bool several_predecessors(NodeIndex node) const {
    return (states_[node / 32] >> (2 * (node % 32)) & 3) == several;
  }

  BigArray<NodeIndex> order;  ///< the node of a vertex
  BigArray<Vertex> parents;   ///< of a vertex
  BigArray<Vertex> vertices;  ///< of a node
  EssentialEdges essential;
  /// The vertices before this one, but the root, are what the search of the page found.
  Vertex page_end = 0;
  /// What the page reaches only by edges that do not retain.
  std::vector<NodeIndex> page_rest;

 private:
  /// By node, two bits: what the search knows of it.
  enum State : std::uint64_t { unseen = 0, once = 1, several = 3 };
  struct Waiting {
    NodeIndex node;
    Vertex parent;
  };

  void number(NodeIndex node, Vertex parent);
  bool meet(NodeIndex node);
  bool met(NodeIndex node) const { return (states_[node / 32] >> (2 * (node % 32)) & 3) != unseen; }
  template <typename Usual>
  void list_targets(NodeIndex node, Vertex vertex, Usual&& usual);
  void list_weak_map(NodeIndex node, Vertex vertex);
  template <typename List>
  void search_from(NodeIndex start, List&& list);
  void search_page();
  bool page_refers_to_root() const;
  void flood_page();
  void search_rest();
  void add_cycles();

  const Snapshot& snapshot_;
  const RuleFacts& facts_;
  const std::uint32_t* first_;
  const std::uint32_t* words_;
  EdgePlaces words_at_;
  BigArray<std::uint64_t> states_;
  Vertex count_ = 0;
  BigArray<Waiting> waiting_;  ///< a stack; what was met since it was listed is passed over
  std::size_t waiting_count_ = 0;
};

}  // namespace heaplab::inspector
