// SPDX-License-Identifier: MIT
#include "number_format.h"

#include <double-conversion/double-conversion.h>
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace heaplab::interp::builtins {

namespace {

using double_conversion::DoubleToStringConverter;
using double_conversion::StringBuilder;

const DoubleToStringConverter& converter() {
  return DoubleToStringConverter::EcmaScriptConverter();
}

template <class Convert>
std::string built(Convert&& convert) {
  char buffer[512];
  StringBuilder builder(buffer, sizeof(buffer));
  convert(builder);
  const auto length = static_cast<std::size_t>(builder.position());
  builder.Finalize();
  return std::string(buffer, length);
}

std::string special(double number) {
  if (std::isnan(number)) return "NaN";
  return number < 0 ? "-Infinity" : "Infinity";
}

char digit_char(int digit) { return "0123456789abcdefghijklmnopqrstuvwxyz"[digit]; }

double next_up(double number) { return std::nextafter(number, HUGE_VAL); }

// Digits of a fraction in another radix: as many as tell the number from its neighbours (V8's
// algorithm, so that the digits are the same).
std::string fraction_digits(double number, double fraction, int radix, double* integer) {
  std::string digits;
  double delta = 0.5 * (next_up(number) - number);
  delta = std::max(next_up(0.0), delta);
  if (fraction < delta) return digits;
  do {
    fraction *= radix;
    delta *= radix;
    const int digit = static_cast<int>(fraction);
    digits += digit_char(digit);
    fraction -= digit;
    if (fraction > 0.5 || (fraction == 0.5 && (digit & 1))) {
      if (fraction + delta > 1) {
        // Round up and propagate the carry.
        while (true) {
          if (digits.empty()) {
            *integer += 1;
            break;
          }
          const char c = digits.back();
          digits.pop_back();
          const int value = c > '9' ? c - 'a' + 10 : c - '0';
          if (value + 1 < radix) {
            digits += digit_char(value + 1);
            break;
          }
        }
        break;
      }
    }
  } while (fraction >= delta);
  return digits;
}

std::string integer_digits(double integer, int radix) {
  std::string digits;
  // What a double of this size cannot tell apart is shown as zeros, where V8 begins to.
  constexpr double exact = 9007199254740992.0;  // 2^53
  while (integer / radix >= exact) {
    integer /= radix;
    digits += '0';
  }
  do {
    const double rest = std::fmod(integer, radix);
    digits += digit_char(static_cast<int>(rest));
    integer = (integer - rest) / radix;
  } while (integer > 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

}  // namespace

std::string format_shortest(double number) {
  return built([&](StringBuilder& b) { converter().ToShortest(number, &b); });
}

std::string format_radix(double number, int radix) {
  if (!std::isfinite(number)) return special(number);
  if (radix == 10) return format_shortest(number);
  if (number == 0) return "0";
  const double magnitude = std::abs(number);
  double integer = std::floor(magnitude);
  const std::string fraction = fraction_digits(magnitude, magnitude - integer, radix, &integer);
  std::string text = number < 0 ? "-" : "";
  text += integer_digits(integer, radix);
  if (!fraction.empty()) text += "." + fraction;
  return text;
}

std::string format_fixed(double number, int digits) {
  if (!std::isfinite(number)) return special(number);
  if (std::abs(number) >= 1e21) return format_shortest(number);
  // double-conversion prints at most 60 digits after the point; further ones are exact zeros only
  // for numbers with that few binary places, so print those with the C library, which is exact.
  std::string text(std::size_t{24} + static_cast<std::size_t>(digits) + 8, '\0');
  if (digits <= DoubleToStringConverter::kMaxFixedDigitsAfterPoint) {
    return built([&](StringBuilder& b) { converter().ToFixed(number, digits, &b); });
  }
  const int length = std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string format_exponential(double number, int digits) {
  if (!std::isfinite(number)) return special(number);
  return built([&](StringBuilder& b) { converter().ToExponential(number, digits, &b); });
}

std::string format_precision(double number, int precision) {
  if (!std::isfinite(number)) return special(number);
  return built([&](StringBuilder& b) { converter().ToPrecision(number, precision, &b); });
}

std::string format_grouped(double number, int minimum, int maximum) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-∞" : "∞";
  std::string text;
  if (std::abs(number) >= 1e21) {
    char buffer[400];
    std::snprintf(buffer, sizeof(buffer), "%.0f", std::abs(number));
    text = buffer;
  } else {
    text = format_fixed(std::abs(number), maximum);
  }
  std::size_t point = text.find('.');
  if (point != std::string::npos) {
    while (text.size() - point - 1 > static_cast<std::size_t>(minimum) && text.back() == '0') {
      text.pop_back();
    }
    if (text.back() == '.') text.pop_back();
  }
  point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > 3; i -= 3) text.insert(i - 3, ",");
  return (std::signbit(number) ? "-" : "") + text;
}

}  // namespace heaplab::interp::builtins
