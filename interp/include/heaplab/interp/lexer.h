// SPDX-License-Identifier: MIT
// One pass over the UTF-16 text, one token at a time. What a '/' or a '}' means depends on the
// grammar, so the parser asks for a regular expression or a template continuation itself.
#pragma once

#include <memory>
#include <string>

#include "heaplab/interp/source.h"
#include "heaplab/interp/token.h"

namespace heaplab::interp {

class Lexer {
 public:
  Lexer(std::shared_ptr<const Source> source, SourceNames& atoms);

  /// The next token; EndOfInput again and again at the end. Throws SyntaxError.
  Token next();
  /// \pre `slash` is the last token returned, a Div or AssignDiv. Reads a RegExp token instead.
  Token rescan_regexp(const Token& slash);
  /// \pre `brace` is the last token returned, a RightBrace. Reads the next Template piece instead.
  Token rescan_template(const Token& brace);

  /// Moves back to just after `token`, to look at what follows it again.
  void rewind(const Token& token) { cursor_ = token.end; }

  [[noreturn]] void fail(const std::string& message, std::uint32_t start, std::uint32_t end) const;

 private:
  char16_t at(std::size_t i) const { return i < text_.size() ? text_[i] : u'\0'; }
  char16_t peek(std::size_t ahead = 0) const { return at(cursor_ + ahead); }
  bool at_end() const { return cursor_ >= text_.size(); }
  bool accept(char16_t c);
  char32_t code_point_at(std::size_t i, std::size_t& length) const;

  void skip_trivia(Token& token);
  void skip_line_comment();
  void skip_block_comment(Token& token);
  TokenKind scan_punctuator(char16_t c);
  void scan_identifier(Token& token);
  bool scan_identifier_part(std::u16string& text, bool first);
  void scan_private_name(Token& token);
  void scan_number(Token& token);
  void scan_radix_number(Token& token, int bits);
  void scan_legacy_octal(Token& token);
  void scan_decimal(Token& token);
  void scan_digits(std::string& digits);
  void end_number(Token& token);
  void scan_string(Token& token, char16_t quote);
  void scan_string_escape(Token& token, std::u16string& value);
  void scan_template(Token& token);
  bool scan_template_escape(std::u16string& cooked);
  /// After "\u" or "\x"; false if malformed.
  bool scan_hex_digits(int count, char32_t& value);
  bool scan_unicode_escape(char32_t& value);

  std::shared_ptr<const Source> source_;
  std::u16string_view text_;
  SourceNames& atoms_;
  std::uint32_t cursor_ = 0;
};

bool is_identifier_start(char32_t c);
bool is_identifier_part(char32_t c);
void append_code_point(std::u16string& out, char32_t c);

}  // namespace heaplab::interp
