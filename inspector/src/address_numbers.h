// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>

#include "heaplab/heap/heap_memory.h"
#include "heaplab/heap/object.h"
#include "heaplab/heap/reservation.h"
#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// Numbers objects in the order of their addresses, in 1.5 bits for every 8 bytes of heap: a bit
/// where each object starts, and for each 64 bits how many come before them.
class AddressNumbers {
 public:
  explicit AddressNumbers(const HeapMemory& memory) : base_(memory.base()) {
    words_ = memory.bytes() / bytes_per_word + 1;
    memory_.reserve_anywhere(words_ * sizeof(std::uint64_t));
    bits_ = reinterpret_cast<std::uint64_t*>(memory_.base());
  }

  void add(const Object* object) {
    const std::size_t granule = granule_of(object);
    bits_[granule / 64] |= std::uint64_t{1} << (granule % 64);
    ++count_;
  }

  /// Numbers all that were added, each once, and lists them. Nothing is added afterwards.
  BigArray<RefBits> number() {
    BigArray<RefBits> objects;
    objects.reserve(count_);
    before_.resize(words_);
    for (std::size_t word = 0; word < words_; ++word) {
      std::uint64_t bits = bits_[word];
      if (bits == 0) continue;
      before_[word] = static_cast<std::uint32_t>(objects.size());
      for (; bits != 0; bits &= bits - 1) {
        const std::size_t granule = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        objects.push_back(compress(reinterpret_cast<const void*>(base_ + granule * granule_bytes)));
      }
    }
    return objects;
  }

  /// The number + 1; 0 if it was not added.
  std::uint32_t operator[](const Object* object) const {
    const std::size_t granule = granule_of(object);
    const std::uint64_t bits = bits_[granule / 64];
    const std::uint64_t bit = std::uint64_t{1} << (granule % 64);
    if ((bits & bit) == 0) return 0;
    return before_[granule / 64] + static_cast<std::uint32_t>(std::popcount(bits & (bit - 1))) + 1;
  }

 private:
  static constexpr std::size_t bytes_per_word = 64 * granule_bytes;

  std::size_t granule_of(const Object* object) const {
    return (address_of(object) - base_) / granule_bytes;
  }

  std::uintptr_t base_;
  std::size_t words_;
  std::size_t count_ = 0;
  Reservation memory_;
  std::uint64_t* bits_;
  BigArray<std::uint32_t> before_;
};

}  // namespace heaplab::inspector
