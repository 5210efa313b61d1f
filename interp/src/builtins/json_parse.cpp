// SPDX-License-Identifier: MIT
// JSON.parse, with V8's error messages.
#include <fmt/format.h>

#include "heaplab/interp/source.h"
#include "json.h"
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

class JsonParser {
 public:
  JsonParser(Runtime& runtime, std::u16string_view text) : runtime_(runtime), text_(text) {}

  Value parse() {
    RootedValue value(runtime_, parse_value(0));
    skip_space();
    if (at_ < text_.size()) fail_after(at_);
    return value;
  }

 private:
  // Deeper nesting would exhaust the native stack.
  static constexpr unsigned deepest = 4000;

  [[noreturn]] void fail(std::string_view message, std::size_t position) {
    throw_error(runtime_, ErrorKind::SyntaxError,
                fmt::format("{} in JSON at position {}", message, position));
  }

  [[noreturn]] void fail_after(std::size_t position) {
    throw_error(
        runtime_, ErrorKind::SyntaxError,
        fmt::format("Unexpected non-whitespace character after JSON at position {}", position));
  }

  [[noreturn]] void fail_token() {
    if (at_ >= text_.size()) {
      throw_error(runtime_, ErrorKind::SyntaxError, "Unexpected end of JSON input");
    }
    const char16_t c = text_[at_];
    if ((c >= u'0' && c <= u'9') || c == u'-') fail("Unexpected number", at_);
    if (c == u'"') fail("Unexpected string", at_);
    const std::u16string whole(text_);
    if (whole == u"undefined" || whole == u"NaN" || whole == u"Infinity" ||
        whole == u"[object Object]") {
      throw_error(runtime_, ErrorKind::SyntaxError,
                  fmt::format("\"{}\" is not valid JSON", utf16_to_utf8(whole)));
    }
    constexpr std::size_t around = 10;
    const std::size_t start = at_ < around || text_.size() <= 40 ? 0 : at_ - around;
    const std::size_t end =
        text_.size() <= 40 ? text_.size() : std::min(at_ + around, text_.size());
    const std::string token = utf16_to_utf8(text_.substr(at_, 1));
    throw_error(runtime_, ErrorKind::SyntaxError,
                fmt::format("Unexpected token '{}', {}\"{}\"{} is not valid JSON", token,
                            start > 0 ? "..." : "", utf16_to_utf8(text_.substr(start, end - start)),
                            end < text_.size() ? "..." : ""));
  }

  void skip_space() {
    while (at_ < text_.size()) {
      const char16_t c = text_[at_];
      if (c != u' ' && c != u'\n' && c != u'\r' && c != u'\t') return;
      ++at_;
    }
  }

  bool take(char16_t c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  Value parse_value(unsigned depth) {
    if (depth > deepest) throw_range_error(runtime_, "Maximum call stack size exceeded");
    skip_space();
    if (at_ >= text_.size()) fail_token();
    switch (text_[at_]) {
      case u'{':
        return parse_object(depth);
      case u'[':
        return parse_array(depth);
      case u'"':
        return Value(parse_string());
      case u't':
        return parse_word(u"true", Value::boolean(true));
      case u'f':
        return parse_word(u"false", Value::boolean(false));
      case u'n':
        return parse_word(u"null", Value::null());
      default:
        return parse_number();
    }
  }

  Value parse_word(std::u16string_view word, Value value) {
    for (const char16_t c : word) {
      if (at_ >= text_.size() || text_[at_] != c) fail_token();
      ++at_;
    }
    return value;
  }

  Value parse_object(unsigned depth) {
    ++at_;
    Rooted<JSObject> object(runtime_, new_object(runtime_));
    if (take(u'}')) return object.value();
    skip_space();
    if (at_ >= text_.size() || text_[at_] != u'"') {
      fail("Expected property name or '}'", at_);
    }
    while (true) {
      RootedValue name(runtime_, Value(parse_string()));
      if (!take(u':')) fail("Expected ':' after property name", at_);
      RootedValue value(runtime_, parse_value(depth + 1));
      const PropertyKey key = to_property_key(runtime_, name);
      define(runtime_, object.get(), key, value);
      if (take(u'}')) return object.value();
      if (!take(u',')) {
        fail("Expected ',' or '}' after property value", at_);
      }
      skip_space();
      if (at_ >= text_.size() || text_[at_] != u'"') {
        fail("Expected double-quoted property name", at_);
      }
    }
  }

  Value parse_array(unsigned depth) {
    ++at_;
    RootedValues values(runtime_);
    if (take(u']')) return array_of(runtime_, values);
    while (true) {
      values.push_back(parse_value(depth + 1));
      if (take(u']')) return array_of(runtime_, values);
      if (!take(u',')) fail("Expected ',' or ']' after array element", at_);
    }
  }

  int hex_digit(char16_t c) {
    if (c >= u'0' && c <= u'9') return c - u'0';
    if (c >= u'a' && c <= u'f') return c - u'a' + 10;
    if (c >= u'A' && c <= u'F') return c - u'A' + 10;
    return -1;
  }

  char16_t parse_escape() {
    if (at_ >= text_.size()) fail("Unterminated string", at_);
    switch (text_[at_++]) {
      case u'"':
        return u'"';
      case u'\\':
        return u'\\';
      case u'/':
        return u'/';
      case u'b':
        return u'\b';
      case u'f':
        return u'\f';
      case u'n':
        return u'\n';
      case u'r':
        return u'\r';
      case u't':
        return u'\t';
      case u'u':
        break;
      default:
        fail("Bad escaped character", at_ - 1);
    }
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const int digit = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
      if (digit < 0) fail("Bad Unicode escape", at_);
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return static_cast<char16_t>(code);
  }

  String* parse_string() {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != u'"' && text_[at_] != u'\\' && text_[at_] >= 0x20) {
      ++at_;
    }
    if (at_ < text_.size() && text_[at_] == u'"') {
      return new_string(runtime_, text_.substr(start, at_++ - start));
    }
    std::u16string decoded(text_.substr(start, at_ - start));
    while (true) {
      if (at_ >= text_.size()) fail("Unterminated string", at_);
      const char16_t c = text_[at_++];
      if (c == u'"') return new_string(runtime_, decoded);
      if (c < 0x20) fail("Bad control character in string literal", at_ - 1);
      decoded += c == u'\\' ? parse_escape() : c;
    }
  }

