// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/trace/reader.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

/// What objects and clocks of one recording are in another. Both count the same way, so stretches
/// of them are shifted together: memory is for stretches, not for objects.
class Renumbering {
 public:
  /// The object `old_id`, born at `old_clock`, has become `new_id`, born at `new_clock`. Ids come
  /// in ascending order.
  void add(ObjectId old_id, ObjectId new_id, std::uint64_t old_clock, std::uint64_t new_clock);
  /// An object from before all those; in any order.
  void add_older(ObjectId old_id, ObjectId new_id) { older_[old_id] = new_id; }

  /// 0: not in the new recording.
  ObjectId object(ObjectId old_id) const;
  /// 0 for what is before the new recording.
  std::uint64_t clock(std::uint64_t old_clock) const;

 private:
  struct Stretch {
    ObjectId old_id, new_id;
    std::uint64_t old_clock, new_clock;
  };
  std::vector<Stretch> stretches_;
  std::unordered_map<ObjectId, ObjectId> older_;
};

/// Writes down what a source says, in the numbers of the new recording. Objects that are not there
/// are left out, with what is said of them.
class RecordingCopier : public RecordingVisitor {
 public:
  RecordingCopier(const RecordingSource& source, RecordingWriter& writer)
      : source_(source), writer_(writer) {}

  void on_allocation(const Allocation& a) override;
  void on_write(const PointerWrite& w) override;
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override;
  void on_death(ObjectId id) override;
  void on_free(ObjectId id) override;
  void on_roots(const RootChange& change) override;
  void on_last_use(const LastUse& use) override;
  void on_thread(ThreadId thread) override;
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override;
  void on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) override;
  void on_attachment(const Attachment& a) override;
  void on_collection(const Collection& c) override;
  void on_memory(const MemorySample& m) override;
  void on_marker(const Marker& m) override;
  void on_time(std::uint64_t time_ns) override;
  bool on_checkpoint_begin(const CheckpointBegin& b) override;
  void on_checkpoint_root(const CheckpointRoot& r) override;
  void on_checkpoint_node(const CheckpointNode& n) override;
  void on_checkpoint_edge(const CheckpointEdge& e) override;
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override;
  void on_checkpoint_end(const CheckpointEnd& e) override;

  /// Info records of the source that were not copied yet. Call it at the end, at least.
  virtual void copy_info();
  /// Deaths are gathered until something else happens: this writes them.
  void flush_deaths();

  /// Ends a checkpoint that the source does not end, with what there was of it.
  void close_checkpoint();

  Renumbering& numbers() { return numbers_; }
  StringId string(StringId id);
  TypeIndex type(TypeIndex id);
  StackId stack(StackId id);
  /// In the new recording; made if need be. The main thread stays the main thread.
  virtual ThreadId thread(ThreadId id);

 protected:
  RecordingWriter& writer() { return writer_; }
  const RecordingSource& source() const { return source_; }
  bool in_checkpoint() const { return in_checkpoint_; }
  /// Always true. Numbers count through the new recording.
  bool begin_checkpoint(const CheckpointBegin& b, std::uint64_t number);

 private:
  void begin_event();
  void flush_lists();

  const RecordingSource& source_;
  RecordingWriter& writer_;
  Renumbering numbers_;
  std::vector<StringId> strings_;
  std::vector<TypeIndex> types_;
  std::vector<StackId> stacks_;
  std::vector<ThreadId> threads_;
  std::map<std::string, std::string> info_;
  std::vector<ObjectId> dead_;
  std::vector<LastUse> uses_;
  std::vector<InitialEdge> edges_;
  std::vector<ObjectId> removed_, added_;
  std::vector<ProfileEntry> profile_;
  std::vector<CheckpointEdge> node_edges_;
  bool node_is_there_ = false;
  bool in_checkpoint_ = false;
  std::uint64_t checkpoint_clock_ = 0;
  CheckpointEnd counted_;
  std::uint64_t checkpoints_ = 0;
};

}  // namespace heaplab::trace
