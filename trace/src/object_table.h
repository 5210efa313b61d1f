// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/heap/access_table.h"
#include "heaplab/heap/reservation.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// Which object is at an address: an array over the whole cage, one entry for every 16 bytes (no
/// two objects start in the same 16, for none is smaller). Only the parts beside touched heap take
/// memory.
///
///   identity = [63..24] object id   [23..0] stack;   0: nobody announced an object here
class ObjectTable {
 public:
  ObjectTable() {
    memory_.reserve_anywhere(cage_bytes / AccessTable::cell_bytes * sizeof(std::uint64_t));
    Reservation::prefer_large_pages(reinterpret_cast<void*>(memory_.base()), memory_.bytes());
    identities_ = reinterpret_cast<std::uint64_t*>(memory_.base());
  }

  ObjectId id(RefBits object) const { return identities_[object >> cell_shift] >> stack_bits; }
  StackId stack(RefBits object) const {
    return static_cast<StackId>(identities_[object >> cell_shift] & (max_stacks - 1));
  }
  void set(RefBits object, ObjectId id, StackId stack) {
    identities_[object >> cell_shift] = id << stack_bits | stack;
  }
  void move(RefBits from, RefBits to) {
    std::uint64_t& old = identities_[from >> cell_shift];
    const std::uint64_t identity = old;
    old = 0;
    identities_[to >> cell_shift] = identity;
  }
  void erase(RefBits object) { identities_[object >> cell_shift] = 0; }

 private:
  static constexpr unsigned cell_shift = 1;
  static constexpr unsigned stack_bits = 24;
  static_assert(AccessTable::cell_bytes == granule_bytes << cell_shift);
  static_assert(max_stacks == 1u << stack_bits);
  static_assert(max_object_id < std::uint64_t{1} << (64 - stack_bits));

  std::uint64_t* identities_ = nullptr;
  Reservation memory_;
};

}  // namespace heaplab::trace
