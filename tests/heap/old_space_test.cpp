// SPDX-License-Identifier: MIT
// The mark-sweep space: holes, lazy sweeping, accounting, and blocks that go back to the system.
// The tests play the marker: they say which of their objects live.
#include "heaplab/heap/old_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>

#include "resident.h"

namespace heaplab {
namespace {

class OldSpaceTest : public testing::Test {
 protected:
  static constexpr std::size_t blocks = 40;
  OldSpaceTest() : space_((memory_.reserve(1, blocks), memory_)) {}

  /// Allocates and fills the object with its number.
  Object* make(std::size_t bytes) {
    Object* object = space_.allocate(bytes);
    if (!object) return nullptr;
    const auto number = ++last_number_;
    auto* words = reinterpret_cast<std::uint64_t*>(object);
    for (std::size_t i = 0; i < bytes / 8; ++i) words[i] = number;
    live_[object] = {bytes, number};
    return object;
  }
  void kill(Object* object) { live_.erase(object); }

  std::size_t collect(bool poison = false, std::size_t spare_blocks = 0) {
    space_.start_marking();
    for (const auto& [object, extent] : live_) {
      memory_.marks().set_range(object, extent.bytes / granule_bytes);
      space_.count_marked(object, extent.bytes);
    }
    return space_.finish_marking(spare_blocks, poison);
  }

  std::size_t live_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [object, extent] : live_) bytes += extent.bytes;
    return bytes;
  }
  /// Every live object still has its own number in all of its words: nothing overlaps it.
  void expect_contents() const {
    for (const auto& [object, extent] : live_) {
      const auto* words = reinterpret_cast<const std::uint64_t*>(object);
      for (std::size_t i = 0; i < extent.bytes / 8; ++i) ASSERT_EQ(words[i], extent.number);
    }
  }

  struct Extent {
    std::size_t bytes;
    std::uint64_t number;
  };
  HeapMemory memory_;
  OldSpace space_;
  std::map<Object*, Extent> live_;
  std::uint64_t last_number_ = 0;
};

TEST_F(OldSpaceTest, BumpsThroughFreshBlocks) {
  Object* first = make(24);
  Object* second = make(40);
  EXPECT_EQ(second->bytes(), first->bytes() + 24);
  EXPECT_EQ(space_.used_bytes(), 64u);
  EXPECT_EQ(space_.committed_bytes(), block_bytes);
  EXPECT_EQ(memory_.kind(memory_.block_of(first)), BlockKind::old);
}

TEST_F(OldSpaceTest, UsedBytesAreExactThroughAllocationAndCollection) {
  std::size_t allocated = 0;
  std::vector<Object*> objects;
  for (std::size_t i = 0; i < 20'000; ++i) {
    const std::size_t bytes = 16 + 8 * (i % 12);
    objects.push_back(make(bytes));
    allocated += bytes;
  }
  EXPECT_EQ(space_.used_bytes(), allocated);
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (i % 3) kill(objects[i]);
  }
  EXPECT_EQ(collect(), live_bytes());
  EXPECT_EQ(space_.used_bytes(), live_bytes());
  const std::size_t before = space_.used_bytes();
  for (int i = 0; i < 5000; ++i) make(16);
  EXPECT_EQ(space_.used_bytes(), before + 5000 * 16);
  expect_contents();
}

TEST_F(OldSpaceTest, AllocationGoesIntoHolesBeforeFreshBlocks) {
  std::vector<Object*> objects;
  for (std::size_t i = 0; i < 4 * block_bytes / 64; ++i) objects.push_back(make(64));
  for (std::size_t i = 0; i < objects.size(); i += 2) kill(objects[i]);
  collect();
  const std::size_t committed = space_.committed_bytes();
  for (std::size_t i = 0; i < objects.size() / 2; ++i) make(64);
  EXPECT_EQ(space_.committed_bytes(), committed);
  expect_contents();
  make(64);
  EXPECT_EQ(space_.committed_bytes(), committed + block_bytes) << "all holes are filled";
}

TEST_F(OldSpaceTest, HolesTooSmallAreSkippedUntilTheNextCollection) {
  std::vector<Object*> objects;
  for (std::size_t i = 0; i < block_bytes / 16; ++i) objects.push_back(make(16));
  for (std::size_t i = 0; i < objects.size(); i += 2) kill(objects[i]);
  collect();
  Object* big = make(32);
  EXPECT_NE(memory_.block_of(big), memory_.block_of(objects[1]));
  collect();
  EXPECT_EQ(memory_.block_of(make(16)), memory_.block_of(objects[1]));
  expect_contents();
}

