// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstring>

#include "heaplab/heap/block.h"
#include "heaplab/heap/reservation.h"

namespace heaplab {

/// One bit per granule of an address range, beside the objects: setting a bit touches one byte for
/// 64 bytes of heap and leaves the object's cache line alone. Untouched parts take no memory.
class SideBitmap {
 public:
  static constexpr std::size_t words_per_block = block_bytes / granule_bytes / 64;

  void reserve(std::uintptr_t base, std::size_t bytes) {
    memory_.reserve_anywhere(bytes / granule_bytes / 8);
    words_ = reinterpret_cast<std::uint64_t*>(memory_.base());
    base_ = base;
  }
  bool reserved() const { return words_ != nullptr; }

  bool test(const void* address) const {
    const std::size_t bit = bit_of(address);
    return (words_[bit >> 6] >> (bit & 63)) & 1;
  }
  void set(const void* address) {
    const std::size_t bit = bit_of(address);
    words_[bit >> 6] |= std::uint64_t{1} << (bit & 63);
  }
  void clear(const void* address) {
    const std::size_t bit = bit_of(address);
    words_[bit >> 6] &= ~(std::uint64_t{1} << (bit & 63));
  }
  /// Sets the bit of `address`; false if it was set.
  bool test_and_set(const void* address) {
    const std::size_t bit = bit_of(address);
    const std::uint64_t mask = std::uint64_t{1} << (bit & 63);
    if (words_[bit >> 6] & mask) return false;
    words_[bit >> 6] |= mask;
    return true;
  }
  /// Sets `count` bits from `address` on.
  void set_range(const void* address, std::size_t count) {
    const std::size_t bit = bit_of(address);
    std::uint64_t* word = words_ + (bit >> 6);
    const std::size_t shift = bit & 63;
    if (shift + count <= 64) {
      *word |= (count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1) << shift;
      return;
    }
    *word++ |= ~std::uint64_t{0} << shift;
    count -= 64 - shift;
    for (; count >= 64; count -= 64) *word++ = ~std::uint64_t{0};
    if (count != 0) *word |= (std::uint64_t{1} << count) - 1;
  }

  /// The words of the block with this number (from the range's start).
  std::uint64_t* block_words(std::size_t block) { return words_ + block * words_per_block; }
  const std::uint64_t* block_words(std::size_t block) const {
    return words_ + block * words_per_block;
  }
  void clear_block(std::size_t block) {
    std::memset(block_words(block), 0, words_per_block * sizeof(std::uint64_t));
  }
  void clear_all() { Reservation::release(words_, memory_.bytes()); }
  void prefetch(const void* address) const { __builtin_prefetch(words_ + (bit_of(address) >> 6)); }

 private:
  std::size_t bit_of(const void* address) const { return (address_of(address) - base_) >> 3; }

  std::uint64_t* words_ = nullptr;
  std::uintptr_t base_ = 0;
  Reservation memory_;
};

}  // namespace heaplab
