// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/inspector/edge_labels.h"
#include "heaplab/inspector/graph.h"
#include "heaplab/inspector/snapshot_strings.h"
#include "heaplab/support/big_array.h"

// A V8 heap snapshot (`.heapsnapshot`, `.heaptimeline`) or a Java heap dump (HPROF) in flat arrays,
// as its file has it: nodes in file order ("ordinals"), the edges of a node together, names as
// numbers of strings that stay on disk. About 17 bytes a node and little more than 5 an edge. What
// DevTools makes of it (shallow sizes, distances, dominators, retained sizes, classes) is in
// `devtools.h`.

namespace heaplab::inspector {

namespace hprof {
class Builder;
}

/// V8's node types, by their names in the file; `other` for those this list does not know.
enum class NodeType : std::uint8_t {
  hidden,
  array,
  string,
  object,
  code,
  closure,
  regexp,
  number,
  native,
  synthetic,
  concatenated_string,
  sliced_string,
  symbol,
  bigint,
  object_shape,
  wasm_object,
  class_object,  ///< of Java's: an object that is a class
  other
};
/// The name as in a file: "concatenated string".
std::string_view to_string(NodeType type);

/// Who wrote a snapshot, which decides what its edges mean: DevTools' rules are for V8's.
enum class Origin : std::uint8_t { v8, java };

/// Of DOM nodes: what Chrome says of them. Node programs have `unknown` everywhere.
enum class Detachedness : std::uint8_t { unknown, attached, detached };

/// Where the function (of a closure) or the constructor (of an object) is in the source. 0-based.
struct SourceLocation {
  std::uint32_t script_id = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool operator==(const SourceLocation&) const = default;
};

/// One edge, decoded.
struct SnapshotEdge {
  EdgeIndex index;  ///< its number in the file
  EdgeKind kind;
  NodeIndex target;
  std::uint32_t label;  ///< a number for element and hidden edges, a string's number for others
};

/// A function of an allocation trace; line and column are 1-based, 0 where unknown.
struct TraceFunction {
  std::uint32_t function_id, name, script_name, script_id, line, column;
};
/// A call stack is a path in the tree of these. `function` numbers `trace_functions()`.
struct TraceNode {
  std::uint32_t id, parent, function, count;
  std::uint64_t size;
};
inline constexpr std::uint32_t no_trace_node = 0xffff'ffff;
/// Ids up to `last_id` had been given out at `timestamp_us`.
struct TimeSample {
  std::uint64_t timestamp_us;
  std::uint64_t last_id;
};

/// The strings that DevTools' rules know by name, as numbers (of each, usually one).
struct RuleStrings {
  std::vector<std::uint32_t> document_trees;        ///< "(Document DOM trees)"
  std::vector<std::uint32_t> native_context;        ///< "system / NativeContext"
  std::vector<std::uint32_t> external_string_data;  ///< "system / ExternalStringData"
  std::vector<std::uint32_t> map_descriptors;       ///< "(map descriptors)"
  std::vector<std::uint32_t> sloppy_function_map;
  /// Names of edges that stand for WeakMap entries.
  struct WeakMapName {
    std::uint32_t string;
    std::uint32_t pair;      ///< the same for the two edges of an entry
    std::uint64_t table_id;  ///< the id of the map's table, where one of the edges starts
  };
  std::vector<WeakMapName> weak_map;  ///< ascending by string
};

class Snapshot {
 public:
  NodeIndex node_count() const { return static_cast<NodeIndex>(types_.size()); }
  EdgeIndex edge_count() const { return edge_words_.size(); }
  NodeIndex root() const { return root_; }
  Origin origin() const { return origin_; }

  /// V8: the same object has the same id in every snapshot of one process; below 2^32.
  /// Java: its address, which is another in each dump, for objects move.
  std::uint64_t id(NodeIndex node) const {
    return wide_ids_.empty() ? std::uint64_t{ids_[node]} << id_shift_ : wide_ids_[node];
  }
  NodeType type(NodeIndex node) const { return NodeType(types_[node] & 31); }
  Detachedness detachedness(NodeIndex node) const { return Detachedness(types_[node] >> 5); }
  std::uint32_t name_index(NodeIndex node) const { return names_[node]; }
  /// Reads the string store: for a few nodes, not for all.
  std::string name(NodeIndex node) const { return strings_.get(names_[node]); }
  /// Bytes of the object itself, as in the file.
  std::uint64_t self_size(NodeIndex node) const {
    const std::uint32_t size = self_sizes_[node];
    return size != big_size ? size : find_big_size(node);
  }
  /// The node with this id; no_node if there is none. Linear the first time, then by a table.
  NodeIndex find_id(std::uint64_t id) const;

