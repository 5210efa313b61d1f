// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/progress.h"

namespace heaplab::inspector {

/// JSON text through a window: a quarter of a mebibyte of the file at a time, moved on as it is
/// read. What is done number by number and string by string works on the window itself (`cursor`,
/// `limit`).
class Scanner {
 public:
  /// `front` bytes before the window may be read (whatever they hold), and `back` bytes after it.
  static constexpr std::size_t front = 64;
  static constexpr std::size_t back = 64;
  static constexpr std::size_t window_bytes = std::size_t{1} << 18;

  Scanner(ByteStream& stream, bool progress);

  /// Where in the decompressed text the cursor is.
  std::uint64_t offset() const { return offset_of(cursor); }
  std::uint64_t offset_of(const char* position) const {
    return window_offset_ + static_cast<std::uint64_t>(position - window());
  }
  [[noreturn]] void fail(const std::string& message) const { fail_at(offset(), message); }
  [[noreturn]] void fail_at(std::uint64_t offset, const std::string& message) const;

  /// Makes more text visible after `limit`, keeping what starts at `keep` (which moves, as the
  /// cursor does). False at the end of the file. \pre At least half a window is not kept.
  bool refill(const char* keep);
  /// Where `position` went by the last refill.
  const char* moved(const char* position) const { return position - shift_; }

  /// The next character that is no white space, not consumed; fails at the end of the file.
  char peek();
  /// True at the end of the file, after white space.
  bool at_end();
  /// Consumes `wanted`, or fails saying that `where` needs it.
  void expect(char wanted, const char* where);
  /// Consumes `wanted` if it is next.
  bool accept(char wanted);
  /// A string of at most a few thousand bytes, decoded.
  std::string short_string(const char* what);
  /// A non-negative integer.
  std::uint64_t number(const char* what);
  /// Any value, of any size and depth.
  void skip_value();
  /// The text of any value of at most `limit_bytes`.
  std::string value_text(std::size_t limit_bytes, const char* what);

  /// Visits the members of an object: `member` must consume the value.
  void each_member(const char* what, const std::function<void(const std::string&)>& member);

  const char* cursor;
  const char* limit;

 private:
  const char* window() const { return buffer_.data() + front; }
  void skip_string();
  char next_byte();

  ByteStream& stream_;
  Progress progress_;
  bool show_progress_;
  std::vector<char> buffer_;
  std::uint64_t window_offset_ = 0;
  std::ptrdiff_t shift_ = 0;
};

}  // namespace heaplab::inspector
