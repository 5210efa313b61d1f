// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/file.h"
#include "heaplab/support/pipe_input.h"

namespace heaplab::trace {

/// The bytes of a recording of ours: of a file, in which one can seek; of a pipe; or of either that
/// somebody has compressed as a whole (.gz, .zst), told by its first bytes.
class BlockInput {
 public:
  explicit BlockInput(const std::string& path) {
    if (can_read_again(path)) {
      file_.emplace(path);
      std::byte start[4];
      const std::size_t size = file_->read_some(start);
      file_->seek(0);
      if (!is_compressed(std::span(start).first(size))) return;
      file_.reset();
    }
    stream_.emplace(path);
    stream_->accept_early_end();  // as of a file that is not compressed: the end is said
  }

  const std::string& path() const { return file_ ? file_->path() : stream_->path(); }
  /// Where the next read starts, in the decompressed bytes.
  std::uint64_t offset() const { return file_ ? file_->offset() : stream_->offset(); }
  /// Empty where one cannot seek.
  std::optional<std::uint64_t> size() const { return file_ ? file_->size() : std::nullopt; }
  /// \pre size() is known.
  void seek(std::uint64_t offset) { file_->seek(offset); }
  /// Fewer bytes only at the end.
  std::size_t read_some(std::span<std::byte> out) {
    return file_ ? file_->read_some(out)
                 : stream_->read({reinterpret_cast<char*>(out.data()), out.size()});
  }
  /// How far the file itself has been read, for who shows progress.
  std::uint64_t file_offset() const { return file_ ? file_->offset() : stream_->file_offset(); }
  bool compressed() const { return stream_ && stream_->compressed(); }

 private:
  static bool is_compressed(std::span<const std::byte> start) {
    const auto begins = [&](std::initializer_list<unsigned> magic) {
      std::size_t i = 0;
      for (const unsigned byte : magic) {
        if (i == start.size() || std::to_integer<unsigned>(start[i++]) != byte) return false;
      }
      return true;
    };
    return begins({0x1f, 0x8b}) || begins({0x28, 0xb5, 0x2f, 0xfd});
  }

  std::optional<InputFile> file_;
  std::optional<ByteStream> stream_;
};

}  // namespace heaplab::trace
