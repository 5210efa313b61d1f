// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "heaplab/interp/object.h"

// Layouts the VM needs for its fast paths; the methods are the built-ins'.

namespace heaplab::interp {

/// Off-heap bytes. They are freed by a finalizer and accounted with Heap::adjust_external.
class JSArrayBuffer : public JSObject {
 public:
  std::byte* data_ = nullptr;
  std::uint64_t bytes_ = 0;
};

enum class ElementType : std::uint8_t {
  int8,
  uint8,
  uint8_clamped,
  int16,
  uint16,
  int32,
  uint32,
  float32,
  float64
};

constexpr unsigned element_bytes(ElementType type) {
  constexpr unsigned sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8};
  return sizes[static_cast<unsigned>(type)];
}

/// A typed array or Buffer: `length_` elements at `data_`, which points into buffer_'s bytes.
class JSTypedArray : public JSObject {
 public:
  ElementType element_type() const { return static_cast<ElementType>(payload()); }
  std::byte* data_ = nullptr;
  Ref<JSArrayBuffer> buffer_;
  std::uint32_t byte_offset_ = 0;
};

/// Never collect. \pre index < length_; for writes `number` is a number
Value typed_array_get(const JSTypedArray* array, std::uint32_t index);
void typed_array_set(JSTypedArray* array, std::uint32_t index, Value number);

/// May collect. Bytes are zero. Throws RangeError "Array buffer allocation failed".
JSArrayBuffer* new_array_buffer(Runtime& runtime, std::uint64_t bytes);
JSTypedArray* new_typed_array(Runtime& runtime, ElementType type, JSArrayBuffer* buffer,
                              std::uint32_t byte_offset, std::uint32_t length, JSObject* prototype);

}  // namespace heaplab::interp
