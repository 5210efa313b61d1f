// SPDX-License-Identifier: MIT
#include "snapshot/scanner.h"

#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "heaplab/support/error.h"
#include "heaplab/support/text.h"
#include "snapshot/json_text.h"

namespace heaplab::inspector {
namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::string shown(char c) { return fmt::format("'{}'", printable(std::string_view(&c, 1))); }

}  // namespace

Scanner::Scanner(ByteStream& stream, bool progress)
    : stream_(stream),
      progress_("reading " + std::filesystem::path(stream.path()).filename().string(),
                stream.file_size().value_or(0)),
      show_progress_(progress),
      buffer_(front + window_bytes + back) {
  cursor = limit = window();
  shift_ = 0;
}

void Scanner::fail_at(std::uint64_t offset, const std::string& message) const {
  throw InputError(stream_.path(), offset, message);
}

bool Scanner::refill(const char* keep) {
  const auto kept = static_cast<std::size_t>(limit - keep);
  shift_ = keep - window();
  window_offset_ += static_cast<std::uint64_t>(shift_);
  // The bytes before are kept too: readers of whole words look back.
  const std::size_t before = shift_ > 0 ? front : 0;
  std::memmove(buffer_.data() + front - before, keep - before, kept + before);
  cursor -= shift_;
  char* end = buffer_.data() + front + kept;
  const std::size_t count = stream_.read({end, window_bytes - kept});
  limit = end + count;
  std::memset(end + count, 0, back);
  if (show_progress_) progress_.update_piece(stream_.file_offset());
  return count > 0;
}

bool Scanner::at_end() {
  for (;;) {
    while (cursor < limit && is_space(*cursor)) ++cursor;
    if (cursor < limit) return false;
    if (!refill(cursor)) return true;
  }
}

char Scanner::peek() {
  if (at_end()) fail("the file ends in the middle of the snapshot");
  return *cursor;
}

void Scanner::expect(char wanted, const char* where) {
  const char found = peek();
  if (found != wanted) {
    fail(fmt::format("{} needs {} here, found {}", where, shown(wanted), shown(found)));
  }
  ++cursor;
}

bool Scanner::accept(char wanted) {
  if (peek() != wanted) return false;
  ++cursor;
  return true;
}

char Scanner::next_byte() {
  if (cursor == limit && !refill(cursor)) fail("the file ends in the middle of the snapshot");
  return *cursor++;
}

std::string Scanner::short_string(const char* what) {
  expect('"', what);
  const std::uint64_t start = offset();
  std::string raw;
  for (;;) {
    const char c = next_byte();
    if (c == '"') break;
    raw.push_back(c);
    if (c == '\\') raw.push_back(next_byte());
    if (raw.size() > 4096) fail_at(start, fmt::format("{} is too long", what));
  }
  return decode_json_text(raw);
}

std::uint64_t Scanner::number(const char* what) {
  const char first = peek();
  if (first < '0' || first > '9') {
    fail(fmt::format("{} must be a non-negative whole number, found {}", what, shown(first)));
  }
  const std::uint64_t start = offset();
  std::uint64_t value = 0;
  while (cursor < limit || refill(cursor)) {
    const char c = *cursor;
    if (c == '.' || c == 'e' || c == 'E')
      fail_at(start, fmt::format("{} is no whole number", what));
    if (c < '0' || c > '9') break;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (UINT64_MAX - digit) / 10) fail_at(start, fmt::format("{} is too large", what));
    value = value * 10 + digit;
    ++cursor;
  }
  return value;
}

void Scanner::skip_string() {
  ++cursor;
  for (;;) {
    const char c = next_byte();
    if (c == '"') return;
    if (c == '\\') next_byte();
  }
}

void Scanner::skip_value() {
  // Brackets of any depth need one counter; that they match in kind is not our business here.
  std::uint64_t depth = 0;
  do {
    const char c = peek();
    if (c == '"') {
      skip_string();
    } else if (c == '[' || c == '{') {
      ++depth;
      ++cursor;
    } else if (c == ']' || c == '}') {
      if (depth == 0) fail(fmt::format("a value is missing before {}", shown(c)));
      --depth;
      ++cursor;
    } else if (c == ',' || c == ':') {
      if (depth == 0) fail(fmt::format("a value is missing before {}", shown(c)));
      ++cursor;
      continue;
    } else {
      // A number or a word ends where something else begins.
      while ((cursor < limit || refill(cursor)) && !is_space(*cursor) &&
             std::strchr(",:]}[{\"", *cursor) == nullptr) {
        ++cursor;
      }
      if (cursor < limit && *cursor == '\0') fail("a zero byte is no JSON");
    }
  } while (depth > 0);
}

std::string Scanner::value_text(std::size_t limit_bytes, const char* what) {
  peek();
  const std::uint64_t start = offset();
  std::string text;
  std::uint64_t depth = 0;
  bool in_string = false;
  do {
    const char c = next_byte();
    text.push_back(c);
    if (text.size() > limit_bytes) fail_at(start, fmt::format("{} is too long", what));
    if (in_string) {
      if (c == '\\') text.push_back(next_byte());
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth > 0) --depth;
    } else if (depth == 0) {
      fail_at(start, fmt::format("{} must be an object", what));
    }
  } while (depth > 0 || in_string);
  return text;
}

void Scanner::each_member(const char* what, const std::function<void(const std::string&)>& member) {
  expect('{', what);
  if (accept('}')) return;
  do {
    const std::string key = short_string(what);
    expect(':', what);
    member(key);
  } while (accept(','));
  expect('}', what);
}

}  // namespace heaplab::inspector
