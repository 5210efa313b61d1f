// SPDX-License-Identifier: MIT
// The write barrier and the remembered set it fills: exactly the old slots that refer to young
// objects, for every way to store.
#include <gtest/gtest.h>

#include <random>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;
using test::WeakCell;

/// A generational heap with an old node, an old words object and a young node.
class Barrier : public testing::Test {
 protected:
  static constexpr std::uint32_t length = 12;
  Barrier() : heap_(HeapOptions{}), frame_(*heap_) {
    frame_[0] = heap_.make_node(1);
    frame_[1] = heap_->allocate(heap_.words, length);
    heap_.major();
    frame_[2] = heap_.make_node(2);
  }
  Node* old_node() { return frame_.get<Node>(0); }
  Object* old_words() { return frame_[1]; }
  Word* words() { return heap_.words_of(frame_[1]); }
  Node* young() { return frame_.get<Node>(2); }
  std::size_t remembered() { return heap_->remembered().count(); }

  TestHeap heap_;
  RootFrame<4> frame_;
};

TEST_F(Barrier, AnOldToYoungStoreIsRememberedOnce) {
  EXPECT_EQ(remembered(), 0u);
  for (int i = 0; i < 5; ++i) heap_->write(old_node(), old_node()->next, young());
  EXPECT_EQ(remembered(), 1u);
  EXPECT_TRUE(heap_->remembered().contains_ref(reinterpret_cast<RefBits*>(&old_node()->next)));
  for (int i = 0; i < 5; ++i) heap_->write(old_words(), words()[3], Word(young()));
  EXPECT_EQ(remembered(), 2u);
  EXPECT_TRUE(
      heap_->remembered().contains_word(reinterpret_cast<const std::uint64_t*>(words() + 3)));
}

TEST_F(Barrier, NoOtherStoreIsRemembered) {
  frame_[3] = heap_.make_node(3);
  heap_->write(young(), young()->next, frame_.get<Node>(3));
  heap_->write(young(), young()->other, old_node());
  heap_->write(old_node(), old_node()->next, old_node());
  heap_->write(old_node(), old_node()->other, nullptr);
  heap_->write(old_words(), words()[0], Word(std::uint64_t{0xfff8} << 48));
  heap_->write(old_words(), words()[1], Word());
  heap_->write(old_words(), words()[2], Word(old_node()));
  EXPECT_EQ(remembered(), 0u);
}

TEST_F(Barrier, SlotsStayRememberedWhileTheirTargetIsYoung) {
  heap_->write(old_node(), old_node()->next, young());
  heap_->write(old_words(), words()[3], Word(young()));
  frame_[2] = nullptr;
  heap_.minor();
  EXPECT_EQ(remembered(), 2u) << "copied within the young space";
  EXPECT_EQ(old_node()->next->value, 2);
  EXPECT_EQ(words()[3].object(), old_node()->next.get());
  heap_.minor();
  EXPECT_EQ(remembered(), 0u) << "promoted";
  EXPECT_FALSE(heap_->is_young(old_node()->next.get()));
  EXPECT_EQ(old_node()->next->value, 2);
  EXPECT_EQ(words()[3].object(), old_node()->next.get());
}

TEST_F(Barrier, OverwrittenSlotsAreForgottenAtTheNextScavenge) {
  heap_->write(old_node(), old_node()->next, young());
  heap_->write(old_words(), words()[3], Word(young()));
  heap_->write(old_node(), old_node()->next, nullptr);
  heap_->write(old_words(), words()[3], Word(std::uint64_t{5} << 50));
  heap_.minor();
  EXPECT_EQ(remembered(), 0u);
  EXPECT_EQ(words()[3].bits(), std::uint64_t{5} << 50);
}

TEST_F(Barrier, SlotsOfPromotedObjectsAreRememberedIfTheirTargetsAreYoung) {
  heap_.minor();  // frame_[2] has survived once
  Node* younger = heap_.make_node(9);
  heap_->write(young(), young()->next, younger);
  heap_.minor();
  ASSERT_FALSE(heap_->is_young(frame_[2]));
  ASSERT_TRUE(heap_->is_young(young()->next.get()));
  EXPECT_EQ(remembered(), 1u);
  EXPECT_TRUE(heap_->verify().empty());
  heap_.minor();
  EXPECT_EQ(remembered(), 0u);
  EXPECT_EQ(young()->next->value, 9);
}

TEST_F(Barrier, AMajorLeavesNothingRemembered) {
  heap_->write(old_node(), old_node()->next, young());
  heap_->fill_words(old_words(), words(), Word(young()), length);
  EXPECT_EQ(remembered(), 1u + length);
  heap_.major();
  EXPECT_EQ(remembered(), 0u);
  EXPECT_EQ(old_node()->next->value, 2);
}

