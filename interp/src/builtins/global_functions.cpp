// SPDX-License-Identifier: MIT
// encodeURIComponent and its kin.
#include <fmt/format.h>

#include "heaplab/interp/source.h"
#include "install.h"
#include "string.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
constexpr std::string_view reserved = ";/?:@&=+$,#";

[[noreturn]] void throw_malformed(Runtime& runtime) {
  throw_error(runtime, ErrorKind::URIError, "URI malformed");
}

Value encode(Runtime& runtime, Arguments& args, bool keep_reserved) {
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const char32_t code = next_code_point(text, i);
    if (code >= 0xd800 && code <= 0xdfff) throw_malformed(runtime);
    if (code < 0x80) {
      const char c = static_cast<char>(code);
      if (unreserved.find(c) != std::string_view::npos ||
          (keep_reserved && reserved.find(c) != std::string_view::npos)) {
        out += c;
        continue;
      }
    }
    std::u16string single;
    append_code_point(single, code);
    for (const char byte : utf16_to_utf8(single)) {
      const auto b = static_cast<unsigned char>(byte);
      out += '%';
      out += "0123456789ABCDEF"[b >> 4];
      out += "0123456789ABCDEF"[b & 15];
    }
  }
  return new_string_latin1(runtime, out);
}

int hex_digit(char16_t c) {
  if (c >= u'0' && c <= u'9') return c - u'0';
  if (c >= u'a' && c <= u'f') return c - u'a' + 10;
  if (c >= u'A' && c <= u'F') return c - u'A' + 10;
  return -1;
}

// The byte that %XY at `i` stands for, or -1.
int escaped_byte(std::u16string_view text, std::size_t i) {
  if (i + 2 >= text.size() || text[i] != u'%') return -1;
  const int high = hex_digit(text[i + 1]);
  const int low = hex_digit(text[i + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

int sequence_length(int lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

// Decodes one escaped character at `i`; returns the units of text it took, 0 if malformed.
std::size_t decode_one(std::u16string_view text, std::size_t i, char32_t* code) {
  const int lead = escaped_byte(text, i);
  const int length = lead < 0 ? 0 : sequence_length(lead);
  if (length == 0) return 0;
  char32_t value = static_cast<char32_t>(length == 1 ? lead : lead & (0x7f >> length));
  for (int n = 1; n < length; ++n) {
    const int next = escaped_byte(text, i + 3 * static_cast<std::size_t>(n));
    if (next < 0 || (next & 0xc0) != 0x80) return 0;
    value = (value << 6) | static_cast<char32_t>(next & 0x3f);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return 0;
  }
  *code = value;
  return 3 * static_cast<std::size_t>(length);
}

Value decode(Runtime& runtime, Arguments& args, bool keep_reserved) {
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != u'%') {
      out += text[i++];
      continue;
    }
    char32_t code = 0;
    const std::size_t used = decode_one(text, i, &code);
    if (used == 0) throw_malformed(runtime);
    const bool keep = keep_reserved && code < 0x80 &&
                      reserved.find(static_cast<char>(code)) != std::string_view::npos;
    if (keep) {
      out += std::u16string_view(text).substr(i, used);
    } else {
      append_code_point(out, code);
    }
    i += used;
  }
  return new_string(runtime, out);
}

Value encode_uri(Runtime& runtime, Arguments& args) { return encode(runtime, args, true); }
Value encode_uri_component(Runtime& runtime, Arguments& args) {
  return encode(runtime, args, false);
}
Value decode_uri(Runtime& runtime, Arguments& args) { return decode(runtime, args, true); }
Value decode_uri_component(Runtime& runtime, Arguments& args) {
  return decode(runtime, args, false);
}

// The two before Unicode: %XX for a Latin-1 unit, %uXXXX for another.
Value escape(Runtime& runtime, Arguments& args) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@*_+-./";
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  std::string out;
  for (const char16_t unit : text) {
    if (unit < 0x80 && kept.find(static_cast<char>(unit)) != std::string_view::npos) {
      out += static_cast<char>(unit);
    } else {
      out += unit < 0x100 ? fmt::format("%{:02X}", static_cast<unsigned>(unit))
                          : fmt::format("%u{:04X}", static_cast<unsigned>(unit));
    }
  }
  return Value(new_string_latin1(runtime, out));
}

// The unit that `digits` hexadecimal digits from `i` on spell, or -1.
int escaped_unit(std::u16string_view text, std::size_t i, std::size_t digits) {
  if (i + digits > text.size()) return -1;
  int unit = 0;
  for (const char16_t c : text.substr(i, digits)) {
    const int digit = hex_digit(c);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

Value unescape(Runtime& runtime, Arguments& args) {
  const std::u16string text = to_utf16(to_string(runtime, args[0]));
  std::u16string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_long = i + 1 < text.size() && text[i + 1] == u'u';
    const int unit = text[i] != u'%' ? -1
                     : is_long       ? escaped_unit(text, i + 2, 4)
                                     : escaped_unit(text, i + 1, 2);
    out += unit < 0 ? text[i] : static_cast<char16_t>(unit);
    if (unit >= 0) i += is_long ? 5 : 2;
  }
  return Value(new_string(runtime, out));
}

const NativeInfo functions[] = {
    {"escape", 1, escape},        {"unescape", 1, unescape},
    {"encodeURI", 1, encode_uri}, {"encodeURIComponent", 1, encode_uri_component},
    {"decodeURI", 1, decode_uri}, {"decodeURIComponent", 1, decode_uri_component},
};

}  // namespace

void install_global_functions(Runtime& runtime) {
  define_methods(runtime, runtime.global(), functions);
}

}  // namespace heaplab::interp::builtins