  EdgeIndex first_edge(NodeIndex node) const { return first_edges_[node]; }
  EdgeIndex end_edge(NodeIndex node) const { return first_edges_[node + 1]; }
  NodeIndex target(EdgeIndex edge) const { return edge_words_[edge] & target_mask; }
  EdgeKind kind(EdgeIndex edge) const { return EdgeKind(edge_words_[edge] >> kind_shift); }
  /// The edges of a node, raw: target | kind << kind_shift.
  std::span<const std::uint32_t> edge_words(NodeIndex node) const {
    return {edge_words_.data() + first_edges_[node], edge_words_.data() + first_edges_[node + 1]};
  }
  /// All of them, and where each node's begin (node_count() + 1 numbers).
  std::span<const std::uint32_t> all_edge_words() const { return edge_words_; }
  std::span<const std::uint32_t> first_edges() const { return first_edges_; }
  /// The node an edge starts at. Logarithmic.
  NodeIndex source(EdgeIndex edge) const;

  /// Calls `visit(const SnapshotEdge&)` for each edge of the node, in file order.
  template <typename Visit>
  void for_each_edge(NodeIndex node, Visit&& visit) const {
    LabelCursor labels = label_cursor(node);
    for (EdgeIndex edge = first_edges_[node]; edge < first_edges_[node + 1]; ++edge) {
      const EdgeKind edge_kind = kind(edge);
      visit(SnapshotEdge{edge, edge_kind, target(edge), labels.next(edge_kind)});
    }
  }
  /// Calls `visit(NodeIndex source, const SnapshotEdge&)` for all edges of the file, in order.
  template <typename Visit>
  void for_all_edges(Visit&& visit) const {
    if (node_count() == 0) return;
    LabelCursor labels = label_cursor(0);
    for (NodeIndex node = 0; node < node_count(); ++node, labels.restart()) {
      for (EdgeIndex edge = first_edges_[node]; edge < first_edges_[node + 1]; ++edge) {
        const EdgeKind edge_kind = kind(edge);
        visit(node, SnapshotEdge{edge, edge_kind, target(edge), labels.next(edge_kind)});
      }
    }
  }
  /// Calls `visit(NodeIndex source, const SnapshotEdge&)` for all internal edges whose label
  /// `is_name(label)`, in order. Skips most of the file if such names are uncommon.
  template <typename IsName, typename Visit>
  void for_internal_edges_named(IsName&& is_name, Visit&& visit) const {
    const bool rare = labels_.are_rare(is_name);
    for (NodeIndex node = 0; node < node_count();) {
      const NodeIndex end = std::min(node_count(), node + EdgeLabels::nodes_per_block);
      if (!labels_.may_have_internal(node, rare)) {
        node = end;
        continue;
      }
      LabelCursor labels = labels_.block_start(node, first_edges_[node]);
      for (; node < end; ++node, labels.restart()) {
        for (EdgeIndex edge = first_edges_[node]; edge < first_edges_[node + 1]; ++edge) {
          const EdgeKind edge_kind = kind(edge);
          const std::uint32_t label = labels.next(edge_kind);
          if (edge_kind != EdgeKind::internal || !is_name(label)) continue;
          visit(node, SnapshotEdge{edge, edge_kind, target(edge), label});
        }
      }
    }
  }
  std::vector<SnapshotEdge> edges(NodeIndex node) const;
  /// One edge of a node, decoded. Linear in the edges before it.
  SnapshotEdge edge(EdgeIndex index) const;
  /// "name", or the number as text.
  std::string label_text(const SnapshotEdge& edge) const;

  const SnapshotStrings& strings() const { return strings_; }
  const RuleStrings& rule_strings() const { return rule_strings_; }

