// SPDX-License-Identifier: MIT
// A source text: its name, its UTF-16 contents, and where its lines begin.
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace heaplab::interp {

/// Both from 1; columns count UTF-16 units, as V8's do.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class Source {
 public:
  /// Takes UTF-8; each invalid sequence becomes U+FFFD, and a leading byte-order mark is dropped.
  static std::shared_ptr<const Source> from_utf8(std::string name, std::string_view text);

  Source(std::string name, std::u16string text);

  const std::string& name() const { return name_; }
  std::u16string_view text() const { return text_; }
  std::u16string_view text(std::uint32_t start, std::uint32_t end) const {
    return std::u16string_view(text_).substr(start, end - start);
  }
  LineColumn line_column(std::uint32_t offset) const;
  /// The line (from 1) without its line break, for error reports. \pre 1 <= line <= line_count()
  std::u16string_view line_text(std::uint32_t line) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  std::string name_;
  std::u16string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// The text is not a program heaplab can run: an early error, or something outside the subset.
/// `what()` is V8's message without the "SyntaxError: " prefix.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(const std::string& message, std::shared_ptr<const Source> source,
              std::uint32_t offset, std::uint32_t end);

  const std::shared_ptr<const Source>& source() const { return source_; }
  std::uint32_t offset() const { return offset_; }
  std::uint32_t end() const { return end_; }
  LineColumn position() const { return source_->line_column(offset_); }
  /// "file:line\n<source line>\n   ^^^\n\nSyntaxError: message", as Node prints it.
  std::string report() const;

 private:
  std::shared_ptr<const Source> source_;
  std::uint32_t offset_;
  std::uint32_t end_;
};

std::u16string utf8_to_utf16(std::string_view text);
/// Lone surrogates become U+FFFD.
std::string utf16_to_utf8(std::u16string_view text);

}  // namespace heaplab::interp
