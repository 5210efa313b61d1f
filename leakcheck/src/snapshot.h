// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/dominators.h"
#include "heaplab/inspector/graph.h"
#include "heaplab/inspector/paths.h"
#include "heaplab/trace/reader.h"

namespace heaplab::leakcheck {

using inspector::EdgeIndex;
using inspector::EdgeKind;
using inspector::no_node;
using inspector::NodeIndex;
using inspector::root_node;

/// One checkpoint as a graph, with what a recording knows beyond a snapshot, and what the analysis
/// derives from it.
///
/// Owners: a language keeps its objects in parts (an array and its element store, a map and its
/// table). A part that exactly one node refers to belongs to that node's owner, so that a program's
/// Map is one thing however its table moves about. `owner[n] == n` for everything else.
struct Snapshot {
  trace::CheckpointBegin begin;
  inspector::Graph graph;
  std::vector<trace::StackId> stack;
  std::vector<std::uint64_t> birth;
  std::vector<std::uint64_t> last_access;

  inspector::DominatorTree tree;
  std::vector<std::uint64_t> retained;
  inspector::Distances distances;  ///< by the paths a programmer would name first
  std::vector<NodeIndex> owner;
  std::vector<std::uint32_t> fan_out;    ///< of owners: references to other owners
  std::vector<std::uint64_t> own_bytes;  ///< of owners: with their parts
  std::uint64_t live_bytes = 0;

  /// A part of something, or the language's own bookkeeping: nothing a program names.
  bool is_internal(NodeIndex node) const;
  /// The variables of a function, kept for the closures in it.
  bool is_scope(NodeIndex node) const;
  /// A scope inside another: not the module's own.
  bool is_local_scope(NodeIndex node) const;
  bool is_group(NodeIndex node) const { return first_group <= node && node < end_group; }

  /// The roots of what is pending: timers, immediates, jobs.
  bool is_event_loop(NodeIndex node) const;

  NodeIndex first_group = 1;  ///< groups of roots come right after the root
  NodeIndex end_group = 1;
};

/// Gathers the records of one checkpoint.
class SnapshotBuilder {
 public:
  SnapshotBuilder(const std::string& file, const trace::Tables& tables)
      : file_(file), tables_(tables) {}

  void begin(const trace::CheckpointBegin& begin);
  void root(const trace::CheckpointRoot& root) { roots_.push_back(root); }
  void node(const trace::CheckpointNode& node) { nodes_.push_back(node); }
  void edge(const trace::CheckpointEdge& edge) {
    edges_.push_back({static_cast<std::uint32_t>(nodes_.size() - 1), edge});
  }
  void ephemeron(const trace::CheckpointEphemeron& e) { ephemerons_.push_back(e); }
  /// Throws InputError if the checkpoint contradicts itself.
  Snapshot finish();

 private:
  struct OwnedEdge {
    std::uint32_t from;  ///< index in nodes_
    trace::CheckpointEdge edge;
  };
  inspector::TextId text(inspector::GraphBuilder& builder, trace::StringId id);
  void add_groups(inspector::GraphBuilder& builder, Snapshot& result);
  void add_nodes(inspector::GraphBuilder& builder, Snapshot& result);
  void add_edges(inspector::GraphBuilder& builder);
  NodeIndex find(trace::ObjectId id) const;

  const std::string& file_;
  const trace::Tables& tables_;
  trace::CheckpointBegin begin_;
  std::vector<trace::CheckpointRoot> roots_;
  std::vector<trace::CheckpointNode> nodes_;
  std::vector<OwnedEdge> edges_;
  std::vector<trace::CheckpointEphemeron> ephemerons_;
  std::unordered_map<trace::ObjectId, NodeIndex> index_;
  std::unordered_map<trace::StringId, NodeIndex> groups_;
  std::vector<inspector::TextId> texts_;  ///< by StringId; 0: not there yet
};

/// Roots that say nothing of why an object is kept: nameless ones, those of calls that are running,
/// and the interpreter's own tables.
bool is_passing_root(const inspector::Graph& graph, EdgeIndex edge);

}  // namespace heaplab::leakcheck
