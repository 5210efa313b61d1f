// SPDX-License-Identifier: MIT
// String, its statics, and the methods that cut, pad, repeat and change case.
#include "string.h"

#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

String* this_string(Runtime& runtime, Arguments& args, std::string_view method) {
  if (args.this_value().is_nullish()) {
    throw_type_error(runtime, std::string(method) + " called on null or undefined");
  }
  String* text = flatten(runtime, to_string(runtime, args.this_value()));
  args.set_this(Value(text));
  return text;
}

bool is_white_space(char16_t unit) {
  if (unit <= 0x20) return unit == 0x20 || (unit >= 9 && unit <= 13);
  if (unit < 0xa0) return false;
  return unit == 0xa0 || unit == 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit == 0x2028 ||
         unit == 0x2029 || unit == 0x202f || unit == 0x205f || unit == 0x3000 || unit == 0xfeff;
}

namespace {

String* self(const Arguments& args) { return args.this_value().as_string(); }

Value string_constructor(Runtime& runtime, Arguments& args) {
  RootedValue text(runtime, Value(runtime.atoms().empty));
  if (args.count() > 0) {
    if (!args.is_construct() && args[0].is_symbol()) {
      return symbol_descriptive_string(runtime, args[0].as_symbol());
    }
    text = Value(to_string(runtime, args[0]));
  }
  if (!args.is_construct()) return text;
  JSObject* prototype = prototype_for_construct(runtime, args.new_target(),
                                                runtime.intrinsic(Intrinsic::StringPrototype));
  auto* wrapper = new_exotic<JSPrimitiveWrapper>(runtime, HeapType::PrimitiveWrapper, prototype);
  runtime.heap().write(wrapper, wrapper->value_, text.get().word());
  return wrapper;
}

Value string_from_char_code(Runtime& runtime, Arguments& args) {
  if (args.count() == 1) {
    return string_from_char(runtime, static_cast<char16_t>(to_uint32(runtime, args[0])));
  }
  std::u16string text;
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    text += static_cast<char16_t>(to_uint32(runtime, args[i]));
  }
  return new_string(runtime, text);
}

Value string_from_code_point(Runtime& runtime, Arguments& args) {
  std::u16string text;
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    const double code = to_number(runtime, args[i]);
    if (!(code >= 0 && code <= 0x10ffff) || code != std::floor(code)) {
      throw_range_error(runtime, "Invalid code point " + to_text(runtime, args[i]));
    }
    append_code_point(text, static_cast<char32_t>(code));
  }
  return new_string(runtime, text);
}

Value string_raw(Runtime& runtime, Arguments& args) {
  RootedValue strings(runtime, Value(to_object(runtime, args[0])));
  RootedValue raw(runtime, get_named(runtime, strings, runtime.atoms().raw));
  const std::uint64_t length = length_of(runtime, raw);
  std::u16string text;
  for (std::uint64_t i = 0; i < length; ++i) {
    text += to_utf16(to_string(runtime, get_index(runtime, raw, i)));
    if (i + 1 < length && i + 1 < args.count()) {
      text += to_utf16(to_string(runtime, args[static_cast<std::uint32_t>(i + 1)]));
    }
  }
  return new_string(runtime, text);
}

Value this_string_value(Runtime& runtime, const Arguments& args, const char* method) {
  if (args.this_value().is_string()) return args.this_value();
  auto* wrapper = as_if<JSPrimitiveWrapper>(args.this_value(), HeapType::PrimitiveWrapper);
  if (wrapper && Value::from(wrapper->value_).is_string()) return Value::from(wrapper->value_);
  throw_type_error(runtime, std::string(method) + " requires that 'this' be a String");
}
Value string_to_string(Runtime& runtime, Arguments& args) {
  return this_string_value(runtime, args, "String.prototype.toString");
}
Value string_value_of(Runtime& runtime, Arguments& args) {
  return this_string_value(runtime, args, "String.prototype.valueOf");
}

Value string_char_at(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.charAt");
  const double i = to_integer(runtime, args[0]);
  if (!(i >= 0 && i < self(args)->length())) return Value(runtime.atoms().empty);
  return string_from_char(runtime, char_at(self(args), static_cast<std::uint32_t>(i)));
}

