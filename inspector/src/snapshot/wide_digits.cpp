// SPDX-License-Identifier: MIT
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12's own header makes vectors of nothing: https://gcc.gnu.org/PR105593
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include "snapshot/wide_digits.h"

#include <bit>

// Of 64 bytes, bits say which are digits; where numbers start and end falls out of shifts, and a
// compression of the numbers 0 … 63 makes positions of bits. Then sixteen numbers at once:
//
//   text     …,17,2,3040,… (and the 64 bytes before, for a number that began there)
//   gather   eight bytes up to each end, from both vectors as one table
//   mask     what is not behind the end before is no digit of this number: zero
//   add up   digits to pairs, to fours, to eights: three multiplications for sixteen numbers
//
// (The last step is Wojciech Muła's and others'; the gathering needs VBMI.)

#if defined(HEAPLAB_VECTOR_DIGITS)

namespace heaplab::inspector::digits {
namespace {

constexpr std::size_t step = 64;

/// Bytes 0 … 63, each what `make` says.
template <typename Make>
constexpr auto make_bytes(Make make) {
  struct alignas(64) Bytes {
    std::uint8_t at[64];
  } bytes{};
  for (unsigned i = 0; i < 64; ++i) bytes.at[i] = static_cast<std::uint8_t>(make(i));
  return bytes;
}

constexpr auto positions = make_bytes([](unsigned i) { return i; });
/// The number before each.
constexpr auto before = make_bytes([](unsigned i) { return i == 0 ? 0 : i - 1; });
/// From the end of a number in the second vector to its eight digits in both.
constexpr auto digit_places = make_bytes([](unsigned i) { return step - 8 + i % 8; });
/// Eight bytes for each of eight numbers: 0, 1, 4, 5, 8, 9, 12, 13, and the other half of sixteen.
/// So they are in order when both have been packed.
constexpr auto first_half = make_bytes([](unsigned i) { return i / 16 * 4 + i / 8 % 2; });
constexpr auto second_half = make_bytes([](unsigned i) { return i / 16 * 4 + i / 8 % 2 + 2; });

template <typename Bytes>
HEAPLAB_AVX512 inline __m512i load(const Bytes& bytes) {
  return _mm512_load_si512(bytes.at);
}

/// 64 bytes, digits as numbers and zeros elsewhere, and those before them.
struct Digits {
  __m512i previous, current;
};

/// Eight numbers as pairs of four digits each.
HEAPLAB_AVX512 inline __m512i fours(const Digits& digits, __m512i ends, __m512i ends_before,
                                    __m512i which) {
  const __m512i from = _mm512_add_epi8(_mm512_permutexvar_epi8(which, ends), load(digit_places));
  const __mmask64 own = _mm512_cmpgt_epu8_mask(from, _mm512_permutexvar_epi8(which, ends_before));
  const __m512i bytes = _mm512_maskz_permutex2var_epi8(own, digits.previous, from, digits.current);
  const __m512i pairs = _mm512_maddubs_epi16(bytes, _mm512_set1_epi16(0x010a));
  return _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100));
}

/// Sixteen numbers of up to eight digits. `ends` counts from the current bytes, `ends_before` (of
/// the number before) from the previous ones.
HEAPLAB_AVX512 inline __m512i sixteen(const Digits& digits, __m512i ends, __m512i ends_before) {
  const __m512i packed = _mm512_packus_epi32(fours(digits, ends, ends_before, load(first_half)),
                                             fours(digits, ends, ends_before, load(second_half)));
  return _mm512_madd_epi16(packed, _mm512_set1_epi32(1 << 16 | 10000));
}

HEAPLAB_AVX512 inline void store_places(__m128i places, std::size_t base, std::uint32_t* out) {
  _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(places),
                                            _mm512_set1_epi32(static_cast<int>(base))));
}

/// The number at `text`, of any length; false if it has more than 32 bits.
bool long_number(const char* text, std::uint32_t& value) {
  std::uint64_t sum = 0;
  for (; *text >= '0' && *text <= '9'; ++text) {
    sum = sum * 10 + static_cast<std::uint64_t>(*text - '0');
    if (sum > UINT32_MAX) return false;
  }
  value = static_cast<std::uint32_t>(sum);
  return true;
}

