// SPDX-License-Identifier: MIT
// Buffer: a Uint8Array with text. Reading and writing of numbers is in buffer_numbers.cpp.
#include "buffer.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "heaplab/interp/source.h"
#include "install.h"
#include "memory_usage.h"
#include "support.h"

namespace heaplab::interp::builtins {

std::string_view bytes_of(const JSTypedArray* array) {
  return {reinterpret_cast<const char*>(array->data_), byte_length(array)};
}

bool append_bytes(Value value, std::string* out) {
  if (const auto* array = as_if<JSTypedArray>(value, HeapType::TypedArray)) {
    *out += bytes_of(array);
    return true;
  }
  if (const auto* view = as_if<JSDataView>(value, HeapType::DataView)) {
    out->append(reinterpret_cast<const char*>(view->buffer_->data_ + view->byte_offset_),
                view->bytes_);
    return true;
  }
  return false;
}

namespace {

constexpr std::uint64_t largest_buffer = 0xffff'ffffu;

JSTypedArray* allocate_buffer(Runtime& runtime, std::uint64_t bytes) {
  Rooted<JSArrayBuffer> storage(runtime, new_array_buffer(runtime, bytes));
  return new_typed_array(runtime, ElementType::uint8, storage.get(), 0,
                         static_cast<std::uint32_t>(bytes),
                         runtime.intrinsic(Intrinsic::BufferPrototype));
}

std::uint64_t size_argument(Runtime& runtime, const Arguments& args) {
  if (!args[0].is_number()) throw_invalid_argument(runtime, "size", "of type number", args[0]);
  const double size = args[0].as_number();
  if (!(size >= 0 && size <= static_cast<double>(largest_buffer))) {
    throw_out_of_range(runtime, "size", fmt::format(">= 0 && <= {}", largest_buffer),
                       to_text(runtime, args[0]));
  }
  return static_cast<std::uint64_t>(size);
}

JSTypedArray* this_bytes(Runtime& runtime, const Arguments& args) {
  auto* array = as_if<JSTypedArray>(args.this_value(), HeapType::TypedArray);
  if (array == nullptr) {
    throw_invalid_argument(runtime, "this", "an instance of Buffer or Uint8Array",
                           args.this_value());
  }
  return array;
}

JSTypedArray* self(const Arguments& args) {
  return static_cast<JSTypedArray*>(args.this_value().as_object());
}

// The bytes of a string or byte view argument.
std::string bytes_argument(Runtime& runtime, Value value, Value encoding, const char* name) {
  if (value.is_string()) {
    RootedValue text(runtime, value);
    const Encoding how = encoding_argument(runtime, encoding);
    return encode_text(to_utf16(text.get().as_string()), how);
  }
  std::string bytes;
  if (!append_bytes(value, &bytes)) {
    throw_invalid_argument(runtime, name, "an instance of Buffer or Uint8Array", value);
  }
  return bytes;
}

void fill_bytes(JSTypedArray* array, std::uint32_t start, std::uint32_t end,
                std::string_view pattern) {
  if (pattern.empty()) {
    std::memset(array->data_ + start, 0, end - start);
    return;
  }
  for (std::uint32_t i = start; i < end; ++i) {
    array->data_[i] = static_cast<std::byte>(pattern[(i - start) % pattern.size()]);
  }
}

std::string fill_pattern(Runtime& runtime, Value value, Value encoding) {
  if (value.is_string() || (value.is_object() && !value.is_callable())) {
    return bytes_argument(runtime, value, encoding, "value");
  }
  return std::string(1, static_cast<char>(to_int32(runtime, value) & 0xff));
}

// ---- Statics

Value buffer_alloc(Runtime& runtime, Arguments& args) {
  const std::uint64_t size = size_argument(runtime, args);
  Rooted<JSTypedArray> buffer(runtime, allocate_buffer(runtime, size));
  if (!args[1].is_undefined() && size > 0) {
    const std::string pattern = fill_pattern(runtime, args[1], args[2]);
    fill_bytes(buffer.get(), 0, buffer->length_, pattern);
  }
  return buffer.value();
}

Value buffer_alloc_unsafe(Runtime& runtime, Arguments& args) {
  return allocate_buffer(runtime, size_argument(runtime, args));
}

Value from_array_like(Runtime& runtime, Value source_arg) {
  RootedValue source(runtime, source_arg);
  const std::uint64_t length = std::min(length_of(runtime, source), largest_buffer);
  Rooted<JSTypedArray> buffer(runtime, allocate_buffer(runtime, length));
  for (std::uint32_t i = 0; i < length; ++i) {
    const Value number = Value::integer(to_int32(runtime, get_index(runtime, source, i)));
    typed_array_set(buffer.get(), i, number);
  }
  return buffer.value();
}

Value from_array_buffer(Runtime& runtime, Arguments& args) {
  const std::uint64_t total = static_cast<JSArrayBuffer*>(args[0].as_object())->bytes_;
  const double offset = to_integer(runtime, args[1]);
  if (!(offset >= 0 && offset <= static_cast<double>(total))) {
    throw_node_error(runtime, ErrorKind::RangeError, "ERR_BUFFER_OUT_OF_BOUNDS",
                     "\"offset\" is outside of buffer bounds");
  }
  const double rest = static_cast<double>(total) - offset;
  const double length = args[2].is_undefined() ? rest : std::max(0.0, to_integer(runtime, args[2]));
  if (length > rest) {
    throw_node_error(runtime, ErrorKind::RangeError, "ERR_BUFFER_OUT_OF_BOUNDS",
                     "\"length\" is outside of buffer bounds");
  }
  return new_typed_array(runtime, ElementType::uint8,
                         static_cast<JSArrayBuffer*>(args[0].as_object()),
                         static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length),
                         runtime.intrinsic(Intrinsic::BufferPrototype));
}

Value buffer_from(Runtime& runtime, Arguments& args) {
  if (args[0].is_string()) {
    const Encoding encoding = encoding_argument(runtime, args[1]);
    return new_buffer(runtime, encode_text(to_utf16(args[0].as_string()), encoding));
  }
  if (args[0].is_object() && !args[0].is_callable()) {
    if (has_type(args[0].as_object(), HeapType::ArrayBuffer)) {
      return from_array_buffer(runtime, args);
    }
    const Value length = get_named(runtime, args[0], runtime.atoms().length);
    if (!length.is_undefined()) return from_array_like(runtime, args[0]);
    // What toJSON made: {type: 'Buffer', data: [...]}.
    const Value data = get_property(runtime, args[0], "data");
    if (is_array(data)) return from_array_like(runtime, data);
  }
  throw_invalid_argument(runtime, "first argument",
                         "of type string or an instance of Buffer, ArrayBuffer, or Array or an "
                         "Array-like Object",
                         args[0]);
}

Value buffer_concat(Runtime& runtime, Arguments& args) {
  if (!is_array(args[0])) {
    throw_invalid_argument(runtime, "list", "an instance of Array", args[0]);
  }
  std::string bytes;
  const std::uint64_t count = length_of(runtime, args[0]);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Value item = get_index(runtime, args[0], i);
    if (!append_bytes(item, &bytes)) {
      throw_invalid_argument(runtime, fmt::format("list[{}]", i),
                             "an instance of Buffer or Uint8Array", item);
    }
  }
  if (!args[1].is_undefined()) {
    const double wanted = to_integer(runtime, args[1]);
    bytes.resize(
        static_cast<std::size_t>(std::clamp(wanted, 0.0, static_cast<double>(largest_buffer))));
  }
  return new_buffer(runtime, bytes);
}

