// SPDX-License-Identifier: MIT
#include "heaplab/interp/source.h"

#include <algorithm>
#include <utility>

namespace heaplab::interp {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

/// Decodes one code point, advancing `i`. A bad sequence is replaced up to the first byte that
/// cannot continue it, as the WHATWG decoder does.
char32_t decode_utf8(std::string_view text, std::size_t& i) {
  const auto byte_at = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char lead = byte_at(i++);
  if (lead < 0x80) return lead;
  int extra = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  char32_t value = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    extra = 1;
    value = lead & 0x1Fu;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    extra = 2;
    value = lead & 0x0Fu;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    extra = 3;
    value = lead & 0x07u;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return kReplacement;
  }
  for (; extra > 0; --extra) {
    if (i >= text.size() || byte_at(i) < low || byte_at(i) > high) return kReplacement;
    value = (value << 6) | (byte_at(i++) & 0x3Fu);
    low = 0x80;
    high = 0xBF;
  }
  return value;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool is_line_break(char16_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

}  // namespace

std::u16string utf8_to_utf16(std::string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t c = decode_utf8(text, i);
    if (c < 0x10000) {
      out.push_back(static_cast<char16_t>(c));
    } else {
      out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
    }
  }
  return out;
}

std::string utf16_to_utf8(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (c >= 0xD800 && c <= 0xDFFF) {
      const bool pair =
          c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF;
      c = pair ? 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u) : kReplacement;
    }
    append_utf8(out, c);
  }
  return out;
}

std::shared_ptr<const Source> Source::from_utf8(std::string name, std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return std::make_shared<const Source>(std::move(name), utf8_to_utf16(text));
}

Source::Source(std::string name, std::u16string text)
    : name_(std::move(name)), text_(std::move(text)), line_starts_{0} {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (!is_line_break(text_[i])) continue;
    if (text_[i] == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n') ++i;
    line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

LineColumn Source::line_column(std::uint32_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  return {line, offset - line_starts_[line - 1] + 1};
}

std::u16string_view Source::line_text(std::uint32_t line) const {
  const std::uint32_t start = line_starts_[line - 1];
  std::uint32_t end =
      line < line_starts_.size() ? line_starts_[line] : static_cast<std::uint32_t>(text_.size());
  while (end > start && is_line_break(text_[end - 1])) --end;
  return text(start, end);
}

SyntaxError::SyntaxError(const std::string& message, std::shared_ptr<const Source> source,
                         std::uint32_t offset, std::uint32_t end)
    : std::runtime_error(message), source_(std::move(source)), offset_(offset), end_(end) {}

std::string SyntaxError::report() const {
  const LineColumn at = position();
  const std::u16string_view line = source_->line_text(at.line);
  // The caret line repeats the tabs of the source line so that the carets stand under the token.
  std::string carets;
  for (std::uint32_t i = 0; i + 1 < at.column && i < line.size(); ++i) {
    carets.push_back(line[i] == '\t' ? '\t' : ' ');
  }
  const std::uint32_t rest =
      line.size() + 1 > at.column ? static_cast<std::uint32_t>(line.size()) + 1 - at.column : 0;
  const std::uint32_t width = std::min(end_ > offset_ ? end_ - offset_ : 1, rest);
  carets.append(std::max<std::uint32_t>(width, 1), '^');
  return source_->name() + ":" + std::to_string(at.line) + "\n" + utf16_to_utf8(line) + "\n" +
         carets + "\n\nSyntaxError: " + what();
}

}  // namespace heaplab::interp
