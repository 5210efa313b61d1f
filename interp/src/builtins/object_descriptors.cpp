// SPDX-License-Identifier: MIT
// Property descriptors and integrity levels: Object.defineProperty, freeze and their family.
#include <fmt/format.h>

#include "object.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

std::string key_text(Runtime& runtime, PropertyKey key) {
  if (key.is_index()) return std::to_string(key.index());
  if (key.is_symbol()) return to_utf8(symbol_descriptive_string(runtime, key.symbol()));
  return to_utf8(key.atom());
}

bool read_part(Runtime& runtime, Value from, std::string_view name, RootedValues& keep,
               std::optional<Value>* out) {
  RootedValue source(runtime, from);
  const PropertyKey key = runtime.key(name);
  RootedValue rooted_key(runtime, key.to_rootable());
  if (!has_property(runtime, source.get().as_object(), key)) return false;
  const Value value = get(runtime, source, PropertyKey::from_value(rooted_key.get()));
  keep.push_back(value);
  *out = value;
  return true;
}

std::optional<bool> read_flag(Runtime& runtime, Value from, std::string_view name,
                              RootedValues& keep) {
  std::optional<Value> value;
  if (!read_part(runtime, from, name, keep, &value)) return std::nullopt;
  return to_boolean(*value);
}

// Rooted values may have moved since they were read: take them from `keep` again.
struct DescriptorReader {
  Runtime& runtime;
  RootedValues& keep;
  std::size_t value = 0, getter = 0, setter = 0;  // position + 1 in keep

  void accessor_part(Value from, std::string_view name, std::size_t* position) {
    std::optional<Value> part;
    if (!read_part(runtime, from, name, keep, &part)) return;
    *position = keep.size();
    if (!part->is_undefined() && !part->is_callable()) {
      throw_type_error(runtime,
                       fmt::format("{} must be a function: {}", name == "get" ? "Getter" : "Setter",
                                   describe_for_error(runtime, *part)));
    }
  }
};

}  // namespace

PropertyDescriptor read_descriptor(Runtime& runtime, Value from, RootedValues& keep) {
  if (!from.is_object()) {
    throw_type_error(
        runtime, "Property description must be an object: " + describe_for_error(runtime, from));
  }
  RootedValue source(runtime, from);
  DescriptorReader reader{runtime, keep};
  PropertyDescriptor result;
  result.enumerable = read_flag(runtime, source, "enumerable", keep);
  result.configurable = read_flag(runtime, source, "configurable", keep);
  std::optional<Value> value;
  if (read_part(runtime, source, "value", keep, &value)) reader.value = keep.size();
  result.writable = read_flag(runtime, source, "writable", keep);
  reader.accessor_part(source, "get", &reader.getter);
  reader.accessor_part(source, "set", &reader.setter);
  if (reader.value) result.value = keep[reader.value - 1];
  if (reader.getter) result.getter = keep[reader.getter - 1];
  if (reader.setter) result.setter = keep[reader.setter - 1];
  if (result.is_accessor() && result.is_data()) {
    throw_type_error(runtime,
                     "Invalid property descriptor. Cannot both specify accessors and a value or "
                     "writable attribute, " +
                         describe_for_error(runtime, source));
  }
  return result;
}

Value describe_property(Runtime& runtime, const OwnProperty& property) {
  RootedValue value(runtime, property.value);
  RootedValue getter(runtime, property.getter);
  RootedValue setter(runtime, property.setter);
  Rooted<JSObject> result(runtime, new_object(runtime));
  const auto put = [&](String* atom, Value part) {
    define(runtime, result.get(), PropertyKey(atom), part);
  };
  const CommonAtoms& atoms = runtime.atoms();
  if (property.is_accessor()) {
    put(atoms.get, getter);
    put(atoms.set, setter);
  } else {
    put(atoms.value, value);
    put(atoms.writable, Value::boolean(property.flags & kWritable));
  }
  put(atoms.enumerable, Value::boolean(property.flags & kEnumerable));
  put(atoms.configurable, Value::boolean(property.flags & kConfigurable));
  return result.value();
}

void define_or_throw(Runtime& runtime, JSObject* object, PropertyKey key,
                     const PropertyDescriptor& descriptor) {
  Rooted<JSObject> target(runtime, object);
  RootedValue rooted_key(runtime, key.to_rootable());
  if (define_own_property(runtime, object, key, descriptor)) return;
  const PropertyKey again = PropertyKey::from_value(rooted_key.get());
  if (!has_own_property(runtime, target.get(), again) && !target->is_extensible()) {
    throw_type_error(runtime,
                     fmt::format("Cannot define property {}, object is not extensible",
                                 key_text(runtime, PropertyKey::from_value(rooted_key.get()))));
  }
  throw_type_error(runtime, "Cannot redefine property: " +
                                key_text(runtime, PropertyKey::from_value(rooted_key.get())));
}

