// SPDX-License-Identifier: MIT
#include "heaplab/support/big_array.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <numeric>

namespace heaplab {
namespace {

TEST(BigArray, GrowsAndKeepsWhatItHas) {
  BigArray<std::uint32_t> array;
  for (std::uint32_t i = 0; i < 3'000'000; ++i) array.push_back(i * 7);
  ASSERT_EQ(array.size(), 3'000'000U);
  for (std::uint32_t i = 0; i < 3'000'000; ++i) ASSERT_EQ(array[i], i * 7);
  array.shrink_to_fit();
  ASSERT_EQ(array.back(), 2'999'999U * 7);
  array.push_back(1);
  EXPECT_EQ(array.back(), 1U);
}

TEST(BigArray, NewElementsAreZeroEvenOnPagesUsedBefore) {
  for (int round = 0; round < 4; ++round) {
    BigArray<std::uint64_t> array(1 << 20);
    ASSERT_EQ(std::accumulate(array.begin(), array.end(), std::uint64_t{0}), 0U);
    for (std::uint64_t& element : array) element = ~std::uint64_t{0};
    // Dropped here; the next takes a part of it, and then another part.
    array.release();
    const BigArray<std::uint64_t> part(300'000);
    const BigArray<std::uint64_t> rest(300'000);
    ASSERT_EQ(std::accumulate(part.begin(), part.end(), std::uint64_t{0}), 0U);
    ASSERT_EQ(std::accumulate(rest.begin(), rest.end(), std::uint64_t{0}), 0U);
  }
  release_spare_pages();
}

/// Pages are made ready, and moved, piece by piece.
TEST(BigArray, GrowsBeyondWhatWasReserved) {
  BigArray<std::uint32_t> array;
  array.reserve(5'000'000);
  std::uint32_t written = 0;
  for (const unsigned size : {1U, 100'000U, 4'000'000U, 5'000'001U, 40'000'000U}) {
    array.resize(size);
    for (; written < size; ++written) {
      ASSERT_EQ(array[written], 0U) << written;
      array[written] = written ^ 0x5555;
    }
    // Something else behind it in the address space, so that it has to move.
    const BigArray<std::uint64_t> other(1'500'000);
  }
  for (std::uint32_t i = 0; i < written; ++i) ASSERT_EQ(array[i], i ^ 0x5555);
}

TEST(BigArray, MovesWithoutCopying) {
  BigArray<int> first(1000);
  first[999] = 5;
  const int* const place = first.data();
  BigArray<int> second = std::move(first);
  EXPECT_EQ(second.data(), place);
  EXPECT_EQ(second[999], 5);
  BigArray<int> third;
  third = std::move(second);
  EXPECT_EQ(third.data(), place);
}

TEST(BigArray, RefusesWhatNoAddressSpaceHolds) {
  BigArray<std::uint64_t> array;
  EXPECT_THROW(array.reserve(std::numeric_limits<std::size_t>::max() / 2), std::bad_alloc);
  EXPECT_TRUE(array.empty());
}

}  // namespace
}  // namespace heaplab
