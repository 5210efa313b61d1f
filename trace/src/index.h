// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cursor.h"
#include "heaplab/trace/format.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// Where in a recording something is: how far each of its clocks has come.
struct Position {
  std::uint64_t time_ns = 0;  ///< the latest that any record named
  std::uint64_t clock = 0;
  ObjectId objects = 0;
  std::uint64_t checkpoints = 0;
  ThreadId thread = 0;
};

/// A block at which reading can start.
struct IndexEntry {
  std::uint64_t offset = 0;  ///< of its frame
  Position start;            ///< before its first record
  /// It, or a block before the next entry's, defines table entries.
  bool has_tables = false;
};

/// Of a whole recording, in the order of the file. Bounded: of a long one, each entry stands for
/// several blocks.
class Index {
 public:
  /// A block. It gets no entry of its own if reading cannot start there: inside a checkpoint.
  void add(const IndexEntry& entry, bool can_start);
  const std::vector<IndexEntry>& entries() const { return entries_; }
  std::string encode() const;
  /// Throws InputError. The entries are in order when it returns.
  static Index decode(Cursor& in, std::uint64_t block_offset);

 private:
  std::vector<IndexEntry> entries_;
  std::uint64_t step_ = 1;     ///< every so many blocks have an entry
  std::uint64_t skipped_ = 0;  ///< since the last entry
};

}  // namespace heaplab::trace
