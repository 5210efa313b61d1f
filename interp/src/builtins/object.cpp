// SPDX-License-Identifier: MIT
// Object.prototype, and Object itself with its statics about values, keys and copying. Property
// descriptors and integrity levels are in object_descriptors.cpp.
#include "object.h"

#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

Value object_constructor(Runtime& runtime, Arguments& args) {
  if (args.is_construct() && args.new_target() != args.callee()) {
    JSObject* fallback = runtime.intrinsic(Intrinsic::ObjectPrototype);
    return new_object_with_prototype(runtime,
                                     prototype_for_construct(runtime, args.new_target(), fallback));
  }
  if (args[0].is_nullish()) return new_object(runtime);
  return to_object(runtime, args[0]);
}

Value object_assign(Runtime& runtime, Arguments& args) {
  Rooted<JSObject> target(runtime, to_object(runtime, args[0]));
  for (std::uint32_t i = 1; i < args.count(); ++i) {
    if (args[i].is_nullish()) continue;
    Rooted<JSObject> source(runtime, to_object(runtime, args[i]));
    RootedValues keys(runtime);
    own_keys(runtime, source.get(), {.strings = true, .symbols = true}, &keys);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const PropertyKey key = to_property_key(runtime, keys[k]);
      RootedValue rooted_key(runtime, key.to_rootable());
      OwnProperty property;  // may have gone or changed while earlier getters ran
      if (!own_property(runtime, source.get(), key, &property)) continue;
      if (!(property.flags & kEnumerable)) continue;
      RootedValue value(runtime,
                        get(runtime, source.value(), PropertyKey::from_value(rooted_key.get())));
      set(runtime, target.value(), PropertyKey::from_value(rooted_key.get()), value);
    }
  }
  return target.value();
}

enum class List { keys, values, entries };

void append_entry(Runtime& runtime, Value key, Value value, List list, RootedValues& out) {
  if (list == List::values) return out.push_back(value);
  const Value pair[] = {key, value};
  out.push_back(Value(new_array_from(runtime, pair)));
}

Value list_own(Runtime& runtime, Arguments& args, List list) {
  Rooted<JSObject> object(runtime, to_object(runtime, args[0]));
  RootedValues keys(runtime);
  own_keys(runtime, object.get(), {}, &keys);
  if (list == List::keys) return array_of(runtime, keys);
  RootedValues out(runtime);
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const PropertyKey key = to_property_key(runtime, keys[k]);
    RootedValue rooted_key(runtime, key.to_rootable());
    OwnProperty property;
    if (!own_property(runtime, object.get(), key, &property)) continue;
    if (!(property.flags & kEnumerable)) continue;
    const Value value = get(runtime, object.value(), PropertyKey::from_value(rooted_key.get()));
    append_entry(runtime, keys[k], value, list, out);
  }
  return array_of(runtime, out);
}

Value object_keys(Runtime& runtime, Arguments& args) { return list_own(runtime, args, List::keys); }
Value object_values(Runtime& runtime, Arguments& args) {
  return list_own(runtime, args, List::values);
}
Value object_entries(Runtime& runtime, Arguments& args) {
  return list_own(runtime, args, List::entries);
}

Value object_from_entries(Runtime& runtime, Arguments& args) {
  require_iterable(runtime, args[0]);
  Rooted<JSObject> result(runtime, new_object(runtime));
  iterate(runtime, args[0], [&](Value entry) {
    RootedValue pair(runtime, entry);
    if (!entry.is_object()) {
      throw_type_error(runtime, "Iterator value " + describe_for_error(runtime, entry) +
                                    " is not an entry object");
    }
    RootedValue name(runtime, get_index(runtime, pair, 0));
    RootedValue value(runtime, get_index(runtime, pair, 1));
    const PropertyKey key = to_property_key(runtime, name);
    define(runtime, result.get(), key, value);
    return true;
  });
  return result.value();
}

Value own_names(Runtime& runtime, Arguments& args, KeyFilter filter) {
  Rooted<JSObject> object(runtime, to_object(runtime, args[0]));
  RootedValues keys(runtime);
  own_keys(runtime, object.get(), filter, &keys);
  return array_of(runtime, keys);
}
Value object_get_own_property_names(Runtime& runtime, Arguments& args) {
  return own_names(runtime, args, {.only_enumerable = false});
}
Value object_get_own_property_symbols(Runtime& runtime, Arguments& args) {
  return own_names(runtime, args, {.strings = false, .symbols = true, .only_enumerable = false});
}

