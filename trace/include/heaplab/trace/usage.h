// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/trace/merlin.h"

namespace heaplab::trace {

/// What the objects of one type, or of one allocation site, came to.
struct GroupUsage {
  std::string name;
  std::uint64_t count =
      0;  ///< allocated while recording (of a sample: estimated); of a profile: alive
  std::uint64_t bytes = 0;
  std::uint64_t deaths = 0;      ///< of those
  double lifetimes = 0;          ///< of those that died, summed up; in bytes of the clock
  std::uint64_t live_bytes = 0;  ///< older objects included
  std::uint64_t peak_live_bytes = 0;

  /// Of those that died; 0 if none did.
  double mean_lifetime() const { return deaths == 0 ? 0 : lifetimes / static_cast<double>(deaths); }
};

/// Who uses memory in a recording.
struct RecordingUsage {
  GroupUsage total;
  std::vector<GroupUsage> types;
  std::vector<GroupUsage> sites;  ///< by allocation site: "render (app.js:21:10)"
  Knowledge knows;
  /// Of lifetimes and peaks. Where the recording has writes and roots, deaths are computed.
  DeathPrecision precision = DeathPrecision::none;
  std::uint64_t root_granularity = 0;  ///< bytes, for DeathPrecision::roots
  /// The last of so many profiles, in a recording without allocations: counts and bytes are what it
  /// estimates to be alive.
  std::uint64_t profiles = 0;
  Extent extent;
};

/// Adds up a recording in one pass. Memory: its tables; where it knows of deaths 40 bytes for an
/// object that is alive; where deaths are computed, as tell_lives. `progress` (may be empty) is
/// told the offset in the file.
RecordingUsage measure_usage(RecordingSource& source,
                             const std::function<void(std::uint64_t)>& progress = {});

/// "render (app.js:21:10)"; "" for frame 0.
std::string describe_frame(const Tables& tables, FrameId frame);

/// A group of one recording beside that of the same name in another; empty where there is none.
struct UsageChange {
  std::string name;
  GroupUsage before, after;
  /// Something differs, if only by a lifetime.
  bool differs() const;
};
enum class UsageOrder : std::uint8_t { bytes, count, lifetime, peak };
/// Largest change first, up or down.
std::vector<UsageChange> compare_usage(const std::vector<GroupUsage>& before,
                                       const std::vector<GroupUsage>& after, UsageOrder order);

}  // namespace heaplab::trace
