// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// How V8 lays out what a Map or a Set keeps its entries in: an array of a header, buckets, and
/// entries of two or three slots. Told by the size alone: a power of two of buckets fits one kind
/// only (7·2^a = 5·2^b has no solution, and so for the others).
struct TableLayout {
  enum class Kind { map, set, weak };
  Kind kind;
  unsigned word;             ///< bytes a slot: 8, or 4 with compressed pointers
  std::uint64_t first_slot;  ///< of the first entry
  unsigned slots;            ///< of an entry: the key, then the value of a map, then links
  std::uint64_t capacity;    ///< entries
};

/// Of an array of V8's with so many bytes; nothing if it cannot be such a table.
std::optional<TableLayout> table_layout(std::uint64_t bytes);

/// Of any table: also of heaplab's own heap, where hashes are beside the table, and an entry is a
/// key and a value, or a key.
std::optional<TableLayout> table_layout(const View& view, NodeIndex table);

/// Slots of an array with so many bytes, its header not counted.
constexpr std::uint64_t array_slots(std::uint64_t bytes, unsigned word) {
  return bytes < 2 * word ? 0 : bytes / word - 2;
}

}  // namespace heaplab::inspector
