// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "heaplab/support/big_array.h"

namespace heaplab::trace {

void write_fully(int file, const void* data, std::size_t bytes, std::uint64_t offset);
void read_fully(int file, void* data, std::size_t bytes, std::uint64_t offset);

/// A file without a name in the folder for temporary files; gone when it is closed.
class TemporaryStorage {
 public:
  TemporaryStorage() = default;
  ~TemporaryStorage();
  TemporaryStorage(TemporaryStorage&& other) noexcept;
  TemporaryStorage& operator=(TemporaryStorage&& other) noexcept;

  /// Throws std::system_error if it cannot be made.
  void open();
  /// Another descriptor for an open file.
  static TemporaryStorage duplicate_of(int file);
  /// Gives up the file without closing it.
  int release() { return std::exchange(file_, -1); }
  bool is_open() const { return file_ >= 0; }
  int descriptor() const { return file_; }

 private:
  int file_ = -1;
};

/// Temporary storage as memory that grows.
class MappedStorage {
 public:
  MappedStorage() = default;
  ~MappedStorage();
  MappedStorage(const MappedStorage&) = delete;
  MappedStorage& operator=(const MappedStorage&) = delete;

  void* start() const { return start_; }
  std::uint64_t bytes() const { return bytes_; }
  /// To at least so many bytes, and to at least twice what there is. Throws std::system_error.
  void grow(std::uint64_t bytes);
  /// All of it is in the file and nowhere else; what is used again comes back.
  void leave_memory();

 private:
  TemporaryStorage file_;
  void* start_ = nullptr;
  std::uint64_t bytes_ = 0;
};

/// A sequence of 32-bit words, written once from front to back and then read as often as one likes,
/// in chunks. What does not fit into the given memory is in a temporary file.
class WordStream {
 public:
  /// Words in a chunk. What belongs together (up to 4 words) is not split over two.
  static constexpr std::size_t chunk_words = 16 * 1024;

  explicit WordStream(std::size_t memory_bytes) : most_resident_(memory_bytes / chunk_bytes) {}
  /// All in this file.
  static WordStream in_file(int file);
  /// What another process wrote there, in chunks of so many words each.
  static WordStream written_to(int file, std::vector<std::uint32_t> chunk_sizes);

  /// Room for `count` words in one chunk; fill them all.
  std::uint32_t* append(std::size_t count) {
    if (current_.size() + count > chunk_words) [[unlikely]]
      close_chunk();
    current_.resize(current_.size() + count);
    return current_.data() + current_.size() - count;
  }
  /// Ends writing.
  void finish() { close_chunk(); }

  std::size_t chunk_count() const { return sizes_.size(); }
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<std::uint32_t>& chunk_sizes() const { return sizes_; }
  /// Where the file is free.
  std::uint64_t file_end() const { return sizes_.size() * chunk_bytes; }
  int file() const { return file_.descriptor(); }
  /// Into `buffer` if it is not in memory. Throws std::system_error if the disk fails.
  std::span<const std::uint32_t> chunk(std::size_t index, std::vector<std::uint32_t>& buffer) const;

 private:
  static constexpr std::size_t chunk_bytes = chunk_words * sizeof(std::uint32_t);
  void close_chunk();

  std::size_t most_resident_;
  BigArray<std::uint32_t> resident_;  ///< the first chunks, each at a multiple of chunk_words
  TemporaryStorage file_;             ///< the others
  std::vector<std::uint32_t> sizes_;  ///< words in each
  std::vector<std::uint32_t> current_;
  std::uint64_t bytes_ = 0;
};

/// A small value for every object of a recording, by id; zero at first. In a file that is mapped,
/// so that a long recording's table need not fit into memory.
template <class Entry>
class IdTable {
 public:
  /// \pre id < size().
  Entry& operator[](std::uint64_t id) { return static_cast<Entry*>(pages_.start())[id]; }
  std::uint64_t size() const { return size_; }
  /// To be called with every block that was read: now and then, a large table leaves memory, but
  /// for what is used next.
  void on_block() {
    if (pages_.bytes() <= most_in_memory || ++blocks_ < blocks_between) return;
    blocks_ = 0;
    pages_.leave_memory();
  }
  /// Throws std::system_error.
  void resize(std::uint64_t size) {
    size_ = size;
    if (size * sizeof(Entry) > pages_.bytes()) [[unlikely]]
      pages_.grow(size * sizeof(Entry));
  }

 private:
  static constexpr std::uint64_t most_in_memory = 64 << 20;
  static constexpr unsigned blocks_between = 32;
  MappedStorage pages_;
  std::uint64_t size_ = 0;
  unsigned blocks_ = 0;
};

}  // namespace heaplab::trace
