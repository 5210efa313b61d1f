// SPDX-License-Identifier: MIT
#include "heaplab/heap/heap_memory.h"

#include <algorithm>

namespace heaplab {
void HeapMemory::reserve(std::size_t copy_blocks, std::size_t other_blocks) {
  reservation_.reserve_in_cage((copy_blocks + other_blocks) * block_bytes);
  marks_.reserve(base(), bytes());
  kinds_.assign(copy_blocks + other_blocks, BlockKind::free);
  copy_blocks_ = copy_blocks;
  free_count_ = other_blocks;
  first_maybe_free_ = copy_blocks;
}

std::size_t HeapMemory::take_blocks(std::size_t count, BlockKind head, BlockKind tail) {
  std::size_t run = 0;
  bool seen_free = false;
  for (std::size_t block = first_maybe_free_; block < kinds_.size(); ++block) {
    if (kinds_[block] != BlockKind::free) {
      run = 0;
      continue;
    }
    if (!seen_free) {
      seen_free = true;
      first_maybe_free_ = block;
    }
    if (++run < count) continue;
    const std::size_t first = block + 1 - count;
    free_count_ -= count;
    has_blocks(kinds_.size() - copy_blocks_ - free_count_);
    kinds_[first] = head;
    std::fill(kinds_.begin() + static_cast<std::ptrdiff_t>(first + 1),
              kinds_.begin() + static_cast<std::ptrdiff_t>(first + count), tail);
    return first;
  }
  return no_block;
}

void HeapMemory::has_blocks(std::size_t count) {
  if (count <= large_page_blocks || large_pages_) return;
  large_pages_ = true;
  Reservation::prefer_large_pages(block_start(0), bytes());
}

void HeapMemory::free_blocks(std::size_t first, std::size_t count, std::size_t touched_bytes) {
  Reservation::release(block_start(first), touched_bytes);
  free_count_ += count;
  std::fill_n(kinds_.begin() + static_cast<std::ptrdiff_t>(first), count, BlockKind::free);
  first_maybe_free_ = std::min(first_maybe_free_, first);
}

}  // namespace heaplab