Value string_char_code_at(Runtime& runtime, Arguments& args) {
  if (args.this_value().is_string() && args[0].is_int()) {
    const String* text = args.this_value().as_string();
    const std::int32_t i = args[0].as_int();
    if (i >= 0 && static_cast<std::uint32_t>(i) < text->length() && text->is_flat()) {
      return Value::integer(char_at(text, static_cast<std::uint32_t>(i)));
    }
  }
  this_string(runtime, args, "String.prototype.charCodeAt");
  const double i = to_integer(runtime, args[0]);
  if (!(i >= 0 && i < self(args)->length())) return Value::number(std::nan(""));
  return Value::integer(char_at(self(args), static_cast<std::uint32_t>(i)));
}

Value string_code_point_at(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.codePointAt");
  const double position = to_integer(runtime, args[0]);
  const String* text = self(args);
  if (!(position >= 0 && position < text->length())) return Value::undefined();
  const auto i = static_cast<std::uint32_t>(position);
  const char16_t first = char_at(text, i);
  if (first >= 0xd800 && first <= 0xdbff && i + 1 < text->length()) {
    const char16_t second = char_at(text, i + 1);
    if (second >= 0xdc00 && second <= 0xdfff) {
      return Value::integer(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    }
  }
  return Value::integer(first);
}

Value string_at(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.at");
  const double relative = to_integer(runtime, args[0]);
  const double i = relative < 0 ? self(args)->length() + relative : relative;
  if (!(i >= 0 && i < self(args)->length())) return Value::undefined();
  return string_from_char(runtime, char_at(self(args), static_cast<std::uint32_t>(i)));
}

Value string_slice(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.slice");
  const std::uint32_t length = self(args)->length();
  const auto start = static_cast<std::uint32_t>(to_relative_index(runtime, args[0], length, 0));
  const auto end = static_cast<std::uint32_t>(to_relative_index(runtime, args[1], length, length));
  return substring(runtime, self(args), start, std::max(start, end));
}

Value string_substring(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.substring");
  const double length = self(args)->length();
  double start = std::clamp(to_integer(runtime, args[0]), 0.0, length);
  double end =
      args[1].is_undefined() ? length : std::clamp(to_integer(runtime, args[1]), 0.0, length);
  if (start > end) std::swap(start, end);
  return substring(runtime, self(args), static_cast<std::uint32_t>(start),
                   static_cast<std::uint32_t>(end));
}

Value string_substr(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.substr");
  const double length = self(args)->length();
  double start = to_integer(runtime, args[0]);
  if (start < 0) start = std::max(0.0, length + start);
  start = std::min(start, length);
  const double count = args[1].is_undefined()
                           ? length - start
                           : std::clamp(to_integer(runtime, args[1]), 0.0, length - start);
  return substring(runtime, self(args), static_cast<std::uint32_t>(start),
                   static_cast<std::uint32_t>(start + count));
}

Value trim(Runtime& runtime, Arguments& args, const char* method, bool start, bool end) {
  const FlatChars text = flat_chars(this_string(runtime, args, method));
  std::uint32_t first = 0;
  std::uint32_t last = text.length();
  while (start && first < last && is_white_space(text[first])) ++first;
  while (end && last > first && is_white_space(text[last - 1])) --last;
  return substring(runtime, self(args), first, last);
}
Value string_trim(Runtime& runtime, Arguments& args) {
  return trim(runtime, args, "String.prototype.trim", true, true);
}
Value string_trim_start(Runtime& runtime, Arguments& args) {
  return trim(runtime, args, "String.prototype.trimStart", true, false);
}
Value string_trim_end(Runtime& runtime, Arguments& args) {
  return trim(runtime, args, "String.prototype.trimEnd", false, true);
}

Value pad(Runtime& runtime, Arguments& args, const char* method, bool at_start) {
  const String* text = this_string(runtime, args, method);
  const std::uint32_t length = text->length();
  const std::uint64_t wanted = to_length(runtime, args[0]);
  if (wanted <= length) return args.this_value();
  const std::u16string filler =
      args[1].is_undefined() ? u" " : to_utf16(to_string(runtime, args[1]));
  if (filler.empty()) return args.this_value();
  if (wanted > max_string_length) throw_range_error(runtime, "Invalid string length");
  std::u16string padding;
  const auto missing = static_cast<std::size_t>(wanted - length);
  padding.reserve(missing + filler.size());
  while (padding.size() < missing) padding += filler;
  padding.resize(missing);
  const std::u16string own = to_utf16(self(args));
  return new_string(runtime, at_start ? padding + own : own + padding);
}
Value string_pad_start(Runtime& runtime, Arguments& args) {
  return pad(runtime, args, "String.prototype.padStart", true);
}
Value string_pad_end(Runtime& runtime, Arguments& args) {
  return pad(runtime, args, "String.prototype.padEnd", false);
}

Value string_repeat(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.repeat");
  const double count = to_integer(runtime, args[0]);
  if (count < 0 || std::isinf(count)) {
    throw_range_error(runtime, "Invalid count value: " + to_text(runtime, args[0]));
  }
  const double length = self(args)->length();
  if (length == 0 || count == 0) return Value(runtime.atoms().empty);
  if (length * count > max_string_length) throw_range_error(runtime, "Invalid string length");
  const auto times = static_cast<std::uint32_t>(count);
  const std::uint32_t total = self(args)->length() * times;
  if (flat_chars(self(args)).is_latin1()) {
    SeqString8* result = new_seq_string8(runtime, total);
    const auto text = flat_chars(self(args)).latin1();
    for (std::uint32_t i = 0; i < times; ++i) {
      std::memcpy(result->chars() + std::size_t{i} * text.size(), text.data(), text.size());
    }
    return result;
  }
  SeqString16* result = new_seq_string16(runtime, total);
  const auto text = flat_chars(self(args)).utf16();
  for (std::uint32_t i = 0; i < times; ++i) {
    std::copy(text.begin(), text.end(), result->chars() + std::size_t{i} * text.size());
  }
  return result;
}

Value string_concat(Runtime& runtime, Arguments& args) {
  Rooted<String> text(runtime, this_string(runtime, args, "String.prototype.concat"));
  for (std::uint32_t i = 0; i < args.count(); ++i) {
    String* next = to_string(runtime, args[i]);
    text = concat(runtime, text.get(), next);
  }
  return text.value();
}

Value string_to_upper_case(Runtime& runtime, Arguments& args) {
  const String* text = this_string(runtime, args, "String.prototype.toUpperCase");
  return new_string(runtime, upper_case(to_utf16(text)));
}
Value string_to_lower_case(Runtime& runtime, Arguments& args) {
  const String* text = this_string(runtime, args, "String.prototype.toLowerCase");
  return new_string(runtime, lower_case(to_utf16(text)));
}

Value string_normalize(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.normalize");
  const std::string name = args[0].is_undefined() ? "NFC" : to_text(runtime, args[0]);
  const std::pair<std::string_view, NormalForm> forms[] = {{"NFC", NormalForm::nfc},
                                                           {"NFD", NormalForm::nfd},
                                                           {"NFKC", NormalForm::nfkc},
                                                           {"NFKD", NormalForm::nfkd}};
  for (const auto& [spelling, form] : forms) {
    if (spelling == name) return new_string(runtime, normalize(to_utf16(self(args)), form));
  }
  throw_range_error(runtime, "The normalization form should be one of NFC, NFD, NFKC, NFKD.");
}

Value string_locale_compare(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.localeCompare");
  const std::u16string other = to_utf16(to_string(runtime, args[0]));
  if (args[2].is_object()) {
    throw_type_error(runtime,
                     "String.prototype.localeCompare: options are not supported by heaplab run");
  }
  return Value::integer(locale_compare(to_utf16(self(args)), other));
}

Value string_is_well_formed(Runtime& runtime, Arguments& args) {
  const std::u16string text = to_utf16(this_string(runtime, args, "String.prototype.isWellFormed"));
  for (std::size_t i = 0; i < text.size();) {
    const char32_t code = next_code_point(text, i);
    if (code >= 0xd800 && code <= 0xdfff) return Value::boolean(false);
  }
  return Value::boolean(true);
}

Value string_to_well_formed(Runtime& runtime, Arguments& args) {
  const std::u16string text = to_utf16(this_string(runtime, args, "String.prototype.toWellFormed"));
  std::u16string result;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t code = next_code_point(text, i);
    append_code_point(result, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
  }
  return new_string(runtime, result);
}

// ---- The HTML methods of annex B: "text".link("x") is <a href="x">text</a>

Value wrap_in_tag(Runtime& runtime, Arguments& args, const std::string& method,
                  const std::string& tag, const std::string& attribute) {
  const std::u16string text = to_utf16(this_string(runtime, args, "String.prototype." + method));
  std::string open = "<" + tag;
  if (!attribute.empty()) {
    std::string value = to_text(runtime, args[0]);
    for (std::size_t at = 0; (at = value.find('"', at)) != std::string::npos;) {
      value.replace(at, 1, "&quot;");
    }
    open += " " + attribute + "=\"" + value + "\"";
  }
  return new_string(runtime, utf8_to_utf16(open + ">") + text + utf8_to_utf16("</" + tag + ">"));
}

#define HTML_METHOD(method, tag, attribute)                                                    \
  {                                                                                            \
#method,                                                                                   \
        attribute[0] == '\0' ? 0 : 1,                                                          \
                  [](Runtime & runtime,                                                        \
                     Arguments &                                                               \
                         args) { return wrap_in_tag(runtime, args, #method, tag, attribute); } \
  }
const NativeInfo html_methods[] = {
    HTML_METHOD(anchor, "a", "name"),      HTML_METHOD(big, "big", ""),
    HTML_METHOD(blink, "blink", ""),       HTML_METHOD(bold, "b", ""),
    HTML_METHOD(fixed, "tt", ""),          HTML_METHOD(fontcolor, "font", "color"),
    HTML_METHOD(fontsize, "font", "size"), HTML_METHOD(italics, "i", ""),
    HTML_METHOD(link, "a", "href"),        HTML_METHOD(small, "small", ""),
    HTML_METHOD(strike, "strike", ""),     HTML_METHOD(sub, "sub", ""),
    HTML_METHOD(sup, "sup", ""),
};
#undef HTML_METHOD

const NativeInfo constructor_info{"String", 1, string_constructor, true};
const NativeInfo statics[] = {
    {"fromCharCode", 1, string_from_char_code},
    {"fromCodePoint", 1, string_from_code_point},
    {"raw", 1, string_raw},
};
const NativeInfo methods[] = {
    {"toString", 0, string_to_string},
    {"valueOf", 0, string_value_of},
    {"charAt", 1, string_char_at},
    {"charCodeAt", 1, string_char_code_at},
    {"codePointAt", 1, string_code_point_at},
    {"at", 1, string_at},
    {"slice", 2, string_slice},
    {"substring", 2, string_substring},
    {"substr", 2, string_substr},
    {"trim", 0, string_trim},
    {"trimStart", 0, string_trim_start},
    {"trimEnd", 0, string_trim_end},
    {"trimLeft", 0, string_trim_start},
    {"trimRight", 0, string_trim_end},
    {"padStart", 1, string_pad_start},
    {"padEnd", 1, string_pad_end},
    {"repeat", 1, string_repeat},
    {"concat", 1, string_concat},
    {"toUpperCase", 0, string_to_upper_case},
    {"toLowerCase", 0, string_to_lower_case},
    {"toLocaleUpperCase", 0, string_to_upper_case},
    {"toLocaleLowerCase", 0, string_to_lower_case},
    {"normalize", 0, string_normalize},
    {"localeCompare", 1, string_locale_compare},
    {"isWellFormed", 0, string_is_well_formed},
    {"toWellFormed", 0, string_to_well_formed},
};

}  // namespace

void install_string(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::StringPrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  define_methods(runtime, constructor.get(), statics);
  define_methods(runtime, prototype(), methods);
  define_methods(runtime, prototype(), html_methods);
  install_string_search(runtime, prototype());
  install_string_replace(runtime, prototype());
  install_string_iterator(runtime);
}

}  // namespace heaplab::interp::builtins
