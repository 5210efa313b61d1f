// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace heaplab::trace {

/// What is at each address now: a hash table with linear probing, whose entries move up when one is
/// taken out, so that nothing is left behind by a billion allocations. `Value` 0 is "nothing".
template <class Value>
class PointerMap {
 public:
  PointerMap() : slots_(std::size_t{1} << 12) {}

  std::size_t size() const { return count_; }

  /// Returns what was at that address before, or 0.
  Value put(std::uint64_t pointer, Value value) {
    if (2 * count_ >= slots_.size()) grow();
    std::size_t slot = slot_of(pointer);
    while (slots_[slot].value != 0) {
      if (slots_[slot].pointer == pointer) return std::exchange(slots_[slot].value, value);
      slot = next(slot);
    }
    slots_[slot] = {pointer, value};
    ++count_;
    return 0;
  }

  /// Takes out what is at that address; 0 if there is nothing.
  Value take(std::uint64_t pointer) {
    std::size_t slot = slot_of(pointer);
    while (slots_[slot].value != 0) {
      if (slots_[slot].pointer == pointer) {
        const Value value = slots_[slot].value;
        close_gap(slot);
        --count_;
        return value;
      }
      slot = next(slot);
    }
    return 0;
  }

 private:
  struct Slot {
    std::uint64_t pointer = 0;
    Value value = 0;
  };

  /// Neighbours in memory are neighbours in the table: programs use what they have just allocated.
  std::size_t slot_of(std::uint64_t pointer) const {
    const std::uint64_t unit = pointer >> 4;
    const std::uint64_t page = unit >> 8;
    return static_cast<std::size_t>(unit + page * 0x9e3779b97f4a7c15ULL) & (slots_.size() - 1);
  }
  std::size_t next(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }

  void close_gap(std::size_t gap) {
    for (std::size_t slot = next(gap); slots_[slot].value != 0; slot = next(slot)) {
      const std::size_t home = slot_of(slots_[slot].pointer);
      // An entry may move to the gap if that is not before its home.
      const std::size_t distance = (slot - home) & (slots_.size() - 1);
      if (distance >= ((slot - gap) & (slots_.size() - 1))) {
        slots_[gap] = slots_[slot];
        gap = slot;
      }
    }
    slots_[gap] = Slot();
  }

  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    count_ = 0;
    for (const Slot& slot : old) {
      if (slot.value != 0) put(slot.pointer, slot.value);
    }
  }

  std::vector<Slot> slots_;
  std::size_t count_ = 0;
};

}  // namespace heaplab::trace
