// SPDX-License-Identifier: MIT
// Ephemerons: the value lives while table and key do, and the key is not kept by its own value.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <unordered_set>

#include "common/weak_processing.h"
#include "common/worklist.h"
#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;

class Ephemerons : public HeapTest {
 protected:
  Ephemerons() : frame_(*heap_) {}
  Object* make_table(std::uint32_t pairs, bool old = false) {
    return old ? heap_->allocate_old(heap_.table, pairs) : heap_->allocate(heap_.table, pairs);
  }
  Word key(Object* table, std::size_t pair) { return heap_.words_of(table)[2 * pair]; }
  Word value(Object* table, std::size_t pair) { return heap_.words_of(table)[2 * pair + 1]; }
  bool is_cleared(std::size_t pair) {
    const bool cleared = key(frame_[0], pair) == Word::cleared();
    EXPECT_EQ(cleared, value(frame_[0], pair) == Word::cleared());
    return cleared;
  }
  RootFrame<4> frame_;
};
HEAPLAB_ALL_MODES(Ephemerons);

TEST_P(Ephemerons, TheValueLivesExactlyAsLongAsTheKey) {
  for (const bool old_table : {false, true}) {
    frame_[0] = make_table(2, old_table);
    frame_[1] = heap_.make_node(1);
    frame_[2] = heap_.make_node(2);
    heap_.put(frame_[0], 0, frame_[1], frame_[2]);
    frame_[2] = nullptr;
    for (int i = 0; i < 5; ++i) {
      i == 3 ? heap_.major() : heap_.minor();
      ASSERT_EQ(key(frame_[0], 0).object(), frame_[1]);
      ASSERT_EQ(static_cast<Node*>(value(frame_[0], 0).object())->value, 2);
    }
    frame_[1] = nullptr;
    heap_.major();
    EXPECT_TRUE(is_cleared(0));
    EXPECT_EQ(key(frame_[0], 1), Word()) << "an empty pair stays empty";
    EXPECT_EQ(heap_.live_count(), 1u);
  }
}

TEST_P(Ephemerons, ADeadTableKeepsNothing) {
  frame_[0] = make_table(1);
  frame_[1] = heap_.make_node(1);
  heap_.put(frame_[0], 0, frame_[1], heap_.make_node(2));
  frame_[0] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 1u);
  EXPECT_EQ(heap_->sizes().used, sizeof(Node));
}

TEST_P(Ephemerons, AKeyReachableOnlyThroughItsOwnValueDies) {
  frame_[0] = make_table(1);
  frame_[1] = heap_.make_node(1);
  frame_[2] = heap_.make_node(2);
  heap_->write(frame_[2], frame_.get<Node>(2)->next, frame_.get<Node>(1));
  heap_.put(frame_[0], 0, frame_[1], frame_[2]);
  frame_[2] = nullptr;
  heap_.major();
  EXPECT_FALSE(is_cleared(0));
  frame_[1] = nullptr;
  heap_.major();
  EXPECT_TRUE(is_cleared(0));
  EXPECT_EQ(heap_.live_count(), 1u);
}

TEST_P(Ephemerons, ACycleOfPairsDiesAsAWhole) {
  frame_[0] = make_table(3);
  HandleScope scope(*heap_);
  std::vector<Handle<Node>> nodes;
  for (int i = 0; i < 3; ++i) nodes.push_back(scope.handle(heap_.make_node(i)));
  for (std::size_t i = 0; i < 3; ++i) {
    heap_.put(frame_[0], i, nodes[i].get(), nodes[(i + 1) % 3].get());
  }
  for (std::size_t i = 1; i < 3; ++i) nodes[i].set(nullptr);
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 4u) << "one living key keeps the whole cycle";
  nodes[0].set(nullptr);
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 1u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(is_cleared(i));
}

TEST_P(Ephemerons, AValueMayBeTheKeyOfAnotherTable) {
  frame_[0] = make_table(1);
  frame_[1] = make_table(1);
  frame_[2] = heap_.make_node(1);
  RootFrame<1> link(*heap_);
  link[0] = heap_.make_node(2);
  heap_.put(frame_[1], 0, frame_[2], link[0]);
  heap_.put(frame_[0], 0, link[0], heap_.make_node(3));
  link[0] = nullptr;
  heap_.minor();
  heap_.major();
  EXPECT_FALSE(is_cleared(0));
  EXPECT_EQ(static_cast<Node*>(value(frame_[0], 0).object())->value, 3);
  frame_[2] = nullptr;
  heap_.major();
  EXPECT_TRUE(is_cleared(0));
}

