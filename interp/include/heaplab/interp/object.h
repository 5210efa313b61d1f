// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "heaplab/interp/call.h"
#include "heaplab/interp/shape.h"

namespace heaplab::interp {

/// The start of every guest object. Objects of HeapType::Object have in-object slots behind it;
/// all others derive from it and keep named properties in `properties_`.
///
/// `elements_` holds the properties named by array indices:
///   WordArray        dense: element i in word i, the hole where there is none
///   SparseElements   a hash table, when they are far apart or have unusual attributes. Its
///                    length() is 0, so that a bounds check alone keeps fast paths out.
/// It is never null (an empty shared WordArray at first).
///
/// `length_`: an array's length; of other objects, the number of dense elements in use (all beyond
/// are holes).
class JSObject : public Object {
 public:
  /// Language flags of the header.
  enum Flag : unsigned {
    not_extensible_flag = 0,
    sealed_elements_flag = 1,  ///< elements cannot be deleted or reconfigured
    frozen_elements_flag = 2,  ///< nor written
    prototype_flag = 3,        ///< some shape has it as prototype
    lazy_flag = 4,             ///< name/length/prototype of a function, stack of an error: not yet
    fixed_length_flag = 5,     ///< an array whose length is not writable
    class_flag = 6,            ///< for the types' own use
    aux_flag = 7,
  };

  Shape* shape() const { return shape_.get(); }
  JSObject* prototype() const { return shape_->prototype_.get(); }
  bool is_extensible() const { return !flag(not_extensible_flag); }
  bool has_dense_elements() const { return has_type(elements_.get(), HeapType::WordArray); }
  WordArray* dense_elements() const { return static_cast<WordArray*>(elements_.get()); }
  Word* inline_slots() { return reinterpret_cast<Word*>(this + 1); }

