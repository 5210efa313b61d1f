// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "heaplab/heap/type.h"
#include "heaplab/trace/replay.h"
#include "replay/spill.h"

// What a replay program is made of.
//
// Words of 32 bits. The first of an instruction holds what it does in its lowest 3 bits and a
// handle in the others:
//
//   allocate   handle   shape           the object becomes a root
//   store      handle   where  value    a reference is stored; value is a handle, 0 null
//   root, unroot, die   handle
//
// A handle names an object from its allocation to its death, then another one; so the table that
// says where objects are is as large as the most objects ever alive at once, and the handle that
// was freed last, whose entry is in the cache, is the next to be used. Handle 0 is none.
//
// Collections happen at allocations only. So the changes of the roots are gathered, and those that
// an allocation could notice come right before it; an object that dies need not be unrooted first.

namespace heaplab::trace {

using ReplayHandle = std::uint32_t;

enum class ReplayOp : std::uint32_t { allocate, store, root, unroot, die };
inline constexpr unsigned op_bits = 3;
inline constexpr std::uint32_t op_mask = (1u << op_bits) - 1;
inline constexpr std::uint32_t max_handles = 1u << (32 - op_bits);

inline std::uint32_t encode(ReplayOp op, ReplayHandle handle) {
  return (handle << op_bits) | static_cast<std::uint32_t>(op);
}

/// What a stored reference does. The upper two bits of `where`; the others are the offset in the
/// object in units of 4 bytes.
enum class StoreKind : std::uint32_t { strong, weak, pair };
inline constexpr unsigned store_kind_shift = 30;
inline constexpr std::uint32_t store_offset_mask = (1u << store_kind_shift) - 1;

/// Objects of one shape are alike but for what they refer to. `bytes` is the whole object on a heap
/// of ours.
struct ReplayShape {
  std::uint64_t bytes = 0;
  std::uint64_t requested = 0;  ///< what malloc is asked for
  std::uint32_t strong = 0;     ///< slots
  std::uint32_t weak = 0;
  std::uint32_t pairs = 0;  ///< of an ephemeron table

  bool operator==(const ReplayShape&) const = default;
};

/// Where a shape's slots are: its strong ones first, then weak ones, then pairs, then bytes that
/// mean nothing. A kind of which there are too many for the fixed part makes the elements.
struct ShapeLayout {
  static constexpr std::uint32_t most_fixed_slots = 8000;

  TypeDescriptor type;
  std::uint32_t length = 0;  ///< elements
  std::uint32_t strong_offset = 0;
  std::uint32_t weak_offset = 0;
  std::uint32_t pair_offset = 0;
  std::uint64_t bytes = 0;
};
/// \pre can_lay_out(shape)
ShapeLayout lay_out(const ReplayShape& shape);
/// At most one kind of slot may be more than fits in a fixed part.
bool can_lay_out(const ReplayShape& shape);

struct ReplayProgram::Contents {
  explicit Contents(WordStream stream) : words(std::move(stream)) {}

  WordStream words;
  std::vector<ReplayShape> shapes;
  std::uint32_t handles = 1;  ///< one more than the largest
  ReplaySummary summary;
};

}  // namespace heaplab::trace
