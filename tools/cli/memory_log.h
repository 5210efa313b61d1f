// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "heaplab/heap/heap.h"
#include "heaplab/support/progress.h"

namespace heaplab::cli {

/// process.memoryUsage() as it is now. Bytes.
struct MemoryUsage {
  std::uint64_t rss = 0;
  std::uint64_t heap_total = 0;
  std::uint64_t heap_used = 0;
  std::uint64_t external = 0;
  std::uint64_t array_buffers = 0;
};
MemoryUsage memory_usage(const Heap& heap);

/// Takes snapshots of a heap's memory: around each collection by itself, and whenever told. Where
/// they go is up to the sinks.
class MemoryLog : public HeapListener {
 public:
  /// `event`: "interval", "before-gc", "after-gc", "exit"; `collection` is null but for the gc
  /// ones.
  using Sink = std::function<void(const MemoryUsage&, std::uint64_t time_ns, std::string_view event,
                                  const CollectionEvent* collection)>;
  explicit MemoryLog(Heap& heap);
  ~MemoryLog() override;
  MemoryLog(const MemoryLog&) = delete;
  MemoryLog& operator=(const MemoryLog&) = delete;

  void add_sink(Sink sink) { sinks_.push_back(std::move(sink)); }
  void sample(std::string_view event, const CollectionEvent* collection = nullptr);

  void on_collection_start(const Heap&, const CollectionEvent& event) override;
  void on_collection_end(const Heap&, const CollectionEvent& event) override;

 private:
  Heap& heap_;
  std::vector<Sink> sinks_;
};

/// Writes one JSON object a line. Throws InputError if the file cannot be made.
MemoryLog::Sink json_lines_sink(const std::string& path);

/// Shows one line on standard error that changes in place.
class LiveMemory {
 public:
  bool visible() const { return line_.visible(); }
  void show(const MemoryUsage& usage, std::uint64_t time_ns, const CollectionEvent* collection);
  void erase() { line_.erase(); }

 private:
  LiveLine line_;
  std::vector<double> curve_;
  std::uint64_t shown_ns_ = 0;
  std::uint64_t minor_ = 0;
  std::uint64_t major_ = 0;
};

}  // namespace heaplab::cli
