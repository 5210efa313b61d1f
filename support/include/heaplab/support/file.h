// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace heaplab {

/// A file from outside, read from front to back. Everything that can go wrong is an InputError that
/// names the file: it does not exist, it is a directory, the disk fails, it ends too early. Works
/// on pipes too (`-` is standard input), where the size is not known
/// unless they were kept (pipe_input.h).
class InputFile {
 public:
  explicit InputFile(std::string path);

  const std::string& path() const { return path_; }
  /// Bytes read so far: where the next read starts.
  std::uint64_t offset() const { return offset_; }
  /// Bytes in the file when it was opened; empty for a pipe.
  std::optional<std::uint64_t> size() const { return size_; }

  /// The next read starts there. \pre size() is known.
  void seek(std::uint64_t offset);
  /// Reads up to `out.size()` bytes; fewer only at the end of the file.
  std::size_t read_some(std::span<std::byte> out);
  /// Reads exactly `out.size()` bytes, or throws InputError saying that `what` is cut off.
  void read_exactly(std::span<std::byte> out, const char* what);

 private:
  struct Closer {
    void operator()(std::FILE* file) const;
  };

  std::string path_;
  std::unique_ptr<std::FILE, Closer> file_;
  std::optional<std::uint64_t> size_;
  std::uint64_t offset_ = 0;
  std::string ahead_;  ///< of a pipe that somebody has looked at: comes first
};

/// The whole of a text file (a script), which must be no larger than `max_bytes`.
std::string read_text_file(const std::string& path, std::uint64_t max_bytes = 256ULL << 20);

}  // namespace heaplab
