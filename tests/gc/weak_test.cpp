// SPDX-License-Identifier: MIT
// Weak references: they keep nothing, follow survivors, and are cleared when their referent dies,
// whichever generations host and referent are in.
#include <gtest/gtest.h>

#include <unordered_map>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::WeakCell;

class Weak : public HeapTest {
 protected:
  Weak() : frame_(*heap_) {}

  /// frame_[0]: a cell, frame_[1]: its referent; each in old space if asked for.
  void make_pair(bool old_host, bool old_referent) {
    frame_[0] = nullptr;
    if (old_referent) frame_[1] = heap_->allocate_old(heap_.node, 0);
    frame_[0] = old_host ? heap_->allocate_old(heap_.cell, 0) : heap_->allocate(heap_.cell, 0);
    if (!old_referent) frame_[1] = heap_.make_node(0);
    frame_.get<Node>(1)->value = 7;
    set(frame_[1]);
  }
  WeakCell* cell() { return frame_.get<WeakCell>(0); }
  void set(Object* referent) {
    heap_->write_weak(cell(), cell()->word, Word(referent));
    heap_->write_weak_ref(cell(), reinterpret_cast<RefBits*>(&cell()->ref), referent);
  }
  std::size_t take_cleared() {
    HandleScope scope(*heap_);
    return heap_->take_cleared(scope).size();
  }
  RootFrame<4> frame_;
};
HEAPLAB_ALL_MODES(Weak);

TEST_P(Weak, SlotsFollowALivingReferentAndAreClearedWithADeadOne) {
  for (const bool old_host : {false, true}) {
    for (const bool old_referent : {false, true}) {
      make_pair(old_host, old_referent);
      for (int i = 0; i < 5; ++i) {
        i == 3 ? heap_.major() : heap_.minor();
        ASSERT_EQ(cell()->word.object(), frame_[1]);
        ASSERT_EQ(cell()->ref.get(), frame_[1]);
        ASSERT_EQ(frame_.get<Node>(1)->value, 7);
      }
      EXPECT_EQ(take_cleared(), 0u);
      frame_[1] = nullptr;
      heap_.major();
      EXPECT_EQ(cell()->word, Word::cleared());
      EXPECT_FALSE(cell()->ref);
      EXPECT_EQ(take_cleared(), 1u);
    }
  }
}

TEST_P(Weak, YoungReferentsAreClearedByAMinor) {
  for (const bool old_host : {false, true}) {
    make_pair(old_host, false);
    frame_[1] = nullptr;
    heap_.minor();
    // With stress the referent may have been promoted meanwhile; then a major finds it dead.
    if (GetParam().stress_gc || GetParam().stress_move) heap_.major();
    EXPECT_EQ(cell()->word, Word::cleared());
    EXPECT_FALSE(cell()->ref);
  }
}

TEST_P(Weak, AReferentThatLivesElsewhereIsKept) {
  make_pair(true, false);
  frame_[2] = heap_.make_node(1);
  heap_->write(frame_[2], frame_.get<Node>(2)->next, frame_.get<Node>(1));
  frame_[1] = nullptr;
  for (int i = 0; i < 4; ++i) {
    i == 3 ? heap_.major() : heap_.minor();
    EXPECT_EQ(cell()->ref.get(), frame_.get<Node>(2)->next.get());
  }
}

TEST_P(Weak, AnOldHostMayRefuseToLetGoOfNothing) {
  // The host is overwritten with another young object after it was listed.
  make_pair(true, false);
  frame_[2] = heap_.make_node(9);
  set(frame_[2]);
  frame_[1] = nullptr;
  heap_.minor();
  EXPECT_EQ(cell()->ref.get(), frame_[2]);
  heap_.minor();
  heap_.minor();
  EXPECT_EQ(cell()->ref.get(), frame_[2]);
  EXPECT_EQ(static_cast<Node*>(cell()->word.object())->value, 9);
}

TEST_P(Weak, ADeadHostIsNotReported) {
  make_pair(false, false);
  frame_[0] = frame_[1] = nullptr;
  heap_.minor();
  heap_.major();
  EXPECT_EQ(take_cleared(), 0u);
  EXPECT_EQ(heap_->sizes().used, 0u);
}

TEST_P(Weak, AHostIsReportedOnceHoweverOftenItWasCleared) {
  make_pair(false, false);
  frame_[1] = nullptr;
  heap_.major();
  set(heap_.make_node(1));
  heap_.major();
  set(heap_.make_node(2));
  heap_.major();
  HandleScope scope(*heap_);
  EXPECT_TRUE(heap_->has_cleared());
  const std::vector<Handle<>> hosts = heap_->take_cleared(scope);
  ASSERT_EQ(hosts.size(), 1u);
  EXPECT_EQ(hosts[0].get(), frame_[0]);
  EXPECT_FALSE(heap_->has_cleared());
  EXPECT_EQ(take_cleared(), 0u);
}

