// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/heap/object.h"
#include "heaplab/interp/atom.h"

// Hidden classes. A Shape says which named properties an object has, where each one is, and what
// the object's prototype is. Objects made the same way share a shape, so "the same shape as last
// time" answers a property access without a search (inline_cache.h).
//
//   shared      a node of a transition tree: adding property P to an object of shape S gives the
//               child of S for P. Property i is in slot i. Immutable.
//   dictionary  owned by one object and changed in place: after deletes, redefinitions, or very
//               many properties. Never in an inline cache as a receiver.
//
// A PropertyTable lists properties in the order they were added. All shapes of one line of descent
// share one table, each seeing its first `property_count` entries.
//
// Slots 0 .. inline_capacity-1 are in the object itself, the rest in its `properties_` array.

namespace heaplab::interp {

class JSObject;

/// Property attributes, as stored in property tables.
enum PropertyFlags : std::uint8_t {
  kNone = 0,
  kWritable = 1,
  kEnumerable = 2,
  kConfigurable = 4,
  kAccessor = 8,  ///< the slot holds an Accessor
  kAll = kWritable | kEnumerable | kConfigurable,
  kHidden = kWritable | kConfigurable,  ///< methods of classes and built-ins
};

/// A getter/setter pair: callables or undefined.
class Accessor : public Object {
 public:
  Word getter_;
  Word setter_;
};

/// A plain run of values: dense elements and lists of the VM.
class WordArray : public Object {
 public:
  Word* words() { return reinterpret_cast<Word*>(this + 1); }
  const Word* words() const { return reinterpret_cast<const Word*>(this + 1); }
  Value get(std::uint32_t i) const {
    assert(i < length() && "index out of the array's capacity");
    return Value::from(words()[i]);
  }
};

/// An object's named properties beyond the in-object ones. Knows its owner so that tools can name
/// what is in it.
class PropertyArray : public Object {  // elements: words
 public:
  Word* words() { return reinterpret_cast<Word*>(this + 1); }
  const Word* words() const { return reinterpret_cast<const Word*>(this + 1); }
  Ref<JSObject> owner_;
  std::uint32_t padding_ = 0;
};
static_assert(sizeof(PropertyArray) == 16);

class PropertyIndex : public Object {  // elements: bytes4, 0: empty, otherwise entry + 1
 public:
  std::uint32_t* cells() { return reinterpret_cast<std::uint32_t*>(this + 1); }
  const std::uint32_t* cells() const { return reinterpret_cast<const std::uint32_t*>(this + 1); }
};

class PropertyTable : public Object {  // elements: words, 2 per entry
 public:
  struct Entry {
    Word key;   ///< atom or symbol; the hole: deleted (dictionaries only)
    Word info;  ///< slot << 8 | flags, as an int32 Value
  };
  Entry* entries() { return reinterpret_cast<Entry*>(this + 1); }
  const Entry* entries() const { return reinterpret_cast<const Entry*>(this + 1); }
  std::uint32_t capacity() const { return length() / 2; }

  Ref<PropertyIndex> index_;  ///< hash index over all entries; null while there are few
  std::uint32_t count_ = 0;   ///< entries in use, deleted ones included
  std::uint32_t deleted_ = 0;
  std::uint32_t free_slot_ = 0;  ///< dictionaries: first free slot + 1, see dictionary_remove
};

class TransitionTable : public Object {  // elements: weak words (child shapes)
 public:
  Word* cells() { return reinterpret_cast<Word*>(this + 1); }
  std::uint32_t used_ = 0;  ///< cells ever used
  std::uint32_t padding_ = 0;
};

/// Where a property was found in a shape's table.
struct ShapeEntry {
  std::uint32_t slot = 0;
  std::uint8_t flags = 0;
  std::uint32_t entry = 0;  ///< position in the table: insertion order
};

class Shape : public Object {
 public:
  enum Flag : unsigned { dictionary_flag = 0 };
  bool is_dictionary() const { return flag(dictionary_flag); }
  /// Slots the object's in-object part and properties array must offer.
  std::uint32_t slot_count() const { return slot_count_; }

  Ref<JSObject> prototype_;  ///< null: none
  Ref<PropertyTable> table_;
  Ref<Shape> parent_;                 ///< in the tree
  Ref<Object> transitions_;           ///< null or a TransitionTable
  std::uint32_t property_count_ = 0;  ///< entries of the table that belong to this shape
  std::uint32_t slot_count_ = 0;      ///< = property_count_ unless a dictionary
  std::uint32_t inline_capacity_ = 0;
  std::uint32_t padding_ = 0;
};
static_assert(sizeof(Shape) == 40);

/// Never collects. \pre key is not an index
bool shape_lookup(const Shape* shape, PropertyKey key, ShapeEntry* out);

/// \name May collect.
/// @{
/// The empty shape of objects with this prototype (null: none): the same one each time.
Shape* root_shape(Runtime& runtime, JSObject* prototype, std::uint32_t inline_capacity);
/// A root shape that nobody else has.
Shape* new_root_shape(Runtime& runtime, JSObject* prototype, std::uint32_t inline_capacity);
/// The child of a shared shape for one more property. \pre shape has no such property
Shape* shape_with_property(Runtime& runtime, Shape* shape, PropertyKey key, std::uint8_t flags);
/// A dictionary with the same properties.
Shape* dictionary_copy(Runtime& runtime, Shape* shape);
/// Adds to a dictionary, in place, in `slot`.
void dictionary_add(Runtime& runtime, Shape* shape, PropertyKey key, std::uint8_t flags,
                    std::uint32_t slot);
/// @}
/// Dictionary only; never collect.
void dictionary_set_flags(Shape* shape, std::uint32_t entry, std::uint8_t flags);
void dictionary_remove(Runtime& runtime, Shape* shape, std::uint32_t entry);

inline std::uint32_t entry_slot(const PropertyTable::Entry& entry) {
  return static_cast<std::uint32_t>(entry.info.bits()) >> 8;
}
inline std::uint8_t entry_flags(const PropertyTable::Entry& entry) {
  return static_cast<std::uint8_t>(entry.info.bits());
}
inline PropertyKey entry_key(const PropertyTable::Entry& entry) {
  return PropertyKey::from_value(Value::from(entry.key));
}

}  // namespace heaplab::interp
