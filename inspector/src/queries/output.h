// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <exception>
#include <string>
#include <string_view>

#include "heaplab/inspector/queries/dump.h"

namespace heaplab::inspector {

/// Gathers small pieces and passes on large ones.
class Output {
 public:
  explicit Output(const ByteSink& sink) : sink_(sink) { buffer_.reserve(capacity + 4096); }
  /// What is left is passed on, unless an error is on its way: then nobody reads it any more.
  ~Output() noexcept(false) {
    if (std::uncaught_exceptions() == 0) flush();
  }
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
    if (buffer_.empty()) return;
    passing_.swap(buffer_);
    buffer_.clear();
    sink_(passing_);
  }

 private:
  static constexpr std::size_t capacity = 1 << 16;
  const ByteSink& sink_;
  std::string buffer_;
  std::string passing_;  ///< empty again when it has been passed on, even if that failed
};

}  // namespace heaplab::inspector
