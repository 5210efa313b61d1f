// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "heaplab/trace/lifetimes.h"

namespace heaplab::cli {

/// heaplab trace lifetimes: how long objects live.
void add_trace_lifetimes(CLI::App& trace_verb, int& status);

/// \name How it is printed; `top` rows of each table.
/// @{
void print_lifetimes(const trace::RecordingSource& source, const trace::LifetimeReport& report,
                     std::size_t top);
void print_lifetimes_json(const trace::RecordingSource& source, const trace::LifetimeReport& report,
                          std::size_t top);
/// One table as comma-separated values with a header line. `table` is one of lifetime_tables.
void print_lifetimes_csv(const trace::RecordingSource& source, const trace::LifetimeReport& report,
                         const std::string& table);
inline const std::vector<std::string> lifetime_tables{"survival", "ages", "nurseries", "types",
                                                      "sites"};
/// @}

}  // namespace heaplab::cli
