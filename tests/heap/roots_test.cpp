// SPDX-License-Identifier: MIT
// The four kinds of root: what they hold stays alive and is found again after it moved.
#include "heaplab/heap/roots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;

class Roots : public HeapTest {};
HEAPLAB_ALL_MODES(Roots);

TEST_P(Roots, FramesStartNullAndHoldObjects) {
  RootFrame<3> frame(*heap_);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(frame[i], nullptr);
  frame[0] = heap_.make_node(1);
  frame[2] = heap_.make_node(3);
  heap_.major();
  heap_.minor();
  EXPECT_EQ(frame.get<Node>(0)->value, 1);
  EXPECT_EQ(frame[1], nullptr);
  EXPECT_EQ(frame.get<Node>(2)->value, 3);
  EXPECT_EQ(heap_.live_count(), 2u);
}

std::int64_t sum_of_tree(TestHeap& heap, int depth) {
  RootFrame<2> frame(*heap);
  frame[0] = heap.make_node(depth);
  std::int64_t sum = 0;
  if (depth > 0) sum += sum_of_tree(heap, depth - 1) + sum_of_tree(heap, depth - 1);
  frame[1] = heap.make_node(1);
  return sum + frame.get<Node>(0)->value + frame.get<Node>(1)->value;
}

TEST_P(Roots, FramesNest) {
  // Value(d) = 2 Value(d - 1) + d + 1, Value(0) = 1.
  EXPECT_EQ(sum_of_tree(heap_, 6), 247);
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 0u) << "frames that were left hold nothing";
}

TEST_P(Roots, HandlesFollowTheirObjectsOverChunkBorders) {
  HandleScope scope(*heap_);
  std::vector<Handle<Node>> handles;
  constexpr std::size_t count = 2 * HandleStack::chunk_slots + 2;
  for (std::size_t i = 0; i < count; ++i) {
    Node* node = i % 64 == 0 || handles.empty() ? heap_.make_node(static_cast<std::int64_t>(i))
                                                : handles.back().get();
    handles.push_back(scope.handle(node));
  }
  heap_.major();
  for (std::size_t i = 0; i < count; ++i) {
    ASSERT_EQ(handles[i]->value, static_cast<std::int64_t>(i / 64 * 64));
  }
  EXPECT_EQ(heap_->handles().size(), count);
}

TEST_P(Roots, LeavingAScopeFreesItsHandlesAndNoOthers) {
  HandleScope outer(*heap_);
  Handle<Node> kept = outer.handle(heap_.make_node(1));
  {
    HandleScope inner(*heap_);
    Handle<Node> freed = inner.handle(heap_.make_node(2));
    EXPECT_EQ(heap_->handles().size(), 2u);
    heap_.major();
    EXPECT_EQ(freed->value, 2);
  }
  EXPECT_EQ(heap_->handles().size(), 1u);
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 1u);
  EXPECT_EQ(kept->value, 1);
}

TEST_P(Roots, ScopesMayEndAtAnyPlaceOfAChunk) {
  HandleStack& stack = heap_->handles();
  for (const std::size_t first : {HandleStack::chunk_slots - 1, HandleStack::chunk_slots,
                                  HandleStack::chunk_slots + 1, 3 * HandleStack::chunk_slots}) {
    HandleScope outer(*heap_);
    for (std::size_t i = 0; i < first; ++i) outer.handle<Object>(nullptr);
    for (int again = 0; again < 3; ++again) {
      HandleScope inner(*heap_);
      Handle<Node> node = inner.handle(heap_.make_node(7));
      for (int i = 0; i < 3; ++i) inner.handle(node.get());
      ASSERT_EQ(stack.size(), first + 4);
      heap_.minor();
      ASSERT_EQ(node->value, 7);
    }
    ASSERT_EQ(stack.size(), first);
  }
  EXPECT_EQ(stack.size(), 0u);
}

TEST_P(Roots, HandlesConvertToBasesAndCanBeReset) {
  HandleScope scope(*heap_);
  Handle<Node> node = scope.handle(heap_.make_node(1));
  Handle<Object> base = node;
  EXPECT_EQ(base.get(), node.get());
  EXPECT_TRUE(node);
  node.set(nullptr);
  EXPECT_FALSE(node);
  EXPECT_FALSE(base) << "a handle names a slot, so both are the same root";
  EXPECT_FALSE(Handle<Node>());
}

