// SPDX-License-Identifier: MIT
// Finding and reading properties; assignment.

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/typed_array.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

using Where = PropertyRef::Where;

PropertyRef special(JSObject* holder, Value value, std::uint8_t flags) {
  PropertyRef ref;
  ref.where = Where::special;
  ref.holder = holder;
  ref.value = value;
  ref.flags = flags;
  return ref;
}

/// Elements that are kept in other ways. `none` goes on with the ordinary ones.
PropertyRef find_exotic_element(const Runtime& runtime, JSObject* object, std::uint32_t index) {
  if (has_type(object, HeapType::TypedArray)) {
    if (index < object->length_) {
      return special(object, typed_array_get(static_cast<JSTypedArray*>(object), index), kAll);
    }
    PropertyRef ref;
    ref.where = Where::stop;
    ref.holder = object;
    return ref;
  }
  if (has_type(object, HeapType::PrimitiveWrapper)) {
    const Value value = Value::from(static_cast<JSPrimitiveWrapper*>(object)->value_);
    if (value.is_string() && index < value.as_string()->length()) {
      const char16_t unit = char_at(value.as_string(), index);
      // Characters beyond Latin-1 have no preallocated string: get() makes one.
      const Value text = unit <= 0xff ? Value(const_cast<Runtime&>(runtime).single_character(unit))
                                      : Value::hole();
      return special(object, text, kEnumerable);
    }
  }
  return {};
}

PropertyRef find_own_element(const Runtime& runtime, JSObject* object, std::uint32_t index) {
  if (object->has_dense_elements()) {
    const Value value = dense_element(object, index);
    if (!value.is_hole()) {
      PropertyRef ref;
      ref.where = Where::dense;
      ref.holder = object;
      ref.index = index;
      ref.value = value;
      ref.flags = kEnumerable;
      if (!object->flag(JSObject::sealed_elements_flag)) ref.flags |= kConfigurable;
      if (!object->flag(JSObject::frozen_elements_flag)) ref.flags |= kWritable;
      return ref;
    }
    return find_exotic_element(runtime, object, index);
  }
  const auto* sparse = static_cast<const SparseElements*>(object->elements_.get());
  const std::uint32_t at = sparse_find(sparse, index);
  if (at == not_found) return find_exotic_element(runtime, object, index);
  PropertyRef ref;
  ref.where = Where::sparse;
  ref.holder = object;
  ref.index = at;
  ref.flags = sparse_flags(sparse->cells_->words()[2 * at]);
  ref.value = Value::from(sparse->cells_->words()[2 * at + 1]);
  return ref;
}

bool is_lazy_key(const Runtime& runtime, const JSObject* object, PropertyKey key) {
  const CommonAtoms& atoms = runtime.atoms();
  if (has_type(object, HeapType::Error)) return key.is(atoms.stack);
  return key.is(atoms.prototype) || key.is(atoms.name) || key.is(atoms.length);
}

}  // namespace

PropertyRef find_own(const Runtime& runtime, JSObject* object, PropertyKey key) {
  if (key.is_index()) return find_own_element(runtime, object, key.index());
  ShapeEntry entry;
  if (shape_lookup(object->shape(), key, &entry)) {
    PropertyRef ref;
    ref.where = Where::slot;
    ref.holder = object;
    ref.index = entry.slot;
    ref.flags = entry.flags;
    ref.value = Value::from(*slot_address(object, entry.slot));
    return ref;
  }
  if (object->flag(JSObject::lazy_flag) && is_lazy_key(runtime, object, key)) {
    PropertyRef ref;
    ref.where = Where::lazy;
    ref.holder = object;
    return ref;
  }
  if (key.is(runtime.atoms().length)) {
    if (has_type(object, HeapType::Array)) {
      const bool writable = !object->flag(JSObject::fixed_length_flag);
      return special(object, Value::number(object->length_), writable ? kWritable : kNone);
    }
    if (has_type(object, HeapType::PrimitiveWrapper)) {
      const Value value = Value::from(static_cast<JSPrimitiveWrapper*>(object)->value_);
      if (value.is_string()) {
        return special(object, Value::number(value.as_string()->length()), kNone);
      }
    }
  }
  return {};
}

