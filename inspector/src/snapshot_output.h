// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heaplab::inspector {

/// A file that appears under its name only when it is complete: it is written under a temporary
/// name beside it. What is no ordinary file (a pipe, a device) is written to directly.
/// All failures are std::system_error.
class SnapshotOutput {
 public:
  explicit SnapshotOutput(const std::string& path);
  /// Without a commit() the temporary file is removed.
  ~SnapshotOutput();
  SnapshotOutput(const SnapshotOutput&) = delete;
  SnapshotOutput& operator=(const SnapshotOutput&) = delete;

  void text(std::string_view text) {
    if (text.size() > buffer_.size() - used_) [[unlikely]] {
      long_text(text);
      return;
    }
    text.copy(buffer_.data() + used_, text.size());
    used_ += text.size();
  }
  void number(std::uint64_t value);
  /// A JSON string, all ASCII. `text` is UTF-8 in which surrogates may stand alone.
  void json_string(std::string_view text);

  /// Closes the file and gives it its name.
  void commit();

 private:
  void long_text(std::string_view text);
  void flush();

  std::string path_;
  std::string temporary_;  ///< "" if `path_` is written to directly
  int fd_ = -1;
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace heaplab::inspector
