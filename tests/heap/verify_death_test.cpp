// SPDX-License-Identifier: MIT
// With HeapOptions::verify a damaged heap ends the process at the next collection, with a message
// that says what is broken.
#include <gtest/gtest.h>

#include "heaplab/heap/verify.h"
#include "test_heap.h"

namespace heaplab {
namespace {

using test::Node;
using test::TestHeap;

class VerifyDeath : public testing::TestWithParam<test::Mode> {
 protected:
  VerifyDeath() : heap_(options()), frame_(*heap_) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    frame_[0] = heap_.make_node(1);
    Node* second = heap_.make_node(2);
    heap_->write(frame_[0], frame_.get<Node>(0)->next, second);
  }
  static HeapOptions options() {
    HeapOptions options = test::options_for(GetParam());
    options.verify = true;
    return options;
  }
  Node* first() { return frame_.get<Node>(0); }

  TestHeap heap_;
  RootFrame<2> frame_;
};
HEAPLAB_ALL_PLANS(VerifyDeath);

TEST_P(VerifyDeath, DamageBeforeACollection) {
  first()->next->set_header(Object::make_header(max_types - 1, 0));
  EXPECT_DEATH(heap_.major(), "verification failed before a collection(.|\n)*unknown type");
}

TEST_P(VerifyDeath, WildReference) {
  first()->next.set_bits(1);
  EXPECT_DEATH(heap_.minor(), "wild reference: Node at 0x[0-9a-f]+");
}

TEST_P(VerifyDeath, ContentsChangedDuringACollection) {
  // A root provider that tampers with an object it is shown: what a broken collector might do.
  struct Tamperer : WeakRootProvider {
    Node* node = nullptr;
    void process_weak_roots(const Liveness& liveness) override {
      node = static_cast<Node*>(liveness.survivor(node));
      node->value = 99;
    }
  } tamperer;
  tamperer.node = first();
  heap_->add_weak_root_provider(&tamperer);
  EXPECT_DEATH(heap_.major(), "contents changed by a collection");
  heap_->remove_weak_root_provider(&tamperer);
}

TEST_P(VerifyDeath, ObjectsLostByACollection) {
  struct Thief : WeakRootProvider {
    Node* node = nullptr;
    void process_weak_roots(const Liveness& liveness) override {
      node = static_cast<Node*>(liveness.survivor(node));
      node->next.set_bits(0);
    }
  } thief;
  thief.node = first();
  heap_->add_weak_root_provider(&thief);
  EXPECT_DEATH(heap_.major(), "2 objects and 48 bytes were reachable before, 1 and 24 after");
  heap_->remove_weak_root_provider(&thief);
}

TEST(VerifyDeathGenerational, MissingBarrier) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  HeapOptions options;
  options.verify = true;
  TestHeap heap(options);
  RootFrame<1> frame(*heap);
  frame[0] = heap.make_node(1);
  heap.major();
  frame.get<Node>(0)->next.init(heap.make_node(2));
  EXPECT_DEATH(heap.minor(), "missing from the remembered set");
}

TEST_P(VerifyDeath, ASoundHeapSurvives) {
  for (int i = 0; i < 5; ++i) i % 2 ? heap_.major() : heap_.minor();
  EXPECT_EQ(first()->next->value, 2);
}

}  // namespace
}  // namespace heaplab
