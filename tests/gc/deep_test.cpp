// SPDX-License-Identifier: MIT
// Structures that break collectors which recurse on the native stack or visit things twice.
#include <gtest/gtest.h>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;

class Deep : public HeapTest {};
HEAPLAB_ALL_PLANS(Deep);

TEST_P(Deep, AListOfTenMillionNodes) {
#ifdef HEAPLAB_HIGH_CAGE
  constexpr int length = 1'000'000;  // sanitizers make it slow, not different
#else
  constexpr int length = 10'000'000;
#endif
  struct Cell : Object {
    Ref<Cell> next;
    std::int32_t value;
  };
  const TypeId type = heap_->register_type(
      {.name = "Cell", .fixed_bytes = sizeof(Cell), .runs = {{8, 1, SlotKind::ref}}});
  RootFrame<1> frame(*heap_);
  for (int i = 0; i < length; ++i) {
    auto* cell = heap_->allocate<Cell>(type);
    cell->next.init(frame.get<Cell>(0));
    cell->value = i;
    frame[0] = cell;
  }
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, length * sizeof(Cell));
  int expected = length;
  for (auto* cell = frame.get<Cell>(0); cell; cell = cell->next.get()) {
    ASSERT_EQ(cell->value, --expected);
  }
  EXPECT_EQ(expected, 0);
  frame[0] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_->sizes().used, 0u);
}

TEST_P(Deep, AListGrownAtItsOldEnd) {
  // Each link is a store into the newest node, which may have been promoted: the remembered set's
  // hardest customer.
  constexpr int length = 300'000;
  RootFrame<2> frame(*heap_);
  frame[0] = frame[1] = heap_.make_node(0);
  for (int i = 1; i < length; ++i) {
    Node* node = heap_.make_node(i);
    heap_->write(frame[1], frame.get<Node>(1)->next, node);
    frame[1] = node;
  }
  heap_.major();
  int expected = 0;
  for (auto* node = frame.get<Node>(0); node; node = node->next.get()) {
    ASSERT_EQ(node->value, expected++);
  }
  EXPECT_EQ(expected, length);
}

TEST_P(Deep, OneObjectWithAMillionReferencesAndOneReferredToAMillionTimes) {
  constexpr std::uint32_t length = 1'000'000;
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate(heap_.refs, length);
  frame[1] = heap_.make_node(-1);
  for (std::uint32_t i = 0; i < length; ++i) {
    Object* target = i % 4 == 0 ? heap_.make_node(i) : frame[1];
    heap_->write(frame[0], heap_.refs_of(frame[0])[i], target);
  }
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 2 + length / 4);
  for (std::uint32_t i = 0; i < length; ++i) {
    auto* node = static_cast<Node*>(heap_.refs_of(frame[0])[i].get());
    ASSERT_EQ(node->value, i % 4 == 0 ? static_cast<std::int64_t>(i) : -1);
  }
}

}  // namespace
}  // namespace heaplab
