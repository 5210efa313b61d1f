// SPDX-License-Identifier: MIT
#include "heaplab/support/file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/pipe_input.h"

namespace heaplab {

void InputFile::Closer::operator()(std::FILE* file) const {
  if (file != stdin) std::fclose(file);
}

InputFile::InputFile(std::string path) : path_(std::move(path)) {
  if (auto pipe = open_pipe_input(path_)) {
    file_.reset(pipe->file);
    ahead_ = std::move(pipe->ahead);
  } else {
    file_.reset(path_ == "-" ? stdin : std::fopen(path_.c_str(), "rb"));
  }
  if (!file_) throw InputError(path_, fmt::format("cannot open: {}", std::strerror(errno)));
  struct stat status {};
  if (fstat(fileno(file_.get()), &status) != 0) {
    throw InputError(path_, fmt::format("cannot read: {}", std::strerror(errno)));
  }
  if (S_ISDIR(status.st_mode)) throw InputError(path_, "is a directory, not a file");
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
}

void InputFile::seek(std::uint64_t offset) {
  if (fseeko(file_.get(), static_cast<off_t>(offset), SEEK_SET) != 0) {
    throw InputError(path_, offset, fmt::format("cannot read: {}", std::strerror(errno)));
  }
  offset_ = offset;
}

std::size_t InputFile::read_some(std::span<std::byte> out) {
  const std::size_t known = std::min(out.size(), ahead_.size());
  if (known > 0) {
    std::memcpy(out.data(), ahead_.data(), known);
    ahead_.erase(0, known);
    out = out.subspan(known);
    offset_ += known;
  }
  const std::size_t count = out.empty() ? 0 : std::fread(out.data(), 1, out.size(), file_.get());
  if (count < out.size() && std::ferror(file_.get()) != 0) {
    throw InputError(path_, offset_ + count, fmt::format("cannot read: {}", std::strerror(errno)));
  }
  offset_ += count;
  return known + count;
}

void InputFile::read_exactly(std::span<std::byte> out, const char* what) {
  const std::uint64_t start = offset_;
  const std::size_t count = read_some(out);
  if (count == out.size()) return;
  throw InputError(path_, start,
                   fmt::format("the file ends inside {}: {} of {} bytes", what, count, out.size()));
}

std::string read_text_file(const std::string& path, std::uint64_t max_bytes) {
  InputFile file(path);
  std::string text;
  // Grown as bytes arrive, never to the size a file claims: a pipe or a special file has none.
  constexpr std::size_t chunk = 64 << 10;
  for (;;) {
    const std::size_t old_size = text.size();
    text.resize(old_size + chunk);
    const auto space = std::as_writable_bytes(std::span(text)).subspan(old_size);
    const std::size_t count = file.read_some(space);
    text.resize(old_size + count);
    if (text.size() > max_bytes) {
      throw InputError(path, fmt::format("larger than {}", format_bytes(max_bytes)));
    }
    if (count < chunk) return text;
  }
}

}  // namespace heaplab
