// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// One kind of contradiction in a recording.
struct Problem {
  std::string kind;  ///< "freed twice", …
  std::uint64_t count = 0;
  /// Where the first is: the block that starts at this offset, or holds it.
  std::uint64_t offset = 0;
  std::uint64_t clock = 0;
  std::string first;  ///< "object 17", …; "" if only their number is known, and not where
};

/// What is worth knowing and no contradiction.
struct Remark {
  std::string kind;
  std::uint64_t count = 0;
};

struct CheckReport {
  Extent extent;
  std::vector<Problem> problems;  ///< in the order in which they were met
  std::vector<Remark> remarks;
  /// What was compared, and so can be trusted if there are no problems.
  std::uint64_t objects = 0;
  std::uint64_t adopted = 0;
  std::uint64_t deaths = 0;
  std::uint64_t writes = 0;
  std::uint64_t reachability_checks = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t checkpoint_nodes = 0;
};

/// Reads all of a recording and compares what it says with what it says elsewhere: nothing happens
/// to dead objects, clocks go forward, what dies was unreachable, and checkpoints show the graph
/// that the events before have made. Checks that need what a recording does not know (identity,
/// writes, roots) are left out. Reachability is looked at whenever there were enough events since
/// the last time to pay for it. What a reader of native events has counted (see
/// RecordingSource::info) is named too. Memory: what is alive. Throws InputError for a damaged
/// file.
CheckReport check_recording(RecordingSource& source,
                            const std::function<void(std::uint64_t)>& progress = {});

}  // namespace heaplab::trace
