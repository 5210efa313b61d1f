// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace heaplab::trace {

/// The words of a line, at most ten.
class Fields {
 public:
  static constexpr std::size_t most = 10;

  explicit Fields(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      const std::size_t start = line.find_first_not_of(" \t\r", at);
      if (start == std::string_view::npos) return;
      at = std::min(line.find_first_of(" \t\r", start), line.size());
      if (count_ == most) {
        ++count_;
        return;
      }
      words_[count_++] = line.substr(start, at - start);
    }
  }
  /// One more than `most` if there are too many.
  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t index) const {
    return index < std::min(count_, most) ? words_[index] : std::string_view();
  }

 private:
  std::array<std::string_view, most> words_;
  std::size_t count_ = 0;
};

/// Nothing if it is not a whole number.
inline std::optional<std::uint64_t> parse_number(std::string_view text, int base = 10) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

}  // namespace heaplab::trace
