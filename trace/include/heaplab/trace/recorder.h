// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/heap/access_table.h"
#include "heaplab/heap/heap.h"
#include "heaplab/heap/reservation.h"
#include "heaplab/heap/side_bitmap.h"
#include "heaplab/trace/writer.h"

// Recording a live heap. The program's thread appends what happens to a log; a thread of the
// recorder's turns the log into records, packs them and writes them. So most of the work is done
// beside the program, where there is a second processor.

namespace heaplab::trace {

class Encoder;
class EventLog;
struct CheckpointData;
class LabelCache;

/// The frames and call stacks that a SiteSource knows. The same contents give the same number.
class SiteTable {
 public:
  explicit SiteTable(EventLog& log) : log_(log) {}
  /// Lines and columns count from 1; 0 is unknown.
  FrameId frame(std::string_view function, std::string_view file, std::uint32_t line,
                std::uint32_t column);
  /// `parent` is the caller's stack, or 0.
  StackId stack(StackId parent, FrameId frame);

 private:
  EventLog& log_;
  std::unordered_map<std::string, FrameId> frames_;
  std::unordered_map<std::uint64_t, StackId> stacks_;
};

/// Says where the program is. A language supplies one; without it allocations have no site.
class SiteSource {
 public:
  virtual ~SiteSource() = default;
  /// The call stack of the allocation that is happening, by its number in `sites`; 0 if no program
  /// code is running. Called at every allocation: remember what you computed. May not allocate on
  /// the heap.
  virtual StackId current_stack(SiteTable& sites) = 0;
};

/// One file for the recorders of several heaps, each on its own thread. Recorders that are given
/// none make one of their own.
class SharedRecording {
 public:
  /// Creates or replaces the file. Throws std::system_error if it cannot.
  explicit SharedRecording(const std::string& path);
  /// Without finish() before it, the recording stays incomplete, as after a crash.
  ~SharedRecording();

  /// Facts for the reader: "program", "arguments", …
  void info(std::string_view key, std::string_view value);
  /// Completes the file. \pre All its recorders have finished.
  void finish();
  /// Empty while all is well; otherwise why the recording stopped (the disk is full).
  std::string error() const;

  struct State;

 private:
  friend class Recorder;
  std::shared_ptr<State> state_;
};

struct RecorderOptions {
  std::string path;
  /// Instead of `path`. Must outlive the recorder.
  SharedRecording* shared = nullptr;
  /// Names for this heap's part of a shared recording. "": the main thread's; one heap at most.
  std::string thread = {};
  std::string heap_name = {};
  /// May be null. Must outlive the recorder.
  SiteSource* sites = nullptr;
  /// The program's reads are reported with Recorder::touch, so an object that was not read is known
  /// to be unused. Say false if they are not: then only writes count as use.
  bool reports_reads = false;
  /// When each object was last used is written when it is found dead.
  bool last_uses = false;
  /// The change of the roots is written after this many allocated bytes: the smaller, the more
  /// exact are the lifetimes that follow from the recording. 1: before each allocation. 0: never.
  std::uint64_t root_granularity_bytes = 64 * KiB;
  /// Records one allocation in so many bytes, chosen at random as by tcmalloc and V8: for long
  /// runs. Pointer writes and roots are left out. 0: records all.
  std::uint64_t sampling_bytes = 0;
  /// The first checkpoints are this many allocated bytes apart; later ones ever further.
  std::uint64_t checkpoint_step_bytes = 64 * KiB;
  /// Checkpoints may take this share of the run's processor time, after those that looked at so
  /// many objects together: what is recorded of a short run does not depend on the machine.
  double checkpoint_time_share = 0.1;
  std::uint64_t free_checkpoint_objects = 1'000'000;
};

/// Records a live heap into a file. Attaches to the heap when made and lets go of it in finish() or
/// when destroyed. Works for any language on the heap; examples/embedder records itself.
///
/// What it costs: see README.md. The recorder never makes the program fail: see error(). Its public
/// functions belong to the heap's thread.
class Recorder : private ObjectObserver, private HeapListener {
 public:
  /// Collects once; adopts the objects that are left, and takes a first checkpoint.
  /// \pre A safepoint, as for an allocation. Throws std::system_error if the file cannot be made,
  /// std::logic_error if the heap is being observed.
  Recorder(Heap& heap, const RecorderOptions& options);
  ~Recorder() override;
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Facts for the reader: "program", "arguments", …
  void info(std::string_view key, std::string_view value);
  /// The program read or used the object. Cheap: one store.
  void touch(const Object* object) { access_.touch(object); }
  /// For a language that does so in many places.
  AccessTable& access_table() { return access_; }
  /// A phase marker, and a checkpoint if time allows. \pre A safepoint, as for an allocation.
  void mark(std::string_view name);
  /// The program is between two turns of its event loop: no code is running, so what is reachable
  /// now is what is really kept. Takes a checkpoint if one is due. \pre A safepoint.
  void turn();
  void memory(const MemorySample& sample, std::string_view event);
  /// Waits until what happened so far is in the file. Without this it is after a second at most.
  void flush();

