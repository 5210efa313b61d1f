// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "heaplab/support/error.h"
#include "wire.h"

namespace heaplab::trace {

/// Walks the bytes of one block. Everything it hands out has been checked against the block's end
/// and the caller's limit; what is wrong becomes an InputError with the block's place in the file.
class Cursor {
 public:
  Cursor(const std::string& file, std::uint64_t block_offset, std::span<const std::byte> bytes)
      : file_(file), block_offset_(block_offset), bytes_(bytes) {}

  bool at_end() const { return position_ == bytes_.size(); }
  std::size_t remaining() const { return bytes_.size() - position_; }

  std::uint8_t byte(const char* what) {
    if (at_end()) fail(std::string("record ends inside ") + what);
    return static_cast<std::uint8_t>(bytes_[position_++]);
  }

  std::uint64_t varint(const char* what) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t part = byte(what);
      const std::uint64_t bits = part & 0x7f;
      if (shift == 63 && bits > 1) break;
      value |= bits << shift;
      if ((part & 0x80) == 0) return value;
    }
    fail(std::string("number too long in ") + what);
  }

  /// A number in [low, high].
  std::uint64_t in_range(const char* what, std::uint64_t low, std::uint64_t high) {
    return check(varint(what), what, low, high);
  }
  std::uint32_t in_range32(const char* what, std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(in_range(what, low, high));
  }
  std::uint64_t check(std::uint64_t value, const char* what, std::uint64_t low,
                      std::uint64_t high) {
    if (value < low || value > high) {
      fail(std::string(what) + " is " + std::to_string(value) + ", expected " +
           std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
  }
  /// How many items follow, each at least one byte.
  std::uint64_t count(const char* what) { return in_range(what, 0, remaining()); }

  std::string_view text(const char* what, std::size_t limit) {
    const std::uint64_t size = in_range(what, 0, limit);
    if (size > remaining()) fail(std::string("record ends inside ") + what);
    const std::string_view view(reinterpret_cast<const char*>(bytes_.data()) + position_,
                                static_cast<std::size_t>(size));
    position_ += static_cast<std::size_t>(size);
    return view;
  }

  void skip(std::uint64_t size, const char* what) {
    if (size > remaining()) fail(std::string("record ends inside ") + what);
    position_ += static_cast<std::size_t>(size);
  }

  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(file_, block_offset_,
                     message + " (byte " + std::to_string(position_) +
                         " of the unpacked block that starts here)");
  }

 private:
  const std::string& file_;
  std::uint64_t block_offset_;
  std::span<const std::byte> bytes_;
  std::size_t position_ = 0;
};

}  // namespace heaplab::trace
