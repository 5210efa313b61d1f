// SPDX-License-Identifier: MIT
#include "heaplab/support/chart.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "heaplab/support/text.h"

namespace heaplab {
namespace {

using Values = std::vector<double>;

TEST(Sparkline, RisesWithTheValues) { EXPECT_EQ(sparkline(Values{1, 4, 8}, 10), "▁▄█"); }

TEST(Sparkline, DrawsZeroAsTheLowestBlock) { EXPECT_EQ(sparkline(Values{0, 0}, 10), "▁▁"); }

TEST(Sparkline, KeepsAPeakWhenThereAreTooManyValues) {
  Values values(1000, 0);
  values[501] = 7;
  EXPECT_EQ(sparkline(values, 4), "▁▁█▁");
}

TEST(Sparkline, DrawsWhatIsNotANumberAsZero) {
  const Values values{std::numeric_limits<double>::quiet_NaN(), -5,
                      std::numeric_limits<double>::infinity(), 1};
  EXPECT_EQ(sparkline(values, 4), "▁▁▁█");
}

TEST(Sparkline, OfNothingIsEmpty) {
  EXPECT_EQ(sparkline(Values{}, 10), "");
  EXPECT_EQ(sparkline(Values{1}, 0), "");
}

TEST(Bar, IsAlwaysAsWideAsAsked) {
  for (const double fraction : {-1.0, 0.0, 0.001, 0.5, 0.999, 1.0, 7.0}) {
    EXPECT_EQ(display_width(bar(fraction, 9)), 9U) << fraction;
  }
}

TEST(Bar, MeasuresToAnEighthOfAColumn) {
  EXPECT_EQ(bar(0.5, 4), "██  ");
  EXPECT_EQ(bar(5.0 / 8, 1), "▋");
  EXPECT_EQ(bar(0.0001, 2), "▏ ") << "a little is never drawn as nothing";
}

TEST(AreaChart, FillsFromBelow) {
  const auto lines = area_chart(Values{1, 2, 3, 4}, 4, 4, 2);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "  ▄█");
  EXPECT_EQ(lines[1], "▄███");
}

TEST(AreaChart, StretchesAFewValuesOverManyColumns) {
  EXPECT_EQ(area_chart(Values{0, 1}, 1, 6, 1).front(), "   ███");
}

TEST(AreaChart, OfNothingHasItsRowsAndNoColumns) {
  const auto lines = area_chart(Values{}, 1, 6, 3);
  EXPECT_EQ(lines, (std::vector<std::string>{"", "", ""}));
}

}  // namespace
}  // namespace heaplab
