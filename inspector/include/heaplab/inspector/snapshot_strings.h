// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/big_array.h"

namespace heaplab::inspector {

/// The strings of a snapshot. They can be most of the file, and hardly any is ever looked at: what
/// is in memory is where each begins, about four bytes a string. The text is read from the snapshot
/// file when it can be (a plain file), else from memory when it is small, else from a temporary
/// file that was unlinked when it was made.
class SnapshotStrings {
 public:
  struct Source;  ///< a file, or memory

  SnapshotStrings();
  ~SnapshotStrings();
  SnapshotStrings(SnapshotStrings&&) noexcept;
  SnapshotStrings& operator=(SnapshotStrings&&) noexcept;

  std::uint32_t size() const { return static_cast<std::uint32_t>(count_); }
  /// UTF-8; a lone surrogate becomes U+FFFD. "" for a number beyond size().
  std::string get(std::uint32_t index) const;
  /// Bytes in the file, with escapes and the comma and line end after it: at least the length of
  /// the text, and known without reading it.
  std::uint64_t raw_length(std::uint32_t index) const;
  /// Calls `visit(index, text)` for all strings in order, reading the store from front to back.
  /// `text` is UTF-8 and valid during the call.
  void for_each(const std::function<void(std::uint32_t, std::string_view)>& visit) const;
  /// The same for some strings, by ascending numbers: reads what is between them only when they are
  /// close together.
  void for_each_of(std::span<const std::uint32_t> indices,
                   const std::function<void(std::uint32_t, std::string_view)>& visit) const;
  /// The number of a string; 0xffff'ffff if there is none. Reads the whole store.
  std::uint32_t find(std::string_view text) const;

 private:
  friend class StringsBuilder;
  friend class StringWriter;
  std::uint64_t offset(std::uint64_t index) const {
    return block_offsets_[index / block] + offsets_[index];
  }

  static constexpr std::uint64_t block = 64;  ///< strings that share a 64-bit offset
  std::uint64_t count_ = 0;
  BigArray<std::uint64_t> block_offsets_;
  BigArray<std::uint32_t> offsets_;  ///< of the opening quote, from the block's; one past the end
  std::shared_ptr<const Source> source_;
};

}  // namespace heaplab::inspector