TEST_F(Barrier, DeadOldHostsAreForgottenByAMajor) {
  heap_->write(old_node(), old_node()->next, young());
  heap_->write(old_words(), words()[3], Word(young()));
  frame_[0] = frame_[1] = frame_[2] = nullptr;
  heap_.major();
  EXPECT_EQ(remembered(), 0u);
  EXPECT_EQ(heap_->sizes().used, 0u) << "a remembered slot of a dead object keeps nothing";
  heap_.minor();
}

TEST_F(Barrier, LargeHostsAreRememberedFromTheStart) {
  frame_[3] = heap_->allocate(heap_.refs, 50'000);
  for (const std::uint32_t i : {0u, 31u, 32u, 49'999u}) {
    Node* node = heap_.make_node(i);
    heap_->write(frame_[3], heap_.refs_of(frame_[3])[i], node);
  }
  EXPECT_EQ(remembered(), 4u);
  heap_.minor();
  heap_.minor();
  EXPECT_EQ(remembered(), 0u);
  for (const std::uint32_t i : {0u, 31u, 32u, 49'999u}) {
    EXPECT_EQ(static_cast<Node*>(heap_.refs_of(frame_[3])[i].get())->value, i);
  }
}

TEST_F(Barrier, CopyWordsRemembersExactlyTheNewSlots) {
  heap_->write(old_words(), words()[0], Word(young()));
  heap_->write(old_words(), words()[2], Word(young()));
  heap_->copy_words(old_words(), words() + 5, words(), 4);
  EXPECT_EQ(remembered(), 4u);
  for (const int i : {0, 2, 5, 7}) EXPECT_EQ(words()[i].object(), young()) << i;
  EXPECT_TRUE(heap_->verify().empty());
}

TEST_F(Barrier, WeakStoresListTheirHostOnceAndRememberNoSlot) {
  frame_[3] = heap_->allocate_old(heap_.cell, 0);
  auto* cell = frame_.get<WeakCell>(3);
  for (int i = 0; i < 3; ++i) {
    heap_->write_weak(cell, cell->word, Word(young()));
    heap_->write_weak_ref(cell, reinterpret_cast<RefBits*>(&cell->ref), young());
  }
  EXPECT_EQ(remembered(), 0u) << "a scavenge would take it for a strong slot";
  EXPECT_EQ(heap_->remembered_weak_hosts().size(), 1u);
  heap_->write_weak(cell, cell->word, Word(old_node()));
}

/// The same moves in a heap and in a plain vector.
class BulkStores : public HeapTest {};
HEAPLAB_ALL_MODES(BulkStores);

TEST_P(BulkStores, BehaveLikeMemmoveAndFill) {
  constexpr std::uint32_t length = 40;
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate(heap_.words, length);
  if (GetParam().plan == "generational") heap_.major();
  std::mt19937 random(3);
  std::vector<std::int64_t> model(length, 0);
  const auto read = [&](Word word) {
    return word.is_reference() ? static_cast<Node*>(word.object())->value
                               : -static_cast<std::int64_t>(word.bits() & 0xffff);
  };
  for (int step = 0; step < 300; ++step) {
    const std::size_t from = random() % length;
    const std::size_t to = random() % length;
    const std::size_t count = random() % (length - std::max(from, to) + 1);
    Word* words = heap_.words_of(frame[0]);
    const std::uint32_t kind = random() % 4;
    if (kind == 0) {
      heap_->copy_words(frame[0], words + to, words + from, count);
      std::vector<std::int64_t> moved(model.begin() + static_cast<std::ptrdiff_t>(from),
                                      model.begin() + static_cast<std::ptrdiff_t>(from + count));
      std::copy(moved.begin(), moved.end(), model.begin() + static_cast<std::ptrdiff_t>(to));
    } else if (kind == 1) {
      frame[1] = heap_.make_node(step + 1);
      words = heap_.words_of(frame[0]);
      heap_->fill_words(frame[0], words + to, Word(frame[1]), count);
      std::fill_n(model.begin() + static_cast<std::ptrdiff_t>(to), count, step + 1);
    } else if (kind == 2) {
      const std::uint64_t plain = random() & 0xffff;
      heap_->write(frame[0], words[to], Word(std::uint64_t{0xfffa} << 48 | plain));
      model[to] = -static_cast<std::int64_t>(plain);
    } else if (step % 40 == 0) {
      heap_.minor();
    }
    for (std::size_t i = 0; i < length; ++i) {
      ASSERT_EQ(read(heap_.words_of(frame[0])[i]), model[i]) << "step " << step;
    }
    ASSERT_TRUE(heap_->verify().empty());
  }
}

}  // namespace
}  // namespace heaplab
