// SPDX-License-Identifier: MIT
#include "heaplab/heap/remembered_set.h"

#include <bit>
#include <cstring>

#include "heaplab/heap/reservation.h"

namespace heaplab {

void RememberedSet::reserve(std::uintptr_t base, std::size_t bytes) {
  base_ = base;
  ref_memory_.reserve_anywhere(bytes / sizeof(RefBits) / 8);
  word_memory_.reserve_anywhere(bytes / sizeof(Word) / 8);
  dirty_.assign(bytes / block_bytes, Dirty{});
  ref_bits_ = reinterpret_cast<std::uint64_t*>(ref_memory_.base());
  word_bits_ = reinterpret_cast<std::uint64_t*>(word_memory_.base());
  biased_ref_bits_ = address_of(ref_bits_) - (base >> 8) * sizeof(std::uint64_t);
  biased_word_bits_ = address_of(word_bits_) - (base >> 9) * sizeof(std::uint64_t);
  biased_dirty_ = address_of(dirty_.data()) - (base >> block_shift) * sizeof(Dirty);
}

void RememberedSet::clear_block(std::size_t block) {
  constexpr std::size_t ref_bytes = block_bytes / sizeof(RefBits) / 8;
  constexpr std::size_t word_bytes = block_bytes / sizeof(Word) / 8;
  if (dirty_[block].refs) {
    std::memset(reinterpret_cast<std::byte*>(ref_bits_) + block * ref_bytes, 0, ref_bytes);
  }
  if (dirty_[block].words) {
    std::memset(reinterpret_cast<std::byte*>(word_bits_) + block * word_bytes, 0, word_bytes);
  }
  dirty_[block] = {};
}

void RememberedSet::clear_all() {
  for (std::size_t block = 0; block < dirty_.size(); ++block) {
    if (dirty_[block].any()) clear_block(block);
  }
}

std::size_t RememberedSet::count() const {
  std::size_t slots = 0;
  const auto add = [&](const std::uint64_t* bits, std::size_t block, std::size_t words) {
    for (std::size_t i = 0; i < words; ++i) {
      slots += static_cast<std::size_t>(std::popcount(bits[block * words + i]));
    }
  };
  for (std::size_t block = 0; block < dirty_.size(); ++block) {
    if (dirty_[block].refs) add(ref_bits_, block, block_bytes / sizeof(RefBits) / 64);
    if (dirty_[block].words) add(word_bits_, block, block_bytes / sizeof(Word) / 64);
  }
  return slots;
}

}  // namespace heaplab
