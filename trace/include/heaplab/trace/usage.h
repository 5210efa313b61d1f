// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// What the objects of one type, or of one allocation site, came to.
struct GroupUsage {
  std::string name;
  std::uint64_t count = 0;  ///< allocated while recording
  std::uint64_t bytes = 0;
  std::uint64_t deaths = 0;
  double lifetimes = 0;  ///< of those that died, summed up; in bytes of the clock
  std::uint64_t live_bytes = 0;
  std::uint64_t peak_live_bytes = 0;

  /// Of those that died; 0 if none did.
  double mean_lifetime() const { return deaths == 0 ? 0 : lifetimes / static_cast<double>(deaths); }
};

/// Who uses memory in a recording.
struct RecordingUsage {
  GroupUsage total;
  std::vector<GroupUsage> types;
  std::vector<GroupUsage> sites;  ///< by innermost frame: "render (app.js:21:10)"
  Knowledge knows;
  Extent extent;
};

/// Reads a recording once. Memory: its tables, and where it knows of deaths 24 bytes for an object
/// that is alive. `progress` (may be empty) is told the offset in the file.
RecordingUsage measure_usage(RecordingSource& source,
                             const std::function<void(std::uint64_t)>& progress = {});

/// "render (app.js:21:10)"; "" for frame 0.
std::string describe_frame(const Tables& tables, FrameId frame);

/// A group of one recording beside that of the same name in another; empty where there is none.
struct UsageChange {
  std::string name;
  GroupUsage before, after;
};
enum class UsageOrder : std::uint8_t { bytes, count, lifetime, peak };
/// Largest change first, up or down.
std::vector<UsageChange> compare_usage(const std::vector<GroupUsage>& before,
                                       const std::vector<GroupUsage>& after, UsageOrder order);

}  // namespace heaplab::trace
