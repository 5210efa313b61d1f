// SPDX-License-Identifier: MIT
// Number and its prototype; parseInt, parseFloat, isNaN and isFinite.
#include <limits>

#include <double-conversion/double-conversion.h>

#include "install.h"
#include "number_format.h"
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

constexpr double max_safe = 9007199254740991.0;

Value number_constructor(Runtime& runtime, Arguments& args) {
  const Value number = Value::number(args.count() > 0 ? to_number(runtime, args[0]) : 0.0);
  if (!args.is_construct()) return number;
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::NumberPrototype));
  auto* wrapper = new_exotic<JSPrimitiveWrapper>(runtime, HeapType::PrimitiveWrapper, prototype);
  wrapper->value_ = number.word();  // no reference: no barrier
  return wrapper;
}

double this_number(Runtime& runtime, const Arguments& args, const char* method) {
  if (args.this_value().is_number()) return args.this_value().as_number();
  auto* wrapper = as_if<JSPrimitiveWrapper>(args.this_value(), HeapType::PrimitiveWrapper);
  if (wrapper && Value::from(wrapper->value_).is_number()) {
    return Value::from(wrapper->value_).as_number();
  }
  throw_type_error(runtime, std::string(method) + " requires that 'this' be a Number");
}

Value number_to_string_method(Runtime& runtime, Arguments& args) {
  const double number = this_number(runtime, args, "Number.prototype.toString");
  const double radix = args[0].is_undefined() ? 10 : to_integer(runtime, args[0]);
  if (radix < 2 || radix > 36) {
    throw_range_error(runtime, "toString() radix argument must be between 2 and 36");
  }
  if (radix == 10) return number_to_string(runtime, Value::number(number));
  return new_string_latin1(runtime, format_radix(number, static_cast<int>(radix)));
}

// The digit count of toFixed and its kin, checked.
int digits_argument(Runtime& runtime, double digits, int lowest, const char* method) {
  if (!(digits >= lowest && digits <= 100)) {
    throw_range_error(
        runtime,
        std::string(method) +
            (lowest == 1
                 ? "() argument must be between 1 and 100"
                 : "() " +
                       std::string(lowest == 0 && std::string_view(method) == "toFixed" ? "digits "
                                                                                        : "") +
                       "argument must be between 0 and 100"));
  }
  return static_cast<int>(digits);
}

Value number_to_fixed(Runtime& runtime, Arguments& args) {
  const double number = this_number(runtime, args, "Number.prototype.toFixed");
  const int digits = digits_argument(runtime, to_integer(runtime, args[0]), 0, "toFixed");
  return new_string_latin1(runtime, format_fixed(number, digits));
}

Value number_to_exponential(Runtime& runtime, Arguments& args) {
  const double number = this_number(runtime, args, "Number.prototype.toExponential");
  const double wanted = to_integer(runtime, args[0]);
  if (!std::isfinite(number)) return new_string_latin1(runtime, format_exponential(number, 0));
  const int digits = digits_argument(runtime, wanted, 0, "toExponential");
  return new_string_latin1(runtime,
                           format_exponential(number, args[0].is_undefined() ? -1 : digits));
}

Value number_to_precision(Runtime& runtime, Arguments& args) {
  const double number = this_number(runtime, args, "Number.prototype.toPrecision");
  if (args[0].is_undefined()) return number_to_string(runtime, Value::number(number));
  const double wanted = to_integer(runtime, args[0]);
  if (!std::isfinite(number)) return new_string_latin1(runtime, format_precision(number, 1));
  const int precision = digits_argument(runtime, wanted, 1, "toPrecision");
  return new_string_latin1(runtime, format_precision(number, precision));
}

int fraction_option(Runtime& runtime, Value options, const char* name, int if_absent) {
  if (!options.is_object()) return if_absent;
  const Value value = get_property(runtime, options, name);
  if (value.is_undefined()) return if_absent;
  const double digits = to_number(runtime, value);
  if (!(digits >= 0 && digits <= 20)) {
    throw_range_error(runtime, std::string(name) + " value is out of range.");
  }
  return static_cast<int>(digits);
}