Value object_is(Runtime&, Arguments& args) { return Value::boolean(same_value(args[0], args[1])); }

Value object_get_prototype_of(Runtime& runtime, Arguments& args) {
  JSObject* prototype = to_object(runtime, args[0])->prototype();
  return prototype ? Value(prototype) : Value::null();
}

Value object_set_prototype_of(Runtime& runtime, Arguments& args) {
  if (args[0].is_nullish()) {
    throw_type_error(runtime, "Object.setPrototypeOf called on null or undefined");
  }
  if (!args[1].is_object() && !args[1].is_null()) {
    throw_type_error(runtime, "Object prototype may only be an Object or null: " +
                                  describe_for_error(runtime, args[1]));
  }
  if (args[0].is_object()) change_prototype(runtime, args[0].as_object(), args[1]);
  return args[0];
}

Value object_create(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object() && !args[0].is_null()) {
    throw_type_error(runtime, "Object prototype may only be an Object or null: " +
                                  describe_for_error(runtime, args[0]));
  }
  JSObject* prototype = args[0].is_null() ? nullptr : args[0].as_object();
  Rooted<JSObject> object(runtime, new_object_with_prototype(runtime, prototype));
  if (!args[1].is_undefined()) define_properties(runtime, object.get(), args[1]);
  return object.value();
}

Value object_has_own(Runtime& runtime, Arguments& args) {
  Rooted<JSObject> object(runtime, to_object(runtime, args[0]));
  const PropertyKey key = to_property_key(runtime, args[1]);
  return Value::boolean(has_own_property(runtime, object.get(), key));
}

// ---- Object.prototype

Value prototype_has_own_property(Runtime& runtime, Arguments& args) {
  const PropertyKey key = to_property_key(runtime, args[0]);
  RootedValue rooted_key(runtime, key.to_rootable());
  JSObject* object = to_object(runtime, args.this_value());
  return Value::boolean(
      has_own_property(runtime, object, PropertyKey::from_value(rooted_key.get())));
}

