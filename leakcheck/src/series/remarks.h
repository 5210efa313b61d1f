// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/leakcheck/report.h"
#include "series/graph.h"

namespace heaplab::leakcheck::series {

/// What the last snapshot shows by its structure: equal strings, detached nodes, large buffers.
void add_remarks(const Series& series, Report& report);

}  // namespace heaplab::leakcheck::series
