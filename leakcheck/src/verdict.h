// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/leakcheck/analyse.h"
#include "rounds.h"

namespace heaplab::leakcheck {

/// What leaks in one heap, by its checkpoints: fills in the findings and the curve of live bytes.
void judge_heap(const trace::RecordingSource& reader, const History& history,
                const Options& options, Report& report);

}  // namespace heaplab::leakcheck
