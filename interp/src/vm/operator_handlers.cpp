// SPDX-License-Identifier: MIT
// Slow paths of the arithmetic and comparison instructions.

#include <cmath>
#include <limits>

#include "heaplab/interp/operations.h"
#include "vm/handlers.h"

namespace heaplab::interp::handlers {

double modulo(double a, double b) { return std::fmod(a, b); }

double exponentiate(double base, double exponent) {
  // The language differs from C where the exponent is NaN or the base is 1 or -1.
  if (std::isnan(exponent)) return exponent;
  if (std::isinf(exponent) && std::abs(base) == 1) return std::numeric_limits<double>::quiet_NaN();
  return std::pow(base, exponent);
}

namespace {

std::uint32_t bits(double d) { return static_cast<std::uint32_t>(double_to_int32(d)); }

Value compute(Opcode op, double a, double b) {
  switch (op) {
    case Opcode::Sub:
      return Value::number(a - b);
    case Opcode::Mul:
      return Value::number(a * b);
    case Opcode::Div:
      return Value::number(a / b);
    case Opcode::Mod:
      return Value::number(modulo(a, b));
    case Opcode::Exp:
      return Value::number(exponentiate(a, b));
    case Opcode::BitAnd:
      return Value::integer(static_cast<std::int32_t>(bits(a) & bits(b)));
    case Opcode::BitOr:
      return Value::integer(static_cast<std::int32_t>(bits(a) | bits(b)));
    case Opcode::BitXor:
      return Value::integer(static_cast<std::int32_t>(bits(a) ^ bits(b)));
    case Opcode::ShiftLeft:
      return Value::integer(static_cast<std::int32_t>(bits(a) << (bits(b) & 31)));
    case Opcode::ShiftRight:
      return Value::integer(double_to_int32(a) >> (bits(b) & 31));
    case Opcode::ShiftRightUnsigned:
      return Value::number(bits(a) >> (bits(b) & 31));
    default:
      assert(false && "not an arithmetic instruction");
      return Value::undefined();
  }
}

}  // namespace

Value arithmetic(Runtime& runtime, Opcode op, Value a, Value b) {
  if (op == Opcode::Add) return add(runtime, a, b);
  RootedValue right(runtime, b);
  const double x = to_number(runtime, a);
  const double y = to_number(runtime, right);
  return compute(op, x, y);
}

bool greater_than(Runtime& runtime, Value a, Value b) {
  RootedValue left(runtime, a);
  RootedValue right(runtime, b);
  // The language converts the left operand first even where it swaps them.
  if (a.is_object()) left = to_primitive(runtime, left, Hint::number);
  if (right.get().is_object()) right = to_primitive(runtime, right, Hint::number);
  return less_than(runtime, right, left);
}

bool greater_equal(Runtime& runtime, Value a, Value b) {
  RootedValue left(runtime, a);
  RootedValue right(runtime, b);
  if (a.is_object()) left = to_primitive(runtime, left, Hint::number);
  if (right.get().is_object()) right = to_primitive(runtime, right, Hint::number);
  return less_equal(runtime, right, left);
}

Value concat_strings(Runtime& runtime, Value* first, std::uint32_t count) {
  RootedValue text(runtime, Value(to_string(runtime, first[0])));
  for (std::uint32_t i = 1; i < count; ++i) {
    String* next = to_string(runtime, first[i]);
    text = Value(concat(runtime, text.get().as_string(), next));
  }
  return text;
}

}  // namespace heaplab::interp::handlers
