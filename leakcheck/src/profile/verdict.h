// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/report.h"
#include "heaplab/trace/reader.h"

namespace heaplab::leakcheck::profile {

/// Judges a recording that has profiles, or heap snapshots beside it, and no checkpoints: with
/// snapshots, by them, and the profile adds where things are allocated; without, by the profile
/// alone. False, and nothing done, if it has neither.
bool analyse(trace::RecordingSource& source, const Options& options,
             const SnapshotOptions& snapshots, Report& report);

}  // namespace heaplab::leakcheck::profile
