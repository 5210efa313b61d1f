// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "heaplab/trace/allocation_summary.h"

namespace heaplab::trace::heaptrack {

/// Adds up a heaptrack file without making records of it.
AllocationSummary summarize(const std::string& path, const SummaryOptions& options);

}  // namespace heaplab::trace::heaptrack
