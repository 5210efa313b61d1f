// SPDX-License-Identifier: MIT
// What a collection keeps, drops and moves.
#include <gtest/gtest.h>

#include <set>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;

class Survival : public HeapTest {
 protected:
  /// A list of `length` nodes with values 0..length-1, its head in `root`.
  void make_list(Object*& root, int length) {
    root = nullptr;
    for (int i = length; i-- > 0;) {
      Node* node = heap_.make_node(i);
      heap_->write(node, node->next, static_cast<Node*>(root));
      root = node;
    }
  }
  static void expect_list(const Object* root, int length) {
    auto* node = static_cast<const Node*>(root);
    for (int i = 0; i < length; ++i, node = node->next.get()) {
      ASSERT_NE(node, nullptr);
      ASSERT_EQ(node->value, i);
    }
    EXPECT_EQ(node, nullptr);
  }
};
HEAPLAB_ALL_MODES(Survival);

TEST_P(Survival, ReachableObjectsKeepTheirContentsOverManyCollections) {
  RootFrame<1> frame(*heap_);
  make_list(frame[0], 200);
  for (int i = 0; i < 12; ++i) {
    i % 4 == 3 ? heap_.major() : heap_.minor();
    expect_list(frame[0], 200);
    for (int k = 0; k < 20; ++k) heap_.make_node(-1);
  }
}

TEST_P(Survival, UnreachableObjectsAreGoneAfterAMajor) {
  RootFrame<2> frame(*heap_);
  make_list(frame[0], 50);
  make_list(frame[1], 50);
  frame[1] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 50 * sizeof(Node));
  expect_list(frame[0], 50);
  frame[0] = frame.get<Node>(0)->next->next.get();
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 48 * sizeof(Node));
}

TEST_P(Survival, CyclesDieTogether) {
  RootFrame<1> frame(*heap_);
  make_list(frame[0], 30);
  auto* last = frame.get<Node>(0);
  while (last->next) last = last->next.get();
  heap_->write(last, last->next, frame.get<Node>(0));
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 30u);
  frame[0] = nullptr;
  heap_.minor();
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 0u);
}

TEST_P(Survival, SharingIsKept) {
  RootFrame<3> frame(*heap_);
  frame[0] = heap_.make_node(1);
  frame[1] = heap_.make_node(2);
  frame[2] = heap_.make_node(3);
  for (const std::size_t i : {0u, 1u})
    heap_->write(frame[i], frame.get<Node>(i)->next, frame.get<Node>(2));
  for (int i = 0; i < 6; ++i) {
    i == 3 ? heap_.major() : heap_.minor();
    EXPECT_EQ(frame.get<Node>(0)->next.get(), frame.get<Node>(2));
    EXPECT_EQ(frame.get<Node>(1)->next.get(), frame.get<Node>(2));
  }
}

