// SPDX-License-Identifier: MIT
// What a recorder relies on: every object is announced, followed as it moves, and dies exactly
// once; every store is seen before it happens.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::WeakCell;

/// Mirrors the set of objects by address, as a recorder does.
class Mirror : public ObjectObserver {
 public:
  void on_allocate(Object* object, std::size_t bytes) override {
    EXPECT_TRUE(sizes.emplace(object, bytes).second) << "announced where an object is alive";
    allocated_bytes += bytes;
    ++allocations;
  }
  void on_write(Object* host, const void* slot, Object* old_value, Object* value) override {
    EXPECT_GE(static_cast<const std::byte*>(slot), host->bytes() + sizeof(Object));
    writes.push_back({host, slot, old_value, value});
  }
  void on_weak_write(Object* host, const void* slot, Object* old_value, Object* value) override {
    on_write(host, slot, old_value, value);
  }
  // Moves of one collection may use addresses that other objects are still leaving.
  void on_move(Object* from, Object* to, std::size_t bytes) override {
    ++moves;
    const auto found = sizes.find(from);
    ASSERT_NE(found, sizes.end()) << "an object moved that was never announced";
    EXPECT_EQ(found->second, bytes);
    sizes.erase(found);
    EXPECT_TRUE(sizes.emplace(to, bytes).second) << "moved onto a living object";
  }
  void on_deaths(std::byte* block, std::span<const std::uint64_t> starts) override {
    for_each_start(block, starts, [this](Object* object) {
      EXPECT_EQ(sizes.erase(object), 1u) << "a death of an object that is not there";
      ++deaths;
    });
  }

  struct Write {
    Object* host;
    const void* slot;
    Object* old_value;
    Object* value;
    friend bool operator==(const Write&, const Write&) = default;
  };
  std::map<Object*, std::size_t> sizes;
  std::vector<Write> writes;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t allocations = 0, moves = 0, deaths = 0;
};

class Observer : public HeapTest {
 protected:
  void expect_same_as_live() {
    std::set<Object*> live;
    heap_->for_each_live([&](Object* object) { live.insert(object); });
    std::set<Object*> mirrored;
    for (const auto& [object, bytes] : mirror_.sizes) {
      mirrored.insert(object);
      ASSERT_EQ(heap_->object_bytes(*object), bytes);
    }
    EXPECT_EQ(mirrored, live);
  }
  Mirror mirror_;
};
HEAPLAB_ALL_MODES(Observer);

