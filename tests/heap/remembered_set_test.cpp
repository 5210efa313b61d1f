// SPDX-License-Identifier: MIT
#include "heaplab/heap/remembered_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace heaplab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RememberedSetTest : public testing::Test {
 protected:
  static constexpr std::size_t blocks = 4;
  RememberedSetTest() {
    memory_.reserve_in_cage(blocks * block_bytes);
    set_.reserve(memory_.base(), memory_.bytes());
  }
  RefBits* ref_slot(std::size_t offset) {
    return reinterpret_cast<RefBits*>(memory_.base() + offset);
  }
  std::uint64_t* word_slot(std::size_t offset) {
    return reinterpret_cast<std::uint64_t*>(memory_.base() + offset);
  }
  std::size_t offset_of(const void* slot) { return address_of(slot) - memory_.base(); }

  /// Takes a block's slots and inserts those again for which keep(offset) is true.
  template <class Keep>
  void take(std::size_t block, Keep keep) {
    refs_.clear();
    words_.clear();
    set_.take_block(
        block,
        [&](RefBits* slot) {
          refs_.push_back(offset_of(slot));
          if (keep(offset_of(slot))) set_.insert_ref(slot);
        },
        [&](std::uint64_t* slot) {
          words_.push_back(offset_of(slot));
          if (keep(offset_of(slot))) set_.insert_word(slot);
        });
  }

  Reservation memory_;
  RememberedSet set_;
  std::vector<std::size_t> refs_;
  std::vector<std::size_t> words_;
};

const auto keep_all = [](std::size_t) { return true; };
const auto keep_none = [](std::size_t) { return false; };

TEST_F(RememberedSetTest, InsertingTwiceIsInsertingOnce) {
  for (int i = 0; i < 3; ++i) set_.insert_ref(ref_slot(12));
  for (int i = 0; i < 3; ++i) set_.insert_word(word_slot(24));
  EXPECT_EQ(set_.count(), 2u);
  EXPECT_TRUE(set_.contains_ref(ref_slot(12)));
  EXPECT_TRUE(set_.contains_word(word_slot(24)));
  EXPECT_FALSE(set_.contains_ref(ref_slot(8)));
  EXPECT_FALSE(set_.contains_word(word_slot(16)));
}

TEST_F(RememberedSetTest, KindsOfSlotAreKeptApart) {
  set_.insert_ref(ref_slot(64));
  EXPECT_FALSE(set_.contains_word(word_slot(64)));
  set_.insert_word(word_slot(128));
  EXPECT_FALSE(set_.contains_ref(ref_slot(128)));
  take(0, keep_all);
  EXPECT_THAT(refs_, ElementsAre(64));
  EXPECT_THAT(words_, ElementsAre(128));
}

TEST_F(RememberedSetTest, TakeFindsSlotsInAddressOrderAtEveryEdge) {
  const std::vector<std::size_t> in_block = {0, 4, 252, 256, block_bytes - 4};
  for (const std::size_t offset : in_block) set_.insert_ref(ref_slot(block_bytes + offset));
  take(1, keep_all);
  std::vector<std::size_t> expected;
  for (const std::size_t offset : in_block) expected.push_back(block_bytes + offset);
  EXPECT_EQ(refs_, expected);
  take(0, keep_all);
  EXPECT_THAT(refs_, IsEmpty());
  take(2, keep_all);
  EXPECT_THAT(refs_, IsEmpty());
}

TEST_F(RememberedSetTest, WhatIsNotInsertedAgainIsForgotten) {
  for (std::size_t offset = 0; offset < 4096; offset += 8) set_.insert_word(word_slot(offset));
  take(0, [](std::size_t offset) { return offset % 16 == 0; });
  EXPECT_EQ(words_.size(), 512u);
  EXPECT_EQ(set_.count(), 256u);
  EXPECT_TRUE(set_.is_dirty(0));
  take(0, keep_none);
  EXPECT_EQ(words_.size(), 256u);
  EXPECT_FALSE(set_.is_dirty(0));
  EXPECT_EQ(set_.count(), 0u);
}