Value buffer_is_buffer(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) return Value::boolean(false);
  const JSObject* wanted = runtime.intrinsic(Intrinsic::BufferPrototype);
  for (const JSObject* p = args[0].as_object()->prototype(); p; p = p->prototype()) {
    if (p == wanted) return Value::boolean(true);
  }
  return Value::boolean(false);
}

Value buffer_is_encoding(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_string() &&
                        parse_encoding(to_utf8(args[0].as_string())).has_value());
}

Value buffer_byte_length(Runtime& runtime, Arguments& args) {
  if (auto* storage = as_if<JSArrayBuffer>(args[0], HeapType::ArrayBuffer)) {
    return Value::number(storage->bytes_);
  }
  return Value::number(
      static_cast<std::uint64_t>(bytes_argument(runtime, args[0], args[1], "string").size()));
}

Value compare_bytes(std::string_view a, std::string_view b) {
  const int order = a.compare(b);
  return Value::integer(order < 0 ? -1 : order > 0 ? 1 : 0);
}

Value buffer_compare(Runtime& runtime, Arguments& args) {
  const std::string a = bytes_argument(runtime, args[0], Value::undefined(), "buf1");
  return compare_bytes(a, bytes_argument(runtime, args[1], Value::undefined(), "buf2"));
}

Value buffer_constructor(Runtime& runtime, Arguments& args) {
  if (args[0].is_number()) return buffer_alloc(runtime, args);
  return buffer_from(runtime, args);
}

