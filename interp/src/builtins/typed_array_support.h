// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/runtime.h"
#include "heaplab/interp/typed_array.h"

// What typed arrays, DataView and Buffer share.

namespace heaplab::interp::builtins {

class JSDataView : public JSObject {
 public:
  Ref<JSArrayBuffer> buffer_;
  std::uint32_t byte_offset_ = 0;
  std::uint32_t bytes_ = 0;
  std::uint32_t padding_ = 0;
};

/// "Uint8Array", …
const char* element_type_name(ElementType type);
Intrinsic prototype_of(ElementType type);

JSTypedArray* this_typed_array(Runtime& runtime, const Arguments& args, const char* method);
/// A new array of the same class as `like` (a Buffer for a Buffer), with zeroed storage of its own.
JSTypedArray* new_typed_array_like(Runtime& runtime, JSTypedArray* like, std::uint64_t length);
/// A view of `like`'s buffer: elements [start, end).
Value view_of(Runtime& runtime, JSTypedArray* like, std::uint32_t start, std::uint32_t end);
/// ToIndex of a length argument: RangeError "Invalid typed array length: n".
std::uint64_t checked_length(Runtime& runtime, Value length, const char* complaint);

inline std::size_t byte_length(const JSTypedArray* array) {
  return std::size_t{array->length_} * element_bytes(array->element_type());
}

void install_typed_array_methods(Runtime& runtime, JSObject* prototype);

}  // namespace heaplab::interp::builtins