TEST_F(RememberedSetTest, OnlyTouchedBlocksAreDirty) {
  set_.insert_ref(ref_slot(2 * block_bytes));
  set_.insert_word(word_slot(4 * block_bytes - 8));
  EXPECT_FALSE(set_.is_dirty(0));
  EXPECT_FALSE(set_.is_dirty(1));
  EXPECT_TRUE(set_.is_dirty(2));
  EXPECT_TRUE(set_.is_dirty(3));
}

TEST(RememberedSet, NextDirtyFindsEachDirtyBlockOnce) {
  for (const std::size_t blocks : {1u, 3u, 4u, 5u, 8u, 11u}) {
    Reservation memory;
    memory.reserve_in_cage(blocks * block_bytes);
    for (std::size_t pattern = 0; pattern < std::size_t{1} << blocks; ++pattern) {
      RememberedSet set;
      set.reserve(memory.base(), memory.bytes());
      for (std::size_t block = 0; block < blocks; ++block) {
        if (!(pattern >> block & 1)) continue;
        const std::uintptr_t slot = memory.base() + block * block_bytes + 8;
        if (block % 2 == 0) {
          set.insert_ref(reinterpret_cast<RefBits*>(slot));
        } else {
          set.insert_word(reinterpret_cast<std::uint64_t*>(slot));
        }
      }
      std::size_t found = 0;
      for (std::size_t block = set.next_dirty(0); block < blocks;
           block = set.next_dirty(block + 1)) {
        found |= std::size_t{1} << block;
      }
      ASSERT_EQ(found, pattern) << blocks << " blocks";
      ASSERT_EQ(set.next_dirty(blocks), blocks);
    }
  }
}

TEST_F(RememberedSetTest, ErasedSlotsAreGone) {
  set_.insert_ref(ref_slot(40));
  set_.insert_ref(ref_slot(44));
  set_.erase_ref(ref_slot(40));
  take(0, keep_all);
  EXPECT_THAT(refs_, ElementsAre(44));
}

TEST_F(RememberedSetTest, ClearingABlockLeavesTheOthers) {
  for (std::size_t block = 0; block < blocks; ++block) {
    set_.insert_ref(ref_slot(block * block_bytes));
    set_.insert_word(word_slot(block * block_bytes + block_bytes - 8));
  }
  set_.clear_block(1);
  EXPECT_FALSE(set_.is_dirty(1));
  EXPECT_EQ(set_.count(), 6u);
  take(1, keep_all);
  EXPECT_THAT(refs_, IsEmpty());
  EXPECT_THAT(words_, IsEmpty());
  set_.clear_all();
  EXPECT_EQ(set_.count(), 0u);
  for (std::size_t block = 0; block < blocks; ++block) EXPECT_FALSE(set_.is_dirty(block));
}

TEST_F(RememberedSetTest, BehavesLikeASetUnderRandomUse) {
  std::mt19937 random(99);
  std::set<std::size_t> refs, words;
  for (int step = 0; step < 20000; ++step) {
    const std::size_t offset = random() % (blocks * block_bytes);
    if (random() % 2) {
      set_.insert_ref(ref_slot(offset & ~std::size_t{3}));
      refs.insert(offset & ~std::size_t{3});
    } else {
      set_.insert_word(word_slot(offset & ~std::size_t{7}));
      words.insert(offset & ~std::size_t{7});
    }
    if (step % 5000 != 4999) continue;
    ASSERT_EQ(set_.count(), refs.size() + words.size());
    const auto keep = [](std::size_t slot) { return slot % 3 != 0; };
    for (std::size_t block = 0; block < blocks; ++block) {
      take(block, keep);
      for (const std::size_t slot : refs_) ASSERT_EQ(refs.count(slot), 1u);
      for (const std::size_t slot : words_) ASSERT_EQ(words.count(slot), 1u);
    }
    std::erase_if(refs, [&](std::size_t slot) { return !keep(slot); });
    std::erase_if(words, [&](std::size_t slot) { return !keep(slot); });
    ASSERT_EQ(set_.count(), refs.size() + words.size());
  }
}

}  // namespace
}  // namespace heaplab
