// SPDX-License-Identifier: MIT
#include "snapshot/numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "heaplab/support/text.h"
#include "snapshot/wide_digits.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace heaplab::inspector {
namespace {

/// What each of 64 bytes is, the first in the lowest bit.
struct Classes64 {
  std::uint64_t digits, commas, line_ends;
};

#if defined(__x86_64__)

struct ClassifySse2 {
  Classes64 operator()(const char* text) const {
    Classes64 result{};
    const __m128i to_bottom = _mm_set1_epi8(static_cast<char>(0x80 - '0'));
    const __m128i ten_from_bottom = _mm_set1_epi8(static_cast<char>(0x80 + 10));
    for (unsigned part = 0; part < 4; ++part) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + 16 * part));
      const auto bits = [part](__m128i lanes) {
        return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(lanes))} << (16 * part);
      };
      result.digits |= bits(_mm_cmplt_epi8(_mm_add_epi8(bytes, to_bottom), ten_from_bottom));
      result.commas |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')));
      result.line_ends |= bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    }
    return result;
  }
};
using ClassifyAnywhere = ClassifySse2;

#else

struct ClassifyAnywhere {
  Classes64 operator()(const char* text) const {
    Classes64 result{};
    for (unsigned i = 0; i < 64; ++i) {
      const char c = text[i];
      result.digits |= std::uint64_t{c >= '0' && c <= '9'} << i;
      result.commas |= std::uint64_t{c == ','} << i;
      result.line_ends |= std::uint64_t{c == '\n'} << i;
    }
    return result;
  }
};

#endif

/// The number whose 1 to 8 digits end at `end`. Reads the 8 bytes before it.
/// Eight digits at once: pairs, then fours, then all (Lemire's and others' well-known form).
inline std::uint64_t up_to_8_digits(const char* end, unsigned length) {
  std::uint64_t word;
  std::memcpy(&word, end - 8, 8);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  word &= 0x0f0f0f0f0f0f0f0f;
  const unsigned foreign_bits = 8 * (8 - length);
  word = word >> foreign_bits << foreign_bits;
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffff;
  return (word * 10000 + (word >> 32)) & 0xffffffff;
}

constexpr std::size_t step = 64;
constexpr std::size_t most_numbers_in_a_step = step / 2 + 1;

}  // namespace

NumberArray::NumberArray(Scanner& scanner, const char* what) : scanner_(scanner), what_(what) {
  scanner_.expect('[', what);
}

std::uint64_t NumberArray::long_number(const char* start, const char* end) {
  std::uint64_t value = 0;
  for (const char* digit = start; digit < end; ++digit) {
    const auto next = static_cast<std::uint64_t>(*digit - '0');
    if (value > (UINT64_MAX - next) / 10) {
      scanner_.fail_at(scanner_.offset_of(start),
                       fmt::format("a number in {} is too large", what_));
    }
    value = value * 10 + next;
  }
  return value;
}

inline std::uint64_t NumberArray::any_number(const char* start, const char* end) {
  const auto length = static_cast<std::size_t>(end - start);
  return length <= 8 ? up_to_8_digits(end, static_cast<unsigned>(length)) : long_number(start, end);
}

inline void NumberArray::add(NumberBatch& batch, const char* start, const char* end) {
  batch.starts[batch.count] = static_cast<std::uint32_t>(scanner_.offset_of(start));
  batch.values[batch.count] = any_number(start, end);
  ++batch.count;
}

