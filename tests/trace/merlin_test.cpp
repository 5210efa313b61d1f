// SPDX-License-Identifier: MIT
// Merlin against brute force: after every single event all that is reachable is computed anew.
#include "heaplab/trace/merlin.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <set>

#include "heaplab/trace/usage.h"
#include "script.h"
#include "seed.h"

namespace heaplab::trace {
namespace {

using namespace script;

/// death event by object; 0: survived.
class Deaths : public LifeVisitor {
 public:
  void on_life(const Life& life) override {
    EXPECT_TRUE(deaths.emplace(life.object.id, life.death_event).second) << "told twice";
    if (!life.survived()) {
      clocks[life.object.id] = life.death_clock;
    }
  }
  void on_pointer(const Allocation&, const Allocation&, bool, std::uint64_t) override {
    ++pointers;
  }
  std::map<ObjectId, std::uint64_t> deaths, clocks;
  std::uint64_t pointers = 0;
};

/// The rule of records.h, word for word, in the simplest data structures there are.
class BruteForce {
 public:
  explicit BruteForce(ThreadId threads) : roots_(threads), fresh_(threads) {}

  using SlotKey = std::tuple<std::uint32_t, bool, bool, bool>;
  static SlotKey key(const Slot& s) { return {s.index, s.in_elements, s.is_value, s.is_weak}; }

