// SPDX-License-Identifier: MIT
// The end of memory: an exception with a report, a heap that goes on, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::Mode;
using test::Node;
using test::TestHeap;
using testing::HasSubstr;

class Limits : public testing::TestWithParam<Mode> {
 protected:
  static HeapOptions options(std::size_t limit) {
    HeapOptions options = test::options_for(GetParam());
    options.max_old_space_bytes = limit;
    options.max_semi_space_bytes = 1 * MiB;
    return options;
  }
  /// Prepends nodes to the list in `root` until the heap is full; returns the report.
  static std::string fill(TestHeap& heap, Object*& root, int& length) {
    try {
      for (;;) {
        Node* node = heap.make_node(length);
        heap->write(node, node->next, static_cast<Node*>(root));
        root = node;
        ++length;
      }
    } catch (const OutOfMemory& error) {
      return error.what();
    }
  }
};
HEAPLAB_ALL_PLANS(Limits);

TEST_P(Limits, TheReportSaysWhatHappened) {
  TestHeap heap(options(4 * MiB));
  RootFrame<1> frame(*heap);
  int length = 0;
  const std::string report = fill(heap, frame[0], length);
  EXPECT_THAT(report, HasSubstr("heap out of memory"));
  EXPECT_THAT(report, HasSubstr("limit 4.0 MB"));
  EXPECT_THAT(report, HasSubstr("--max-old-space-size"));
  EXPECT_THAT(report, HasSubstr("last collections:"));
  EXPECT_THAT(report, HasSubstr("last resort"));
  EXPECT_THAT(report, HasSubstr("largest types:"));
  EXPECT_THAT(report, HasSubstr("Node"));
}

TEST_P(Limits, TheReportCountsWhatIsAliveAndWhatWasRequested) {
  TestHeap heap(options(4 * MiB));
  RootFrame<1> frame(*heap);
  int length = 0;
  const std::string report = fill(heap, frame[0], length);
  const double alive = static_cast<double>(length) * sizeof(Node) / MiB;
  EXPECT_THAT(report, HasSubstr(std::to_string(sizeof(Node)) + " bytes requested, "));
  const std::size_t number = report.find("requested, ") + std::string("requested, ").size();
  EXPECT_NEAR(std::stod(report.substr(number)), alive, 0.2) << report;
  EXPECT_THAT(report, HasSubstr(" MB of objects alive, limit 4.0 MB"));
}

TEST_P(Limits, NearlyAllOfTheLimitCanBeUsedAndNotMuchMore) {
  TestHeap heap(options(12 * MiB));
  RootFrame<1> frame(*heap);
  int length = 0;
  fill(heap, frame[0], length);
  const std::size_t live = static_cast<std::size_t>(length) * sizeof(Node);
  EXPECT_GE(live, 11 * MiB);
  EXPECT_LE(live, 12 * MiB + 2 * 1 * MiB + 2 * block_bytes) << "the young space comes on top";
}

TEST_P(Limits, TheHeapIsUsableAfterwardsAgainAndAgain) {
  TestHeap heap(options(4 * MiB));
  RootFrame<1> frame(*heap);
  int first_length = 0;
  for (int round = 0; round < 3; ++round) {
    int length = 0;
    fill(heap, frame[0], length);
    EXPECT_TRUE(heap->verify().empty());
    int expected = length;
    for (auto* node = frame.get<Node>(0); node; node = node->next.get()) {
      ASSERT_EQ(node->value, --expected);
    }
    EXPECT_EQ(expected, 0);
    if (round == 0) first_length = length;
    EXPECT_NEAR(length, first_length, first_length / 10);
    frame[0] = nullptr;
    heap.major();
    EXPECT_EQ(heap->sizes().used, 0u);
  }
}

