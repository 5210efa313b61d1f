// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "hprof/input.h"
#include "heaplab/support/big_array.h"
#include "snapshot/spill.h"
#include "snapshot/string_writer.h"

namespace heaplab::inspector::hprof {

/// How a java.lang.String keeps its text.
enum class TextEncoding : std::uint8_t { latin1, utf16_little, utf16_big };

/// The contents of byte and char arrays, each once: some of them are texts, but which is only known
/// when the strings that refer to them have been read. Of long ones the beginning is kept.
class Contents {
 public:
  /// Bytes kept: as many characters as V8 shows of a string.
  static constexpr std::size_t kept_bytes = 2048;

  explicit Contents(const std::string& file) : raw_(file) {}
  /// Reads `bytes` of them from the input; the number of these contents. Equal ones have one number.
  std::uint32_t read(Input& input, std::uint64_t bytes);

  /// Calls `visit(number, bytes)` for all, in order.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    std::string window;
    std::uint64_t window_start = 0, start = 0;
    for (std::uint32_t number = 0; number < lengths_.size(); ++number) {
      const std::size_t length = lengths_[number];
      if (start + length > window_start + window.size()) {
        window.resize(std::size_t{1} << 20);
        window.resize(raw_.read(start, window.data(), window.size()));
        window_start = start;
      }
      visit(number, std::string_view(window).substr(start - window_start, length));
      start += length;
    }
  }
  std::size_t size() const { return lengths_.size(); }

 private:
  std::uint32_t number_of(std::uint64_t hash, const char* start, std::size_t length);
  void grow_table();

  Spill raw_;
  BigArray<std::uint16_t> lengths_;
  BigArray<std::uint64_t> hashes_;
  BigArray<std::uint32_t> table_;  ///< number + 1 by hash; 0: free
};

/// UTF-8, of at most 1024 characters.
std::string decode(std::string_view bytes, TextEncoding encoding);

}  // namespace heaplab::inspector::hprof
