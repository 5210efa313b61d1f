// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/big_array.h"

// What Chrome DevTools' Memory panel makes of a snapshot, number for number (its heap snapshot
// worker, version 1.0.1705227). The rules are in README.md.

namespace heaplab::inspector {

/// DevTools' constants for distances.
inline constexpr std::int32_t distance_unreached = -5;
inline constexpr std::int32_t distance_root = 100'000'000;  ///< the root's, and added beyond it

/// Sizes by node, most of them below 4 GiB.
class SizeArray {
 public:
  explicit SizeArray(std::size_t count = 0) : small_(count) {}
  std::uint64_t operator[](NodeIndex node) const {
    return small_[node] != big ? small_[node] : find(node);
  }
  void set(NodeIndex node, std::uint64_t size) {
    if (size >= big || small_[node] == big) return set_big(node, size);
    small_[node] = static_cast<std::uint32_t>(size);
  }

 private:
  static constexpr std::uint32_t big = 0xffff'ffff;
  void set_big(NodeIndex node, std::uint64_t size);
  std::uint64_t find(NodeIndex node) const;
  BigArray<std::uint32_t> small_;
  std::vector<std::pair<NodeIndex, std::uint64_t>> large_;  ///< ascending by node
};

/// Which edges take part in retaining: not weak ones, not edges to oneself, not shortcuts (but the
/// root's), not from outside what the page (the program) reaches into it, and of the two edges to a
/// WeakMap's value only the key's.
class EssentialEdges {
 public:
  EssentialEdges() = default;
  /// `page`: a bit for each node the page reaches. `left_out`: from tables of WeakMaps to values,
  /// and what else is not to count; ascending.
  EssentialEdges(BigArray<std::uint64_t> page, std::vector<EdgeIndex> left_out)
      : page_(std::move(page)), left_out_(std::move(left_out)) {}

  bool contains(const Snapshot& snapshot, NodeIndex source, EdgeIndex edge) const;
  bool on_page(NodeIndex node) const { return (page_[node / 64] >> (node % 64) & 1) != 0; }

 private:
  BigArray<std::uint64_t> page_;
  std::vector<EdgeIndex> left_out_;
};

/// The numbers DevTools shows for each node.
struct Analysis {
  SizeArray shallow_sizes;           ///< internal arrays' sizes moved to their owners
  BigArray<std::uint64_t> retained;  ///< bytes that go when the node goes
  BigArray<NodeIndex> dominators;    ///< ordinals; the root's is itself
  BigArray<std::int32_t> distances;  ///< edges from a user root, or see above
  BigArray<NodeIndex> order;         ///< all nodes, a dominator before what it dominates
  std::uint64_t total_size = 0;      ///< with native bytes outside the heap

  /// Of DOM nodes, spread from those Chrome knows to those they reach; empty if none is known.
  BigArray<Detachedness> detachedness;
  bool detached(NodeIndex node) const {
    return !detachedness.empty() && detachedness[node] == Detachedness::detached;
  }

  EssentialEdges essential;
};

struct AnalyseOptions {
  unsigned threads = 0;   ///< 0: as many as this process may use, at most 2
  bool progress = false;  ///< a live line on a terminal
  /// Edges that retain nothing, against DevTools' rules: for those who know better.
  std::span<const EdgeIndex> without = {};
};

/// All of it; near-linear, nothing recurses.
Analysis analyse(const Snapshot& snapshot, const AnalyseOptions& options = {});

/// How states of DOM nodes spread; empty if the snapshot has none.
BigArray<Detachedness> spread_detachedness(const Snapshot& snapshot);

/// The tree of dominators downwards: whom a node dominates, in the order of the file.
class DominatedNodes {
 public:
  explicit DominatedNodes(const Analysis& analysis);
  std::span<const NodeIndex> of(NodeIndex node) const {
    return {nodes_.data() + first_[node], nodes_.data() + first_[node + 1]};
  }

 private:
  BigArray<std::uint32_t> first_;
  BigArray<NodeIndex> nodes_;
};

/// A row of the Summary view.
struct ClassTotals {
  std::string key;   ///< DevTools' class key: ",name" or "script,line,column,name"
  std::string name;  ///< as shown
  std::uint64_t count = 0;
  std::int32_t distance = 0;  ///< the least
  std::uint64_t self = 0;
  std::uint64_t retained = 0;  ///< of the outermost instances on each dominator path
};

/// Classes by node and their totals.
struct Classes {
  static constexpr std::uint32_t none = 0xffff'ffff;  ///< nodes without a shallow size
  std::vector<ClassTotals> rows;                      ///< in the order of their first instance
  BigArray<std::uint32_t> of_node;                    ///< a row's number, or none
};
Classes classify(const Snapshot& snapshot, const Analysis& analysis);

/// The "Statistics" view.
struct Statistics {
  std::uint64_t total = 0;
  std::uint64_t v8_heap = 0;  ///< total without native memory
  std::uint64_t native = 0;
  std::uint64_t code = 0;
  std::uint64_t strings = 0;
  std::uint64_t js_arrays = 0;
  std::uint64_t typed_arrays = 0;
  std::uint64_t system = 0;  ///< the rest of it
};
Statistics statistics(const Snapshot& snapshot, const Analysis& analysis);

/// Who refers to a node: the reverse of the edges, made on demand.
class Retainers {
 public:
  explicit Retainers(const Snapshot& snapshot);
  /// Edges (their numbers in the file) that end at the node, ascending. Self-loops included.
  std::span<const std::uint32_t> edges_to(NodeIndex node) const {
    return {edges_.data() + first_[node], edges_.data() + first_[node + 1]};
  }

 private:
  BigArray<std::uint32_t> first_;
  BigArray<std::uint32_t> edges_;
};

}  // namespace heaplab::inspector
