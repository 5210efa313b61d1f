// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/trace/reader.h"

namespace heaplab::leakcheck::native {

/// Whether a recording can be judged by its allocations and frees: it says when objects die.
bool can_judge(const trace::RecordingSource& source);

/// Judges a recording without a heap graph, by what each call stack leaves alive.
void analyse(trace::RecordingSource& source, const Options& options, Report& report);

}  // namespace heaplab::leakcheck::native
