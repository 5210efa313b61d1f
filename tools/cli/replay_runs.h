// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heaplab/trace/replay.h"

namespace heaplab::cli {

/// One way to replay a program.
struct ReplaySetting {
  std::string system;            ///< a plan, "malloc", "mimalloc"; "" is the replayer alone
  std::uint64_t heap_bytes = 0;  ///< of a plan
  bool check = false;
  bool verify_heap = false;
  unsigned runs = 1;  ///< the one that took the least processor time counts
};

/// Does the work in a child process and returns what it returned: no run finds the memory of
/// another still warm, and none can take this process with it. Throws std::runtime_error if the
/// child died.
nlohmann::ordered_json in_own_process(const std::function<nlohmann::ordered_json()>& work);

/// Replays in processes of their own. The run with the least processor time, with the range of all
/// (`runs`). The result as in docs/replay.md, but without what only all runs
/// together tell (heap_multiple, mutator).
nlohmann::ordered_json run_replay(const trace::ReplayProgram& program,
                                  const ReplaySetting& setting);

/// The smallest heap in which the plan gets through the program, to a block or 1/64. Tells
/// `progress` each size it tries.
std::uint64_t find_minimum_heap(const trace::ReplayProgram& program, const std::string& plan,
                                const std::function<void(std::uint64_t)>& progress);

}  // namespace heaplab::cli
