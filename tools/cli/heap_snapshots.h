// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/inspector/heapsnapshot_writer.h"
#include "heaplab/interp/runtime.h"

namespace heaplab::cli {

class Observation;

enum class SnapshotMoment : std::uint8_t { before_gc, after_gc, exit, signal, near_heap_limit };

/// One --heapsnapshot option.
struct SnapshotRequest {
  std::string file;
  SnapshotMoment moment = SnapshotMoment::exit;
};

/// FILE or FILE@MOMENT. Throws UsageError for a moment that does not exist.
SnapshotRequest parse_snapshot_request(const std::string& text);
/// Fails now rather than at the end of a long run. Throws InputError.
void check_snapshot_file(const std::string& file);

/// Writes heap snapshots of a running program: when the command line said so, when a signal comes,
/// and when the program calls v8.writeHeapSnapshot. One series: ids agree between all of them.
class HeapSnapshots : private HeapListener {
 public:
  /// `observation` (may be null) knows where objects were allocated. The runtime must outlive this.
  HeapSnapshots(interp::Runtime& runtime, std::vector<SnapshotRequest> requests,
                Observation* observation);
  ~HeapSnapshots() override;
  HeapSnapshots(const HeapSnapshots&) = delete;
  HeapSnapshots& operator=(const HeapSnapshots&) = delete;

  /// From the runtime's interrupt handler: did somebody send SIGUSR2? \pre A safepoint.
  void handle_interrupt();
  /// The program has ended; its heap is still there.
  void handle_exit();
  /// False if a snapshot that was asked for could not be written.
  bool complete() const { return complete_; }

 private:
  /// A request with what became of it so far.
  struct Series {
    SnapshotRequest request;
    std::uint32_t written = 0;
    bool ended = false;
  };

  void on_collection_start(const Heap& heap, const CollectionEvent& event) override;
  void on_collection_end(const Heap& heap, const CollectionEvent& event) override;
  void on_limit(const Heap& heap, const LimitEvent& event) override;

  bool wants(SnapshotMoment moment) const;
  void take(SnapshotMoment moment);
  void take(Series& series);
  void at_collection(SnapshotMoment moment, const CollectionEvent& event);
  void write_requested(const std::string& path);
  void collect();
  /// Throws std::system_error.
  void write(const std::string& path);
  void fail(const std::string& file, const std::string& why);

  interp::Runtime& runtime_;
  Observation* observation_;
  inspector::HeapSnapshotWriter writer_;
  std::vector<Series> series_;
  bool complete_ = true;
  bool busy_ = false;  ///< collections are our own
};

}  // namespace heaplab::cli
