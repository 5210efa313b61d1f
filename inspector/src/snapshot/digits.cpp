// SPDX-License-Identifier: MIT
#include "snapshot/digits.h"

#include <algorithm>
#include <atomic>
#include <bit>

namespace heaplab::inspector::digits {
namespace {

Level supported() {
#if defined(HEAPLAB_VECTOR_DIGITS)
  const bool narrow = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                      __builtin_cpu_supports("popcnt");
  const bool wide = narrow && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") &&
                    __builtin_cpu_supports("avx512vbmi2");
  return wide ? Level::wide : narrow ? Level::narrow : Level::none;
#else
  return Level::none;
#endif
}

std::atomic<Level>& usable() {
  static std::atomic<Level> value{supported()};
  return value;
}

}  // namespace

Level level() { return usable().load(std::memory_order_relaxed); }
void limit_level(Level most) { usable() = std::min(most, supported()); }

}  // namespace heaplab::inspector::digits

#if defined(HEAPLAB_VECTOR_DIGITS)

namespace heaplab::inspector::digits {
namespace {

constexpr std::size_t step = 64;

constexpr auto make_moves() {
  std::array<Move, most_first * most_second> moves{};
  constexpr std::uint8_t zero = 0x80;
  for (std::size_t first = 1; first <= most_first; ++first) {
    for (std::size_t second = 1; second <= most_second; ++second) {
      auto& from = moves[(first - 1) * most_second + second - 1].from;
      for (std::size_t i = 0; i < 8; ++i) {
        from[i] = i + first < 8 ? zero : static_cast<std::uint8_t>(i + first - 8);
        from[8 + i] = i + second < 8 ? zero : static_cast<std::uint8_t>(first + 1 + i + second - 8);
      }
    }
  }
  return moves;
}

struct Bytes64 {
  __m256i low, high;
};

HEAPLAB_AVX2 inline std::uint64_t bits(__m256i low, __m256i high) {
  return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(low))} |
         std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(high))} << 32;
}

HEAPLAB_AVX2 inline std::uint64_t equal(const Bytes64& bytes, char c) {
  const __m256i wanted = _mm256_set1_epi8(c);
  return bits(_mm256_cmpeq_epi8(bytes.low, wanted), _mm256_cmpeq_epi8(bytes.high, wanted));
}

HEAPLAB_AVX2 inline std::uint64_t find_digits(const Bytes64& bytes) {
  const __m256i to_bottom = _mm256_set1_epi8(static_cast<char>(0x80 - '0'));
  const __m256i ten_from_bottom = _mm256_set1_epi8(static_cast<char>(0x80 + 10));
  return bits(_mm256_cmpgt_epi8(ten_from_bottom, _mm256_add_epi8(bytes.low, to_bottom)),
              _mm256_cmpgt_epi8(ten_from_bottom, _mm256_add_epi8(bytes.high, to_bottom)));
}

/// Places of bits, eight at a time, needed or not: how many there are is hard to foretell.
HEAPLAB_AVX2 inline void write_places(std::uint64_t set, std::size_t count, std::uint32_t base,
                                      std::uint32_t* places) {
  for (std::size_t done = 0; done < count; done += 8) {
    for (std::size_t i = 0; i < 8; ++i) {
      places[done + i] = base + static_cast<std::uint32_t>(std::countr_zero(set));
      set &= set - 1;
    }
  }
}

}  // namespace

const std::array<Move, most_first* most_second> moves = make_moves();

HEAPLAB_AVX2 std::size_t find_ends(const char* text, const char* limit, std::uint32_t* ends,
                                   std::size_t most) {
  std::uint64_t after_digit = 0, after_comma = 1, after_line_end = 0;
  std::size_t count = 0;
  std::uint32_t at = 0;
  for (; static_cast<std::size_t>(limit - text) >= step && count < most; text += step, at += step) {
    const Bytes64 bytes{_mm256_loadu_si256(reinterpret_cast<const __m256i*>(text)),
                        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32))};
    const std::uint64_t digits = find_digits(bytes);
    const std::uint64_t commas = equal(bytes, ',');
    std::uint64_t line_ends = 0;
    if ((digits | commas) != ~std::uint64_t{0}) {
      line_ends = equal(bytes, '\n');
      if ((digits | commas | line_ends) != ~std::uint64_t{0}) break;
    }
    const std::uint64_t faults =
        ((commas << 1 | after_comma) & ~digits) | ((line_ends << 1 | after_line_end) & ~commas);
    if (faults != 0) break;
    const std::uint64_t found = ~digits & (digits << 1 | after_digit);
    const auto number = static_cast<std::size_t>(std::popcount(found));
    write_places(found, number, at, ends + count);
    count += number;
    after_digit = digits >> 63;
    after_comma = commas >> 63;
    after_line_end = line_ends >> 63;
  }
  return count;
}

}  // namespace heaplab::inspector::digits

#endif
