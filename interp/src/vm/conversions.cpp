// SPDX-License-Identifier: MIT
// ToNumber, ToString and their kin.

#include <double-conversion/double-conversion.h>
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr double max_safe_integer = 9007199254740991.0;

bool is_space(char16_t c) {
  switch (c) {
    case 0x09:
    case 0x0a:
    case 0x0b:
    case 0x0c:
    case 0x0d:
    case 0x20:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
    case 0xfeff:
      return true;
    default:
      return c >= 0x2000 && c <= 0x200a;
  }
}

int digit_value(char16_t c) {
  if (c >= u'0' && c <= u'9') return c - u'0';
  if (c >= u'a' && c <= u'z') return c - u'a' + 10;
  if (c >= u'A' && c <= u'Z') return c - u'A' + 10;
  return 99;
}

/// Digits of a power-of-two radix, correctly rounded (NaN if there is any other character).
double parse_radix(std::u16string_view digits, int radix) {
  if (digits.empty()) return std::numeric_limits<double>::quiet_NaN();
  double value = 0;
  for (const char16_t c : digits) {
    if (digit_value(c) >= radix) return std::numeric_limits<double>::quiet_NaN();
    value = value * radix + digit_value(c);
  }
  return value;
}

double parse_decimal(std::u16string_view text) {
  static const double_conversion::StringToDoubleConverter converter(
      double_conversion::StringToDoubleConverter::NO_FLAGS, 0.0,
      std::numeric_limits<double>::quiet_NaN(), "Infinity", nullptr);
  std::string ascii;
  ascii.reserve(text.size());
  for (const char16_t c : text) {
    if (c > 0x7f) return std::numeric_limits<double>::quiet_NaN();
    ascii.push_back(static_cast<char>(c));
  }
  int used = 0;
  return converter.StringToDouble(ascii.data(), static_cast<int>(ascii.size()), &used);
}

double parse_number(std::u16string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.empty()) return 0;
  if (text.size() > 2 && text[0] == u'0') {
    const char16_t kind = text[1] | 0x20;
    if (kind == u'x') return parse_radix(text.substr(2), 16);
    if (kind == u'o') return parse_radix(text.substr(2), 8);
    if (kind == u'b') return parse_radix(text.substr(2), 2);
  }
  return parse_decimal(text);
}

Value ordinary_to_primitive(Runtime& runtime, RootedValue& object, Hint hint) {
  const CommonAtoms& atoms = runtime.atoms();
  for (const bool string_turn : {hint == Hint::string, hint != Hint::string}) {
    String* name = string_turn ? atoms.toString : atoms.valueOf;
    const Value method = get_named(runtime, object, name);
    if (!method.is_callable()) continue;
    const Value result = call(runtime, method, object);
    if (!result.is_object()) return result;
  }
  throw_type_error(runtime, "Cannot convert object to primitive value");
}

}  // namespace

bool to_boolean(Value value) {
  if (value.is_boolean()) return value.is_true();
  if (value.is_int()) return value.as_int() != 0;
  if (value.is_double()) return value.as_double() != 0 && !std::isnan(value.as_double());
  if (value.is_string()) return value.as_string()->length() > 0;
  return !value.is_nullish() && !value.is_hole();
}

Value to_primitive(Runtime& runtime, Value value, Hint hint) {
  if (!value.is_object()) return value;
  RootedValue object(runtime, value);
  const Value exotic =
      get_method(runtime, object, PropertyKey(runtime.atoms().symbol_to_primitive));
  if (exotic.is_undefined()) return ordinary_to_primitive(runtime, object, hint);
  const CommonAtoms& atoms = runtime.atoms();
  String* name = hint == Hint::none     ? atoms.default_
                 : hint == Hint::string ? atoms.string
                                        : atoms.number;
  const Value result = call(runtime, exotic, object, {Value(name)});
  if (result.is_object()) throw_type_error(runtime, "Cannot convert object to primitive value");
  return result;
}

double string_to_number(const String* string) { return parse_number(to_utf16(string)); }

double to_number(Runtime& runtime, Value value) {
  if (value.is_number()) return value.as_number();
  if (value.is_undefined()) return std::numeric_limits<double>::quiet_NaN();
  if (value.is_null() || value.is_false()) return 0;
  if (value.is_true()) return 1;
  if (value.is_string()) return string_to_number(value.as_string());
  if (value.is_symbol()) throw_type_error(runtime, "Cannot convert a Symbol value to a number");
  return to_number(runtime, to_primitive(runtime, value, Hint::number));
}

double to_integer(Runtime& runtime, Value value) {
  if (value.is_int()) return value.as_int();
  const double number = to_number(runtime, value);
  if (std::isnan(number)) return 0;
  return std::trunc(number) + 0.0;  // + 0.0: no negative zero
}

