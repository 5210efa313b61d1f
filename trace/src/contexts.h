// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

// What the numbers of records are differences to: what a slot with this number held last is a good
// guess of what it will hold next, be it the same shape or the neighbour of the last value. Writer
// and reader keep these in step. README.md says the same in words.

namespace heaplab::trace {

/// Starts afresh in each block, so that reading can start at any.
struct BlockContexts {
  ObjectId host = 0;
  std::uint64_t slot = 0;  ///< code of the last write's
  ObjectId freed = 0;
  ObjectId root = 0;
  ObjectId used = 0;
  std::uint64_t used_clock = 0;
  std::array<ObjectId, slot_contexts> values{};  ///< by slot code
  std::array<ObjectId, slot_contexts> old_values{};

  static std::size_t of(std::uint64_t slot_code) {
    return static_cast<std::size_t>(slot_code % slot_contexts);
  }
};

/// Starts afresh in each checkpoint, and goes on from block to block.
struct CheckpointContexts {
  ObjectId node = 0;
  std::uint64_t birth = 0;
  std::uint64_t last_access = 0;
  std::array<ObjectId, slot_contexts> targets{};  ///< by label

  static std::size_t of(std::uint64_t label) {
    return static_cast<std::size_t>(label % slot_contexts);
  }
};

constexpr std::uint64_t max_slot_code = std::uint64_t{0xffff'ffff} << 3 | 7;

constexpr std::uint64_t slot_code(const Slot& slot) {
  return std::uint64_t{slot.index} << 3 | (slot.is_weak ? 4u : 0u) | (slot.in_elements ? 2u : 0u) |
         (slot.is_value ? 1u : 0u);
}
constexpr Slot slot_of(std::uint64_t code) {
  return {static_cast<std::uint32_t>(code >> 3), (code & 2) != 0, (code & 1) != 0, (code & 4) != 0};
}

/// What most allocations share with many others.
struct AllocationClass {
  TypeIndex type = 0;
  StackId stack = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const AllocationClass&, const AllocationClass&) = default;
};

}  // namespace heaplab::trace
