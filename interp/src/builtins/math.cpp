// SPDX-License-Identifier: MIT
// Math.
#include <cmath>
#include <limits>
#include <random>

#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

template <double (*function)(double)>
Value unary(Runtime& runtime, Arguments& args) {
  return Value::number(function(to_number(runtime, args[0])));
}

double round_half_up(double x) {
  if (!(std::abs(x) < 4503599627370496.0)) return x;  // already whole, or not finite
  const double floor = std::floor(x);
  const double rounded = x - floor >= 0.5 ? floor + 1 : floor;
  return std::copysign(rounded, x);
}
double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }
// The C library's cube root of 27 is one unit too high: one step of Newton's method repairs it.
double cube_root(double x) {
  const double root = std::cbrt(x);
  if (root == 0 || !std::isfinite(root)) return root;
  const double better = root - (root * root * root - x) / (3 * root * root);
  return better * better * better == x ? better : root;
}
double to_float32(double x) { return static_cast<double>(static_cast<float>(x)); }
double count_leading_zeros(double x) {
  const auto bits = static_cast<std::uint32_t>(double_to_int32(x));
  return bits == 0 ? 32 : __builtin_clz(bits);
}

// JavaScript differs from C where the exponent is NaN or the base is ±1 with an infinite exponent.
double power(double base, double exponent) {
  if (std::isnan(exponent)) return exponent;
  if (std::abs(base) == 1 && std::isinf(exponent)) return std::nan("");
  return std::pow(base, exponent);
}

Value math_pow(Runtime& runtime, Arguments& args) {
  const double base = to_number(runtime, args[0]);
  return Value::number(power(base, to_number(runtime, args[1])));
}

Value math_atan2(Runtime& runtime, Arguments& args) {
  const double y = to_number(runtime, args[0]);
  return Value::number(std::atan2(y, to_number(runtime, args[1])));
}

Value math_imul(Runtime& runtime, Arguments& args) {
  const std::uint32_t a = to_uint32(runtime, args[0]);
  return Value::integer(static_cast<std::int32_t>(a * to_uint32(runtime, args[1])));
}

Value extreme(Runtime& runtime, Arguments& args, double start, bool want_larger) {
  double best = start;
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    const double x = to_number(runtime, args[i]);
    if (std::isnan(best)) continue;
    if (std::isnan(x)) {
      best = x;
    } else if (x == 0 && best == 0) {
      if (std::signbit(x) != want_larger) best = x;  // -0 is less than +0
    } else if (want_larger ? x > best : x < best) {
      best = x;
    }
  }
  return Value::number(best);
}
Value math_max(Runtime& runtime, Arguments& args) {
  return extreme(runtime, args, -std::numeric_limits<double>::infinity(), true);
}
Value math_min(Runtime& runtime, Arguments& args) {
  return extreme(runtime, args, std::numeric_limits<double>::infinity(), false);
}

// Scaled and compensated, as V8 does it: no overflow, and the same last digit.
Value math_hypot(Runtime& runtime, Arguments& args) {
  std::vector<double> values;
  double largest = 0;
  bool infinite = false;
  bool nan = false;
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    const double x = std::abs(to_number(runtime, args[i]));
    infinite |= std::isinf(x);
    nan |= std::isnan(x);
    largest = std::max(largest, x);
    values.push_back(x);
  }
  if (infinite) return Value::number(std::numeric_limits<double>::infinity());
  if (nan) return Value::number(std::nan(""));
  if (largest == 0) return Value::integer(0);
  double sum = 0;
  double lost = 0;
  for (const double x : values) {
    const double scaled = x / largest;
    const double summand = scaled * scaled - lost;
    const double preliminary = sum + summand;
    lost = (preliminary - sum) - summand;
    sum = preliminary;
  }
  return Value::number(std::sqrt(sum) * largest);
}

Value math_random(Runtime& runtime, Arguments&) {
  struct Generator {
    std::mt19937_64 engine{std::random_device{}()};
  };
  auto& generator = runtime.state<Generator>();
  constexpr double scale = 1.0 / 9007199254740992.0;  // 2^-53
  return Value::number(static_cast<double>(generator.engine() >> 11) * scale);
}

#define UNARY(name) \
  { #name, 1, unary < std::name> }
const NativeInfo methods[] = {
    {"abs", 1, unary<std::fabs>},
    UNARY(floor),
    UNARY(ceil),
    UNARY(trunc),
    UNARY(sqrt),
    UNARY(exp),
    UNARY(expm1),
    UNARY(log),
    UNARY(log2),
    UNARY(log10),
    UNARY(log1p),
    UNARY(sin),
    UNARY(cos),
    UNARY(tan),
    UNARY(asin),
    UNARY(acos),
    UNARY(atan),
    UNARY(sinh),
    UNARY(cosh),
    UNARY(tanh),
    UNARY(asinh),
    UNARY(acosh),
    UNARY(atanh),
    {"round", 1, unary<round_half_up>},
    {"sign", 1, unary<sign>},
    {"cbrt", 1, unary<cube_root>},
    {"fround", 1, unary<to_float32>},
    {"clz32", 1, unary<count_leading_zeros>},
    {"pow", 2, math_pow},
    {"atan2", 2, math_atan2},
    {"imul", 2, math_imul},
    {"max", 2, math_max},
    {"min", 2, math_min},
    {"hypot", 2, math_hypot},
    {"random", 0, math_random},
};
#undef UNARY

}  // namespace

void install_math(Runtime& runtime) {
  Rooted<JSObject> math(runtime, define_namespace(runtime, runtime.global(), "Math"));
  define_methods(runtime, math.get(), methods);
  define_tag(runtime, math.get(), "Math");
  const std::pair<const char*, double> constants[] = {
      {"E", 2.718281828459045},        {"LN10", 2.302585092994046},   {"LN2", 0.6931471805599453},
      {"LOG10E", 0.4342944819032518},  {"LOG2E", 1.4426950408889634}, {"PI", 3.141592653589793},
      {"SQRT1_2", 0.7071067811865476}, {"SQRT2", 1.4142135623730951},
  };
  for (const auto& [name, value] : constants) {
    define_value(runtime, math.get(), name, Value::number(value), kNone);
  }
}

}  // namespace heaplab::interp::builtins
