// SPDX-License-Identifier: MIT
#include "heaplab/interp/lexer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace heaplab::interp {
namespace {

std::vector<Token> tokens(std::string_view text, SourceNames& atoms) {
  Lexer lexer(Source::from_utf8("t.js", text), atoms);
  std::vector<Token> out;
  do {
    out.push_back(lexer.next());
  } while (out.back().kind != TokenKind::EndOfInput);
  return out;
}

double number(std::string_view text) {
  SourceNames atoms;
  return tokens(text, atoms).at(0).number;
}

std::u16string string_value(std::string_view text) {
  SourceNames atoms;
  return tokens(text, atoms).at(0).atom->text;
}

TEST(Lexer, ReadsEveryPunctuatorAndKeyword) {
  const auto check = [](TokenKind kind, const char* text) {
    SourceNames atoms;
    const std::vector<Token> found = tokens(text, atoms);
    ASSERT_EQ(found.size(), 2u) << text;
    EXPECT_EQ(found[0].kind, kind) << text;
    EXPECT_EQ(token_text(kind), text);
  };
#define X(name, text) check(TokenKind::name, text);
  HEAPLAB_PUNCTUATORS(X)
  HEAPLAB_KEYWORDS(X)
#undef X
}

TEST(Lexer, RoundsNumbersAsIEEE754Says) {
  EXPECT_EQ(number("0"), 0);
  EXPECT_EQ(number("1_000.5e-1"), 100.05);
  EXPECT_EQ(number(".5"), 0.5);
  EXPECT_EQ(number("5."), 5);
  EXPECT_EQ(number("1e400"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(number("1e-400"), 0);
  EXPECT_EQ(number("5e-324"), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(number("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(number("0x20000000000001"), 9007199254740992.0);  // a tie, to even
  EXPECT_EQ(number("0x20000000000003"), 9007199254740996.0);  // a tie, to even
  EXPECT_EQ(number("0x20000000000001000000000001"), std::ldexp(9007199254740994.0, 48));
  EXPECT_EQ(number("0b11"), 3);
  EXPECT_EQ(number("0o17"), 15);
  EXPECT_EQ(number("017"), 15);
  EXPECT_EQ(number("018"), 18);
  EXPECT_EQ(number("0x" + std::string(400, 'f')), std::numeric_limits<double>::infinity());
}

TEST(Lexer, ReadsStrings) {
  EXPECT_EQ(string_value(R"('a\n\t\'\x41\u0042\u{1F600}\
b')"),
            u"a\n\t'AB\U0001F600b");
  EXPECT_EQ(string_value(R"("\0\1\12\377\400\8")"),
            std::u16string(u"\0\1\n\u00ff\u00200\0", 7).substr(0, 6) + u"8");
  EXPECT_EQ(string_value("'\u2028'"), u"\u2028");
}

TEST(Lexer, KeepsTrackOfLineBreaks) {
  SourceNames atoms;
  const auto found = tokens("a /* \n */ b // x\n c /* */ d", atoms);
  EXPECT_FALSE(found[0].newline_before);
  EXPECT_TRUE(found[1].newline_before);
  EXPECT_TRUE(found[2].newline_before);
  EXPECT_FALSE(found[3].newline_before);
}

TEST(Lexer, InternsNames) {
  SourceNames atoms;
  const auto found = tokens("abc \\u0061bc 'abc' #abc let", atoms);
  EXPECT_EQ(found[0].atom, found[1].atom);
  EXPECT_EQ(found[0].atom, found[2].atom);
  EXPECT_TRUE(found[1].escaped);
  EXPECT_EQ(found[3].kind, TokenKind::PrivateName);
  EXPECT_EQ(found[4].atom, atoms.let);
}

TEST(Lexer, ReadsRegularExpressionsOnRequest) {
  SourceNames atoms;
  Lexer lexer(Source::from_utf8("t.js", R"(/[/\]]\//gi x)"), atoms);
  const Token regexp = lexer.rescan_regexp(lexer.next());
  EXPECT_EQ(regexp.atom->text, uR"([/\]]\/)");
  EXPECT_EQ(regexp.raw->text, u"gi");
  EXPECT_EQ(lexer.next().atom->text, u"x");
}

TEST(Lexer, ReadsTemplatesPieceByPiece) {
  SourceNames atoms;
  Lexer lexer(Source::from_utf8("t.js", "`a\\n\r\nb${}\\u{1`"), atoms);
  const Token head = lexer.next();
  EXPECT_EQ(head.atom->text, u"a\n\nb");
  EXPECT_EQ(head.raw->text, u"a\\n\nb");
  EXPECT_FALSE(head.template_tail);
  const Token tail = lexer.rescan_template(lexer.next());
  EXPECT_TRUE(tail.template_tail);
  EXPECT_FALSE(tail.has_cooked);
  EXPECT_EQ(tail.raw->text, u"\\u{1");
}

}  // namespace
}  // namespace heaplab::interp
