// SPDX-License-Identifier: MIT
// String methods that look for text: indexOf, includes, split, match, search.
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

template <class Text, class Needle>
std::uint32_t find_in(Text text, Needle needle, std::uint32_t from) {
  const auto at = std::search(text.begin() + from, text.end(), needle.begin(), needle.end());
  return at == text.end() ? no_position : static_cast<std::uint32_t>(at - text.begin());
}

bool matches_at(FlatChars text, FlatChars needle, std::uint32_t at) {
  for (std::uint32_t i = 0; i < needle.length(); ++i) {
    if (text[at + i] != needle[i]) return false;
  }
  return true;
}

}  // namespace

std::uint32_t find_string(FlatChars text, FlatChars needle, std::uint32_t from) {
  if (needle.length() > text.length() || from > text.length() - needle.length()) {
    return no_position;
  }
  if (needle.length() == 0) return from;
  if (text.is_latin1() && needle.is_latin1()) {
    const auto haystack = text.latin1();
    const auto wanted = needle.latin1();
    const void* at =
        memmem(haystack.data() + from, haystack.size() - from, wanted.data(), wanted.size());
    if (at == nullptr) return no_position;
    return static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(at) - haystack.data());
  }
  if (!text.is_latin1() && needle.is_latin1()) {
    return find_in(text.utf16(), needle.latin1(), from);
  }
  if (!text.is_latin1()) return find_in(text.utf16(), needle.utf16(), from);
  return find_in(text.latin1(), needle.utf16(), from);
}

std::uint32_t find_last_string(FlatChars text, FlatChars needle, std::uint32_t from) {
  if (needle.length() > text.length()) return no_position;
  for (std::uint32_t i = std::min(from, text.length() - needle.length()) + 1; i-- > 0;) {
    if (matches_at(text, needle, i)) return i;
  }
  return no_position;
}

