// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heaplab/inspector/queries/view.h"

// Edges as a programmer writes them: `.cache`, `[3]`, `.get("x")`, and a whole path of them as one
// expression, `globalThis.app.cache.get("x")`.

namespace heaplab::inspector {

/// What a step of a path is to somebody who reads the program's source.
enum class StepKind {
  root,      ///< out of the root, or of a group of roots: the engine keeps it
  property,  ///< `.name`, `["odd name"]`, `[Symbol(x)]`
  element,   ///< `[3]`
  variable,  ///< a closure's variable
  entry,     ///< of a Map, a Set, a WeakMap: `.get("x")`
  internal   ///< the engine's own: `.[[elements]]`
};
std::string_view to_string(StepKind kind);

/// One step, or two that are one to a programmer (a Map's table and the entry in it).
struct AccessStep {
  StepKind kind;
  std::string text;  ///< what follows the expression before it; a variable's name
  NodeIndex from;
  NodeIndex to;
  std::vector<EdgeIndex> edges;  ///< the edges it stands for, in order
};

/// A path as steps. `edges` lead from one node to the next, the first one out of `from`.
std::vector<AccessStep> access_steps(const View& view, NodeIndex from,
                                     std::span<const EdgeIndex> edges);

/// A path as an expression. A variable that a closure keeps begins a new one: that is how the
/// source says it, and whose closure it is, is said beside it.
struct Expression {
  std::string text;             ///< `sessions.get("u1").prefs`
  NodeIndex closure = no_node;  ///< that keeps the variable it begins with, if it begins with one
};
Expression expression(const View& view, std::span<const AccessStep> steps);

/// One edge as it is written: `.name`, `[3]`, `.[[map]]`; a variable's name alone.
AccessStep access_step(const View& view, NodeIndex from, const SnapshotEdge& edge);

/// What a Map, a Set, a WeakMap or a WeakSet has in its table, a step a key and a step a value:
/// `.keys()[0]`, `.get("x")`. At most `limit`; nothing for other objects.
std::vector<AccessStep> collection_entries(const View& view, NodeIndex node, std::size_t limit);

/// `.name` if that can be written, else `["odd name"]`; `[Symbol(x)]` for a symbol.
std::string property_access(std::string_view name);

}  // namespace heaplab::inspector
