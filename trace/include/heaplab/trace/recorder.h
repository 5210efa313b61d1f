// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/heap/heap.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

class ObjectTable;
class RootSet;

/// Says where the program is. A language supplies one; without it allocations have no site.
class SiteSource {
 public:
  virtual ~SiteSource() = default;
  /// The call stack of the allocation that is happening, as a number of `writer`'s stack table; 0
  /// if no program code is running. Called at every allocation: remember what you computed. May not
  /// allocate on the heap.
  virtual StackId current_stack(RecordingWriter& writer) = 0;
};

struct RecorderOptions {
  std::string path;
  /// May be null. Must outlive the recorder.
  SiteSource* sites = nullptr;
  /// The program's reads are reported with Recorder::touch, so an object that was not read is known
  /// to be unused. Say false if they are not: then only writes count as use.
  bool reports_reads = false;
  /// The change of the roots is written after this many allocated bytes: the smaller, the more
  /// exact are the lifetimes that follow from the recording. 1: before each allocation. 0: never.
  std::uint64_t root_granularity_bytes = 4 * KiB;
  /// The first checkpoints are this many allocated bytes apart; later ones ever further.
  std::uint64_t checkpoint_step_bytes = 64 * KiB;
  /// Checkpoints may take this share of the run's processor time.
  double checkpoint_time_share = 0.25;
};

/// Records a live heap into a file. Attaches to the heap when made and lets go of it in finish() or
/// when destroyed. Works for any language on the heap; tests/trace/recorder_test.cpp is an embedder
/// in 30 lines.
///
/// What it costs: three to ten times the time of allocation-heavy code, and 12 bytes of memory for
/// every 16 the heap touched. The recorder never makes the program fail: see error().
class Recorder : private ObjectObserver, private HeapListener {
 public:
  /// Collects once; adopts the objects that are left, and takes a first checkpoint.
  /// \pre A safepoint, as for an allocation. Throws
  /// std::system_error if the file cannot be made, std::logic_error if the heap is being observed.
  Recorder(Heap& heap, const RecorderOptions& options);
  ~Recorder() override;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Facts for the reader: "program", "arguments", …
  void info(std::string_view key, std::string_view value) { writer_.info(key, value); }
  /// The program read or used the object. Cheap: one store.
  void touch(const Object* object);
  /// A phase marker, and a checkpoint if time allows. \pre A safepoint, as for an allocation.
  void mark(std::string_view name);
  /// The program is between two turns of its event loop: no code is running, so what is reachable
  /// now is what is really kept. Takes a checkpoint if one is due. \pre A safepoint.
  void turn();
  /// \post The sample is in the file once its block is.
  void memory(MemorySample sample, std::string_view event);

  /// Collects everything, takes the last checkpoint, completes the file and detaches.
  void finish();

  /// Empty while all is well; otherwise why the recording stopped (the disk is full).
  const std::string& error() const { return writer_.error(); }
  /// Where the object was allocated, as SiteSource said; 0: unknown. \pre finish() was not called.
  StackId stack_of(const Object* object) const;
  RecordingWriter& writer() { return writer_; }
  std::uint64_t checkpoint_count() const { return checkpoints_; }

 private:
  friend class CheckpointSink;

  void on_allocate(Object* object, std::size_t bytes) override;
  void on_write(Object* host, const void* slot, Object* value) override;
  void on_move(Object* from, Object* to, std::size_t bytes) override;
  void on_death(Object* object) override;
  void on_collection_start(const Heap& heap, const CollectionEvent& event) override;
  void on_collection_end(const Heap& heap, const CollectionEvent& event) override;
  void on_limit(const Heap& heap, const LimitEvent& event) override;

  void adopt_existing();
  /// What the fresh object holds, if there is one.
  void emit_initial_edges();
  void emit_edges_of(Object* object);
  void write_roots();
  TypeIndex type_index(const Object& object);
  /// The id of an object, 0 for null and for objects nobody announced.
  ObjectId id_of(const Object* object) const;
  std::uint64_t birth_of(ObjectId id) const;
  void remember_birth(ObjectId id);
  /// Takes a checkpoint if the clock moved far enough and time allows. `patience` multiplies the
  /// distance.
  void consider_checkpoint(CheckpointReason reason, std::uint64_t patience);
  void checkpoint(CheckpointReason reason);
  /// What the program did so far, in bytes it allocated on the heap and off it.
  std::uint64_t progress();
  bool time_allows(double share) const;
  static std::uint64_t cpu_ns();
  void flush_if_due();
  void detach();

  Heap& heap_;
  RecorderOptions options_;
  RecordingWriter writer_;
  std::unique_ptr<ObjectTable> objects_;
  std::vector<TypeIndex> types_;             ///< by heap TypeId; 0: not defined yet
  std::vector<std::uint64_t> birth_clocks_;  ///< of every 256th object
  Object* fresh_ = nullptr;                  ///< its first values are not written yet
  std::vector<InitialEdge> fresh_edges_;
  std::unique_ptr<RootSet> roots_;
  std::uint64_t roots_clock_ = 0;  ///< at the last look at the roots
  std::vector<ObjectId> dead_;
  std::uint64_t checkpoints_ = 0;
  std::uint64_t last_progress_ = 0;    ///< at the last checkpoint
  std::uint64_t external_seen_ = 0;    ///< off-heap bytes when last looked at
  std::uint64_t external_growth_ = 0;  ///< the sum of all increases

  std::uint64_t start_cpu_ns_ = 0;
  std::uint64_t checkpoint_ns_ = 0;       ///< spent in all checkpoints
  std::uint64_t last_checkpoint_ns_ = 0;  ///< spent in the last
  std::uint64_t last_flush_ns_ = 0;
  std::uint64_t events_ = 0;
  bool has_turns_ = false;
  bool attached_ = false;
  bool finishing_ = false;
};

}  // namespace heaplab::trace