PropertyRef find(const Runtime& runtime, JSObject* object, PropertyKey key) {
  unsigned depth = 0;
  for (JSObject* holder = object; holder; holder = holder->prototype(), ++depth) {
    PropertyRef ref = find_own(runtime, holder, key);
    if (ref.where != Where::none) {
      ref.depth = static_cast<std::uint8_t>(depth < 255 ? depth : 255);
      return ref;
    }
  }
  return {};
}

namespace {

/// A special value that find could not make without allocating. May collect.
Value special_value(Runtime& runtime, const PropertyRef& ref, PropertyKey key) {
  if (!ref.value.is_hole()) return ref.value;
  const Value text = Value::from(static_cast<JSPrimitiveWrapper*>(ref.holder)->value_);
  return string_from_char(runtime, char_at(text.as_string(), key.index()));
}

/// find(), with the lazy properties of functions on the way made real. May collect, so it takes and
/// updates roots.
PropertyRef find_now(Runtime& runtime, Rooted<JSObject>& object, RootedValue& key, bool own) {
  while (true) {
    const PropertyKey k = PropertyKey::from_value(key);
    const PropertyRef ref =
        own ? find_own(runtime, object.get(), k) : find(runtime, object.get(), k);
    if (ref.where != Where::lazy) return ref;
    materialize(runtime, ref.holder);
  }
}

}  // namespace

Value get(Runtime& runtime, JSObject* object, PropertyKey key, Value receiver) {
  PropertyRef ref = find(runtime, object, key);
  if (ref.where == Where::lazy) [[unlikely]] {
    Rooted<JSObject> o(runtime, object);
    RootedValue k(runtime, key.to_rootable());
    RootedValue r(runtime, receiver);
    ref = find_now(runtime, o, k, false);
    if (ref.is_accessor()) return get(runtime, o.get(), PropertyKey::from_value(k), r);
  }
  if (!ref.found()) return Value::undefined();
  if (ref.where == Where::special) return special_value(runtime, ref, key);
  if (!ref.is_accessor()) return ref.value;
  const Value getter = Value::from(ref.accessor()->getter_);
  return getter.is_undefined() ? getter : call(runtime, getter, receiver);
}

std::string nameless_operand(Runtime& runtime, Value value) {
  const std::string type = to_utf8(type_of(runtime, value));
  if (value.is_string()) return type + " \"" + to_utf8(value.as_string()) + "\"";
  const bool shown = value.is_null() || value.is_boolean() || value.is_number();
  return shown ? type + " " + describe_for_error(runtime, value) : type;
}

void throw_unreadable(Runtime& runtime, Value target, PropertyKey key) {
  // V8 takes it for an attempt to iterate.
  if (key.is(runtime.atoms().symbol_iterator)) {
    throw_type_error(runtime, fmt::format("{} is not iterable (cannot read property "
                                          "Symbol(Symbol.iterator))",
                                          target.is_null() ? "object null" : "undefined"));
  }
  throw_type_error(runtime, fmt::format("Cannot read properties of {} (reading '{}')",
                                        target.is_null() ? "null" : "undefined", key_text(key)));
}

Value get(Runtime& runtime, Value target, PropertyKey key) {
  if (target.is_object()) return get(runtime, target.as_object(), key, target);
  if (target.is_string()) {
    String* string = target.as_string();
    if (key.is_index() && key.index() < string->length()) {
      return string_from_char(runtime, char_at(string, key.index()));
    }
    if (key.is(runtime.atoms().length)) return Value::number(string->length());
  }
  JSObject* prototype = runtime.primitive_prototype(target);
  if (!prototype) {
    throw_unreadable(runtime, target, key);
  }
  return get(runtime, prototype, key, target);
}

Value get_named(Runtime& runtime, Value target, String* atom) {
  return get(runtime, target, PropertyKey(atom));
}

Value get_index(Runtime& runtime, Value target, std::uint64_t index) {
  if (index <= PropertyKey::max_index) {
    return get(runtime, target, PropertyKey::index(static_cast<std::uint32_t>(index)));
  }
  RootedValue t(runtime, target);
  const PropertyKey key = key_of_number(runtime, static_cast<double>(index));
  return get(runtime, t, key);
}

