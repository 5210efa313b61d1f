// SPDX-License-Identifier: MIT
// What an allocation gives: zeroed memory of the right type and size, counted to the byte.
#include <gmock/gmock.h>

#include <algorithm>
#include <stdexcept>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;

class Allocation : public HeapTest {
 protected:
  static bool is_zero(const Object* object, std::size_t bytes) {
    return std::all_of(object->bytes() + sizeof(Object), object->bytes() + bytes,
                       [](std::byte byte) { return byte == std::byte{0}; });
  }
};
HEAPLAB_ALL_MODES(Allocation);

TEST_P(Allocation, FieldsAndElementsStartAsZeroAlsoInReusedMemory) {
  RootFrame<1> frame(*heap_);
  for (int round = 0; round < 4; ++round) {
    for (const std::uint32_t length : {1u, 30u, 700u, 6000u, 100'000u, 200'000u}) {
      Object* object = heap_->allocate(heap_.bytes, length);
      const std::size_t bytes = heap_->object_bytes(*object);
      ASSERT_TRUE(is_zero(object, bytes)) << length;
      std::memset(object->bytes() + 8, 0xee, bytes - 8);
      frame[0] = object;
      Object* old = heap_->allocate_old(heap_.bytes, length);
      ASSERT_TRUE(is_zero(old, bytes)) << length;
      std::memset(old->bytes() + 8, 0xee, bytes - 8);
    }
    Node* node = heap_.make_node(0);
    ASSERT_TRUE(is_zero(node, sizeof(Node)));
    heap_.major();
  }
}

TEST_P(Allocation, HeadersSayTypeAndLength) {
  Object* object = heap_->allocate(heap_.words, 17);
  EXPECT_EQ(object->type_id(), heap_.words);
  EXPECT_EQ(object->length(), 17u);
  EXPECT_EQ(heap_->object_bytes(*object), 8 + 17 * 8u);
  EXPECT_EQ(heap_->type_of(*object).name, "Words");
  auto* node = heap_->allocate<Node>(heap_.node, 0xabcd);
  EXPECT_EQ(node->payload(), 0xabcdu);
  EXPECT_EQ(heap_->allocate(heap_.bytes, 0)->length(), 0u);
}

TEST_P(Allocation, ObjectsDoNotOverlap) {
  HandleScope scope(*heap_);
  std::vector<Handle<>> handles;
  for (std::uint32_t i = 0; i < 60; ++i) {
    Object* object = heap_->allocate(heap_.bytes, i * i * 13);
    std::memset(object->bytes() + 8, static_cast<int>(i + 1), i * i * 13);
    handles.push_back(scope.handle(object));
  }
  for (std::uint32_t i = 0; i < 60; ++i) {
    const std::byte* data = handles[i]->bytes() + 8;
    for (std::uint32_t k = 0; k < i * i * 13; ++k) ASSERT_EQ(data[k], std::byte(i + 1));
  }
}

TEST_P(Allocation, TheBytesClockIsExactAndMonotone) {
  std::uint64_t expected = heap_->allocated_bytes();
  EXPECT_EQ(expected, 0u);
  RootFrame<1> frame(*heap_);
  for (std::uint32_t i = 0; i < 150; ++i) {
    const std::uint32_t length = i % 10 == 9 ? i * 2000 : i * 7;
    Object* object = i % 7 == 0 ? heap_->allocate_old(heap_.bytes, length)
                                : heap_->allocate(heap_.bytes, length);
    if (i % 3 == 0) frame[0] = object;
    expected += heap_->object_bytes(*object);
    ASSERT_EQ(heap_->allocated_bytes(), expected);
    heap_.make_node(1);
    expected += sizeof(Node);
    ASSERT_EQ(heap_->allocated_bytes(), expected);
    if (i % 20 == 0) heap_.major();
    if (i % 20 == 10) heap_.minor();
    ASSERT_EQ(heap_->allocated_bytes(), expected) << "a collection allocates nothing";
  }
}

