// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>

#include "heaplab/trace/reader.h"
#include "replay/program.h"
#include "replay/spill.h"

namespace heaplab::trace {

/// What compiling knows of an object by its id: until it is allocated, how many slots it will need;
/// afterwards, which handle it has.
struct ObjectFacts {
  enum class State : std::uint8_t { unborn, alive, dead };

  std::uint32_t elements_or_handle = 0;  ///< slots among the elements; once alive, the handle
  std::uint16_t fixed = 0;               ///< slots in the fixed part
  State state = State::unborn;
  /// It has weak slots or ephemerons, or its slots' numbers do not fit its size (recordings of
  /// other tools number fields in their own ways). Its slots are numbered one by one: SpecialSlots.
  bool is_special = false;
};

/// Where the references of special objects are.
class SpecialSlots {
 public:
  struct Counts {
    std::uint32_t strong = 0;
    std::uint32_t weak = 0;
    std::uint32_t pairs = 0;
    bool has_pairs = false;
  };
  struct Place {
    StoreKind kind = StoreKind::strong;
    std::uint32_t index = 0;  ///< among the host's slots of this kind
    bool is_value = false;    ///< of the pair
  };

  Counts& counts(ObjectId id) { return counts_[id]; }
  bool empty() const { return counts_.empty(); }
  /// The place of a slot of a special object: a new one if it has none yet.
  Place place(ObjectId host, const Slot& slot);
  std::size_t size() const { return indices_.size(); }

 private:
  struct Key {
    ObjectId host;
    std::uint64_t slot;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return static_cast<std::size_t>((key.host * 0x9e3779b97f4a7c15u) ^
                                      (key.slot * 0xc2b2ae3d27d4eb4fu));
    }
  };
  std::unordered_map<ObjectId, Counts> counts_;
  std::unordered_map<Key, std::uint32_t, Hash> indices_;
};

/// Reads the recording once, and once more if it has special objects: how many slots each object
/// will need. \post table has an entry for every object.
void find_slots(RecordingSource& source, IdTable<ObjectFacts>& table, SpecialSlots& special,
                const std::function<void(std::uint64_t)>& progress);

}  // namespace heaplab::trace
