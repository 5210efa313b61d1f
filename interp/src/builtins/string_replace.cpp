// SPDX-License-Identifier: MIT
// String.prototype.replace and replaceAll with plain strings (regular expressions bring their own
// method), and the $-patterns that both kinds share.
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }

// $1 … $99: as many digits as name an existing group. Returns the characters used, 0 if none.
std::size_t expand_group(const Substitution& match, std::u16string_view rest, std::u16string& out) {
  std::size_t group = 0;
  std::size_t used = 0;
  for (std::size_t digits = 1; digits <= 2 && digits < rest.size(); ++digits) {
    if (!is_digit(rest[digits])) break;
    const std::size_t number = (digits == 1 ? 0 : group * 10) + (rest[digits] - u'0');
    if (digits == 2 && (number > match.captures.size() || number == 0)) break;
    group = number;
    used = digits;
  }
  if (used == 0 || group == 0 || group > match.captures.size()) return 0;
  if (const std::u16string* text = match.captures[group - 1]) out += *text;
  return 1 + used;
}

std::size_t expand_one(const Substitution& match, std::u16string_view rest, std::u16string& out) {
  if (rest.size() < 2) return 0;
  switch (rest[1]) {
    case u'$':
      out += u'$';
      return 2;
    case u'&':
      out += match.matched;
      return 2;
    case u'`':
      out += match.text.substr(0, match.position);
      return 2;
    case u'\'': {
      const std::size_t end = match.position + match.matched.size();
      if (end < match.text.size()) out += match.text.substr(end);
      return 2;
    }
    case u'<': {
      if (!match.has_names) return 0;
      const std::size_t close = rest.find(u'>', 2);
      if (close == std::u16string_view::npos) return 0;
      out += match.named(rest.substr(2, close - 2));
      return close + 1;
    }
    default:
      return is_digit(rest[1]) ? expand_group(match, rest, out) : 0;
  }
}

}  // namespace

void expand_replacement(const Substitution& match, std::u16string_view pattern,
                        std::u16string& out) {
  for (std::size_t i = 0; i < pattern.size();) {
    const std::size_t dollar = pattern.find(u'$', i);
    if (dollar == std::u16string_view::npos) {
      out += pattern.substr(i);
      return;
    }
    out += pattern.substr(i, dollar - i);
    const std::size_t used = expand_one(match, pattern.substr(dollar), out);
    if (used == 0) out += u'$';
    i = dollar + (used == 0 ? 1 : used);
  }
}

namespace {

String* self(const Arguments& args) { return args.this_value().as_string(); }

// What replaces the occurrence at `position`.
void append_replacement(Runtime& runtime, Arguments& args, const Rooted<String>& needle,
                        std::uint32_t position, std::u16string_view text,
                        std::u16string_view pattern, std::u16string& out) {
  if (args[1].is_callable()) {
    const Value with[] = {needle.value(), Value::number(position), args.this_value()};
    const Value replacement = call(runtime, args[1], Value::undefined(), with);
    out += to_utf16(to_string(runtime, replacement));
    return;
  }
  Substitution match;
  match.text = text;
  match.matched = text.substr(position, needle->length());
  match.position = position;
  expand_replacement(match, pattern, out);
}

Value replace_plain(Runtime& runtime, Arguments& args, const char* method, bool all) {
  this_string(runtime, args, method);
  Rooted<String> needle(runtime, to_string(runtime, args[0]));
  needle = flatten(runtime, needle.get());
  std::u16string pattern;
  if (!args[1].is_callable()) pattern = to_utf16(to_string(runtime, args[1]));
  std::uint32_t at = find_string(flat_chars(self(args)), flat_chars(needle.get()), 0);
  if (at == no_position) return args.this_value();
  const std::u16string text = to_utf16(self(args));
  std::u16string out;
  std::uint32_t done = 0;
  while (at != no_position) {
    out += std::u16string_view(text).substr(done, at - done);
    append_replacement(runtime, args, needle, at, text, pattern, out);
    done = at + needle->length();
    if (!all) break;
    const std::uint32_t step = std::max(needle->length(), 1u);
    if (at + step > text.size()) break;
    at = find_string(flat_chars(self(args)), flat_chars(needle.get()), at + step);
  }
  out += std::u16string_view(text).substr(done);
  return new_string(runtime, out);
}

bool delegate_replace(Runtime& runtime, Arguments& args, Value* result) {
  if (!args[0].is_object()) return false;
  const Value method = get_method(runtime, args[0], PropertyKey(runtime.atoms().symbol_replace));
  if (method.is_undefined()) return false;
  *result = call(runtime, method, args[0], {args.this_value(), args[1]});
  return true;
}

void require_coercible(Runtime& runtime, const Arguments& args, const char* method) {
  if (args.this_value().is_nullish()) {
    throw_type_error(runtime, std::string(method) + " called on null or undefined");
  }
}

Value string_replace(Runtime& runtime, Arguments& args) {
  require_coercible(runtime, args, "String.prototype.replace");
  Value delegated;
  if (delegate_replace(runtime, args, &delegated)) return delegated;
  return replace_plain(runtime, args, "String.prototype.replace", false);
}

Value string_replace_all(Runtime& runtime, Arguments& args) {
  require_coercible(runtime, args, "String.prototype.replaceAll");
  if (args[0].is_object() && has_type(args[0].as_object(), HeapType::RegExp)) {
    const std::string flags = to_text(runtime, get_property(runtime, args[0], "flags"));
    if (flags.find('g') == std::string::npos) {
      throw_type_error(runtime,
                       "String.prototype.replaceAll called with a non-global RegExp argument");
    }
  }
  Value delegated;
  if (delegate_replace(runtime, args, &delegated)) return delegated;
  return replace_plain(runtime, args, "String.prototype.replaceAll", true);
}

const NativeInfo methods[] = {
    {"replace", 2, string_replace},
    {"replaceAll", 2, string_replace_all},
};

}  // namespace

void install_string_replace(Runtime& runtime, JSObject* prototype) {
  define_methods(runtime, prototype, methods);
}

}  // namespace heaplab::interp::builtins
