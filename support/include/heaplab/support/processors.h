// SPDX-License-Identifier: MIT
#pragma once

namespace heaplab {

/// Processors this process may run on: respects `taskset` and cpusets, at least 1.
unsigned usable_processors();

}  // namespace heaplab
