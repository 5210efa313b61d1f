// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "heaplab/leakcheck/report.h"
#include "snapshot.h"

// From nodes to what a programmer wrote.

namespace heaplab::leakcheck {

/// A path to a node as an expression, and what it passes through.
struct Name {
  std::string path;
  bool is_listener_list = false;  ///< an emitter's list of listeners
  bool in_timer = false;          ///< starts at a pending timer
  unsigned variables = 0;         ///< variables on the way
  NodeIndex scope = no_node;      ///< the last function scope on the way
  bool scope_is_local = false;    ///< it is not the module's own
};
Name name_of(const Snapshot& snapshot, NodeIndex node);

/// "Map", "Session", "string", "function": what a report calls an object of this kind.
std::string type_text(const inspector::Graph& graph, NodeIndex node);

/// Where an object with this stack was allocated.
Place place_of(const trace::Tables& tables, trace::StackId stack, const std::string& folder);
/// The folder that file names are shown relative to.
std::string folder_of(const std::string& program);

}  // namespace heaplab::leakcheck
