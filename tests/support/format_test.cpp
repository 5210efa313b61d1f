// SPDX-License-Identifier: MIT
#include "heaplab/support/format.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace heaplab {
namespace {

TEST(FormatBytes, UsesThreeFiguresAndBinaryUnits) {
  EXPECT_EQ(format_bytes(0), "0 B");
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1023), "1023 B");
  EXPECT_EQ(format_bytes(1024), "1 KiB");
  EXPECT_EQ(format_bytes(1536), "1.5 KiB");
  EXPECT_EQ(format_bytes(10 * 1024 * 1024 + 52429), "10.1 MiB");
  EXPECT_EQ(format_bytes(1000 * 1024), "1000 KiB");
  EXPECT_EQ(format_bytes(std::numeric_limits<std::uint64_t>::max()), "16 EiB");
}

TEST(FormatBytes, NeverPrints1024OfAUnit) {
  EXPECT_EQ(format_bytes((1ULL << 20) - 1), "1 MiB");
  EXPECT_EQ(format_bytes((1ULL << 30) - 1), "1 GiB");
}

TEST(FormatBytesChange, HasASign) {
  EXPECT_EQ(format_bytes_change(1536), "+1.5 KiB");
  EXPECT_EQ(format_bytes_change(-(3 << 20)), "-3 MiB");
  EXPECT_EQ(format_bytes_change(0), "0 B");
  EXPECT_EQ(format_bytes_change(std::numeric_limits<std::int64_t>::min()), "-8 EiB");
}

TEST(FormatCount, GroupsDigits) {
  EXPECT_EQ(format_count(0), "0");
  EXPECT_EQ(format_count(999), "999");
  EXPECT_EQ(format_count(1000), "1,000");
  EXPECT_EQ(format_count(123456), "123,456");
  EXPECT_EQ(format_count(1234567), "1,234,567");
}

TEST(FormatDuration, PicksTheUnitThatReadsBest) {
  EXPECT_EQ(format_duration(0), "0 ns");
  EXPECT_EQ(format_duration(870e-9), "870 ns");
  EXPECT_EQ(format_duration(3.2e-6), "3.2 µs");
  EXPECT_EQ(format_duration(15.1e-3), "15.1 ms");
  EXPECT_EQ(format_duration(0.9999), "1 s");
  EXPECT_EQ(format_duration(2.34), "2.34 s");
  EXPECT_EQ(format_duration(59.99), "1 min 00 s");
  EXPECT_EQ(format_duration(185), "3 min 05 s");
  EXPECT_EQ(format_duration(7500), "2 h 05 min");
}

TEST(FormatPercent, OfNothingIsNothing) {
  EXPECT_EQ(format_percent(1, 3), "33.3%");
  EXPECT_EQ(format_percent(3, 3), "100%");
  EXPECT_EQ(format_percent(0, 0), "0%");
}

TEST(FormatQuantity, AgreesInNumber) {
  EXPECT_EQ(format_quantity(1, "object"), "1 object");
  EXPECT_EQ(format_quantity(0, "object"), "0 objects");
  EXPECT_EQ(format_quantity(2000, "entry", "entries"), "2,000 entries");
}

TEST(ParseBytes, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_bytes("64"), 64U);
  EXPECT_EQ(parse_bytes("64k"), 64U << 10);
  EXPECT_EQ(parse_bytes("16MiB"), 16U << 20);
  EXPECT_EQ(parse_bytes("1.5 GB"), 3ULL << 29);
  EXPECT_EQ(parse_bytes("0"), 0U);
}

TEST(ParseBytes, RefusesTheRest) {
  for (const char* text : {"", "MiB", "-1", "12x", "1 2", "1kk", "nan", "inf", "1e9999",
                           "99999999999999999999", "16EiB", " 1", "1ib"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

}  // namespace
}  // namespace heaplab