Value prototype_is_prototype_of(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) return Value::boolean(false);
  const JSObject* self = to_object(runtime, args.this_value());
  for (const JSObject* p = args[0].as_object()->prototype(); p; p = p->prototype()) {
    if (p == self) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value prototype_property_is_enumerable(Runtime& runtime, Arguments& args) {
  const PropertyKey key = to_property_key(runtime, args[0]);
  RootedValue rooted_key(runtime, key.to_rootable());
  JSObject* object = to_object(runtime, args.this_value());
  OwnProperty property;
  const bool found =
      own_property(runtime, object, PropertyKey::from_value(rooted_key.get()), &property);
  return Value::boolean(found && (property.flags & kEnumerable));
}

const char* builtin_tag(const JSObject* object) {
  switch (heap_type(object)) {
    case HeapType::Array:
      return "Array";
    case HeapType::Function:
    case HeapType::NativeFunction:
    case HeapType::BoundFunction:
      return "Function";
    case HeapType::Error:
      return "Error";
    case HeapType::Arguments:
      return "Arguments";
    case HeapType::Date:
      return "Date";
    case HeapType::RegExp:
      return "RegExp";
    case HeapType::PrimitiveWrapper: {
      const Value value = Value::from(static_cast<const JSPrimitiveWrapper*>(object)->value_);
      return value.is_string()    ? "String"
             : value.is_number()  ? "Number"
             : value.is_boolean() ? "Boolean"
                                  : "Object";
    }
    default:
      return "Object";
  }
}

Value prototype_to_string(Runtime& runtime, Arguments& args) {
  if (args.this_value().is_undefined()) return text_value(runtime, "[object Undefined]");
  if (args.this_value().is_null()) return text_value(runtime, "[object Null]");
  Rooted<JSObject> object(runtime, to_object(runtime, args.this_value()));
  const Value tag = get(runtime, object.value(), PropertyKey(runtime.atoms().symbol_to_string_tag));
  const std::string name = tag.is_string() ? to_utf8(tag.as_string()) : builtin_tag(object.get());
  return text_value(runtime, "[object " + name + "]");
}

Value prototype_to_locale_string(Runtime& runtime, Arguments& args) {
  const Value method = get(runtime, args.this_value(), PropertyKey(runtime.atoms().toString));
  return call(runtime, method, args.this_value());
}

Value prototype_value_of(Runtime& runtime, Arguments& args) {
  return to_object(runtime, args.this_value());
}

Value prototype_get_proto(Runtime& runtime, Arguments& args) {
  JSObject* prototype = to_object(runtime, args.this_value())->prototype();
  return prototype ? Value(prototype) : Value::null();
}

Value prototype_set_proto(Runtime& runtime, Arguments& args) {
  if (args.this_value().is_nullish()) {
    throw_type_error(runtime, "Object.prototype.__proto__ called on null or undefined");
  }
  if (args.this_value().is_object() && (args[0].is_object() || args[0].is_null())) {
    change_prototype(runtime, args.this_value().as_object(), args[0]);
  }
  return Value::undefined();
}

Value define_half_accessor(Runtime& runtime, Arguments& args, bool getter) {
  Rooted<JSObject> object(runtime, to_object(runtime, args.this_value()));
  require_callable(runtime, args[1]);
  const PropertyKey key = to_property_key(runtime, args[0]);
  PropertyDescriptor descriptor;
  (getter ? descriptor.getter : descriptor.setter) = args[1];
  descriptor.enumerable = true;
  descriptor.configurable = true;
  define_or_throw(runtime, object.get(), key, descriptor);
  return Value::undefined();
}
Value prototype_define_getter(Runtime& runtime, Arguments& args) {
  return define_half_accessor(runtime, args, true);
}
Value prototype_define_setter(Runtime& runtime, Arguments& args) {
  return define_half_accessor(runtime, args, false);
}

const NativeInfo constructor_info{"Object", 1, object_constructor, true};
const NativeInfo static_methods[] = {
    {"assign", 2, object_assign},
    {"keys", 1, object_keys},
    {"values", 1, object_values},
    {"entries", 1, object_entries},
    {"fromEntries", 1, object_from_entries},
    {"getOwnPropertyNames", 1, object_get_own_property_names},
    {"getOwnPropertySymbols", 1, object_get_own_property_symbols},
    {"is", 2, object_is},
    {"getPrototypeOf", 1, object_get_prototype_of},
    {"setPrototypeOf", 2, object_set_prototype_of},
    {"create", 2, object_create},
    {"hasOwn", 2, object_has_own},
};
const NativeInfo prototype_methods[] = {
    {"hasOwnProperty", 1, prototype_has_own_property},
    {"isPrototypeOf", 1, prototype_is_prototype_of},
    {"propertyIsEnumerable", 1, prototype_property_is_enumerable},
    {"toString", 0, prototype_to_string},
    {"toLocaleString", 0, prototype_to_locale_string},
    {"valueOf", 0, prototype_value_of},
    {"__defineGetter__", 2, prototype_define_getter},
    {"__defineSetter__", 2, prototype_define_setter},
};
const NativeInfo proto_getter{"get __proto__", 0, prototype_get_proto};
const NativeInfo proto_setter{"set __proto__", 1, prototype_set_proto};

}  // namespace

void change_prototype(Runtime& runtime, JSObject* object, Value prototype) {
  Rooted<JSObject> target(runtime, object);
  JSObject* wanted = prototype.is_null() ? nullptr : prototype.as_object();
  RootedValue kept(runtime, prototype);
  if (set_prototype(runtime, object, wanted)) return;
  if (!target->is_extensible()) {
    throw_type_error(runtime, describe_for_error(runtime, target.value()) + " is not extensible");
  }
  throw_type_error(runtime, "Cyclic __proto__ value");
}

void install_object(Runtime& runtime) {
  JSObject* prototype = runtime.intrinsic(Intrinsic::ObjectPrototype);
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype));
  runtime.set_intrinsic(Intrinsic::ObjectConstructor, constructor.get());
  define_methods(runtime, constructor.get(), static_methods);
  install_object_descriptors(runtime, constructor.get());
  define_methods(runtime, runtime.intrinsic(Intrinsic::ObjectPrototype), prototype_methods);
  define_getter(runtime, runtime.intrinsic(Intrinsic::ObjectPrototype),
                PropertyKey(runtime.atoms().proto), proto_getter, &proto_setter);
}

}  // namespace heaplab::interp::builtins
