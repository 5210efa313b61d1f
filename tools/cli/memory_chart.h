// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "heaplab/support/terminal.h"

namespace heaplab::cli {

/// One line of a --memory file. Bytes.
struct MemoryPoint {
  double time_ms = 0;
  std::string event;  ///< "interval", "before-gc", "after-gc", "exit"
  std::string kind;   ///< of a collection: "minor", "major"
  double rss = 0, heap_total = 0, heap_used = 0, external = 0;
};

/// heapUsed over time as an area, with the collections marked below it, and a summary.
std::string memory_chart(const std::vector<MemoryPoint>& points, const Painter& paint,
                         std::size_t columns);

}  // namespace heaplab::cli
