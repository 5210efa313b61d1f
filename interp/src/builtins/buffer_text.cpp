// SPDX-License-Identifier: MIT
// Buffer's encodings: text to bytes and back.
#include <algorithm>
#include <cctype>

#include "buffer.h"
#include "heaplab/interp/source.h"
#include "support.h"

namespace heaplab::interp::builtins {

std::optional<Encoding> parse_encoding(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::pair<std::string_view, Encoding> names[] = {
      {"utf8", Encoding::utf8},
      {"utf-8", Encoding::utf8},
      {"hex", Encoding::hex},
      {"base64", Encoding::base64},
      {"base64url", Encoding::base64url},
      {"latin1", Encoding::latin1},
      {"binary", Encoding::latin1},
      {"ascii", Encoding::ascii},
      {"ucs2", Encoding::utf16le},
      {"ucs-2", Encoding::utf16le},
      {"utf16le", Encoding::utf16le},
      {"utf-16le", Encoding::utf16le}};
  for (const auto& [known, encoding] : names) {
    if (known == lower) return encoding;
  }
  return std::nullopt;
}

Encoding encoding_argument(Runtime& runtime, Value value) {
  if (value.is_nullish()) return Encoding::utf8;
  const std::string name = to_text(runtime, value);
  const auto encoding = parse_encoding(name);
  if (!encoding) {
    throw_node_error(runtime, ErrorKind::TypeError, "ERR_UNKNOWN_ENCODING",
                     "Unknown encoding: " + name);
  }
  return *encoding;
}

namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode_hex(std::u16string_view text) {
  const auto digit = [](char16_t c) {
    if (c >= u'0' && c <= u'9') return c - u'0';
    if (c >= u'a' && c <= u'f') return c - u'a' + 10;
    if (c >= u'A' && c <= u'F') return c - u'A' + 10;
    return -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) break;  // as Node: what came before counts
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

std::string encode_base64(std::u16string_view text) {
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (char16_t c : text) {
    if (c == u'=') break;
    if (c == u'-') c = u'+';
    if (c == u'_') c = u'/';
    const std::size_t digit =
        c < 0x80 ? base64_digits.find(static_cast<char>(c)) : std::string_view::npos;
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> count) & 0xff);
    }
  }
  return bytes;
}

std::u16string decode_base64(std::string_view bytes, bool url) {
  std::u16string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      if (k > count) {
        if (!url) text += u'=';
        continue;
      }
      char c = base64_digits[(bits >> (18 - 6 * k)) & 63];
      if (url && c == '+') c = '-';
      if (url && c == '/') c = '_';
      text += static_cast<char16_t>(c);
    }
  }
  return text;
}

}  // namespace

std::string encode_text(std::u16string_view text, Encoding encoding) {
  switch (encoding) {
    case Encoding::utf8:
      return utf16_to_utf8(text);
    case Encoding::hex:
      return encode_hex(text);
    case Encoding::base64:
    case Encoding::base64url:
      return encode_base64(text);
    case Encoding::utf16le: {
      std::string bytes;
      for (const char16_t c : text) {
        bytes += static_cast<char>(c & 0xff);
        bytes += static_cast<char>(c >> 8);
      }
      return bytes;
    }
    case Encoding::latin1:
    case Encoding::ascii:
      break;
  }
  std::string bytes;
  for (const char16_t c : text) bytes += static_cast<char>(c & 0xff);
  return bytes;
}

std::u16string decode_bytes(std::string_view bytes, Encoding encoding) {
  std::u16string text;
  switch (encoding) {
    case Encoding::utf8:
      return utf8_to_utf16(bytes);
    case Encoding::base64:
      return decode_base64(bytes, false);
    case Encoding::base64url:
      return decode_base64(bytes, true);
    case Encoding::hex:
      for (const char c : bytes) {
        const auto b = static_cast<unsigned char>(c);
        text += u"0123456789abcdef"[b >> 4];
        text += u"0123456789abcdef"[b & 15];
      }
      return text;
    case Encoding::utf16le:
      for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        text += static_cast<char16_t>(static_cast<unsigned char>(bytes[i]) |
                                      static_cast<unsigned char>(bytes[i + 1]) << 8);
      }
      return text;
    case Encoding::ascii:
      for (const char c : bytes) text += static_cast<char16_t>(c & 0x7f);
      return text;
    case Encoding::latin1:
      break;
  }
  for (const char c : bytes) text += static_cast<char16_t>(static_cast<unsigned char>(c));
  return text;
}

}  // namespace heaplab::interp::builtins
