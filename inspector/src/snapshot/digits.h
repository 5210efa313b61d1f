// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// Text to numbers with AVX2: where numbers end, 64 bytes at a time, and two numbers at once.

namespace heaplab::inspector::digits {

/// What processors can: nothing of this, AVX2, or AVX-512 with its byte permutations
/// (wide_digits.h).
enum class Level : std::uint8_t { none, narrow, wide };
/// What this one can.
Level level();
/// For tests: makes this processor one that can no more than this.
void limit_level(Level most);

}  // namespace heaplab::inspector::digits

#if defined(__x86_64__)
#define HEAPLAB_VECTOR_DIGITS 1
#include <immintrin.h>

#define HEAPLAB_AVX2 __attribute__((target("avx2,bmi,popcnt")))

namespace heaplab::inspector::digits {

/// Where numbers end in [text, limit), counted from `text`, which is where one starts: in whole
/// steps of 64 bytes, until something is not "digits, comma, digits" (a line end may be before the
/// comma), or `most` were found. Returns how many: at most `most` + 32, and `ends` has room for 8
/// more.
std::size_t find_ends(const char* text, const char* limit, std::uint32_t* ends, std::size_t most);

/// How to move "1234,56" so that the first number ends the lower eight bytes and the last eight
/// digits of the second the upper ones, zeros before both.
struct alignas(16) Move {
  std::array<std::uint8_t, 16> from;
};
inline constexpr std::size_t most_first = 8;
inline constexpr std::size_t most_second = 10;
inline constexpr std::size_t most_both = 15;
extern const std::array<Move, most_first * most_second> moves;

/// The first number, and the last eight digits of the second (upper half). Reads 16 bytes.
HEAPLAB_AVX2 inline std::uint64_t two_numbers(const char* text, std::size_t first,
                                              std::size_t second) {
  const Move& move = moves[(first - 1) * most_second + second - 1];
  const __m128i from = _mm_load_si128(reinterpret_cast<const __m128i*>(move.from.data()));
  const __m128i bytes =
      _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text)), _mm_set1_epi8('0'));
  const __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(bytes, from), _mm_set1_epi16(0x010a));
  const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
  const __m128i eights =
      _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
}

}  // namespace heaplab::inspector::digits
#endif
