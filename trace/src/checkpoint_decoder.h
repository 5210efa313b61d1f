// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "contexts.h"
#include "cursor.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/reader.h"
#include "table_decoder.h"

namespace heaplab::trace {

/// The records of checkpoints. Counts what it sees, for the end of a checkpoint says how much there
/// should have been.
class CheckpointDecoder {
 public:
  explicit CheckpointDecoder(const TableDecoder& tables) : tables_(tables) {}

  bool is_open() const { return open_; }
  std::uint64_t checkpoints() const { return checkpoints_; }
  /// Of the last checkpoint that began.
  std::uint64_t time_ns() const { return time_; }
  /// For a start in the middle of the file.
  void start_after(std::uint64_t checkpoints) { checkpoints_ = checkpoints; }

  /// False if `op` is no record of checkpoints. `newest` is the newest object.
  bool decode(Op op, Cursor& in, ObjectId newest, RecordingVisitor& visitor);

 private:
  void begin(Cursor& in, RecordingVisitor& visitor);
  void root(Cursor& in, RecordingVisitor& visitor) const;
  void node(Cursor& in, RecordingVisitor& visitor);
  void edges(Cursor& in, RecordingVisitor& visitor);
  void ephemeron(Cursor& in, RecordingVisitor& visitor) const;
  void end(Cursor& in, RecordingVisitor& visitor);
  ObjectId object_id(Cursor& in, const char* what) const { return in.in_range(what, 1, newest_); }

  const TableDecoder& tables_;
  ObjectId newest_ = 0;
  std::uint64_t checkpoints_ = 0;
  std::uint64_t time_ = 0;
  std::uint64_t clock_ = 0;
  bool open_ = false;
  bool wanted_ = false;
  bool has_node_ = false;
  CheckpointContexts contexts_;
  CheckpointEnd counted_;
};

}  // namespace heaplab::trace
