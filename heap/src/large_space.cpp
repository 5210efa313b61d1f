// SPDX-License-Identifier: MIT
#include "heaplab/heap/large_space.h"

namespace heaplab {

Object* LargeSpace::allocate(std::size_t bytes) {
  const std::size_t count = (bytes + block_bytes - 1) / block_bytes;
  const std::size_t first =
      memory_.take_blocks(count, BlockKind::large_head, BlockKind::large_tail);
  if (first == HeapMemory::no_block) return nullptr;
  entries_.push_back({first, bytes});
  used_bytes_ += bytes;
  committed_bytes_ += pages(bytes);
  return reinterpret_cast<Object*>(memory_.block_start(first));
}

void LargeSpace::start_marking() {
  for (const Entry& entry : entries_) {
    memory_.marks().clear(memory_.block_start(entry.first_block));
  }
}

std::size_t LargeSpace::sweep() {
  std::size_t kept = 0;
  for (const Entry& entry : entries_) {
    if (memory_.marks().test(memory_.block_start(entry.first_block))) {
      entries_[kept++] = entry;
      continue;
    }
    used_bytes_ -= entry.bytes;
    committed_bytes_ -= pages(entry.bytes);
    memory_.free_blocks(entry.first_block, (entry.bytes + block_bytes - 1) / block_bytes,
                        pages(entry.bytes));
  }
  entries_.resize(kept);
  return used_bytes_;
}

}  // namespace heaplab
