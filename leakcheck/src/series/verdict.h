// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/leakcheck/snapshots.h"
#include "series/graph.h"

namespace heaplab::leakcheck::series {

/// Fills in leaks, what grew without leaking, and remarks.
void judge_series(const Series& series, const SnapshotOptions& options, Report& report);

}  // namespace heaplab::leakcheck::series
