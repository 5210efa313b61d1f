// SPDX-License-Identifier: MIT
// Numbers, strings and templates.
#include <charconv>
#include <cmath>
#include <limits>

#include "heaplab/interp/lexer.h"

namespace heaplab::interp {
namespace {

int digit_value(char16_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

bool is_digit(char16_t c) { return c >= '0' && c <= '9'; }

/// The double nearest to a number given in binary digits, most significant first, rounding ties
/// to even: 64 bits are kept exactly, and what falls off only matters as "something was there".
class BinaryNumber {
 public:
  void push(int digit, int bits) {
    for (int i = bits - 1; i >= 0; --i) push_bit(((digit >> i) & 1) != 0);
  }
  double value() const {
    // Halving with a sticky bit keeps the final conversion (64 -> 53 bits) correctly rounded.
    const std::uint64_t sticky = dropped_ ? 1 : 0;
    return std::ldexp(static_cast<double>(mantissa_ | sticky), exponent_);
  }

 private:
  void push_bit(bool bit) {
    if ((mantissa_ >> 63) == 0) {
      mantissa_ = (mantissa_ << 1) | (bit ? 1 : 0);
      return;
    }
    dropped_ = dropped_ || bit;
    if (exponent_ < 4096) ++exponent_;
  }
  std::uint64_t mantissa_ = 0;
  int exponent_ = 0;
  bool dropped_ = false;
};

double parse_decimal(const std::string& digits) {
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc::result_out_of_range) return value;
  // Too large or too small: strtod knows which (only plain C-locale characters are in there).
  return std::strtod(digits.c_str(), nullptr);
}

}  // namespace

void Lexer::scan_number(Token& token) {
  token.kind = TokenKind::Number;
  const char16_t second = peek(1) | 0x20;
  if (peek() == '0' && second == 'x') return scan_radix_number(token, 4);
  if (peek() == '0' && second == 'o') return scan_radix_number(token, 3);
  if (peek() == '0' && second == 'b') return scan_radix_number(token, 1);
  if (peek() == '0' && (is_digit(peek(1)) || peek(1) == '_')) return scan_legacy_octal(token);
  scan_decimal(token);
}

void Lexer::scan_radix_number(Token& token, int bits) {
  cursor_ += 2;
  BinaryNumber number;
  bool any = false;
  for (;; ++cursor_) {
    const char16_t c = peek();
    if (c == '_') {
      if (peek(1) == '_') {
        fail("Only one underscore is allowed as numeric separator", cursor_ + 1, cursor_ + 2);
      }
      if (!any || digit_value(peek(1)) >= 1 << bits) {
        fail("Numeric separators are not allowed at the end of numeric literals", cursor_ + 1,
             cursor_ + 2);
      }
      continue;
    }
    if (digit_value(c) >= 1 << bits) break;
    number.push(digit_value(c), bits);
    any = true;
  }
  if (!any) fail("Invalid or unexpected token", token.start, cursor_);
  token.number = number.value();
  end_number(token);
}

void Lexer::scan_legacy_octal(Token& token) {
  if (peek(1) == '_') {
    fail("Numeric separator can not be used after leading 0.", cursor_ + 1, cursor_ + 2);
  }
  token.legacy_octal = true;
  std::uint32_t end = cursor_;
  bool octal = true;
  for (; is_digit(at(end)); ++end) octal = octal && at(end) < '8';
  if (!octal) return scan_decimal(token);
  BinaryNumber number;
  for (; cursor_ < end; ++cursor_) number.push(peek() - '0', 3);
  token.number = number.value();
  end_number(token);
}

void Lexer::scan_digits(std::string& digits) {
  for (bool any = false;; ++cursor_) {
    if (peek() == '_') {
      if (peek(1) == '_') {
        fail("Only one underscore is allowed as numeric separator", cursor_ + 1, cursor_ + 2);
      }
      if (!any || !is_digit(peek(1))) {
        fail("Numeric separators are not allowed at the end of numeric literals", cursor_ + 1,
             cursor_ + 2);
      }
    } else if (is_digit(peek())) {
      digits.push_back(static_cast<char>(peek()));
      any = true;
    } else {
      return;
    }
  }
}

void Lexer::scan_decimal(Token& token) {
  std::string digits;
  scan_digits(digits);
  if (peek() == 'n' && !token.legacy_octal) {
    ++cursor_;
    token.kind = TokenKind::BigInt;
    return end_number(token);
  }
  if (accept('.')) {
    digits.push_back('.');
    if (peek() == '_') fail("Invalid or unexpected token", cursor_, cursor_ + 1);
    scan_digits(digits);
  }
  if ((peek() | 0x20) == 'e') {
    ++cursor_;
    digits.push_back('e');
    if (peek() == '+' || peek() == '-') {
      if (peek() == '-') digits.push_back('-');  // from_chars refuses a '+'
      ++cursor_;
    }
    if (!is_digit(peek())) fail("Invalid or unexpected token", token.start, cursor_);
    scan_digits(digits);
  }
  // from_chars also refuses a leading '.'.
  token.number = parse_decimal(digits.front() == '.' ? "0" + digits : digits);
  end_number(token);
}

void Lexer::end_number(Token& token) {
  if (peek() == 'n' && token.kind == TokenKind::Number && !at_end()) {
    token.kind = TokenKind::BigInt;
    ++cursor_;
  }
  std::size_t length = 1;
  const char32_t c = code_point_at(cursor_, length);
  if (!at_end() && (is_digit(peek()) || is_identifier_start(c) || c == '\\')) {
    fail("Invalid or unexpected token", token.start, cursor_ + static_cast<std::uint32_t>(length));
  }
}

void Lexer::scan_string(Token& token, char16_t quote) {
  token.kind = TokenKind::String;
  const std::uint32_t start = ++cursor_;
  // Most strings have no escape: intern them straight from the text.
  while (!at_end() && peek() != quote && peek() != '\\' && peek() != '\n' && peek() != '\r') {
    ++cursor_;
  }
  if (peek() == quote && !at_end()) {
    token.atom = atoms_.intern(text_.substr(start, cursor_++ - start));
    return;
  }
  std::u16string value(text_.substr(start, cursor_ - start));
  while (!accept(quote)) {
    if (at_end() || peek() == '\n' || peek() == '\r') {
      fail("Invalid or unexpected token", token.start, cursor_);
    }
    if (peek() == '\\') {
      scan_string_escape(token, value);
    } else {
      value.push_back(text_[cursor_++]);
    }
  }
  token.escaped = true;
  token.atom = atoms_.intern(value);
}

bool Lexer::scan_hex_digits(int count, char32_t& value) {
  value = 0;
  for (int i = 0; i < count; ++i) {
    const int digit = digit_value(peek());
    if (digit > 15) return false;
    value = value * 16 + static_cast<char32_t>(digit);
    ++cursor_;
  }
  return true;
}

bool Lexer::scan_unicode_escape(char32_t& value) {
  if (!accept('{')) return scan_hex_digits(4, value);
  value = 0;
  bool any = false;
  for (; digit_value(peek()) < 16; ++cursor_) {
    value = value * 16 + static_cast<char32_t>(digit_value(peek()));
    if (value > 0x10FFFF) return false;
    any = true;
  }
  return any && accept('}');
}

void Lexer::scan_string_escape(Token& token, std::u16string& value) {
  const std::uint32_t start = cursor_++;
  if (at_end()) fail("Invalid or unexpected token", token.start, cursor_);
  const char16_t c = text_[cursor_++];
  char32_t code = 0;
  switch (c) {
    case 'n':
      value.push_back('\n');
      return;
    case 't':
      value.push_back('\t');
      return;
    case 'r':
      value.push_back('\r');
      return;
    case 'b':
      value.push_back('\b');
      return;
    case 'f':
      value.push_back('\f');
      return;
    case 'v':
      value.push_back('\v');
      return;
    case '\r':
      if (peek() == '\n') ++cursor_;
      return;
    case '\n':
    case 0x2028:
    case 0x2029:
      return;
    case 'x':
      if (!scan_hex_digits(2, code)) {
        fail("Invalid hexadecimal escape sequence", start, cursor_ + 1);
      }
      value.push_back(static_cast<char16_t>(code));
      return;
    case 'u':
      if (!scan_unicode_escape(code)) {
        fail(code > 0x10FFFF ? "Undefined Unicode code-point" : "Invalid Unicode escape sequence",
             start, cursor_ + 1);
      }
      append_code_point(value, code);
      return;
    default:
      break;
  }
  if (!is_digit(c)) {
    value.push_back(c);
    return;
  }
  if (c == '0' && !is_digit(peek())) {
    value.push_back(u'\0');
    return;
  }
  token.legacy_octal = true;
  if (c >= '8') {
    value.push_back(c);
    return;
  }
  int octal = c - '0';
  for (int more = c <= '3' ? 2 : 1; more > 0 && peek() >= '0' && peek() <= '7'; --more) {
    octal = octal * 8 + (text_[cursor_++] - '0');
  }
  value.push_back(static_cast<char16_t>(octal));
}

void Lexer::scan_template(Token& token) {
  token.kind = TokenKind::Template;
  std::u16string cooked;
  std::u16string raw;
  while (true) {
    if (at_end()) fail("Unterminated template literal", cursor_, cursor_ + 1);
    if (accept('`')) {
      token.template_tail = true;
      break;
    }
    if (peek() == '$' && peek(1) == '{') {
      cursor_ += 2;
      break;
    }
    const std::uint32_t start = cursor_;
    if (peek() == '\\') {
      token.has_cooked = scan_template_escape(cooked) && token.has_cooked;
    } else {
      const char16_t c = text_[cursor_++];
      // Line breaks count as \n, cooked and raw.
      if (c == '\r') accept('\n');
      cooked.push_back(c == '\r' ? u'\n' : c);
    }
    for (std::uint32_t i = start; i < cursor_; ++i) {
      if (at(i) == '\r') {
        raw.push_back('\n');
        if (at(i + 1) == '\n') ++i;
      } else {
        raw.push_back(at(i));
      }
    }
  }
  token.atom = atoms_.intern(cooked);
  token.raw = atoms_.intern(raw);
}

bool Lexer::scan_template_escape(std::u16string& cooked) {
  if (is_digit(peek(1)) && !(peek(1) == '0' && !is_digit(peek(2)))) {
    cursor_ += 2;
    return false;  // octal escapes do not exist in templates
  }
  if (peek(1) == 'x' || peek(1) == 'u') {
    const bool hex = peek(1) == 'x';
    cursor_ += 2;
    char32_t code = 0;
    if (!(hex ? scan_hex_digits(2, code) : scan_unicode_escape(code))) return false;
    append_code_point(cooked, code);
    return true;
  }
  Token ignored;
  scan_string_escape(ignored, cooked);
  return true;
}

}  // namespace heaplab::interp
