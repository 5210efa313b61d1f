// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/heap/options.h"
#include "heaplab/trace/recorder.h"

// The options of `heaplab run`.

namespace heaplab::cli {

struct RunOptions {
  std::string plan;
  std::string max_old;
  std::string max_semi;
  bool expose_gc = false;
  std::string trace_gc;
  std::string stress_gc;
  std::string stress_move;
  bool verify = false;
  std::string memory_file;
  std::uint64_t memory_interval_ms = 50;
  bool live = false;
  bool print_bytecode = false;
  std::string record_file;
  std::string record_roots;
  std::string record_sample;
  bool record_uses = false;
  std::vector<std::string> snapshots;
  std::string script;
  std::vector<std::string> arguments;
};

void add_run_options(CLI::App& verb, RunOptions& options);
/// Throws UsageError for what would be asked for in vain.
void check_run_options(const CLI::App& verb);
/// Options end at the script; what follows is the script's. Throws UsageError if there is none.
void take_script(const CLI::App& verb, RunOptions& options);

/// Throw UsageError for values that are none.
HeapOptions heap_options(const RunOptions& options);
trace::RecorderOptions recorder_options(const RunOptions& options);

}  // namespace heaplab::cli
