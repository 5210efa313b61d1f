// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "heaplab/inspector/graph.h"
#include "heaplab/support/big_array.h"
#include "hprof/input.h"
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
  /// Reads `bytes` of them from the input. Their number will be `numbers[node]`, some time before
  /// `finish` returns; equal contents have one number.
  void read(Input& input, std::uint64_t bytes, NodeIndex node, BigArray<std::uint32_t>& numbers);
  void finish(BigArray<std::uint32_t>& numbers);

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
  /// Looked up a few at a time: nearly every one is a cache miss, and these can overlap.
  struct Waiting {
    std::uint64_t hash;
    NodeIndex node;
    std::uint32_t length;
  };
  static constexpr std::size_t at_once = 32;

  struct Slot {
    std::uint32_t number;  ///< plus one; 0: free
    std::uint32_t tag;     ///< half of the hash
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::uint32_t number_of(std::uint64_t hash, const char* start, std::size_t length);
  void grow_table();

  Spill raw_;
  BigArray<std::uint16_t> lengths_;
  BigArray<std::uint64_t> hashes_;
  BigArray<Slot> table_;
  std::vector<Waiting> waiting_;
  std::string waiting_bytes_;
};

/// UTF-8, of at most 1024 characters.
std::string decode(std::string_view bytes, TextEncoding encoding);

}  // namespace heaplab::inspector::hprof