  void apply(const Event& event) {
    std::visit([&](const auto& e) { change(e); }, event);
    if (!std::holds_alternative<Switch>(event) && !std::holds_alternative<Found>(event)) ++number_;
    reachable = compute();
    for (const auto& [id, fields] : heap_) {
      if (reachable.contains(id)) {
        deaths.erase(id);  // a weak reference brought it back: it has not died
      } else {
        deaths.emplace(id, number_);
      }
    }
  }
  /// What a collection would find now.
  std::vector<ObjectId> garbage() const {
    std::vector<ObjectId> ids;
    for (const auto& [id, fields] : heap_) {
      if (!reachable.contains(id)) ids.push_back(id);
    }
    return ids;
  }
  /// Garbage that a weak slot of something reachable still refers to.
  std::vector<ObjectId> weakly_held() const {
    std::vector<ObjectId> ids;
    for (const ObjectId host : reachable) {
      for (const auto& [slot, value] : heap_.at(host)) {
        if (std::get<3>(slot) && value != 0 && !reachable.contains(value)) ids.push_back(value);
      }
    }
    return ids;
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
  void change(const Found& e) {
    heap_.erase(e.id);
    for (auto& [id, fields] : heap_) clear_weak(fields);
  }

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
  /// With ephemerons, or with weak references that are read: see the essay in merlin.cpp.
  RandomProgram(unsigned seed, ThreadId threads, bool pairs)
      : model(threads), random_(seed), threads_(threads), pairs_(pairs) {
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
        if (!pairs_) return {index, true, false, true};
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
    if (w.slot.is_weak && w.old_value != 0 && !model.reachable.contains(w.old_value)) return;
    w.new_value = below(4) == 0 ? 0 : any();
    emit(w);
  }
  /// Reads a weak reference and stores what it found.
  void bring_back() {
    const std::vector<ObjectId> candidates = model.weakly_held();
    if (candidates.empty()) return;
    const ObjectId id = candidates[below(candidates.size())];
    if (below(2) == 0) return emit(Roots{{}, {id}});
    const PointerWrite write{any(), {5, false, false, false}, 0, id};
    if (model.held(write.host, write.slot) == 0) emit(write);
  }
  void collect() {
    for (const ObjectId id : model.garbage()) emit(Found{id});
  }
  /// A pair whose key is empty gets one first, perhaps one that is no reference. False if that very
  /// write was the end of the key or the host: what the pair had held was all that held them.
  bool has_key(ObjectId host, std::uint32_t index) {
    const Slot slot{index, true, false, true};
    if (const ObjectId key = model.held(host, slot)) return model.reachable.contains(key);
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
    if (below(30) == 0) return collect();
    if (!pairs_ && below(10) == 0) return bring_back();
    if (below(4) == 0) return change_roots();
    write();
  }

  std::mt19937_64 random_;
  ThreadId threads_;
  bool pairs_;
  ThreadId thread_ = 0;
  ObjectId last_id_ = 0;
};

/// `patience`: events between two looks at what is reachable.
void compare_with_brute_force(unsigned seed, ThreadId threads, std::size_t steps,
                              std::uint64_t patience) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  RandomProgram program(seed, threads, seed % 2 == 0);
  program.run(steps);
  Deaths told;
  const Mortality result = tell_lives(program.script, told, {}, patience);
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
  const unsigned start = first_seed();
  for (unsigned i = 0; i < 100; ++i) compare_with_brute_force(start + i, 1, 200, 1'000'000);
  for (unsigned i = 0; i < 50; ++i) compare_with_brute_force(start + 1000 + i, 3, 300, 50);
}

// It looks at what is reachable again and again, so numbers of buried objects are used again.
TEST(Merlin, EqualsBruteForceOverManyTraces) {
  const unsigned start = first_seed();
  for (unsigned i = 0; i < 100; ++i) compare_with_brute_force(start + i, 1, 600, 1 + i);
  compare_with_brute_force(start, 2, 10'000, 500);
}

/// Objects of three types that only roots hold, and by type what is alive at most and how long what
/// died has lived: counted as it happens.
class RootedProgram {
 public:
  explicit RootedProgram(unsigned seed) : random_(seed) {
    script.say("writes", "all");
    script.say("roots", "64");
    Tables tables;
    for (const char* name : {"A", "B", "C"}) {
      tables.strings.push_back(name);
      tables.types.push_back({static_cast<StringId>(tables.strings.size() - 1), 0});
    }
    script.set_tables(tables);
    for (int i = 0; i < 1500; ++i) random_() % 4 == 0 ? change_roots() : allocate();
    change_roots();
  }

  Script script;
  std::array<std::uint64_t, 4> peak{};  ///< by type; 0: of all
  std::array<double, 4> lifetimes{};
  std::array<std::uint64_t, 4> deaths{};

 private:
  void allocate() {
    Allocation a;
    a.id = objects_.size() + 1;
    a.type = static_cast<TypeIndex>(1 + random_() % 3);
    a.bytes = 8 * (1 + random_() % 20);
    a.clock = script.clock;
    a.adopted = objects_.empty();
    if (!a.adopted) script.clock += a.bytes;
    script.events.push_back(a);
    objects_.push_back(a);
    fresh_.push_back(a.id);
    for (const TypeIndex type : {TypeIndex{0}, a.type}) {
      live_[type] += a.bytes;
      peak[type] = std::max(peak[type], live_[type]);
    }
  }
  void change_roots() {
    Roots roots;
    std::vector<ObjectId> kept;
    for (const ObjectId id : roots_) {
      const bool stays = random_() % 5 != 0;
      if (!stays) roots.removed.push_back(id);
      stays ? kept.push_back(id) : die(id);
    }
    for (const ObjectId id : fresh_) {
      const bool stays = random_() % 3 == 0;
      if (stays) roots.added.push_back(id);
      stays ? kept.push_back(id) : die(id);
    }
    roots_ = std::move(kept);
    fresh_.clear();
    script.events.push_back(std::move(roots));
  }
  void die(ObjectId id) {
    const Allocation& object = objects_[id - 1];
    for (const TypeIndex type : {TypeIndex{0}, object.type}) {
      live_[type] -= object.bytes;
      if (object.adopted) continue;
      ++deaths[type];
      lifetimes[type] += static_cast<double>(script.clock - object.clock);
    }
  }

  std::mt19937_64 random_;
  std::vector<Allocation> objects_;
  std::vector<ObjectId> roots_, fresh_;
  std::array<std::uint64_t, 4> live_{};
};

TEST(Usage, ComputesDeathsWhereTheRecordingHasWritesAndRoots) {
  for (unsigned i = 0; i < 20; ++i) {
    RootedProgram program(first_seed() + i);
    const RecordingUsage usage = measure_usage(program.script);
    EXPECT_EQ(usage.precision, DeathPrecision::roots);
    std::vector<GroupUsage> groups{usage.total};
    for (const char* name : {"A", "B", "C"}) {
      for (const GroupUsage& type : usage.types) {
        if (type.name == name) groups.push_back(type);
      }
    }
    ASSERT_EQ(groups.size(), 4U);
    for (std::size_t type = 0; type < 4; ++type) {
      EXPECT_EQ(groups[type].peak_live_bytes, program.peak[type]) << type;
      EXPECT_EQ(groups[type].deaths, program.deaths[type]) << type;
      EXPECT_DOUBLE_EQ(groups[type].lifetimes, program.lifetimes[type]) << type;
    }
  }
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
