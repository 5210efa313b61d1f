// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "snapshot/strings_builder.h"

namespace heaplab::inspector {

/// Bytes that cannot be read again where they came from: in memory while they are few, then in a
/// temporary file nobody else sees.
class Spill : public SnapshotStrings::Source {
 public:
  static constexpr std::size_t in_memory = std::size_t{64} << 20;

  /// `file` is named in errors.
  explicit Spill(std::string file);
  ~Spill() override;

  void append(const char* text, std::size_t count) {
    buffer_.append(text, count);
    if (buffer_.size() >= in_memory) flush();
  }
  std::uint64_t size() const { return written_ + buffer_.size(); }
  std::size_t read(std::uint64_t offset, char* out, std::size_t count) const override;

 private:
  void flush();
  void create();
  [[noreturn]] void fail(const char* what) const;

  std::string file_name_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  int temporary_ = -1;
};

}  // namespace heaplab::inspector