TEST_P(Ephemerons, ATableMayBeItsOwnValueOrKey) {
  frame_[0] = make_table(2);
  frame_[1] = heap_.make_node(1);
  heap_.put(frame_[0], 0, frame_[1], frame_[0]);
  heap_.put(frame_[0], 1, frame_[0], frame_[0]);
  heap_.minor();
  heap_.major();
  EXPECT_EQ(key(frame_[0], 1).object(), frame_[0]);
  EXPECT_EQ(value(frame_[0], 0).object(), frame_[0]);
  frame_[0] = nullptr;
  heap_.major();
  EXPECT_EQ(heap_.live_count(), 1u);
}

TEST_P(Ephemerons, AnOldTableWithYoungKeysIsProcessedByAMinor) {
  frame_[0] = make_table(40, true);
  HandleScope scope(*heap_);
  std::vector<Handle<Node>> keys;
  for (int i = 0; i < 40; ++i) {
    Handle<Node> node = scope.handle(heap_.make_node(i));
    Node* value = heap_.make_node(100 + i);
    heap_.put(frame_[0], static_cast<std::size_t>(i), node.get(), value);
    if (i % 2) node.set(nullptr);
    keys.push_back(node);
  }
  heap_.minor();
  if (GetParam().stress_gc || GetParam().stress_move) heap_.major();
  for (std::size_t i = 0; i < 40; ++i) {
    ASSERT_EQ(is_cleared(i), i % 2 == 1) << i;
    if (i % 2) continue;
    ASSERT_EQ(key(frame_[0], i).object(), keys[i].get());
    ASSERT_EQ(static_cast<Node*>(value(frame_[0], i).object())->value,
              100 + static_cast<std::int64_t>(i));
  }
  EXPECT_TRUE(heap_->verify().empty());
}

TEST_P(Ephemerons, YoungValuesOfOldKeysSurviveMinors) {
  frame_[0] = make_table(1, true);
  frame_[1] = heap_->allocate_old(heap_.node, 0);
  heap_.put(frame_[0], 0, frame_[1], heap_.make_node(5));
  for (int i = 0; i < 4; ++i) {
    heap_.minor();
    ASSERT_EQ(static_cast<Node*>(value(frame_[0], 0).object())->value, 5);
  }
}

TEST_P(Ephemerons, ValuesThatAreNoReferencesAreKeptAndCleared) {
  frame_[0] = make_table(1);
  frame_[1] = heap_.make_node(1);
  const Word plain(std::uint64_t{0xfff8} << 48 | 77);
  heap_.put(frame_[0], 0, Word(frame_[1]), plain);
  heap_.minor();
  heap_.major();
  EXPECT_EQ(value(frame_[0], 0), plain);
  frame_[1] = nullptr;
  heap_.major();
  EXPECT_TRUE(is_cleared(0));
}

