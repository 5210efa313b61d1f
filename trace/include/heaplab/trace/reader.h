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
  virtual void on_death(ObjectId) {}
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
};

/// What reading found out about the file as a whole.
struct Extent {
  bool complete = false;     ///< the recorder finished it
  std::uint64_t blocks = 0;  ///< whole blocks read
  std::uint64_t bytes = 0;   ///< up to the end of the last whole block
  std::uint64_t clock = 0;
  std::uint64_t objects = 0;
  /// For an incomplete one: "recording ends early at offset N; read M whole blocks".
  std::string note;
};

/// Reads a recording from front to back in bounded memory: one block and the tables. Every byte is
/// checked; see the list of errors in README.md.
class RecordingReader {
 public:
  /// `-` reads standard input.
  explicit RecordingReader(std::string path) : path_(std::move(path)) {}

  /// Reads the whole file. May be called again (but not on a pipe); the tables start afresh.
  /// Throws InputError for a file that is no recording, is damaged, or is of a newer major version.
  /// A file that just stops (its recorder was killed) is no error: Extent says so.
  Extent read(RecordingVisitor& visitor);

  const std::string& path() const { return path_; }
  /// Complete when read() has returned; growing while it runs.
  const Tables& tables() const { return tables_; }
  const std::map<std::string, std::string>& info() const { return info_; }
  /// The value of an info key, or "".
  std::string info(const std::string& key) const;

 private:
  friend class RecordDecoder;

  std::string path_;
  Tables tables_;
  std::map<std::string, std::string> info_;
};

}  // namespace heaplab::trace
