// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "block_input.h"
#include "heaplab/trace/format.h"
#include "index.h"

struct ZSTD_DCtx_s;

namespace heaplab::trace {

/// One block, unpacked.
struct Block {
  std::uint64_t offset = 0;
  std::uint8_t kind = 0;
  std::uint8_t flags = 0;
  std::vector<std::byte> payload;
};

/// Reads the file's header and its blocks, checking lengths and checksums.
class BlockReader {
 public:
  /// Opens the file and checks its header.
  explicit BlockReader(const std::string& path);
  ~BlockReader();
  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  /// False at the end of the file, also when it ends inside a block; see truncated().
  bool next(Block& block);
  /// Goes on with the block whose frame is there. \pre The file is no pipe.
  void seek(std::uint64_t offset);
  /// The file's index, if it has one that can be trusted. The place in the file stays as it is.
  std::optional<Index> index();
  /// True if the file ended inside a block.
  bool truncated() const { return truncated_; }
  /// The end of the last whole block.
  std::uint64_t whole_bytes() const { return whole_bytes_; }
  /// The end of the file, once next() has returned false.
  std::uint64_t end() const { return file_.offset(); }
  /// How far the file itself has been read, if it is compressed; else whole_bytes().
  std::uint64_t file_offset() const { return compressed() ? file_.file_offset() : whole_bytes_; }
  /// Offsets are those of the decompressed data.
  bool compressed() const { return file_.compressed(); }

 private:
  struct Frame {
    std::uint8_t kind, flags;
    std::uint32_t stored, raw;
    std::uint64_t checksum;
  };
  Frame parse_frame(const std::byte* bytes, std::uint64_t offset) const;
  void unpack(const Frame& frame, Block& block);

  BlockInput file_;
  ZSTD_DCtx_s* context_ = nullptr;
  std::vector<std::byte> stored_;
  bool truncated_ = false;
  std::uint64_t whole_bytes_ = 0;
};

}  // namespace heaplab::trace
