// SPDX-License-Identifier: MIT
#include "heaplab/heap/side_bitmap.h"

#include <gtest/gtest.h>

#include <random>

#include "heaplab/heap/options.h"

namespace heaplab {
namespace {

constexpr std::uintptr_t base = cage_base + 4 * GiB;
const void* granule(std::size_t index) {
  return reinterpret_cast<const void*>(base + index * granule_bytes);
}

class SideBitmapTest : public testing::Test {
 protected:
  SideBitmapTest() { bitmap_.reserve(base, 4 * block_bytes); }

  void expect_exactly(std::size_t first, std::size_t count) {
    const std::size_t from = first < 200 ? 0 : first - 200;
    for (std::size_t i = from; i < first + count + 200; ++i) {
      ASSERT_EQ(bitmap_.test(granule(i)), i >= first && i < first + count) << "granule " << i;
    }
  }
  SideBitmap bitmap_;
};

TEST_F(SideBitmapTest, IsReservedOnlyAfterReserve) {
  EXPECT_FALSE(SideBitmap().reserved());
  EXPECT_TRUE(bitmap_.reserved());
}

TEST_F(SideBitmapTest, OneBitPerGranule) {
  for (const std::size_t i : {0u, 1u, 63u, 64u, 65u, 32767u, 32768u}) {
    bitmap_.set(granule(i));
    expect_exactly(i, 1);
    bitmap_.clear(granule(i));
    EXPECT_FALSE(bitmap_.test(granule(i)));
  }
}

TEST_F(SideBitmapTest, TestAndSetIsTrueOnlyTheFirstTime) {
  EXPECT_TRUE(bitmap_.test_and_set(granule(70)));
  EXPECT_FALSE(bitmap_.test_and_set(granule(70)));
  expect_exactly(70, 1);
}

TEST_F(SideBitmapTest, RangesSetExactlyTheirBitsAtEveryWordEdge) {
  for (const std::size_t first : {0u, 1u, 62u, 63u, 64u, 65u, 127u}) {
    for (const std::size_t count : {1u, 2u, 63u, 64u, 65u, 127u, 128u, 129u, 200u}) {
      bitmap_.set_range(granule(first), count);
      expect_exactly(first, count);
      bitmap_.clear_block(0);
    }
  }
}

TEST_F(SideBitmapTest, AnEmptyRangeSetsNothing) {
  for (const std::size_t first : {0u, 1u, 63u, 64u}) bitmap_.set_range(granule(first), 0);
  expect_exactly(0, 0);
}

TEST_F(SideBitmapTest, RangesKeepNeighbours) {
  std::mt19937 random(4);
  std::vector<bool> model(1000, false);
  for (int i = 0; i < 300; ++i) {
    const std::size_t first = random() % 900;
    const std::size_t count = random() % 90;
    bitmap_.set_range(granule(first), count);
    std::fill_n(model.begin() + static_cast<std::ptrdiff_t>(first), count, true);
    for (std::size_t k = 0; k < 1000; ++k) ASSERT_EQ(bitmap_.test(granule(k)), model[k]);
    if (i % 30 == 29) {
      bitmap_.clear_block(0);
      model.assign(1000, false);
    }
  }
}

TEST_F(SideBitmapTest, ARangeMayEndWithItsBlock) {
  constexpr std::size_t per_block = block_bytes / granule_bytes;
  bitmap_.set_range(granule(per_block - 100), 100);
  expect_exactly(per_block - 100, 100);
}

TEST_F(SideBitmapTest, ClearingABlockLeavesItsNeighbours) {
  constexpr std::size_t per_block = block_bytes / granule_bytes;
  for (const std::size_t i : {per_block - 1, per_block, 2 * per_block - 1, 2 * per_block}) {
    bitmap_.set(granule(i));
  }
  bitmap_.clear_block(1);
  EXPECT_TRUE(bitmap_.test(granule(per_block - 1)));
  EXPECT_FALSE(bitmap_.test(granule(per_block)));
  EXPECT_FALSE(bitmap_.test(granule(2 * per_block - 1)));
  EXPECT_TRUE(bitmap_.test(granule(2 * per_block)));
}

}  // namespace
}  // namespace heaplab
