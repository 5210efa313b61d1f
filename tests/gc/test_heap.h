// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "heaplab/gc/make_heap.h"
#include "heaplab/heap/heap.h"

// What the behaviour tests share: a handful of types, a heap, and the list of ways to run it.

namespace heaplab::test {

struct Node : Object {
  Ref<Node> next;
  Ref<> other;
  std::int64_t value;
};
struct WeakCell : Object {
  Word word;
  Ref<> ref;
  std::uint32_t unused;
};

/// One way to run a heap: a plan, and perhaps something that makes it work harder.
struct Mode {
  std::string plan = "generational";
  std::uint64_t stress_gc = 0;
  std::uint64_t stress_move = 0;
  bool verify = false;

  std::string name() const {
    return plan + (stress_gc ? "_gc" + std::to_string(stress_gc) : "") +
           (stress_move ? "_move" + std::to_string(stress_move) : "") + (verify ? "_verify" : "");
  }
  friend void PrintTo(const Mode& mode, std::ostream* out) { *out << mode.name(); }
};

inline std::vector<Mode> plain_modes() {
  std::vector<Mode> modes;
  for (const gc::PlanInfo& plan : gc::plans()) modes.push_back({.plan = std::string(plan.name)});
  return modes;
}
inline std::vector<Mode> all_modes() {
  std::vector<Mode> modes = plain_modes();
  for (const Mode& mode : plain_modes()) {
    modes.push_back({.plan = mode.plan, .verify = true});
    modes.push_back({.plan = mode.plan, .stress_gc = 1});
    modes.push_back({.plan = mode.plan, .stress_gc = 3, .verify = true});
    modes.push_back({.plan = mode.plan, .stress_move = 1});
    modes.push_back({.plan = mode.plan, .stress_gc = 5, .stress_move = 2, .verify = true});
  }
  return modes;
}
inline std::string mode_name(const testing::TestParamInfo<Mode>& info) { return info.param.name(); }

/// A heap with the types above, and short names for what tests do all the time.
class TestHeap {
 public:
  explicit TestHeap(const HeapOptions& options) : heap_(gc::make_heap(options)) {
    node = heap_->register_type(
        {.name = "Node", .fixed_bytes = sizeof(Node), .runs = {{8, 2, SlotKind::ref}}});
    bytes = variable("Bytes", ElementKind::bytes);
    refs = variable("Refs", ElementKind::refs);
    words = variable("Words", ElementKind::words);
    weak_refs = variable("WeakRefs", ElementKind::weak_refs);
    weak_words = variable("WeakWords", ElementKind::weak_words);
    table = variable("Table", ElementKind::ephemeron_words);
    cell = heap_->register_type({.name = "WeakCell",
                                 .fixed_bytes = sizeof(WeakCell),
                                 .runs = {{8, 1, SlotKind::weak_word}, {16, 1, SlotKind::weak_ref}},
                                 .notify_cleared = true});
  }

  Heap& operator*() { return *heap_; }
  Heap* operator->() { return heap_.get(); }
  void destroy() { heap_.reset(); }

  Node* make_node(std::int64_t value) {
    auto* object = heap_->allocate<Node>(node);
    object->value = value;
    return object;
  }
  void minor() { heap_->collect(CollectionKind::minor); }
  void major() { heap_->collect(CollectionKind::major); }
  bool generational() const { return heap_->options().plan == "generational"; }

  static Word* words_of(Object* object) { return reinterpret_cast<Word*>(object + 1); }
  static Ref<>* refs_of(Object* object) { return reinterpret_cast<Ref<>*>(object + 1); }
  /// Stores one pair of an ephemeron table. Roots are taken by reference, so that an argument that
  /// allocates may move what the others name, in whatever order they are evaluated.
  void put(Object* const& host, std::size_t pair, Word key, Word value) {
    heap_->write_weak(host, words_of(host)[2 * pair], key);
    heap_->write_weak(host, words_of(host)[2 * pair + 1], value);
  }
  void put(Object* const& host, std::size_t pair, Object* const& key, Object* const& value) {
    put(host, pair, Word(key), Word(value));
  }
  std::uint64_t live_count() {
    std::uint64_t count = 0;
    heap_->for_each_live([&](Object*) { ++count; });
    return count;
  }

  TypeId node, bytes, refs, words, weak_refs, weak_words, table, cell;

 private:
  TypeId variable(const char* name, ElementKind elements) {
    return heap_->register_type({.name = name, .fixed_bytes = 8, .elements = elements});
  }
  std::unique_ptr<Heap> heap_;
};

inline HeapOptions options_for(const Mode& mode) {
  HeapOptions options;
  options.plan = mode.plan;
  options.stress_gc_interval = mode.stress_gc;
  options.stress_move_interval = mode.stress_move;
  options.verify = mode.verify;
  options.max_old_space_bytes = 512 * MiB;
  return options;
}

/// A heap in one mode. Tests that use it hold on to objects as any program has to.
class HeapTest : public testing::TestWithParam<Mode> {
 protected:
  HeapTest() : heap_(options_for(GetParam())) {}
  TestHeap heap_;
};

/// Runs a fixture's tests with all plans; …_ALL_MODES: and all stress and verification modes.
#define HEAPLAB_ALL_PLANS(fixture) \
  INSTANTIATE_TEST_SUITE_P(Plans, fixture, testing::ValuesIn(test::plain_modes()), test::mode_name)
#define HEAPLAB_ALL_MODES(fixture) \
  INSTANTIATE_TEST_SUITE_P(Modes, fixture, testing::ValuesIn(test::all_modes()), test::mode_name)

}  // namespace heaplab::test