// Options other than the two fraction options would change the result: refuse them.
void refuse_other_options(Runtime& runtime, Value options) {
  if (!options.is_object()) return;
  RootedValues keys(runtime);
  own_keys(runtime, options.as_object(), {}, &keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string key = to_utf8(keys[i].as_string());
    if (key == "minimumFractionDigits" || key == "maximumFractionDigits") continue;
    throw_type_error(runtime, "Number.prototype.toLocaleString: option '" + key +
                                  "' is not supported by heaplab run");
  }
}

Value number_to_locale_string(Runtime& runtime, Arguments& args) {
  const double number = this_number(runtime, args, "Number.prototype.toLocaleString");
  if (!args[0].is_undefined()) {
    const std::string locale = to_text(runtime, args[0]);
    if (locale != "en-US" && locale != "en") {
      throw_type_error(runtime, "Number.prototype.toLocaleString: locale '" + locale +
                                    "' is not supported by heaplab run (only en-US is)");
    }
  }
  refuse_other_options(runtime, args[1]);
  const int minimum = fraction_option(runtime, args[1], "minimumFractionDigits", 0);
  const int maximum =
      fraction_option(runtime, args[1], "maximumFractionDigits", std::max(3, minimum));
  if (minimum > maximum) {
    throw_range_error(runtime, "maximumFractionDigits value is out of range.");
  }
  return text_value(runtime, format_grouped(number, minimum, maximum));
}

Value number_value_of(Runtime& runtime, Arguments& args) {
  return Value::number(this_number(runtime, args, "Number.prototype.valueOf"));
}

bool is_integral(Value value) {
  if (!value.is_number()) return false;
  const double d = value.as_number();
  return std::isfinite(d) && d == std::floor(d);
}
Value number_is_integer(Runtime&, Arguments& args) { return Value::boolean(is_integral(args[0])); }
Value number_is_safe_integer(Runtime&, Arguments& args) {
  return Value::boolean(is_integral(args[0]) && std::abs(args[0].as_number()) <= max_safe);
}
Value number_is_finite(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_number() && std::isfinite(args[0].as_number()));
}
Value number_is_nan(Runtime&, Arguments& args) {
  return Value::boolean(args[0].is_number() && std::isnan(args[0].as_number()));
}
Value global_is_finite(Runtime& runtime, Arguments& args) {
  return Value::boolean(std::isfinite(to_number(runtime, args[0])));
}
Value global_is_nan(Runtime& runtime, Arguments& args) {
  return Value::boolean(std::isnan(to_number(runtime, args[0])));
}

int digit_value(char16_t c) {
  if (c >= u'0' && c <= u'9') return c - u'0';
  if (c >= u'a' && c <= u'z') return c - u'a' + 10;
  if (c >= u'A' && c <= u'Z') return c - u'A' + 10;
  return 99;
}

std::u16string_view skip_white_space(std::u16string_view text) {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  return text;
}

// Digits of a power-of-two or other radix, correctly rounded for 10 and for powers of two.
double parse_digits(std::u16string_view digits, int radix) {
  if (radix == 10 && digits.size() > 15) {
    const double_conversion::StringToDoubleConverter parser(0, 0, 0, nullptr, nullptr);
    const std::string ascii(digits.begin(), digits.end());
    int used = 0;
    return parser.StringToDouble(ascii.data(), static_cast<int>(ascii.size()), &used);
  }
  double value = 0;
  for (const char16_t c : digits) value = value * radix + digit_value(c);
  return value;
}

double parse_int(std::u16string_view text, std::int32_t radix) {
  text = skip_white_space(text);
  double sign = 1;
  if (!text.empty() && (text.front() == u'-' || text.front() == u'+')) {
    if (text.front() == u'-') sign = -1;
    text.remove_prefix(1);
  }
  bool may_have_prefix = radix == 0 || radix == 16;
  if (radix == 0) radix = 10;
  if (radix < 2 || radix > 36) return std::nan("");
  if (may_have_prefix && text.size() >= 2 && text[0] == u'0' &&
      (text[1] == u'x' || text[1] == u'X')) {
    text.remove_prefix(2);
    radix = 16;
  }
  std::size_t count = 0;
  while (count < text.size() && digit_value(text[count]) < radix) ++count;
  if (count == 0) return std::nan("");
  return sign * parse_digits(text.substr(0, count), radix);
}

Value global_parse_int(Runtime& runtime, Arguments& args) {
  if (args[0].is_int() && args[1].is_undefined()) return args[0];
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  return Value::number(parse_int(text, to_int32(runtime, args[1])));
}

