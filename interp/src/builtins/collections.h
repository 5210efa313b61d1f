// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/interp/object.h"
#include "heaplab/interp/runtime.h"

// Layouts of Map, Set and their weak relatives.
//
// OrderedTable: entries in insertion order (key, value for maps; key for sets), and an index of
// open addressing over them. A deleted entry's key becomes the hole and stays in place. Growing,
// compacting and clearing make a new table; the old one then says where it went, so that an
// iterator that still stands in it can follow:
//
//   position in the new table = position in the old one - holes before it      (0 after clear)

namespace heaplab::interp::builtins {

/// Cells of 4 bytes: 0 empty, otherwise entry + 1. The VM's PropertyIndex has the same form.
using TableIndex = PropertyIndex;

class OrderedTable : public Object {  // elements: words, `stride_` per entry
 public:
  Word* words() { return reinterpret_cast<Word*>(this + 1); }
  Word* entry(std::uint32_t i) { return words() + std::size_t{i} * stride_; }
  std::uint32_t capacity() const { return length() / stride_; }
  std::uint32_t live() const { return used_ - deleted_; }

  Ref<TableIndex> index_;
  Ref<OrderedTable> next_;  ///< what replaced this table; null while it is current
  std::uint32_t used_ = 0;  ///< entries, deleted ones included
  std::uint32_t deleted_ = 0;
  std::uint32_t stride_ = 1;   ///< 1: set, 2: map
  std::uint32_t cleared_ = 0;  ///< replaced by clear()
};

class JSCollection : public JSObject {  // Map and Set
 public:
  Ref<OrderedTable> table_;
  std::uint32_t padding_ = 0;
};

/// Pairs (key, value): ephemerons. An empty pair has bits 0 in the key; what the collector cleared
/// and what was deleted has Word::cleared() there and can be reused when the table is rebuilt.
class EphemeronTable : public Object {  // elements: ephemeron_words
 public:
  struct Pair {
    Word key;
    Word value;
  };
  Pair* pairs() { return reinterpret_cast<Pair*>(this + 1); }
  std::uint32_t used_ = 0;  ///< pairs that are not empty
  std::uint32_t padding_ = 0;
};

class JSWeakCollection : public JSObject {  // WeakMap and WeakSet
 public:
  Ref<EphemeronTable> table_;
  std::uint32_t padding_ = 0;
};

class JSWeakRef : public JSObject {
 public:
  Word target_;  ///< weak
};

/// One registration of a FinalizationRegistry, in a doubly linked list.
class FinalizationCell : public Object {
 public:
  Word target_;  ///< weak
  Word token_;   ///< weak; undefined if there is none
  Word held_;
  Ref<JSObject> registry_;
  Ref<FinalizationCell> next_;
  Ref<FinalizationCell> previous_;
  std::uint32_t padding_ = 0;
};

class JSFinalizationRegistry : public JSObject {
 public:
  Word callback_;
  Ref<FinalizationCell> cells_;
  std::uint32_t padding_ = 0;
};

/// Iterators of maps, sets, strings and lists.
class JSCollectionIterator : public JSObject {  // payload: IteratorKind
 public:
  Word source_;  ///< string or array; of maps and sets: the table. Undefined once finished
  std::uint64_t position_ = 0;
};

enum class IteratorKind : std::uint32_t {
  map_keys,
  map_values,
  map_entries,
  set_values,
  set_entries,
  string,
  list
};

/// A number that stays with the value whatever the collector does. May collect (objects get it on
/// first use). Equal values (SameValueZero) have equal hashes.
std::uint32_t value_hash(Runtime& runtime, Value value);
/// The hash if the value has one already; false: it cannot be in any table. Never collects.
bool known_hash(Runtime& runtime, Value value, std::uint32_t* out);

/// \name Ordered tables. `collection` is a Map or Set.
/// @{
inline constexpr std::uint32_t no_entry = 0xffff'ffffu;
/// The entry's number or no_entry. Never collects.
std::uint32_t table_find(Runtime& runtime, OrderedTable* table, Value key);
/// Adds or overwrites. May collect.
void collection_set(Runtime& runtime, JSCollection* collection, Value key, Value value);
bool collection_delete(Runtime& runtime, JSCollection* collection, Value key);
void collection_clear(Runtime& runtime, JSCollection* collection);
OrderedTable* new_ordered_table(Runtime& runtime, std::uint32_t capacity, std::uint32_t stride);
/// Follows replaced tables; adjusts `position`. Never collects.
OrderedTable* current_table(OrderedTable* table, std::uint64_t* position);
/// Moves `position` to the next live entry; false at the end. Never collects.
bool next_entry(OrderedTable* table, std::uint64_t* position);
/// @}

JSCollectionIterator* new_collection_iterator(Runtime& runtime, IteratorKind kind, Value source,
                                              JSObject* prototype);
/// What the iterator still has to give, without advancing it.
void preview_iterator(Runtime& runtime, JSCollectionIterator* iterator, RootedValues* out);

}  // namespace heaplab::interp::builtins
