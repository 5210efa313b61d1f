// SPDX-License-Identifier: MIT
#include "text_lines.h"

#include <fmt/format.h>

#include <cstring>

#include "heaplab/support/error.h"

namespace heaplab::trace {
namespace {

constexpr std::size_t buffer_bytes = 128 << 10;

}  // namespace

TextLines::TextLines(const std::string& path)
    : stream_(path), buffer_(buffer_bytes + readable_after_end) {
  stream_.accept_early_end();
}

bool TextLines::next() {
  start_ += whole_;
  std::memmove(buffer_.data(), buffer_.data() + whole_, filled_ - whole_);
  filled_ -= whole_;
  whole_ = 0;
  while (!ended_) {
    const std::size_t room = buffer_.size() - readable_after_end - filled_;
    const std::size_t count = stream_.read({buffer_.data() + filled_, room});
    ended_ = count < room;
    const void* last = memrchr(buffer_.data() + filled_, '\n', count);
    filled_ += count;
    if (last != nullptr) {
      whole_ = static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.data()) + 1;
      break;
    }
    if (ended_) break;
    if (buffer_.size() >= most_line_bytes) {
      fail(begin(), fmt::format("a line of more than {} bytes", buffer_.size()));
    }
    buffer_.resize(2 * buffer_.size());
  }
  if (ended_) cut_ = stream_.ended_early() || filled_ > whole_;
  if (whole_ > 0) ++blocks_;
  return whole_ > 0;
}

void TextLines::fail(const char* place, const std::string& message) const {
  const std::uint64_t offset = offset_of(place);
  throw InputError(path(), offset,
                   stream_.compressed() ? message + " in the decompressed text" : message);
}

Extent TextLines::extent() const {
  Extent result;
  result.complete = !cut_;
  result.end_is_told = cut_;
  result.blocks = blocks_;
  result.bytes = stream_.file_offset();
  if (cut_) {
    result.note = fmt::format("recording ends early at offset {}{}", start_ + whole_,
                              stream_.compressed() ? " of the decompressed text" : "");
  }
  return result;
}

std::string_view line_at(const char* place, const char* end) {
  const void* newline = std::memchr(place, '\n', static_cast<std::size_t>(end - place));
  const char* stop = newline == nullptr ? end : static_cast<const char*>(newline);
  return {place, static_cast<std::size_t>(stop - place)};
}

std::string first_line(const std::string& path, std::size_t most) {
  ByteStream stream(path);
  stream.accept_early_end();
  std::string start(most, '\0');
  start.resize(stream.read({start.data(), start.size()}));
  const std::size_t end = start.find('\n');
  return end == std::string::npos ? std::string() : start.substr(0, end);
}

}  // namespace heaplab::trace
