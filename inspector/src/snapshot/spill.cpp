// SPDX-License-Identifier: MIT
#include "snapshot/spill.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "heaplab/support/error.h"
#include "snapshot/json_text.h"
#include "snapshot/string_writer.h"

namespace heaplab::inspector {

std::size_t read_file_at(int descriptor, std::uint64_t offset, char* out, std::size_t count) {
  std::size_t total = 0;
  while (total < count) {
    const ssize_t got =
        ::pread(descriptor, out + total, count - total, static_cast<off_t>(offset + total));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    total += static_cast<std::size_t>(got);
  }
  return total;
}

Spill::Spill(std::string file) : file_name_(std::move(file)) {}

Spill::~Spill() {
  if (temporary_ >= 0) ::close(temporary_);
}

std::size_t Spill::read(std::uint64_t offset, char* out, std::size_t count) const {
  if (offset >= written_) {
    const std::uint64_t start = std::min<std::uint64_t>(offset - written_, buffer_.size());
    const std::size_t got = std::min<std::size_t>(count, buffer_.size() - start);
    std::memcpy(out, buffer_.data() + start, got);
    return got;
  }
  const std::size_t wanted = std::min<std::size_t>(count, written_ - offset);
  const std::size_t got = read_file_at(temporary_, offset, out, wanted);
  return got < wanted || got == count ? got : got + read(offset + got, out + got, count - got);
}

void Spill::flush() {
  if (temporary_ < 0) create();
  for (std::size_t done = 0; done < buffer_.size();) {
    const ssize_t count = ::write(temporary_, buffer_.data() + done, buffer_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("cannot write");
    done += static_cast<std::size_t>(count);
  }
  written_ += buffer_.size();
  buffer_.clear();
}

void Spill::create() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = fmt::format("{}/heaplab-XXXXXX", folder != nullptr ? folder : "/tmp");
  temporary_ = ::mkostemp(path.data(), O_CLOEXEC);
  if (temporary_ < 0) fail("cannot make");
  ::unlink(path.c_str());
}

void Spill::fail(const char* what) const {
  throw InputError(file_name_, fmt::format("{} a temporary file for its strings: {} (TMPDIR says "
                                           "where)",
                                           what, std::strerror(errno)));
}

StringWriter::StringWriter(std::string file)
    : file_(std::move(file)), spill_(std::make_shared<Spill>(file_)) {}

void StringWriter::note_start() {
  const std::uint64_t start = spill_->size();
  if (strings_.count_ % SnapshotStrings::block == 0) strings_.block_offsets_.push_back(start);
  const std::uint64_t from_block = start - strings_.block_offsets_.back();
  if (from_block > UINT32_MAX || strings_.count_ == UINT32_MAX) {
    throw InputError(file_, "its strings are larger than any heap's");
  }
  strings_.offsets_.push_back(static_cast<std::uint32_t>(from_block));
  ++strings_.count_;
}

std::uint32_t StringWriter::add(std::string_view text) {
  note_start();
  encoded_ = '"';
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
  });
  if (is_plain) encoded_ += text;
  for (const char c : is_plain ? std::string_view() : text) {
    if (c == '"' || c == '\\') {
      encoded_ += '\\';
      encoded_ += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      encoded_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      encoded_ += c;
    }
  }
  encoded_ += "\",";
  spill_->append(encoded_.data(), encoded_.size());
  return strings_.size() - 1;
}

std::string StringWriter::get(std::uint32_t number) const {
  const std::uint64_t start = strings_.offset(number) + 1;
  const std::uint64_t end =
      number + 1 < strings_.count_ ? strings_.offset(number + 1) : spill_->size();
  std::string raw(end - start - 2, '\0');  // without its quote and comma
  raw.resize(spill_->read(start, raw.data(), raw.size()));
  return decode_json_text(raw);
}

SnapshotStrings StringWriter::finish() {
  note_start();  // the offset of a string that is not there ends the last one
  --strings_.count_;
  strings_.offsets_.shrink_to_fit();
  strings_.source_ = spill_;
  return std::move(strings_);
}

}  // namespace heaplab::inspector
