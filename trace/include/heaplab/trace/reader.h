// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "heaplab/support/error.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// Receives a recording's records in order. Every number has been checked: ids of tables exist,
/// object ids are those of objects announced before. Every method has an empty default.
class RecordingVisitor {
 public:
  virtual ~RecordingVisitor() = default;
  virtual void on_allocation(const Allocation&) {}
  virtual void on_write(const PointerWrite&) {}
  virtual void on_initial_edges(ObjectId /*host*/, std::span<const InitialEdge>) {}
  /// A collection found it dead, or it was found dead in another way: it died before now.
  virtual void on_death(ObjectId) {}
  /// The program freed it, now.
  virtual void on_free(ObjectId) {}
  virtual void on_roots(const RootChange&) {}
  virtual void on_last_use(const LastUse&) {}
  /// The records that follow are this thread's.
  virtual void on_thread(ThreadId) {}
  /// Objects that were allocated but not recorded (the recording is a sample); the clock moved.
  virtual void on_skipped(std::uint64_t /*objects*/, std::uint64_t /*bytes*/) {}
  virtual void on_profile(std::uint64_t /*time_ns*/, std::span<const ProfileEntry>) {}
  virtual void on_attachment(const Attachment&) {}
  virtual void on_collection(const Collection&) {}
  virtual void on_memory(const MemorySample&) {}
  virtual void on_marker(const Marker&) {}
  virtual void on_time(std::uint64_t /*time_ns*/) {}
  /// False: skip this checkpoint's contents; on_checkpoint_end is still called.
  virtual bool on_checkpoint_begin(const CheckpointBegin&) { return true; }
  virtual void on_checkpoint_root(const CheckpointRoot&) {}
  virtual void on_checkpoint_node(const CheckpointNode&) {}
  virtual void on_checkpoint_edge(const CheckpointEdge&) {}
  virtual void on_checkpoint_ephemeron(const CheckpointEphemeron&) {}
  virtual void on_checkpoint_end(const CheckpointEnd&) {}
  /// After each block; `offset` is where the next begins. For progress lines.
  virtual void on_block(std::uint64_t /*offset*/) {}
  /// Asked after each block of a recording of ours: false ends the reading there. Readers of other
  /// formats go on to the end.
  virtual bool wants_more() { return true; }
};

/// What reading found out about the file as a whole.
struct Extent {
  /// Nothing shows that something is missing: the recorder finished it, or the visitor did not want
  /// the rest.
  bool complete = false;
  /// False: the format has no end mark, so a file that looks complete may have been cut off between
  /// two records.
  bool end_is_told = true;
  std::uint64_t blocks = 0;  ///< whole blocks read
  std::uint64_t bytes = 0;   ///< up to the end of the last whole block
  std::uint64_t clock = 0;
  std::uint64_t objects = 0;        ///< that have ids
  std::uint64_t adopted = 0;        ///< of them, those older than the recording; of read() only
  std::uint64_t skipped_bytes = 0;  ///< allocated but not recorded; of read() only
  std::uint64_t time_ns = 0;        ///< the latest that was named; of read_range() only
  /// For an incomplete one: "recording ends early at offset N; read M whole blocks".
  std::string note;

  /// What was allocated while recording, and recorded.
  std::uint64_t allocated_objects() const { return objects - adopted; }
  std::uint64_t allocated_bytes() const { return clock - skipped_bytes; }
};

/// When deaths are known.
enum class Deaths : std::uint8_t {
  none,         ///< never
  collections,  ///< at collections: an object died some time before
  exact         ///< the program frees: on_free is the moment
};

/// What a recording can know, from its info records: what it does not know must not be concluded.
struct Knowledge {
  bool identity = true;  ///< ids name objects; or else a free names one of several alike
  Deaths deaths = Deaths::none;
  bool writes = false;  ///< all pointer writes are there
  /// Root changes are there, at least every so many bytes of the clock (1: at each allocation);
  /// 0: there are none.
  std::uint64_t root_granularity = 0;
  bool last_uses = false;
  bool times = false;
  std::uint64_t sampling_bytes = 0;  ///< one allocation in so many bytes is there; 0: each is
};

/// A moment of a recording, on one of its clocks.
struct Moment {
  enum class Axis : std::uint8_t {
    clock,    ///< bytes allocated before
    time_ns,  ///< of collections, samples, markers and the like
    objects   ///< allocated before
  };
  Axis axis = Axis::clock;
  std::uint64_t at = 0;
};

/// A part of a recording: what happened at `from` or later and before `to`, as exactly as the
/// recording tells when things happened.
struct Range {
  Moment from;
  Moment to{Moment::Axis::clock, ~std::uint64_t{0}};
};

/// Something to read a recording from: a file of ours, or one that another tool wrote. Bounded
/// memory: the tables, and what the format needs to name objects.
class RecordingSource {
 public:
  explicit RecordingSource(std::string path) : path_(std::move(path)) {}
  virtual ~RecordingSource() = default;
  RecordingSource(const RecordingSource&) = delete;
  RecordingSource& operator=(const RecordingSource&) = delete;

  /// Reads the whole file. May be called again (but not on a pipe); the tables start afresh.
  /// Throws InputError for a file that is damaged or not what it seemed. A file that just stops
  /// (its recorder was killed) is no error: Extent says so.
  virtual Extent read(RecordingVisitor& visitor) = 0;
  /// Hands out a part only. Ids and clocks are those of the whole, so there may be objects that
  /// were not announced; a checkpoint that began before the part is left out. Table entries up to
  /// the end of the part are there. Does not read what it can do without: Extent counts what it
  /// read.
  virtual Extent read_range(RecordingVisitor& visitor, const Range& range);
  /// "heaplab recording", "heaptrack", …
  virtual std::string_view format() const = 0;

  const std::string& path() const { return path_; }
  /// Complete when read() has returned; growing while it runs.
  const Tables& tables() const { return tables_; }
  const std::map<std::string, std::string>& info() const { return info_; }
  /// The value of an info key, or "".
  std::string info(const std::string& key) const;
  /// What the info records read so far say.
  Knowledge knowledge() const;
  /// Reads up to the first event, so that info() and knowledge() say what the start of the file
  /// does. Nothing happens on a pipe, which cannot be read again. Throws as read().
  void learn();

 protected:
  std::string path_;
  Tables tables_;
  std::map<std::string, std::string> info_;
};

/// Reads a recording of ours from front to back in bounded memory: a few blocks and the tables.
/// Every byte is checked; see the list of errors in README.md.
class RecordingReader : public RecordingSource {
 public:
  /// `-` reads standard input.
  explicit RecordingReader(std::string path) : RecordingSource(std::move(path)) {}
  Extent read(RecordingVisitor& visitor) override;
  /// With the file's index: starts at the last block before the range. Without (the recording was
  /// cut off, or comes through a pipe): from the start.
  Extent read_range(RecordingVisitor& visitor, const Range& range) override;
  std::string_view format() const override { return "heaplab recording"; }
};

}  // namespace heaplab::trace
