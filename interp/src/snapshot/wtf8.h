// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "heaplab/interp/string.h"

namespace heaplab::interp {

/// UTF-8 that keeps lone surrogates, as three bytes each: what is read back is the same UTF-16.
template <class Units>
void append_wtf8(const Units& units, std::uint32_t length, std::string& out) {
  const auto put = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
  for (std::uint32_t i = 0; i < length; ++i) {
    char32_t c = units[i];
    const bool pair = c >= 0xd800 && c < 0xdc00 && i + 1 < length && units[i + 1] >= 0xdc00 &&
                      units[i + 1] < 0xe000;
    if (pair) c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00u);
    if (c < 0x80) {
      put(c);
      continue;
    }
    if (c < 0x800) {
      put(0xc0 | c >> 6);
    } else {
      if (c < 0x10000) {
        put(0xe0 | c >> 12);
      } else {
        put(0xf0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3f));
      }
      put(0x80 | (c >> 6 & 0x3f));
    }
    put(0x80 | (c & 0x3f));
  }
}

inline void append_wtf8(const FlatChars& chars, std::string& out) {
  append_wtf8(chars, chars.length(), out);
}

inline std::string wtf8(std::u16string_view text) {
  std::string out;
  append_wtf8(text, static_cast<std::uint32_t>(text.size()), out);
  return out;
}

}  // namespace heaplab::interp
