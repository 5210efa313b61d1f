// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/heap/heap_memory.h"

namespace heaplab {

/// Objects above large_object_bytes: each at the start of blocks of its own, never moved, swept by
/// giving its memory back. Its mark is the bit of its first granule.
class LargeSpace {
 public:
  explicit LargeSpace(HeapMemory& memory) : memory_(memory) {}

  /// Zeroed room for one object; null if address space is exhausted.
  Object* allocate(std::size_t bytes);
  void start_marking();
  /// Frees the unmarked; returns the bytes that stay.
  std::size_t sweep();

  std::size_t used_bytes() const { return used_bytes_; }
  std::size_t committed_bytes() const { return committed_bytes_; }
  std::size_t object_count() const { return entries_.size(); }
  /// First blocks of all objects.
  template <class Visit>
  void for_each_block(Visit&& visit) const {
    for (const Entry& entry : entries_) visit(entry.first_block);
  }

 private:
  struct Entry {
    std::size_t first_block;
    std::size_t bytes;
  };
  static std::size_t pages(std::size_t bytes) {
    return (bytes + os_page_bytes - 1) & ~(os_page_bytes - 1);
  }

  HeapMemory& memory_;
  std::vector<Entry> entries_;
  std::size_t used_bytes_ = 0;
  std::size_t committed_bytes_ = 0;
};

}  // namespace heaplab
