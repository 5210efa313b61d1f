// SPDX-License-Identifier: MIT
// The limit at which the next major collection starts, against V8's formula and numbers.
#include "common/growth_policy.h"

#include <gtest/gtest.h>

#include "heaplab/heap/object.h"

namespace heaplab::gc {
namespace {

struct FactorRow {
  double speed_ratio;  ///< collector speed / mutator speed
  double factor;
};

class GrowingFactor : public testing::TestWithParam<FactorRow> {};

TEST_P(GrowingFactor, IsVEights) {
  const auto [ratio, factor] = GetParam();
  EXPECT_NEAR(GrowthPolicy::growing_factor(ratio, 1, 4.0), factor, 0.001);
  EXPECT_NEAR(GrowthPolicy::growing_factor(ratio * 1000, 1000, 4.0), factor, 0.001);
}

// F = 0.03 R / (0.03 R - 0.97), clamped to [1.1, 4].
INSTANTIATE_TEST_SUITE_P(Table, GrowingFactor,
                         testing::Values(FactorRow{1, 4.0}, FactorRow{32, 4.0}, FactorRow{34, 4.0},
                                         FactorRow{45, 3.553}, FactorRow{50, 2.830},
                                         FactorRow{100, 1.478}, FactorRow{200, 1.193},
                                         FactorRow{300, 1.121}, FactorRow{400, 1.1},
                                         FactorRow{1e9, 1.1}));

TEST(GrowingFactorEdges, UnknownSpeedsGiveTheLargestFactor) {
  EXPECT_EQ(GrowthPolicy::growing_factor(0, 1, 3.0), 3.0);
  EXPECT_EQ(GrowthPolicy::growing_factor(1, 0, 3.0), 3.0);
}

TEST(GrowingFactorEdges, TheLargestFactorIsRespected) {
  EXPECT_EQ(GrowthPolicy::growing_factor(45, 1, 2.0), 2.0);
  EXPECT_NEAR(GrowthPolicy::growing_factor(100, 1, 2.0), 1.478, 0.001);
}

TEST(MaxFactor, RisesFrom13To20AndIsLargerWhereMemoryIsPlenty) {
  EXPECT_NEAR(GrowthPolicy::max_factor(16 * MiB), 1.3, 0.001);
  EXPECT_NEAR(GrowthPolicy::max_factor(256 * MiB), 1.3, 0.001);
  EXPECT_NEAR(GrowthPolicy::max_factor(1024 * MiB), 1.6, 0.001);
  EXPECT_NEAR(GrowthPolicy::max_factor(1152 * MiB), 1.65, 0.001);
  EXPECT_NEAR(GrowthPolicy::max_factor(2047 * MiB), 2.0, 0.001);
  EXPECT_GT(GrowthPolicy::max_factor(2048 * MiB), 2.0);
  EXPECT_LE(GrowthPolicy::max_factor(2048 * MiB), 4.0);
  EXPECT_EQ(GrowthPolicy::max_factor(2048 * MiB), GrowthPolicy::max_factor(16 * GiB));
}

GrowthPolicy policy(std::size_t max, double fixed = 0, std::size_t first = 0) {
  HeapOptions options;
  options.max_old_space_bytes = max;
  options.fixed_growing_factor = fixed;
  options.initial_old_limit_bytes = first;
  return GrowthPolicy(options);
}

TEST(Limit, TheFirstIsTheGivenOneWithinTheHardLimit) {
  EXPECT_EQ(policy(512 * MiB, 0, 20 * MiB).limit(), 20 * MiB);
  EXPECT_EQ(policy(10 * MiB, 0, 20 * MiB).limit(), 10 * MiB);
  EXPECT_GT(policy(512 * MiB).limit(), 0u);
  EXPECT_LE(policy(1 * MiB).limit(), 1 * MiB);
}

TEST(Limit, IsLiveTimesFactorPlusTheNewSpace) {
  GrowthPolicy p = policy(4 * GiB, 2.0);
  p.update({.live_bytes = 100 * MiB, .new_space_capacity = 16 * MiB});
  EXPECT_EQ(p.limit(), 216 * MiB);
  EXPECT_EQ(p.factor(), 2.0);
}

TEST(Limit, GrowsByAtLeastEightMegabytes) {
  GrowthPolicy p = policy(4 * GiB, 1.5);
  p.update({.live_bytes = 4 * MiB, .new_space_capacity = 1 * MiB});
  EXPECT_EQ(p.limit(), 13 * MiB);
  p.update({.live_bytes = 0, .new_space_capacity = 0});
  EXPECT_EQ(p.limit(), 8 * MiB);
}

TEST(Limit, IsAtMostHalfwayToTheHardLimit) {
  GrowthPolicy p = policy(200 * MiB, 3.0);
  p.update({.live_bytes = 100 * MiB, .new_space_capacity = 16 * MiB});
  EXPECT_EQ(p.limit(), 150 * MiB);
  p.update({.live_bytes = 199 * MiB, .new_space_capacity = 16 * MiB});
  EXPECT_EQ(p.limit(), 199 * MiB + 512 * KiB);
}

TEST(Limit, IsNeverBelowWhatIsAlive) {
  GrowthPolicy p = policy(100 * MiB, 2.0);
  p.update({.live_bytes = 120 * MiB});
  EXPECT_GE(p.limit(), 120 * MiB);
}

TEST(Limit, FollowsMeasuredSpeeds) {
  GrowthPolicy p = policy(4 * GiB);
  // The collector traces 100 bytes while the mutator adds one: factor 1.478.
  p.update({.live_bytes = 1000 * MiB,
            .traced_bytes = 1'000'000,
            .collection_ns = 1000,
            .grown_bytes = 10'000,
            .mutator_ns = 1000});
  EXPECT_NEAR(p.factor(), 1.478, 0.001);
  EXPECT_NEAR(static_cast<double>(p.limit()) / MiB, 1478, 1);
}

TEST(Limit, CanBeGrownWithinTheHardLimitOnly) {
  GrowthPolicy p = policy(100 * MiB, 2.0, 10 * MiB);
  p.grow_limit(50 * MiB);
  EXPECT_EQ(p.limit(), 50 * MiB);
  p.grow_limit(20 * MiB);
  EXPECT_EQ(p.limit(), 50 * MiB);
  p.grow_limit(500 * MiB);
  EXPECT_EQ(p.limit(), 100 * MiB);
}

TEST(Reserved, LeavesRoomForTheCallbackAndFitsTheCage) {
  HeapOptions options;
  options.max_old_space_bytes = 64 * MiB;
  EXPECT_EQ(reserved_old_bytes(options), 64 * MiB);
  options.near_limit = [](std::size_t current, std::size_t) { return current; };
  EXPECT_EQ(reserved_old_bytes(options), 128 * MiB);
  options.max_old_space_bytes = 16 * GiB;
  EXPECT_LE(2 * reserved_old_bytes(options), cage_bytes - 4 * GiB);
  options.plan = "semispace";
  EXPECT_LE(4 * reserved_old_bytes(options), cage_bytes - 4 * GiB);
}

}  // namespace
}  // namespace heaplab::gc
