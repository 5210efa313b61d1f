// SPDX-License-Identifier: MIT
#include "heaplab/interp/source.h"

#include <gtest/gtest.h>

namespace heaplab::interp {
namespace {

TEST(Source, CountsLinesAndColumns) {
  const auto source = Source::from_utf8("t.js", "a\r\nbc\rd\n\u2028e\u00e9\U0001F600x");
  const auto at = [&](std::uint32_t offset) {
    const LineColumn found = source->line_column(offset);
    return std::to_string(found.line) + ":" + std::to_string(found.column);
  };
  EXPECT_EQ(at(0), "1:1");
  EXPECT_EQ(at(3), "2:1");
  EXPECT_EQ(at(4), "2:2");
  EXPECT_EQ(at(6), "3:1");
  EXPECT_EQ(at(9), "5:1");
  EXPECT_EQ(at(13), "5:5");  // after a surrogate pair
  EXPECT_EQ(source->line_count(), 5u);
  EXPECT_EQ(source->line_text(2), u"bc");
  EXPECT_EQ(source->line_text(4), u"");
}

TEST(Source, ReplacesInvalidUtf8) {
  const auto text = [](std::string_view bytes) { return utf8_to_utf16(bytes); };
  EXPECT_EQ(text("\xff"
                 "a"),
            u"\ufffd"
            u"a");
  EXPECT_EQ(text("\xc0\x80"), u"\ufffd\ufffd");
  EXPECT_EQ(text("\xe2\x82"), u"\ufffd");
  EXPECT_EQ(text("\xed\xa0\x80"), u"\ufffd\ufffd\ufffd");
  EXPECT_EQ(text("\xf0\x9f\x98\x80"), u"\U0001F600");
  EXPECT_EQ(text("\xf4\x90\x80\x80"), u"\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(Source::from_utf8("t",
                              "\xef\xbb\xbf"
                              "a")
                ->text(),
            u"a");
}

TEST(Source, WritesUtf8) {
  EXPECT_EQ(utf16_to_utf8(u"a\u00e9\u20ac\U0001F600"), "a\u00e9\u20ac\U0001F600");
  EXPECT_EQ(utf16_to_utf8(std::u16string(1, 0xD800) + u"b"),
            "\ufffd"
            "b");
}

}  // namespace
}  // namespace heaplab::interp
