// SPDX-License-Identifier: MIT
// DataView.
#include <algorithm>
#include <cstring>

#include "install.h"
#include "support.h"
#include "typed_array_support.h"

namespace heaplab::interp::builtins {

namespace {

Value data_view_constructor(Runtime& runtime, Arguments& args) {
  require_new(runtime, args, "DataView");
  auto* buffer = as_if<JSArrayBuffer>(args[0], HeapType::ArrayBuffer);
  if (buffer == nullptr) {
    throw_type_error(runtime, "First argument to DataView constructor must be an ArrayBuffer");
  }
  const std::uint64_t offset =
      checked_length(runtime, args[1], "Start offset is outside the bounds of the buffer");
  const std::uint64_t total = static_cast<JSArrayBuffer*>(args[0].as_object())->bytes_;
  if (offset > total) {
    throw_range_error(
        runtime, "Start offset " + std::to_string(offset) + " is outside the bounds of the buffer");
  }
  std::uint64_t length = total - offset;
  if (!args[2].is_undefined()) {
    length = checked_length(runtime, args[2], "Invalid DataView length");
    if (length > total - offset) {
      throw_range_error(runtime, "Invalid DataView length " + std::to_string(length));
    }
  }
  JSObject* prototype = prototype_for_construct(
      runtime, args.new_target(), get_property(runtime, args.callee(), "prototype").as_object());
  auto* view = new_exotic<JSDataView>(runtime, HeapType::DataView, prototype);
  runtime.heap().write(view, view->buffer_, static_cast<JSArrayBuffer*>(args[0].as_object()));
  view->byte_offset_ = static_cast<std::uint32_t>(offset);
  view->bytes_ = static_cast<std::uint32_t>(length);
  return view;
}

JSDataView* this_view(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSDataView>(runtime, args, HeapType::DataView, method);
}

// The bytes of one number, checked.
std::byte* place(Runtime& runtime, const Arguments& args, std::size_t size, const char* method) {
  this_view(runtime, args, method);
  const std::uint64_t offset =
      checked_length(runtime, args[0], "Offset is outside the bounds of the DataView");
  auto* view = static_cast<JSDataView*>(args.this_value().as_object());
  if (offset + size > view->bytes_) {
    throw_range_error(runtime, "Offset is outside the bounds of the DataView");
  }
  return view->buffer_->data_ + view->byte_offset_ + offset;
}

template <class T>
void order_bytes(T* value, bool little_endian) {
  if (little_endian) return;  // the machine is
  auto* bytes = reinterpret_cast<std::byte*>(value);
  std::reverse(bytes, bytes + sizeof(T));
}

template <class T>
Value get_number(Runtime& runtime, Arguments& args) {
  const std::byte* from = place(runtime, args, sizeof(T), "DataView.prototype.get");
  T value;
  std::memcpy(&value, from, sizeof(T));
  order_bytes(&value, to_boolean(args[1]));
  return Value::number(static_cast<double>(value));
}

template <class T>
Value set_number(Runtime& runtime, Arguments& args) {
  this_view(runtime, args, "DataView.prototype.set");
  const double number = to_number(runtime, args[1]);
  T value;
  if constexpr (std::is_floating_point_v<T>) {
    value = static_cast<T>(number);
  } else {
    value = static_cast<T>(double_to_int32(number));
  }
  order_bytes(&value, to_boolean(args[2]));
  std::memcpy(place(runtime, args, sizeof(T), "DataView.prototype.set"), &value, sizeof(T));
  return Value::undefined();
}

Value get_buffer(Runtime& runtime, Arguments& args) {
  return this_view(runtime, args, "DataView.prototype.buffer")->buffer_.get();
}
Value get_byte_length(Runtime& runtime, Arguments& args) {
  return Value::number(this_view(runtime, args, "DataView.prototype.byteLength")->bytes_);
}
Value get_byte_offset(Runtime& runtime, Arguments& args) {
  return Value::number(this_view(runtime, args, "DataView.prototype.byteOffset")->byte_offset_);
}

const NativeInfo constructor_info{"DataView", 1, data_view_constructor, true};
#define ACCESS(name, type) \
  {"get" #name, 1, get_number<type>}, { "set" #name, 2, set_number<type> }
const NativeInfo methods[] = {
    ACCESS(Int8, std::int8_t),     ACCESS(Uint8, std::uint8_t), ACCESS(Int16, std::int16_t),
    ACCESS(Uint16, std::uint16_t), ACCESS(Int32, std::int32_t), ACCESS(Uint32, std::uint32_t),
    ACCESS(Float32, float),        ACCESS(Float64, double),
};
#undef ACCESS
const NativeInfo getters[] = {
    {"get buffer", 0, get_buffer},
    {"get byteLength", 0, get_byte_length},
    {"get byteOffset", 0, get_byte_offset},
};

}  // namespace

void install_data_view(Runtime& runtime) {
  Rooted<JSObject> prototype(runtime, new_object(runtime));
  define_class(runtime, constructor_info, prototype.get());
  define_methods(runtime, prototype.get(), methods);
  for (const NativeInfo& getter : getters) {
    const PropertyKey key = runtime.key(getter.name + 4);
    define_getter(runtime, prototype.get(), key, getter);
  }
  define_tag(runtime, prototype.get(), "DataView");
}

}  // namespace heaplab::interp::builtins
