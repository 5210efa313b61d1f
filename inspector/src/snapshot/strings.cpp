// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "heaplab/support/error.h"
#include "snapshot/json_text.h"
#include "snapshot/spill.h"
#include "snapshot/strings_builder.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace heaplab::inspector {
namespace {

/// The first quote, backslash or control character in [text, limit), or limit. May read 15 bytes
/// beyond it.
const char* find_special(const char* text, const char* limit) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1f);
  for (; text < limit; text += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i special = _mm_or_si128(
        control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
    const int mask = _mm_movemask_epi8(special);
    if (mask != 0) return std::min(text + __builtin_ctz(static_cast<unsigned>(mask)), limit);
  }
  return limit;
#else
  while (text < limit && *text != '"' && *text != '\\' &&
         static_cast<unsigned char>(*text) > 0x1f) {
    ++text;
  }
  return text;
#endif
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// The snapshot file itself.
struct FileSource : SnapshotStrings::Source {
  explicit FileSource(const std::string& path) : file(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  std::size_t read(std::uint64_t offset, char* out, std::size_t count) const override {
    return read_file_at(file.number(), offset, out, count);
  }
  Descriptor file;
};

}  // namespace

SnapshotStrings::SnapshotStrings() = default;
SnapshotStrings::~SnapshotStrings() = default;
SnapshotStrings::SnapshotStrings(SnapshotStrings&&) noexcept = default;
SnapshotStrings& SnapshotStrings::operator=(SnapshotStrings&&) noexcept = default;

std::uint64_t SnapshotStrings::raw_length(std::uint32_t index) const {
  if (index >= count_) return 0;
  return offset(index + 1) - offset(index) - 2;  // two quotes
}

namespace {

/// `text` begins after the opening quote: where the string ends in it; npos if beyond.
std::size_t closing_quote(std::string_view text) {
  const char* const limit = text.data() + text.size();
  for (const char* at = text.data(); at < limit; ++at) {
    if (*at == '\\') {
      ++at;
    } else if (*at == '"') {
      return static_cast<std::size_t>(at - text.data());
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::string SnapshotStrings::get(std::uint32_t index) const {
  if (index >= count_ || !source_) return {};
  const std::uint64_t start = offset(index) + 1;
  std::string raw(offset(index + 1) - start, '\0');
  raw.resize(source_->read(start, raw.data(), raw.size()));
  const std::size_t end = closing_quote(raw);
  return decode_json_text(std::string_view(raw).substr(0, end));
}

/// Strings by ascending numbers, through a window on the store.
class StringWindow {
 public:
  StringWindow(const SnapshotStrings::Source& source, std::size_t ahead)
      : source_(source), ahead_(ahead) {}

  /// The string whose raw text is in [start, end) of the store. Valid until the next call.
  std::string_view text(std::uint64_t start, std::uint64_t end) {
    if (start < start_ || end > start_ + window_.size()) {
      window_.resize(std::max<std::size_t>(ahead_, end - start));
      window_.resize(source_.read(start, window_.data(), window_.size()));
      start_ = start;
    }
    std::string_view raw(window_);
    raw.remove_prefix(std::min<std::size_t>(start - start_, raw.size()));
    raw = raw.substr(0, end - start);
    raw = raw.substr(0, closing_quote(raw));
    if (raw.find('\\') == std::string_view::npos) return raw;
    decoded_ = decode_json_text(raw);
    return decoded_;
  }

 private:
  const SnapshotStrings::Source& source_;
  std::size_t ahead_;
  std::string window_;
  std::uint64_t start_ = 0;
  std::string decoded_;
};

void SnapshotStrings::for_each(
    const std::function<void(std::uint32_t, std::string_view)>& visit) const {
  if (!source_) return;
  StringWindow window(*source_, 1 << 20);
  for (std::uint32_t index = 0; index < count_; ++index) {
    visit(index, window.text(offset(index) + 1, offset(index + 1)));
  }
}

void SnapshotStrings::for_each_of(
    std::span<const std::uint32_t> indices,
    const std::function<void(std::uint32_t, std::string_view)>& visit) const {
  if (!source_) return;
  // What is far apart is read by itself.
  const bool dense = indices.size() > count_ / 16;
  StringWindow window(*source_, dense ? 1 << 20 : 4096);
  for (const std::uint32_t index : indices) {
    visit(index,
          index < count_ ? window.text(offset(index) + 1, offset(index + 1)) : std::string_view());
  }
}

std::uint32_t SnapshotStrings::find(std::string_view text) const {
  std::uint32_t found = 0xffff'ffff;
  for_each([&](std::uint32_t index, std::string_view candidate) {
    if (found == 0xffff'ffff && candidate == text) found = index;
  });
  return found;
}

std::uint64_t StringsBuilder::position() const {
  return spill_ ? spill_->size() : scanner_.offset();
}

void StringsBuilder::open() {
  scanner_.expect('[', "strings");
  const bool again =
      !stream_.compressed() && stream_.file_size().has_value() && stream_.path() != "-";
  if (!again) spill_ = std::make_shared<Spill>(stream_.path());
}

void StringsBuilder::note_start() {
  const std::uint64_t start = position();
  if (strings_.count_ % SnapshotStrings::block == 0) strings_.block_offsets_.push_back(start);
  const std::uint64_t from_block = start - strings_.block_offsets_.back();
  if (from_block > UINT32_MAX || strings_.count_ == UINT32_MAX) {
    scanner_.fail("the strings here are larger than any heap's");
  }
  strings_.offsets_.push_back(static_cast<std::uint32_t>(from_block));
  ++strings_.count_;
}

/// The raw text between the quotes, which are consumed; a null view if it is long.
std::string_view StringsBuilder::read_one() {
  const char* start = scanner_.cursor;
  const char* at = start + 1;
  bool whole = true;
  const auto keep_up = [&](const char* done) {
    if (spill_) spill_->append(start, static_cast<std::size_t>(done - start));
  };
  for (;;) {
    at = find_special(at, scanner_.limit);
    if (at == scanner_.limit || (*at == '\\' && at + 1 == scanner_.limit)) {
      if (static_cast<std::size_t>(at - start) > longest_seen) {
        keep_up(at);
        whole = false;
        start = at;
      }
      scanner_.cursor = start;
      if (!scanner_.refill(start)) {
        scanner_.fail_at(scanner_.offset_of(scanner_.limit), "the file ends inside strings");
      }
      start = scanner_.moved(start);
      at = scanner_.moved(at);
      continue;
    }
    if (*at == '"') break;
    if (*at != '\\') {
      scanner_.fail_at(scanner_.offset_of(at), "a control character inside a string is no JSON");
    }
    at += 2;
  }
  ++at;
  keep_up(at);
  scanner_.cursor = at;
  const auto length = static_cast<std::size_t>(at - start) - 2;
  if (!whole || length > longest_seen) return {};
  return {start + 1, length};
}

void StringsBuilder::close() {
  // The offset of a string that is not there ends the last one.
  --scanner_.cursor;
  note_start();
  --strings_.count_;
  ++scanner_.cursor;
  strings_.offsets_.shrink_to_fit();
  if (spill_) {
    strings_.source_ = spill_;
  } else {
    strings_.source_ = std::make_shared<FileSource>(stream_.path());
  }
}

}  // namespace heaplab::inspector
