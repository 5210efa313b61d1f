// SPDX-License-Identifier: MIT
// Merlin against brute force: after every single event all that is reachable is computed anew.
#include "heaplab/trace/merlin.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "script.h"

namespace heaplab::trace {
namespace {

using namespace script;

/// death event by object; 0: survived.
class Deaths : public LifeVisitor {
 public:
  void on_life(const Life& life) override {
    EXPECT_TRUE(deaths.emplace(life.object.id, life.death_event).second) << "told twice";
    if (!life.survived()) {
      EXPECT_GE(life.death_event, last_) << "out of order";
      last_ = life.death_event;
      clocks[life.object.id] = life.death_clock;
    }
  }
  void on_pointer(const Allocation&, const Allocation&, bool, std::uint64_t) override {
    ++pointers;
  }
  std::map<ObjectId, std::uint64_t> deaths, clocks;
  std::uint64_t pointers = 0;

 private:
  std::uint64_t last_ = 0;
};

/// The rule of records.h, word for word, in the simplest data structures there are.
class BruteForce {
 public:
  explicit BruteForce(ThreadId threads) : roots_(threads), fresh_(threads) {}

  using SlotKey = std::tuple<std::uint32_t, bool, bool, bool>;
  static SlotKey key(const Slot& s) { return {s.index, s.in_elements, s.is_value, s.is_weak}; }

  void apply(const Event& event) {
    std::visit([&](const auto& e) { change(e); }, event);
    if (!std::holds_alternative<Switch>(event)) ++number_;
    reachable = compute();
    for (const auto& [id, fields] : heap_) {
      if (!reachable.contains(id)) deaths.emplace(id, number_);
    }
    std::erase_if(heap_, [&](const auto& entry) { return !reachable.contains(entry.first); });
    for (auto& [id, fields] : heap_) clear_weak(fields);
  }
  ObjectId held(ObjectId host, const Slot& slot) const {
    const auto& fields = heap_.at(host);
    const auto found = fields.find(key(slot));
    return found == fields.end() ? 0 : found->second;
  }

  std::set<ObjectId> reachable;
  std::map<ObjectId, std::uint64_t> deaths;
  const std::set<ObjectId>& roots(ThreadId thread) const { return roots_[thread]; }

 private:
  using Fields = std::map<SlotKey, ObjectId>;

  static void set(Fields& fields, const Slot& slot, ObjectId value) {
    if (slot.is_weak) fields.erase({slot.index, slot.in_elements, true, false});
    fields[key(slot)] = value;
  }
  void change(const Allocation& e) {
    heap_[e.id];
    fresh_[thread_].insert(e.id);
  }
  void change(const Edges& e) {
    for (const InitialEdge& edge : e.edges) set(heap_[e.host], edge.slot, edge.value);
  }
  void change(const PointerWrite& e) {
    if (e.old_value != 0) fresh_[thread_].insert(e.old_value);
    set(heap_[e.host], e.slot, e.new_value);
  }
  void change(const Roots& e) {
    fresh_[thread_].clear();
    for (const ObjectId id : e.removed) roots_[thread_].erase(id);
    for (const ObjectId id : e.added) roots_[thread_].insert(id);
  }
  void change(const Switch& e) { thread_ = e.thread; }
  void change(const Free&) {}
  void change(const Found&) {}

  void clear_weak(Fields& fields) {
    for (auto& [slot, value] : fields) {
      if (value == 0 || !std::get<3>(slot) || heap_.contains(value)) continue;
      value = 0;
      const auto pair = fields.find({std::get<0>(slot), std::get<1>(slot), true, false});
      if (pair != fields.end()) pair->second = 0;
    }
  }
  bool strong(const Fields& fields, const SlotKey& slot, const std::set<ObjectId>& seen) const {
    const auto& [index, in_elements, is_value, is_weak] = slot;
    if (!is_value) return !is_weak;
    const auto pair = fields.find({index, in_elements, false, true});
    return pair == fields.end() || pair->second == 0 || seen.contains(pair->second);
  }
  std::set<ObjectId> compute() const {
    std::set<ObjectId> seen;
    for (const auto& set : roots_) seen.insert(set.begin(), set.end());
    for (const auto& set : fresh_) seen.insert(set.begin(), set.end());
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& [id, fields] : heap_) {
        if (!seen.contains(id)) continue;
        for (const auto& [slot, value] : fields) {
          if (value != 0 && strong(fields, slot, seen)) changed |= seen.insert(value).second;
        }
      }
    }
    return seen;
  }

