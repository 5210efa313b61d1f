// SPDX-License-Identifier: MIT
#include "heaplab/heap/copy_space.h"

#include <cstring>

namespace heaplab {
namespace {

// As a header it reads as "forwarded", as a reference it points outside every heap.
constexpr int poison_byte = 0xfa;

}  // namespace

CopySpace::CopySpace(HeapMemory& memory) : memory_(memory), blocks_(memory.copy_block_count()) {
  // Lowest blocks are taken first.
  for (std::size_t block = blocks_.size(); block-- > 0;) {
    pool_.push_back(static_cast<std::uint32_t>(block));
  }
}

CopySpace::Region CopySpace::take_block() {
  if (pool_.empty()) return {};
  const std::uint32_t number = pool_.back();
  pool_.pop_back();
  current_.push_back(number);
  memory_.set_kind(number, BlockKind::copy);
  std::byte* start = memory_.block_start(number);
  Block& block = blocks_[number];
  if (!block.touched) {
    memory_.has_blocks(++touched_count_);
    Reservation::populate(start, block_bytes);
  }
  block = {.top = start, .age_mark = start, .is_from = false, .touched = true};
  return {start, start + block_bytes};
}

CopySpace::Region CopySpace::last_region() const {
  if (current_.empty()) return {};
  std::byte* start = memory_.block_start(current_.back());
  return {blocks_[current_.back()].top, start + block_bytes};
}

void CopySpace::flip() {
  from_.swap(current_);
  current_.clear();
  for (const std::uint32_t block : from_) blocks_[block].is_from = true;
}

void CopySpace::release_from(bool poison) {
  // Pushed in reverse, so that the block filled first is also refilled first.
  for (std::size_t i = from_.size(); i-- > 0;) {
    const std::uint32_t block = from_[i];
    if (poison) std::memset(memory_.block_start(block), poison_byte, block_bytes);
    blocks_[block].is_from = false;
    memory_.set_kind(block, BlockKind::free);
    pool_.push_back(block);
  }
  from_.clear();
}

void CopySpace::set_age_marks() {
  for (const std::uint32_t block : current_) blocks_[block].age_mark = blocks_[block].top;
}

std::size_t CopySpace::used_bytes(const std::byte* top) const {
  std::size_t bytes = 0;
  for (const std::uint32_t block : current_) {
    const std::byte* end = block == current_.back() && top ? top : blocks_[block].top;
    bytes += static_cast<std::size_t>(end - memory_.block_start(block));
  }
  return bytes;
}

void CopySpace::trim(std::size_t blocks) {
  // The front of the pool was used longest ago.
  for (std::size_t i = 0; i < pool_.size() && touched_count_ > blocks; ++i) {
    Block& block = blocks_[pool_[i]];
    if (!block.touched) continue;
    Reservation::release(memory_.block_start(pool_[i]), block_bytes);
    block.touched = false;
    --touched_count_;
  }
}

}  // namespace heaplab
