// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/big_array.h"

// A heap snapshot as the leak check sees it: objects of a program, each with its parts.
//
// An engine keeps a program's objects in pieces: a Map has a table, an array an element store, a
// text that was put together a tree of pieces. Pieces are replaced when they grow. A piece that
// belongs to one object is a *part* of that object, its owner: `owner[part]` is the object, and
// everything else owns itself.

namespace heaplab::leakcheck::series {

using inspector::EdgeIndex;
using inspector::EdgeKind;
using inspector::no_edge;
using inspector::no_node;
using inspector::NodeIndex;
using inspector::NodeType;
using HeapSnapshot = inspector::Snapshot;

/// Names that rules look at.
enum class Known : std::uint8_t {
  unread,
  other,
  scope,  ///< the variables of a function: "system / Context"
  array,
  array_buffer,
  global,  ///< the global object
  map,
  object,
  promise,
  set,
  timeout,
  timers,     ///< Node's lists and heap of timers
  weak_cell,  ///< of a registry of finalizers
  weak_collection,
  engine  ///< any other "system / …" or "(…)"
};

/// What the names of nodes mean; each name is read once.
class KnownNames {
 public:
  explicit KnownNames(const HeapSnapshot& snapshot) : snapshot_(&snapshot) {}
  Known of(NodeIndex node) const {
    const std::uint32_t name = snapshot_->name_index(node);
    if (name >= known_.size()) known_.resize(std::size_t{name} + 1);
    if (known_[name] == Known::unread) known_[name] = read(name);
    return known_[name];
  }

 private:
  Known read(std::uint32_t name) const;
  const HeapSnapshot* snapshot_;
  mutable BigArray<Known> known_;
};

constexpr bool is_string(NodeType type) {
  return type == NodeType::string || type == NodeType::concatenated_string ||
         type == NodeType::sliced_string;
}
/// Compiled code, hidden classes, roots: what the engine keeps for itself.
constexpr bool is_engine(NodeType type) {
  return type == NodeType::code || type == NodeType::object_shape || type == NodeType::synthetic ||
         type == NodeType::hidden || type == NodeType::array || type == NodeType::native;
}
/// V8's ids are of 32 bits.
inline std::uint32_t v8_id(const HeapSnapshot& snapshot, NodeIndex node) {
  return static_cast<std::uint32_t>(snapshot.id(node));
}
/// Same type, same name: instances of one class, as far as a snapshot says without looking inside.
inline std::uint64_t class_key(const HeapSnapshot& snapshot, NodeIndex node) {
  return std::uint64_t{snapshot.name_index(node)} << 8 |
         static_cast<std::uint64_t>(snapshot.type(node));
}

/// What holds for each owner; zero for parts.
struct Owners {
  BigArray<NodeIndex> owner;
  BigArray<std::uint32_t> fan_out;    ///< references to other objects of the program
  BigArray<std::uint32_t> own_bytes;  ///< with all parts; at most 4 GiB are counted

  bool is_owner(NodeIndex node) const { return owner[node] == node; }
};
Owners find_owners(const HeapSnapshot& snapshot, const KnownNames& names);

/// Whether a reference to this is one to contents: an object of the program.
inline bool is_content(const HeapSnapshot& snapshot, const Owners& owners, NodeIndex node) {
  return owners.is_owner(node) && !is_engine(snapshot.type(node));
}

}  // namespace heaplab::leakcheck::series
