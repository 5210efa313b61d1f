// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <stdexcept>
#include <string>

namespace heaplab::cli {

/// Wrong use of the program: one line on standard error, exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The heap limit was reached: Node's status for the same event (128 + SIGABRT).
inline constexpr int out_of_memory_status = 134;

/// Each adds its verb to the program. The callback of a verb sets `status`.
void add_run(CLI::App& app, int& status);
void add_inspect(CLI::App& app, int& status);
void add_leaks(CLI::App& app, int& status);
void add_memory(CLI::App& app, int& status);
void add_trace(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_plans(CLI::App& app, int& status);

}  // namespace heaplab::cli
