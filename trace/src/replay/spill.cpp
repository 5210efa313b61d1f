// SPDX-License-Identifier: MIT
#include "replay/spill.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace heaplab::trace {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

void write_fully(int file, const void* data, std::size_t bytes, std::uint64_t offset) {
  const char* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t done = ::pwrite(file, from, bytes, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("a temporary file cannot be written");
    from += done;
    bytes -= static_cast<std::size_t>(done);
    offset += static_cast<std::uint64_t>(done);
  }
}

void read_fully(int file, void* data, std::size_t bytes, std::uint64_t offset) {
  char* to = static_cast<char*>(data);
  while (bytes > 0) {
    const ssize_t done = ::pread(file, to, bytes, static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) fail("a temporary file cannot be read");
    to += done;
    bytes -= static_cast<std::size_t>(done);
    offset += static_cast<std::uint64_t>(done);
  }
}

TemporaryStorage::~TemporaryStorage() {
  if (file_ >= 0) ::close(file_);
}
TemporaryStorage::TemporaryStorage(TemporaryStorage&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}
TemporaryStorage& TemporaryStorage::operator=(TemporaryStorage&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

void TemporaryStorage::open() {
  std::string name = (std::filesystem::temp_directory_path() / "heaplab-replay-XXXXXX").string();
  file_ = ::mkstemp(name.data());
  if (file_ < 0) fail("no temporary file can be made");
  ::unlink(name.c_str());
}

TemporaryStorage TemporaryStorage::duplicate_of(int file) {
  TemporaryStorage copy;
  copy.file_ = ::fcntl(file, F_DUPFD_CLOEXEC, 0);
  if (copy.file_ < 0) fail("a temporary file cannot be used");
  return copy;
}

WordStream WordStream::in_file(int file) {
  WordStream stream(0);
  stream.file_ = TemporaryStorage::duplicate_of(file);
  return stream;
}

WordStream WordStream::written_to(int file, std::vector<std::uint32_t> chunk_sizes) {
  WordStream stream = in_file(file);
  stream.sizes_ = std::move(chunk_sizes);
  for (const std::uint32_t words : stream.sizes_) stream.bytes_ += words * sizeof(std::uint32_t);
  return stream;
}

void WordStream::close_chunk() {
  if (current_.empty()) return;
  const std::size_t index = sizes_.size();
  if (index < most_resident_) {
    resident_.resize((index + 1) * chunk_words);
    std::copy(current_.begin(), current_.end(), resident_.data() + index * chunk_words);
  } else {
    if (!file_.is_open()) file_.open();
    write_fully(file_.descriptor(), current_.data(), current_.size() * sizeof(std::uint32_t),
                (index - most_resident_) * chunk_bytes);
  }
  sizes_.push_back(static_cast<std::uint32_t>(current_.size()));
  bytes_ += current_.size() * sizeof(std::uint32_t);
  current_.clear();
}

std::span<const std::uint32_t> WordStream::chunk(std::size_t index,
                                                 std::vector<std::uint32_t>& buffer) const {
  const std::size_t words = sizes_[index];
  if (index < most_resident_) return {resident_.data() + index * chunk_words, words};
  buffer.resize(words);
  read_fully(file_.descriptor(), buffer.data(), words * sizeof(std::uint32_t),
             (index - most_resident_) * chunk_bytes);
  return buffer;
}

MappedStorage::~MappedStorage() {
  if (start_ != nullptr) ::munmap(start_, bytes_);
}

void MappedStorage::leave_memory() {
  if (start_ != nullptr) ::madvise(start_, bytes_, MADV_DONTNEED);
}

void MappedStorage::grow(std::uint64_t bytes) {
  constexpr std::uint64_t least = 1 << 20;
  if (!file_.is_open()) file_.open();
  const std::uint64_t wanted = std::max({least, 2 * bytes_, bytes});
  if (::ftruncate(file_.descriptor(), static_cast<off_t>(wanted)) != 0) {
    fail("a temporary file cannot grow");
  }
  void* mapped = start_ == nullptr ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_SHARED,
                                            file_.descriptor(), 0)
                                   : ::mremap(start_, bytes_, wanted, MREMAP_MAYMOVE);
  if (mapped == MAP_FAILED) fail("a temporary file cannot be mapped");
  start_ = mapped;
  bytes_ = wanted;
}

}  // namespace heaplab::trace
