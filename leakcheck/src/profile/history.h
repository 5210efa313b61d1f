// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"
#include "heaps.h"

// What a recording without objects knows: profiles (live bytes by call stack, as a sampling
// profiler estimates them), memory samples, and heap snapshots that lie beside it.

namespace heaplab::leakcheck::profile {

/// Live bytes, one value per round.
using Series = std::vector<float>;

/// A call stack that holds something at the end, or the caller of one.
struct Node {
  trace::StackId stack = 0;
  std::uint32_t parent = 0;  ///< index of the caller's; its own index if there is none
  Series bytes;              ///< allocated with this very stack
};

struct Facts {
  HeapId heap = 0;
  std::vector<std::uint64_t> profile_times;  ///< ns
  std::vector<std::string> snapshots;        ///< paths of attached heap snapshots that exist
  std::size_t missing_snapshots = 0;         ///< attached, but no longer there
  std::uint64_t collections = 0;
  bool has_memory = false;  ///< samples of it
  std::uint64_t first_array_buffers = 0, last_array_buffers = 0;
  std::uint64_t end_ns = 0;
  trace::Extent extent;

  bool empty() const { return profile_times.empty() && snapshots.empty(); }
};

/// First reading: of each heap that has profiles or snapshots, in the order of their first ones. (A
/// recording that was merged has several, of workers.)
std::vector<Facts> survey(trace::RecordingSource& source);

struct History {
  std::vector<double> seconds;  ///< when each round was
  std::vector<Node> nodes;      ///< callers before those they call
  std::vector<double> totals;   ///< live bytes of all stacks by round
};

/// Second reading, of one heap: at most `max_rounds` profiles, spread over the time.
History load(trace::RecordingSource& source, const Facts& facts, std::size_t max_rounds);

}  // namespace heaplab::leakcheck::profile
