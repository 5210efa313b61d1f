// SPDX-License-Identifier: MIT
// Array methods that call back: map, filter, reduce and the rest.
#include "array.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

Value array_for_each(Runtime& runtime, Arguments& args) {
  CallbackLoop loop(runtime, args, "Array.prototype.forEach");
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    if (loop.read(i, &value)) loop.invoke(value, i);
  }
  return Value::undefined();
}

Value array_map(Runtime& runtime, Arguments& args) {
  CallbackLoop loop(runtime, args, "Array.prototype.map");
  checked_array_length(runtime, static_cast<double>(loop.length()));
  ArrayResult result(runtime, args.this_value(), loop.length());
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    result.push(loop.read(i, &value) ? loop.invoke(value, i) : Value::hole());
  }
  return result.finish();
}

Value array_filter(Runtime& runtime, Arguments& args) {
  CallbackLoop loop(runtime, args, "Array.prototype.filter");
  ArrayResult result(runtime, args.this_value(), 0);
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    if (!loop.read(i, &value)) continue;
    RootedValue kept(runtime, value);
    if (to_boolean(loop.invoke(value, i))) result.push(kept);
  }
  return result.finish();
}

Value array_some(Runtime& runtime, Arguments& args) {
  CallbackLoop loop(runtime, args, "Array.prototype.some");
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    if (loop.read(i, &value) && to_boolean(loop.invoke(value, i))) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value array_every(Runtime& runtime, Arguments& args) {
  CallbackLoop loop(runtime, args, "Array.prototype.every");
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    Value value;
    if (loop.read(i, &value) && !to_boolean(loop.invoke(value, i))) return Value::boolean(false);
  }
  return Value::boolean(true);
}

// find, findIndex, findLast, findLastIndex: holes count as undefined.
Value find(Runtime& runtime, Arguments& args, std::string_view method, bool from_end,
           bool want_index) {
  CallbackLoop loop(runtime, args, method);
  for (std::uint64_t n = 0; n < loop.length(); ++n) {
    const std::uint64_t i = from_end ? loop.length() - 1 - n : n;
    RootedValue value(runtime, loop.element(i));
    if (!to_boolean(loop.invoke(value, i))) continue;
    return want_index ? Value::number(i) : value.get();
  }
  return want_index ? Value::integer(-1) : Value::undefined();
}
Value array_find(Runtime& runtime, Arguments& args) {
  return find(runtime, args, "Array.prototype.find", false, false);
}
Value array_find_index(Runtime& runtime, Arguments& args) {
  return find(runtime, args, "Array.prototype.findIndex", false, true);
}
Value array_find_last(Runtime& runtime, Arguments& args) {
  return find(runtime, args, "Array.prototype.findLast", true, false);
}
Value array_find_last_index(Runtime& runtime, Arguments& args) {
  return find(runtime, args, "Array.prototype.findLastIndex", true, true);
}

Value reduce(Runtime& runtime, Arguments& args, std::string_view method, bool from_end) {
  require_this_object(runtime, args, method);
  const std::uint64_t length = length_of(runtime, args.this_value());
  require_callable(runtime, args[0]);
  RootedValue total(runtime, args[1]);
  bool started = args.has(1);
  for (std::uint64_t n = 0; n < length; ++n) {
    const std::uint64_t i = from_end ? length - 1 - n : n;
    Value value;
    if (!read_element(runtime, args.this_value(), i, &value)) continue;
    if (!started) {
      total = value;
      started = true;
      continue;
    }
    const Value with[] = {total.get(), value, Value::number(i), args.this_value()};
    total = call(runtime, args[0], Value::undefined(), with);
  }
  if (!started) throw_type_error(runtime, "Reduce of empty array with no initial value");
  return total;
}
Value array_reduce(Runtime& runtime, Arguments& args) {
  return reduce(runtime, args, "Array.prototype.reduce", false);
}
Value array_reduce_right(Runtime& runtime, Arguments& args) {
  return reduce(runtime, args, "Array.prototype.reduceRight", true);
}

const NativeInfo only_arrays[] = {
    {"map", 1, array_map},
    {"filter", 1, array_filter},
};
const NativeInfo shared[] = {
    {"forEach", 1, array_for_each},
    {"some", 1, array_some},
    {"every", 1, array_every},
    {"find", 1, array_find},
    {"findIndex", 1, array_find_index},
    {"findLast", 1, array_find_last},
    {"findLastIndex", 1, array_find_last_index},
    {"reduce", 1, array_reduce},
    {"reduceRight", 1, array_reduce_right},
};

}  // namespace

void install_array_callbacks(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, only_arrays);
}

void install_array_callbacks_shared(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, shared);
}

}  // namespace heaplab::interp::builtins
