// SPDX-License-Identifier: MIT
// %TypedArray%.prototype, apart from what it shares with Array.prototype.
#include <algorithm>

#include "array.h"
#include "support.h"
#include "typed_array_support.h"

namespace heaplab::interp::builtins {

namespace {

JSTypedArray* self(const Arguments& args) {
  return static_cast<JSTypedArray*>(args.this_value().as_object());
}

Value as_number(Runtime& runtime, Value value) {
  return value.is_number() ? value : Value::number(to_number(runtime, value));
}

std::uint32_t relative(Runtime& runtime, const Arguments& args, std::uint32_t which,
                       std::uint64_t if_undefined) {
  return static_cast<std::uint32_t>(
      to_relative_index(runtime, args[which], self(args)->length_, if_undefined));
}

Value get_buffer(Runtime& runtime, Arguments& args) {
  return this_typed_array(runtime, args, "buffer")->buffer_.get();
}
Value get_byte_length(Runtime& runtime, Arguments& args) {
  return Value::number(
      static_cast<std::uint64_t>(byte_length(this_typed_array(runtime, args, "byteLength"))));
}
Value get_byte_offset(Runtime& runtime, Arguments& args) {
  return Value::number(this_typed_array(runtime, args, "byteOffset")->byte_offset_);
}
Value get_length(Runtime& runtime, Arguments& args) {
  return Value::number(this_typed_array(runtime, args, "length")->length_);
}
Value get_tag(Runtime& runtime, Arguments& args) {
  const auto* array = as_if<JSTypedArray>(args.this_value(), HeapType::TypedArray);
  if (array == nullptr) return Value::undefined();
  return Value(runtime.intern(element_type_name(array->element_type())));
}

Value set_elements(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "set");
  const double offset = to_integer(runtime, args[1]);
  if (offset < 0) throw_range_error(runtime, "offset is out of bounds");
  RootedValue source(runtime, Value(to_object(runtime, args[0])));
  const std::uint64_t count = length_of(runtime, source);
  if (offset + static_cast<double>(count) > self(args)->length_) {
    throw_range_error(runtime, "offset is out of bounds");
  }
  const auto start = static_cast<std::uint32_t>(offset);
  auto* typed = as_if<JSTypedArray>(source, HeapType::TypedArray);
  if (typed && typed->element_type() == self(args)->element_type()) {
    std::memmove(self(args)->data_ + std::size_t{start} * element_bytes(typed->element_type()),
                 typed->data_, byte_length(typed));
    return Value::undefined();
  }
  RootedValues values(runtime);  // read first: the two may overlap
  for (std::uint64_t i = 0; i < count; ++i) {
    values.push_back(as_number(runtime, get_index(runtime, source, i)));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    typed_array_set(self(args), start + static_cast<std::uint32_t>(i), values[i]);
  }
  return Value::undefined();
}

Value subarray(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "subarray");
  const std::uint32_t start = relative(runtime, args, 0, 0);
  const std::uint32_t end = relative(runtime, args, 1, self(args)->length_);
  return view_of(runtime, self(args), start, end);
}

Value slice(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "slice");
  const std::uint32_t start = relative(runtime, args, 0, 0);
  const std::uint32_t end = std::max(start, relative(runtime, args, 1, self(args)->length_));
  JSTypedArray* copy = new_typed_array_like(runtime, self(args), end - start);
  const unsigned size = element_bytes(copy->element_type());
  std::memcpy(copy->data_, self(args)->data_ + std::size_t{start} * size, byte_length(copy));
  return copy;
}

Value fill(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "fill");
  const Value number = as_number(runtime, args[0]);
  const std::uint32_t start = relative(runtime, args, 1, 0);
  const std::uint32_t end = relative(runtime, args, 2, self(args)->length_);
  for (std::uint32_t i = start; i < end; ++i) typed_array_set(self(args), i, number);
  return args.this_value();
}

Value copy_within(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "copyWithin");
  const std::uint32_t length = self(args)->length_;
  const std::uint32_t to = relative(runtime, args, 0, 0);
  const std::uint32_t from = relative(runtime, args, 1, 0);
  const std::uint32_t end = relative(runtime, args, 2, length);
  if (end <= from) return args.this_value();
  const std::size_t size = element_bytes(self(args)->element_type());
  const std::size_t count = std::min(end - from, length - to);
  std::memmove(self(args)->data_ + to * size, self(args)->data_ + from * size, count * size);
  return args.this_value();
}

Value map(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "map");
  CallbackLoop loop(runtime, args, "map");
  Rooted<JSTypedArray> result(runtime, new_typed_array_like(runtime, self(args), loop.length()));
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    const Value number = as_number(runtime, loop.invoke(loop.element(i), i));
    typed_array_set(result.get(), static_cast<std::uint32_t>(i), number);
  }
  return result.value();
}

JSTypedArray* like_with(Runtime& runtime, const Arguments& args, const std::vector<Value>& values) {
  // Numbers are no references: nothing here needs a root.
  JSTypedArray* result = new_typed_array_like(runtime, self(args), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    typed_array_set(result, static_cast<std::uint32_t>(i), values[i]);
  }
  return result;
}