// ---- Prototype

std::uint32_t bounded(Runtime& runtime, Value value, std::uint32_t length,
                      std::uint32_t if_undefined) {
  if (value.is_undefined()) return if_undefined;
  return static_cast<std::uint32_t>(
      std::clamp(to_integer(runtime, value), 0.0, static_cast<double>(length)));
}

Value to_string_method(Runtime& runtime, Arguments& args) {
  const std::uint32_t length = this_bytes(runtime, args)->length_;
  const Encoding encoding = encoding_argument(runtime, args[0]);
  const std::uint32_t start = bounded(runtime, args[1], length, 0);
  const std::uint32_t end = std::max(start, bounded(runtime, args[2], length, length));
  const std::string bytes(bytes_of(self(args)).substr(start, end - start));
  return new_string(runtime, decode_bytes(bytes, encoding));
}

Value write_method(Runtime& runtime, Arguments& args) {
  this_bytes(runtime, args);
  if (!args[0].is_string()) {
    throw_invalid_argument(runtime, "argument", "of type string", args[0]);
  }
  // write(string, [offset, [length]], [encoding])
  std::uint32_t next = 1;
  const std::uint32_t length = self(args)->length_;
  std::uint32_t offset = 0;
  std::uint32_t most = length;
  if (args[next].is_number()) offset = bounded(runtime, args[next++], length, 0);
  if (args[next].is_number()) most = bounded(runtime, args[next++], length, length);
  const Encoding encoding = encoding_argument(runtime, args[next]);
  const std::string bytes = encode_text(to_utf16(args[0].as_string()), encoding);
  std::size_t count = std::min<std::size_t>({bytes.size(), most, length - offset});
  // Never a part of a character.
  while (encoding == Encoding::utf8 && count < bytes.size() && count > 0 &&
         (static_cast<unsigned char>(bytes[count]) & 0xc0) == 0x80) {
    --count;
  }
  std::memcpy(self(args)->data_ + offset, bytes.data(), count);
  return Value::number(static_cast<std::uint64_t>(count));
}

Value slice_method(Runtime& runtime, Arguments& args) {
  const std::uint32_t length = this_bytes(runtime, args)->length_;
  const auto start = static_cast<std::uint32_t>(to_relative_index(runtime, args[0], length, 0));
  const auto end = static_cast<std::uint32_t>(to_relative_index(runtime, args[1], length, length));
  return view_of(runtime, self(args), start, end);
}

Value equals_method(Runtime& runtime, Arguments& args) {
  this_bytes(runtime, args);
  std::string other;
  if (!append_bytes(args[0], &other)) {
    throw_invalid_argument(runtime, "otherBuffer", "an instance of Buffer or Uint8Array", args[0]);
  }
  return Value::boolean(bytes_of(self(args)) == other);
}

