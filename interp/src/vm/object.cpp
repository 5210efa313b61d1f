// SPDX-License-Identifier: MIT
// Making objects and changing their structure.

#include "heaplab/interp/object.h"

#include <algorithm>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

/// Objects with more named properties than this turn into dictionaries: they are used as maps.
constexpr std::uint32_t max_shared_properties = 512;
/// The same for properties whose names were computed (o[key] = v).
constexpr std::uint32_t max_computed_properties = 64;
constexpr std::uint32_t max_inline_slots = 32;

void set_shape(Runtime& runtime, JSObject* object, Shape* shape) {
  runtime.heap().write(object, object->shape_, shape);
}

/// An object of any type with an empty shape. May collect.
JSObject* allocate_object(Runtime& runtime, HeapType type, Shape* shape_arg, std::uint32_t extra) {
  Rooted<Shape> shape(runtime, shape_arg);
  Object* object = runtime.heap().allocate(type_id(type), extra);
  auto* result = static_cast<JSObject*>(object);
  // A large object may be old already: then the barrier is needed.
  runtime.heap().write(result, result->shape_, shape.get());
  runtime.heap().write(result, result->elements_, static_cast<Object*>(runtime.empty_elements()));
  return result;
}

}  // namespace

JSObject* new_object_of_shape(Runtime& runtime, Shape* shape) {
  return allocate_object(runtime, HeapType::Object, shape, shape->inline_capacity_);
}

JSObject* new_object(Runtime& runtime, std::uint32_t slots) {
  return new_object_of_shape(runtime, runtime.object_shape(std::min(slots, max_inline_slots)));
}

JSObject* new_object_with_prototype(Runtime& runtime, JSObject* prototype, std::uint32_t slots) {
  return new_object_of_shape(runtime,
                             root_shape(runtime, prototype, std::min(slots, max_inline_slots)));
}

JSObject* new_exotic_object(Runtime& runtime, HeapType type, JSObject* prototype,
                            std::uint32_t extra) {
  assert(type != HeapType::Object && "plain objects have in-object slots: use new_object");
  return allocate_object(runtime, type, root_shape(runtime, prototype, 0), extra);
}

JSArray* new_array(Runtime& runtime, std::uint32_t capacity) {
  JSObject* array = allocate_object(runtime, HeapType::Array, runtime.array_shape(), 0);
  if (capacity == 0) return static_cast<JSArray*>(array);
  Rooted<JSObject> root(runtime, array);
  reserve_elements(runtime, array, capacity);
  return static_cast<JSArray*>(root.get());
}

JSArray* new_array_from(Runtime& runtime, std::span<const Value> values) {
  RootedValues copy(runtime);
  copy.vector().assign(values.begin(), values.end());
  const auto count = static_cast<std::uint32_t>(values.size());
  JSArray* array = new_array(runtime, count);
  for (std::uint32_t i = 0; i < count; ++i) {
    write_element(runtime.heap(), array->dense_elements(), i, copy[i]);
  }
  array->length_ = count;
  return array;
}

JSObject* prototype_for_construct(Runtime& runtime, Value new_target, JSObject* fallback) {
  if (!new_target.is_object()) return fallback;
  Rooted<JSObject> otherwise(runtime, fallback);
  const Value prototype = get_named(runtime, new_target, runtime.atoms().prototype);
  return prototype.is_object() ? prototype.as_object() : otherwise.get();
}

Shape* root_shape(Runtime& runtime, JSObject* prototype, std::uint32_t inline_capacity) {
  if (prototype == runtime.intrinsic(Intrinsic::ObjectPrototype)) {
    return runtime.object_shape(inline_capacity);
  }
  if (prototype == runtime.intrinsic(Intrinsic::ArrayPrototype) && inline_capacity == 0) {
    return runtime.array_shape();
  }
  if (!prototype) return runtime.null_prototype_shape(inline_capacity);
  // The shapes of an object's children are kept with the object, under a private name.
  const PropertyKey key(runtime.internal_symbol_root_shapes());
  Rooted<JSObject> proto(runtime, prototype);
  ShapeEntry entry;
  if (!shape_lookup(prototype->shape(), key, &entry)) {
    auto* shapes = runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray),
                                                            max_inline_slots + 1);
    add_property(runtime, proto.get(), PropertyKey(runtime.internal_symbol_root_shapes()),
                 Value(shapes), kNone);
    shape_lookup(proto->shape(), PropertyKey(runtime.internal_symbol_root_shapes()), &entry);
  }
  auto* shapes = Value::from(*slot_address(proto.get(), entry.slot)).as<WordArray>();
  if (const Value known = shapes->get(inline_capacity); !known.is_hole()) return known.as<Shape>();
  Rooted<WordArray> list(runtime, shapes);
  Shape* shape = new_root_shape(runtime, proto.get(), inline_capacity);
  runtime.heap().write(list.get(), list->words()[inline_capacity], Word(shape));
  return shape;
}

