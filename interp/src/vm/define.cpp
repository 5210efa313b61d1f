// SPDX-License-Identifier: MIT
// Defining properties: literals, classes, Object.defineProperty; freezing and sealing.

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/property_access.h"

namespace heaplab::interp {

using Where = PropertyRef::Where;

Accessor* new_accessor(Runtime& runtime, Value getter, Value setter) {
  RootedValue g(runtime, getter);
  RootedValue s(runtime, setter);
  auto* accessor = runtime.heap().allocate<Accessor>(type_id(HeapType::Accessor));
  runtime.heap().write(accessor, accessor->getter_, g.get().word());
  runtime.heap().write(accessor, accessor->setter_, s.get().word());
  return accessor;
}

namespace {

/// Own property after lazy ones were made real. Updates the roots.
PropertyRef find_own_now(Runtime& runtime, Rooted<JSObject>& object, RootedValue& key) {
  PropertyRef ref = find_own(runtime, object.get(), PropertyKey::from_value(key));
  if (ref.where == Where::lazy) {
    materialize(runtime, object.get());
    ref = find_own(runtime, object.get(), PropertyKey::from_value(key));
  }
  return ref;
}

/// Adds or replaces without asking; `value` may be an Accessor. False: a fixed-length array.
bool put(Runtime& runtime, Rooted<JSObject>& object, RootedValue& key, RootedValue& value,
         std::uint8_t flags, bool exists) {
  const PropertyKey k = PropertyKey::from_value(key);
  if (k.is_index()) return put_element(runtime, object.get(), k.index(), value, flags);
  if (exists) {
    redefine_slot(runtime, object.get(), k, value, flags);
  } else {
    add_property(runtime, object.get(), k, value, flags);
  }
  return true;
}

[[noreturn]] void throw_cannot_define(Runtime& runtime, PropertyKey key) {
  throw_type_error(
      runtime, fmt::format("Cannot define property {}, object is not extensible", key_text(key)));
}

[[noreturn]] void throw_cannot_redefine(Runtime& runtime, PropertyKey key) {
  throw_type_error(runtime, fmt::format("Cannot redefine property: {}", key_text(key)));
}

}  // namespace

void define(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg, Value value_arg,
            std::uint8_t flags) {
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  RootedValue value(runtime, value_arg);
  const PropertyRef ref = find_own_now(runtime, object, key);
  const PropertyKey k = PropertyKey::from_value(key);
  if (!ref.found() && ref.where != Where::stop) {
    if (!object->is_extensible()) throw_cannot_define(runtime, k);
    if (!put(runtime, object, key, value, flags, false)) throw_cannot_define(runtime, k);
    return;
  }
  if (ref.where == Where::special || ref.where == Where::stop) {
    PropertyDescriptor descriptor;
    descriptor.value = value;
    descriptor.writable = (flags & kWritable) != 0;
    descriptor.enumerable = (flags & kEnumerable) != 0;
    descriptor.configurable = (flags & kConfigurable) != 0;
    if (!define_own_property(runtime, object.get(), k, descriptor))
      throw_cannot_redefine(runtime, k);
    return;
  }
  if (!(ref.flags & kConfigurable)) {
    const bool overwritable = ref.flags == flags && (ref.flags & kWritable);
    if (!overwritable) throw_cannot_redefine(runtime, k);
  }
  if (ref.flags == flags) {
    overwrite(runtime, ref, value);
  } else {
    put(runtime, object, key, value, flags, true);
  }
}

void define_accessor(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg, Value getter_arg,
                     Value setter_arg, std::uint8_t flags) {
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  RootedValue value(runtime, new_accessor(runtime, getter_arg, setter_arg));
  const PropertyRef ref = find_own_now(runtime, object, key);
  if (!ref.found() && !object->is_extensible()) {
    throw_cannot_define(runtime, PropertyKey::from_value(key));
  }
  const auto all = static_cast<std::uint8_t>((flags & ~kWritable) | kAccessor);
  put(runtime, object, key, value, all, ref.found());
}

namespace {

std::uint8_t with_flag(std::uint8_t flags, PropertyFlags flag, const std::optional<bool>& wanted) {
  if (!wanted) return flags;
  return static_cast<std::uint8_t>(*wanted ? flags | flag : flags & ~flag);
}

/// Does a non-configurable property refuse this change? (ValidateAndApplyPropertyDescriptor)
bool refuses(const PropertyRef& ref, Value current, const PropertyDescriptor& d) {
  if (ref.flags & kConfigurable) return false;
  if (d.configurable.value_or(false)) return true;
  if (d.enumerable && *d.enumerable != ((ref.flags & kEnumerable) != 0)) return true;
  if (d.is_accessor() != ref.is_accessor() && (d.is_accessor() || d.is_data())) return true;
  if (ref.is_accessor()) {
    const Accessor* accessor = ref.accessor();
    return (d.getter && *d.getter != Value::from(accessor->getter_)) ||
           (d.setter && *d.setter != Value::from(accessor->setter_));
  }
  if (ref.flags & kWritable) return false;
  return d.writable.value_or(false) || (d.value && !same_value(*d.value, current));
}

bool define_array_length(Runtime& runtime, JSObject* object, const PropertyDescriptor& d) {
  Rooted<JSObject> array(runtime, object);
  if (d.is_accessor() || d.configurable.value_or(false) || d.enumerable.value_or(false)) {
    return false;
  }
  if (array->flag(JSObject::fixed_length_flag) && d.writable.value_or(false)) return false;
  if (d.value) {
    const std::uint32_t length = to_array_length(runtime, *d.value);
    if (!set_array_length(runtime, static_cast<JSArray*>(array.get()), length)) return false;
  }
  if (d.writable && !*d.writable) array->set_flag(JSObject::fixed_length_flag, true);
  return true;
}

bool define_special(Runtime& runtime, const PropertyRef& ref, PropertyKey key,
                    const PropertyDescriptor& d) {
  if (has_type(ref.holder, HeapType::Array)) return define_array_length(runtime, ref.holder, d);
  if (has_type(ref.holder, HeapType::TypedArray)) {
    if (d.is_accessor() || !d.configurable.value_or(true) || !d.enumerable.value_or(true) ||
        !d.writable.value_or(true)) {
      return false;
    }
    return !d.value || try_set(runtime, ref.holder, key, *d.value, Value(ref.holder));
  }
  return !refuses(ref, ref.value, d);  // a string's characters: only what they already are
}

/// The stored form of what `d` asks for on top of what is there. May collect.
Value merged_value(Runtime& runtime, const PropertyRef& ref, const PropertyDescriptor& d) {
  const bool accessor = d.is_accessor() || (ref.found() && ref.is_accessor() && !d.is_data());
  if (!accessor) {
    if (d.value) return *d.value;
    return ref.found() && !ref.is_accessor() ? ref.value : Value::undefined();
  }
  Value getter = Value::undefined();
  Value setter = Value::undefined();
  if (ref.found() && ref.is_accessor()) {
    getter = Value::from(ref.accessor()->getter_);
    setter = Value::from(ref.accessor()->setter_);
  }
  return new_accessor(runtime, d.getter.value_or(getter), d.setter.value_or(setter));
}

std::uint8_t merged_flags(const PropertyRef& ref, const PropertyDescriptor& d) {
  std::uint8_t flags = ref.found() ? ref.flags : static_cast<std::uint8_t>(kNone);
  flags = with_flag(flags, kEnumerable, d.enumerable);
  flags = with_flag(flags, kConfigurable, d.configurable);
  if (d.is_accessor()) return static_cast<std::uint8_t>((flags | kAccessor) & ~kWritable);
  if (d.is_data()) flags = static_cast<std::uint8_t>(flags & ~kAccessor);
  return with_flag(flags, kWritable, d.writable);
}

}  // namespace

bool define_own_property(Runtime& runtime, JSObject* object_arg, PropertyKey key_arg,
                         const PropertyDescriptor& d) {
  Rooted<JSObject> object(runtime, object_arg);
  RootedValue key(runtime, key_arg.to_rootable());
  RootedValue value(runtime, d.value.value_or(Value::undefined()));
  RootedValue getter(runtime, d.getter.value_or(Value::undefined()));
  RootedValue setter(runtime, d.setter.value_or(Value::undefined()));
  const PropertyRef ref = find_own_now(runtime, object, key);
  PropertyDescriptor now = d;  // with values that are right after find_own_now
  if (d.value) now.value = value;
  if (d.getter) now.getter = getter;
  if (d.setter) now.setter = setter;
  if (ref.where == Where::stop) return false;
  if (!ref.found() && !object->is_extensible()) return false;
  if (ref.where == Where::special) {
    return define_special(runtime, ref, PropertyKey::from_value(key), now);
  }
  if (ref.found() && refuses(ref, ref.value, now)) return false;
  const std::uint8_t flags = merged_flags(ref, now);
  RootedValue stored(runtime, merged_value(runtime, ref, now));
  return put(runtime, object, key, stored, flags, ref.found());
}

void prevent_extensions(Runtime& runtime, JSObject* object) {
  if (!object->is_extensible()) return;
  Rooted<JSObject> root(runtime, object);
  if (object->flag(JSObject::lazy_flag)) materialize(runtime, root.get());
  // A shape of its own: cached "add this property" answers for the shared shape must not apply.
  make_dictionary(runtime, root.get());
  root->set_flag(JSObject::not_extensible_flag, true);
}

void set_integrity(Runtime& runtime, JSObject* object_arg, Integrity level) {
  Rooted<JSObject> object(runtime, object_arg);
  prevent_extensions(runtime, object.get());
  // Not extensible does not imply a dictionary only for objects made so before they had one.
  make_dictionary(runtime, object.get());
  structure_changed(runtime, object.get());
  Shape* shape = object->shape();
  for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
    std::uint8_t flags = entry_flags(shape->table_->entries()[i]);
    flags = static_cast<std::uint8_t>(flags & ~kConfigurable);
    if (level == Integrity::frozen && !(flags & kAccessor)) {
      flags = static_cast<std::uint8_t>(flags & ~kWritable);
    }
    if (!Value::from(shape->table_->entries()[i].key).is_hole())
      dictionary_set_flags(shape, i, flags);
  }
  if (object->has_dense_elements()) {
    object->set_flag(JSObject::sealed_elements_flag, true);
    if (level == Integrity::frozen) object->set_flag(JSObject::frozen_elements_flag, true);
  } else if (auto* sparse = static_cast<SparseElements*>(object->elements_.get()); sparse->cells_) {
    for (std::uint32_t i = 0; i < sparse->cells_->length(); i += 2) {
      Word& key = sparse->cells_->words()[i];
      if (!sparse_live(key)) continue;
      const bool writable = level == Integrity::sealed || (sparse_flags(key) & kAccessor);
      const std::uint64_t mask = writable ? kConfigurable : kConfigurable | kWritable;
      key = Word(key.bits() & ~(mask << 32));
    }
  }
  if (level == Integrity::frozen && has_type(object.get(), HeapType::Array)) {
    object->set_flag(JSObject::fixed_length_flag, true);
  }
}

bool test_integrity(Runtime& runtime, JSObject* object_arg, Integrity level) {
  if (object_arg->is_extensible()) return false;
  Rooted<JSObject> object(runtime, object_arg);
  RootedValues keys(runtime);
  own_keys(runtime, object.get(), {true, true, false}, &keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    OwnProperty property;
    const PropertyKey key = to_property_key(runtime, keys[i]);
    own_property(runtime, object.get(), key, &property);
    if (property.flags & kConfigurable) return false;
    if (level == Integrity::frozen && !property.is_accessor() && (property.flags & kWritable)) {
      return false;
    }
  }
  return true;
}

std::uint32_t to_array_length(Runtime& runtime, Value value) {
  if (value.is_int() && value.as_int() >= 0) return static_cast<std::uint32_t>(value.as_int());
  RootedValue v(runtime, value);
  const std::uint32_t length = to_uint32(runtime, v);
  const double number = to_number(runtime, v);
  if (static_cast<double>(length) != number) throw_range_error(runtime, "Invalid array length");
  return length;
}

}  // namespace heaplab::interp
