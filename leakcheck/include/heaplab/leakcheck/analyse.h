// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "heaplab/leakcheck/report.h"
#include "heaplab/leakcheck/snapshots.h"

namespace heaplab::leakcheck {

struct Options {
  /// Checkpoints to load at most; they are spread over the recording.
  std::size_t max_rounds = 24;
  /// A leak costs at least this, and at least this share of the live heap.
  std::uint64_t least_bytes = 24 * 1024;
  double least_share = 0.01;
  /// What is held and unused without growing costs at least this, and this share.
  std::uint64_t least_unused_bytes = 512 * 1024;
  double least_unused_share = 0.1;
  /// Of recordings without a heap graph: LeakSanitizer's patterns; stacks that match are left out.
  std::vector<std::string> suppressed_stacks;
};

/// Reads a recording (twice) and decides. Throws InputError; a recording that ends early is
/// analysed as far as it goes. `snapshots`: for the heap snapshots that a recording of a Node
/// service has beside it.
Report analyse(const std::string& path, const Options& options = {},
               const SnapshotOptions& snapshots = {});

/// Judges V8's heap profiles of one program, in the order in which they were taken: one shows what
/// is large, two what grew, more whether it grew each time. Throws InputError.
Report analyse_profiles(const std::vector<std::string>& files, const Options& options = {});
inline constexpr std::string_view heap_profile_format = "V8 heap profile";

}  // namespace heaplab::leakcheck
