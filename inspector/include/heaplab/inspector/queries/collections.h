// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

enum class CollectionKind : std::uint8_t { map, set, weak, array, dictionary };
std::string_view to_string(CollectionKind kind);

/// A Map, a Set, a WeakMap or WeakSet, an array, or an object whose properties are a hash table.
struct Collection {
  NodeIndex node;
  CollectionKind kind;
  /// Entries with an object or a string in them. A snapshot has no edge for a small integer, so an
  /// array of numbers shows none: the true number is between this and the capacity.
  std::uint64_t visible = 0;
  std::uint64_t capacity = 0;  ///< entries it has memory for; 0: not known
  std::uint64_t storage = 0;   ///< bytes of that memory, as in the file
  /// Bytes of storage that no visible entry uses.
  std::uint64_t unused() const {
    return capacity <= visible ? 0 : storage * (capacity - visible) / capacity;
  }
};

/// All collections that have storage of their own, in the order of their nodes.
std::vector<Collection> find_collections(const View& view);

}  // namespace heaplab::inspector