TEST_P(Limits, GarbageNeverReachesTheLimit) {
  TestHeap heap(options(8 * MiB));
  RootFrame<1> frame(*heap);
  for (int i = 0; i < 2'000'000; ++i) frame[0] = heap.make_node(i);
  for (int i = 0; i < 2000; ++i) frame[0] = heap->allocate(heap.bytes, 100'000);
  for (int i = 0; i < 500; ++i) frame[0] = heap->allocate(heap.bytes, 1'000'000);
  EXPECT_GT(heap->collection_count(), 5u);
}

TEST_P(Limits, MediumObjectsReplacedAtRandomDoNotExhaustTheHeap) {
  // Each block keeps some survivor for long: what counts is that its holes are used.
  TestHeap heap(options(32 * MiB));
  RootFrame<1> frame(*heap);
  constexpr std::uint32_t slots = 1600;  // 19 MB
  frame[0] = heap->allocate(heap.refs, slots);
  std::uint32_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 1664525 + 1013904223;
    Object* object = heap->allocate(heap.bytes, 12'000);
    heap->write(frame[0], heap.refs_of(frame[0])[(random >> 8) % slots], object);
  }
  heap.major();
  EXPECT_TRUE(heap->verify().empty());
}

TEST_P(Limits, LargeObjectsHitTheLimitCleanly) {
  TestHeap heap(options(16 * MiB));
  RootFrame<1> frame(*heap);
  frame[0] = heap->allocate(heap.refs, 1000);
  std::uint32_t count = 0;
  EXPECT_THROW(
      {
        for (;; ++count) {
          Object* object = heap->allocate(heap.bytes, 1'000'000);
          heap->write(frame[0], heap.refs_of(frame[0])[count], object);
        }
      },
      OutOfMemory);
  EXPECT_GE(count, 14u);
  EXPECT_LE(count, 16u);
  EXPECT_EQ(heap.live_count(), 1 + count);
}

TEST_P(Limits, AnObjectThatCanNeverFitIsRefusedAtOnce) {
  TestHeap heap(options(16 * MiB));
  RootFrame<1> frame(*heap);
  frame[0] = heap.make_node(1);
  for (const std::uint32_t length : {20'000'000u, 0xffff'ffffu}) {
    EXPECT_THROW(heap->allocate(heap.table, length), OutOfMemory);
    EXPECT_THROW(heap->allocate_old(heap.words, length), OutOfMemory);
  }
  EXPECT_EQ(frame.get<Node>(0)->value, 1);
  EXPECT_TRUE(heap->verify().empty());
  heap.make_node(2);
}

TEST_P(Limits, PretenuredObjectsHitTheLimitCleanly) {
  TestHeap heap(options(8 * MiB));
  RootFrame<1> frame(*heap);
  const auto fill_old = [&] {
    for (;;) {
      Object* object = heap->allocate_old(heap.node, 0);
      heap->write(object, static_cast<Node*>(object)->next, frame.get<Node>(0));
      frame[0] = object;
    }
  };
  EXPECT_THROW(fill_old(), OutOfMemory);
  EXPECT_GE(heap->sizes().used, 7 * MiB);
  EXPECT_TRUE(heap->verify().empty());
}

TEST_P(Limits, TheLimitInsidePromotionsIsNoCrash) {
  // A full young space of survivors arrives in an old space that is nearly full already.
  HeapOptions o = options(2 * MiB);
  o.initial_semi_space_bytes = o.max_semi_space_bytes = 4 * MiB;
  TestHeap heap(o);
  RootFrame<2> frame(*heap);
  int length = 0;
  fill(heap, frame[0], length);
  EXPECT_GE(static_cast<std::size_t>(length) * sizeof(Node), 1 * MiB);
  EXPECT_TRUE(heap->verify().empty());
  heap.major();
  heap.minor();
  EXPECT_TRUE(heap->verify().empty());
}

TEST_P(Limits, TinyLimitsWork) {
  for (const std::size_t limit : {1 * MiB, 2 * MiB}) {
    HeapOptions o = options(limit);
    o.initial_semi_space_bytes = o.max_semi_space_bytes = 256 * KiB;
    TestHeap heap(o);
    RootFrame<1> frame(*heap);
    int length = 0;
    fill(heap, frame[0], length);
    EXPECT_GE(static_cast<std::size_t>(length) * sizeof(Node), limit / 2);
  }
}

TEST_P(Limits, TheCallbackIsAskedAndMayRaiseTheLimit) {
  HeapOptions o = options(4 * MiB);
  int calls = 0;
  o.near_limit = [&](std::size_t current, std::size_t initial) {
    EXPECT_EQ(initial, 4 * MiB);
    EXPECT_GE(current, initial);
    return ++calls <= 2 ? current + 1 * MiB : current;
  };
  TestHeap heap(o);
  RootFrame<1> frame(*heap);
  int length = 0;
  const std::string report = fill(heap, frame[0], length);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(heap->collector().hard_limit(), 6 * MiB);
  EXPECT_GE(static_cast<std::size_t>(length) * sizeof(Node), 5 * MiB);
  EXPECT_THAT(report, HasSubstr("limit 6.0 MB"));
}

TEST_P(Limits, TheCallbackCannotRaiseBeyondWhatIsReserved) {
  HeapOptions o = options(4 * MiB);
  o.near_limit = [](std::size_t, std::size_t) { return 100 * GiB; };
  TestHeap heap(o);
  RootFrame<1> frame(*heap);
  int length = 0;
  fill(heap, frame[0], length);
  EXPECT_EQ(heap->collector().hard_limit(), 8 * MiB);
  EXPECT_GE(static_cast<std::size_t>(length) * sizeof(Node), 7 * MiB);
}

TEST_P(Limits, ListenersHearOfItInOrder) {
  struct Listener : HeapListener {
    std::vector<LimitEvent::Kind> kinds;
    void on_limit(const Heap&, const LimitEvent& event) override {
      if (event.kind == LimitEvent::Kind::near_limit ||
          event.kind == LimitEvent::Kind::out_of_memory) {
        kinds.push_back(event.kind);
      }
    }
  } listener;
  TestHeap heap(options(4 * MiB));
  heap->add_listener(&listener);
  RootFrame<1> frame(*heap);
  int length = 0;
  fill(heap, frame[0], length);
  EXPECT_THAT(listener.kinds,
              testing::ElementsAre(LimitEvent::Kind::near_limit, LimitEvent::Kind::out_of_memory));
}

// --- External memory ----------------------------------------------------------------------------

class External : public test::HeapTest {
 protected:
  /// A buffer object that gives its bytes back when it dies.
  Object* make_buffer(std::int64_t bytes) {
    heap_->adjust_external(bytes);
    Object* object = heap_.make_node(bytes);
    struct Buffer {
      Heap* heap;
      std::int64_t bytes;
    };
    heap_->add_finalizer(
        object,
        [](void* data) {
          std::unique_ptr<Buffer> buffer(static_cast<Buffer*>(data));
          buffer->heap->adjust_external(-buffer->bytes);
        },
        new Buffer{&*heap_, bytes});
    return object;
  }
};
HEAPLAB_ALL_PLANS(External);

TEST_P(External, IsCountedToTheByte) {
  heap_->adjust_external(12'345);
  EXPECT_EQ(heap_->external_bytes(), 12'345u);
  EXPECT_EQ(heap_->sizes().external, 12'345u);
  heap_->adjust_external(-12'345);
  EXPECT_EQ(heap_->sizes().external, 0u);
}

TEST_P(External, GrowthTriggersAMajorCollection) {
  struct Listener : HeapListener {
    std::vector<CollectionEvent> events;
    void on_collection_end(const Heap&, const CollectionEvent& event) override {
      events.push_back(event);
    }
  } listener;
  heap_->add_listener(&listener);
  for (int i = 0; i < 200; ++i) heap_->adjust_external(1 << 20);
  ASSERT_GE(listener.events.size(), 1u);
  EXPECT_EQ(listener.events[0].kind, CollectionKind::major);
  EXPECT_EQ(listener.events[0].reason, CollectionReason::external_memory);
  EXPECT_LE(listener.events.size(), 5u) << "what did not help is not tried again at once";
}

TEST_P(External, GarbageBuffersStayBounded) {
  // Dead buffers must not raise the limit at which the next collection looks for them.
  std::uint64_t most = 0;
  for (int i = 0; i < 3000; ++i) {
    make_buffer(1 << 20);
    most = std::max(most, heap_->external_bytes());
  }
  EXPECT_LE(most, 2 * 64 * MiB);
  heap_.major();
  EXPECT_EQ(heap_->external_bytes(), 0u);
}

}  // namespace
}  // namespace heaplab
