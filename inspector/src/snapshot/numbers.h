// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snapshot/scanner.h"

namespace heaplab::inspector {

/// Numbers of an array and where in the file each is.
struct NumberBatch {
  explicit NumberBatch(std::size_t most) : values(most), starts(most) {}

  std::size_t count = 0;
  std::uint64_t base = 0;  ///< no number starts before this offset
  std::vector<std::uint64_t> values;
  std::vector<std::uint32_t> starts;

  std::size_t room() const { return values.size() - count; }
  std::uint64_t offset(std::size_t index) const {
    return base + (starts[index] - static_cast<std::uint32_t>(base));
  }
};

/// Reads a JSON array of non-negative whole numbers, a batch at a time: most of a snapshot is three
/// or four such arrays.
///
/// 64 bytes at a time are sorted into digits, commas and line ends, a bit each. Where runs of
/// digits begin and end falls out of shifts; with AVX-512 sixteen numbers are then converted at
/// once (wide_digits.h), with AVX2 two (digits.h), elsewhere each run of up to eight digits with
/// three multiplications. The checks are on the bits as well: a comma must be followed by a digit,
/// a line end by a comma. Text that is written otherwise (spaces, faults) goes through a plain
/// loop, which also finds the exact place of a fault.
class NumberArray {
 public:
  /// Consumes the opening bracket.
  NumberArray(Scanner& scanner, const char* what);
  /// Adds numbers to the batch, as many as fit; false if there are no more (the closing bracket has
  /// been consumed). A batch that is not empty must have its `base`.
  bool append(NumberBatch& batch);
  /// The same, number by number, until the batch is full: for text that is written unusually.
  bool append_slowly(NumberBatch& batch);
  /// Whether a number is next, after separators that are usual, which are consumed; whoever then
  /// takes numbers from the scanner itself says where it stopped by resume_at_value().
  bool at_value();
  /// A comma was consumed, a number is next.
  void resume_at_value() { expect_ = Expect::value; }

 private:
  void get_more_text(bool enough);
  template <typename Classify>
  void tokenize(NumberBatch& batch, Classify classify);
  void take_pairs(NumberBatch& batch);
  void take_sixteens(NumberBatch& batch);
  bool plain_step(NumberBatch& batch, const char* stop);
  void add(NumberBatch& batch, const char* start, const char* end);
  std::uint64_t any_number(const char* start, const char* end);
  std::uint64_t long_number(const char* start, const char* end);

  enum class Expect : std::uint8_t { first, value, separator };

  Scanner& scanner_;
  const char* what_;
  Expect expect_ = Expect::first;
  bool ended_ = false;
  static constexpr std::size_t most_ends = 2048;
  std::vector<std::uint32_t> ends_ = std::vector<std::uint32_t>(most_ends + 64);
  std::vector<std::uint32_t> values_ = std::vector<std::uint32_t>(most_ends + 64);
};

}  // namespace heaplab::inspector