struct Masks {
  std::uint64_t after_digit = 0, after_comma = 1, after_line_end = 0;
};

/// Whether 64 bytes go on as they should; then where numbers start and end.
HEAPLAB_AVX512 inline bool find_numbers(__m512i bytes, std::uint64_t digits, Masks& masks,
                                        std::uint64_t& starts, std::uint64_t& ends) {
  const std::uint64_t commas = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(','));
  std::uint64_t line_ends = 0;
  if ((digits | commas) != ~std::uint64_t{0}) {
    line_ends = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    if ((digits | commas | line_ends) != ~std::uint64_t{0}) return false;
  }
  const std::uint64_t faults = ((commas << 1 | masks.after_comma) & ~digits) |
                               ((line_ends << 1 | masks.after_line_end) & ~commas);
  if (faults != 0) return false;
  const std::uint64_t follows_digit = digits << 1 | masks.after_digit;
  starts = digits & ~follows_digit;
  ends = ~digits & follows_digit;
  masks = {digits >> 63, commas >> 63, line_ends >> 63};
  return true;
}

}  // namespace

HEAPLAB_AVX512 std::size_t take_numbers(const char* text, const char* limit, std::uint32_t* values,
                                        std::uint32_t* starts, std::size_t most) {
  Masks masks;
  Digits digits{_mm512_setzero_si512(), _mm512_setzero_si512()};
  std::size_t count = 0, started = 0, at = 0;
  std::size_t last_end = step - 1;  // in the bytes before
  const auto bytes_left = static_cast<std::size_t>(limit - text);
  for (; bytes_left - at >= step && count < most; at += step) {
    const __m512i bytes = _mm512_loadu_si512(text + at);
    const __m512i values_of_bytes = _mm512_sub_epi8(bytes, _mm512_set1_epi8('0'));
    const std::uint64_t is_digit = _mm512_cmplt_epu8_mask(values_of_bytes, _mm512_set1_epi8(10));
    std::uint64_t start_bits = 0, end_bits = 0;
    if (!find_numbers(bytes, is_digit, masks, start_bits, end_bits)) break;
    digits = {digits.current, _mm512_maskz_mov_epi8(is_digit, values_of_bytes)};
    const auto new_starts = static_cast<std::size_t>(std::popcount(start_bits));
    const auto new_ends = static_cast<std::size_t>(std::popcount(end_bits));
    const __m512i places = _mm512_maskz_compress_epi8(start_bits, load(positions));
    const __m512i ends = _mm512_maskz_compress_epi8(end_bits, load(positions));
    const __m512i ends_from_previous = _mm512_add_epi8(ends, _mm512_set1_epi8(step));
    const __m512i ends_before = _mm512_mask_set1_epi8(
        _mm512_permutexvar_epi8(load(before), ends_from_previous), 1, static_cast<char>(last_end));
    store_places(_mm512_castsi512_si128(places), at, starts + started);
    _mm512_storeu_si512(values + count, sixteen(digits, ends, ends_before));
    if (new_starts > 16 || new_ends > 16) {
      store_places(_mm512_extracti32x4_epi32(places, 1), at, starts + started + 16);
      _mm512_storeu_si512(values + count + 16,
                          sixteen(digits, _mm512_alignr_epi64(ends, ends, 2),
                                  _mm512_alignr_epi64(ends_before, ends_before, 2)));
    }
    // Nine digits, or eight and a line end before the comma before them.
    const __m512i lengths = _mm512_sub_epi8(ends_from_previous, ends_before);
    std::uint64_t long_ones =
        _mm512_cmpgt_epu8_mask(lengths, _mm512_set1_epi8(9)) & ((std::uint64_t{1} << new_ends) - 1);
    for (; long_ones != 0; long_ones &= long_ones - 1) {
      const std::size_t number = count + static_cast<std::size_t>(std::countr_zero(long_ones));
      if (!long_number(text + starts[number], values[number])) return number;
    }
    started += new_starts;
    count += new_ends;
    last_end = end_bits == 0 ? 0 : static_cast<std::size_t>(63 - std::countl_zero(end_bits));
  }
  return started > count ? count : started == 0 ? 0 : started - 1;
}

}  // namespace heaplab::inspector::digits

#endif
