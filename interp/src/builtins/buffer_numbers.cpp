// SPDX-License-Identifier: MIT
// buffer.readInt32LE() and the other number methods, as one template each for reading and writing.
#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "buffer.h"
#include "number_format.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

std::string shown(double number) {
  // Node separates thousands with underscores in these messages.
  std::string text = format_shortest(number);
  if (std::abs(number) <= 4294967295.0 || text.find_first_of(".e") != std::string::npos) {
    return text;
  }
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t i = text.size(); i > first + 3; i -= 3) text.insert(i - 3, "_");
  return text;
}

// Where the number is, checked as Node does.
std::byte* place(Runtime& runtime, const Arguments& args, Value offset_value, std::size_t size) {
  auto* array = as_if<JSTypedArray>(args.this_value(), HeapType::TypedArray);
  if (array == nullptr) {
    throw_invalid_argument(runtime, "this", "an instance of Buffer", args.this_value());
  }
  if (!offset_value.is_undefined() && !offset_value.is_number()) {
    throw_invalid_argument(runtime, "offset", "of type number", offset_value);
  }
  const double offset = offset_value.is_undefined() ? 0 : offset_value.as_number();
  const double most = static_cast<double>(array->length_) - static_cast<double>(size);
  if (offset != std::floor(offset)) {
    throw_out_of_range(runtime, "offset", "an integer", shown(offset));
  }
  if (most < 0) {
    throw_node_error(runtime, ErrorKind::RangeError, "ERR_BUFFER_OUT_OF_BOUNDS",
                     "Attempt to access memory outside buffer bounds");
  }
  if (offset < 0 || offset > most) {
    throw_out_of_range(runtime, "offset", fmt::format(">= 0 and <= {}", shown(most)),
                       shown(offset));
  }
  return array->data_ + static_cast<std::size_t>(offset);
}

template <class T, bool little>
Value read(Runtime& runtime, Arguments& args) {
  T value;
  std::memcpy(&value, place(runtime, args, args[0], sizeof(T)), sizeof(T));
  auto* bytes = reinterpret_cast<std::byte*>(&value);
  if (!little) std::reverse(bytes, bytes + sizeof(T));
  return Value::number(static_cast<double>(value));
}

template <class T>
void check_range(Runtime& runtime, double value) {
  if constexpr (std::is_integral_v<T>) {
    const double low = std::numeric_limits<T>::min();
    const double high = std::numeric_limits<T>::max();
    if (value >= low && value <= high) return;
    const bool is_signed = std::is_signed_v<T>;
    const std::string range =
        sizeof(T) <= 2 || !is_signed
            ? fmt::format(">= {} and <= {}", format_shortest(low), format_shortest(high))
            : fmt::format(">= -(2 ** {}) and < 2 ** {}", 8 * sizeof(T) - 1, 8 * sizeof(T) - 1);
    if (!std::isnan(value)) throw_out_of_range(runtime, "value", range, shown(value));
  }
}

template <class T, bool little>
Value write(Runtime& runtime, Arguments& args) {
  const double number = to_number(runtime, args[0]);
  std::byte* to = place(runtime, args, args[1], sizeof(T));
  check_range<T>(runtime, number);
  T value;
  if constexpr (std::is_floating_point_v<T>) {
    value = static_cast<T>(number);
  } else {
    value = static_cast<T>(std::isnan(number) ? 0 : static_cast<std::int64_t>(number));
  }
  auto* bytes = reinterpret_cast<std::byte*>(&value);
  if (!little) std::reverse(bytes, bytes + sizeof(T));
  std::memcpy(to, bytes, sizeof(T));
  const double offset = args[1].is_undefined() ? 0 : args[1].as_number();
  return Value::number(offset + sizeof(T));
}

#define BOTH(name, type, little) \
  {"read" name, 1, read<type, little>}, { "write" name, 2, write<type, little> }
const NativeInfo methods[] = {
    BOTH("Int8", std::int8_t, true),        BOTH("UInt8", std::uint8_t, true),
    BOTH("Uint8", std::uint8_t, true),      BOTH("Int16LE", std::int16_t, true),
    BOTH("Int16BE", std::int16_t, false),   BOTH("UInt16LE", std::uint16_t, true),
    BOTH("UInt16BE", std::uint16_t, false), BOTH("Uint16LE", std::uint16_t, true),
    BOTH("Uint16BE", std::uint16_t, false), BOTH("Int32LE", std::int32_t, true),
    BOTH("Int32BE", std::int32_t, false),   BOTH("UInt32LE", std::uint32_t, true),
    BOTH("UInt32BE", std::uint32_t, false), BOTH("Uint32LE", std::uint32_t, true),
    BOTH("Uint32BE", std::uint32_t, false), BOTH("FloatLE", float, true),
    BOTH("FloatBE", float, false),          BOTH("DoubleLE", double, true),
    BOTH("DoubleBE", double, false),
};
#undef BOTH

}  // namespace

void install_buffer_numbers(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, methods);
}

}  // namespace heaplab::interp::builtins