class Statistics : public HeapTest {
 protected:
  void expect_consistent() {
    const HeapSizes sizes = heap_->sizes();
    EXPECT_EQ(sizes.used, sizes.young_used + sizes.old_used);
    EXPECT_LE(sizes.large_used, sizes.old_used);
    EXPECT_LE(sizes.used, sizes.committed);
    std::uint64_t size = 0;
    std::uint64_t used = 0;
    for (const SpaceStatistics& space : heap_->collector().spaces()) {
      size += space.size;
      used += space.used;
      EXPECT_LE(space.used, space.size) << space.name;
      EXPECT_EQ(space.available, space.size - space.used) << space.name;
    }
    EXPECT_EQ(size, sizes.committed);
    EXPECT_EQ(used, sizes.used);
  }
};
HEAPLAB_ALL_PLANS(Statistics);

TEST_P(Statistics, KnownAmountsAreFoundToTheByte) {
  HandleScope scope(*heap_);
  std::uint64_t expected = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    Handle<> handle = scope.handle(heap_->allocate(heap_.bytes, i * 3));
    expected += heap_->object_bytes(*handle);
  }
  for (int i = 0; i < 5; ++i) {
    Handle<> handle = scope.handle(heap_->allocate(heap_.bytes, 200'000));
    expected += heap_->object_bytes(*handle);
  }
  expect_consistent();
  EXPECT_EQ(heap_->sizes().used, expected) << "nothing died, nothing was collected";
  EXPECT_EQ(heap_->sizes().large_used, 5 * 200'008u);
  for (int i = 0; i < 3; ++i) {
    i == 0 ? heap_.minor() : heap_.major();
    expect_consistent();
    EXPECT_EQ(heap_->sizes().used, expected);
  }
}

TEST_P(Statistics, AfterAMajorUsedIsWhatIsReachable) {
  RootFrame<1> frame(*heap_);
  for (int i = 0; i < 200'000; ++i) {
    Node* node = heap_.make_node(i);
    if (i % 5 == 0) {
      heap_->write(node, node->next, frame.get<Node>(0));
      frame[0] = node;
    }
  }
  expect_consistent();
  EXPECT_GE(heap_->sizes().used, 40'000 * sizeof(Node));
  heap_.major();
  expect_consistent();
  EXPECT_EQ(heap_->sizes().used, 40'000 * sizeof(Node));
  frame[0] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 0u);
  expect_consistent();
}

TEST_P(Statistics, AMajorGivesMemoryBack) {
  RootFrame<1> frame(*heap_);
  frame[0] = heap_->allocate(heap_.words, 300);
  for (std::uint32_t i = 0; i < 300; ++i) {
    Object* object = heap_->allocate(heap_.bytes, 100'000);
    heap_->write(frame[0], heap_.words_of(frame[0])[i], Word(object));
  }
  const std::uint64_t full = heap_->sizes().committed;
  EXPECT_GE(full, 30'000'000u);
  heap_->fill_words(frame[0], heap_.words_of(frame[0]), Word(), 300);
  heap_.major();
  EXPECT_LE(heap_->sizes().committed, full / 2);
  expect_consistent();
}

TEST_P(Statistics, CensusCountsEachTypeLargestFirst) {
  HandleScope scope(*heap_);
  for (int i = 0; i < 100; ++i) scope.handle(heap_.make_node(i));
  for (int i = 0; i < 3; ++i) scope.handle(heap_->allocate(heap_.bytes, 10'000));
  for (int i = 0; i < 50; ++i) heap_->allocate(heap_.words, 1000);  // garbage
  const std::vector<TypeCensus> rows = heap_->census();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].name, "Bytes");
  EXPECT_EQ(rows[0].count, 3u);
  EXPECT_EQ(rows[0].bytes, 3 * 10'008u);
  EXPECT_EQ(rows[1].name, "Node");
  EXPECT_EQ(rows[1].type, heap_.node);
  EXPECT_EQ(rows[1].count, 100u);
  EXPECT_EQ(rows[1].bytes, 100 * sizeof(Node));
}

TEST_P(Statistics, EveryReachableObjectIsVisitedOnce) {
  RootFrame<3> frame(*heap_);
  frame[0] = heap_.make_node(1);
  frame[1] = frame[0];
  Node* shared = heap_.make_node(2);
  heap_->write(frame[0], frame.get<Node>(0)->next, shared);
  heap_->write(frame[0], frame.get<Node>(0)->other, shared);
  heap_->write(shared, shared->next, frame.get<Node>(0));
  frame[2] = heap_->allocate(heap_.table, 2);
  Node* key = heap_.make_node(3);
  Node* value = heap_.make_node(4);
  heap_.put(frame[2], 0, key, value);  // its key is reachable from nowhere
  heap_.put(frame[2], 1, frame[0], heap_.make_node(5));
  std::vector<std::int64_t> seen;
  heap_->for_each_live([&](Object* object) {
    if (object->type_id() == heap_.node) seen.push_back(static_cast<Node*>(object)->value);
  });
  EXPECT_THAT(seen, testing::ElementsAre(1, 2, 5));
}

TEST_P(Statistics, SeveralHeapsInOneProcessDoNotMeet) {
  TestHeap other(test::options_for(GetParam()));
  TestHeap third{HeapOptions{}};
  RootFrame<1> here(*heap_);
  RootFrame<1> there(*other);
  here[0] = heap_.make_node(1);
  there[0] = other.make_node(2);
  for (int i = 0; i < 100'000; ++i) {
    heap_.make_node(3);
    if (i % 2) other.make_node(4);
  }
  EXPECT_EQ(heap_->allocated_bytes(), 100'001 * sizeof(Node));
  EXPECT_EQ(other->allocated_bytes(), 50'001 * sizeof(Node));
  EXPECT_EQ(third->allocated_bytes(), 0u);
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 1u);
  EXPECT_EQ(other.live_count(), 1u);
  const HeapMemory& a = heap_->collector().memory();
  const HeapMemory& b = other->collector().memory();
  EXPECT_TRUE(a.base() + a.bytes() <= b.base() || b.base() + b.bytes() <= a.base());
  EXPECT_TRUE(heap_->verify().empty());
  EXPECT_TRUE(other->verify().empty());
}

TEST_P(Statistics, TypesAreRegisteredPerHeapAndNumberedInOrder) {
  const std::size_t count = heap_->type_count();
  const TypeId id = heap_->register_type({.name = "New", .fixed_bytes = 16});
  EXPECT_EQ(id, count);
  EXPECT_EQ(heap_->type(id).name, "New");
  EXPECT_THROW(heap_->register_type({.name = "Bad", .fixed_bytes = 12}), std::invalid_argument);
  EXPECT_EQ(heap_->type_count(), count + 1);
}

TEST(MakeHeap, RejectsOptionsThatMakeNoSense) {
  const auto reject = [](auto change) {
    HeapOptions options;
    change(options);
    EXPECT_THROW(gc::make_heap(options), std::invalid_argument);
  };
  reject([](HeapOptions& o) { o.plan = "none"; });
  reject([](HeapOptions& o) { o.initial_semi_space_bytes = 0; });
  reject([](HeapOptions& o) { o.initial_semi_space_bytes = o.max_semi_space_bytes + 1; });
  reject([](HeapOptions& o) { o.max_semi_space_bytes = 3 * GiB; });
  reject([](HeapOptions& o) { o.max_old_space_bytes = 17 * GiB; });
  reject([](HeapOptions& o) { o.fixed_growing_factor = 1.0; });
  reject([](HeapOptions& o) { o.fixed_growing_factor = -2.0; });
}

TEST(MakeHeap, AnUnknownPlanIsToldWhichThereAre) {
  HeapOptions options;
  options.plan = "generatoinal";
  try {
    gc::make_heap(options);
    FAIL() << "an unknown plan was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("generatoinal"));
    for (const gc::PlanInfo& plan : gc::plans()) {
      EXPECT_THAT(error.what(), testing::HasSubstr(std::string(plan.name)));
    }
  }
}

TEST(MakeHeap, TheDefaultPlanComesFirst) {
  EXPECT_EQ(gc::plans().front().name, HeapOptions{}.plan);
}

TEST(MakeHeap, EveryAllowedLimitGivesAWorkingHeap) {
  for (const gc::PlanInfo& plan : gc::plans()) {
    for (const std::size_t limit : {2 * MiB, 100 * MiB, 5 * GiB, 16 * GiB}) {
      HeapOptions options;
      options.plan = plan.name;
      options.max_old_space_bytes = limit;
      TestHeap heap(options);
      RootFrame<1> frame(*heap);
      frame[0] = heap.make_node(1);
      heap.major();
      EXPECT_EQ(heap.live_count(), 1u) << plan.name << " with " << limit;
      EXPECT_EQ(heap->collector().hard_limit(), limit);
    }
  }
}

}  // namespace
}  // namespace heaplab