/// Whole steps while there is text, room, and nothing unusual. Stops with the cursor where
/// plain_step can go on: never inside a number.
template <typename Classify>
__attribute__((always_inline)) inline void NumberArray::tokenize(NumberBatch& batch,
                                                                 Classify classify) {
  const char* text = scanner_.cursor;
  const char* const limit = scanner_.limit;
  std::uint64_t in_number = 0;  // the last byte before `text` is a digit of a number
  std::uint64_t after_comma = expect_ == Expect::separator ? 0 : 1;
  std::uint64_t after_line_end = expect_ == Expect::separator ? 1 : 0;
  const char* start = text;
  std::size_t count = batch.count;
  const std::size_t capacity = batch.values.size();
  std::uint64_t* const values = batch.values.data();
  std::uint32_t* const offsets = batch.starts.data();
  const std::uint64_t text_offset = scanner_.offset_of(text);
  const char* const origin = text;
  while (static_cast<std::size_t>(limit - text) >= step &&
         count + most_numbers_in_a_step <= capacity) {
    const Classes64 is = classify(text);
    const std::uint64_t follows_digit = is.digits << 1 | in_number;
    const std::uint64_t follows_comma = is.commas << 1 | after_comma;
    const std::uint64_t follows_line_end = is.line_ends << 1 | after_line_end;
    const std::uint64_t faults = (follows_comma & ~is.digits) | (follows_line_end & ~is.commas) |
                                 ~(is.digits | is.commas | is.line_ends);
    if (faults != 0) break;
    std::uint64_t starts = is.digits & ~follows_digit;
    std::uint64_t ends = ~is.digits & follows_digit;
    if (in_number == 0) {
      start = text + std::countr_zero(starts);
      starts &= starts - 1;
    }
    while (ends != 0) {
      const char* const end = text + std::countr_zero(ends);
      ends &= ends - 1;
      offsets[count] =
          static_cast<std::uint32_t>(text_offset + static_cast<std::uint64_t>(start - origin));
      values[count] = any_number(start, end);
      ++count;
      start = text + (starts != 0 ? std::countr_zero(starts) : 0);
      starts &= starts - 1;
    }
    in_number = is.digits >> 63;
    after_comma = is.commas >> 63;
    after_line_end = is.line_ends >> 63;
    text += step;
  }
  batch.count = count;
  scanner_.cursor = in_number != 0 ? start : text;
  // Before any step nothing has changed; a number cut by the end of a step is still expected.
  if (text != origin) {
    expect_ = (in_number | after_comma) != 0 ? Expect::value : Expect::separator;
  }
}

#if defined(HEAPLAB_VECTOR_DIGITS)
/// Numbers by twos: "1234,56" is moved into place by a table for the two lengths.
HEAPLAB_AVX2 void NumberArray::take_pairs(NumberBatch& batch) {
  if (!at_value()) return;
  const char* const text = scanner_.cursor;
  const std::uint64_t offset = scanner_.offset();
  const std::size_t found =
      digits::find_ends(text, scanner_.limit, ends_.data(), std::min(batch.room(), most_ends));
  // The last must be known to be followed by a comma: another number ends behind it.
  const std::size_t count = std::min(found < 2 ? 0 : found - 1, batch.room()) / 2 * 2;
  std::uint64_t* const values = batch.values.data() + batch.count;
  std::uint32_t* const starts = batch.starts.data() + batch.count;
  std::uint32_t start = 0;
  for (std::size_t i = 0; i < count; i += 2) {
    const std::uint32_t second_start = ends_[i] + 1 + (text[ends_[i]] == '\n' ? 1 : 0);
    const std::size_t first = ends_[i] - start;
    const std::size_t second = ends_[i + 1] - second_start;
    starts[i] = static_cast<std::uint32_t>(offset) + start;
    starts[i + 1] = static_cast<std::uint32_t>(offset) + second_start;
    if (first <= digits::most_first && second <= 8 && first + second <= digits::most_both &&
        second_start == ends_[i] + 1) {
      const std::uint64_t both = digits::two_numbers(text + start, first, second);
      values[i] = both & UINT32_MAX;
      values[i + 1] = both >> 32;
    } else {
      values[i] = any_number(text + start, text + ends_[i]);
      values[i + 1] = any_number(text + second_start, text + ends_[i + 1]);
    }
    start = ends_[i + 1] + 1 + (text[ends_[i + 1]] == '\n' ? 1 : 0);
  }
  if (count == 0) return;
  batch.count += count;
  scanner_.cursor = text + start;
  resume_at_value();
}

