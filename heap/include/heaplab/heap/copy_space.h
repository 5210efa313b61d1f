// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/heap/heap_memory.h"

namespace heaplab {

/// A copying space: a pool of blocks of which some are in use.
///
/// Two semispaces would need twice their size in memory whatever survives. Here the blocks emptied
/// by a collection go back to the pool and are the next ones the mutator gets, so that the space
/// takes its capacity plus what survived, and the memory in use stays the memory in the cache.
///
///   block states:   pool --take--> current --flip--> from --release_from--> pool
///   survivors:      objects below their block's age mark have survived one collection
///
/// Invariants: every object of the space lies in a current block, except during a collection;
/// current blocks are filled in order, the last one partly.
class CopySpace {
 public:
  /// Manages the first `memory.copy_block_count()` blocks.
  explicit CopySpace(HeapMemory& memory);

  struct Region {
    std::byte* top = nullptr;
    std::byte* limit = nullptr;
  };

  /// A fresh block to allocate in; an empty region if the pool is exhausted. The block before must
  /// have been ended with set_top.
  Region take_block();
  /// Says how far the newest block is filled.
  void set_top(std::byte* top) {
    if (!current_.empty()) blocks_[current_.back()].top = top;
  }
  /// The rest of the newest block.
  Region last_region() const;

  std::size_t current_count() const { return current_.size(); }
  std::size_t pool_count() const { return pool_.size(); }
  /// Block numbers in the order they were filled.
  const std::vector<std::uint32_t>& current() const { return current_; }
  const std::vector<std::uint32_t>& from() const { return from_; }
  std::byte* block_top(std::uint32_t block) const { return blocks_[block].top; }
  std::byte* block_start(std::uint32_t block) const { return memory_.block_start(block); }

  /// Starts a collection: the current blocks become the from-space.
  void flip();
  /// Ends it: from-space blocks return to the pool; if `poison`, filled with a pattern first.
  void release_from(bool poison);
  /// What is in the space now has survived a collection.
  void set_age_marks();

  /// True if the object has survived a collection (asked before or during the next one).
  bool has_survived(const Object* object) const {
    const std::byte* start = object->bytes();
    return start < blocks_[memory_.block_of(start)].age_mark;
  }
  bool is_in_from(const Object* object) const { return blocks_[memory_.block_of(object)].is_from; }

  /// Bytes in objects, `top` being where the newest block is filled to.
  std::size_t used_bytes(const std::byte* top) const;
  /// Memory of blocks in use or kept for use.
  std::size_t committed_bytes() const { return touched_count_ * block_bytes; }
  /// Keeps at most `blocks` blocks of memory, as far as they are not in use.
  void trim(std::size_t blocks);

 private:
  struct Block {
    std::byte* top = nullptr;       ///< end of its objects
    std::byte* age_mark = nullptr;  ///< objects before it have survived
    bool is_from = false;
    bool touched = false;  ///< has memory
  };

  HeapMemory& memory_;
  std::vector<Block> blocks_;
  std::vector<std::uint32_t> pool_;  ///< taken from the back; touched blocks lie at the back
  std::vector<std::uint32_t> current_;
  std::vector<std::uint32_t> from_;
  std::size_t touched_count_ = 0;
};

}  // namespace heaplab
