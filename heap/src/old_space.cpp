// SPDX-License-Identifier: MIT
#include "heaplab/heap/old_space.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace heaplab {
namespace {

constexpr std::size_t bits_per_block = block_bytes / granule_bytes;
constexpr int poison_byte = 0xfa;
constexpr std::uint32_t taken = ~std::uint32_t{0};  // an entry of holed_ that is no more to be had

struct BitRun {
  std::size_t start;
  std::size_t end;
};

// The first run of zero bits at or after `from`; start == bits_per_block if there is none.
BitRun next_zero_run(const std::uint64_t* words, std::size_t from) {
  std::size_t index = from >> 6;
  std::uint64_t zeros = ~words[index] & (~std::uint64_t{0} << (from & 63));
  while (zeros == 0) {
    if (++index == SideBitmap::words_per_block) return {bits_per_block, bits_per_block};
    zeros = ~words[index];
  }
  const std::size_t start = index * 64 + static_cast<unsigned>(__builtin_ctzll(zeros));
  std::uint64_t ones = words[index] & (~std::uint64_t{0} << (start & 63));
  while (ones == 0) {
    if (++index == SideBitmap::words_per_block) return {start, bits_per_block};
    ones = words[index];
  }
  return {start, index * 64 + static_cast<unsigned>(__builtin_ctzll(ones))};
}

}  // namespace

OldSpace::OldSpace(HeapMemory& memory) : memory_(memory), blocks_(memory.block_count()) {}

OldSpace::Hole OldSpace::fresh_block() {
  std::size_t block = 0;
  if (!spare_.empty()) {
    block = spare_.back();
    spare_.pop_back();
  } else {
    block = memory_.take_blocks(1, BlockKind::old, BlockKind::old);
    if (block == HeapMemory::no_block) return {};
    Reservation::populate(memory_.block_start(block), block_bytes);
  }
  list_.push_back(static_cast<std::uint32_t>(block));
  blocks_[block].live_bytes = 0;
  std::byte* start = memory_.block_start(block);
  return {start, start + block_bytes};
}

OldSpace::Hole OldSpace::hole_in_block(Cursor& cursor, std::size_t bytes) {
  while (cursor.granule < bits_per_block) {
    const BitRun run = next_zero_run(memory_.marks().block_words(cursor.block), cursor.granule);
    cursor.granule = run.end;
    if ((run.end - run.start) * granule_bytes < bytes) continue;
    std::byte* start = memory_.block_start(cursor.block);
    return {start + run.start * granule_bytes, start + run.end * granule_bytes};
  }
  return {};
}

OldSpace::Hole OldSpace::next_hole(std::size_t bytes) {
  for (;;) {
    const Hole hole = hole_in_block(cursor_, bytes);
    if (hole.start) return hole;
    while (!holed_.empty() && holed_.back() == taken) holed_.pop_back();
    if (holed_.empty()) return fresh_block();
    cursor_ = {holed_.back(), 0};
    holed_.pop_back();
  }
}

// Without this, a program of medium objects would fill one fresh block after another, each kept by
// some survivor. Only blocks at least half empty: the smaller holes of a block taken here stay
// unused until the next collection.
OldSpace::Hole OldSpace::next_medium_hole(std::size_t bytes) {
  for (;;) {
    const Hole hole = hole_in_block(medium_cursor_, bytes);
    if (hole.start) return hole;
    while (medium_next_ < holed_.size() &&
           blocks_[holed_[medium_next_]].live_bytes > block_bytes / 2) {
      ++medium_next_;
    }
    if (medium_next_ >= holed_.size()) return fresh_block();
    medium_cursor_ = {holed_[medium_next_], 0};
    holed_[medium_next_++] = taken;
  }
}

OldSpace::Region OldSpace::next_region(const Region& ended, std::size_t bytes) {
  end_region(ended);
  const Hole hole = bytes > medium_object_bytes ? next_medium_hole(bytes) : next_hole(bytes);
  return {hole.start, hole.start, hole.limit};
}

Object* OldSpace::allocate_slow(std::size_t bytes) {
  if (bytes > medium_object_bytes) return allocate_medium(bytes);
  own_ = next_region(own_, bytes);
  if (!own_.start) return nullptr;
  own_.top += bytes;
  return reinterpret_cast<Object*>(own_.start);
}

Object* OldSpace::allocate_medium(std::size_t bytes) {
  if (static_cast<std::size_t>(medium_.limit - medium_.top) < bytes) {
    medium_ = next_region(medium_, bytes);
    if (!medium_.start) return nullptr;
  }
  std::byte* start = medium_.top;
  medium_.top += bytes;
  return reinterpret_cast<Object*>(start);
}

void OldSpace::start_marking() {
  end_region(own_);
  end_region(medium_);
  own_ = medium_ = {};
  holed_.clear();
  medium_next_ = 0;
  cursor_ = medium_cursor_ = {};
  for (const std::uint32_t block : list_) {
    memory_.marks().clear_block(block);
    blocks_[block].live_bytes = 0;
  }
}

std::size_t OldSpace::finish_marking(std::size_t spare_blocks, bool poison) {
  marked_bytes_ = 0;
  allocated_bytes_ = 0;
  // Spares that the last cycle did not use are not needed.
  for (const std::uint32_t block : spare_) memory_.free_blocks(block, 1, block_bytes);
  spare_.clear();
  std::vector<std::uint32_t> kept;
  kept.reserve(list_.size());
  for (const std::uint32_t block : list_) {
    const std::uint32_t live = blocks_[block].live_bytes;
    if (live == 0) {
      if (spare_.size() < spare_blocks) {
        spare_.push_back(block);
        if (poison) poison_holes(block);
      } else {
        memory_.free_blocks(block, 1, block_bytes);
      }
      continue;
    }
    marked_bytes_ += live;
    kept.push_back(block);
    if (live < block_bytes) holed_.push_back(block);
    if (poison) poison_holes(block);
  }
  list_.swap(kept);
  // Holes are used from low addresses up: the high blocks have the better chance to become empty.
  std::sort(holed_.begin(), holed_.end(), std::greater<>());
  return marked_bytes_;
}

void OldSpace::poison_holes(std::uint32_t block) {
  const std::uint64_t* words = memory_.marks().block_words(block);
  std::byte* start = memory_.block_start(block);
  for (std::size_t bit = 0; bit < bits_per_block;) {
    const BitRun run = next_zero_run(words, bit);
    std::memset(start + run.start * granule_bytes, poison_byte,
                (run.end - run.start) * granule_bytes);
    bit = run.end;
  }
}

}  // namespace heaplab
