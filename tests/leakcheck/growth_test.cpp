// SPDX-License-Identifier: MIT
#include "growth.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

namespace heaplab::leakcheck {
namespace {

std::vector<double> curve(int rounds, double (*value)(int)) {
  std::vector<double> values;
  for (int i = 0; i < rounds; ++i) values.push_back(value(i));
  return values;
}

TEST(Growth, EvenGrowthGrows) {
  const Judgement even = judge(curve(12, [](int i) { return 100.0 * i; }));
  EXPECT_EQ(even.trend, Trend::grows);
  EXPECT_DOUBLE_EQ(even.per_round, 100);
  EXPECT_GT(even.steadiness, 0.8);
}

TEST(Growth, LateStartIsNoObstacle) {
  EXPECT_EQ(judge(curve(20, [](int i) { return i < 10 ? 0.0 : 50.0 * (i - 10); })).trend,
            Trend::grows);
}

TEST(Growth, SmallDipsAreForgiven) {
  EXPECT_EQ(judge(curve(20, [](int i) { return 100.0 * i + (i % 3 == 0 ? -5 : 0); })).trend,
            Trend::grows);
}

TEST(Growth, AWarmUpSettles) {
  EXPECT_EQ(judge(curve(24, [](int i) { return std::min(i, 8) * 100.0; })).trend, Trend::settled);
  EXPECT_EQ(judge(curve(24, [](int i) { return 1000 * (1 - std::exp(-i / 4.0)); })).trend,
            Trend::settled);
}

TEST(Growth, ATableThatFillsLateStillSettles) {
  EXPECT_EQ(judge(curve(24, [](int i) { return std::min(i, 18) * 100.0; })).trend, Trend::settled);
}

TEST(Growth, ASawtoothFalls) {
  EXPECT_EQ(judge(curve(24, [](int i) { return 100.0 * (i % 6); })).trend, Trend::falls);
  EXPECT_EQ(judge(curve(24, [](int i) { return i < 18 ? 100.0 * i : 100.0 * (24 - i); })).trend,
            Trend::falls);
}

TEST(Growth, NothingAndTooLittle) {
  EXPECT_EQ(judge({}).trend, Trend::none);
  EXPECT_EQ(judge({0, 0, 0, 0}).trend, Trend::none);
  EXPECT_EQ(judge({5, 5, 5, 5, 5}).trend, Trend::none);
  EXPECT_EQ(judge({0, 100, 200}).trend, Trend::too_short);
}

TEST(Growth, RandomWalksAroundALevelDoNotGrow) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 50);
  for (int round = 0; round < 2000; ++round) {
    std::vector<double> values;
    for (int i = 0; i < 24; ++i) values.push_back(1000 + noise(random));
    ASSERT_NE(judge(values).trend, Trend::grows);
  }
}

}  // namespace
}  // namespace heaplab::leakcheck
