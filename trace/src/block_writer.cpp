// SPDX-License-Identifier: MIT
#include "block_writer.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "wire.h"

namespace heaplab::trace {
namespace {

/// Fast enough not to be felt by the program that is recorded; records shrink four to eight times.
constexpr int compression_level = 1;

std::string file_header() {
  std::string header(file_magic);
  put_word(header, major_version);
  put_word(header, minor_version);
  put_word(header, std::uint32_t{0});
  put_word(header, static_cast<std::uint64_t>(XXH3_64bits(header.data(), header.size())));
  return header;
}

int open_output(const std::string& path) {
  if (path == "-") return ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  return ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

}  // namespace

BlockWriter::BlockWriter(const std::string& path)
    : file_(open_output(path)), buffer_(target_block_bytes + (target_block_bytes >> 2)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), path);
  context_ = ZSTD_createCCtx();
  if (context_ == nullptr) {
    ::close(file_);
    throw std::bad_alloc();
  }
  ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, compression_level);
  put(file_header());
}

BlockWriter::~BlockWriter() {
  close();
  ZSTD_freeCCtx(context_);
}

void BlockWriter::flush(const IndexEntry& entry, bool can_start) {
  if (buffer_.empty()) return;
  IndexEntry indexed = entry;
  indexed.offset = bytes_written_;
  index_.add(indexed, can_start);
  put_block(BlockKind::records, 0, buffer_.data(), buffer_.size(), Packing::compressed);
  buffer_.clear();
}

void BlockWriter::finish() {
  const std::uint64_t offset = bytes_written_;
  const std::string index = index_.encode();
  if (index.size() <= max_block_bytes) {
    put_block(BlockKind::index, optional_block, index.data(), index.size(), Packing::compressed);
    std::string record(1, static_cast<char>(Op::index_offset));
    put_varint(record, sizeof(offset));
    put_word(record, offset);
    buffer_.put_bytes(record);
  }
  put_block(BlockKind::end, 0, buffer_.data(), buffer_.size(), Packing::stored);
  buffer_.clear();
  close();
}

void BlockWriter::put_block(BlockKind kind, std::uint8_t flags, const char* bytes, std::size_t size,
                            Packing packing) {
  packed_.resize(frame_bytes + ZSTD_compressBound(size));
  std::size_t stored = size;
  if (packing == Packing::compressed) {
    stored = ZSTD_compress2(context_, packed_.data() + frame_bytes, packed_.size() - frame_bytes,
                            bytes, size);
  }
  if (ZSTD_isError(stored) || stored >= size) {
    stored = size;
    std::memcpy(packed_.data() + frame_bytes, bytes, size);
  } else {
    flags = static_cast<std::uint8_t>(flags | compressed_block);
  }
  packed_.resize(frame_bytes + stored);

  std::string frame;
  put_word(frame, block_magic);
  put_word(frame, static_cast<std::uint8_t>(kind));
  put_word(frame, flags);
  put_word(frame, std::uint16_t{0});
  put_word(frame, static_cast<std::uint32_t>(stored));
  put_word(frame, static_cast<std::uint32_t>(size));
  put_word(frame, static_cast<std::uint64_t>(XXH3_64bits(packed_.data() + frame_bytes, stored)));
  put_word(frame, static_cast<std::uint64_t>(XXH3_64bits(frame.data(), frame.size())));
  std::memcpy(packed_.data(), frame.data(), frame_bytes);
  put(packed_);
}

void BlockWriter::put(const std::string& bytes) {
  if (file_ < 0 || !error_.empty()) return;
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::write(file_, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      error_ = std::strerror(errno);
      return;
    }
    done += static_cast<std::size_t>(count);
  }
  bytes_written_ += done;
}

void BlockWriter::close() {
  if (file_ < 0) return;
  if (::close(file_) != 0 && error_.empty()) error_ = std::strerror(errno);
  file_ = -1;
}

}  // namespace heaplab::trace