TEST_P(Weak, AHostThatDiesWhileItWaitsIsDropped) {
  make_pair(false, false);
  frame_[1] = nullptr;
  heap_.major();
  frame_[0] = nullptr;
  heap_.major();
  heap_.minor();
  EXPECT_EQ(take_cleared(), 0u);
  EXPECT_EQ(heap_->sizes().used, 0u);
}

TEST_P(Weak, TypesThatDoNotAskAreNotReported) {
  frame_[0] = heap_->allocate(heap_.weak_words, 3);
  Node* node = heap_.make_node(1);
  heap_->write_weak(frame_[0], heap_.words_of(frame_[0])[1], Word(node));
  heap_.major();
  EXPECT_EQ(heap_.words_of(frame_[0])[1], Word::cleared());
  EXPECT_EQ(take_cleared(), 0u);
}

TEST_P(Weak, ArraysOfWeakSlotsLoseExactlyTheDead) {
  constexpr std::uint32_t length = 60;
  frame_[0] = heap_->allocate(heap_.weak_refs, length);
  frame_[1] = heap_->allocate(heap_.weak_words, length);
  HandleScope scope(*heap_);
  std::vector<Handle<Node>> kept;
  for (std::uint32_t i = 0; i < length; ++i) {
    Node* node = heap_.make_node(i);
    heap_->write_weak_ref(frame_[0], reinterpret_cast<RefBits*>(heap_.refs_of(frame_[0]) + i),
                          node);
    heap_->write_weak(frame_[1], heap_.words_of(frame_[1])[i], Word(node));
    if (i % 3 == 0) kept.push_back(scope.handle(node));
  }
  heap_.minor();
  heap_.major();
  for (std::uint32_t i = 0; i < length; ++i) {
    const Word word = heap_.words_of(frame_[1])[i];
    if (i % 3 == 0) {
      ASSERT_EQ(heap_.refs_of(frame_[0])[i].get(), kept[i / 3].get());
      ASSERT_EQ(word.object(), kept[i / 3].get());
    } else {
      ASSERT_FALSE(heap_.refs_of(frame_[0])[i]);
      ASSERT_EQ(word, Word::cleared());
    }
  }
}

TEST_P(Weak, PlainWordsInWeakSlotsStay) {
  frame_[0] = heap_->allocate(heap_.weak_words, 2);
  const Word plain(std::uint64_t{0xfff8} << 48 | 3);
  heap_->write_weak(frame_[0], heap_.words_of(frame_[0])[0], plain);
  heap_.major();
  EXPECT_EQ(heap_.words_of(frame_[0])[0], plain);
  EXPECT_EQ(heap_.words_of(frame_[0])[1], Word());
}

/// An intern table: refers to nodes by value without keeping them.
class InternTable : public WeakRootProvider {
 public:
  explicit InternTable(Heap& heap) : heap_(heap) { heap_.add_weak_root_provider(this); }
  ~InternTable() override { heap_.remove_weak_root_provider(this); }
  void process_weak_roots(const Liveness& liveness) override {
    for (auto& [value, object] : entries) object = liveness.survivor(object);
    std::erase_if(entries, [](const auto& entry) { return !entry.second; });
    ++calls;
  }
  std::unordered_map<std::int64_t, Object*> entries;
  int calls = 0;

 private:
  Heap& heap_;
};

TEST_P(Weak, ProvidersDropTheDeadAndFollowTheLiving) {
  InternTable table(*heap_);
  HandleScope scope(*heap_);
  std::vector<Handle<Node>> kept;
  for (int i = 0; i < 90; ++i) {
    Node* node =
        i % 6 == 0 ? static_cast<Node*>(heap_->allocate_old(heap_.node, 0)) : heap_.make_node(0);
    node->value = i;
    table.entries[i] = node;
    if (i % 2 == 0) kept.push_back(scope.handle(node));
    if (i % 30 == 0) heap_.minor();
  }
  heap_.minor();
  heap_.major();
  EXPECT_GE(table.calls, 2);
  EXPECT_EQ(table.entries.size(), kept.size());
  for (const Handle<Node> node : kept) EXPECT_EQ(table.entries.at(node->value), node.get());
  EXPECT_TRUE(heap_->verify().empty());
}

}  // namespace
}  // namespace heaplab
