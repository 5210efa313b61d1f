// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::leakcheck::native {

/// One stack in one slice of the run, if something happened there.
struct SliceSample {
  std::uint32_t slice = 0;
  std::uint64_t floor = 0;      ///< least bytes alive during the slice
  std::uint64_t alive = 0;      ///< bytes at its end
  std::uint64_t allocated = 0;  ///< bytes
  std::uint64_t kept = 0;       ///< of them, those that were never freed while the program worked
};

/// A block was replaced by one that is larger than any before: a vector was full.
struct Step {
  double slice = 0;        ///< when, in slices
  double allocations = 0;  ///< when, in parts of all allocations
  std::uint64_t full_bytes = 0;
  std::uint64_t bytes = 0;  ///< of the new one
};

/// What one call stack allocated, over the run.
struct StackHistory {
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t frees = 0;
  std::uint64_t temporary = 0;  ///< freed by the very next event
  std::uint64_t temporary_bytes = 0;
  std::uint64_t alive_bytes = 0;
  std::uint64_t alive_objects = 0;
  std::uint64_t working_bytes = 0;  ///< alive when the last slice but one ended: before the program
  std::uint64_t working_objects = 0;  ///< puts its things away
  std::uint64_t working_frees = 0;    ///< until then
  std::uint64_t start_objects = 0;    ///< alive when the start-up was over
  /// What blocks were larger than those they took the place of (of a vector or table that grows,
  /// the old block is freed when its contents are in the new one; of realloc, before).
  std::int64_t replaced_bytes = 0;
  std::uint64_t half_time_bytes = 0;  ///< alive when half of the time was over
  std::vector<SliceSample> samples;
  std::vector<Step> steps;
};

/// A moment at which the system's idea of the process was recorded.
struct ResidentSample {
  std::uint64_t resident = 0;
  std::uint64_t alive = 0;
};

/// A recording cut into slices of equal length: of time where it is recorded finely enough, else
/// of allocations. The last slice is left out of `floors`: in it the program ends.
struct History {
  std::vector<StackHistory> stacks;  ///< by StackId
  std::uint32_t slices = 0;          ///< without the last one
  bool by_time = false;
  bool half_time_known = false;  ///< time is known at least that finely
  std::uint64_t allocations = 0;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t temporary = 0;
  std::uint64_t alive_bytes = 0;    ///< at the end of the recording
  std::uint64_t working_bytes = 0;  ///< when the last slice but one ended
  std::uint64_t alive_objects = 0;
  std::vector<double> alive_by_slice;
  std::vector<ResidentSample> resident;
  trace::Extent extent;

  /// Least bytes alive in each slice, of several stacks together.
  std::vector<double> floors(const std::vector<trace::StackId>& stacks) const;
  /// Of what the stacks allocated in each slice, the share that was kept; -1 where nothing was.
  std::vector<double> kept_shares(const std::vector<trace::StackId>& stacks) const;
};

/// So many slices at the beginning are the start-up.
std::size_t startup_slices(std::size_t slices);

/// Reads a recording, twice.
History read_history(trace::RecordingSource& source);

}  // namespace heaplab::leakcheck::native
