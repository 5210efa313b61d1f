// SPDX-License-Identifier: MIT
// Runs of blocks: first fit, no block handed out twice, freed memory back with the system.
#include "heaplab/heap/heap_memory.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "resident.h"

namespace heaplab {
namespace {

constexpr auto head = BlockKind::large_head;
constexpr auto tail = BlockKind::large_tail;

class HeapMemoryTest : public testing::Test {
 protected:
  HeapMemoryTest() { memory_.reserve(3, 10); }
  std::size_t take(std::size_t count) { return memory_.take_blocks(count, head, tail); }
  HeapMemory memory_;
};

TEST_F(HeapMemoryTest, CopyBlocksComeFirstAndAreNotHandedOut) {
  EXPECT_EQ(memory_.block_count(), 13u);
  EXPECT_EQ(memory_.copy_block_count(), 3u);
  EXPECT_EQ(memory_.free_block_count(), 10u);
  EXPECT_EQ(take(1), 3u);
}

TEST_F(HeapMemoryTest, ARunHasAHeadAndTails) {
  EXPECT_EQ(take(3), 3u);
  EXPECT_EQ(memory_.kind(3), head);
  EXPECT_EQ(memory_.kind(4), tail);
  EXPECT_EQ(memory_.kind(5), tail);
  EXPECT_EQ(memory_.kind(6), BlockKind::free);
  EXPECT_EQ(memory_.free_block_count(), 7u);
}

TEST_F(HeapMemoryTest, FirstFitFillsGaps) {
  take(2);                             // 3, 4
  const std::size_t second = take(3);  // 5..7
  take(1);                             // 8
  memory_.free_blocks(second, 3, block_bytes);
  EXPECT_EQ(take(4), 9u) << "the gap of 3 is too small for 4";
  EXPECT_EQ(take(2), second);
  EXPECT_EQ(take(1), second + 2);
}

TEST_F(HeapMemoryTest, ExhaustionIsNotAnError) {
  EXPECT_EQ(take(11), HeapMemory::no_block);
  EXPECT_EQ(take(10), 3u);
  EXPECT_EQ(take(1), HeapMemory::no_block);
  EXPECT_EQ(memory_.free_block_count(), 0u);
  memory_.free_blocks(3, 10, 0);
  EXPECT_EQ(take(10), 3u);
}

TEST_F(HeapMemoryTest, AddressesAndBlocksMatch) {
  for (std::size_t block = 0; block < memory_.block_count(); ++block) {
    EXPECT_EQ(memory_.block_of(memory_.block_start(block)), block);
    EXPECT_EQ(memory_.block_of(memory_.block_start(block) + block_bytes - 1), block);
  }
  EXPECT_TRUE(memory_.in_range(memory_.block_start(0)));
  EXPECT_TRUE(memory_.in_range(memory_.block_start(12) + block_bytes - 1));
  EXPECT_FALSE(memory_.in_range(memory_.block_start(0) - 1));
  EXPECT_FALSE(memory_.in_range(memory_.block_start(12) + block_bytes));
  EXPECT_FALSE(memory_.in_range(nullptr));
}

TEST_F(HeapMemoryTest, FreedBlocksTakeNoMemoryAndReadAsZero) {
  const std::size_t block = take(2);
  std::byte* start = memory_.block_start(block);
  std::memset(start, 0xff, 2 * block_bytes);
  EXPECT_EQ(test::resident_bytes(start, 2 * block_bytes), 2 * block_bytes);
  memory_.free_blocks(block, 2, 2 * block_bytes);
  EXPECT_EQ(test::resident_bytes(start, 2 * block_bytes), 0u);
  EXPECT_EQ(take(2), block);
  EXPECT_EQ(start[0], std::byte{0});
  EXPECT_EQ(start[2 * block_bytes - 1], std::byte{0});
}

TEST(HeapMemoryRandom, NoBlockIsEverHandedOutTwice) {
  HeapMemory memory;
  memory.reserve(2, 60);
  std::mt19937 random(11);
  std::vector<bool> taken(62, false);
  std::vector<std::pair<std::size_t, std::size_t>> runs;
  for (int step = 0; step < 5000; ++step) {
    if (runs.empty() || random() % 2) {
      const std::size_t count = 1 + random() % 7;
      const std::size_t first = memory.take_blocks(count, head, tail);
      if (first == HeapMemory::no_block) continue;
      for (std::size_t i = first; i < first + count; ++i) {
        ASSERT_GE(i, 2u);
        ASSERT_LT(i, 62u);
        ASSERT_FALSE(taken[i]);
        taken[i] = true;
      }
      runs.emplace_back(first, count);
    } else {
      const std::size_t pick = random() % runs.size();
      const auto [first, count] = runs[pick];
      runs[pick] = runs.back();
      runs.pop_back();
      memory.free_blocks(first, count, 0);
      for (std::size_t i = first; i < first + count; ++i) taken[i] = false;
    }
    const auto in_use = static_cast<std::size_t>(std::count(taken.begin(), taken.end(), true));
    ASSERT_EQ(memory.free_block_count(), 60 - in_use);
  }
}

}  // namespace
}  // namespace heaplab
