// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snapshot/numbers.h"

namespace heaplab::inspector {

/// Edges as they are in the file, `type,name_or_index,to_node`: in columns if they were written as
/// V8 writes them, else as numbers.
struct EdgeBatch {
  static constexpr std::size_t most_unusual = 16;

  explicit EdgeBatch(std::size_t most)
      : types(most), labels(most), targets(most), starts(most), lengths(most) {}

  /// In columns. The type has one digit.
  std::size_t count = 0;
  std::uint64_t base = 0;  ///< offset in the file; `starts` count from here
  std::vector<std::uint8_t> types;
  std::vector<std::uint32_t> labels, targets;
  std::vector<std::uint32_t> starts;
  std::vector<std::uint8_t> lengths;  ///< digits of the label

  /// Used if `count` is 0.
  NumberBatch numbers{3 * most_unusual};

  std::uint64_t type_offset(std::size_t i) const { return base + starts[i]; }
  std::uint64_t label_offset(std::size_t i) const { return type_offset(i) + 2; }
  std::uint64_t target_offset(std::size_t i) const { return label_offset(i) + lengths[i] + 1U; }
};

/// Reads an array of edges, on processors that can (`digits::available()`).
///
/// As NumberArray does, 64 bytes at a time are sorted into digits and what separates them, and
/// where numbers end is noted. Then each edge is taken at once: its two longer numbers are moved to
/// the halves of a vector by a table for their lengths, and become numbers in four instructions.
class EdgeArray {
 public:
  /// At most `most` edges in a batch.
  EdgeArray(Scanner& scanner, std::size_t most)
      : scanner_(scanner), array_(scanner, "edges"), most_(most), ends_(3 * most + 64) {}
  /// Some edges; false if there are no more.
  bool fill(EdgeBatch& batch);
  /// After the last: numbers that make no whole edge.
  std::size_t left_over() const { return left_over_; }

 private:
  void take_usual(EdgeBatch& batch);

  Scanner& scanner_;
  NumberArray array_;
  std::size_t most_;
  std::size_t left_over_ = 0;
  std::vector<std::uint32_t> ends_;
};

}  // namespace heaplab::inspector
