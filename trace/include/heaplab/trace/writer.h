// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

class BlockWriter;
class ByteBuffer;
struct WriterState;

/// Writes a recording, record by record; knows the format and nothing of where the events come
/// from. Records are gathered in blocks; flush() makes what was written so far survive a crash.
///
/// Never throws after construction: if the disk fails, writing stops, error() says why, and what
/// was written until then stays readable. A program that is watched must not fall over its watcher.
class RecordingWriter {
 public:
  /// Creates or replaces the file; `-` is standard output. Throws std::system_error if it cannot.
  explicit RecordingWriter(const std::string& path);
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// Facts about the recording: "program", "plan", "accesses", … Only the last value of a key
  /// counts.
  void info(std::string_view key, std::string_view value);

  /// \name Tables. The same contents give the same number; a full table gives 0.
  /// @{
  StringId string(std::string_view text);
  TypeIndex type(std::string_view name, std::string_view node_type);
  FrameId frame(std::string_view function, std::string_view file, std::uint32_t line,
                std::uint32_t column);
  StackId stack(StackId parent, FrameId frame);
  /// A new thread each time.
  ThreadId thread(std::string_view name, std::string_view heap);
  /// @}

  /// The next object: ids count from 1. Advances the bytes clock unless `adopted`.
  ObjectId allocation(TypeIndex type, std::uint64_t bytes, StackId stack, bool adopted = false);
  void write(const PointerWrite& write);
  void initial_edges(ObjectId host, std::span<const InitialEdge> edges);
  /// Sorts `ids`.
  void deaths(std::vector<ObjectId>& ids);
  /// The program frees the object now.
  void free(ObjectId id);
  /// See RootChange.
  void roots(std::span<const ObjectId> removed, std::span<const ObjectId> added);
  void last_uses(std::span<const LastUse> uses);
  /// What follows is this thread's. At the start it is thread 0's.
  void switch_thread(ThreadId thread);
  /// Allocations that are not in the recording. Advances the bytes clock.
  void skipped(std::uint64_t objects, std::uint64_t bytes);
  /// At most max_profile_entries; the rest is left out.
  void profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries);
  void attachment(const Attachment& attachment);
  void collection(const Collection& collection);
  void memory(const MemorySample& sample);
  void marker(const Marker& marker);
  void time(std::uint64_t time_ns);

  void checkpoint_begin(const CheckpointBegin& begin);
  void checkpoint_root(const CheckpointRoot& root);
  void checkpoint_node(const CheckpointNode& node);
  /// Outgoing edges of the last node; may be called several times for one node.
  void checkpoint_edges(std::span<const CheckpointEdge> edges);
  void checkpoint_ephemeron(const CheckpointEphemeron& ephemeron);
  void checkpoint_end(const CheckpointEnd& end);

  /// Puts all records so far into the file.
  void flush();
  /// Marks the recording as complete (unless a checkpoint is open: then it ends early) and closes
  /// the file. Nothing may be written afterwards.
  void finish();

  /// Empty while all is well.
  const std::string& error() const;
  std::uint64_t bytes_written() const;
  std::uint64_t clock() const { return clock_; }
  ObjectId last_id() const { return last_id_; }

 private:
  struct FrameKey {
    StringId function, file;
    std::uint32_t line, column;
    bool operator==(const FrameKey&) const = default;
  };
  struct FrameHash {
    std::size_t operator()(const FrameKey& key) const;
  };

  /// Room for the first byte and `numbers` varints.
  ByteBuffer& begin_record(Op op, std::size_t numbers);
  ByteBuffer& begin_table_record(Op op, std::size_t numbers);
  void end_record();
  void put_class(ByteBuffer& out, TypeIndex type, std::uint64_t bytes, StackId stack);
  /// Its number, or 0 if the table is full. May write a record.
  std::uint32_t class_of(TypeIndex type, std::uint64_t bytes, StackId stack);
  void put_edges(ByteBuffer& buffer, std::span<const InitialEdge> edges);
  void put_ids(ByteBuffer& out, std::span<const ObjectId> ids);
  void seen_time(std::uint64_t time_ns);
  std::uint64_t most_bytes() const;

  std::unique_ptr<BlockWriter> blocks_;
  std::unique_ptr<WriterState> state_;
  std::uint64_t clock_ = 0;
  ObjectId last_id_ = 0;
  std::uint64_t string_bytes_ = 0;
  ThreadId threads_ = 0;
  std::unordered_map<std::string, StringId> strings_;
  std::unordered_map<std::uint64_t, TypeIndex> types_;
  std::unordered_map<FrameKey, FrameId, FrameHash> frames_;
  std::unordered_map<std::uint64_t, StackId> stacks_;
};

}  // namespace heaplab::trace