  /// Collects everything, takes the last checkpoint, detaches, and completes the file if it is not
  /// a shared one.
  void finish();

  /// Empty while all is well; otherwise why the recording stopped (the disk is full).
  std::string error() const;
  /// Where the object was allocated, as SiteSource said; 0: unknown. \pre flush() was called since
  /// its allocation, finish() was not.
  StackId stack_of(const Object* object) const;
  std::uint64_t checkpoint_count() const { return checkpoints_; }

 private:
  class CheckpointSink;
  class RootLook;

  void on_allocate(Object* object, std::size_t bytes) override;
  void on_write(Object* host, const void* slot, Object* old_value, Object* value) override;
  void on_weak_write(Object* host, const void* slot, Object* old_value, Object* value) override;
  void on_move(Object* from, Object* to, std::size_t bytes) override;
  void on_deaths(std::byte* block, std::span<const std::uint64_t> starts) override;
  void on_collection_start(const Heap& heap, const CollectionEvent& event) override;
  void on_collection_end(const Heap& heap, const CollectionEvent& event) override;
  void on_limit(const Heap& heap, const LimitEvent& event) override;

  void write_facts();
  void adopt_existing();
  void announce_types();
  /// True: this allocation is not in the sample.
  bool is_skipped(Object* object, std::size_t bytes);
  void draw_sample();
  void log_skipped();
  /// What the fresh object holds, if there is one. \post No entry of the log is open.
  void log_fresh() {
    if (fresh_ != nullptr) [[likely]] {
      complete_fresh();
    }
  }
  /// The same where the program may go on to store into it.
  void log_fresh_and_seal() {
    log_fresh();
    heap_.seal_newest();
  }
  void complete_fresh();
  void open_fresh(Object* object, std::size_t bytes, StackId stack);
  void log_contents(Object* object);
  void log_references(Object* object, const TypeLayout& layout);
  void log_store(const Object* host, std::uint64_t code, RefBits old_value, RefBits new_value);
  void log_death(const Object* object);
  void log_roots();
  void log_root_run(std::size_t first, std::size_t count, bool last);
  /// Roots or a checkpoint may be due.
  void look_around();
  /// Takes a checkpoint if the clock moved far enough and time allows. `patience` multiplies the
  /// distance.
  void consider_checkpoint(CheckpointReason reason, std::uint64_t patience);
  void checkpoint(CheckpointReason reason);
  std::uint32_t string_number(std::string_view text, CheckpointData& data);
  /// What the program did so far, in bytes it allocated on the heap and off it.
  std::uint64_t progress();
  bool time_allows(double share) const;
  static std::uint64_t cpu_ns();
  void detach();

  Heap& heap_;
  RecorderOptions options_;
  std::unique_ptr<SharedRecording> own_;
  std::shared_ptr<SharedRecording::State> shared_;
  std::unique_ptr<Encoder> encoder_;
  EventLog* log_ = nullptr;
  std::unique_ptr<SiteTable> sites_;
  AccessTable access_;
  Reservation access_memory_;
  unsigned access_shift_ = 10;  ///< an access_ unit is so many bits of the clock

  std::uint64_t clock_ = 0;               ///< bytes allocated since the recording began
  std::uint64_t next_look_ = 0;           ///< the clock when to look_around()
  Object* fresh_ = nullptr;               ///< its contents are not logged yet
  std::uint64_t* fresh_entry_ = nullptr;  ///< the open entry for them; null: it is large
  std::size_t fresh_words_ = 0;           ///< in its image
  std::uint64_t fresh_first_word_ = 0;
  std::size_t known_types_ = 0;  ///< types that the encoder knows

  std::uint64_t roots_clock_ = 0;           ///< at the last look at the roots
  std::vector<std::uint64_t> root_words_;   ///< as of the last look; no reference: 0
  std::vector<std::uint64_t> root_buffer_;  ///< of the look before it
  bool roots_moved_ = true;                 ///< since the last look

  std::int64_t until_sample_ = 0;  ///< bytes
  std::uint64_t skipped_objects_ = 0;
  std::uint64_t skipped_bytes_ = 0;
  SideBitmap sampled_;  ///< where recorded objects start, if not all are
  std::mt19937_64 random_{20260101};

  std::uint64_t checkpoints_ = 0;
  std::unordered_map<std::string, std::uint32_t> strings_;
  /// How objects were labelled at the checkpoint before; an object's note says where its part is.
  std::unique_ptr<LabelCache> labels_;
  std::uint64_t last_progress_ = 0;    ///< at the last checkpoint
  std::uint64_t external_seen_ = 0;    ///< off-heap bytes when last looked at
  std::uint64_t external_growth_ = 0;  ///< the sum of all increases
  std::uint64_t start_cpu_ns_ = 0;
  std::uint64_t checkpoint_ns_ = 0;       ///< spent in all checkpoints
  std::uint64_t checkpoint_objects_ = 0;  ///< seen in all of them
  std::uint64_t last_checkpoint_ns_ = 0;  ///< spent in the last
  bool has_turns_ = false;
  bool attached_ = false;
  bool finishing_ = false;
};

}  // namespace heaplab::trace
