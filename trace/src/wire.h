// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Numbers as bytes: varints (LEB128: seven bits a byte, lowest first, at most ten bytes), signed
// differences folded onto them (zigzag), and little-endian words in frames.

namespace heaplab::trace {

inline void put_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

inline std::uint64_t zigzag(std::uint64_t difference) {
  const auto value = static_cast<std::int64_t>(difference);
  return (difference << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::uint64_t unzigzag(std::uint64_t folded) { return (folded >> 1) ^ (0 - (folded & 1)); }

/// Differences wrap around, so that any two 64-bit numbers have one.
inline void put_difference(std::string& out, std::uint64_t value, std::uint64_t base) {
  put_varint(out, zigzag(value - base));
}

inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out.append(text);
}

template <class Integer>
void put_word(std::string& out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
  }
}

template <class Integer>
Integer get_word(const std::byte* bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
  }
  return static_cast<Integer>(value);
}

}  // namespace heaplab::trace
