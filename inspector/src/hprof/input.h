// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/progress.h"

namespace heaplab::inspector::hprof {

inline std::uint16_t load_u2(const char* at) {
  std::uint16_t value;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}
inline std::uint32_t load_u4(const char* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}
inline std::uint64_t load_u8(const char* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}
inline std::uint64_t load_id(const char* at, unsigned id_bytes) {
  return id_bytes == 8 ? load_u8(at) : load_u4(at);
}
static_assert(std::endian::native == std::endian::little);

/// A stream of big-endian numbers, through a window. Whatever is not there is an InputError.
class Input {
 public:
  /// The most `take` gives at once.
  static constexpr std::size_t window = std::size_t{1} << 20;

  Input(ByteStream stream, bool progress);

  /// The next `count` bytes (at most `window`), which are consumed. Valid until the next call.
  const char* take(std::size_t count) {
    if (count > static_cast<std::size_t>(limit_ - cursor_)) refill(count);
    const char* result = cursor_;
    cursor_ += count;
    return result;
  }
  void skip(std::uint64_t count);
  std::uint8_t u1() { return static_cast<std::uint8_t>(*take(1)); }
  std::uint16_t u2() { return load_u2(take(2)); }
  std::uint32_t u4() { return load_u4(take(4)); }
  std::uint64_t u8() { return load_u8(take(8)); }
  std::uint64_t id() { return load_id(take(id_bytes), id_bytes); }
  bool at_end();

  /// Of the byte that comes next.
  std::uint64_t offset() const {
    return stream_.offset() - static_cast<std::uint64_t>(limit_ - cursor_);
  }
  const ByteStream& stream() const { return stream_; }
  [[noreturn]] void fail_at(std::uint64_t offset, const std::string& message) const;

  unsigned id_bytes = 8;

 private:
  void refill(std::size_t count);

  ByteStream stream_;
  Progress progress_;
  bool show_progress_;
  std::vector<char> buffer_;
  const char* cursor_;
  const char* limit_;
};

}  // namespace heaplab::inspector::hprof
