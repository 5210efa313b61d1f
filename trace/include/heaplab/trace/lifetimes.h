// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "heaplab/trace/merlin.h"

// How long objects live, and what that means for a collector. All ages and lifetimes are in bytes
// allocated meanwhile (the bytes clock): a program's own time, the same on any machine.

namespace heaplab::trace {

/// How much reaches an age. What is alive at the end of the recording has been watched for a while
/// only, so this is Kaplan and Meier's product-limit estimate: of the bytes that reached each age
/// and were watched on, the share that reached the next one too, multiplied up. It never rises.
struct SurvivalPoint {
  std::uint64_t age = 0;
  std::uint64_t watched_bytes = 0;   ///< allocated at least `age` before the end
  std::uint64_t survived_bytes = 0;  ///< so many of them, by the estimate
  double surviving = 0;              ///< the estimate: 0 … 1

  double share() const { return surviving; }
};

/// Live bytes at one moment by age.
inline constexpr std::array<std::uint64_t, 4> age_limits{64u << 10, 1u << 20, 16u << 20,
                                                         256u << 20};
struct AgeColumn {
  std::uint64_t clock = 0;
  std::array<std::uint64_t, age_limits.size() + 1>
      live_bytes{};  ///< younger than each limit; older
  std::uint64_t live() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t bytes : live_bytes) sum += bytes;
    return sum;
  }
};

/// What a nursery of this size, collected whenever it is full, would have had to do.
struct NurserySize {
  std::uint64_t bytes = 0;
  std::uint64_t collections = 0;
  std::uint64_t allocated_bytes =
      0;  ///< in the nursery; objects of more than half of it go elsewhere
  std::uint64_t survived_bytes = 0;  ///< alive at the next collection: copied once
  std::uint64_t promoted_bytes = 0;  ///< alive at the one after that
  std::uint64_t old_to_young = 0;    ///< writes a barrier had to remember
  double survival() const {
    return allocated_bytes == 0
               ? 0
               : static_cast<double>(survived_bytes) / static_cast<double>(allocated_bytes);
  }
};

/// The objects of one type, or of one allocation site.
struct GroupLifetimes {
  std::uint32_t key = 0;  ///< a TypeIndex, or a FrameId
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t alive_bytes = 0;      ///< at the end
  std::uint64_t old_bytes = 0;        ///< lived past the advised nursery's two collections
  std::uint64_t median_lifetime = 0;  ///< half of the bytes lived at least so long; ~0: to the end
  std::uint64_t p90_lifetime = 0;     ///< a tenth did
};
inline constexpr std::uint64_t to_the_end = ~std::uint64_t{0};

/// References stored, by which of the two objects is older.
struct PointerDirections {
  std::uint64_t initialising = 0;  ///< into an object that was just made
  std::uint64_t old_to_young = 0;  ///< writes: the host is older than the value
  std::uint64_t young_to_old = 0;
  std::uint64_t to_itself = 0;
  std::uint64_t writes() const { return old_to_young + young_to_old + to_itself; }
};

struct LifetimeOptions {
  std::uint64_t nursery_bytes = 0;  ///< judge by this nursery; 0: by the advised one
  std::size_t columns = 60;         ///< of the age demographics
};

struct LifetimeReport {
  Mortality mortality;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t objects = 0;  ///< allocated while recording: all that follows is about them
  std::uint64_t adopted = 0;  ///< older ones
  std::uint64_t survivors = 0;
  std::uint64_t survivor_bytes = 0;
  bool pointers_known = false;
  std::vector<SurvivalPoint> survival;  ///< four ages an octave
  std::vector<AgeColumn> ages;
  std::vector<NurserySize> nurseries;  ///< powers of two
  /// The first of them that can be judged: where deaths are exact to a distance only, smaller ones
  /// would look as if everything survived. May be one past the last.
  std::size_t first_judged = 0;
  std::size_t advised = 0;            ///< index in nurseries
  std::string advice;                 ///< why that one
  std::vector<GroupLifetimes> types;  ///< largest first
  std::vector<GroupLifetimes> sites;
  std::vector<GroupLifetimes> pretenure;  ///< sites whose objects nearly all grow old
  PointerDirections pointers;
};

/// Reads the recording twice (so not from a pipe). `progress(pass, offset)`: pass 1 of 2 finds its
/// length. Memory as tell_lives, and a few megabytes.
LifetimeReport analyse_lifetimes(RecordingSource& source, const LifetimeOptions& options,
                                 const std::function<void(int, std::uint64_t)>& progress = {});

}  // namespace heaplab::trace
