// SPDX-License-Identifier: MIT
#include "heaplab/heap/large_space.h"

#include <gtest/gtest.h>

#include <cstring>

#include "resident.h"

namespace heaplab {
namespace {

class LargeSpaceTest : public testing::Test {
 protected:
  LargeSpaceTest() : space_((memory_.reserve(0, 16), memory_)) {}
  HeapMemory memory_;
  LargeSpace space_;
};

TEST_F(LargeSpaceTest, ObjectsStartABlockAndAreZeroed) {
  auto* object = space_.allocate(300'000);
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(address_of(object) % block_bytes, 0u);
  EXPECT_EQ(memory_.kind(0), BlockKind::large_head);
  EXPECT_EQ(memory_.kind(1), BlockKind::large_tail);
  for (std::size_t i = 0; i < 300'000; ++i) ASSERT_EQ(object->bytes()[i], std::byte{0});
}

TEST_F(LargeSpaceTest, CommittedIsWholePagesNotWholeBlocks) {
  space_.allocate(200'000);
  EXPECT_EQ(space_.used_bytes(), 200'000u);
  EXPECT_EQ(space_.committed_bytes(), 49 * os_page_bytes);
  space_.allocate(4 * os_page_bytes * 16);
  EXPECT_EQ(space_.committed_bytes(), (49 + 64) * os_page_bytes);
  EXPECT_EQ(space_.object_count(), 2u);
}

TEST_F(LargeSpaceTest, SweepFreesTheUnmarkedAndGivesTheirMemoryBack) {
  Object* dead = space_.allocate(200'000);
  Object* alive = space_.allocate(600'000);
  std::memset(dead->bytes(), 0xff, 200'000);
  std::memset(alive->bytes(), 0xff, 600'000);
  space_.start_marking();
  memory_.marks().set(alive);
  EXPECT_EQ(space_.sweep(), 600'000u);
  EXPECT_EQ(space_.object_count(), 1u);
  EXPECT_EQ(space_.used_bytes(), 600'000u);
  EXPECT_EQ(test::resident_bytes(dead, 200'000), 0u);
  EXPECT_EQ(alive->bytes()[599'999], std::byte{0xff});
  Object* again = space_.allocate(180'000);
  EXPECT_EQ(again, dead) << "the gap is used again";
  for (std::size_t i = 0; i < 200'000; ++i) ASSERT_EQ(again->bytes()[i], std::byte{0});
}

TEST_F(LargeSpaceTest, MarksDoNotOutliveACollection) {
  Object* object = space_.allocate(200'000);
  space_.start_marking();
  memory_.marks().set(object);
  space_.sweep();
  space_.start_marking();
  EXPECT_FALSE(memory_.marks().test(object));
  space_.sweep();
  EXPECT_EQ(space_.object_count(), 0u);
  EXPECT_EQ(space_.used_bytes(), 0u);
  EXPECT_EQ(space_.committed_bytes(), 0u);
  EXPECT_EQ(memory_.free_block_count(), 16u);
}

TEST_F(LargeSpaceTest, ExhaustionReturnsNull) {
  EXPECT_EQ(space_.allocate(17 * block_bytes), nullptr);
  EXPECT_NE(space_.allocate(16 * block_bytes), nullptr);
  EXPECT_EQ(space_.allocate(200'000), nullptr);
  EXPECT_EQ(space_.used_bytes(), 16 * block_bytes);
}

}  // namespace
}  // namespace heaplab
