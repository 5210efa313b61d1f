// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "heaplab/leakcheck/report.h"
#include "heaplab/trace/reader.h"

// Recordings of several heaps: each is judged by itself, and the findings are put together.

namespace heaplab::leakcheck {

/// The heap that records are of, by its name in the tables; 0 is the main one.
using HeapId = trace::StringId;

std::string heap_name(const trace::Tables& tables, HeapId heap);

/// Knows which heap a record is of.
class HeapVisitor : public trace::RecordingVisitor {
 public:
  explicit HeapVisitor(const trace::RecordingSource& source) : source_(source) {}
  void on_thread(trace::ThreadId thread) override { heap_ = source_.tables().threads[thread].heap; }

 protected:
  const trace::RecordingSource& source_;
  HeapId heap_ = 0;
};

/// Adds what was found in one heap of several. Curves of different heaps are not added up: they
/// were looked at at different times.
void add_heap(Report& all, Report heap, const std::string& name);
/// Once all are added.
void sort_leaks(Report& report);

}  // namespace heaplab::leakcheck