std::vector<Value> numbers_of(const JSTypedArray* array) {
  std::vector<Value> values;
  for (std::uint32_t i = 0; i < array->length_; ++i) values.push_back(typed_array_get(array, i));
  return values;
}

Value filter(Runtime& runtime, Arguments& args) {
  this_typed_array(runtime, args, "filter");
  CallbackLoop loop(runtime, args, "filter");
  std::vector<Value> kept;
  for (std::uint64_t i = 0; i < loop.length(); ++i) {
    const Value value = loop.element(i);
    if (to_boolean(loop.invoke(value, i))) kept.push_back(value);
  }
  return like_with(runtime, args, kept);
}

void write_back(const Arguments& args, const std::vector<Value>& values) {
  for (std::uint32_t i = 0; i < values.size() && i < self(args)->length_; ++i) {
    typed_array_set(self(args), i, values[i]);
  }
}

Value reverse(Runtime& runtime, Arguments& args) {
  std::vector<Value> values = numbers_of(this_typed_array(runtime, args, "reverse"));
  std::reverse(values.begin(), values.end());
  write_back(args, values);
  return args.this_value();
}

Value to_reversed(Runtime& runtime, Arguments& args) {
  std::vector<Value> values = numbers_of(this_typed_array(runtime, args, "toReversed"));
  std::reverse(values.begin(), values.end());
  return like_with(runtime, args, values);
}

// -0 before 0, NaN last.
bool number_before(Value a, Value b) {
  const double x = a.as_number();
  const double y = b.as_number();
  if (std::isnan(x) || std::isnan(y)) return !std::isnan(x);
  if (x == 0 && y == 0) return std::signbit(x) && !std::signbit(y);
  return x < y;
}

std::vector<Value> sorted(Runtime& runtime, Arguments& args, const char* method) {
  if (!args[0].is_undefined() && !args[0].is_callable()) {
    throw_type_error(runtime, "The comparison function must be either a function or undefined");
  }
  std::vector<Value> values = numbers_of(this_typed_array(runtime, args, method));
  if (args[0].is_undefined()) {
    const auto nan = std::stable_partition(values.begin(), values.end(),
                                           [](Value v) { return !std::isnan(v.as_number()); });
    std::stable_sort(values.begin(), nan, number_before);
    return values;
  }
  RootedValues list(runtime);
  list.vector() = values;
  sort_values(runtime, list, args[0]);
  return list.vector();
}

Value sort(Runtime& runtime, Arguments& args) {
  write_back(args, sorted(runtime, args, "sort"));
  return args.this_value();
}
Value to_sorted(Runtime& runtime, Arguments& args) {
  return like_with(runtime, args, sorted(runtime, args, "toSorted"));
}

Value with_element(Runtime& runtime, Arguments& args) {
  std::vector<Value> values = numbers_of(this_typed_array(runtime, args, "with"));
  const double wanted = to_integer(runtime, args[0]);
  const double length = static_cast<double>(values.size());
  const double index = wanted < 0 ? length + wanted : wanted;
  const Value number = as_number(runtime, args[1]);
  if (!(index >= 0 && index < length)) throw_range_error(runtime, "Invalid typed array index");
  values[static_cast<std::size_t>(index)] = number;
  return like_with(runtime, args, values);
}

const NativeInfo methods[] = {
    {"set", 1, set_elements}, {"subarray", 2, subarray},      {"slice", 2, slice},
    {"fill", 1, fill},        {"copyWithin", 2, copy_within}, {"map", 1, map},
    {"filter", 1, filter},    {"reverse", 0, reverse},        {"toReversed", 0, to_reversed},
    {"sort", 1, sort},        {"toSorted", 1, to_sorted},     {"with", 2, with_element},
};
const NativeInfo getters[] = {
    {"get buffer", 0, get_buffer},
    {"get byteLength", 0, get_byte_length},
    {"get byteOffset", 0, get_byte_offset},
    {"get length", 0, get_length},
};
const NativeInfo tag_info{"get [Symbol.toStringTag]", 0, get_tag};

}  // namespace

void install_typed_array_methods(Runtime& runtime, JSObject* prototype_arg) {
  Rooted<JSObject> prototype(runtime, prototype_arg);
  define_methods(runtime, prototype.get(), methods);
  for (const NativeInfo& getter : getters) {
    const PropertyKey key = runtime.key(getter.name + 4);
    define_getter(runtime, prototype.get(), key, getter);
  }
  define_getter(runtime, prototype.get(), PropertyKey(runtime.atoms().symbol_to_string_tag),
                tag_info);
  for (const char* name : {"toString", "toLocaleString"}) {
    const Value method =
        get_property(runtime, Value(runtime.intrinsic(Intrinsic::ArrayPrototype)), name);
    define_value(runtime, prototype.get(), name, method);
  }
}

}  // namespace heaplab::interp::builtins