Value compare_method(Runtime& runtime, Arguments& args) {
  this_bytes(runtime, args);
  std::string other;
  if (!append_bytes(args[0], &other)) {
    throw_invalid_argument(runtime, "target", "an instance of Buffer or Uint8Array", args[0]);
  }
  return compare_bytes(bytes_of(self(args)), other);
}

Value copy_method(Runtime& runtime, Arguments& args) {
  const std::uint32_t length = this_bytes(runtime, args)->length_;
  auto* target = as_if<JSTypedArray>(args[0], HeapType::TypedArray);
  if (target == nullptr) {
    throw_invalid_argument(runtime, "target", "an instance of Buffer or Uint8Array", args[0]);
  }
  const auto target_length = static_cast<std::uint32_t>(byte_length(target));
  const std::uint32_t at = bounded(runtime, args[1], target_length, 0);
  const std::uint32_t start = bounded(runtime, args[2], length, 0);
  const std::uint32_t end = std::max(start, bounded(runtime, args[3], length, length));
  const std::uint32_t count = std::min(end - start, target_length - at);
  target = static_cast<JSTypedArray*>(args[0].as_object());
  std::memmove(target->data_ + at, self(args)->data_ + start, count);
  return Value::number(count);
}

Value fill_method(Runtime& runtime, Arguments& args) {
  const std::uint32_t length = this_bytes(runtime, args)->length_;
  // fill(value, [offset, [end]], [encoding])
  Value encoding = args[3];
  if (args[1].is_string()) encoding = args[1];
  if (args[2].is_string()) encoding = args[2];
  const std::string pattern = fill_pattern(runtime, args[0], encoding);
  const std::uint32_t start = args[1].is_string() ? 0 : bounded(runtime, args[1], length, 0);
  const std::uint32_t end =
      args[2].is_string() ? length : bounded(runtime, args[2], length, length);
  if (end > start) fill_bytes(self(args), start, end, pattern);
  return args.this_value();
}

Value find_bytes(Runtime& runtime, Arguments& args, bool last) {
  this_bytes(runtime, args);
  Value encoding = args[2];
  if (args[1].is_string()) encoding = args[1];
  std::string needle;
  if (args[0].is_number()) {
    needle.assign(1, static_cast<char>(to_int32(runtime, args[0]) & 0xff));
  } else {
    needle = bytes_argument(runtime, args[0], encoding, "value");
  }
  const std::string_view bytes = bytes_of(self(args));
  const double length = static_cast<double>(bytes.size());
  double from = last ? length : 0;
  if (args[1].is_number()) {
    from = to_integer(runtime, args[1]);
    if (from < 0) from = std::max(from + length, last ? -1.0 : 0.0);
  }
  if (from < 0) return Value::integer(-1);
  const auto start = static_cast<std::size_t>(std::min(from, length));
  const std::size_t at = last ? bytes.rfind(needle, start) : bytes.find(needle, start);
  if (at == std::string_view::npos) return Value::integer(-1);
  return Value::number(static_cast<std::uint64_t>(at));
}
Value index_of_method(Runtime& runtime, Arguments& args) {
  return find_bytes(runtime, args, false);
}
Value last_index_of_method(Runtime& runtime, Arguments& args) {
  return find_bytes(runtime, args, true);
}
Value includes_method(Runtime& runtime, Arguments& args) {
  return Value::boolean(find_bytes(runtime, args, false).as_number() >= 0);
}

Value to_json_method(Runtime& runtime, Arguments& args) {
  this_bytes(runtime, args);
  RootedValues numbers(runtime);
  for (std::uint32_t i = 0; i < self(args)->length_; ++i) {
    numbers.push_back(typed_array_get(self(args), i));
  }
  Rooted<JSObject> result(runtime, new_object(runtime, 2));
  RootedValue type(runtime, text_value(runtime, "Buffer"));
  define_value(runtime, result.get(), "type", type, kAll);
  RootedValue data(runtime, Value(array_of(runtime, numbers)));
  define_value(runtime, result.get(), "data", data, kAll);
  return result.value();
}

