// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/object.h"
#include "heaplab/interp/runtime.h"

// The object model's inside: where properties are, and how slots and elements are read and written.
// Nothing here runs guest code.

namespace heaplab::interp {

/// Where a property was found.
struct PropertyRef {
  enum class Where : std::uint8_t {
    none,     ///< not found
    stop,     ///< not found, and the search must not go on (typed array, index out of range)
    lazy,     ///< `holder` must be given its lazy properties first (materialize), then look again
    slot,     ///< named property, slot `index`
    dense,    ///< element `index`
    sparse,   ///< cell `index` of the sparse elements
    special,  ///< kept otherwise: array length, characters, typed array elements
  };
  Where where = Where::none;
  std::uint8_t flags = 0;
  std::uint8_t depth = 0;  ///< how many prototypes up
  std::uint32_t index = 0;
  JSObject* holder = nullptr;
  Value value;  ///< what the slot holds: the value or the Accessor

  bool found() const { return where >= Where::slot; }
  bool is_accessor() const { return (flags & kAccessor) != 0; }
  Accessor* accessor() const { return value.as<Accessor>(); }
};

/// \name Never collect.
/// @{
PropertyRef find_own(const Runtime& runtime, JSObject* object, PropertyKey key);
PropertyRef find(const Runtime& runtime, JSObject* object, PropertyKey key);

inline Word* slot_address(JSObject* object, std::uint32_t slot) {
  const std::uint32_t capacity = object->shape()->inline_capacity_;
  return slot < capacity ? object->inline_slots() + slot
                         : object->properties_->words() + (slot - capacity);
}
inline void write_slot(Heap& heap, JSObject* object, std::uint32_t slot, Value value) {
  const std::uint32_t capacity = object->shape()->inline_capacity_;
  if (slot < capacity) {
    heap.write(object, object->inline_slots()[slot], value.word());
  } else {
    PropertyArray* properties = object->properties_.get();
    heap.write(properties, properties->words()[slot - capacity], value.word());
  }
}
inline void write_element(Heap& heap, WordArray* elements, std::uint32_t i, Value value) {
  heap.write(elements, elements->words()[i], value.word());
}
/// Overwrites what `ref` (own, a data property, not special) found.
void overwrite(Runtime& runtime, const PropertyRef& ref, Value value);
/// Some named property of `object` was added, removed or redefined, or its prototype changed.
inline void structure_changed(Runtime& runtime, const JSObject* object) {
  if (object->flag(JSObject::prototype_flag)) runtime.bump_prototype_epoch();
}
std::uint32_t sparse_find(const SparseElements* sparse, std::uint32_t index);
inline constexpr std::uint32_t not_found = 0xffff'ffffu;
inline std::uint8_t sparse_flags(Word key) { return static_cast<std::uint8_t>(key.bits() >> 32); }
inline std::uint32_t sparse_index(Word key) { return static_cast<std::uint32_t>(key.bits()); }
inline bool sparse_live(Word key) { return key.bits() >= Value::int_tag; }
/// @}

inline bool shape_has(const Shape* shape, PropertyKey key) {
  ShapeEntry ignored;
  return shape_lookup(shape, key, &ignored);
}
/// Where an error was made, if it remembers.
bool captured_site(const JSObject* error, AllocationSite* site);
/// Does it have an own `length` that is not in its shape?
bool has_special_length(const JSObject* object);

/// \name May collect.
/// @{
/// A plain object with that (empty) shape.
JSObject* new_object_of_shape(Runtime& runtime, Shape* shape);
void list_element_keys(Runtime& runtime, JSObject* object, KeyFilter filter, RootedValues* out);
/// The other half of own_keys.
void list_named_keys(Runtime& runtime, JSObject* object, KeyFilter filter, RootedValues* out);
/// Gives a function its name, length and prototype properties, an error its stack.
void materialize(Runtime& runtime, JSObject* object);
class JSError;
void materialize_stack(Runtime& runtime, JSError* error);
/// Room for that many slots (in-object ones included).
void ensure_slots(Runtime& runtime, JSObject* object, std::uint32_t count);
/// Adds a property that is not there. Ignores extensibility.
void add_property(Runtime& runtime, JSObject* object, PropertyKey key, Value value,
                  std::uint8_t flags, bool by_computed_key = false);
/// Makes the object's shape a dictionary of its own.
void make_dictionary(Runtime& runtime, JSObject* object);
/// Replaces flags and value of an own named property.
void redefine_slot(Runtime& runtime, JSObject* object, PropertyKey key, Value value,
                   std::uint8_t flags);
/// Adds or replaces an element with these flags; false if a fixed-length array is in the way.
bool put_element(Runtime& runtime, JSObject* object, std::uint32_t index, Value value,
                 std::uint8_t flags);
void make_sparse(Runtime& runtime, JSObject* object);
bool delete_element(Runtime& runtime, JSObject* object, std::uint32_t index);
/// Indices of own elements, ascending.
void element_indices(const JSObject* object, std::vector<std::uint32_t>* out);
Accessor* new_accessor(Runtime& runtime, Value getter, Value setter);
/// Array length from any value: RangeError "Invalid array length". Runs guest code.
std::uint32_t to_array_length(Runtime& runtime, Value value);
/// @}

/// The TypeError for an assignment that try_set refused.
[[noreturn]] void throw_failed_set(Runtime& runtime, Value target, PropertyKey key);
/// What V8 writes for an operand that the source has no name for: "number 5", "object null".
std::string nameless_operand(Runtime& runtime, Value value);
/// How the source calls the function that a native function was called as; empty if unknown.
std::string caller_text(Runtime& runtime);
/// The TypeError for reading a property of null or undefined.
[[noreturn]] void throw_unreadable(Runtime& runtime, Value target, PropertyKey key);
/// The number as the language prints it. Never collects.
std::string number_text(Value number);
/// Text of a key for error messages. Never collects.
std::string key_text(PropertyKey key);

}  // namespace heaplab::interp
