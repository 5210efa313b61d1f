// SPDX-License-Identifier: MIT
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace heaplab::fuzz {

/// A file that exists in memory only.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& contents) : file_(memfd_create("input", MFD_CLOEXEC)) {
    std::size_t done = 0;
    while (file_ >= 0 && done < contents.size()) {
      const ssize_t count = ::write(file_, contents.data() + done, contents.size() - done);
      if (count <= 0) break;
      done += static_cast<std::size_t>(count);
    }
  }
  ~MemoryFile() {
    if (file_ >= 0) ::close(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace heaplab::fuzz