  Ref<Shape> shape_;
  Ref<PropertyArray> properties_;  ///< null until needed
  Ref<Object> elements_;
  std::uint32_t length_ = 0;
};
static_assert(sizeof(JSObject) == 24);

class SparseElements : public Object {  // fixed size: length() is 0
 public:
  Ref<WordArray> cells_;     ///< pairs (index and flags, value), open addressing
  std::uint32_t count_ = 0;  ///< live entries
  std::uint32_t used_ = 0;   ///< live and deleted cells
  std::uint32_t padding_ = 0;
};

class JSArray : public JSObject {};

/// Boolean, Number, String and Symbol objects.
class JSPrimitiveWrapper : public JSObject {
 public:
  Word value_;
};

inline bool is_object_type(const Object* object) {
  return object->type_id() >= type_id(HeapType::Function);
}
inline bool Value::is_object() const { return is_reference() && is_object_type(as_reference()); }
inline bool Value::is_callable() const {
  return is_reference() && type_in(as_reference(), HeapType::Function, HeapType::BoundFunction);
}
inline JSObject* Value::as_object() const {
  assert(is_object() && "not an object");
  return static_cast<JSObject*>(as_reference());
}
inline bool is_array(Value value) {
  return value.is_reference() && has_type(value.as_reference(), HeapType::Array);
}
/// The object if the value is one of that type, else null:  as_if<JSMap>(v, HeapType::Map)
template <class T>
T* as_if(Value value, HeapType type) {
  return value.is_reference() && has_type(value.as_reference(), type)
             ? static_cast<T*>(value.as_reference())
             : nullptr;
}

/// \name Making objects. May collect.
/// @{
/// {}; room for `slots` named properties inside the object.
JSObject* new_object(Runtime& runtime, std::uint32_t slots = 4);
/// Object.create(prototype); null: no prototype.
JSObject* new_object_with_prototype(Runtime& runtime, JSObject* prototype, std::uint32_t slots = 4);
/// An object of one of the fixed-size types: `T` zeroed behind the JSObject part.
/// `extra`: for types with a variable part, its length.
template <class T>
T* new_exotic(Runtime& runtime, HeapType type, JSObject* prototype);
JSObject* new_exotic_object(Runtime& runtime, HeapType type, JSObject* prototype,
                            std::uint32_t extra = 0);
/// An empty array with room for `capacity` elements.
JSArray* new_array(Runtime& runtime, std::uint32_t capacity = 0);
JSArray* new_array_from(Runtime& runtime, std::span<const Value> values);
/// What `new F` in a built-in constructor must use as prototype: new_target.prototype, or the
/// intrinsic if that is no object. Runs getters.
JSObject* prototype_for_construct(Runtime& runtime, Value new_target, JSObject* fallback);
/// @}

/// A property as own_property reports it.
struct OwnProperty {
  Value value;   ///< data: the value
  Value getter;  ///< accessor: callable or undefined
  Value setter;
  std::uint8_t flags = 0;  ///< PropertyFlags
  bool is_accessor() const { return (flags & kAccessor) != 0; }
};

/// What Object.defineProperty asks for: absent parts are not changed.
struct PropertyDescriptor {
  std::optional<Value> value;
  std::optional<Value> getter;
  std::optional<Value> setter;
  std::optional<bool> writable;
  std::optional<bool> enumerable;
  std::optional<bool> configurable;
  bool is_accessor() const { return getter || setter; }
  bool is_data() const { return value || writable; }
};

/// \name Properties, in general: any object, any key. All may collect; those marked * run guest
/// code and may throw.
/// @{
bool own_property(Runtime& runtime, JSObject* object, PropertyKey key, OwnProperty* out);
bool has_own_property(Runtime& runtime, JSObject* object, PropertyKey key);
bool has_property(Runtime& runtime, JSObject* object, PropertyKey key);
Value get(Runtime& runtime, Value target, PropertyKey key);  // * nullish target: TypeError
Value get(Runtime& runtime, JSObject* object, PropertyKey key, Value receiver);  // *
Value get_named(Runtime& runtime, Value target, String* atom);                   // *
Value get_index(Runtime& runtime, Value target, std::uint64_t index);            // *
/// A method, or undefined if it is nullish; else TypeError "x is not a function". *
Value get_method(Runtime& runtime, Value target, PropertyKey key);
/// Strict mode's assignment: throws TypeError when it cannot. *
void set(Runtime& runtime, Value target, PropertyKey key, Value value);
void set_named(Runtime& runtime, Value target, String* atom, Value value);
void set_index(Runtime& runtime, Value target, std::uint64_t index, Value value);
/// False when it cannot. *
bool try_set(Runtime& runtime, JSObject* object, PropertyKey key, Value value, Value receiver);
/// Own data property, whatever was there, without setters: CreateDataPropertyOrThrow. *
void define(Runtime& runtime, JSObject* object, PropertyKey key, Value value,
            std::uint8_t flags = kAll);
void define_accessor(Runtime& runtime, JSObject* object, PropertyKey key, Value getter,
                     Value setter, std::uint8_t flags);
/// ValidateAndApplyPropertyDescriptor; false when refused. An array's new length may throw. *
bool define_own_property(Runtime& runtime, JSObject* object, PropertyKey key,
                         const PropertyDescriptor& descriptor);
/// False when the property cannot be deleted.
bool delete_property(Runtime& runtime, JSObject* object, PropertyKey key);
/// False when refused (a cycle, a non-extensible object).
bool set_prototype(Runtime& runtime, JSObject* object, JSObject* prototype);
void prevent_extensions(Runtime& runtime, JSObject* object);
enum class Integrity : std::uint8_t { sealed, frozen };
void set_integrity(Runtime& runtime, JSObject* object, Integrity level);
bool test_integrity(Runtime& runtime, JSObject* object, Integrity level);

struct KeyFilter {
  bool strings = true;
  bool symbols = false;
  bool only_enumerable = true;
};
/// Own keys in the order of the language: indices ascending, strings, symbols. Script values
/// (indices as strings). Private names are never listed.
void own_keys(Runtime& runtime, JSObject* object, KeyFilter filter, RootedValues* out);
/// @}

/// \name Arrays. May collect, run no guest code.
/// @{
void array_push(Runtime& runtime, JSArray* array, Value value);
/// Sets the length, dropping elements beyond. False if frozen elements are in the way.
bool set_array_length(Runtime& runtime, JSArray* array, std::uint32_t length);
/// Room for `capacity` dense elements, filled with holes. \pre has_dense_elements()
void reserve_elements(Runtime& runtime, JSObject* object, std::uint32_t capacity);
/// @}
/// An array whose elements 0..length_-1 can be read straight from dense_elements(): dense, no
/// holes looked up on prototypes. Holes may be there all the same: check each. Never collects.
inline bool is_simple_array(Value value) {
  return is_array(value) && value.as_object()->has_dense_elements() &&
         value.as_object()->length_ <= value.as_object()->elements_->length();
}
/// The element, or the hole. Never collects. \pre has_dense_elements()
inline Value dense_element(const JSObject* object, std::uint32_t i) {
  const WordArray* elements = object->dense_elements();
  return i < elements->length() ? elements->get(i) : Value::hole();
}
/// Overwrites an element. Never collects. \pre dense, writable, i < capacity
void set_dense_element(Runtime& runtime, JSObject* object, std::uint32_t i, Value value);

/// LengthOfArrayLike. Runs guest code for odd objects; may collect.
std::uint64_t length_of(Runtime& runtime, Value target);

}  // namespace heaplab::interp