TEST_P(Observer, EveryObjectIsAliveOrDiedOnce) {
  heap_->set_observer(&mirror_);
  std::mt19937 random(8);
  RootFrame<6> frame(*heap_);
  for (int i = 0; i < 800; ++i) {
    const auto kind = random() % 20;
    Object* object = kind == 0   ? heap_->allocate(heap_.bytes, 150'000)
                     : kind == 1 ? heap_->allocate_old(heap_.node, 0)
                     : kind < 6
                         ? heap_->allocate(heap_.words, static_cast<std::uint32_t>(random() % 50))
                         : heap_.make_node(i);
    if (random() % 3 == 0) frame[random() % 6] = object;
    if (i % 100 == 50) heap_.minor();
    if (i % 200 == 150) {
      heap_.major();
      expect_same_as_live();
    }
  }
  EXPECT_EQ(mirror_.allocations, 800u);
  EXPECT_EQ(mirror_.allocated_bytes, heap_->allocated_bytes());
  for (std::size_t i = 0; i < 6; ++i) frame[i] = nullptr;
  heap_.major();
  EXPECT_EQ(mirror_.deaths, 800u);
  EXPECT_TRUE(mirror_.sizes.empty());
  heap_->set_observer(nullptr);
}

TEST_P(Observer, ObjectsAreAnnouncedWithHeaderAndZeroedFields) {
  struct Check : ObjectObserver {
    Heap* heap;
    int count = 0;
    void on_allocate(Object* object, std::size_t bytes) override {
      EXPECT_EQ(heap->object_bytes(*object), bytes);
      for (std::size_t i = 8; i < bytes; ++i) ASSERT_EQ(object->bytes()[i], std::byte{0});
      ++count;
    }
  } check;
  check.heap = &*heap_;
  heap_->set_observer(&check);
  heap_.make_node(5);
  heap_->allocate(heap_.words, 9);
  heap_->allocate(heap_.bytes, 140'000);
  heap_->allocate_old(heap_.refs, 3);
  heap_->set_observer(nullptr);
  heap_.make_node(6);
  EXPECT_EQ(check.count, 4);
}

TEST_P(Observer, EveryStoreIsSeenWithTheOldValue) {
  heap_->set_observer(&mirror_);
  RootFrame<4> frame(*heap_);
  frame[0] = heap_.make_node(1);
  frame[1] = heap_.make_node(2);
  frame[2] = heap_->allocate(heap_.words, 4);
  frame[3] = heap_->allocate(heap_.cell, 0);
  auto* node = frame.get<Node>(0);
  auto* cell = frame.get<WeakCell>(3);
  Word* words = heap_.words_of(frame[2]);
  heap_->seal_newest();
  heap_->write(node, node->next, frame.get<Node>(1));
  heap_->write(node, node->next, nullptr);
  heap_->write(frame[2], words[0], Word(node));
  heap_->write(frame[2], words[0], Word(~std::uint64_t{0}));
  heap_->write(frame[2], words[0], Word());
  heap_->write_weak(cell, cell->word, Word(node));
  heap_->write_weak_ref(cell, reinterpret_cast<RefBits*>(&cell->ref), node);
  const std::vector<Mirror::Write> expected = {
      {node, &node->next, nullptr, frame[1]}, {node, &node->next, frame[1], nullptr},
      {frame[2], words, nullptr, node},       {frame[2], words, node, nullptr},
      {frame[2], words, nullptr, nullptr},    {cell, &cell->word, nullptr, node},
      {cell, &cell->ref, nullptr, node}};
  EXPECT_EQ(mirror_.writes, expected);
  mirror_.writes.clear();
  heap_->fill_words(frame[2], words, Word(frame[1]), 2);
  heap_->copy_words(frame[2], words + 1, words, 3);
  EXPECT_EQ(mirror_.writes.size(), 5u);
  heap_->set_observer(nullptr);
}

TEST_P(Observer, StoresIntoTheNewestObjectAreNot) {
  heap_->set_observer(&mirror_);
  RootFrame<2> frame(*heap_);
  frame[0] = heap_.make_node(1);
  for (const bool old : {false, true}) {
    frame[1] = old ? heap_->allocate_old(heap_.node, 0) : heap_->allocate(heap_.node, 0);
    auto* newest = frame.get<Node>(1);
    heap_->write(newest, newest->next, frame.get<Node>(0));
    EXPECT_TRUE(mirror_.writes.empty());
    heap_->write(frame[0], frame.get<Node>(0)->next, newest);
    EXPECT_EQ(mirror_.writes.size(), 1u) << "another object is not the newest";
    heap_.minor();
    newest = frame.get<Node>(1);
    EXPECT_EQ(newest->next.get(), frame[0]) << "the barrier did not do its work";
    heap_->write(newest, newest->next, nullptr);
    EXPECT_EQ(mirror_.writes.size(), 2u) << "a collection ends that";
    mirror_.writes.clear();
  }
  heap_.make_node(2);
  heap_->write(frame[1], frame.get<Node>(1)->next, frame.get<Node>(0));
  EXPECT_EQ(mirror_.writes.size(), 1u) << "an allocation ends that";
  heap_->set_observer(nullptr);
}

TEST_P(Observer, StoresAreRememberedAsWithoutOne) {
  heap_->set_observer(&mirror_);
  RootFrame<2> frame(*heap_);
  frame[0] = heap_->allocate_old(heap_.node, 0);
  frame[1] = heap_->allocate_old(heap_.words, 2);
  Node* young = heap_.make_node(4);
  heap_->write(frame[0], frame.get<Node>(0)->next, young);
  heap_->write(frame[1], heap_.words_of(frame[1])[1], Word(young));
  EXPECT_EQ(heap_->remembered().count(), heap_->is_young(young) ? 2u : 0u);
  for (int i = 0; i < 3; ++i) {
    heap_.minor();
    EXPECT_EQ(frame.get<Node>(0)->next->value, 4);
    EXPECT_TRUE(heap_->verify().empty());
  }
  heap_->set_observer(nullptr);
}

TEST_P(Observer, ObjectsFromBeforeAreNotMentioned) {
  RootFrame<2> frame(*heap_);
  frame[0] = heap_.make_node(1);
  frame[1] = heap_->allocate(heap_.bytes, 200'000);
  heap_->set_observer(&mirror_);
  heap_.minor();
  frame[0] = frame[1] = nullptr;
  heap_.minor();
  heap_.major();
  EXPECT_EQ(mirror_.moves + mirror_.deaths, 0u);
  heap_->set_observer(nullptr);
}

TEST_P(Observer, ObjectsFromBeforeCanBeAdopted) {
  RootFrame<1> frame(*heap_);
  frame[0] = heap_.make_node(1);
  heap_->set_observer(&mirror_);
  heap_->observe(frame[0]);
  mirror_.sizes[frame[0]] = sizeof(Node);
  heap_.minor();
  EXPECT_EQ(mirror_.sizes.count(frame[0]), 1u);
  frame[0] = nullptr;
  heap_.major();
  EXPECT_EQ(mirror_.deaths, 1u);
  heap_->set_observer(nullptr);
}

TEST_P(Observer, ASecondObserverStartsAfresh) {
  RootFrame<1> frame(*heap_);
  heap_->set_observer(&mirror_);
  frame[0] = heap_.make_node(1);
  for (int i = 0; i < 50; ++i) heap_.make_node(i);
  heap_->set_observer(nullptr);
  heap_.minor();  // nobody hears of what moves and dies now
  frame[0] = nullptr;
  Mirror second;
  heap_->set_observer(&second);
  heap_.major();
  EXPECT_EQ(second.moves + second.deaths, 0u);
  heap_.make_node(1);
  heap_.major();
  EXPECT_EQ(second.deaths, 1u);
  heap_->set_observer(nullptr);
}

}  // namespace
}  // namespace heaplab
