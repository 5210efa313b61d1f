// SPDX-License-Identifier: MIT
// The heap a workload runs on: made from the command line, watched for its longest pause.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>

#include "heaplab/gc/make_heap.h"
#include "heaplab/gc/trace_gc.h"
#include "heaplab/heap/events.h"
#include "heaplab/heap/heap.h"

namespace bench {

/// Counts collections and keeps the longest one. For these plans a collection is one pause. The CPU
/// time of a pause is watched as well: on a busy machine the wall clock also counts other programs.
class PauseWatch : public heaplab::HeapListener {
 public:
  void on_collection_start(const heaplab::Heap&, const heaplab::CollectionEvent& event) override;
  void on_collection_end(const heaplab::Heap&, const heaplab::CollectionEvent& event) override;
  void print() const;

 private:
  std::uint64_t minor_ = 0;
  std::uint64_t major_ = 0;
  std::uint64_t longest_ns_ = 0;
  std::uint64_t total_ns_ = 0;
  std::uint64_t cpu_start_ns_ = 0;
  std::uint64_t longest_cpu_ns_ = 0;
};

/// Takes --gc=PLAN, --heap-bytes=N (of all spaces together), --semi-space-bytes=N and --trace-gc
/// out of the command line, so that positional arguments stay as every peer has them. A bad option
/// ends the program with exit code 2.
class BenchHeap {
 public:
  BenchHeap(int& argc, char** argv);
  ~BenchHeap();
  BenchHeap(const BenchHeap&) = delete;
  BenchHeap& operator=(const BenchHeap&) = delete;

  heaplab::Heap& operator*() { return *heap_; }

 private:
  PauseWatch watch_;
  heaplab::gc::TraceGc trace_{stderr, heaplab::gc::TraceGc::Format::text};
  std::unique_ptr<heaplab::Heap> heap_;
};

}  // namespace bench