Value get_method(Runtime& runtime, Value target, PropertyKey key) {
  RootedValue k(runtime, key.to_rootable());
  const Value method = get(runtime, target, key);
  if (method.is_nullish()) return Value::undefined();
  if (!method.is_callable()) {
    const bool conversion = PropertyKey::from_value(k).is(runtime.atoms().symbol_to_primitive);
    throw_type_error(runtime, (conversion ? nameless_operand(runtime, method)
                                          : describe_for_error(runtime, method)) +
                                  " is not a function");
  }
  return method;
}

bool own_property(Runtime& runtime, JSObject* object, PropertyKey key, OwnProperty* out) {
  Rooted<JSObject> o(runtime, object);
  RootedValue k(runtime, key.to_rootable());
  const PropertyRef ref = find_now(runtime, o, k, true);
  if (!ref.found()) return false;
  *out = {};
  out->flags = ref.flags;
  if (ref.is_accessor()) {
    out->getter = Value::from(ref.accessor()->getter_);
    out->setter = Value::from(ref.accessor()->setter_);
  } else {
    out->value = ref.where == Where::special
                     ? special_value(runtime, ref, PropertyKey::from_value(k))
                     : ref.value;
  }
  return true;
}

bool has_own_property(Runtime& runtime, JSObject* object, PropertyKey key) {
  const PropertyRef ref = find_own(runtime, object, key);
  return ref.found() || (ref.where == Where::lazy && [&] {
           OwnProperty ignored;
           return own_property(runtime, object, key, &ignored);
         }());
}

bool has_property(Runtime& runtime, JSObject* object, PropertyKey key) {
  Rooted<JSObject> o(runtime, object);
  RootedValue k(runtime, key.to_rootable());
  return find_now(runtime, o, k, false).found();
}

void overwrite(Runtime& runtime, const PropertyRef& ref, Value value) {
  Heap& heap = runtime.heap();
  switch (ref.where) {
    case Where::slot:
      write_slot(heap, ref.holder, ref.index, value);
      if (has_type(ref.holder, HeapType::Function)) {
        ShapeEntry prototype;
        if (shape_lookup(ref.holder->shape(), PropertyKey(runtime.atoms().prototype), &prototype) &&
            prototype.slot == ref.index) {
          heap.write(ref.holder, static_cast<JSFunction*>(ref.holder)->instance_shape_, nullptr);
        }
      }
      break;
    case Where::dense:
      write_element(heap, ref.holder->dense_elements(), ref.index, value);
      break;
    default: {
      WordArray* cells = static_cast<SparseElements*>(ref.holder->elements_.get())->cells_.get();
      heap.write(cells, cells->words()[2 * ref.index + 1], value.word());
    }
  }
}

namespace {

bool set_special(Runtime& runtime, const PropertyRef& ref, PropertyKey key, Value value) {
  Rooted<JSObject> holder(runtime, ref.holder);
  if (has_type(ref.holder, HeapType::TypedArray)) {
    const Value number = Value::number(to_number(runtime, value));
    auto* array = static_cast<JSTypedArray*>(holder.get());
    if (key.index() < array->length_) typed_array_set(array, key.index(), number);
    return true;
  }
  if (!has_type(ref.holder, HeapType::Array)) return false;
  const std::uint32_t length = to_array_length(runtime, value);
  return set_array_length(runtime, static_cast<JSArray*>(holder.get()), length);
}

/// Adds `key` to the receiver, or overwrites its own data property.
bool set_on_receiver(Runtime& runtime, JSObject* receiver, PropertyKey key, Value value) {
  Rooted<JSObject> object(runtime, receiver);
  RootedValue k(runtime, key.to_rootable());
  RootedValue v(runtime, value);
  const PropertyRef own = find_now(runtime, object, k, true);
  if (own.found()) {
    if (own.is_accessor() || !(own.flags & kWritable)) return false;
    if (own.where == Where::special) {
      return set_special(runtime, own, PropertyKey::from_value(k), v);
    }
    overwrite(runtime, own, v);
    return true;
  }
  if (!object->is_extensible()) return false;
  const PropertyKey now = PropertyKey::from_value(k);
  if (now.is_index()) return put_element(runtime, object.get(), now.index(), v, kAll);
  add_property(runtime, object.get(), now, v, kAll);
  return true;
}

bool call_setter(Runtime& runtime, const PropertyRef& ref, Value receiver, Value value) {
  const Value setter = Value::from(ref.accessor()->setter_);
  if (setter.is_undefined()) return false;
  call(runtime, setter, receiver, {value});
  return true;
}

}  // namespace