// <Buffer 68 69>, with up to 50 bytes, then own properties as inspect formats them.
Value inspect_method(Runtime& runtime, Arguments& args) {
  const JSTypedArray* array = this_bytes(runtime, args);
  constexpr std::uint32_t most = 50;
  std::string text = "<Buffer ";
  const std::uint32_t count = std::min(array->length_, most);
  for (std::uint32_t i = 0; i < count; ++i) {
    text += fmt::format("{}{:02x}", i ? " " : "", static_cast<unsigned>(array->data_[i]));
  }
  const std::uint32_t rest = array->length_ - count;
  if (rest > 0) text += fmt::format(" ... {} more byte{}", rest, rest > 1 ? "s" : "");
  return text_value(runtime, text + ">");
}

Value get_parent(Runtime& runtime, Arguments& args) {
  return this_bytes(runtime, args)->buffer_.get();
}

const NativeInfo constructor_info{"Buffer", 2, buffer_constructor, true};
const NativeInfo statics[] = {
    {"alloc", 3, buffer_alloc},
    {"allocUnsafe", 1, buffer_alloc_unsafe},
    {"allocUnsafeSlow", 1, buffer_alloc_unsafe},
    {"from", 3, buffer_from},
    {"concat", 2, buffer_concat},
    {"isBuffer", 1, buffer_is_buffer},
    {"isEncoding", 1, buffer_is_encoding},
    {"byteLength", 2, buffer_byte_length},
    {"compare", 2, buffer_compare},
};
const NativeInfo methods[] = {
    {"toString", 3, to_string_method},
    {"write", 4, write_method},
    {"slice", 2, slice_method},
    {"subarray", 2, slice_method},
    {"equals", 1, equals_method},
    {"compare", 1, compare_method},
    {"copy", 4, copy_method},
    {"fill", 4, fill_method},
    {"indexOf", 3, index_of_method},
    {"lastIndexOf", 3, last_index_of_method},
    {"includes", 3, includes_method},
    {"toJSON", 0, to_json_method},
    {"toLocaleString", 3, to_string_method},
};
const NativeInfo inspect_info{"inspect", 2, inspect_method};
const NativeInfo parent_info{"get parent", 0, get_parent};

}  // namespace

Value new_buffer(Runtime& runtime, std::string_view bytes) {
  JSTypedArray* buffer = allocate_buffer(runtime, bytes.size());
  if (!bytes.empty()) std::memcpy(buffer->data_, bytes.data(), bytes.size());
  return buffer;
}

void install_buffer(Runtime& runtime) {
  Rooted<JSObject> prototype(
      runtime,
      new_object_with_prototype(runtime, runtime.intrinsic(Intrinsic::Uint8ArrayPrototype)));
  runtime.set_intrinsic(Intrinsic::BufferPrototype, prototype.get());
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype.get()));
  RootedValue parent(runtime,
                     get_named(runtime, Value(runtime.intrinsic(Intrinsic::Uint8ArrayPrototype)),
                               runtime.atoms().constructor));
  set_prototype(runtime, constructor.get(), parent.get().as_object());
  define_methods(runtime, constructor.get(), statics);
  define_value(runtime, constructor.get(), "poolSize", Value::integer(8192), kAll);
  define_methods(runtime, prototype.get(), methods);
  install_buffer_numbers(runtime, prototype.get());
  define_method(runtime, prototype.get(), PropertyKey(runtime.atoms().symbol_inspect_custom),
                inspect_info);
  const PropertyKey key = runtime.key("parent");
  define_getter(runtime, prototype.get(), key, parent_info);
}

}  // namespace heaplab::interp::builtins