TEST_P(Survival, FlagsPayloadAndRawBytesMoveAlong) {
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate<Node>(heap_.node, 0x1234'5678);
  frame[0]->set_flag(0, true);
  frame[0]->set_flag(7, true);
  frame[1] = heap_->allocate(heap_.bytes, 77);
  for (int i = 0; i < 77; ++i) frame[1]->bytes()[8 + i] = std::byte(i ^ 0x5a);
  for (int i = 0; i < 6; ++i) {
    i == 3 ? heap_.major() : heap_.minor();
    EXPECT_EQ(frame[0]->payload(), 0x1234'5678u);
    EXPECT_TRUE(frame[0]->flag(0) && frame[0]->flag(7));
    EXPECT_FALSE(frame[0]->flag(1));
    EXPECT_EQ(frame[1]->length(), 77u);
    for (int k = 0; k < 77; ++k) ASSERT_EQ(frame[1]->bytes()[8 + k], std::byte(k ^ 0x5a));
  }
}

TEST_P(Survival, WordsMayHoldAnythingThatIsNoReference) {
  RootFrame<1> frame(*heap_);
  const std::uint64_t plain[] = {0, ~std::uint64_t{0}, std::uint64_t{1} << 48,
                                 std::uint64_t{0xfff8} << 48, Word::cleared().bits()};
  frame[0] = heap_->allocate(heap_.words, 6);
  for (std::size_t i = 0; i < 5; ++i) {
    heap_->write(frame[0], heap_.words_of(frame[0])[i], Word(plain[i]));
  }
  Node* node = heap_.make_node(8);
  heap_->write(frame[0], heap_.words_of(frame[0])[5], Word(node));
  for (int i = 0; i < 6; ++i) {
    i == 3 ? heap_.major() : heap_.minor();
    for (std::size_t k = 0; k < 5; ++k) {
      ASSERT_EQ(heap_.words_of(frame[0])[k].bits(), plain[k]);
    }
    EXPECT_EQ(static_cast<Node*>(heap_.words_of(frame[0])[5].object())->value, 8);
  }
}

TEST_P(Survival, LargeObjectsNeverMoveAndAreFreed) {
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate(heap_.refs, 50'000);
  frame[1] = heap_->allocate(heap_.bytes, 1'000'000);
  const Object* first = frame[0];
  const Object* second = frame[1];
  Node* node = heap_.make_node(5);
  heap_->write(frame[0], heap_.refs_of(frame[0])[49'999], node);
  for (int i = 0; i < 6; ++i) {
    i == 3 ? heap_.major() : heap_.minor();
    EXPECT_EQ(frame[0], first);
    EXPECT_EQ(frame[1], second);
    EXPECT_EQ(static_cast<Node*>(heap_.refs_of(frame[0])[49'999].get())->value, 5);
  }
  frame[1] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_->sizes().large_used, 200'008u);
  frame[0] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_->sizes().large_used, 0u);
  EXPECT_EQ(heap_->sizes().used, 0u);
}

TEST_P(Survival, TheLargestOrdinaryObjectAndTheSmallestLargeOne) {
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate(heap_.bytes, large_object_bytes - 8);
  EXPECT_EQ(heap_->sizes().large_used, 0u);
  frame[1] = heap_->allocate(heap_.bytes, large_object_bytes - 7);
  EXPECT_EQ(heap_->sizes().large_used, large_object_bytes + 8);
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 2 * large_object_bytes + 8);
}

class Generations : public testing::Test {
 protected:
  Generations() : heap_(HeapOptions{}), frame_(*heap_) {}
  bool young(std::size_t i) { return heap_->is_young(frame_[i]); }
  TestHeap heap_;
  RootFrame<4> frame_;
};

TEST_F(Generations, TheSecondSurvivedScavengePromotes) {
  frame_[0] = heap_.make_node(1);
  const Object* born = frame_[0];
  heap_.minor();
  EXPECT_TRUE(young(0));
  EXPECT_NE(frame_[0], born) << "copied";
  frame_[1] = heap_.make_node(2);
  heap_.minor();
  EXPECT_FALSE(young(0));
  EXPECT_TRUE(young(1));
  const Object* promoted = frame_[0];
  heap_.minor();
  EXPECT_FALSE(young(1));
  EXPECT_EQ(frame_[0], promoted) << "old objects stay where they are";
  heap_.major();
  EXPECT_EQ(frame_[0], promoted);
}

TEST_F(Generations, TheFirstSurvivedScavengePromotesWhileMostSurvives) {
  HeapOptions options;
  options.initial_semi_space_bytes = 1 * MiB;
  options.max_semi_space_bytes = 4 * MiB;
  options.initial_old_limit_bytes = options.max_old_space_bytes = 256 * MiB;
  TestHeap heap(options);
  RootFrame<2> frame(*heap);
  const auto allocate = [&](std::size_t bytes, bool keep) {
    for (std::size_t done = 0; done < bytes; done += sizeof(Node)) {
      Node* node = heap.make_node(1);
      if (!keep) continue;
      heap->write(node, node->next, frame.get<Node>(0));
      frame[0] = node;
    }
  };
  const auto survives_young = [&] {
    frame[1] = heap.make_node(2);
    heap.minor();
    return heap->is_young(frame[1]);
  };
  allocate(20 * MiB, true);
  EXPECT_FALSE(survives_young()) << "a structure is being built";
  const std::size_t used = heap->sizes().used;
  allocate(20 * MiB, false);
  EXPECT_TRUE(survives_young()) << "most die again";
  EXPECT_LE(heap->sizes().used, used + 2 * sizeof(Node));
}

TEST_F(Generations, ScavengesOfFewObjectsDoNotChangeWhenTheyArePromoted) {
  for (int i = 0; i < 5; ++i) {
    frame_[0] = heap_.make_node(i);
    heap_.minor();
    EXPECT_TRUE(young(0));
  }
}

TEST_F(Generations, NothingIsYoungAfterAMajor) {
  frame_[0] = heap_.make_node(1);
  frame_[1] = heap_->allocate(heap_.bytes, 10'000);
  heap_.minor();
  frame_[2] = heap_.make_node(3);
  heap_.major();
  heap_->for_each_live([&](Object* object) { EXPECT_FALSE(heap_->is_young(object)); });
  EXPECT_EQ(heap_->sizes().young_used, 0u);
  EXPECT_EQ(heap_->remembered().count(), 0u);
}

TEST_F(Generations, AMinorLeavesDeadOldObjects) {
  frame_[0] = heap_.make_node(1);
  heap_.major();
  frame_[0] = nullptr;
  heap_.minor();
  EXPECT_EQ(heap_->sizes().old_used, sizeof(Node));
  heap_.major();
  EXPECT_EQ(heap_->sizes().old_used, 0u);
}

TEST_F(Generations, PretenuredAndLargeObjectsAreOldAtOnce) {
  frame_[0] = heap_->allocate_old(heap_.node, 0);
  frame_[1] = heap_->allocate(heap_.bytes, 200'000);
  EXPECT_FALSE(young(0));
  EXPECT_FALSE(young(1));
}

TEST_F(Generations, WhatAllocateReturnsIsYoungEvenWhenEverythingSurvives) {
  HeapOptions options;
  options.initial_semi_space_bytes = options.max_semi_space_bytes = 256 * KiB;
  options.max_old_space_bytes = 64 * MiB;
  TestHeap heap(options);
  RootFrame<1> frame(*heap);
  for (int i = 0; i < 300'000; ++i) {
    Node* node = heap.make_node(i);
    ASSERT_TRUE(heap->is_young(node));
    node->next.init(frame.get<Node>(0));
    frame[0] = node;
  }
  EXPECT_EQ(heap->sizes().used, 300'000 * sizeof(Node));
}

TEST(Plans, MarkSweepMovesNothingSemispaceMovesEverythingSmall) {
  for (const test::Mode& mode : test::plain_modes()) {
    TestHeap heap(test::options_for(mode));
    RootFrame<1> frame(*heap);
    frame[0] = heap.make_node(1);
    const Object* before = frame[0];
    heap.minor();
    EXPECT_EQ(frame[0] == before, mode.plan == "marksweep") << mode.plan;
  }
}

TEST(Stress, StressMoveMovesYoungObjectsAtEveryAllocation) {
  for (const char* plan : {"generational", "semispace"}) {
    TestHeap heap(test::options_for({.plan = plan, .stress_move = 1}));
    RootFrame<1> frame(*heap);
    frame[0] = heap.make_node(1);
    std::set<const Object*> places = {frame[0]};
    for (int i = 0; i < 10; ++i) {
      const Object* before = frame[0];
      heap.make_node(2);
      EXPECT_NE(frame[0], before) << plan << ", allocation " << i;
      EXPECT_EQ(frame.get<Node>(0)->value, 1);
    }
  }
}

TEST(Stress, StressGcCollectsAtEveryKthAllocation) {
  for (const test::Mode& plain : test::plain_modes()) {
    for (const std::uint64_t interval : {1u, 5u}) {
      TestHeap heap(test::options_for({.plan = plain.plan, .stress_gc = interval}));
      for (int i = 0; i < 100; ++i) heap.make_node(i);
      EXPECT_EQ(heap->collection_count(), 100 / interval) << plain.plan;
    }
  }
}

}  // namespace
}  // namespace heaplab