void ensure_slots(Runtime& runtime, JSObject* object_arg, std::uint32_t count) {
  const std::uint32_t inside = object_arg->shape()->inline_capacity_;
  if (count <= inside) return;
  const std::uint32_t wanted = count - inside;
  const std::uint32_t have = object_arg->properties_ ? object_arg->properties_->length() : 0;
  if (wanted <= have) return;
  Rooted<JSObject> object(runtime, object_arg);
  const std::uint32_t capacity = std::max(wanted, have + std::max(4u, have / 2));
  auto* grown =
      runtime.heap().allocate_array<PropertyArray>(type_id(HeapType::PropertyArray), capacity);
  runtime.heap().write(grown, grown->owner_, object.get());
  if (have > 0) {
    runtime.heap().copy_words(grown, grown->words(), object->properties_->words(), have);
  }
  runtime.heap().write(object.get(), object->properties_, grown);
}

void make_dictionary(Runtime& runtime, JSObject* object_arg) {
  if (object_arg->shape()->is_dictionary()) return;
  Rooted<JSObject> object(runtime, object_arg);
  Shape* shape = dictionary_copy(runtime, object->shape());
  set_shape(runtime, object.get(), shape);
}

namespace {

/// The slot for a new dictionary property: a freed one if there is. Free slots form a list through
/// the slots themselves.
std::uint32_t take_dictionary_slot(JSObject* object) {
  Shape* shape = object->shape();
  PropertyTable* table = shape->table_.get();
  if (table->free_slot_ == 0) return shape->slot_count_++;
  const std::uint32_t slot = table->free_slot_ - 1;
  table->free_slot_ = static_cast<std::uint32_t>(Value::from(*slot_address(object, slot)).as_int());
  return slot;
}

void add_to_dictionary(Runtime& runtime, Rooted<JSObject>& object, RootedValue& key,
                       RootedValue& value, std::uint8_t flags) {
  ensure_slots(runtime, object.get(), object->shape()->slot_count_ + 1);
  const std::uint32_t slot = take_dictionary_slot(object.get());
  write_slot(runtime.heap(), object.get(), slot, value);
  dictionary_add(runtime, object->shape(), PropertyKey::from_value(key), flags, slot);
}

}  // namespace

void add_property(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg, Value value_arg,
                  std::uint8_t flags, bool by_computed_key) {
  assert(!key_arg.is_index() && "elements are added with put_element");
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  RootedValue value(runtime, value_arg);
  const std::uint32_t count = object->shape()->property_count_;
  const std::uint32_t limit = by_computed_key ? max_computed_properties : max_shared_properties;
  if (count >= limit && object.get() != runtime.global()) make_dictionary(runtime, object.get());
  structure_changed(runtime, object.get());
  if (object->shape()->is_dictionary()) {
    add_to_dictionary(runtime, object, key, value, flags);
    return;
  }
  ensure_slots(runtime, object.get(), object->shape()->slot_count_ + 1);
  Shape* shape = shape_with_property(runtime, object->shape(), PropertyKey::from_value(key), flags);
  set_shape(runtime, object.get(), shape);
  write_slot(runtime.heap(), object.get(), shape->slot_count_ - 1, value);
}

void redefine_slot(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg, Value value_arg,
                   std::uint8_t flags) {
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  RootedValue value(runtime, value_arg);
  ShapeEntry entry;
  shape_lookup(object->shape(), key_arg, &entry);
  if (entry.flags != flags) {
    make_dictionary(runtime, object.get());
    structure_changed(runtime, object.get());
    shape_lookup(object->shape(), PropertyKey::from_value(key), &entry);
    dictionary_set_flags(object->shape(), entry.entry, flags);
  }
  write_slot(runtime.heap(), object.get(), entry.slot, value);
  if (has_type(object.get(), HeapType::Function)) {
    runtime.heap().write(object.get(), static_cast<JSFunction*>(object.get())->instance_shape_,
                         nullptr);
  }
}

bool delete_property(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg) {
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  PropertyRef ref = find_own(runtime, object.get(), key_arg);
  if (ref.where == PropertyRef::Where::lazy) {
    materialize(runtime, object.get());
    ref = find_own(runtime, object.get(), PropertyKey::from_value(key));
  }
  if (!ref.found()) return true;
  if (ref.where == PropertyRef::Where::special || !(ref.flags & kConfigurable)) return false;
  if (ref.where != PropertyRef::Where::slot) {
    return delete_element(runtime, object.get(), PropertyKey::from_value(key).index());
  }
  make_dictionary(runtime, object.get());
  structure_changed(runtime, object.get());
  ShapeEntry entry;
  shape_lookup(object->shape(), PropertyKey::from_value(key), &entry);
  dictionary_remove(runtime, object->shape(), entry.entry);
  PropertyTable* table = object->shape()->table_.get();
  write_slot(runtime.heap(), object.get(), entry.slot,
             Value::integer(static_cast<std::int32_t>(table->free_slot_)));
  table->free_slot_ = entry.slot + 1;
  return true;
}

