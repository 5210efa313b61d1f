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
      : file_(file),
        block_offset_(block_offset),
        begin_(bytes.data()),
        at_(bytes.data()),
        end_(bytes.data() + bytes.size()) {}

  bool at_end() const { return at_ == end_; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }

  std::uint8_t byte(const char* what) {
    if (at_end()) ends_inside(what);
    return static_cast<std::uint8_t>(*at_++);
  }

  std::uint64_t varint(const char* what) {
    if (remaining() < longest_varint) return varint_near_end(what);
    // No varint that starts here can leave the block: only its length is left to check.
    const std::byte* at = at_;
    auto part = static_cast<std::uint64_t>(*at++);
    std::uint64_t value = part & 0x7f;
    for (unsigned shift = 7; part >= 0x80; shift += 7) {
      part = static_cast<std::uint64_t>(*at++);
      if (shift == 63 && part > 1) too_long(what);
      value |= (part & 0x7f) << shift;
    }
    at_ = at;
    return value;
  }

  /// A number in [low, high].
  std::uint64_t in_range(const char* what, std::uint64_t low, std::uint64_t high) {
    return check(varint(what), what, low, high);
  }
  std::uint32_t in_range32(const char* what, std::uint32_t low, std::uint32_t high) {
    return static_cast<std::uint32_t>(in_range(what, low, high));
  }
  /// A number that is stored as the difference to `base`.
  std::uint64_t near(std::uint64_t base, const char* what, std::uint64_t low, std::uint64_t high) {
    return check(base + unzigzag(varint(what)), what, low, high);
  }
  std::uint64_t check(std::uint64_t value, const char* what, std::uint64_t low,
                      std::uint64_t high) const {
    if (value < low || value > high) out_of_range(value, what, low, high);
    return value;
  }
  /// How many items follow, of at least so many bytes each.
  std::uint64_t count(const char* what, std::size_t item_bytes = 1) {
    return in_range(what, 0, remaining() / item_bytes);
  }

  std::string_view text(const char* what, std::size_t limit) {
    const std::uint64_t size = in_range(what, 0, limit);
    if (size > remaining()) ends_inside(what);
    const std::string_view view(reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size));
    at_ += size;
    return view;
  }

  void skip(std::uint64_t size, const char* what) {
    if (size > remaining()) ends_inside(what);
    at_ += size;
  }

  [[noreturn, gnu::cold, gnu::noinline]] void fail(const std::string& message) const {
    throw InputError(file_, block_offset_,
                     message + " (byte " + std::to_string(at_ - begin_) +
                         " of the unpacked block that starts here)");
  }

 private:
  static constexpr std::size_t longest_varint = 10;

  [[gnu::noinline]] std::uint64_t varint_near_end(const char* what) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t part = byte(what);
      const std::uint64_t bits = part & 0x7f;
      if (shift == 63 && part > 1) break;
      value |= bits << shift;
      if ((part & 0x80) == 0) return value;
    }
    too_long(what);
  }
  [[noreturn, gnu::cold, gnu::noinline]] void ends_inside(const char* what) const {
    fail(std::string("record ends inside ") + what);
  }
  [[noreturn, gnu::cold, gnu::noinline]] void too_long(const char* what) const {
    fail(std::string("number too long in ") + what);
  }
  [[noreturn, gnu::cold, gnu::noinline]] void out_of_range(std::uint64_t value, const char* what,
                                                           std::uint64_t low,
                                                           std::uint64_t high) const {
    fail(std::string(what) + " is " + std::to_string(value) + ", expected " + std::to_string(low) +
         " to " + std::to_string(high));
  }

  const std::string& file_;
  std::uint64_t block_offset_;
  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
};

}  // namespace heaplab::trace
