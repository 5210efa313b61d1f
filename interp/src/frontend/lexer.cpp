// SPDX-License-Identifier: MIT
// Trivia, punctuators, names and regular expressions; literals are in lexer_literals.cpp.
#include "heaplab/interp/lexer.h"

#include <algorithm>
#include <iterator>
#include "regexp/pattern.h"

namespace heaplab::interp {
namespace {

struct CodePointRange {
  char32_t first;
  char32_t last;
};
#include "identifier_ranges.inc"

template <std::size_t n>
bool contains(const CodePointRange (&ranges)[n], char32_t c) {
  const auto* range =
      std::upper_bound(std::begin(ranges), std::end(ranges), c,
                       [](char32_t x, const CodePointRange& r) { return x < r.first; });
  return range != std::begin(ranges) && c <= std::prev(range)->last;
}

bool is_line_break(char16_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

bool is_white_space(char16_t c) {
  if (c < 0x80) return c == ' ' || c == '\t' || c == '\v' || c == '\f';
  return c == 0xA0 || c == 0xFEFF || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_identifier_start(char32_t c) {
  if (c < 0x80) return is_ascii_letter(c) || c == '$' || c == '_';
  return contains(kIdentifierStart, c);
}

bool is_identifier_part(char32_t c) {
  if (c < 0x80) return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '$' || c == '_';
  return contains(kIdentifierContinue, c) || c == 0x200C || c == 0x200D;
}

void append_code_point(std::u16string& out, char32_t c) {
  if (c < 0x10000) {
    out.push_back(static_cast<char16_t>(c));
  } else {
    out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
    out.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
  }
}

Lexer::Lexer(std::shared_ptr<const Source> source, SourceNames& atoms)
    : source_(std::move(source)), text_(source_->text()), atoms_(atoms) {
  if (peek() == '#' && peek(1) == '!') skip_line_comment();
}

void Lexer::fail(const std::string& message, std::uint32_t start, std::uint32_t end) const {
  throw SyntaxError(message, source_, start, end);
}

bool Lexer::accept(char16_t c) {
  if (peek() != c || at_end()) return false;
  ++cursor_;
  return true;
}

char32_t Lexer::code_point_at(std::size_t i, std::size_t& length) const {
  const char32_t lead = at(i);
  const char32_t trail = at(i + 1);
  const bool pair = lead >= 0xD800 && lead <= 0xDBFF && trail >= 0xDC00 && trail <= 0xDFFF;
  length = pair ? 2 : 1;
  return pair ? 0x10000 + ((lead - 0xD800) << 10) + (trail - 0xDC00) : lead;
}

void Lexer::skip_line_comment() {
  while (!at_end() && !is_line_break(peek())) ++cursor_;
}

void Lexer::skip_block_comment(Token& token) {
  const std::uint32_t start = cursor_;
  for (cursor_ += 2; !at_end(); ++cursor_) {
    if (peek() == '*' && peek(1) == '/') {
      cursor_ += 2;
      return;
    }
    if (is_line_break(peek())) token.newline_before = true;
  }
  fail("Invalid or unexpected token", start, cursor_);
}

void Lexer::skip_trivia(Token& token) {
  while (!at_end()) {
    const char16_t c = peek();
    if (is_white_space(c)) {
      ++cursor_;
    } else if (is_line_break(c)) {
      token.newline_before = true;
      ++cursor_;
    } else if (c == '/' && peek(1) == '/') {
      skip_line_comment();
    } else if (c == '/' && peek(1) == '*') {
      skip_block_comment(token);
    } else {
      return;
    }
  }
}

Token Lexer::next() {
  Token token;
  skip_trivia(token);
  token.start = cursor_;
  if (!at_end()) {
    const char16_t c = peek();
    if (is_ascii_letter(c) || c == '_' || c == '$' || c == '\\' || c >= 0x80) {
      scan_identifier(token);
    } else if ((c >= '0' && c <= '9') || (c == '.' && peek(1) >= '0' && peek(1) <= '9')) {
      scan_number(token);
    } else if (c == '"' || c == '\'') {
      scan_string(token, c);
    } else if (c == '`') {
      ++cursor_;
      scan_template(token);
    } else if (c == '#') {
      scan_private_name(token);
    } else {
      ++cursor_;
      token.kind = scan_punctuator(c);
    }
  }
  token.end = cursor_;
  return token;
}

TokenKind Lexer::scan_punctuator(char16_t c) {
  using enum TokenKind;
  const auto choose = [this](char16_t second, TokenKind with, TokenKind without) {
    return accept(second) ? with : without;
  };
  switch (c) {
    case '{':
      return LeftBrace;
    case '}':
      return RightBrace;
    case '(':
      return LeftParen;
    case ')':
      return RightParen;
    case '[':
      return LeftBracket;
    case ']':
      return RightBracket;
    case ';':
      return Semicolon;
    case ',':
      return Comma;
    case ':':
      return Colon;
    case '~':
      return BitNot;
    case '.':
      if (peek() == '.' && peek(1) == '.') {
        cursor_ += 2;
        return Ellipsis;
      }
      return Dot;
    case '?':
      if (accept('?')) return choose('=', AssignNullish, Nullish);
      if (peek() == '.' && !(peek(1) >= '0' && peek(1) <= '9')) {
        ++cursor_;
        return QuestionDot;
      }
      return Question;
    case '=':
      if (accept('>')) return Arrow;
      if (accept('=')) return choose('=', StrictEqual, Equal);
      return Assign;
    case '!':
      if (accept('=')) return choose('=', StrictNotEqual, NotEqual);
      return Not;
    case '+':
      if (accept('+')) return Increment;
      return choose('=', AssignAdd, Add);
    case '-':
      if (accept('-')) return Decrement;
      return choose('=', AssignSub, Sub);
    case '*':
      if (accept('*')) return choose('=', AssignExp, Exp);
      return choose('=', AssignMul, Mul);
    case '/':
      return choose('=', AssignDiv, Div);
    case '%':
      return choose('=', AssignMod, Mod);
    case '^':
      return choose('=', AssignBitXor, BitXor);
    case '&':
      if (accept('&')) return choose('=', AssignAnd, And);
      return choose('=', AssignBitAnd, BitAnd);
    case '|':
      if (accept('|')) return choose('=', AssignOr, Or);
      return choose('=', AssignBitOr, BitOr);
    case '<':
      if (accept('<')) return choose('=', AssignShiftLeft, ShiftLeft);
      return choose('=', LessEqual, Less);
    case '>':
      if (!accept('>')) return choose('=', GreaterEqual, Greater);
      if (accept('>')) return choose('=', AssignShiftRightUnsigned, ShiftRightUnsigned);
      return choose('=', AssignShiftRight, ShiftRight);
    default:
      fail("Invalid or unexpected token", cursor_ - 1, cursor_);
  }
}

void Lexer::scan_identifier(Token& token) {
  // Nearly all names are plain ASCII: intern them straight from the text.
  const std::uint32_t start = cursor_;
  while (peek() < 0x80 && is_identifier_part(peek()) && !at_end()) ++cursor_;
  if (at_end() || (peek() < 0x80 && peek() != '\\')) {
    token.atom = atoms_.intern(text_.substr(start, cursor_ - start));
  } else {
    std::u16string name(text_.substr(start, cursor_ - start));
    while (scan_identifier_part(name, name.empty())) {
    }
    if (name.empty()) fail("Invalid or unexpected token", start, start + 1);
    token.atom = atoms_.intern(name);
    token.escaped = text_.substr(start, cursor_ - start).find(u'\\') != std::u16string_view::npos;
  }
  token.kind = token.atom->keyword;
}

bool Lexer::scan_identifier_part(std::u16string& name, bool first) {
  if (at_end()) return false;
  const std::uint32_t start = cursor_;
  std::size_t length = 1;
  char32_t c = code_point_at(cursor_, length);
  if (c == '\\') {
    ++cursor_;
    if (!accept('u') || !scan_unicode_escape(c)) {
      fail("Invalid Unicode escape sequence", start, cursor_ + 1);
    }
    if (!(first ? is_identifier_start(c) : is_identifier_part(c))) {
      fail("Invalid Unicode escape sequence", start, cursor_);
    }
  } else {
    if (!(first ? is_identifier_start(c) : is_identifier_part(c))) return false;
    cursor_ += static_cast<std::uint32_t>(length);
  }
  append_code_point(name, c);
  return true;
}

void Lexer::scan_private_name(Token& token) {
  ++cursor_;
  std::u16string name = u"#";
  while (scan_identifier_part(name, name.size() == 1)) {
  }
  if (name.size() == 1) fail("Invalid or unexpected token", token.start, cursor_);
  token.kind = TokenKind::PrivateName;
  token.atom = atoms_.intern(name);
}

Token Lexer::rescan_regexp(const Token& slash) {
  Token token = slash;
  token.kind = TokenKind::RegExp;
  cursor_ = slash.start + 1;
  const std::uint32_t body = cursor_;
  for (bool in_class = false; in_class || peek() != '/'; ++cursor_) {
    if (peek() == '[') in_class = true;
    if (peek() == ']') in_class = false;
    if (peek() == '\\') ++cursor_;  // whatever it escapes is skipped by the loop
    if (at_end() || is_line_break(peek())) {
      fail("Invalid regular expression: missing /", slash.start, cursor_);
    }
  }
  token.atom = atoms_.intern(text_.substr(body, cursor_ - body));
  const std::uint32_t flags = ++cursor_;
  std::size_t length = 1;
  while (!at_end() && is_identifier_part(code_point_at(cursor_, length))) {
    cursor_ += static_cast<std::uint32_t>(length);
  }
  token.raw = atoms_.intern(text_.substr(flags, cursor_ - flags));
  if (!regexp::parse_flags(token.raw->text)) {
    fail("Invalid regular expression flags", slash.start, cursor_);
  }
  token.end = cursor_;
  return token;
}

Token Lexer::rescan_template(const Token& brace) {
  Token token = brace;
  cursor_ = brace.start + 1;
  scan_template(token);
  token.end = cursor_;
  return token;
}

}  // namespace heaplab::interp
