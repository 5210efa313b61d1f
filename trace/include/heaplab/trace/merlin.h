// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "heaplab/trace/reader.h"

// When did each object die? Exactly, without collecting at every allocation.
//
// Source: Hertz, Blackburn, Moss, McKinley, Stefanović, "Generating object lifetime traces with
// Merlin", TOPLAS 28(3), 2006. The essay is in src/merlin/merlin.cpp.

namespace heaplab::trace {

/// How close to the truth times of death are.
enum class DeathPrecision : std::uint8_t {
  none,         ///< the recording does not know of deaths
  collections,  ///< found dead at a collection; died some time before
  roots,        ///< exact up to the distance of root records, Knowledge::root_granularity bytes
  exact         ///< the program freed it
};
std::string_view to_string(DeathPrecision precision);

/// One object's life. Events that can change what is reachable are numbered from 1 in the order of
/// the file: each call of on_allocation, on_initial_edges, on_write, on_roots and on_free is one.
struct Life {
  Allocation object;  ///< its clock is its birth
  std::uint64_t birth_event = 0;
  /// It became unreachable, or was freed, with this event; 0: alive at the end.
  std::uint64_t death_event = 0;
  std::uint64_t death_clock = 0;  ///< of a survivor: the clock at the end

  bool survived() const { return death_event == 0; }
  std::uint64_t lifetime() const { return death_clock - object.clock; }
};

/// Receives lives.
class LifeVisitor {
 public:
  virtual ~LifeVisitor() = default;
  /// In the order of the file; before the object's life is told, which may be much later.
  virtual void on_birth(const Allocation&) {}
  /// Deaths in the order of death_event (equal ones by id), then survivors in the order of id.
  /// Out of order are only deaths of what weak references might have brought back: they are told
  /// when a collection has found them.
  virtual void on_life(const Life& life) = 0;
  /// A strong reference was stored: into a fresh object, or by a write. `clock` is now.
  virtual void on_pointer(const Allocation& /*host*/, const Allocation& /*value*/, bool /*fresh*/,
                          std::uint64_t /*clock*/) {}
};

struct Mortality {
  Extent extent;
  DeathPrecision precision = DeathPrecision::none;
  std::uint64_t root_granularity = 0;  ///< bytes, for DeathPrecision::roots
  /// Events on objects that were dead by then: the recording's roots or writes are not all there.
  std::uint64_t contradictions = 0;
  std::uint64_t first_contradiction = 0;  ///< the event's number
};

/// Reads the recording once and tells all lives. Time: near-linear in the number of events and
/// edges; memory: what is alive, and as much garbage again. `progress` (may be empty) is told the
/// offset in the file after each block; `patience` is how many events at least go by between two
/// computations of reachability. Throws what reading throws.
Mortality tell_lives(RecordingSource& source, LifeVisitor& lives,
                     const std::function<void(std::uint64_t)>& progress = {},
                     std::uint64_t patience = 1u << 16);

}  // namespace heaplab::trace
