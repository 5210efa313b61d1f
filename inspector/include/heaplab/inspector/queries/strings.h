// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// Strings with the same text that are in memory more than once.
struct DuplicateStrings {
  NodeIndex example = no_node;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;   ///< of all of them
  std::uint64_t wasted = 0;  ///< all but the largest
  bool maybe = false;        ///< a file holds only the beginning of long strings
};

struct StringReport {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  std::uint64_t texts = 0;                   ///< different ones
  std::uint64_t wasted = 0;                  ///< by all duplicates
  std::vector<DuplicateStrings> duplicates;  ///< most wasteful first, at most the limit
  std::vector<NodeIndex> largest;            ///< by shallow size, at most the limit
};

/// Flat strings only: those in pieces (ropes, slices) have no text of their own.
StringReport report_strings(const View& view, std::size_t limit);

}  // namespace heaplab::inspector
