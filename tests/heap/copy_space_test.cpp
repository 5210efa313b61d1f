// SPDX-License-Identifier: MIT
// The copying space: its pool of blocks, ages, and how much memory it keeps.
#include "heaplab/heap/copy_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "resident.h"

namespace heaplab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CopySpaceTest : public testing::Test {
 protected:
  CopySpaceTest() : space_((memory_.reserve(6, 2), memory_)) {}

  /// Takes a block and fills `bytes` of it.
  std::byte* fill(std::size_t bytes) {
    const CopySpace::Region region = space_.take_block();
    if (!region.top) return nullptr;
    std::memset(region.top, 0x11, bytes);
    space_.set_top(region.top + bytes);
    return region.top;
  }
  static const Object* at(const std::byte* address) {
    return reinterpret_cast<const Object*>(address);
  }

  HeapMemory memory_;
  CopySpace space_;
};

TEST_F(CopySpaceTest, StartsEmptyAndTakesNoMemory) {
  EXPECT_EQ(space_.pool_count(), 6u);
  EXPECT_EQ(space_.current_count(), 0u);
  EXPECT_EQ(space_.committed_bytes(), 0u);
  EXPECT_EQ(space_.used_bytes(nullptr), 0u);
  EXPECT_EQ(space_.last_region().top, nullptr);
  space_.set_top(nullptr);  // ending a region that never was
}

TEST_F(CopySpaceTest, HandsOutWholeBlocksLowestFirst) {
  const CopySpace::Region region = space_.take_block();
  EXPECT_EQ(region.top, memory_.block_start(0));
  EXPECT_EQ(region.limit, memory_.block_start(1));
  EXPECT_EQ(memory_.kind(0), BlockKind::copy);
  EXPECT_EQ(space_.committed_bytes(), block_bytes);
}

TEST_F(CopySpaceTest, UsedBytesCountFullBlocksToTheirTopAndTheLastToTheBumpPointer) {
  fill(1000 * 8);
  std::byte* last = fill(16);
  EXPECT_EQ(space_.used_bytes(nullptr), 8016u);
  EXPECT_EQ(space_.used_bytes(last + 64), 8064u);
}

TEST_F(CopySpaceTest, TheRestOfTheLastBlockCanBeUsed) {
  std::byte* start = fill(24);
  EXPECT_EQ(space_.last_region().top, start + 24);
  EXPECT_EQ(space_.last_region().limit, start + block_bytes);
}

TEST_F(CopySpaceTest, FlipMakesCurrentBlocksFromSpace) {
  std::byte* a = fill(64);
  std::byte* b = fill(64);
  space_.flip();
  EXPECT_TRUE(space_.is_in_from(at(a)));
  EXPECT_TRUE(space_.is_in_from(at(b)));
  EXPECT_EQ(space_.current_count(), 0u);
  EXPECT_THAT(space_.from(), ElementsAre(0, 1));
  std::byte* copy = fill(8);
  EXPECT_FALSE(space_.is_in_from(at(copy)));
  space_.release_from(false);
  EXPECT_FALSE(space_.is_in_from(at(a)));
  EXPECT_THAT(space_.from(), IsEmpty());
  EXPECT_EQ(memory_.kind(0), BlockKind::free);
}

TEST_F(CopySpaceTest, ReleasedBlocksAreTheNextOnesTaken) {
  std::byte* a = fill(64);
  std::byte* b = fill(64);
  space_.flip();
  std::byte* survivors = fill(8);
  space_.release_from(false);
  EXPECT_EQ(fill(8), a);
  EXPECT_EQ(fill(8), b);
  EXPECT_NE(survivors, a);
  EXPECT_EQ(space_.committed_bytes(), 3 * block_bytes) << "memory of three blocks was ever touched";
}

TEST_F(CopySpaceTest, TheWorkingSetStaysSmallOverManyCollections) {
  for (int i = 0; i < 100; ++i) {
    fill(block_bytes);
    fill(block_bytes);
    space_.flip();
    fill(100);
    space_.release_from(false);
  }
  EXPECT_LE(space_.committed_bytes(), 4 * block_bytes);
}

TEST_F(CopySpaceTest, APoolThatIsUsedUpGivesAnEmptyRegion) {
  for (int i = 0; i < 6; ++i) EXPECT_NE(fill(8), nullptr);
  EXPECT_EQ(space_.take_block().top, nullptr);
  EXPECT_EQ(space_.current_count(), 6u);
  space_.flip();
  EXPECT_EQ(space_.take_block().top, nullptr) << "from-space is still in use";
  space_.release_from(false);
  EXPECT_NE(fill(8), nullptr);
}

TEST_F(CopySpaceTest, AgeMarksSeparateSurvivorsFromNewObjects) {
  std::byte* start = fill(64);
  EXPECT_FALSE(space_.has_survived(at(start)));
  space_.set_age_marks();
  space_.set_top(start + 128);
  EXPECT_TRUE(space_.has_survived(at(start)));
  EXPECT_TRUE(space_.has_survived(at(start + 56)));
  EXPECT_FALSE(space_.has_survived(at(start + 64)));
  space_.flip();
  EXPECT_TRUE(space_.has_survived(at(start))) << "asked during the next collection";
  EXPECT_FALSE(space_.has_survived(at(start + 64)));
  space_.release_from(false);
  EXPECT_EQ(fill(8), start);
  EXPECT_FALSE(space_.has_survived(at(start))) << "a reused block is young again";
}

TEST_F(CopySpaceTest, PoisonOverwritesWhatWasFreed) {
  std::byte* start = fill(128);
  space_.flip();
  space_.release_from(true);
  EXPECT_TRUE(at(start)->is_forwarded()) << "freed memory must not look like an object";
  EXPECT_NE(start[64], std::byte{0x11});
  EXPECT_NE(start[block_bytes - 1], std::byte{0});
}

TEST_F(CopySpaceTest, TrimGivesUnusedMemoryBackAndNoOther) {
  for (int i = 0; i < 5; ++i) fill(block_bytes);
  space_.flip();
  std::byte* kept = fill(block_bytes);
  space_.release_from(false);
  EXPECT_EQ(space_.committed_bytes(), 6 * block_bytes);
  space_.trim(3);
  EXPECT_EQ(space_.committed_bytes(), 3 * block_bytes);
  EXPECT_LE(test::resident_bytes(memory_.block_start(0), 6 * block_bytes), 3 * block_bytes);
  EXPECT_EQ(kept[0], std::byte{0x11}) << "blocks in use keep their contents";
  space_.trim(0);
  EXPECT_EQ(space_.committed_bytes(), block_bytes) << "a block in use cannot be trimmed";
  for (int i = 0; i < 5; ++i) EXPECT_NE(fill(8), nullptr);
  EXPECT_EQ(space_.committed_bytes(), 6 * block_bytes);
}

}  // namespace
}  // namespace heaplab
