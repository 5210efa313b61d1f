// SPDX-License-Identifier: MIT
#include "snapshot/edge_array.h"

#include <algorithm>

#include "snapshot/wide_digits.h"

namespace heaplab::inspector {

EdgeBatch::EdgeBatch(std::size_t most) : values(3 * most + 64), starts(3 * most + 64) {}

#if defined(HEAPLAB_VECTOR_DIGITS)

namespace {

/// Edges of `text`, whose numbers end at `ends`: all that are usual and followed by another number.
/// Returns where the next edge starts.
HEAPLAB_AVX2 std::size_t take_edges(const char* text, const std::uint32_t* ends, std::size_t whole,
                                    EdgeBatch& batch) {
  std::size_t start = 0;
  std::size_t count = 0;
  for (; count < whole; ++count) {
    const std::uint32_t* const end = ends + 3 * count;
    const std::size_t label = end[1] - end[0] - 1;
    const std::size_t target = end[2] - end[1] - 1;
    if (end[0] - start != 1 || label > digits::most_first || target > digits::most_second ||
        label + target > digits::most_both) {
      break;
    }
    const char* const numbers = text + start + 2;
    const std::uint64_t both = digits::two_numbers(numbers, label, target);
    std::uint64_t to = both >> 32;
    for (std::size_t high = 8; high < target; ++high) {
      constexpr std::uint64_t places[2] = {100'000'000, 1'000'000'000};
      to += static_cast<std::uint64_t>(numbers[label + target - high] - '0') * places[high - 8];
    }
    if (to > UINT32_MAX) break;
    std::uint32_t* const values = batch.values.data() + 3 * count;
    values[0] = static_cast<std::uint32_t>(text[start] - '0');
    values[1] = static_cast<std::uint32_t>(both);
    values[2] = static_cast<std::uint32_t>(to);
    std::uint32_t* const starts = batch.starts.data() + 3 * count;
    starts[0] = static_cast<std::uint32_t>(start);
    starts[1] = starts[0] + 2;
    starts[2] = starts[1] + static_cast<std::uint32_t>(label) + 1;
    start = std::size_t{end[2]} + 1 + (text[end[2]] == '\n' ? 1 : 0);
  }
  batch.count = count;
  return start;
}

}  // namespace

/// How much of the text was taken.
std::size_t EdgeArray::take_narrow(EdgeBatch& batch) {
  const char* const text = scanner_.cursor;
  const std::size_t numbers = digits::find_ends(text, scanner_.limit, ends_.data(), 3 * most_);
  // The last must be known to be followed by a comma: another number begins behind it.
  if (numbers < 4) return 0;
  const std::size_t whole = std::min((numbers - 1) / 3, most_);
  return take_edges(text, ends_.data(), whole, batch);
}

std::size_t EdgeArray::take_wide(EdgeBatch& batch) {
  const std::size_t numbers = digits::take_numbers(
      scanner_.cursor, scanner_.limit, batch.values.data(), batch.starts.data(), 3 * most_);
  batch.count = std::min(numbers / 3, most_);
  return batch.starts[3 * batch.count];
}

void EdgeArray::take_usual(EdgeBatch& batch) {
  if (!array_.at_value()) return;
  batch.base = scanner_.offset();
  const bool wide = digits::level() == digits::Level::wide;
  const std::size_t taken = wide ? take_wide(batch) : take_narrow(batch);
  if (batch.count == 0) return;
  scanner_.cursor += taken;
  array_.resume_at_value();
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
