// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "block_writer.h"
#include "contexts.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

/// What RecordingWriter keeps in step with its reader.
struct WriterState {
  BlockContexts contexts;
  CheckpointContexts checkpoint;
  IndexEntry block;  ///< the one that is being filled
  bool can_start = true;
  bool in_checkpoint = false;
  Position now;

  struct ClassHash {
    std::size_t operator()(const AllocationClass& c) const {
      std::uint64_t hash = (std::uint64_t{c.type} << 32 | c.stack) * 0x9E3779B97F4A7C15u;
      hash = (hash ^ c.bytes) * 0xC2B2AE3D27D4EB4Fu;
      return static_cast<std::size_t>(hash ^ (hash >> 32));
    }
  };
  struct CachedClass {
    AllocationClass key;
    std::uint32_t number = 0;
  };
  /// A place of the program mostly allocates one class, or two: this is looked at first.
  static constexpr std::size_t recent_classes = 16 * 1024;
  std::vector<CachedClass> recent{recent_classes};
  static std::size_t place_of(const AllocationClass& key) {
    return (key.stack * 2 + (key.bytes >> 4 & 1)) % recent_classes;
  }
  std::unordered_map<AllocationClass, std::uint32_t, ClassHash> classes;
};

/// Longer lists become several records, so that no record outgrows a block.
inline constexpr std::size_t list_chunk = 4096;

inline ByteBuffer& RecordingWriter::begin_record(Op op, std::size_t numbers) {
  ByteBuffer& out = blocks_->buffer();
  out.reserve_more(1 + numbers * ByteBuffer::longest_varint);
  out.put_byte(static_cast<std::uint8_t>(op));
  return out;
}

inline ByteBuffer& RecordingWriter::begin_table_record(Op op, std::size_t numbers) {
  state_->block.has_tables = true;
  return begin_record(op, numbers);
}

inline void RecordingWriter::end_record() {
  if (blocks_->full()) flush();
}

inline void RecordingWriter::seen_time(std::uint64_t time_ns) {
  state_->now.time_ns = std::max(state_->now.time_ns, time_ns);
}

inline void RecordingWriter::put_class(ByteBuffer& out, TypeIndex type, std::uint64_t bytes,
                                       StackId stack) {
  out.put_varint(type);
  out.put_varint(bytes);
  out.put_varint(stack);
}

}  // namespace heaplab::trace
