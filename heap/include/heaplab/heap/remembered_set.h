// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "heaplab/heap/block.h"
#include "heaplab/heap/object.h"
#include "heaplab/heap/reservation.h"

// The remembered set: which slots of old objects may refer to young ones.
//
// Exact and without duplicates: one bit per slot, in two side bitmaps over the whole reservation
// (one for 4-byte Ref slots, one for 8-byte Word slots, so that a slot's kind is known without
// looking at its object). The bitmaps are reserved address space; only pages that a barrier touched
// take memory. Two bytes per block say whether a scavenge has to look at the block's bits at all.
//
//   insert:  2 stores, no branch          scan: linear in dirty blocks, 64 slots a word
//
// Inserting is inlined into every store of a program that mutates old objects. So its addresses are
// biased, computed from the slot's own address without subtracting the base first, and a dirty byte
// is stored, not or-ed: each instruction there is one less cache miss that the processor overlaps.

namespace heaplab {

class RememberedSet {
 public:
  /// Covers [base, base + bytes); `bytes` is a multiple of block_bytes.
  void reserve(std::uintptr_t base, std::size_t bytes);

  void insert_ref(const RefBits* slot) {
    const std::uintptr_t address = address_of(slot);
    *at<std::uint64_t>(biased_ref_bits_, address >> 8) |= std::uint64_t{1} << ((address >> 2) & 63);
    at<Dirty>(biased_dirty_, address >> block_shift)->refs = 1;
  }
  void insert_word(const std::uint64_t* slot) {
    const std::uintptr_t address = address_of(slot);
    *at<std::uint64_t>(biased_word_bits_, address >> 9) |= std::uint64_t{1}
                                                           << ((address >> 3) & 63);
    at<Dirty>(biased_dirty_, address >> block_shift)->words = 1;
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
  bool is_dirty(std::size_t block) const { return dirty_[block].any(); }
  /// The first dirty block at or after `block`; block_count() if there is none.
  std::size_t next_dirty(std::size_t block) const {
    // Several at a time: the table covers all address space, and a scavenge may have nothing to do.
    constexpr std::size_t step = sizeof(std::uint64_t) / sizeof(Dirty);
    for (; block + step <= dirty_.size(); block += step) {
      std::uint64_t several;
      std::memcpy(&several, dirty_.data() + block, sizeof several);
      if (several != 0) break;
    }
    while (block < dirty_.size() && !dirty_[block].any()) ++block;
    return block;
  }
  /// Number of remembered slots (walks the dirty blocks).
  std::size_t count() const;

  /// Forgets the slots of a block and calls visit_ref(slot) / visit_word(slot) for each, which may
  /// insert it again.
  template <class VisitRef, class VisitWord>
  void take_block(std::size_t block, VisitRef&& visit_ref, VisitWord&& visit_word) {
    const Dirty dirty = std::exchange(dirty_[block], Dirty{});
    if (dirty.refs) take_bits<RefBits, 2>(ref_bits_, block, visit_ref);
    if (dirty.words) take_bits<std::uint64_t, 3>(word_bits_, block, visit_word);
  }

 private:
  /// Whether a block has remembered slots of each kind.
  struct Dirty {
    std::uint8_t refs = 0;
    std::uint8_t words = 0;
    bool any() const { return (refs | words) != 0; }
  };

  template <class T>
  static T* at(std::uintptr_t table, std::size_t index) {
    return reinterpret_cast<T*>(table + index * sizeof(T));
  }

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

  // Where each table would begin if it began with address 0.
  std::uintptr_t biased_ref_bits_ = 0;
  std::uintptr_t biased_word_bits_ = 0;
  std::uintptr_t biased_dirty_ = 0;
  std::uintptr_t base_ = 0;
  std::uint64_t* ref_bits_ = nullptr;
  std::uint64_t* word_bits_ = nullptr;
  std::vector<Dirty> dirty_;
  Reservation ref_memory_;
  Reservation word_memory_;
};

}  // namespace heaplab
