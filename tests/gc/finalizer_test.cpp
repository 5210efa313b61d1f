// SPDX-License-Identifier: MIT
// Finalizers: once, not before the object is dead, in the order they were registered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <utility>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using testing::ElementsAre;
using testing::IsEmpty;

class Finalizers : public HeapTest {
 protected:
  Finalizers() : frame_(*heap_) {}

  void finalize(Object* object, int number) { finalize(heap_, object, number); }
  static void finalize(test::TestHeap& heap, Object* object, int number) {
    entries_.push_back({&ran_, number});
    heap->add_finalizer(
        object,
        [](void* data) {
          auto* entry = static_cast<Entry*>(data);
          entry->ran->push_back(entry->number);
        },
        &entries_.back());
  }
  static std::vector<int> take_ran() { return std::exchange(ran_, {}); }
  void SetUp() override { ran_.clear(); }

  struct Entry {
    std::vector<int>* ran;
    int number;
  };
  // Static: the last finalizers run when the fixture's heap is destroyed.
  static inline std::deque<Entry> entries_;
  static inline std::vector<int> ran_;
  RootFrame<3> frame_;
};
HEAPLAB_ALL_MODES(Finalizers);

TEST_P(Finalizers, RunOnceWhenTheObjectIsFoundDead) {
  finalize(frame_[0] = heap_.make_node(0), 1);
  for (int i = 0; i < 4; ++i) {
    i == 2 ? heap_.major() : heap_.minor();
    EXPECT_THAT(take_ran(), IsEmpty()) << "still reachable";
  }
  frame_[0] = nullptr;
  heap_.major();
  EXPECT_THAT(take_ran(), ElementsAre(1));
  heap_.minor();
  heap_.major();
  EXPECT_THAT(take_ran(), IsEmpty());
}

TEST_P(Finalizers, YoungObjectsAreFinalizedByAMinor) {
  finalize(heap_.make_node(0), 1);
  heap_.minor();
  EXPECT_THAT(take_ran(), ElementsAre(1));
}

TEST_P(Finalizers, RunInTheOrderOfRegistrationAcrossGenerations) {
  HandleScope scope(*heap_);
  std::vector<Handle<Object>> objects;
  for (int i = 0; i < 12; ++i) {
    Object* object = i % 3 == 0   ? heap_.make_node(i)
                     : i % 3 == 1 ? heap_->allocate_old(heap_.node, 0)
                                  : heap_->allocate(heap_.bytes, 200'000);
    objects.push_back(scope.handle(object));
    finalize(object, i);
    if (i == 5) {
      heap_.minor();
      heap_.minor();
    }
  }
  for (Handle<Object>& object : objects) object.set(nullptr);
  heap_.major();
  EXPECT_THAT(take_ran(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
}

TEST_P(Finalizers, AnObjectMayHaveSeveral) {
  Object* object = heap_.make_node(0);
  for (int i = 0; i < 3; ++i) finalize(object, i);
  heap_.major();
  EXPECT_THAT(take_ran(), ElementsAre(0, 1, 2));
}

TEST_P(Finalizers, RunForTheLivingWhenTheHeapIsDestroyed) {
  test::TestHeap heap(test::options_for(GetParam()));
  {
    RootFrame<5> frame(*heap);
    finalize(heap, frame[0] = heap->allocate_old(heap.node, 0), 1);
    finalize(heap, frame[1] = heap.make_node(0), 2);
    finalize(heap, frame[2] = heap->allocate(heap.bytes, 200'000), 3);
    heap.minor();
    heap.minor();
    finalize(heap, frame[3] = heap->allocate_old(heap.node, 0), 4);
    finalize(heap, frame[4] = heap.make_node(0), 5);
    EXPECT_THAT(take_ran(), IsEmpty());
  }
  heap.destroy();
  EXPECT_THAT(take_ran(), ElementsAre(1, 2, 3, 4, 5));
}

TEST_P(Finalizers, MayGiveExternalMemoryBack) {
  static Heap* heap;
  heap = &*heap_;
  heap_->adjust_external(1000);
  heap_->add_finalizer(
      heap_.make_node(0), [](void*) { heap->adjust_external(-1000); }, nullptr);
  EXPECT_EQ(heap_->external_bytes(), 1000u);
  heap_.major();
  EXPECT_EQ(heap_->external_bytes(), 0u);
}

TEST_P(Finalizers, OfWeaklyReferencedObjectsRunAsTheReferenceIsCleared) {
  frame_[0] = heap_->allocate(heap_.cell, 0);
  Object* node = heap_.make_node(0);
  finalize(node, 1);
  auto* cell = frame_.get<test::WeakCell>(0);
  heap_->write_weak(cell, cell->word, Word(node));
  heap_.major();
  EXPECT_THAT(take_ran(), ElementsAre(1));
  EXPECT_EQ(frame_.get<test::WeakCell>(0)->word, Word::cleared());
}

}  // namespace
}  // namespace heaplab