// The longest prefix that is a StrDecimalLiteral.
std::size_t decimal_prefix(std::u16string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && text[i] >= u'0' && text[i] <= u'9') ++i;
    return i - start;
  };
  if (i < text.size() && (text[i] == u'+' || text[i] == u'-')) ++i;
  if (text.substr(i, 8) == u"Infinity") return i + 8;
  const std::size_t before = digits();
  std::size_t end = before > 0 ? i : 0;
  if (i < text.size() && text[i] == u'.') {
    ++i;
    if (digits() + before == 0) return 0;
    end = i;
  }
  if (end == 0) return 0;
  if (i < text.size() && (text[i] == u'e' || text[i] == u'E')) {
    ++i;
    if (i < text.size() && (text[i] == u'+' || text[i] == u'-')) ++i;
    if (digits() > 0) end = i;
  }
  return end;
}

Value global_parse_float(Runtime& runtime, Arguments& args) {
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  const std::u16string_view trimmed = skip_white_space(text);
  const std::size_t length = decimal_prefix(trimmed);
  if (length == 0) return Value::number(std::nan(""));
  const std::string ascii(trimmed.begin(), trimmed.begin() + static_cast<std::ptrdiff_t>(length));
  if (ascii.ends_with("Infinity")) {
    const double infinity = std::numeric_limits<double>::infinity();
    return Value::number(ascii[0] == '-' ? -infinity : infinity);
  }
  const double_conversion::StringToDoubleConverter parser(
      double_conversion::StringToDoubleConverter::NO_FLAGS, 0, 0, nullptr, nullptr);
  int used = 0;
  return Value::number(parser.StringToDouble(ascii.data(), static_cast<int>(length), &used));
}

const NativeInfo constructor_info{"Number", 1, number_constructor, true};
const NativeInfo statics[] = {
    {"isInteger", 1, number_is_integer},
    {"isSafeInteger", 1, number_is_safe_integer},
    {"isFinite", 1, number_is_finite},
    {"isNaN", 1, number_is_nan},
};
const NativeInfo methods[] = {
    {"toString", 1, number_to_string_method},       {"toFixed", 1, number_to_fixed},
    {"toExponential", 1, number_to_exponential},    {"toPrecision", 1, number_to_precision},
    {"toLocaleString", 0, number_to_locale_string}, {"valueOf", 0, number_value_of},
};
const NativeInfo globals[] = {
    {"isFinite", 1, global_is_finite},
    {"isNaN", 1, global_is_nan},
};
const NativeInfo parsers[] = {
    {"parseInt", 2, global_parse_int},
    {"parseFloat", 1, global_parse_float},
};

void define_constants(Runtime& runtime, JSObject* constructor) {
  using Limits = std::numeric_limits<double>;
  const std::pair<const char*, double> constants[] = {
      {"MAX_SAFE_INTEGER", max_safe},
      {"MIN_SAFE_INTEGER", -max_safe},
      {"MAX_VALUE", Limits::max()},
      {"MIN_VALUE", Limits::denorm_min()},
      {"EPSILON", Limits::epsilon()},
      {"POSITIVE_INFINITY", Limits::infinity()},
      {"NEGATIVE_INFINITY", -Limits::infinity()},
      {"NaN", Limits::quiet_NaN()},
  };
  Rooted<JSObject> target(runtime, constructor);
  for (const auto& [name, value] : constants) {
    define_value(runtime, target.get(), name, Value::number(value), kNone);
  }
}

}  // namespace

void install_number(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::NumberPrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  define_methods(runtime, constructor.get(), statics);
  define_constants(runtime, constructor.get());
  define_methods(runtime, prototype(), methods);
  define_methods(runtime, runtime.global(), globals);
  define_methods(runtime, runtime.global(), parsers);
  for (const NativeInfo& parser : parsers) {
    const Value function = get_property(runtime, Value(runtime.global()), parser.name);
    define_value(runtime, constructor.get(), parser.name, function);
  }
  using Limits = std::numeric_limits<double>;
  define_value(runtime, runtime.global(), "NaN", Value::number(Limits::quiet_NaN()), kNone);
  define_value(runtime, runtime.global(), "Infinity", Value::number(Limits::infinity()), kNone);
  define_value(runtime, runtime.global(), "undefined", Value::undefined(), kNone);
}

}  // namespace heaplab::interp::builtins