void define_properties(Runtime& runtime, JSObject* object, Value properties) {
  Rooted<JSObject> target(runtime, object);
  Rooted<JSObject> source(runtime, to_object(runtime, properties));
  RootedValues keys(runtime);
  own_keys(runtime, source.get(), {.strings = true, .symbols = true}, &keys);
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const PropertyKey key = to_property_key(runtime, keys[k]);
    RootedValue rooted_key(runtime, key.to_rootable());
    RootedValues keep(runtime);
    RootedValue part(runtime, get(runtime, source.value(), key));
    const PropertyDescriptor descriptor = read_descriptor(runtime, part, keep);
    define_or_throw(runtime, target.get(), PropertyKey::from_value(rooted_key.get()), descriptor);
  }
}

namespace {

Value object_define_property(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) {
    throw_type_error(runtime, "Object.defineProperty called on non-object");
  }
  RootedValue key(runtime, to_property_key(runtime, args[1]).to_rootable());
  RootedValues keep(runtime);
  const PropertyDescriptor descriptor = read_descriptor(runtime, args[2], keep);
  define_or_throw(runtime, args[0].as_object(), PropertyKey::from_value(key.get()), descriptor);
  return args[0];
}

Value object_define_properties(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) {
    throw_type_error(runtime, "Object.defineProperties called on non-object");
  }
  define_properties(runtime, args[0].as_object(), args[1]);
  return args[0];
}

Value object_get_own_property_descriptor(Runtime& runtime, Arguments& args) {
  Rooted<JSObject> object(runtime, to_object(runtime, args[0]));
  const PropertyKey key = to_property_key(runtime, args[1]);
  OwnProperty property;
  if (!own_property(runtime, object.get(), key, &property)) return Value::undefined();
  return describe_property(runtime, property);
}

Value object_get_own_property_descriptors(Runtime& runtime, Arguments& args) {
  Rooted<JSObject> object(runtime, to_object(runtime, args[0]));
  Rooted<JSObject> result(runtime, new_object(runtime));
  RootedValues keys(runtime);
  own_keys(runtime, object.get(), {.symbols = true, .only_enumerable = false}, &keys);
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const PropertyKey key = to_property_key(runtime, keys[k]);
    RootedValue rooted_key(runtime, key.to_rootable());
    OwnProperty property;
    if (!own_property(runtime, object.get(), key, &property)) continue;
    RootedValue described(runtime, describe_property(runtime, property));
    define(runtime, result.get(), PropertyKey::from_value(rooted_key.get()), described);
  }
  return result.value();
}

Value change_integrity(Runtime& runtime, Arguments& args, Integrity level) {
  if (!args[0].is_object()) return args[0];
  if (level == Integrity::frozen && has_type(args[0].as_object(), HeapType::TypedArray) &&
      args[0].as_object()->length_ > 0) {
    throw_type_error(runtime, "Cannot freeze array buffer views with elements");
  }
  set_integrity(runtime, args[0].as_object(), level);
  return args[0];
}
Value object_freeze(Runtime& runtime, Arguments& args) {
  return change_integrity(runtime, args, Integrity::frozen);
}
Value object_seal(Runtime& runtime, Arguments& args) {
  return change_integrity(runtime, args, Integrity::sealed);
}
Value object_prevent_extensions(Runtime& runtime, Arguments& args) {
  if (args[0].is_object()) prevent_extensions(runtime, args[0].as_object());
  return args[0];
}
Value object_is_frozen(Runtime& runtime, Arguments& args) {
  return Value::boolean(!args[0].is_object() ||
                        test_integrity(runtime, args[0].as_object(), Integrity::frozen));
}
Value object_is_sealed(Runtime& runtime, Arguments& args) {
  return Value::boolean(!args[0].is_object() ||
                        test_integrity(runtime, args[0].as_object(), Integrity::sealed));
}
Value object_is_extensible(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_object() && args[0].as_object()->is_extensible());
}

const NativeInfo methods[] = {
    {"defineProperty", 3, object_define_property},
    {"defineProperties", 2, object_define_properties},
    {"getOwnPropertyDescriptor", 2, object_get_own_property_descriptor},
    {"getOwnPropertyDescriptors", 1, object_get_own_property_descriptors},
    {"freeze", 1, object_freeze},
    {"seal", 1, object_seal},
    {"preventExtensions", 1, object_prevent_extensions},
    {"isFrozen", 1, object_is_frozen},
    {"isSealed", 1, object_is_sealed},
    {"isExtensible", 1, object_is_extensible},
};

}  // namespace

void install_object_descriptors(Runtime& runtime, JSObject* constructor) {
  define_methods(runtime, constructor, methods);
}

}  // namespace heaplab::interp::builtins
