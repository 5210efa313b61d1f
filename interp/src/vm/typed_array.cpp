// SPDX-License-Identifier: MIT
#include "heaplab/interp/typed_array.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"

namespace heaplab::interp {
namespace {

constexpr std::uint64_t max_buffer_bytes = std::uint64_t{1} << 32;

template <class T>
T load(const JSTypedArray* array, std::uint32_t index) {
  T value;
  std::memcpy(&value, array->data_ + std::size_t{index} * sizeof(T), sizeof(T));
  return value;
}

template <class T>
void store(JSTypedArray* array, std::uint32_t index, T value) {
  std::memcpy(array->data_ + std::size_t{index} * sizeof(T), &value, sizeof(T));
}

/// The off-heap part of a buffer. Outlives the runtime if the heap does.
struct BufferBlock {
  std::byte* data;
  std::int64_t bytes;
  Heap* heap;
  std::shared_ptr<std::int64_t> total;

  static void release(void* self) {
    auto* block = static_cast<BufferBlock*>(self);
    block->heap->adjust_external(-block->bytes);
    *block->total -= block->bytes;
    std::free(block->data);
    delete block;
  }
};

std::uint8_t clamp(double d) {
  if (!(d > 0)) return 0;
  return d >= 255 ? std::uint8_t{255} : static_cast<std::uint8_t>(std::nearbyint(d));
}

}  // namespace

Value typed_array_get(const JSTypedArray* array, std::uint32_t index) {
  switch (array->element_type()) {
    case ElementType::int8:
      return Value::integer(load<std::int8_t>(array, index));
    case ElementType::uint8:
    case ElementType::uint8_clamped:
      return Value::integer(load<std::uint8_t>(array, index));
    case ElementType::int16:
      return Value::integer(load<std::int16_t>(array, index));
    case ElementType::uint16:
      return Value::integer(load<std::uint16_t>(array, index));
    case ElementType::int32:
      return Value::integer(load<std::int32_t>(array, index));
    case ElementType::uint32:
      return Value::number(load<std::uint32_t>(array, index));
    case ElementType::float32:
      return Value::number(static_cast<double>(load<float>(array, index)));
    case ElementType::float64:
      return Value::number(load<double>(array, index));
  }
  return Value::undefined();
}

void typed_array_set(JSTypedArray* array, std::uint32_t index, Value number) {
  const double d = number.as_number();
  const std::int32_t i = number.is_int() ? number.as_int() : double_to_int32(d);
  switch (array->element_type()) {
    case ElementType::int8:
    case ElementType::uint8:
      return store(array, index, static_cast<std::uint8_t>(i));
    case ElementType::uint8_clamped:
      return store(array, index, clamp(d));
    case ElementType::int16:
    case ElementType::uint16:
      return store(array, index, static_cast<std::uint16_t>(i));
    case ElementType::int32:
    case ElementType::uint32:
      return store(array, index, i);
    case ElementType::float32:
      return store(array, index, static_cast<float>(d));
    case ElementType::float64:
      return store(array, index, d);
  }
}

JSArrayBuffer* new_array_buffer(Runtime& runtime, std::uint64_t bytes) {
  if (bytes > max_buffer_bytes) throw_range_error(runtime, "Array buffer allocation failed");
  Rooted<JSArrayBuffer> buffer(
      runtime, new_exotic<JSArrayBuffer>(runtime, HeapType::ArrayBuffer,
                                         runtime.intrinsic(Intrinsic::ArrayBufferPrototype)));
  auto* data = static_cast<std::byte*>(std::calloc(bytes ? bytes : 1, 1));
  if (!data) throw_range_error(runtime, "Array buffer allocation failed");
  const auto size = static_cast<std::int64_t>(bytes);
  buffer->data_ = data;
  buffer->bytes_ = bytes;
  *runtime.array_buffer_total() += size;
  runtime.heap().add_finalizer(
      buffer.get(), BufferBlock::release,
      new BufferBlock{data, size, &runtime.heap(), runtime.array_buffer_total()});
  runtime.heap().adjust_external(size);  // may collect
  return buffer.get();
}

JSTypedArray* new_typed_array(Runtime& runtime, ElementType type, JSArrayBuffer* buffer_arg,
                              std::uint32_t byte_offset, std::uint32_t length,
                              JSObject* prototype) {
  Rooted<JSArrayBuffer> buffer(runtime, buffer_arg);
  auto* array = new_exotic<JSTypedArray>(runtime, HeapType::TypedArray, prototype);
  array->set_payload(static_cast<std::uint32_t>(type));
  runtime.heap().write(array, array->buffer_, buffer.get());
  array->data_ = buffer->data_ + byte_offset;
  array->byte_offset_ = byte_offset;
  array->length_ = length;
  return array;
}

}  // namespace heaplab::interp
