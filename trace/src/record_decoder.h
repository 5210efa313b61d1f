// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "block_reader.h"
#include "checkpoint_decoder.h"
#include "contexts.h"
#include "cursor.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/reader.h"
#include "index.h"
#include "table_decoder.h"

namespace heaplab::trace {

/// Turns the records of blocks into calls of a visitor. Keeps what checking needs: the sizes of the
/// tables, the newest object, whether a checkpoint is open.
class RecordDecoder {
 public:
  RecordDecoder(const std::string& path, Tables& tables, TableDecoder::Info& info)
      : path_(path), tables_(tables, info), checkpoint_(tables_) {}

  void decode(const Block& block, RecordingVisitor& visitor);
  void decode_end(const Block& block) const;

  Position position() const { return {time_, clock_, newest_, checkpoint_.checkpoints(), thread_}; }
  /// Of those decoded.
  std::uint64_t adopted() const { return adopted_; }
  std::uint64_t skipped_bytes() const { return skipped_bytes_; }
  bool in_checkpoint() const { return checkpoint_.is_open(); }
  /// Goes on as if everything up to there had been read.
  void start_at(const Position& position);

 private:
  void record(Op op, Cursor& in, RecordingVisitor& visitor);
  void rare_record(Op op, Cursor& in, RecordingVisitor& visitor);
  void allocation(Cursor& in, bool adopted, RecordingVisitor& visitor);
  void write(Op op, Cursor& in, RecordingVisitor& visitor);
  void edges_of(ObjectId host, Cursor& in, RecordingVisitor& visitor);
  void initial_edges(Cursor& in, RecordingVisitor& visitor);
  void newest_edges(Cursor& in, RecordingVisitor& visitor);
  void deaths(Cursor& in, RecordingVisitor& visitor);
  void free(Cursor& in, RecordingVisitor& visitor);
  void id_list(Cursor& in, const char* what, std::vector<ObjectId>& list);
  void roots(Cursor& in, RecordingVisitor& visitor);
  void last_uses(Cursor& in, RecordingVisitor& visitor);
  void skipped(Cursor& in, RecordingVisitor& visitor);
  void profile(Cursor& in, RecordingVisitor& visitor);
  void attachment(Cursor& in, RecordingVisitor& visitor);
  void collection(Cursor& in, RecordingVisitor& visitor);
  void memory(Cursor& in, RecordingVisitor& visitor);
  void time(Cursor& in, RecordingVisitor& visitor);
  void marker(Cursor& in, RecordingVisitor& visitor);
  void switch_thread(Cursor& in, RecordingVisitor& visitor);
  static Sizes sizes(Cursor& in);
  void seen_time(std::uint64_t time) { time_ = std::max(time_, time); }

  const std::string& path_;
  TableDecoder tables_;
  CheckpointDecoder checkpoint_;
  BlockContexts contexts_;
  std::uint64_t time_ = 0;
  std::uint64_t clock_ = 0;
  ObjectId newest_ = 0;
  std::uint64_t deaths_ = 0;
  std::uint64_t adopted_ = 0;
  std::uint64_t skipped_bytes_ = 0;
  ThreadId thread_ = 0;
  std::vector<InitialEdge> initial_;
  std::vector<ObjectId> removed_;
  std::vector<ObjectId> added_;
  std::vector<ProfileEntry> profile_;
};

}  // namespace heaplab::trace
