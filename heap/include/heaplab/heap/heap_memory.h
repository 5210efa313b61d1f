// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/heap/block.h"
#include "heaplab/heap/reservation.h"
#include "heaplab/heap/side_bitmap.h"

namespace heaplab {

enum class BlockKind : std::uint8_t { free, copy, old, large_head, large_tail };

/// The address range of one heap, handed out in blocks, and its mark bits.
///
///   [ copy blocks (young range) | blocks for old space and large objects … ]
///
/// Invariant: kind(b) is free exactly for blocks no space owns; a released block's memory is with
/// the system and reads as zero.
class HeapMemory {
 public:
  /// The first `copy_blocks` blocks belong to a copying space; the rest is handed out by
  /// take_blocks. Throws std::system_error.
  void reserve(std::size_t copy_blocks, std::size_t other_blocks);

  std::uintptr_t base() const { return reservation_.base(); }
  std::size_t bytes() const { return reservation_.bytes(); }
  std::size_t block_count() const { return kinds_.size(); }
  std::size_t copy_block_count() const { return copy_blocks_; }

  std::byte* block_start(std::size_t block) const {
    return reinterpret_cast<std::byte*>(base() + block * block_bytes);
  }
  std::size_t block_of(const void* address) const {
    return (address_of(address) - base()) >> block_shift;
  }
  bool in_range(const void* address) const { return address_of(address) - base() < bytes(); }
  BlockKind kind(std::size_t block) const { return kinds_[block]; }
  void set_kind(std::size_t block, BlockKind kind) { kinds_[block] = kind; }

  /// A space with more blocks than this makes the heap a big one, which gets large pages from then
  /// on: its objects are found at random, and address translation then misses its cache less often.
  /// A small heap is better off without. A large page has to be zeroed in one go, often inside a
  /// collection, and where virtual machines give unused memory back to their host that takes
  /// milliseconds.
  static constexpr std::size_t large_page_blocks = (std::size_t{48} << 20) / block_bytes;
  /// Tells that a space has come to have `count` blocks.
  void has_blocks(std::size_t count);

  static constexpr std::size_t no_block = ~std::size_t{0};
  /// `count` adjacent blocks, first fit; no_block if the range is exhausted.
  std::size_t take_blocks(std::size_t count, BlockKind head, BlockKind tail);
  /// Gives blocks back and their memory to the system.
  void free_blocks(std::size_t first, std::size_t count, std::size_t touched_bytes);

  /// Blocks that take_blocks could still hand out, in whatever pieces.
  std::size_t free_block_count() const { return free_count_; }

  SideBitmap& marks() { return marks_; }
  const SideBitmap& marks() const { return marks_; }

 private:
  Reservation reservation_;
  SideBitmap marks_;
  std::vector<BlockKind> kinds_;
  std::size_t copy_blocks_ = 0;
  std::size_t free_count_ = 0;        ///< of the blocks that are not for copying
  std::size_t first_maybe_free_ = 0;  ///< no free block lies before it
  bool large_pages_ = false;          ///< the system was asked for them
};

}  // namespace heaplab
