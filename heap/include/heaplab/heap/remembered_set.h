// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "heaplab/heap/block.h"
#include "heaplab/heap/object.h"
#include "heaplab/heap/reservation.h"

// The remembered set: which slots of old objects may refer to young ones.
//
// Exact and without duplicates: one bit per slot, in two side bitmaps over the whole reservation
// (one for 4-byte Ref slots, one for 8-byte Word slots, so that a slot's kind is known without
// looking at its object). The bitmaps are reserved address space; only pages that a barrier touched
// take memory. A byte per block says whether a scavenge has to look at the block's bits at all.
//
//   insert:  2 stores, no branch          scan: linear in dirty blocks, 32 or 64 slots a word

namespace heaplab {

class RememberedSet {
 public:
  static constexpr std::uint8_t dirty_refs = 1;
  static constexpr std::uint8_t dirty_words = 2;

  /// Covers [base, base + bytes); `bytes` is a multiple of block_bytes.
  void reserve(std::uintptr_t base, std::size_t bytes);

  void insert_ref(const RefBits* slot) {
    const std::size_t bit = (address_of(slot) - base_) >> 2;
    ref_bits_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
    dirty_[bit >> (block_shift - 2)] |= dirty_refs;
  }
  void insert_word(const std::uint64_t* slot) {
    const std::size_t bit = (address_of(slot) - base_) >> 3;
    word_bits_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
    dirty_[bit >> (block_shift - 3)] |= dirty_words;
  }
  bool contains_ref(const RefBits* slot) const {
    const std::size_t bit = (address_of(slot) - base_) >> 2;
    return (ref_bits_[bit >> 6] >> (bit & 63)) & 1;
  }
  bool contains_word(const std::uint64_t* slot) const {
    const std::size_t bit = (address_of(slot) - base_) >> 3;
    return (word_bits_[bit >> 6] >> (bit & 63)) & 1;
  }
  void erase_ref(const RefBits* slot) {
    const std::size_t bit = (address_of(slot) - base_) >> 2;
    ref_bits_[bit >> 6] &= ~(std::uint64_t{1} << (bit & 63));
  }
  /// Forgets everything in a block.
  void clear_block(std::size_t block);
  void clear_all();

  std::size_t block_count() const { return dirty_.size(); }
  bool is_dirty(std::size_t block) const { return dirty_[block] != 0; }
  /// Number of remembered slots (walks the dirty blocks).
  std::size_t count() const;

  /// Forgets the slots of a block and calls visit_ref(slot) / visit_word(slot) for each, which may
  /// insert it again.
  template <class VisitRef, class VisitWord>
  void take_block(std::size_t block, VisitRef&& visit_ref, VisitWord&& visit_word) {
    const std::uint8_t dirty = dirty_[block];
    dirty_[block] = 0;
    if (dirty & dirty_refs) take_bits<RefBits, 2>(ref_bits_, block, visit_ref);
    if (dirty & dirty_words) take_bits<std::uint64_t, 3>(word_bits_, block, visit_word);
  }

 private:
  template <class Slot, unsigned shift, class Visit>
  void take_bits(std::uint64_t* bits, std::size_t block, Visit& visit) {
    constexpr std::size_t words_per_block = block_bytes >> (shift + 6);
    std::uint64_t* word = bits + block * words_per_block;
    auto* slots = reinterpret_cast<Slot*>(base_ + block * block_bytes);
    for (std::size_t i = 0; i < words_per_block; ++i, slots += 64) {
      std::uint64_t pending = word[i];
      if (pending == 0) continue;
      word[i] = 0;
      for (; pending != 0; pending &= pending - 1) visit(slots + __builtin_ctzll(pending));
    }
  }

  std::uintptr_t base_ = 0;
  std::uint64_t* ref_bits_ = nullptr;
  std::uint64_t* word_bits_ = nullptr;
  std::vector<std::uint8_t> dirty_;
  Reservation ref_memory_;
  Reservation word_memory_;
};

}  // namespace heaplab
