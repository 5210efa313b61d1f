// SPDX-License-Identifier: MIT
#include "snapshot_output.h"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace heaplab::inspector {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

[[noreturn]] void fail(int error, const std::string& path) {
  throw std::system_error(error, std::generic_category(), path);
}

/// What the name leads to: a link is kept and the file behind it replaced.
std::string behind_links(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

/// The next character of well-formed UTF-8, or of three bytes that spell a surrogate; anything else
/// counts as U+FFFD.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const unsigned count = first < 0x80   ? 0
                         : first < 0xc2 ? 9
                         : first < 0xe0 ? 1
                         : first < 0xf0 ? 2
                         : first < 0xf5 ? 3
                                        : 9;
  if (count == 0 || count == 9 || at + count >= text.size()) {
    ++at;
    return count == 0 ? first : 0xfffd;
  }
  char32_t character = first & (0x3fu >> count);
  for (unsigned i = 1; i <= count; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) {
      ++at;
      return 0xfffd;
    }
    character = character << 6 | (byte(at + i) & 0x3fu);
  }
  at += count + 1;
  return character;
}

char* put_unit(char* out, char32_t unit) {
  static constexpr char digits[] = "0123456789abcdef";
  *out++ = '\\';
  *out++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *out++ = digits[(unit >> shift) & 15];
  return out;
}

char* put_escaped(char* out, char32_t character) {
  switch (character) {
    case '"':
    case '\\':
      *out++ = '\\';
      *out++ = static_cast<char>(character);
      return out;
    case '\n':
      *out++ = '\\';
      *out++ = 'n';
      return out;
    case '\t':
      *out++ = '\\';
      *out++ = 't';
      return out;
    default:
      break;
  }
  if (character < 0x10000) return put_unit(out, character);
  out = put_unit(out, 0xd800 + ((character - 0x10000) >> 10));
  return put_unit(out, 0xdc00 + ((character - 0x10000) & 0x3ff));
}

bool is_plain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

SnapshotOutput::SnapshotOutput(const std::string& path) : path_(behind_links(path)) {
  buffer_.resize(buffer_bytes);
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  if (std::filesystem::is_directory(status)) fail(EISDIR, path);
  const bool direct = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  if (!direct) temporary_ = path_ + "." + std::to_string(::getpid()) + ".tmp";
  const std::string& name = direct ? path_ : temporary_;
  fd_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    temporary_.clear();
    fail(errno, path);
  }
}

SnapshotOutput::~SnapshotOutput() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void SnapshotOutput::flush() {
  std::size_t written = 0;
  while (written < used_) {
    const ssize_t count = ::write(fd_, buffer_.data() + written, used_ - written);
    if (count < 0) {
      if (errno == EINTR) continue;
      fail(errno, path_);
    }
    written += static_cast<std::size_t>(count);
  }
  used_ = 0;
}

void SnapshotOutput::long_text(std::string_view text) {
  while (!text.empty()) {
    if (used_ == buffer_.size()) flush();
    const std::size_t count = text.copy(buffer_.data() + used_, buffer_.size() - used_);
    used_ += count;
    text.remove_prefix(count);
  }
}

void SnapshotOutput::number(std::uint64_t value) {
  constexpr std::size_t most_digits = 20;
  if (buffer_.size() - used_ < most_digits) flush();
  char* start = buffer_.data() + used_;
  used_ += static_cast<std::size_t>(std::to_chars(start, start + most_digits, value).ptr - start);
}

void SnapshotOutput::json_string(std::string_view text_in) {
  text("\"");
  std::size_t at = 0;
  while (at < text_in.size()) {
    std::size_t end = at;
    while (end < text_in.size() && is_plain(text_in[end])) ++end;
    text(text_in.substr(at, end - at));
    at = end;
    if (at == text_in.size()) break;
    char escaped[12];
    const char* stop = put_escaped(escaped, next_character(text_in, at));
    text({escaped, static_cast<std::size_t>(stop - escaped)});
  }
  text("\"");
}

void SnapshotOutput::commit() {
  flush();
  const int fd = std::exchange(fd_, -1);
  if (::close(fd) != 0) fail(errno, path_);
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno, path_);
  temporary_.clear();
}

}  // namespace heaplab::inspector
