// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "devtools/bits.h"
#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"

// The steps of `analyse`, each a file here.

namespace heaplab::inspector {

/// What several of DevTools' rules ask about a snapshot.
class RuleFacts {
 public:
  explicit RuleFacts(const Snapshot& snapshot, std::span<const EdgeIndex> without = {});

  /// A child of the root that the program's own data hangs off: everything but V8's synthetic
  /// groups of roots, and Chrome's documents.
  bool is_user_root(NodeIndex node) const {
    if (snapshot_.origin() != Origin::v8) return false;
    return snapshot_.type(node) != NodeType::synthetic || is_document_trees(node);
  }
  bool is_document_trees(NodeIndex node) const {
    return snapshot_.type(node) == NodeType::synthetic &&
           named(node, snapshot_.rule_strings().document_trees);
  }
  bool is_native_context(NodeIndex node) const {
    return snapshot_.type(node) == NodeType::hidden &&
           named(node, snapshot_.rule_strings().native_context);
  }
  bool is_map_descriptors(NodeIndex node) const {
    return snapshot_.type(node) == NodeType::array &&
           named(node, snapshot_.rule_strings().map_descriptors);
  }
  bool is_external_string_data(NodeIndex node) const {
    return snapshot_.type(node) == NodeType::native &&
           named(node, snapshot_.rule_strings().external_string_data);
  }
  bool has_user_roots() const { return has_user_roots_; }

  /// An edge that stands for a WeakMap entry.
  struct WeakMapEdge {
    EdgeIndex edge;
    std::uint32_t pair;
    bool from_table;  ///< the other edge of the pair starts at the key
  };
  /// Edges from tables of WeakMaps to values, which their keys retain, and those that the caller
  /// wants to be without; ascending.
  std::vector<EdgeIndex> edges_left_out() const;
  bool is_table_edge(NodeIndex source, EdgeIndex edge) const {
    return has_weak_map_edges(source) && is_table_edge(edge);
  }
  bool has_weak_map_edges(NodeIndex node) const { return weak_map_sources_[node]; }
  /// Null if it is none.
  const WeakMapEdge* weak_map_edge(EdgeIndex edge) const;

 private:
  bool is_table_edge(EdgeIndex edge) const;
  bool named(NodeIndex node, const std::vector<std::uint32_t>& names) const {
    return std::find(names.begin(), names.end(), snapshot_.name_index(node)) != names.end();
  }
  void find_weak_map_edges();

  const Snapshot& snapshot_;
  bool has_user_roots_ = false;
  std::vector<EdgeIndex> without_;
  std::vector<WeakMapEdge> weak_map_edges_;
  Bits weak_map_sources_;
};

/// Rule 3: sizes of internal parts, given to their owners.
SizeArray find_shallow_sizes(const Snapshot& snapshot, const RuleFacts& facts);

/// Rule 6.
BigArray<std::int32_t> find_distances(const Snapshot& snapshot, const RuleFacts& facts);

/// Rules 1, 2, 4 and 5.
struct RetainingTree {
  BigArray<NodeIndex> dominators;  ///< by node
  BigArray<NodeIndex> order;       ///< nodes, a dominator before what it dominates
  EssentialEdges essential;
};
RetainingTree find_dominators(const Snapshot& snapshot, const RuleFacts& facts);

}  // namespace heaplab::inspector
