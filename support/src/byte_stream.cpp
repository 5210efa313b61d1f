// SPDX-License-Identifier: MIT
#include "heaplab/support/byte_stream.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "heaplab/support/error.h"
#include "heaplab/support/file.h"

namespace heaplab {
namespace {

constexpr std::size_t input_bytes = 256 << 10;
constexpr std::uint64_t bomb_bytes = 4ULL << 30;
constexpr std::uint64_t bomb_ratio = 500;

enum class Coding { plain, gzip, zstd };

Coding coding_of(std::span<const char> start) {
  const auto begins = [&](std::string_view magic) {
    return std::string_view(start.data(), start.size()).starts_with(magic);
  };
  if (begins("\x1f\x8b")) return Coding::gzip;
  if (begins("\x28\xb5\x2f\xfd")) return Coding::zstd;
  return Coding::plain;
}

struct InflateEnd {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    delete stream;
  }
};
struct ZstdEnd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct ByteStream::State {
  explicit State(std::string path) : file(std::move(path)), input(input_bytes) {
    refill();
    coding = coding_of({input.data(), available});
    if (coding == Coding::gzip) start_gzip();
    if (coding == Coding::zstd) zstd.reset(ZSTD_createDCtx());
  }

  void refill() {
    position = 0;
    available = file.read_some(std::as_writable_bytes(std::span(input)));
  }
  std::span<const char> rest() const { return {input.data() + position, available - position}; }
  std::uint64_t file_offset() const { return file.offset() - (available - position); }

  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(file.path(), file_offset(), message);
  }

  void start_gzip() {
    auto stream = std::make_unique<z_stream>();
    std::memset(stream.get(), 0, sizeof(z_stream));
    constexpr int largest_window_with_gzip_header = 15 + 16;
    if (inflateInit2(stream.get(), largest_window_with_gzip_header) != Z_OK) throw std::bad_alloc();
    gzip.reset(stream.release());
  }

  std::size_t read_plain(std::span<char> out) {
    const std::size_t held = std::min(out.size(), available - position);
    if (held > 0) {
      std::memcpy(out.data(), input.data() + position, held);
      position += held;
      return held;
    }
    return file.read_some(std::as_writable_bytes(out));
  }

  /// True once another member (or the end) may follow.
  std::size_t read_gzip(std::span<char> out) {
    gzip->next_in = reinterpret_cast<Bytef*>(input.data() + position);
    gzip->avail_in = static_cast<uInt>(available - position);
    gzip->next_out = reinterpret_cast<Bytef*>(out.data());
    gzip->avail_out = static_cast<uInt>(out.size());
    const int result = inflate(gzip.get(), Z_NO_FLUSH);
    position = available - gzip->avail_in;
    member_ended = result == Z_STREAM_END;
    if (member_ended) {
      inflateReset(gzip.get());
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      fail(fmt::format("damaged gzip data: {}", gzip->msg != nullptr ? gzip->msg : "no details"));
    }
    return out.size() - gzip->avail_out;
  }

  std::size_t read_zstd(std::span<char> out) {
    ZSTD_inBuffer source{input.data(), available, position};
    ZSTD_outBuffer target{out.data(), out.size(), 0};
    const std::size_t result = ZSTD_decompressStream(zstd.get(), &target, &source);
    if (ZSTD_isError(result) != 0) {
      fail(fmt::format("damaged zstd data: {}", ZSTD_getErrorName(result)));
    }
    position = source.pos;
    member_ended = result == 0;
    return target.pos;
  }

  /// At least one byte, or 0 at the end.
  std::size_t read_some(std::span<char> out) {
    if (coding == Coding::plain) return read_plain(out);
    for (;;) {
      if (position == available) refill();
      const bool ended = available == 0;
      if (ended && member_ended) return 0;
      // The decoder may still hold output when the file is at its end.
      const std::size_t count = coding == Coding::gzip ? read_gzip(out) : read_zstd(out);
      if (count > 0) return count;
      if (ended && early_end_is_end) {
        ended_early = true;
        return 0;
      }
      if (ended) fail("the compressed data ends early");
    }
  }

  void check_expansion() const {
    if (coding != Coding::plain && offset > bomb_bytes && offset / bomb_ratio > file_offset()) {
      fail(fmt::format("expands more than {} times and does not end: this is no ordinary file",
                       bomb_ratio));
    }
  }

  InputFile file;
  std::vector<char> input;
  std::size_t position = 0;
  std::size_t available = 0;
  Coding coding = Coding::plain;
  bool member_ended = true;
  bool early_end_is_end = false;
  bool ended_early = false;
  std::unique_ptr<z_stream, InflateEnd> gzip;
  std::unique_ptr<ZSTD_DCtx, ZstdEnd> zstd;
  std::uint64_t offset = 0;
  std::string ahead;  ///< looked at, not read
};

ByteStream::ByteStream(std::string path) : state_(std::make_unique<State>(std::move(path))) {}
ByteStream::~ByteStream() = default;
ByteStream::ByteStream(ByteStream&&) noexcept = default;
ByteStream& ByteStream::operator=(ByteStream&&) noexcept = default;

const std::string& ByteStream::path() const { return state_->file.path(); }
bool ByteStream::compressed() const { return state_->coding != Coding::plain; }
std::optional<std::uint64_t> ByteStream::file_size() const { return state_->file.size(); }
std::uint64_t ByteStream::file_offset() const { return state_->file_offset(); }
std::uint64_t ByteStream::offset() const { return state_->offset; }
void ByteStream::accept_early_end() { state_->early_end_is_end = true; }
bool ByteStream::ended_early() const { return state_->ended_early; }

std::string ByteStream::peek(std::size_t count) {
  std::string& ahead = state_->ahead;
  while (ahead.size() < count) {
    const std::size_t known = ahead.size();
    ahead.resize(count);
    const std::size_t more = state_->read_some(std::span(ahead).subspan(known));
    ahead.resize(known + more);
    if (more == 0) break;
  }
  return ahead;
}

std::size_t ByteStream::read(std::span<char> out) {
  std::size_t total = std::min(out.size(), state_->ahead.size());
  std::copy_n(state_->ahead.begin(), total, out.begin());
  state_->ahead.erase(0, total);
  state_->offset += total;
  while (total < out.size()) {
    const std::size_t count = state_->read_some(out.subspan(total));
    if (count == 0) break;
    total += count;
    state_->offset += count;
  }
  state_->check_expansion();
  return total;
}

}  // namespace heaplab
