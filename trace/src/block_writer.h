// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "heaplab/trace/format.h"

struct ZSTD_CCtx_s;

namespace heaplab::trace {

/// Puts records into framed, checksummed, compressed blocks, and blocks into a file.
class BlockWriter {
 public:
  /// Throws std::system_error.
  explicit BlockWriter(const std::string& path);
  ~BlockWriter();
  BlockWriter(const BlockWriter&) = delete;
  BlockWriter& operator=(const BlockWriter&) = delete;

  /// Append records here; only whole records between two calls of flush.
  std::string& buffer() { return buffer_; }
  bool full() const { return buffer_.size() >= target_block_bytes; }
  /// Writes the buffer as one block. No-op for an empty one.
  void flush(BlockKind kind = BlockKind::records);
  void close();

  const std::string& error() const { return error_; }
  std::uint64_t bytes_written() const { return bytes_written_; }

 private:
  void put(const std::string& bytes);

  int file_ = -1;
  ZSTD_CCtx_s* context_ = nullptr;
  std::string buffer_;
  std::string packed_;
  std::string error_;
  std::uint64_t bytes_written_ = 0;
};

}  // namespace heaplab::trace
