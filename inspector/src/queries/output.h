// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "heaplab/inspector/queries/dump.h"

namespace heaplab::inspector {

/// Gathers small pieces and passes on large ones.
class Output {
 public:
  explicit Output(const ByteSink& sink) : sink_(sink) { buffer_.reserve(capacity + 4096); }
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Output& operator<<(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= capacity) flush();
    return *this;
  }
  Output& operator<<(char c) {
    buffer_.push_back(c);
    return *this;
  }
  Output& number(std::uint64_t value) {
    const fmt::format_int text(value);
    return *this << std::string_view(text.data(), text.size());
  }
  Output& number(std::int64_t value) {
    const fmt::format_int text(value);
    return *this << std::string_view(text.data(), text.size());
  }
  void flush() {
    if (!buffer_.empty()) sink_(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t capacity = 1 << 16;
  const ByteSink& sink_;
  std::string buffer_;
};

}  // namespace heaplab::inspector
