// SPDX-License-Identifier: MIT
#include "snapshot/json_text.h"

#include <cstdint>

namespace heaplab::inspector {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The unit of `\uXXXX` whose digits begin at `position`; -1 if they are not there.
int code_unit(std::string_view raw, std::size_t position) {
  if (position + 4 > raw.size()) return -1;
  int unit = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const int digit = hex_digit(raw[position + i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void append_utf8(std::string& text, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 63));
    put(0x80 | (point & 63));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 63));
    put(0x80 | (point >> 6 & 63));
    put(0x80 | (point & 63));
  }
}

/// Decodes the `\u` escape whose digits begin at `position`; returns where it ends, or 0.
std::size_t decode_unicode(std::string_view raw, std::size_t position, std::string& text) {
  const int unit = code_unit(raw, position);
  if (unit < 0) return 0;
  const bool high = unit >= 0xd800 && unit < 0xdc00;
  if (high && raw.substr(position + 4).starts_with("\\u")) {
    const int low = code_unit(raw, position + 6);
    if (low >= 0xdc00 && low < 0xe000) {
      append_utf8(text, 0x10000U + (static_cast<std::uint32_t>(unit - 0xd800) << 10) +
                            static_cast<std::uint32_t>(low - 0xdc00));
      return position + 10;
    }
  }
  const bool lone = unit >= 0xd800 && unit < 0xe000;
  append_utf8(text, lone ? 0xfffdU : static_cast<std::uint32_t>(unit));
  return position + 4;
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '"':
    case '\\':
    case '/':
      return c;
    default:
      return '\0';
  }
}

}  // namespace

std::string decode_json_text(std::string_view raw) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      text.push_back(raw[i++]);
      continue;
    }
    if (raw[i + 1] == 'u') {
      const std::size_t end = decode_unicode(raw, i + 2, text);
      if (end != 0) {
        i = end;
        continue;
      }
    } else if (const char plain = simple_escape(raw[i + 1]); plain != '\0') {
      text.push_back(plain);
      i += 2;
      continue;
    }
    text.append(raw.substr(i, 2));
    i += 2;
  }
  return text;
}

}  // namespace heaplab::inspector
