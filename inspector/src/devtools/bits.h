// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// A bit for each of many things. Ten million nodes are 1.2 MB: "was it seen?" is answered from the
/// cache, where an array of numbers would miss.
class Bits {
 public:
  explicit Bits(std::size_t count) : words_(count / 64 + 1) {}
  bool operator[](std::size_t index) const { return (words_[index / 64] >> (index % 64) & 1) != 0; }
  void set(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << (index % 64); }
  void clear(std::size_t index) { words_[index / 64] &= ~(std::uint64_t{1} << (index % 64)); }
  /// Sets the bit; true if it was not set.
  bool add(std::size_t index) {
    std::uint64_t& word = words_[index / 64];
    const std::uint64_t bit = std::uint64_t{1} << (index % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    return true;
  }
  BigArray<std::uint64_t> take() { return std::move(words_); }

 private:
  BigArray<std::uint64_t> words_;
};

}  // namespace heaplab::inspector
