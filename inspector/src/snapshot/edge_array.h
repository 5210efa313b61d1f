// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "snapshot/numbers.h"

namespace heaplab::inspector {

/// Edges as they are in the file, `type,name_or_index,to_node`: 32-bit numbers if they were written
/// as V8 writes them.
struct EdgeBatch {
  static constexpr std::size_t most_unusual = 16;

  explicit EdgeBatch(std::size_t most);

  /// Edges; their numbers, three each, and where these start.
  std::size_t count = 0;
  std::uint64_t base = 0;  ///< offset in the file; `starts` count from here
  std::vector<std::uint32_t> values, starts;

  /// Used if `count` is 0.
  NumberBatch numbers{3 * most_unusual};

  std::uint64_t offset(std::size_t number) const { return base + starts[number]; }
};

/// Reads an array of edges, on processors that can (`digits::level()`): all numbers alike with
/// AVX-512, as wide_digits.h has it. With AVX2, 64 bytes at a time are sorted into digits and what
/// separates them, as NumberArray does, and where numbers end is noted. Then each edge is taken at
/// once: its two longer numbers are moved to the halves of a vector by a table for their lengths,
/// and become numbers in four instructions.
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
  std::size_t take_narrow(EdgeBatch& batch);
  std::size_t take_wide(EdgeBatch& batch);

  Scanner& scanner_;
  NumberArray array_;
  std::size_t most_;
  std::size_t left_over_ = 0;
  std::vector<std::uint32_t> ends_;
};

}  // namespace heaplab::inspector
