// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <vector>

#include "heaplab/heap/block.h"

namespace heaplab::test {

/// Bytes of [start, start + bytes) that the system has memory for, by its own account (mincore).
inline std::size_t resident_bytes(const void* start, std::size_t bytes) {
  const std::size_t pages = (bytes + os_page_bytes - 1) / os_page_bytes;
  std::vector<unsigned char> states(pages);
  if (mincore(const_cast<void*>(start), bytes, states.data()) != 0) return ~std::size_t{0};
  std::size_t resident = 0;
  for (const unsigned char state : states) resident += state & 1 ? os_page_bytes : 0;
  return resident;
}

}  // namespace heaplab::test