void NumberArray::take_sixteens(NumberBatch& batch) {
  if (!at_value()) return;
  const std::size_t most = std::min(batch.room(), most_ends);
  const std::size_t found =
      digits::take_numbers(scanner_.cursor, scanner_.limit, values_.data(), ends_.data(), most);
  const std::size_t count = std::min(found, most);
  const auto offset = static_cast<std::uint32_t>(scanner_.offset());
  std::uint64_t* const values = batch.values.data() + batch.count;
  std::uint32_t* const starts = batch.starts.data() + batch.count;
  for (std::size_t i = 0; i < count; ++i) values[i] = values_[i];
  for (std::size_t i = 0; i < count; ++i) starts[i] = offset + ends_[i];
  if (count == 0) return;
  batch.count += count;
  scanner_.cursor += ends_[count];
  resume_at_value();
}
#endif

/// One token at a time, up to `stop` or the end of the array. False if a token needs more text than
/// there is.
bool NumberArray::plain_step(NumberBatch& batch, const char* stop) {
  const char*& cursor = scanner_.cursor;
  while (cursor < stop && batch.room() > 0) {
    const char c = *cursor;
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      ++cursor;
    } else if (c >= '0' && c <= '9' && expect_ != Expect::separator) {
      const char* end = cursor;
      while (end < scanner_.limit && *end >= '0' && *end <= '9') ++end;
      if (end == scanner_.limit) return false;
      add(batch, cursor, end);
      cursor = end;
      expect_ = Expect::separator;
    } else if (c == ',' && expect_ == Expect::separator) {
      ++cursor;
      expect_ = Expect::value;
    } else if (c == ']' && expect_ != Expect::value) {
      ++cursor;
      ended_ = true;
      return true;
    } else {
      scanner_.fail(
          fmt::format("{} must be non-negative whole numbers with commas between, found "
                      "'{}'",
                      what_, printable(std::string_view(&c, 1))));
    }
  }
  return true;
}

bool NumberArray::append(NumberBatch& batch) {
  if (batch.count == 0) batch.base = scanner_.offset();
  const std::size_t before_all = batch.count;
  while (!ended_ && batch.room() >= most_numbers_in_a_step) {
#if defined(HEAPLAB_VECTOR_DIGITS)
    if (digits::level() != digits::Level::none) {
      const std::size_t before_step = batch.count;
      if (digits::level() == digits::Level::wide) {
        take_sixteens(batch);
      } else {
        take_pairs(batch);
      }
      if (batch.count > before_step) continue;
    } else {
      tokenize(batch, ClassifyAnywhere{});
    }
#else
    tokenize(batch, ClassifyAnywhere{});
#endif
    if (batch.room() < most_numbers_in_a_step) break;
    // Something unusual, or the end of the window.
    const char* const before = scanner_.cursor;
    const auto left = static_cast<std::size_t>(scanner_.limit - before);
    const bool enough = plain_step(batch, before + std::min(left, step));
    if (ended_) break;
    if (!enough || static_cast<std::size_t>(scanner_.limit - scanner_.cursor) < step) {
      get_more_text(enough);
    }
  }
  return batch.count > before_all || !ended_;
}

/// `enough`: what is there could be read.
void NumberArray::get_more_text(bool enough) {
  const auto digits = static_cast<std::size_t>(scanner_.limit - scanner_.cursor);
  if (!enough && digits > 1024) scanner_.fail(fmt::format("a number in {} is too large", what_));
  if (!scanner_.refill(scanner_.cursor) && (!enough || scanner_.cursor == scanner_.limit)) {
    scanner_.fail_at(scanner_.offset_of(scanner_.limit),
                     fmt::format("the file ends inside {}", what_));
  }
}

bool NumberArray::append_slowly(NumberBatch& batch) {
  if (batch.count == 0) batch.base = scanner_.offset();
  while (!ended_ && batch.room() > 0) {
    const bool enough = plain_step(batch, scanner_.limit);
    if (!ended_ && batch.room() > 0) get_more_text(enough);
  }
  return !ended_;
}

bool NumberArray::at_value() {
  if (ended_) return false;
  const char* next = scanner_.cursor;
  if (expect_ == Expect::separator) {
    if (next < scanner_.limit && *next == '\n') ++next;
    if (next >= scanner_.limit || *next != ',') return false;
    ++next;
  }
  if (next >= scanner_.limit || *next < '0' || *next > '9') return false;
  if (expect_ == Expect::separator) resume_at_value();
  scanner_.cursor = next;
  return true;
}

}  // namespace heaplab::inspector
