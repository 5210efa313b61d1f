// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// A heap as a graph in flat arrays: nodes are 32-bit ordinals, the edges of node n are the range
// [first_edge(n), first_edge(n + 1)). No node objects, no pointers: an algorithm streams through
// the two or three arrays it needs. Node 0 is the root; its edges are the heap's roots.

namespace heaplab::inspector {

using NodeIndex = std::uint32_t;
using EdgeIndex = std::uint64_t;
using TextId = std::uint32_t;
inline constexpr NodeIndex root_node = 0;
inline constexpr NodeIndex no_node = std::numeric_limits<NodeIndex>::max();
inline constexpr EdgeIndex no_edge = std::numeric_limits<EdgeIndex>::max();

/// V8's edge kinds.
enum class EdgeKind : std::uint8_t { context, element, property, internal, hidden, shortcut, weak };

/// A number for element and hidden edges, a text for the others.
constexpr bool has_number(EdgeKind kind) {
  return kind == EdgeKind::element || kind == EdgeKind::hidden;
}

/// Texts, each stored once. Number 0 is "".
class TextTable {
 public:
  TextTable() { intern(""); }
  TextId intern(std::string_view text);
  const std::string& operator[](TextId id) const { return texts_[id]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, TextId> ids_;
};

/// What is known of one node.
struct Node {
  std::uint64_t id = 0;         ///< the same object has the same id in every graph of a series
  TextId type = 0;              ///< "object", "closure", "string", "hidden", …: V8's node types
  TextId name = 0;              ///< "Map", "Session", a function's name
  std::uint64_t self_size = 0;  ///< bytes on the heap
  std::uint64_t external = 0;   ///< bytes off it
};

class Graph {
 public:
  std::size_t node_count() const { return ids_.size(); }
  EdgeIndex edge_count() const { return targets_.size(); }

  std::uint64_t id(NodeIndex node) const { return ids_[node]; }
  const std::string& type(NodeIndex node) const { return texts_[types_[node]]; }
  const std::string& name(NodeIndex node) const { return texts_[names_[node]]; }
  TextId type_id(NodeIndex node) const { return types_[node]; }
  TextId name_id(NodeIndex node) const { return names_[node]; }
  std::uint64_t self_size(NodeIndex node) const { return self_sizes_[node]; }
  std::uint64_t external(NodeIndex node) const { return externals_[node]; }
  /// On the heap and off it.
  std::uint64_t shallow_size(NodeIndex node) const { return self_sizes_[node] + externals_[node]; }

  EdgeIndex first_edge(NodeIndex node) const { return first_edges_[node]; }
  EdgeIndex end_edge(NodeIndex node) const { return first_edges_[node + 1]; }
  NodeIndex target(EdgeIndex edge) const { return targets_[edge]; }
  EdgeKind kind(EdgeIndex edge) const { return kinds_[edge]; }
  bool is_strong(EdgeIndex edge) const { return kinds_[edge] != EdgeKind::weak; }
  /// Of element and hidden edges.
  std::uint32_t number(EdgeIndex edge) const {
    assert(has_number(kind(edge)) && "this edge has a text");
    return labels_[edge];
  }
  /// Of the other edges.
  const std::string& label(EdgeIndex edge) const {
    assert(!has_number(kind(edge)) && "this edge has a number");
    return texts_[labels_[edge]];
  }
  /// "name", or the number as text.
  std::string label_text(EdgeIndex edge) const;
  const TextTable& texts() const { return texts_; }

 private:
  friend class GraphBuilder;

  TextTable texts_;
  std::vector<std::uint64_t> ids_;
  std::vector<TextId> types_;
  std::vector<TextId> names_;
  std::vector<std::uint64_t> self_sizes_;
  std::vector<std::uint64_t> externals_;
  std::vector<EdgeIndex> first_edges_;  ///< node_count() + 1
  std::vector<NodeIndex> targets_;
  std::vector<std::uint32_t> labels_;
  std::vector<EdgeKind> kinds_;
};

/// Gathers nodes and edges in any order and makes the graph of them.
class GraphBuilder {
 public:
  /// Starts with the root node alone.
  GraphBuilder();

  TextId text(std::string_view text) { return graph_.texts_.intern(text); }
  /// Throws std::length_error past 2^32 - 2 nodes.
  NodeIndex add_node(const Node& node);
  /// `label` is a TextId or, for element and hidden edges, a number.
  /// \pre Both nodes exist when build() is called.
  void add_edge(NodeIndex from, NodeIndex to, EdgeKind kind, std::uint32_t label);
  std::size_t node_count() const { return graph_.node_count(); }

  /// Leaves the builder empty. Edges keep the order in which they were added to their node.
  /// Throws std::out_of_range if an edge ends nowhere.
  Graph build();

 private:
  Graph graph_;
  std::vector<NodeIndex> sources_;
};

}  // namespace heaplab::inspector
