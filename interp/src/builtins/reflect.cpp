// SPDX-License-Identifier: MIT
// Reflect, and globalThis.
#include "install.h"
#include "object.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

JSObject* target_of(Runtime& runtime, const Arguments& args, const char* method) {
  if (!args[0].is_object()) {
    throw_type_error(runtime, std::string("Reflect.") + method + " called on non-object");
  }
  return args[0].as_object();
}

Value reflect_apply(Runtime& runtime, Arguments& args) {
  if (!args[0].is_callable()) {
    throw_type_error(runtime, "Function.prototype.apply was called on " +
                                  describe_for_error(runtime, args[0]) + ", which is " +
                                  to_utf8(type_of(runtime, args[0])) + " and not a function");
  }
  if (!args[2].is_object()) {
    throw_type_error(runtime, "CreateListFromArrayLike called on non-object");
  }
  RootedValues list(runtime);
  list_from_array_like(runtime, args[2], &list);
  return call(runtime, args[0], args[1], list.span());
}

Value reflect_construct(Runtime& runtime, Arguments& args) {
  for (const Value constructor : {args[0], args.has(2) ? args[2] : args[0]}) {
    if (!is_constructor(constructor)) {
      throw_type_error(runtime, describe_for_error(runtime, constructor) + " is not a constructor");
    }
  }
  if (!args[1].is_object()) {
    throw_type_error(runtime, "CreateListFromArrayLike called on non-object");
  }
  RootedValues list(runtime);
  list_from_array_like(runtime, args[1], &list);
  return construct(runtime, args[0], list.span(), args.has(2) ? args[2] : args[0]);
}

Value reflect_define_property(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "defineProperty");
  RootedValue key(runtime, to_property_key(runtime, args[1]).to_rootable());
  RootedValues keep(runtime);
  const PropertyDescriptor descriptor = read_descriptor(runtime, args[2], keep);
  return Value::boolean(define_own_property(runtime, args[0].as_object(),
                                            PropertyKey::from_value(key.get()), descriptor));
}

Value reflect_delete_property(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "deleteProperty");
  const PropertyKey key = to_property_key(runtime, args[1]);
  return Value::boolean(delete_property(runtime, args[0].as_object(), key));
}

Value reflect_get(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "get");
  const PropertyKey key = to_property_key(runtime, args[1]);
  return get(runtime, args[0].as_object(), key, args.has(2) ? args[2] : args[0]);
}

Value reflect_set(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "set");
  const PropertyKey key = to_property_key(runtime, args[1]);
  return Value::boolean(
      try_set(runtime, args[0].as_object(), key, args[2], args.has(3) ? args[3] : args[0]));
}

Value reflect_get_own_property_descriptor(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "getOwnPropertyDescriptor");
  const PropertyKey key = to_property_key(runtime, args[1]);
  OwnProperty property;
  if (!own_property(runtime, args[0].as_object(), key, &property)) return Value::undefined();
  return describe_property(runtime, property);
}

Value reflect_get_prototype_of(Runtime& runtime, Arguments& args) {
  JSObject* prototype = target_of(runtime, args, "getPrototypeOf")->prototype();
  return prototype ? Value(prototype) : Value::null();
}

Value reflect_set_prototype_of(Runtime& runtime, Arguments& args) {
  JSObject* object = target_of(runtime, args, "setPrototypeOf");
  if (!args[1].is_object() && !args[1].is_null()) {
    throw_type_error(runtime, "Object prototype may only be an Object or null: " +
                                  describe_for_error(runtime, args[1]));
  }
  return Value::boolean(
      set_prototype(runtime, object, args[1].is_null() ? nullptr : args[1].as_object()));
}

Value reflect_has(Runtime& runtime, Arguments& args) {
  target_of(runtime, args, "has");
  const PropertyKey key = to_property_key(runtime, args[1]);
  return Value::boolean(has_property(runtime, args[0].as_object(), key));
}

Value reflect_is_extensible(Runtime& runtime, Arguments& args) {
  return Value::boolean(target_of(runtime, args, "isExtensible")->is_extensible());
}

Value reflect_prevent_extensions(Runtime& runtime, Arguments& args) {
  prevent_extensions(runtime, target_of(runtime, args, "preventExtensions"));
  return Value::boolean(true);
}

Value reflect_own_keys(Runtime& runtime, Arguments& args) {
  JSObject* object = target_of(runtime, args, "ownKeys");
  RootedValues keys(runtime);
  own_keys(runtime, object, {.symbols = true, .only_enumerable = false}, &keys);
  return array_of(runtime, keys);
}

const NativeInfo methods[] = {
    {"apply", 3, reflect_apply},
    {"construct", 2, reflect_construct},
    {"defineProperty", 3, reflect_define_property},
    {"deleteProperty", 2, reflect_delete_property},
    {"get", 2, reflect_get},
    {"set", 3, reflect_set},
    {"getOwnPropertyDescriptor", 2, reflect_get_own_property_descriptor},
    {"getPrototypeOf", 1, reflect_get_prototype_of},
    {"setPrototypeOf", 2, reflect_set_prototype_of},
    {"has", 2, reflect_has},
    {"isExtensible", 1, reflect_is_extensible},
    {"preventExtensions", 1, reflect_prevent_extensions},
    {"ownKeys", 1, reflect_own_keys},
};

}  // namespace

void install_reflect(Runtime& runtime) {
  Rooted<JSObject> reflect(runtime, define_namespace(runtime, runtime.global(), "Reflect"));
  define_methods(runtime, reflect.get(), methods);
  define_tag(runtime, reflect.get(), "Reflect");
  define_tag(runtime, runtime.global(), "global");
  define_global(runtime, "globalThis", Value(runtime.global()));
  define_global(runtime, "global", Value(runtime.global()));
}

}  // namespace heaplab::interp::builtins