TEST_P(Ephemerons, LargeTablesAndLargeKeys) {
  frame_[0] = make_table(20'000);
  frame_[1] = heap_->allocate(heap_.bytes, 200'000);
  heap_.put(frame_[0], 19'999, frame_[1], heap_.make_node(6));
  heap_.minor();
  heap_.major();
  EXPECT_EQ(static_cast<Node*>(value(frame_[0], 19'999).object())->value, 6);
  frame_[1] = nullptr;
  heap_.major();
  EXPECT_TRUE(is_cleared(19'999));
}

// --- Chains: k0 -> k1 -> k2 … where only k0 is rooted -------------------------------------------

class EphemeronChains : public HeapTest {
 protected:
  /// `chains` chains of `length` pairs in one table; pairs of a chain in the given order.
  void make_chains(std::uint32_t chains, std::uint32_t length, bool last_first) {
    const std::uint32_t pairs = chains * length;
    frame_[0] = heap_->allocate(heap_.table, pairs);
    frame_[1] = heap_->allocate(heap_.refs, chains);
    for (std::uint32_t chain = 0; chain < chains; ++chain) {
      RootFrame<1> last(*heap_);
      last[0] = heap_.make_node(0);
      heap_->write(frame_[1], heap_.refs_of(frame_[1])[chain], last[0]);
      for (std::uint32_t i = 0; i < length; ++i) {
        Node* node = heap_.make_node(i + 1);
        const std::uint32_t place = (last_first ? length - 1 - i : i) * chains + chain;
        heap_.put(frame_[0], place, last[0], node);
        last[0] = node;
      }
    }
  }
  RootFrame<2> frame_{*heap_};
};
HEAPLAB_ALL_PLANS(EphemeronChains);

TEST_P(EphemeronChains, OfAHundredThousandPairsInTheWorstOrder) {
  constexpr std::uint32_t length = 100'000;
  for (const bool last_first : {false, true}) {
    make_chains(1, length, last_first);
    heap_.minor();
    heap_.major();
    for (std::uint32_t i = 0; i < length; ++i) {
      const std::uint32_t place = last_first ? length - 1 - i : i;
      const Word value = heap_.words_of(frame_[0])[2 * place + 1];
      ASSERT_TRUE(value.is_reference());
      ASSERT_EQ(static_cast<Node*>(value.object())->value, i + 1);
    }
    heap_->write(frame_[1], heap_.refs_of(frame_[1])[0], nullptr);
    heap_.major();
    for (std::uint32_t i = 0; i < 2 * length; ++i) {
      ASSERT_EQ(heap_.words_of(frame_[0])[i], Word::cleared());
    }
  }
}

TEST_P(EphemeronChains, ManyInterleavedOnesDoNotUseTheNativeStack) {
  make_chains(50, 20'000, true);
  heap_.minor();
  heap_.major();
  for (std::uint32_t i = 0; i < 2'000'000; ++i) {
    ASSERT_TRUE(heap_.words_of(frame_[0])[i].is_reference());
  }
}

// --- The amount of work, counted with a tracer of its own ---------------------------------------

/// Marks in a set and counts what WeakProcessing asks of it.
class CountingTracer {
 public:
  explicit CountingTracer(Heap& heap) : heap_(heap), weak(heap, *this) {}

  Object* survivor(Object* object) {
    ++lookups;
    return marked.count(object) ? object : nullptr;
  }
  void word(std::uint64_t* slot) {
    ++traced_slots;
    if (Word::is_reference(*slot)) stack_.push_back(Word(*slot).object());
  }
  void ref(RefBits* slot) {
    if (*slot) stack_.push_back(decompress(*slot));
  }
  void weak_part(Object* object) { weak.add_host(object); }
  void root(Object* object) { stack_.push_back(object); }
  void drain() {
    while (!stack_.empty()) {
      Object* object = stack_.back();
      stack_.pop_back();
      if (!marked.insert(object).second) continue;
      if (weak.watching()) weak.found_alive(compress(object));
      visit_slots(object, heap_.layout(object->type_id()), *this);
    }
  }

 private:
  Heap& heap_;
  std::vector<Object*> stack_;

 public:
  gc::WeakProcessing<CountingTracer> weak;
  std::unordered_set<Object*> marked;
  std::uint64_t lookups = 0;
  std::uint64_t traced_slots = 0;
};

TEST_P(EphemeronChains, TakeWorkLinearInTheirLength) {
  constexpr std::uint32_t length = 30'000;
  for (const bool last_first : {false, true}) {
    make_chains(1, length, last_first);
    CountingTracer tracer(*heap_);
    tracer.root(frame_[0]);
    tracer.root(frame_[1]);
    tracer.drain();
    EXPECT_EQ(tracer.marked.size(), 3u);
    tracer.weak.resolve_ephemerons();
    EXPECT_EQ(tracer.marked.size(), 3u + length);
    EXPECT_EQ(tracer.lookups, length) << "each key is looked at once";
    EXPECT_EQ(tracer.traced_slots, length) << "each value is traced once";
    EXPECT_FALSE(tracer.weak.watching());
    tracer.weak.clear_dead();
    EXPECT_EQ(tracer.lookups, 2 * length);
  }
}

TEST_P(EphemeronChains, TakeWorkLinearInTheNumberOfTablesToo) {
  // One pair per table: a fixpoint over all tables would look at each of them once per link.
  constexpr std::uint32_t length = 3000;
  RootFrame<3> frame(*heap_);
  frame[0] = heap_->allocate(heap_.refs, length);
  frame[1] = frame[2] = heap_.make_node(0);
  for (std::uint32_t i = 0; i < length; ++i) {
    Object* table = heap_->allocate(heap_.table, 1);
    heap_->write(frame[0], heap_.refs_of(frame[0])[length - 1 - i], table);
    Node* next = heap_.make_node(i);
    heap_.put(heap_.refs_of(frame[0])[length - 1 - i].get(), 0, frame[2], next);
    frame[2] = next;
  }
  CountingTracer tracer(*heap_);
  tracer.root(frame[0]);
  tracer.root(frame[1]);
  tracer.drain();
  tracer.weak.resolve_ephemerons();
  EXPECT_EQ(tracer.marked.size(), 2 + 2 * length);
  EXPECT_EQ(tracer.lookups, length);
  EXPECT_EQ(tracer.traced_slots, length);
}

}  // namespace
}  // namespace heaplab