TEST_P(Roots, GlobalsMayBeDestroyedInAnyOrder) {
  std::vector<std::unique_ptr<Global<Node>>> globals;
  for (int i = 0; i < 20; ++i) {
    Node* node = heap_.make_node(i);
    globals.push_back(std::make_unique<Global<Node>>(*heap_, node));
  }
  for (const std::size_t index : {19u, 0u, 5u, 10u, 3u}) {
    globals.erase(globals.begin() +
                  static_cast<std::ptrdiff_t>(std::min<std::size_t>(index, globals.size() - 1)));
    heap_.major();
    ASSERT_EQ(heap_.live_count(), globals.size());
    for (std::size_t i = 1; i < globals.size(); ++i) {
      ASSERT_LT((*globals[i - 1])->value, (*globals[i])->value);
    }
  }
  globals.clear();
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 0u);
}

class Stack : public RootProvider {
 public:
  explicit Stack(Heap& heap) : heap_(heap) { heap_.add_root_provider(this); }
  ~Stack() override { heap_.remove_root_provider(this); }
  void visit_roots(RootVisitor& visitor) override {
    if (visitor.wants_names()) visitor.name("operand");
    visitor.words(words.data(), words.data() + words.size());
    visitor.object(&single);
  }
  std::string_view roots_name() const override { return "test stack"; }
  std::vector<std::uint64_t> words;
  Object* single = nullptr;

 private:
  Heap& heap_;
};

TEST_P(Roots, ProvidersEnumerateMixedWords) {
  std::optional<Stack> stack(*heap_);
  const std::uint64_t number = std::uint64_t{0xfff8} << 48 | 5;
  stack->words = {0, number, 0, Word::cleared().bits()};
  stack->single = heap_.make_node(1);
  stack->words[2] = Word(heap_.make_node(2)).bits();
  heap_.major();
  EXPECT_EQ(static_cast<Node*>(stack->single)->value, 1);
  EXPECT_EQ(static_cast<Node*>(Word(stack->words[2]).object())->value, 2);
  EXPECT_EQ(stack->words[0], 0u);
  EXPECT_EQ(stack->words[1], number);
  EXPECT_EQ(stack->words[3], Word::cleared().bits());
  stack.reset();
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 0u);
}

TEST_P(Roots, VisitRootsNamesTheGroups) {
  static std::vector<std::string> groups;
  static std::vector<std::string> names;
  groups.clear();
  names.clear();
  Stack stack(*heap_);
  RootFrame<1> frame(*heap_);
  frame[0] = heap_.make_node(1);
  Global<> global(*heap_, frame[0]);
  struct Visitor : RootVisitor {
    Visitor() { wants_names_ = true; }
    void object(Object** slot) override { objects += *slot != nullptr; }
    void words(std::uint64_t*, std::uint64_t*) override {}
    void name(std::string_view text) override { names.emplace_back(text); }
    int objects = 0;
  } visitor;
  heap_->visit_roots(visitor,
                     [](RootVisitor&, std::string_view group) { groups.emplace_back(group); });
  EXPECT_EQ(groups, (std::vector<std::string>{"handles", "globals", "test stack"}));
  EXPECT_EQ(names, (std::vector<std::string>{"operand"}));
  EXPECT_EQ(visitor.objects, 2);
}

TEST_P(Roots, TheSameObjectInEveryKindOfRootStaysOneObject) {
  Stack stack(*heap_);
  RootFrame<1> frame(*heap_);
  HandleScope scope(*heap_);
  frame[0] = heap_.make_node(9);
  Global<> global(*heap_, frame[0]);
  Handle<> handle = scope.handle(frame[0]);
  stack.single = frame[0];
  stack.words = {Word(frame[0]).bits()};
  for (int i = 0; i < 3; ++i) {
    i == 1 ? heap_.major() : heap_.minor();
    EXPECT_EQ(global.get(), frame[0]);
    EXPECT_EQ(handle.get(), frame[0]);
    EXPECT_EQ(stack.single, frame[0]);
    EXPECT_EQ(stack.words[0], Word(frame[0]).bits());
    EXPECT_EQ(heap_.live_count(), 1u);
  }
}

}  // namespace
}  // namespace heaplab
