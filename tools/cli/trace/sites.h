// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "heaplab/trace/allocation_summary.h"

namespace heaplab::cli {

/// `heaplab trace sites`.
void add_trace_sites(CLI::App& trace, int& status);

/// The totals of a recording of native allocations, for `info` as well.
void print_totals(const trace::AllocationSummary& summary);
nlohmann::ordered_json totals_json(const trace::AllocationSummary& summary);

}  // namespace heaplab::cli