bool try_set(Runtime& runtime, JSObject* object, PropertyKey key, Value value, Value receiver) {
  PropertyRef ref = find(runtime, object, key);
  if (ref.where == Where::lazy) [[unlikely]] {
    Rooted<JSObject> o(runtime, object);
    RootedValue k(runtime, key.to_rootable());
    RootedValue v(runtime, value);
    RootedValue r(runtime, receiver);
    materialize(runtime, ref.holder);
    return try_set(runtime, o.get(), PropertyKey::from_value(k), v, r);
  }
  if (ref.found()) {
    if (ref.is_accessor()) return call_setter(runtime, ref, receiver, value);
    if (!(ref.flags & kWritable)) return false;
    if (receiver == Value(ref.holder)) {
      if (ref.where == Where::special) return set_special(runtime, ref, key, value);
      overwrite(runtime, ref, value);
      return true;
    }
  } else if (ref.where == Where::stop && receiver == Value(ref.holder)) {
    to_number(runtime, value);  // the language wants the conversion's side effects
    return true;
  }
  if (!receiver.is_object()) return false;
  return set_on_receiver(runtime, receiver.as_object(), key, value);
}

void set(Runtime& runtime, Value target, PropertyKey key, Value value) {
  JSObject* object = target.is_object() ? target.as_object() : runtime.primitive_prototype(target);
  if (!object) {
    throw_type_error(runtime, fmt::format("Cannot set properties of {} (setting '{}')",
                                          target.is_null() ? "null" : "undefined", key_text(key)));
  }
  RootedValue t(runtime, target);
  RootedValue k(runtime, key.to_rootable());
  if (!try_set(runtime, object, key, value, target)) {
    throw_failed_set(runtime, t, PropertyKey::from_value(k));
  }
}

void set_named(Runtime& runtime, Value target, String* atom, Value value) {
  set(runtime, target, PropertyKey(atom), value);
}

void set_index(Runtime& runtime, Value target, std::uint64_t index, Value value) {
  if (index <= PropertyKey::max_index) {
    set(runtime, target, PropertyKey::index(static_cast<std::uint32_t>(index)), value);
    return;
  }
  RootedValue t(runtime, target);
  RootedValue v(runtime, value);
  const PropertyKey key = key_of_number(runtime, static_cast<double>(index));
  set(runtime, t, key, v);
}

void throw_failed_set(Runtime& runtime, Value target, PropertyKey key) {
  const std::string name = key_text(key);
  if (target.is_string() && (key.is(runtime.atoms().length) ||
                             (key.is_index() && key.index() < target.as_string()->length()))) {
    throw_type_error(runtime, fmt::format("Cannot assign to read only property '{}' of string '{}'",
                                          name, to_utf8(target.as_string())));
  }
  if (!target.is_object()) {
    throw_type_error(runtime,
                     fmt::format("Cannot create property '{}' on {} '{}'", name,
                                 to_utf8(type_of(runtime, target)),
                                 target.is_string() ? to_utf8(target.as_string())
                                                    : describe_for_error(runtime, target)));
  }
  JSObject* object = target.as_object();
  const std::string owner = describe_for_error(runtime, target);
  const PropertyRef ref = find(runtime, object, key);
  if (ref.found() && ref.is_accessor()) {
    throw_type_error(
        runtime, fmt::format("Cannot set property {} of {} which has only a getter", name, owner));
  }
  if (ref.found()) {
    throw_type_error(runtime, fmt::format("Cannot assign to read only property '{}' of object '{}'",
                                          name, owner));
  }
  throw_type_error(runtime, fmt::format("Cannot add property {}, object is not extensible", name));
}

std::uint64_t length_of(Runtime& runtime, Value target) {
  if (is_array(target)) return target.as_object()->length_;
  return to_length(runtime, get_named(runtime, target, runtime.atoms().length));
}

std::string key_text(PropertyKey key) {
  if (key.is_index()) return std::to_string(key.index());
  if (key.is_string()) return to_utf8(key.atom());
  const Value description = Value::from(key.symbol()->description_);
  const std::string text = description.is_string() ? to_utf8(description.as_string()) : "";
  return key.is_private() ? text : "Symbol(" + text + ")";
}

}  // namespace heaplab::interp