  std::map<ObjectId, Fields> heap_;
  std::vector<std::set<ObjectId>> roots_;
  std::vector<std::set<ObjectId>> fresh_;
  ThreadId thread_ = 0;
  std::uint64_t number_ = 0;
};

/// A program that does anything a program can do: it touches only what it can reach.
class RandomProgram {
 public:
  RandomProgram(unsigned seed, ThreadId threads)
      : model(threads), random_(seed), threads_(threads) {
    script.say("writes", "all");
    script.say("roots", "64");
  }

  void run(std::size_t steps) {
    allocate();
    for (std::size_t i = 0; i < steps; ++i) step();
  }

  Script script;
  BruteForce model;

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  void emit(Event event) {
    model.apply(event);
    script.events.push_back(std::move(event));
  }
  ObjectId any() {
    auto at = model.reachable.begin();
    std::advance(at, static_cast<long>(below(model.reachable.size())));
    return *at;
  }
  Slot slot() {
    // Few, so that they are overwritten; elements may be pairs of an ephemeron or weak.
    const auto index = static_cast<std::uint32_t>(below(3));
    switch (below(6)) {
      case 0:
        return {index, true, true, false};
      case 1:
        return {index, true, false, true};
      case 2:
        return {index + 7, false, false, true};
      default:
        return {index, below(2) == 0, false, false};
    }
  }
  void allocate() {
    Allocation a;
    a.id = ++last_id_;
    a.bytes = 16 + below(5) * 8;
    a.clock = script.clock;
    script.clock += a.bytes;
    emit(a);
    if (below(2) == 0) {
      Edges edges{a.id, {}};
      for (std::uint64_t i = below(3); i > 0; --i) {
        edges.edges.push_back({Slot{static_cast<std::uint32_t>(i), false, false, false}, any()});
      }
      emit(edges);
    }
  }
  void write() {
    PointerWrite w;
    w.host = any();
    w.slot = slot();
    if (w.slot.is_value && !has_key(w.host, w.slot.index)) return;
    w.old_value = model.held(w.host, w.slot);
    w.new_value = below(4) == 0 ? 0 : any();
    emit(w);
  }
  /// A pair whose key is empty gets one first, perhaps one that is no reference. False if that very
  /// write was the end of the key or the host: what the pair had held was all that held them.
  bool has_key(ObjectId host, std::uint32_t index) {
    const Slot slot{index, true, false, true};
    if (model.held(host, slot) != 0) return true;
    const ObjectId key = below(3) == 0 ? 0 : any();
    emit(PointerWrite{host, slot, 0, key});
    return model.reachable.contains(host) && model.held(host, slot) == key;
  }
  void change_roots() {
    Roots roots;
    for (const ObjectId id : model.roots(thread_)) {
      if (below(3) == 0) roots.removed.push_back(id);
    }
    for (std::uint64_t i = below(3); i > 0; --i) {
      const ObjectId id = any();
      if (!model.roots(thread_).contains(id) &&
          std::find(roots.added.begin(), roots.added.end(), id) == roots.added.end()) {
        roots.added.push_back(id);
      }
    }
    emit(roots);
  }
  void step() {
    if (model.reachable.empty() || below(5) == 0) return allocate();
    if (threads_ > 1 && below(10) == 0) {
      thread_ = static_cast<ThreadId>(below(threads_));
      return emit(Switch{thread_});
    }
    if (below(4) == 0) return change_roots();
    write();
  }

  std::mt19937_64 random_;
  ThreadId threads_;
  ThreadId thread_ = 0;
  ObjectId last_id_ = 0;
};

