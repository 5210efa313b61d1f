// SPDX-License-Identifier: MIT
#include "heaplab/support/text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace heaplab {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  for (const char* text : {"", "pagesByUrl", "größe", "ключ", "键", "🍰", "a b"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, ShowsControlCharacters) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1b]0;owned\x07"), "\\x1b]0;owned\\x07");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\u009b31m"), "\\x9b31m") << "C1: an escape in one character";
}

TEST(Printable, ShowsCharactersThatReorderTheLine) {
  EXPECT_EQ(printable("user\u202Etxt.exe"), "user\\u202etxt.exe");
  EXPECT_EQ(printable("a\u2028b"), "a\\u2028b");
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a lone surrogate";
  EXPECT_EQ(printable("\xf5\x80\x80\x80"), "\\xf5\\x80\\x80\\x80") << "above U+10FFFF";
  EXPECT_EQ(printable("caf\xc3"), "caf\\xc3") << "cut off";
  EXPECT_EQ(printable("\xe2\x82z"), "\\xe2\\x82z") << "cut off in the middle";
}

// Whatever goes in, what comes out has nothing left to escape.
TEST(Printable, OfAnythingIsSafe) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 12, '\0');
    for (char& c : text) c = static_cast<char>(random());
    const std::string safe = printable(text);
    EXPECT_EQ(printable(safe), safe);
    for (const char c : safe) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("größe"), 5U);
  EXPECT_EQ(display_width("e\u0301"), 1U) << "a combining accent";
  EXPECT_EQ(display_width("键"), 2U);
  EXPECT_EQ(display_width("▁█"), 2U);
  EXPECT_EQ(display_width("\xff"), 1U);
}

TEST(TruncateToWidth, EndsInAnEllipsisOnlyWhenItCuts) {
  EXPECT_EQ(truncate_to_width("abcdef", 6), "abcdef");
  EXPECT_EQ(truncate_to_width("abcdef", 4), "abc…");
  EXPECT_EQ(truncate_to_width("键键键", 4), "键…") << "a wide character is not halved";
  EXPECT_EQ(truncate_to_width("abc", 1), "…");
  EXPECT_EQ(truncate_to_width("abc", 0), "");
}

TEST(PadToWidth, PadsByColumnsNotBytes) {
  EXPECT_EQ(pad_to_width("é", 3), "é  ");
  EXPECT_EQ(pad_to_width("é", 3, Align::right), "  é");
  EXPECT_EQ(pad_to_width("abcd", 3), "abcd");
}

}  // namespace
}  // namespace heaplab
