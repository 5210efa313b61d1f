// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/heap/heap_memory.h"

namespace heaplab {

/// A mark-sweep space, allocated by bumping through holes.
///
/// A marker sets the mark bits of *all* granules of a live object, not only the first. A hole is
/// then a run of zero bits: finding one reads the bitmap and never touches a dead object or a free
/// list in the heap (after the "nofl" space of Whippet; lines of Immix, Blackburn & McKinley 2008,
/// at the granularity of a granule). Sweeping is lazy: it happens as holes are looked for. Objects
/// allocated since the last marking have no bits; they lie behind the cursor, where nobody looks
/// for holes.
///
///   block states:  full    no holes left (or cursor passed it); next marking decides anew
///                  holed   marked, not yet visited by the cursor
///                  (a block in which nothing was marked is given back at once)
///
/// Invariant: used_bytes() = marked bytes at the last marking + bytes allocated since.
class OldSpace {
 public:
  /// Objects above this do not make the allocator skip small holes: allocate() has a region of its
  /// own for them, in blocks that are at least half empty or fresh.
  static constexpr std::size_t medium_object_bytes = 4 * 1024;

  explicit OldSpace(HeapMemory& memory);

  struct Region {
    std::byte* start = nullptr;  ///< where the region began
    std::byte* top = nullptr;
    std::byte* limit = nullptr;
  };

  /// A region with room for `bytes` (at most large_object_bytes): the next hole, or a fresh block.
  /// Ends the one passed in. An empty region if address space is exhausted.
  Region next_region(const Region& ended, std::size_t bytes);
  /// Counts what was allocated in a region that will not be used again.
  void end_region(const Region& region) {
    allocated_bytes_ += static_cast<std::size_t>(region.top - region.start);
  }

  /// Bump allocation in the space's own region, for collectors that promote into it and for
  /// pretenuring; null if address space is exhausted.
  Object* allocate(std::size_t bytes) {
    std::byte* start = own_.top;
    if (static_cast<std::size_t>(own_.limit - start) < bytes) [[unlikely]] {
      return allocate_slow(bytes);
    }
    own_.top = start + bytes;
    return reinterpret_cast<Object*>(start);
  }

  /// \name Marking
  /// @{
  /// Clears all mark bits of the space; ends its own region. Regions of others must have ended.
  void start_marking();
  /// Counts a newly marked object of `bytes` bytes.
  void count_marked(const Object* object, std::size_t bytes) {
    blocks_[memory_.block_of(object)].live_bytes += static_cast<std::uint32_t>(bytes);
  }
  /// After marking: gives empty blocks back, except for at most `spare_blocks` of them that are
  /// about to be needed again, and lets allocation start over at the first hole. With `poison`,
  /// sweeps everything now and fills the holes with a pattern. Returns the live bytes.
  std::size_t finish_marking(std::size_t spare_blocks, bool poison);
  /// @}

  std::size_t used_bytes() const {
    return marked_bytes_ + allocated_bytes_ + static_cast<std::size_t>(own_.top - own_.start) +
           static_cast<std::size_t>(medium_.top - medium_.start);
  }
  std::size_t committed_bytes() const { return (list_.size() + spare_.size()) * block_bytes; }
  std::size_t block_count() const { return list_.size(); }
  const std::vector<std::uint32_t>& blocks() const { return list_; }

 private:
  struct Block {
    std::uint32_t live_bytes = 0;
  };
  struct Hole {
    std::byte* start = nullptr;
    std::byte* limit = nullptr;
  };

  /// Where the search for holes has come to; past the last granule: no block.
  struct Cursor {
    std::uint32_t block = 0;
    std::size_t granule = ~std::size_t{0};
  };

  Object* allocate_slow(std::size_t bytes);
  Object* allocate_medium(std::size_t bytes);
  Hole next_hole(std::size_t bytes);
  Hole next_medium_hole(std::size_t bytes);
  Hole hole_in_block(Cursor& cursor, std::size_t bytes);
  Hole fresh_block();
  void poison_holes(std::uint32_t block);

  HeapMemory& memory_;
  std::vector<Block> blocks_;         ///< by block number of the heap's memory
  std::vector<std::uint32_t> list_;   ///< the space's blocks
  std::vector<std::uint32_t> holed_;  ///< waiting to be swept, next at the back; or taken
  std::vector<std::uint32_t> spare_;  ///< empty, with memory: the next fresh ones
  std::size_t medium_next_ = 0;       ///< medium objects look through holed_ from the front
  Cursor cursor_;
  Cursor medium_cursor_;
  Region own_;
  Region medium_;
  std::size_t marked_bytes_ = 0;
  std::size_t allocated_bytes_ = 0;
};

}  // namespace heaplab
