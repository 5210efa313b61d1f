// SPDX-License-Identifier: MIT
#include "bench_heap.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../common/workload.h"

namespace bench {

namespace {

[[noreturn]] void usage_error(const char* program, const std::string& what) {
  std::fprintf(stderr, "%s: %s\n", program, what.c_str());
  std::exit(2);
}

std::size_t bytes_of(const char* program, std::string_view text) {
  const std::string number(text);
  char* end = nullptr;
  const unsigned long long value = std::strtoull(number.c_str(), &end, 10);
  if (number.empty() || *end != '\0' || value == 0) {
    usage_error(program, "'" + number + "' is not a number of bytes");
  }
  return static_cast<std::size_t>(value);
}

/// Divides a fixed total between two semispaces and old space. A copying collector that is not
/// generational needs no more than its two halves.
void fit_into(std::size_t heap_bytes, heaplab::HeapOptions& options) {
  const std::size_t semi_space =
      std::clamp(heap_bytes / 8 / heaplab::MiB * heaplab::MiB, heaplab::MiB, 16 * heaplab::MiB);
  options.max_semi_space_bytes = semi_space;
  options.initial_semi_space_bytes = std::min(options.initial_semi_space_bytes, semi_space);
  if (options.plan == "generational") {
    options.max_old_space_bytes = heap_bytes - 2 * semi_space;
  } else {
    options.max_old_space_bytes = heap_bytes;
  }
}

bool take_prefix(std::string_view& argument, std::string_view prefix) {
  if (argument.substr(0, prefix.size()) != prefix) return false;
  argument.remove_prefix(prefix.size());
  return true;
}

struct Settings {
  heaplab::HeapOptions heap;
  bool trace_gc = false;
};

Settings parse_settings(int& argc, char** argv) {
  Settings settings;
  heaplab::HeapOptions& options = settings.heap;
  std::size_t heap_bytes = 0;
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    if (take_prefix(argument, "--gc=")) {
      options.plan = argument;
    } else if (take_prefix(argument, "--heap-bytes=")) {
      heap_bytes = bytes_of(argv[0], argument);
    } else if (take_prefix(argument, "--semi-space-bytes=")) {
      options.max_semi_space_bytes = bytes_of(argv[0], argument);
    } else if (argument == "--trace-gc") {
      settings.trace_gc = true;
    } else if (argument.substr(0, 1) == "-") {
      usage_error(argv[0], "unknown option " + std::string(argument));
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  options.initial_semi_space_bytes =
      std::min(options.initial_semi_space_bytes, options.max_semi_space_bytes);
  if (heap_bytes != 0) fit_into(std::max(heap_bytes, 4 * heaplab::MiB), options);
  return settings;
}

std::uint64_t thread_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

void PauseWatch::on_collection_start(const heaplab::Heap&, const heaplab::CollectionEvent&) {
  cpu_start_ns_ = thread_cpu_ns();
}

void PauseWatch::on_collection_end(const heaplab::Heap&, const heaplab::CollectionEvent& event) {
  ++(event.kind == heaplab::CollectionKind::minor ? minor_ : major_);
  const std::uint64_t pause = event.end_ns - event.start_ns;
  longest_ns_ = std::max(longest_ns_, pause);
  total_ns_ += pause;
  longest_cpu_ns_ = std::max(longest_cpu_ns_, thread_cpu_ns() - cpu_start_ns_);
}

void PauseWatch::print() const {
  print_measurement("minor_collections", static_cast<double>(minor_));
  print_measurement("major_collections", static_cast<double>(major_));
  print_measurement("pause_total_ms", static_cast<double>(total_ns_) * 1e-6);
  print_measurement("longest_pause_cpu_ms", static_cast<double>(longest_cpu_ns_) * 1e-6);
  print_measurement("longest_pause_ms", static_cast<double>(longest_ns_) * 1e-6);
}

BenchHeap::BenchHeap(int& argc, char** argv) {
  const Settings settings = parse_settings(argc, argv);
  try {
    heap_ = heaplab::gc::make_heap(settings.heap);
  } catch (const std::exception& error) {
    usage_error(argv[0], error.what());
  }
  heap_->add_listener(&watch_);
  if (settings.trace_gc) heap_->add_listener(&trace_);
}

BenchHeap::~BenchHeap() {
  heap_->remove_listener(&watch_);
  heap_->remove_listener(&trace_);
  watch_.print();
}

}  // namespace bench
