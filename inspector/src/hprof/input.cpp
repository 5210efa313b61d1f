// SPDX-License-Identifier: MIT
#include "hprof/input.h"

#include <algorithm>
#include <filesystem>

#include "heaplab/support/error.h"

namespace heaplab::inspector::hprof {

namespace {

/// No more than the file has.
std::size_t buffer_bytes(const ByteStream& stream) {
  const std::uint64_t size = stream.file_size().value_or(Input::window);
  return stream.compressed() || size > Input::window ? Input::window
                                                     : static_cast<std::size_t>(size) + 1;
}

}  // namespace

Input::Input(ByteStream stream, bool progress)
    : stream_(std::move(stream)),
      progress_("reading " + std::filesystem::path(stream_.path()).filename().string(),
                stream_.file_size().value_or(0)),
      show_progress_(progress),
      buffer_(buffer_bytes(stream_)),
      cursor_(buffer_.data()),
      limit_(buffer_.data()) {}

void Input::refill(std::size_t count) {
  const auto left = static_cast<std::size_t>(limit_ - cursor_);
  if (count > buffer_.size()) fail_at(stream_.offset(), "the file ends inside a record");
  std::memmove(buffer_.data(), cursor_, left);
  cursor_ = buffer_.data();
  limit_ = buffer_.data() + left;
  limit_ += stream_.read({buffer_.data() + left, buffer_.size() - left});
  if (show_progress_) progress_.update_piece(stream_.file_offset());
  if (static_cast<std::size_t>(limit_ - cursor_) < count) {
    fail_at(stream_.offset(), "the file ends inside a record");
  }
}

void Input::skip(std::uint64_t count) {
  while (count > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count, window));
    take(step);
    count -= step;
  }
}

bool Input::at_end() {
  if (cursor_ != limit_) return false;
  cursor_ = buffer_.data();
  limit_ = buffer_.data() + stream_.read(buffer_);
  return cursor_ == limit_;
}

void Input::fail_at(std::uint64_t offset, const std::string& message) const {
  throw InputError(stream_.path(), offset, message);
}

}  // namespace heaplab::inspector::hprof
