// SPDX-License-Identifier: MIT
#include "snapshot/edge_array.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace heaplab::inspector {

#if defined(__x86_64__)

namespace {

constexpr std::size_t step = 64;
constexpr std::size_t most_label_digits = 8;
constexpr std::size_t most_target_digits = 10;

/// How to move "label,target" of given lengths: the label to the end of the lower eight bytes, the
/// target's last eight digits to the end of the upper ones, zeros before both.
struct alignas(16) Move {
  std::array<std::uint8_t, 16> from;
};
using Moves = std::array<Move, most_label_digits * most_target_digits>;
constexpr std::size_t move_number(std::size_t label, std::size_t target) {
  return (label - 1) * most_target_digits + target - 1;
}
constexpr Moves make_moves() {
  Moves moves{};
  constexpr std::uint8_t zero = 0x80;
  for (std::size_t label = 1; label <= most_label_digits; ++label) {
    for (std::size_t target = 1; target <= most_target_digits; ++target) {
      auto& from = moves[move_number(label, target)].from;
      for (std::size_t i = 0; i < 8; ++i) {
        from[i] = i + label < 8 ? zero : static_cast<std::uint8_t>(i + label - 8);
        from[8 + i] =
            i + target < 8 ? zero : static_cast<std::uint8_t>(label + 1 + i + target - 8);
      }
    }
  }
  return moves;
}
constexpr auto moves = make_moves();

const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");

/// Where numbers end in whole steps of [text, limit), from `text` on, until something unusual or
/// `most` ends. Returns how many.
__attribute__((target("avx2,bmi"))) std::size_t find_ends(const char* text, const char* limit,
                                                          std::uint32_t* ends, std::size_t most) {
  const __m256i to_bottom = _mm256_set1_epi8(static_cast<char>(0x80 - '0'));
  const __m256i ten_from_bottom = _mm256_set1_epi8(static_cast<char>(0x80 + 10));
  const auto bits = [](__m256i lanes) __attribute__((target("avx2,bmi"))) {
    return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(lanes))};
  };
  std::uint64_t after_digit = 0, after_comma = 1, after_line_end = 0;
  std::size_t count = 0;
  std::uint32_t at = 0;
  for (; static_cast<std::size_t>(limit - text) >= step && count < most; text += step, at += step) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    const std::uint64_t digits =
        bits(_mm256_cmpgt_epi8(ten_from_bottom, _mm256_add_epi8(low, to_bottom))) |
        bits(_mm256_cmpgt_epi8(ten_from_bottom, _mm256_add_epi8(high, to_bottom))) << 32;
    const __m256i comma = _mm256_set1_epi8(',');
    const std::uint64_t commas =
        bits(_mm256_cmpeq_epi8(low, comma)) | bits(_mm256_cmpeq_epi8(high, comma)) << 32;
    std::uint64_t line_ends = 0;
    if ((digits | commas) != ~std::uint64_t{0}) {
      const __m256i line_end = _mm256_set1_epi8('\n');
      line_ends = bits(_mm256_cmpeq_epi8(low, line_end)) | bits(_mm256_cmpeq_epi8(high, line_end))
                                                               << 32;
      if ((digits | commas | line_ends) != ~std::uint64_t{0}) break;
    }
    const std::uint64_t faults = ((commas << 1 | after_comma) & ~digits) |
                                 ((line_ends << 1 | after_line_end) & ~commas);
    if (faults != 0) break;
    std::uint64_t found = ~digits & (digits << 1 | after_digit);
    const auto number = static_cast<std::size_t>(std::popcount(found));
    // Eight at a time, needed or not: how many there are is hard to foretell.
    for (std::size_t done = 0; done < number; done += 8) {
      for (std::size_t i = 0; i < 8; ++i) {
        ends[count + done + i] = at + static_cast<std::uint32_t>(std::countr_zero(found));
        found &= found - 1;
      }
    }
    count += number;
    after_digit = digits >> 63;
    after_comma = commas >> 63;
    after_line_end = line_ends >> 63;
  }
  return count;
}

/// Edges of `text`, whose numbers end at `ends`: all that are usual and followed by another number.
/// Returns where the next edge starts.
__attribute__((target("avx2,bmi"))) std::size_t take_edges(const char* text,
                                                           const std::uint32_t* ends,
                                                           std::size_t whole, EdgeBatch& batch) {
  const __m128i zeros = _mm_set1_epi8('0');
  const __m128i tens = _mm_set1_epi16(1 << 8 | 10);
  const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
  const __m128i ten_thousands = _mm_set1_epi32(1 << 16 | 10000);
  std::size_t start = 0;
  std::size_t count = 0;
  for (; count < whole; ++count) {
    const std::uint32_t* const end = ends + 3 * count;
    const std::size_t label = end[1] - end[0] - 1;
    const std::size_t target = end[2] - end[1] - 1;
    if (end[0] - start != 1 || label > most_label_digits || target > most_target_digits ||
        label + target > 15) {
      break;
    }
    const char* const digits = text + start + 2;
    const __m128i from = _mm_load_si128(reinterpret_cast<const __m128i*>(
        moves[move_number(label, target)].from.data()));
    const __m128i bytes =
        _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(digits)), zeros);
    const __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(bytes, from), tens);
    const __m128i fours = _mm_madd_epi16(pairs, hundreds);
    const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), ten_thousands);
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    batch.types[count] = static_cast<std::uint8_t>(text[start] - '0');
    batch.labels[count] = static_cast<std::uint32_t>(both);
    std::uint64_t to = both >> 32;
    for (std::size_t high = 8; high < target; ++high) {
      constexpr std::uint64_t places[2] = {100'000'000, 1'000'000'000};
      to += static_cast<std::uint64_t>(digits[label + target - high] - '0') * places[high - 8];
    }
    if (to > UINT32_MAX) break;
    batch.targets[count] = static_cast<std::uint32_t>(to);
    batch.starts[count] = static_cast<std::uint32_t>(start);
    batch.lengths[count] = static_cast<std::uint8_t>(label);
    start = std::size_t{end[2]} + 1 + (text[end[2]] == '\n' ? 1 : 0);
  }
  batch.count = count;
  return start;
}

}  // namespace

void EdgeArray::take_usual(EdgeBatch& batch) {
  if (!has_avx2 || !array_.at_value()) return;
  const char* const text = scanner_.cursor;
  const std::size_t numbers =
      find_ends(text, scanner_.limit, ends_.data(), 3 * most_);
  // The last must be known to be followed by a comma: another number begins behind it.
  if (numbers < 4) return;
  const std::size_t whole = std::min((numbers - 1) / 3, most_);
  batch.base = scanner_.offset();
  scanner_.cursor += take_edges(text, ends_.data(), whole, batch);
  if (batch.count > 0) array_.resume_at_value();
}

#else

void EdgeArray::take_usual(EdgeBatch&) {}

#endif

bool EdgeArray::fill(EdgeBatch& batch) {
  batch.count = 0;
  const std::size_t enough = std::min(32 * most_, Scanner::window_bytes / 4);
  if (static_cast<std::size_t>(scanner_.limit - scanner_.cursor) < enough) {
    scanner_.refill(scanner_.cursor);
  }
  take_usual(batch);
  if (batch.count > 0) return true;
  batch.numbers.count = 0;
  const bool more = array_.append_slowly(batch.numbers);
  if (const std::size_t cut = batch.numbers.count % 3; cut != 0) {
    left_over_ = cut;
    batch.numbers.count -= cut;
  }
  return more || batch.numbers.count > 0;
}

}  // namespace heaplab::inspector
