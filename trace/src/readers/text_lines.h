// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/byte_stream.h"
#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// A text file (plain, .gz or .zst) in runs of whole lines. A last line without its end is left
/// out: its writer was killed, or still writes.
class TextLines {
 public:
  /// After `end()` this many bytes may be read, whatever they are.
  static constexpr std::size_t readable_after_end = 16;
  static constexpr std::size_t most_line_bytes = 1 << 20;

  explicit TextLines(const std::string& path);

  /// Goes on to the next run: false at the end of the file.
  bool next();
  /// Each line in between ends in '\n'.
  const char* begin() const { return buffer_.data(); }
  const char* end() const { return buffer_.data() + whole_; }

  const std::string& path() const { return stream_.path(); }
  /// Where in the (decompressed) text a place between begin() and end() is.
  std::uint64_t offset_of(const char* place) const {
    return start_ + static_cast<std::uint64_t>(place - begin());
  }
  std::uint64_t file_offset() const { return stream_.file_offset(); }
  /// The file ended inside a line, or inside its compressed data.
  bool was_cut() const { return cut_; }
  std::uint64_t blocks() const { return blocks_; }

  /// The line at `place` is not as it should be.
  [[noreturn]] void fail(const char* place, const std::string& message) const;
  /// What is known of the file when all has been read. Whole lines are no proof that it is all:
  /// that `end_is_told` is for the reader of a format to say.
  Extent extent() const;

 private:
  ByteStream stream_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;   ///< bytes of text in the buffer
  std::size_t whole_ = 0;    ///< of them, those in whole lines
  std::uint64_t start_ = 0;  ///< offset of the buffer in the text
  std::uint64_t blocks_ = 0;
  bool cut_ = false;
  bool ended_ = false;
};

/// The line that starts at `place`, without its end.
std::string_view line_at(const char* place, const char* end);

/// Reads the first complete line of a file, at most `most` bytes; "" if there is none.
std::string first_line(const std::string& path, std::size_t most = 4096);

}  // namespace heaplab::trace
