// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// Numbers of strings that name parts of V8's objects, for queries that look at all nodes: to
/// compare numbers costs nothing, to read names does. `SnapshotStrings::size()` and more for those
/// the file lacks.
struct Words {
  static constexpr std::uint32_t absent = 0xffff'ffff;
  std::uint32_t table = absent;              ///< of a Map, a Set, a WeakMap, a WeakSet
  std::uint32_t elements = absent;           ///< of an array
  std::uint32_t properties = absent;         ///< of an object
  std::uint32_t proto = absent;              ///< "__proto__"
  std::uint32_t context = absent;            ///< of a closure
  std::uint32_t previous = absent;           ///< of a context
  std::uint32_t context_node = absent;       ///< "system / Context"
  std::uint32_t object_properties = absent;  ///< "(object properties)": a dictionary
  std::uint32_t object_node = absent;        ///< "Object": plain objects
};

/// A snapshot, DevTools' numbers for it, and what else queries ask for, made when it is first
/// asked for and then shared.
class View {
 public:
  View(Snapshot snapshot, Analysis analysis)
      : snapshot_(std::move(snapshot)), analysis_(std::move(analysis)) {}

  const Snapshot& snapshot() const { return snapshot_; }
  const Analysis& analysis() const { return analysis_; }
  const Classes& classes() const;
  const Retainers& retainers() const;
  const DominatedNodes& dominated() const;
  const Words& words() const;

  std::uint64_t shallow(NodeIndex node) const { return analysis_.shallow_sizes[node]; }
  std::uint64_t retained(NodeIndex node) const { return analysis_.retained[node]; }

  /// "@9421"; an address in Java's notation, "@0x7f2a10".
  std::string id_text(NodeIndex node) const;
  /// The class as the Summary view shows it; "" for nodes without a class.
  std::string_view class_name(NodeIndex node) const;
  /// A node as a person would name it, in one line, without its id: `Map`, `{user, created}`,
  /// `"text"`, `handler()`, `(GC roots)`. Not neutralised for a terminal.
  std::string label(NodeIndex node) const;
  /// The text of a string, also of one that V8 keeps in pieces; cut at about `limit` bytes.
  std::string text(NodeIndex node, std::size_t limit = 1024) const;

  /// As Snapshot::label_text, but what was read once is remembered.
  std::string label_text(const SnapshotEdge& edge) const;

  /// The file of a script; "" if the snapshot does not say.
  const std::string& script_name(std::uint32_t script_id) const;
  /// "/srv/app/server.js:12:5" (1-based, as editors count); "" if the node has no location.
  std::string location(NodeIndex node) const;

 private:
  void find_script_names() const;

  Snapshot snapshot_;
  Analysis analysis_;
  mutable std::optional<Classes> classes_;
  mutable std::unique_ptr<Retainers> retainers_;
  mutable std::unique_ptr<DominatedNodes> dominated_;
  mutable std::optional<Words> words_;
  mutable std::unordered_map<std::uint32_t, std::string> labels_;
  mutable std::optional<std::unordered_map<std::uint32_t, std::string>> scripts_;
};

/// `read_snapshot`, `analyse`.
View open_view(const std::string& path, unsigned threads = 0);

/// The node reached over the first edge of this kind and name; no_node if there is none.
NodeIndex follow(const Snapshot& snapshot, NodeIndex node, EdgeKind kind, std::string_view name);

/// The kinds' names in a file: "context", "element", …
std::string_view to_string(EdgeKind kind);

}  // namespace heaplab::inspector