TEST_F(OldSpaceTest, ObjectsAllocatedSinceTheLastMarkingAreNotHoles) {
  make(64);
  collect();
  for (int i = 0; i < 100; ++i) make(64);  // into the marked block's hole, without mark bits
  for (int i = 0; i < 10'000; ++i) make(64);
  expect_contents();
}

TEST_F(OldSpaceTest, EmptyBlocksGoBackToTheSystemAtOnce) {
  std::vector<Object*> objects;
  for (std::size_t i = 0; i < 8 * block_bytes / 1024; ++i) objects.push_back(make(1024));
  EXPECT_EQ(space_.committed_bytes(), 8 * block_bytes);
  Object* survivor = objects[5 * block_bytes / 1024];
  for (Object* object : objects) {
    if (object != survivor) kill(object);
  }
  collect();
  EXPECT_EQ(space_.committed_bytes(), block_bytes);
  EXPECT_EQ(space_.block_count(), 1u);
  EXPECT_EQ(memory_.free_block_count(), blocks - 1);
  // Blocks 1 to 8 were touched; what lies behind them may be resident as part of a large page.
  const std::size_t kept = memory_.block_of(survivor);
  for (std::size_t block = 1; block <= 8; ++block) {
    EXPECT_EQ(test::resident_bytes(memory_.block_start(block), block_bytes),
              block == kept ? block_bytes : 0);
  }
  expect_contents();
  kill(survivor);
  EXPECT_EQ(collect(), 0u);
  EXPECT_EQ(space_.committed_bytes(), 0u);
  EXPECT_EQ(test::resident_bytes(memory_.block_start(kept), block_bytes), 0u);
}

TEST_F(OldSpaceTest, SpareBlocksKeepTheirMemoryForOneCycle) {
  for (int i = 0; i < 4; ++i) make(large_object_bytes), make(large_object_bytes);
  live_.clear();
  collect(false, 3);
  EXPECT_EQ(space_.committed_bytes(), 3 * block_bytes);
  EXPECT_EQ(space_.used_bytes(), 0u);
  Object* object = make(64);
  EXPECT_EQ(space_.committed_bytes(), 3 * block_bytes) << "a spare one is used first";
  collect(false, 0);
  EXPECT_EQ(space_.committed_bytes(), block_bytes) << "the others were not needed";
  kill(object);
  collect(true, 1);
  EXPECT_TRUE(object->is_forwarded()) << "spare blocks are poisoned, too";
}

TEST_F(OldSpaceTest, MediumObjectsDoNotEndTheRegionForSmallOnes) {
  for (int i = 0; i < 63; ++i) make(4096);  // what is left is too small for the medium one
  Object* first = make(16);
  Object* medium = make(OldSpace::medium_object_bytes + 8);
  Object* second = make(16);
  EXPECT_EQ(second->bytes(), first->bytes() + 16);
  EXPECT_NE(memory_.block_of(medium), memory_.block_of(first));
  EXPECT_EQ(space_.used_bytes(), block_bytes + 32 + 8);
  EXPECT_EQ(make(large_object_bytes)->bytes(), medium->bytes() + OldSpace::medium_object_bytes + 8);
  expect_contents();
}

TEST_F(OldSpaceTest, RegionsHandedOutDoNotOverlapOwnAllocation) {
  OldSpace::Region region = space_.next_region({}, 16);
  ASSERT_NE(region.start, nullptr);
  Object* own = make(16);
  EXPECT_TRUE(own->bytes() < region.start || own->bytes() >= region.limit);
  region.top += 160;
  space_.end_region(region);
  EXPECT_EQ(space_.used_bytes(), 176u);
}

TEST_F(OldSpaceTest, PoisonFillsHolesAndLeavesLiveObjects) {
  Object* first = make(64);
  Object* dead = make(64);
  make(64);
  kill(dead);
  collect(true);
  expect_contents();
  EXPECT_TRUE(dead->is_forwarded()) << "freed memory must not look like an object";
  EXPECT_TRUE(reinterpret_cast<Object*>(first->bytes() + 192)->is_forwarded());
}

TEST_F(OldSpaceTest, ExhaustionReturnsNull) {
  std::size_t count = 0;
  while (make(large_object_bytes)) ++count;
  EXPECT_EQ(count, blocks * 2);
  EXPECT_EQ(space_.allocate(16), nullptr);
  EXPECT_EQ(space_.used_bytes(), blocks * block_bytes);
  live_.clear();
  collect();
  EXPECT_NE(make(16), nullptr);
}

TEST_F(OldSpaceTest, MediumHolesAreUsedAgain) {
  // Eight-kilobyte objects replaced at random: every block keeps some survivor, so a space that
  // only ever takes fresh blocks for them would grow to many times its live bytes.
  constexpr std::size_t bytes = 8 * 1024;
  std::mt19937 random(5);
  std::vector<Object*> slots;
  for (int i = 0; i < 300; ++i) slots.push_back(make(bytes));
  const std::size_t full = space_.committed_bytes();
  std::size_t most = 0;
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 60; ++i) {
      Object*& slot = slots[random() % slots.size()];
      kill(slot);
      slot = make(bytes);
      ASSERT_NE(slot, nullptr) << "address space exhausted with " << live_bytes() << " live bytes";
    }
    most = std::max(most, space_.committed_bytes());
    collect();
    expect_contents();
  }
  EXPECT_LE(most, 2 * full);
}

TEST_F(OldSpaceTest, NothingOverlapsUnderRandomUse) {
  std::mt19937_64 random(17);
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 3000; ++i) {
      const std::uint64_t kind = random() % 100;
      const std::size_t most = kind < 90 ? 200 : kind < 99 ? 5000 : 60'000;
      if (i % 100 == 0 && live_bytes() > blocks * block_bytes / 4) break;
      ASSERT_NE(make(16 + (random() % most) / 8 * 8), nullptr);
    }
    expect_contents();
    for (auto it = live_.begin(); it != live_.end();) {
      it = random() % 100 < 60 ? live_.erase(it) : std::next(it);
    }
    ASSERT_EQ(collect(round % 2 == 0), live_bytes());
    expect_contents();
  }
}

}  // namespace
}  // namespace heaplab
