// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/leakcheck/report.h"
#include "series/graph.h"

// From nodes to what a programmer wrote.

namespace heaplab::leakcheck::series {

/// How one gets to an object.
struct Route {
  std::string path;             ///< `server.sessions`
  NodeIndex closure = no_node;  ///< the function whose variable begins the path, or one beside it
  NodeIndex scope = no_node;    ///< where that variable is
  bool scope_is_local = false;  ///< it is not the module's own
  std::string file;             ///< where it begins
  std::string event;            ///< of a list of listeners
  bool is_listener_list = false;
  bool in_timer = false;         ///< through a pending timer
  bool in_promise = false;       ///< through what waits for a promise
  bool is_runtimes_own = false;  ///< begins in a module of the runtime
};

/// The shortest telling ways from the roots to all objects: by variables and properties rather than
/// by the engine's own references. Made once, about eight bytes a node.
class Paths {
 public:
  explicit Paths(const Series& series);

  Route route_to(NodeIndex node) const;
  /// How far an object is from the roots, by the ways that were chosen.
  unsigned distance(NodeIndex node) const { return distance_[node]; }
  /// "name", "[3]", ".get('key')": what follows from `from` to `to`, objects that refer to each
  /// other through at most a few others; "" if that has no name.
  std::string step_text(NodeIndex from, NodeIndex to) const;
  /// Where a closure, or the constructor of an object, is in the source.
  Place place_of(NodeIndex node) const;
  /// The file of a function; "" if nobody knows.
  std::string file_of(NodeIndex closure) const;

 private:
  struct Step {
    NodeIndex from;
    inspector::SnapshotEdge edge;
  };
  class Writer;
  NodeIndex closure_of_scope(NodeIndex scope) const;
  bool is_local(NodeIndex scope) const;
  void mark_prototypes();
  void search();
  unsigned cost(NodeIndex from, EdgeIndex edge, std::uint32_t word) const;
  std::vector<Step> steps_to(NodeIndex node) const;
  std::string file_of_script(std::uint32_t script_id) const;

  const Series& series_;
  const HeapSnapshot& heap_;
  BigArray<std::uint64_t> prototype_bits_;  ///< by edge
  BigArray<std::uint32_t> parent_edge_;
  BigArray<std::uint16_t> distance_;
  mutable std::unordered_map<std::uint32_t, std::string> files_;  ///< by script
};

/// "Map", "Session", "Object {id, url}", "function", "string".
std::string type_text(const HeapSnapshot& heap, const KnownNames& names, NodeIndex node);

}  // namespace heaplab::leakcheck::series