void compare_with_brute_force(unsigned seed, ThreadId threads, std::size_t steps) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomProgram program(seed, threads);
  program.run(steps);
  Deaths told;
  const Mortality result = tell_lives(program.script, told);
  EXPECT_EQ(result.precision, DeathPrecision::roots);
  EXPECT_EQ(result.contradictions, 0u);
  std::map<ObjectId, std::uint64_t> expected = program.model.deaths;
  for (const ObjectId id : program.model.reachable) expected.emplace(id, 0);
  for (const auto& [id, event] : expected) {
    ASSERT_EQ(told.deaths[id], event) << "death of object " << id;
  }
  EXPECT_EQ(told.deaths.size(), expected.size());
}

TEST(Merlin, EqualsBruteForceOnRandomPrograms) {
  const unsigned start = std::random_device{}();
  for (unsigned i = 0; i < 150; ++i) compare_with_brute_force(start + i, 1, 200);
  for (unsigned i = 0; i < 50; ++i) compare_with_brute_force(start + 1000 + i, 3, 300);
}

// More events than Merlin lets pass between two looks at what is reachable, so that numbers of
// buried objects are used again.
TEST(Merlin, EqualsBruteForceOverManyTraces) {
  const unsigned seed = std::random_device{}();
  compare_with_brute_force(seed, 1, 200'000);
}

Allocation object(ObjectId id, std::uint64_t clock) { return {id, 0, 16, 0, clock, false}; }

TEST(Merlin, ADeepChainDiesWithItsHead) {
  constexpr ObjectId length = 1'000'000;
  Script script;
  script.say("writes", "all");
  script.say("roots", "16");
  for (ObjectId id = 1; id <= length; ++id) {
    script.events.push_back(object(id, script.clock));
    script.clock += 16;
    if (id > 1) script.events.push_back(Edges{id, {{{0, false}, id - 1}}});
    script.events.push_back(Roots{id > 1 ? std::vector{id - 1} : std::vector<ObjectId>{}, {id}});
  }
  script.events.push_back(Roots{{length}, {}});
  Deaths told;
  tell_lives(script, told);
  ASSERT_EQ(told.deaths.size(), length);
  EXPECT_EQ(told.pointers, length - 1);
  for (const auto& [id, event] : told.deaths) ASSERT_EQ(event, 3 * length);
}

TEST(Merlin, FreesAreExactAndNeedNoGraph) {
  Script script;
  script.say("deaths", "exact");
  script.events = {object(1, 0), object(2, 16), Free{1}, object(3, 32), Free{3}, Free{1}};
  script.clock = 48;
  Deaths told;
  const Mortality result = tell_lives(script, told);
  EXPECT_EQ(result.precision, DeathPrecision::exact);
  EXPECT_EQ(told.deaths, (std::map<ObjectId, std::uint64_t>{{1, 3}, {2, 0}, {3, 5}}));
  EXPECT_EQ(told.clocks, (std::map<ObjectId, std::uint64_t>{{1, 32}, {3, 48}}));
  EXPECT_EQ(result.contradictions, 1u) << "1 is freed twice";
  EXPECT_EQ(result.first_contradiction, 6u);
}

TEST(Merlin, WithoutRootsDeathsAreThoseOfCollections) {
  Script script;
  script.say("deaths", "collections");
  script.say("writes", "all");
  script.events = {object(1, 0), object(2, 16), PointerWrite{1, {0, false}, 0, 2}, Found{2}};
  script.clock = 32;
  Deaths told;
  EXPECT_EQ(tell_lives(script, told).precision, DeathPrecision::collections);
  EXPECT_EQ(told.deaths, (std::map<ObjectId, std::uint64_t>{{1, 0}, {2, 3}}));
}

TEST(Merlin, NothingKnownMeansNobodyDies) {
  Script script;
  script.events = {object(1, 0), Roots{{}, {}}, object(2, 16), Roots{{}, {}}};
  Deaths told;
  EXPECT_EQ(tell_lives(script, told).precision, DeathPrecision::none);
  EXPECT_EQ(told.deaths, (std::map<ObjectId, std::uint64_t>{{1, 0}, {2, 0}}));
}

}  // namespace
}  // namespace heaplab::trace