namespace {

bool would_be_cycle(const JSObject* object, const JSObject* prototype) {
  for (; prototype; prototype = prototype->prototype()) {
    if (prototype == object) return true;
  }
  return false;
}

/// The shape an object gets when only its prototype changes. May collect.
Shape* shape_with_prototype(Runtime& runtime, Shape* original, JSObject* prototype) {
  Rooted<Shape> old(runtime, original);
  Rooted<Shape> shape(runtime, root_shape(runtime, prototype, original->inline_capacity_));
  for (std::uint32_t i = 0; i < old->property_count_; ++i) {
    const PropertyTable::Entry& entry = old->table_->entries()[i];
    shape = shape_with_property(runtime, shape.get(), entry_key(entry), entry_flags(entry));
  }
  return shape.get();
}

}  // namespace

bool set_prototype(Runtime& runtime, JSObject* object_arg, JSObject* prototype_arg) {
  if (object_arg->prototype() == prototype_arg) return true;
  if (!object_arg->is_extensible() || would_be_cycle(object_arg, prototype_arg)) return false;
  Rooted<JSObject> object(runtime, object_arg);
  Rooted<JSObject> prototype(runtime, prototype_arg);
  structure_changed(runtime, object.get());
  if (object->shape()->is_dictionary()) {
    if (prototype) prototype->set_flag(JSObject::prototype_flag, true);
    runtime.heap().write(object->shape(), object->shape()->prototype_, prototype.get());
    return true;
  }
  Shape* shape = shape_with_prototype(runtime, object->shape(), prototype.get());
  set_shape(runtime, object.get(), shape);
  return true;
}

void own_keys(Runtime& runtime, JSObject* object_arg, KeyFilter filter, RootedValues* out) {
  Rooted<JSObject> object(runtime, object_arg);
  if (filter.strings) list_element_keys(runtime, object.get(), filter, out);
  list_named_keys(runtime, object.get(), filter, out);
}

namespace {

/// `length`, `name` and `prototype` of a function are made when first asked for, but come first.
void bring_forward(const Runtime& runtime, std::span<Value> keys) {
  const CommonAtoms& atoms = runtime.atoms();
  auto place = keys.begin();
  for (const Value key : {Value(atoms.length), Value(atoms.name), Value(atoms.prototype)}) {
    const auto at = std::find(place, keys.end(), key);
    if (at != keys.end()) std::rotate(place++, at, at + 1);
  }
}

}  // namespace

void list_named_keys(Runtime& runtime, JSObject* object_arg, KeyFilter filter, RootedValues* out) {
  Rooted<JSObject> object(runtime, object_arg);
  if (object->flag(JSObject::lazy_flag)) materialize(runtime, object.get());
  const std::size_t before = out->size();
  const Shape* shape = object->shape();
  for (const bool symbols : {false, true}) {
    if (!(symbols ? filter.symbols : filter.strings)) continue;
    if (!symbols && !filter.only_enumerable && has_special_length(object.get())) {
      out->push_back(runtime.atoms().length);
    }
    for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
      const PropertyTable::Entry& entry = shape->table_->entries()[i];
      const Value key = Value::from(entry.key);
      if (key.is_hole() || key.is_symbol() != symbols) continue;
      if (symbols && key.as_symbol()->is_private()) continue;
      if (filter.only_enumerable && !(entry_flags(entry) & kEnumerable)) continue;
      out->push_back(key);
    }
    if (!symbols && has_type(object.get(), HeapType::Function)) {
      bring_forward(runtime, out->span().subspan(before));
    }
  }
}

bool has_special_length(const JSObject* object) {
  if (has_type(object, HeapType::Array)) return true;
  return has_type(object, HeapType::PrimitiveWrapper) &&
         Value::from(static_cast<const JSPrimitiveWrapper*>(object)->value_).is_string();
}

void list_element_keys(Runtime& runtime, JSObject* object_arg, KeyFilter filter,
                       RootedValues* out) {
  Rooted<JSObject> object(runtime, object_arg);
  std::uint32_t exotic = 0;
  if (has_type(object.get(), HeapType::TypedArray)) {
    exotic = object->length_;
  } else if (has_type(object.get(), HeapType::PrimitiveWrapper) &&
             has_special_length(object.get())) {
    exotic =
        Value::from(static_cast<JSPrimitiveWrapper*>(object.get())->value_).as_string()->length();
  }
  for (std::uint32_t i = 0; i < exotic; ++i) {
    out->push_back(key_to_value(runtime, PropertyKey::index(i)));
  }
  std::vector<std::uint32_t> indices;
  if (!has_type(object.get(), HeapType::TypedArray)) element_indices(object.get(), &indices);
  for (const std::uint32_t i : indices) {
    const PropertyRef ref = find_own(runtime, object.get(), PropertyKey::index(i));
    if (filter.only_enumerable && !(ref.flags & kEnumerable)) continue;
    out->push_back(key_to_value(runtime, PropertyKey::index(i)));
  }
}

}  // namespace heaplab::interp