namespace {

String* self(const Arguments& args) { return args.this_value().as_string(); }

// The argument as a flat string; a regular expression is refused as V8 does.
void take_needle(Runtime& runtime, Arguments& args, Rooted<String>& needle, const char* method,
                 bool refuse_regexp) {
  if (refuse_regexp && args[0].is_object()) {
    const Value match = get(runtime, args[0], PropertyKey(runtime.atoms().symbol_match));
    const bool is_regexp =
        match.is_undefined() ? has_type(args[0].as_object(), HeapType::RegExp) : to_boolean(match);
    if (is_regexp) {
      throw_type_error(runtime, std::string("First argument to ") + method +
                                    " must not be a regular expression");
    }
  }
  needle = to_string(runtime, args[0]);
  needle = flatten(runtime, needle.get());
}

std::uint32_t clamped(Runtime& runtime, Value value, std::uint32_t length) {
  return static_cast<std::uint32_t>(
      std::clamp(to_integer(runtime, value), 0.0, static_cast<double>(length)));
}

Value position_value(std::uint32_t position) {
  return position == no_position ? Value::integer(-1) : Value::number(position);
}

Value string_index_of(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.indexOf");
  Rooted<String> needle(runtime);
  take_needle(runtime, args, needle, "", false);
  const std::uint32_t from = clamped(runtime, args[1], self(args)->length());
  return position_value(find_string(flat_chars(self(args)), flat_chars(needle.get()), from));
}

Value string_last_index_of(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.lastIndexOf");
  Rooted<String> needle(runtime);
  take_needle(runtime, args, needle, "", false);
  const double wanted = to_number(runtime, args[1]);
  const std::uint32_t length = self(args)->length();
  const std::uint32_t from =
      std::isnan(wanted) ? length
                         : static_cast<std::uint32_t>(std::clamp(wanted, 0.0, double{1} * length));
  return position_value(find_last_string(flat_chars(self(args)), flat_chars(needle.get()), from));
}

Value string_includes(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.includes");
  Rooted<String> needle(runtime);
  take_needle(runtime, args, needle, "String.prototype.includes", true);
  const std::uint32_t from = clamped(runtime, args[1], self(args)->length());
  return Value::boolean(find_string(flat_chars(self(args)), flat_chars(needle.get()), from) !=
                        no_position);
}

Value string_starts_with(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.startsWith");
  Rooted<String> needle(runtime);
  take_needle(runtime, args, needle, "String.prototype.startsWith", true);
  const std::uint32_t from = clamped(runtime, args[1], self(args)->length());
  if (needle->length() > self(args)->length() - from) return Value::boolean(false);
  return Value::boolean(matches_at(flat_chars(self(args)), flat_chars(needle.get()), from));
}

Value string_ends_with(Runtime& runtime, Arguments& args) {
  this_string(runtime, args, "String.prototype.endsWith");
  Rooted<String> needle(runtime);
  take_needle(runtime, args, needle, "String.prototype.endsWith", true);
  const std::uint32_t length = self(args)->length();
  const std::uint32_t end = args[1].is_undefined() ? length : clamped(runtime, args[1], length);
  if (needle->length() > end) return Value::boolean(false);
  return Value::boolean(
      matches_at(flat_chars(self(args)), flat_chars(needle.get()), end - needle->length()));
}

// Splits at every occurrence of a non-empty separator, or into single units if it is empty.
void split_plain(Runtime& runtime, Arguments& args, const Rooted<String>& separator,
                 std::uint32_t limit, RootedValues& parts) {
  const std::uint32_t length = self(args)->length();
  if (separator->length() == 0) {
    for (std::uint32_t i = 0; i < length && parts.size() < limit; ++i) {
      parts.push_back(Value(string_from_char(runtime, char_at(self(args), i))));
    }
    return;
  }
  std::uint32_t start = 0;
  while (parts.size() < limit) {
    const std::uint32_t at =
        find_string(flat_chars(self(args)), flat_chars(separator.get()), start);
    const std::uint32_t end = at == no_position ? length : at;
    parts.push_back(Value(substring(runtime, self(args), start, end)));
    if (at == no_position) return;
    start = at + separator->length();
  }
}

// Hands over to pattern[symbol](string, argument) if the pattern has such a method.
bool delegate(Runtime& runtime, Arguments& args, Symbol* symbol, Value argument, bool with_argument,
              Value* result) {
  if (args[0].is_nullish() || !args[0].is_object()) return false;
  RootedValue extra(runtime, argument);
  const Value method = get_method(runtime, args[0], PropertyKey(symbol));
  if (method.is_undefined()) return false;
  const Value with[] = {args.this_value(), extra.get()};
  *result = call(runtime, method, args[0], std::span<const Value>(with, with_argument ? 2 : 1));
  return true;
}

void require_coercible(Runtime& runtime, const Arguments& args, const char* method) {
  if (args.this_value().is_nullish()) {
    throw_type_error(runtime, std::string(method) + " called on null or undefined");
  }
}

Value string_split(Runtime& runtime, Arguments& args) {
  require_coercible(runtime, args, "String.prototype.split");
  Value delegated;
  if (delegate(runtime, args, runtime.atoms().symbol_split, args[1], true, &delegated)) {
    return delegated;
  }
  this_string(runtime, args, "String.prototype.split");
  const std::uint32_t limit = args[1].is_undefined() ? 0xffff'ffffu : to_uint32(runtime, args[1]);
  Rooted<String> separator(runtime);
  take_needle(runtime, args, separator, "", false);
  RootedValues parts(runtime);
  if (limit == 0) return array_of(runtime, parts);
  if (args[0].is_undefined()) {
    parts.push_back(args.this_value());
  } else {
    split_plain(runtime, args, separator, limit, parts);
  }
  return array_of(runtime, parts);
}

// match, matchAll and search turn anything that is no pattern into a regular expression.
Value through_regexp(Runtime& runtime, Arguments& args, Symbol* (*symbol)(const CommonAtoms&),
                     const char* flags, const char* method) {
  require_coercible(runtime, args, method);
  Value delegated;
  if (delegate(runtime, args, symbol(runtime.atoms()), Value::undefined(), false, &delegated)) {
    return delegated;
  }
  this_string(runtime, args, method);
  RootedValue flag_text(runtime, text_value(runtime, flags));
  const Value with[] = {args[0], flag_text.get()};
  RootedValue regexp(runtime,
                     construct(runtime, Value(runtime.intrinsic(Intrinsic::RegExpConstructor)),
                               std::span<const Value>(with, 2)));
  RootedValue worker(runtime, get_method(runtime, regexp, PropertyKey(symbol(runtime.atoms()))));
  return call(runtime, worker, regexp, {args.this_value()});
}

Value string_match(Runtime& runtime, Arguments& args) {
  return through_regexp(
      runtime, args, [](const CommonAtoms& atoms) { return atoms.symbol_match; }, "",
      "String.prototype.match");
}
Value string_search_method(Runtime& runtime, Arguments& args) {
  return through_regexp(
      runtime, args, [](const CommonAtoms& atoms) { return atoms.symbol_search; }, "",
      "String.prototype.search");
}
Value string_match_all(Runtime& runtime, Arguments& args) {
  if (args[0].is_object() && has_type(args[0].as_object(), HeapType::RegExp)) {
    const std::string flags = to_text(runtime, get_property(runtime, args[0], "flags"));
    if (flags.find('g') == std::string::npos) {
      throw_type_error(runtime,
                       "String.prototype.matchAll called with a non-global RegExp argument");
    }
  }
  return through_regexp(
      runtime, args, [](const CommonAtoms& atoms) { return atoms.symbol_match_all; }, "g",
      "String.prototype.matchAll");
}

const NativeInfo methods[] = {
    {"indexOf", 1, string_index_of},     {"lastIndexOf", 1, string_last_index_of},
    {"includes", 1, string_includes},    {"startsWith", 1, string_starts_with},
    {"endsWith", 1, string_ends_with},   {"split", 2, string_split},
    {"match", 1, string_match},          {"matchAll", 1, string_match_all},
    {"search", 1, string_search_method},
};

}  // namespace

void install_string_search(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, methods);
}

}  // namespace heaplab::interp::builtins
