// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include "heaplab/heap/object.h"
#include "heaplab/heap/reservation.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// What the recorder knows of each object, found by its address: two arrays over the whole cage,
/// one entry for every 16 bytes (no two objects start in the same 16, for none is smaller). Only
/// the parts beside touched heap take memory.
///
///   identity = [63..24] object id   [23..0] stack         last_access in units of 1 KiB of clock
class ObjectTable {
 public:
  ObjectTable() {
    identities_.reserve_anywhere(cage_bytes / cell_bytes * sizeof(std::uint64_t));
    accesses_.reserve_anywhere(cage_bytes / cell_bytes * sizeof(std::uint32_t));
    identity_ = reinterpret_cast<std::uint64_t*>(identities_.base());
    access_ = reinterpret_cast<std::uint32_t*>(accesses_.base());
  }

  ObjectId id(const Object* object) const { return identity_[cell(object)] >> stack_bits; }
  StackId stack(const Object* object) const {
    return static_cast<StackId>(identity_[cell(object)] & (max_stacks - 1));
  }
  std::uint64_t last_access(const Object* object) const {
    return std::uint64_t{access_[cell(object)]} << access_shift;
  }

  void set(const Object* object, ObjectId id, StackId stack, std::uint64_t clock) {
    identity_[cell(object)] = id << stack_bits | stack;
    touch(object, clock);
  }
  void touch(const Object* object, std::uint64_t clock) {
    access_[cell(object)] =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(clock >> access_shift, 0xffff'ffffu));
  }
  void move(const Object* from, const Object* to) {
    identity_[cell(to)] = identity_[cell(from)];
    access_[cell(to)] = access_[cell(from)];
  }
  void erase(const Object* object) { identity_[cell(object)] = 0; }

 private:
  static constexpr std::size_t cell_bytes = minimum_object_bytes;
  static constexpr unsigned stack_bits = 24;
  static constexpr unsigned access_shift = 10;
  static_assert(max_stacks == 1u << stack_bits);
  static_assert(max_object_id < std::uint64_t{1} << (64 - stack_bits));

  static std::size_t cell(const Object* object) {
    return (address_of(object) - cage_base) / cell_bytes;
  }

  std::uint64_t* identity_ = nullptr;
  std::uint32_t* access_ = nullptr;
  Reservation identities_;
  Reservation accesses_;
};

}  // namespace heaplab::trace