  /// The file's own count of memory outside the heap ("extra native bytes"); 0 if it has none.
  std::uint64_t extra_native_bytes() const { return extra_native_bytes_; }
  std::optional<SourceLocation> location(NodeIndex node) const {
    const std::uint32_t number = location_number(node);
    if (number == no_location) return {};
    return locations_[number - 1];
  }
  /// Places are numbered from 1; no_location for a node without one.
  static constexpr std::uint32_t no_location = 0;
  std::uint32_t location_number(NodeIndex node) const {
    return location_numbers_.empty() ? no_location : location_numbers_[node];
  }
  std::size_t location_count() const { return locations_.size(); }
  /// Calls `visit(node, location)` for each node that has one, in order.
  template <typename Visit>
  void for_each_location(Visit&& visit) const {
    for (NodeIndex node = 0; node < location_numbers_.size(); ++node) {
      const std::uint32_t number = location_numbers_[node];
      if (number != no_location) visit(node, locations_[number - 1]);
    }
  }

  /// Allocation tracking: empty unless the file was recorded with it.
  std::uint32_t trace_node_id(NodeIndex node) const {
    return trace_ids_.empty() ? 0 : trace_ids_[node];
  }
  std::span<const TraceFunction> trace_functions() const { return trace_functions_; }
  std::span<const TraceNode> trace_nodes() const { return trace_nodes_; }
  std::span<const TimeSample> samples() const { return samples_; }

  const std::string& file() const { return file_; }
  std::uint64_t file_bytes() const { return file_bytes_; }
  /// Of Java's: bytes that a reference takes in the heap, as arrays show.
  unsigned reference_bytes() const { return reference_bytes_; }
  /// Of Java's: milliseconds since 1970, as the file has it; 0 if it does not say.
  std::uint64_t taken_at_ms() const { return taken_at_ms_; }

  static constexpr unsigned kind_shift = 29;
  static constexpr std::uint32_t target_mask = (1U << kind_shift) - 1;
  static constexpr std::uint32_t max_nodes = target_mask;  ///< 536 million

 private:
  friend class SnapshotBuilder;
  friend class hprof::Builder;
  static constexpr std::uint32_t big_size = 0xffff'ffff;

  LabelCursor label_cursor(NodeIndex node) const;
  std::uint64_t find_big_size(NodeIndex node) const;

  std::string file_;
  std::uint64_t file_bytes_ = 0;
  NodeIndex root_ = 0;
  Origin origin_ = Origin::v8;
  std::uint64_t taken_at_ms_ = 0;
  unsigned reference_bytes_ = 8;
  std::uint64_t extra_native_bytes_ = 0;
  BigArray<std::uint32_t> ids_;       ///< shifted right by id_shift_
  BigArray<std::uint64_t> wide_ids_;  ///< instead, if some do not fit
  unsigned id_shift_ = 0;
  BigArray<std::uint8_t> types_;  ///< NodeType | Detachedness << 5
  BigArray<std::uint32_t> names_;
  BigArray<std::uint32_t> self_sizes_;
  std::vector<std::pair<NodeIndex, std::uint64_t>> big_sizes_;  ///< 4 GiB and more; ascending
  BigArray<std::uint32_t> trace_ids_;
  BigArray<std::uint32_t> first_edges_;  ///< node_count() + 1
  BigArray<std::uint32_t> edge_words_;
  EdgeLabels labels_;
  SnapshotStrings strings_;
  RuleStrings rule_strings_;
  BigArray<std::uint32_t> location_numbers_;
  std::vector<SourceLocation> locations_;
  std::vector<TraceFunction> trace_functions_;
  std::vector<TraceNode> trace_nodes_;
  std::vector<TimeSample> samples_;
  mutable BigArray<std::uint32_t> ids_sorted_;  ///< ordinals by id; made by the first find_id
};

struct ReadOptions {
  bool progress = false;  ///< a live line on a terminal
  unsigned threads = 0;   ///< 0: as many as this process may use, at most 2
};

/// Reads `path` ("-": standard input), V8's or Java's as its first bytes say, plain or compressed
/// with gzip or zstd, told by its first bytes. Streams: memory grows with nodes and edges, not with
/// the file. Throws InputError with file and offset (in the decompressed text).
Snapshot read_snapshot(const std::string& path, const ReadOptions& options = {});

}  // namespace heaplab::inspector
