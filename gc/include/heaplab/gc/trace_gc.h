// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <string>

#include "heaplab/heap/events.h"

namespace heaplab::gc {

/// `--trace-gc`: one line per collection, in V8's format or as a JSON object.
class TraceGc final : public HeapListener {
 public:
  enum class Format : std::uint8_t { text, json };
  /// Does not own `out`.
  TraceGc(std::FILE* out, Format format) : out_(out), format_(format) {}

  void on_collection_end(const Heap& heap, const CollectionEvent& event) override;
  void on_limit(const Heap& heap, const LimitEvent& event) override;

 private:
  std::FILE* out_;
  Format format_;
};

/// V8's line without the final newline:
/// `[pid:0xHEAP]   12 ms: Scavenge 2.3 (4.0) -> 1.9 (5.0) MB, 0.61 / 0.00 ms  (average mu = …)
/// REASON; COLLECTOR_REASON`, the last often empty.
std::string trace_gc_line(const Heap& heap, const CollectionEvent& event);
/// The event as one JSON object; bytes and milliseconds.
std::string trace_gc_json(const CollectionEvent& event);

}  // namespace heaplab::gc
