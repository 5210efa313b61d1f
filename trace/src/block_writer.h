// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "byte_buffer.h"
#include "heaplab/trace/format.h"
#include "index.h"

struct ZSTD_CCtx_s;

namespace heaplab::trace {

/// Puts records into framed, checksummed, compressed blocks, and blocks into a file.
class BlockWriter {
 public:
  /// `-` is standard output. Throws std::system_error.
  explicit BlockWriter(const std::string& path);
  ~BlockWriter();
  BlockWriter(const BlockWriter&) = delete;
  BlockWriter& operator=(const BlockWriter&) = delete;

  /// Append records here; only whole records between two calls of flush.
  ByteBuffer& buffer() { return buffer_; }
  bool full() const { return buffer_.size() >= target_block_bytes; }
  /// Writes the buffer as one block of records, unless it is empty. `entry` (its offset is found
  /// here) says what the index has to know of it, `can_start` whether reading can start there.
  void flush(const IndexEntry& entry, bool can_start);
  /// Writes the index, then the buffer as the end block with the index's offset, and closes.
  void finish();
  void close();

  const std::string& error() const { return error_; }
  std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  enum class Packing : std::uint8_t { compressed, stored };
  void put_block(BlockKind kind, std::uint8_t flags, const char* bytes, std::size_t size,
                 Packing packing);
  void put(const std::string& bytes);

  int file_ = -1;
  ZSTD_CCtx_s* context_ = nullptr;
  ByteBuffer buffer_;
  std::string packed_;
  std::string error_;
  std::uint64_t bytes_written_ = 0;
  Index index_;
};

}  // namespace heaplab::trace