std::int32_t double_to_int32(double d) {
  if (d >= -2147483648.0 && d <= 2147483647.0) return static_cast<std::int32_t>(d);
  if (!std::isfinite(d)) return 0;
  const double wrapped = std::fmod(std::trunc(d), 4294967296.0);
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(static_cast<std::int64_t>(wrapped)));
}

std::int32_t to_int32(Runtime& runtime, Value value) {
  return value.is_int() ? value.as_int() : double_to_int32(to_number(runtime, value));
}

std::uint32_t to_uint32(Runtime& runtime, Value value) {
  return static_cast<std::uint32_t>(to_int32(runtime, value));
}

std::uint64_t to_length(Runtime& runtime, Value value) {
  const double number = to_integer(runtime, value);
  if (!(number > 0)) return 0;
  return static_cast<std::uint64_t>(std::min(number, max_safe_integer));
}

std::uint64_t to_relative_index(Runtime& runtime, Value value, std::uint64_t length,
                                std::uint64_t if_undefined) {
  if (value.is_undefined()) return if_undefined;
  const double number = to_integer(runtime, value);
  const auto end = static_cast<double>(length);
  if (number < 0) return static_cast<std::uint64_t>(std::max(0.0, end + number));
  return static_cast<std::uint64_t>(std::min(number, end));
}

std::string number_text(Value number) {
  if (number.is_int()) return std::to_string(number.as_int());
  char buffer[128];
  double_conversion::StringBuilder builder(buffer, sizeof buffer);
  double_conversion::DoubleToStringConverter::EcmaScriptConverter().ToShortest(number.as_double(),
                                                                               &builder);
  return builder.Finalize();
}

String* number_to_string(Runtime& runtime, Value number) {
  if (number.is_int()) {
    const std::int32_t i = number.as_int();
    if (i >= 0 && i <= 9) return runtime.single_character(static_cast<char16_t>(u'0' + i));
    const fmt::format_int text(i);
    return new_string_latin1(runtime, {text.data(), text.size()});
  }
  return new_string_latin1(runtime, number_text(number));
}

String* to_string(Runtime& runtime, Value value) {
  if (value.is_string()) return value.as_string();
  if (value.is_number()) return number_to_string(runtime, value);
  const CommonAtoms& atoms = runtime.atoms();
  if (value.is_undefined()) return atoms.undefined;
  if (value.is_null()) return atoms.null_;
  if (value.is_boolean()) return value.is_true() ? atoms.true_ : atoms.false_;
  if (value.is_symbol()) throw_type_error(runtime, "Cannot convert a Symbol value to a string");
  return to_string(runtime, to_primitive(runtime, value, Hint::string));
}

String* symbol_descriptive_string(Runtime& runtime, const Symbol* symbol) {
  return new_string(runtime, utf8_to_utf16(key_text(PropertyKey(symbol))));
}

PropertyKey key_of_number(Runtime& runtime, double number) {
  if (number >= 0 && number <= static_cast<double>(PropertyKey::max_index) &&
      number == std::floor(number)) {
    return PropertyKey::index(static_cast<std::uint32_t>(number));
  }
  String* text = number_to_string(runtime, Value::number(number));
  return PropertyKey(runtime.atom_table().intern(text));
}

namespace {

PropertyKey key_of_atom(const String* atom) {
  if (!atom->flag(String::index_flag)) return PropertyKey(atom);
  std::uint32_t index = 0;
  const FlatChars chars = flat_chars(atom);
  for (std::uint32_t i = 0; i < chars.length(); ++i) index = index * 10 + (chars[i] - u'0');
  return PropertyKey::index(index);
}

}  // namespace

PropertyKey to_property_key(Runtime& runtime, Value value) {
  if (value.is_int() && value.as_int() >= 0) {
    return PropertyKey::index(static_cast<std::uint32_t>(value.as_int()));
  }
  if (value.is_string()) return key_of_atom(runtime.atom_table().intern(value.as_string()));
  if (value.is_number()) return key_of_number(runtime, value.as_number());
  if (value.is_symbol()) return PropertyKey(value.as_symbol());
  if (value.is_object()) {
    return to_property_key(runtime, to_primitive(runtime, value, Hint::string));
  }
  return key_of_atom(runtime.atom_table().intern(to_string(runtime, value)));
}

Value key_to_value(Runtime& runtime, PropertyKey key) {
  if (!key.is_index()) return Value(key.object());
  return number_to_string(runtime, Value::number(key.index()));
}

JSObject* to_object(Runtime& runtime, Value value) {
  if (value.is_object()) return value.as_object();
  JSObject* prototype = runtime.primitive_prototype(value);
  if (!prototype) throw_type_error(runtime, "Cannot convert undefined or null to object");
  RootedValue primitive(runtime, value);
  auto* wrapper = new_exotic<JSPrimitiveWrapper>(runtime, HeapType::PrimitiveWrapper, prototype);
  runtime.heap().write(wrapper, wrapper->value_, primitive.get().word());
  return wrapper;
}

}  // namespace heaplab::interp