  bool is_digit() const { return at_ < text_.size() && text_[at_] >= u'0' && text_[at_] <= u'9'; }
  void skip_digits() {
    while (is_digit()) ++at_;
  }

  Value parse_number() {
    const std::size_t start = at_;
    const bool negative = text_[at_] == u'-';
    if (negative) ++at_;
    if (!is_digit()) {
      if (negative) fail("No number after minus sign", at_);
      fail_token();
    }
    if (text_[at_] == u'0') {
      ++at_;
      if (is_digit()) fail("Unexpected number", at_);
    } else {
      skip_digits();
    }
    bool integer = true;
    if (at_ < text_.size() && text_[at_] == u'.') {
      ++at_;
      integer = false;
      if (!is_digit()) fail("Unterminated fractional number", at_);
      skip_digits();
    }
    if (at_ < text_.size() && (text_[at_] == u'e' || text_[at_] == u'E')) {
      ++at_;
      integer = false;
      if (at_ < text_.size() && (text_[at_] == u'+' || text_[at_] == u'-')) ++at_;
      if (!is_digit()) fail("Exponent part is missing a number", at_);
      skip_digits();
    }
    return number_value(text_.substr(start, at_ - start), integer);
  }

  Value number_value(std::u16string_view digits, bool integer) {
    if (integer && digits.size() <= 9 && digits.front() != u'-') {
      std::int32_t value = 0;
      for (const char16_t c : digits) value = value * 10 + (c - u'0');
      return Value::integer(value);
    }
    const std::string ascii(digits.begin(), digits.end());
    return Value::number(std::strtod(ascii.c_str(), nullptr));
  }

  Runtime& runtime_;
  std::u16string_view text_;
  std::size_t at_ = 0;
};

// The reviver's walk, from the leaves up.
Value revive(Runtime& runtime, Value holder_arg, Value name_arg, Value reviver_arg) {
  RootedValue holder(runtime, holder_arg);
  RootedValue name(runtime, name_arg);
  RootedValue reviver(runtime, reviver_arg);
  RootedValue key(runtime, to_property_key(runtime, name).to_rootable());
  RootedValue value(runtime, get(runtime, holder, PropertyKey::from_value(key.get())));
  if (value.get().is_object()) {
    RootedValues keys(runtime);
    own_keys(runtime, value.get().as_object(), {}, &keys);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      RootedValue revived(runtime, revive(runtime, value, keys[i], reviver));
      const PropertyKey child = to_property_key(runtime, keys[i]);
      if (revived.get().is_undefined()) {
        delete_property(runtime, value.get().as_object(), child);
      } else {
        define(runtime, value.get().as_object(), child, revived);
      }
    }
  }
  return call(runtime, reviver, holder, {name.get(), value.get()});
}

}  // namespace

Value parse_json(Runtime& runtime, std::u16string_view text) {
  return JsonParser(runtime, text).parse();
}

Value json_parse(Runtime& runtime, Arguments& args) {
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  RootedValue value(runtime, parse_json(runtime, text));
  if (!args[1].is_callable()) return value;
  Rooted<JSObject> root(runtime, new_object(runtime));
  define(runtime, root.get(), PropertyKey(runtime.atoms().empty), value);
  return revive(runtime, root.value(), Value(runtime.atoms().empty), args[1]);
}

}  // namespace heaplab::interp::builtins
