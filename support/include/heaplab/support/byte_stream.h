// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace heaplab {

/// The bytes of a file from outside, decompressed on the way: gzip and zstd are told by their first
/// bytes, whatever the file is called; several compressed members in a row are one stream. Reading
/// it needs a few hundred kilobytes, whatever it expands to.
///
/// Everything that can go wrong is an InputError with the file and the offset in the compressed
/// file: damage, an early end, and a file that expands without any end in sight (over 4 GiB at more
/// than 500 to 1, which no text that somebody wrote does).
class ByteStream {
 public:
  /// "-" is standard input.
  explicit ByteStream(std::string path);
  ~ByteStream();
  ByteStream(ByteStream&&) noexcept;
  ByteStream& operator=(ByteStream&&) noexcept;

  const std::string& path() const;
  /// False if what is read are the file's own bytes.
  bool compressed() const;
  /// Bytes of the file, compressed; empty for a pipe.
  std::optional<std::uint64_t> file_size() const;
  /// Of them, how many have been read.
  std::uint64_t file_offset() const;
  /// Where in the decompressed bytes the next read starts.
  std::uint64_t offset() const;

  /// The next bytes, at most `count` (a few hundred), which stay to be read. Once, at the start.
  std::string peek(std::size_t count);
  /// Fills `out`; fewer bytes only at the end.
  std::size_t read(std::span<char> out);

  /// Compressed data that ends early (its writer was killed) ends there, and is no error.
  void accept_early_end();
  /// Whether that happened.
  bool ended_early() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace heaplab
