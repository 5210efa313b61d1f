// SPDX-License-Identifier: MIT
// What is measured of heaplab: read a heap snapshot, find dominators and retained sizes (and, as
// DevTools does, shallow sizes and distances).
//
//   solve FILE [THREADS]
#include <fmt/format.h>
#include <time.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "heaplab/inspector/devtools.h"
#include "heaplab/support/error.h"

/// Of this process, all its threads.
static double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

int main(int argc, char** argv) {
  using namespace heaplab;
  using Clock = std::chrono::steady_clock;
  if (argc < 2 || argc > 3) {
    fmt::print(stderr, "usage: solve FILE [THREADS]\n");
    return exit_code(ExitStatus::bad_input);
  }
  const unsigned threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 0;
  try {
    const Clock::time_point start = Clock::now();
    const double start_cpu = processor_seconds();
    const inspector::Snapshot snapshot = inspector::read_snapshot(argv[1], {false, threads});
    const Clock::time_point read = Clock::now();
    const double read_cpu = processor_seconds();
    const inspector::Analysis analysis = inspector::analyse(snapshot, {threads, false});
    const auto seconds = [](Clock::duration span) {
      return std::chrono::duration<double>(span).count();
    };
    fmt::print("nodes {}\nedges {}\nbytes {}\n", snapshot.node_count(), snapshot.edge_count(),
               analysis.total_size);
    fmt::print("# read_s {:.3f}\n# analyse_s {:.3f}\n", seconds(read - start),
               seconds(Clock::now() - read));
    fmt::print("# read_cpu_s {:.3f}\n# analyse_cpu_s {:.3f}\n", read_cpu - start_cpu,
               processor_seconds() - read_cpu);
    fmt::print("# read_mb_s {:.0f}\n",
               static_cast<double>(snapshot.file_bytes()) / 1e6 / seconds(read - start));
  } catch (const InputError& error) {
    fmt::print(stderr, "{}\n", error.what());
    return exit_code(ExitStatus::bad_input);
  }
  std::fflush(stdout);
  // Giving a gigabyte back page by page is no part of the answer.
  std::_Exit(0);
}
