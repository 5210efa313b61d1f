// SPDX-License-Identifier: MIT
#include "support.h"

#include <fmt/format.h>

namespace heaplab::interp::builtins {

void define_value(Runtime& runtime, JSObject* object, std::string_view name, Value value,
                  std::uint8_t flags) {
  Rooted<JSObject> target(runtime, object);
  RootedValue kept(runtime, value);
  const PropertyKey key = runtime.key(name);
  define(runtime, target.get(), key, kept, flags);
}

void define_tag(Runtime& runtime, JSObject* object, std::string_view tag) {
  Rooted<JSObject> target(runtime, object);
  RootedValue text(runtime, new_string_latin1(runtime, tag));
  define(runtime, target.get(), PropertyKey(runtime.atoms().symbol_to_string_tag), text,
         kConfigurable);
}

JSObject* define_namespace(Runtime& runtime, JSObject* holder, std::string_view name) {
  Rooted<JSObject> owner(runtime, holder);
  Rooted<JSObject> object(runtime, new_object(runtime));
  define_value(runtime, owner.get(), name, object.value());
  return object.get();
}

void define_global(Runtime& runtime, std::string_view name, Value value) {
  define_value(runtime, runtime.global(), name, value);
}

std::string describe_plain(Runtime& runtime, Value value) {
  return value.is_string() ? to_utf8(value.as_string()) : describe_for_error(runtime, value);
}

void require_iterable(Runtime& runtime, Value value_arg) {
  RootedValue value(runtime, value_arg);
  if (!value_arg.is_nullish()) {
    const Value method = get(runtime, value, PropertyKey(runtime.atoms().symbol_iterator));
    if (!method.is_nullish()) return;
  }
  std::string shown = value.get().is_undefined() ? "undefined" : to_utf8(type_of(runtime, value));
  if (!value.get().is_undefined() && !value.get().is_object()) {
    shown += " " + describe_for_error(runtime, value);
  }
  throw_type_error(runtime,
                   shown + " is not iterable (cannot read property Symbol(Symbol.iterator))");
}

void require_callable(Runtime& runtime, Value value) {
  if (!value.is_callable()) {
    throw_type_error(runtime, describe_plain(runtime, value) + " is not a function");
  }
}

void throw_incompatible(Runtime& runtime, std::string_view method, Value receiver) {
  throw_type_error(runtime, fmt::format("Method {} called on incompatible receiver {}", method,
                                        describe_for_error(runtime, receiver)));
}

void require_new(Runtime& runtime, const Arguments& args, std::string_view name) {
  if (!args.is_construct()) {
    throw_type_error(runtime, fmt::format("Constructor {} requires 'new'", name));
  }
}

void require_this_object(Runtime& runtime, Arguments& args, std::string_view method) {
  if (args.this_value().is_nullish()) {
    throw_type_error(runtime, fmt::format("{} called on null or undefined", method));
  }
  if (!args.this_value().is_object()) args.set_this(Value(to_object(runtime, args.this_value())));
}

Value get_property(Runtime& runtime, Value object, std::string_view name) {
  RootedValue target(runtime, object);
  const PropertyKey key = runtime.key(name);
  return get(runtime, target.get(), key);
}

bool option_flag(Runtime& runtime, Value options, std::string_view name, bool if_absent) {
  if (!options.is_object()) return if_absent;
  const Value value = get_property(runtime, options, name);
  return value.is_undefined() ? if_absent : to_boolean(value);
}

std::string to_text(Runtime& runtime, Value value) { return to_utf8(to_string(runtime, value)); }

namespace {

// "Received undefined", "Received type string ('x')", "Received an instance of Foo".
std::string received(Runtime& runtime, Value actual) {
  if (actual.is_nullish()) return " Received " + describe_for_error(runtime, actual);
  if (actual.is_callable()) {
    return " Received function " + function_name(actual.as_object());
  }
  RootedValue kept(runtime, actual);
  if (actual.is_object()) {
    const Value constructor = get_property(runtime, actual, "constructor");
    if (constructor.is_callable()) {
      const std::string name = function_name(constructor.as_object());
      if (!name.empty()) return " Received an instance of " + name;
    }
    return " Received " + describe_for_error(runtime, kept);
  }
  const std::string type = to_utf8(type_of(runtime, actual));
  std::string shown = kept.get().is_string() ? "'" + to_utf8(kept.get().as_string()) + "'"
                                             : describe_for_error(runtime, kept);
  if (shown.size() > 28) shown = shown.substr(0, 25) + "...";
  return fmt::format(" Received type {} ({})", type, shown);
}

}  // namespace

void throw_invalid_argument(Runtime& runtime, std::string_view name, std::string_view expected,
                            Value actual) {
  const std::string tail = received(runtime, actual);
  const bool property = name.find('.') != std::string_view::npos;
  const std::string what = name.ends_with(" argument")
                               ? std::string(name)
                               : fmt::format("\"{}\" {}", name, property ? "property" : "argument");
  throw_node_error(runtime, ErrorKind::TypeError, "ERR_INVALID_ARG_TYPE",
                   fmt::format("The {} must be {}.{}", what, expected, tail));
}

void throw_out_of_range(Runtime& runtime, std::string_view name, std::string_view range,
                        std::string_view value) {
  throw_node_error(runtime, ErrorKind::RangeError, "ERR_OUT_OF_RANGE",
                   fmt::format("The value of \"{}\" is out of range. It must be {}. Received {}",
                               name, range, value));
}

}  // namespace heaplab::interp::builtins
