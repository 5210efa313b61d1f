// SPDX-License-Identifier: MIT
// How the young space adapts, and how schedules can be made to repeat.
#include <gtest/gtest.h>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::Node;
using test::TestHeap;

struct Resizes : HeapListener {
  std::vector<LimitEvent> events;
  void on_limit(const Heap&, const LimitEvent& event) override {
    if (event.kind == LimitEvent::Kind::semi_space_resized) events.push_back(event);
  }
};

HeapOptions semi_space(std::size_t initial, std::size_t max) {
  HeapOptions options;
  options.initial_semi_space_bytes = initial;
  options.max_semi_space_bytes = max;
  options.max_old_space_bytes = 256 * MiB;
  return options;
}

void keep_much(TestHeap& heap, Object*& root, int count) {
  for (int i = 0; i < count; ++i) {
    Node* node = heap.make_node(i);
    heap->write(node, node->next, static_cast<Node*>(root));
    root = node;
  }
}

TEST(SemiSpace, StartsAtTheInitialSizeAndStaysThereIfLittleSurvives) {
  TestHeap heap(semi_space(1 * MiB, 16 * MiB));
  EXPECT_EQ(heap->collector().semi_space_capacity(), 1 * MiB);
  for (int i = 0; i < 1'000'000; ++i) heap.make_node(i);
  EXPECT_EQ(heap->collector().semi_space_capacity(), 1 * MiB);
  EXPECT_GE(heap->collection_count(), 20u);
}

TEST(SemiSpace, DoublesAsMuchSurvivesUpToTheMaximum) {
  for (const std::size_t max : {1 * MiB, 4 * MiB}) {
    TestHeap heap(semi_space(1 * MiB, max));
    Resizes resizes;
    heap->add_listener(&resizes);
    RootFrame<1> frame(*heap);
    keep_much(heap, frame[0], 600'000);
    EXPECT_EQ(heap->collector().semi_space_capacity(), max);
    std::uint64_t size = 1 * MiB;
    for (const LimitEvent& event : resizes.events) {
      EXPECT_EQ(event.old_value, size);
      EXPECT_EQ(event.new_value, 2 * size);
      size = event.new_value;
    }
    EXPECT_EQ(size, max);
  }
}

TEST(SemiSpace, TheYoungSpaceNeverHoldsMoreThanTheMaximumPlusSurvivors) {
  TestHeap heap(semi_space(512 * KiB, 2 * MiB));
  RootFrame<1> frame(*heap);
  std::uint64_t most = 0;
  for (int round = 0; round < 200; ++round) {
    keep_much(heap, frame[0], 2000);
    most = std::max(most, heap->sizes().young_used);
  }
  EXPECT_LE(most, 2 * MiB + block_bytes);
}

TEST(SemiSpace, ShrinksWhenTheProgramIsIdle) {
  TestHeap heap(semi_space(1 * MiB, 8 * MiB));
  RootFrame<1> frame(*heap);
  keep_much(heap, frame[0], 1'000'000);
  frame[0] = nullptr;
  ASSERT_EQ(heap->collector().semi_space_capacity(), 8 * MiB);
  // Two majors with nothing allocated between them: under 1000 bytes per millisecond.
  for (int i = 0; i < 5; ++i) heap.major();
  EXPECT_LT(heap->collector().semi_space_capacity(), 8 * MiB);
  for (int i = 0; i < 20; ++i) heap.major();
  EXPECT_EQ(heap->collector().semi_space_capacity(), 1 * MiB) << "not below the initial size";
  EXPECT_LE(heap->sizes().committed, 2 * MiB);
}

TEST(SemiSpace, SizesAreRoundedUpToBlocks) {
  TestHeap heap(semi_space(1, 1));
  EXPECT_EQ(heap->collector().semi_space_capacity(), block_bytes);
  RootFrame<1> frame(*heap);
  keep_much(heap, frame[0], 50'000);
  heap.major();
  EXPECT_EQ(heap.live_count(), 50'000u);
}

// --- Reproducible schedules ---------------------------------------------------------------------

class Schedule : public testing::TestWithParam<test::Mode> {
 protected:
  struct Entry {
    CollectionKind kind;
    CollectionReason reason;
    std::uint64_t clock;
    std::uint64_t used_before;
    std::uint64_t used_after;
    std::uint64_t promoted;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  struct Recorder : HeapListener {
    std::vector<Entry> entries;
    void on_collection_end(const Heap&, const CollectionEvent& e) override {
      entries.push_back(
          {e.kind, e.reason, e.allocated_bytes, e.before.used, e.after.used, e.promoted_bytes});
    }
  };
  static std::vector<Entry> run(double factor) {
    HeapOptions options = test::options_for(GetParam());
    options.fixed_growing_factor = factor;
    options.initial_old_limit_bytes = 4 * MiB;
    TestHeap heap(options);
    Recorder recorder;
    heap->add_listener(&recorder);
    RootFrame<2> frame(*heap);
    frame[0] = heap->allocate(heap.refs, 400'000);
    std::uint32_t random = 1;
    for (int i = 0; i < 1'500'000; ++i) {
      random = random * 1664525 + 1013904223;
      Node* node = heap.make_node(i);
      if (i % 3) continue;
      heap->write(frame[0], heap.refs_of(frame[0])[(random >> 8) % 400'000], node);
      if (i % 30'000 == 0) frame[1] = heap->allocate(heap.bytes, 500'000);
    }
    return recorder.entries;
  }
};
HEAPLAB_ALL_PLANS(Schedule);

TEST_P(Schedule, AFixedGrowingFactorRepeatsEveryCollection) {
  const std::vector<Entry> first = run(1.5);
  EXPECT_GE(first.size(), 3u);
  EXPECT_EQ(run(1.5), first);
  EXPECT_NE(run(4.0).size(), first.size()) << "the factor matters";
}

}  // namespace
}  // namespace heaplab
