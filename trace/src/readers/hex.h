// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

// Lower-case hexadecimal numbers, eight digits at a time in one register: a trace has two numbers
// for every event, and a loop over digits mispredicts at nearly each of them.

namespace heaplab::trace {

static_assert(std::endian::native == std::endian::little, "digits are read as little-endian words");

/// The value of 8 digits in the bytes of a word, the first digit in the lowest byte.
inline std::uint32_t hex_value(std::uint64_t nibbles) {
  std::uint64_t value = __builtin_bswap64(nibbles);
  value = (value | value >> 4) & 0x00ff00ff00ff00ff;
  value = (value | value >> 8) & 0x0000ffff0000ffff;
  return static_cast<std::uint32_t>(value | value >> 16);
}

struct HexDigits {
  std::uint32_t value = 0;
  unsigned digits = 0;  ///< before the first byte that is a space or control character; 8 at most
  bool valid = false;   ///< all of them are hexadecimal digits
};

/// Reads at most 8 digits. Eight bytes at `place` must be readable.
inline HexDigits read_hex_digits(const char* place) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t text;
  std::memcpy(&text, place, 8);
  // Digits have bit 4 or bit 6, a space and a line's end have neither.
  const std::uint64_t ends = ~((text & (ones * 0x50)) + ones * 0x70) & (ones * 0x80);
  const unsigned digits = ends == 0 ? 8 : static_cast<unsigned>(std::countr_zero(ends)) / 8;
  // The digits to the top of the word, zeros before them.
  const unsigned empty_bits = 64 - 8 * digits;
  const std::uint64_t zeros = empty_bits == 0 ? 0 : (ones * 0x30) >> (8 * digits);
  const std::uint64_t aligned = (digits == 0 ? 0 : text << empty_bits) | zeros;
  const std::uint64_t nibbles = (aligned & (ones * 0x0f)) + ((aligned >> 6) & ones) * 9;
  const std::uint64_t letters = ((nibbles + ones * 0x06) >> 4) & ones;
  const std::uint64_t written = nibbles + ones * 0x30 + letters * 0x27;
  const std::uint64_t wrong = (written ^ aligned) | (nibbles & (ones * 0xf0));
  return {hex_value(nibbles), digits, wrong == 0};
}

/// Reads a number of at most 16 digits that ends at a space or a control character; `place` is left
/// there. 16 bytes must be readable. False if there is no such number.
inline bool read_hex(const char*& place, std::uint64_t& value) {
  const HexDigits first = read_hex_digits(place);
  place += first.digits;
  value = first.value;
  if (first.digits < 8) return first.valid && first.digits > 0;
  const HexDigits rest = read_hex_digits(place);
  place += rest.digits;
  value = value << (4 * rest.digits) | rest.value;
  const bool ended = rest.digits < 8 || static_cast<unsigned char>(*place) <= ' ';
  return first.valid && rest.valid && ended;
}

}  // namespace heaplab::trace
