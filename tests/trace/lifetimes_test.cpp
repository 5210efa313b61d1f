// SPDX-License-Identifier: MIT
#include "heaplab/trace/lifetimes.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

#include "script.h"

namespace heaplab::trace {
namespace {

using namespace script;

/// Objects that are freed; everything is known, so every figure can be computed the slow way.
class Program {
 public:
  Program() { script.say("deaths", "exact"); }

  ObjectId allocate(std::uint64_t bytes, TypeIndex type = 0, StackId stack = 0) {
    const Allocation object{lives.size() + 1, type, bytes, stack, script.clock, false};
    script.events.push_back(object);
    script.clock += bytes;
    lives.push_back({object, 0, 0, 0});
    return object.id;
  }
  void free(ObjectId id) {
    script.events.push_back(Free{id});
    lives[id - 1].death_clock = script.clock;
    lives[id - 1].death_event = 1;
  }
  LifetimeReport analyse(const LifetimeOptions& options = {}) {
    for (Life& life : lives) {
      if (life.survived()) life.death_clock = script.clock;
    }
    return analyse_lifetimes(script, options);
  }

  Script script;
  std::vector<Life> lives;  ///< by id − 1
};

/// Most die young, some live long, as programs are.
void run_random(Program& program, unsigned seed, std::size_t objects) {
  std::mt19937_64 random(seed);
  std::multimap<std::uint64_t, ObjectId> due;
  for (std::size_t i = 0; i < objects; ++i) {
    const ObjectId id =
        program.allocate(16 + random() % 64 * 8, static_cast<TypeIndex>(random() % 3),
                         static_cast<StackId>(random() % 3));
    const std::uint64_t kind = random() % 100;
    if (kind < 97) {
      const std::uint64_t limit = kind < 85 ? 3'000 : 600'000;
      due.emplace(program.script.clock + random() % limit, id);
    }
    while (!due.empty() && due.begin()->first <= program.script.clock) {
      program.free(due.begin()->second);
      due.erase(due.begin());
    }
  }
}

void give_tables(Program& program) {
  Tables tables;
  tables.types.resize(3);
  tables.frames.resize(3);
  tables.stacks = {Stack(), {0, 1}, {1, 2}};
  program.script.set_tables(std::move(tables));
}

class RandomLives : public ::testing::Test {
 protected:
  void SetUp() override {
    give_tables(program);
    run_random(program, seed, 40'000);
    report = program.analyse({.nursery_bytes = 1u << 20});
    end = program.script.clock;
  }
  const unsigned seed = 20261126;
  const ::testing::ScopedTrace trace{__FILE__, __LINE__, "seed " + std::to_string(seed)};
  Program program;
  LifetimeReport report;
  std::uint64_t end = 0;
};

/// Kaplan and Meier's estimate, death by death: the share that survives each age at which one died.
std::map<std::uint64_t, double> product_limit(const std::vector<Life>& lives, std::uint64_t end) {
  // Bytes that died at an age, and that went out of sight.
  std::map<std::uint64_t, std::pair<std::uint64_t, std::uint64_t>> events;
  std::uint64_t at_risk = 0;
  for (const Life& life : lives) {
    at_risk += life.object.bytes;
    auto& event = events[life.survived() ? end - life.object.clock : life.lifetime()];
    (life.survived() ? event.second : event.first) += life.object.bytes;
  }
  std::map<std::uint64_t, double> result{{0, 1}};
  double surviving = 1;
  for (const auto& [age, event] : events) {
    surviving *= 1 - static_cast<double>(event.first) / static_cast<double>(at_risk);
    at_risk -= event.first + event.second;
    result[age] = surviving;
  }
  return result;
}

void expect_product_limit(const Program& program, const LifetimeReport& report, std::uint64_t end) {
  ASSERT_GT(report.survival.size(), 20u);
  const std::map<std::uint64_t, double> exact = product_limit(program.lives, end);
  double before = 1;
  for (const SurvivalPoint& point : report.survival) {
    std::uint64_t watched = 0;
    for (const Life& life : program.lives) {
      if (life.object.clock + point.age <= end) watched += life.object.bytes;
    }
    // Births are told apart to a 1024th of the run.
    EXPECT_NEAR(static_cast<double>(point.watched_bytes), static_cast<double>(watched),
                static_cast<double>(end) / 500);
    EXPECT_LE(point.share(), before) << "age " << point.age;
    before = point.share();
    if (point.watched_bytes < end / 20) continue;  // the tail stands on few objects
    EXPECT_NEAR(point.share(), std::prev(exact.upper_bound(point.age))->second, 0.015)
        << "age " << point.age;
  }
}

TEST_F(RandomLives, SurvivalIsWhatCountingSays) { expect_product_limit(program, report, end); }

TEST(Lifetimes, SurvivalNeverRises) {
  // What comes early lives for ever, what comes late dies soon: of what could be watched for long,
  // more is alive than of what could be watched for a while.
  Program program;
  give_tables(program);
  for (int i = 0; i < 4000; ++i) program.allocate(64);
  std::mt19937_64 random(20261126);
  std::multimap<std::uint64_t, ObjectId> due;
  for (int i = 0; i < 36'000; ++i) {
    due.emplace(program.script.clock + random() % 20'000, program.allocate(64));
    while (due.begin()->first <= program.script.clock) {
      program.free(due.begin()->second);
      due.erase(due.begin());
    }
  }
  const LifetimeReport report = program.analyse({});
  expect_product_limit(program, report, program.script.clock);
  const auto& last = report.survival.back();
  EXPECT_LT(last.share(), 0.2) << "all that was watched so long lives, but few got so far";
}

TEST_F(RandomLives, AgesAddUpToWhatIsLive) {
  ASSERT_EQ(report.ages.size(), 60u);
  EXPECT_EQ(report.ages.back().clock, end);
  for (const AgeColumn& column : report.ages) {
    AgeColumn expected{column.clock, {}};
    for (const Life& life : program.lives) {
      if (life.object.clock >= column.clock) continue;
      if (!life.survived() && life.death_clock <= column.clock) continue;
      const std::uint64_t age = column.clock - life.object.clock;
      std::size_t group = 0;
      while (group < age_limits.size() && age >= age_limits[group]) ++group;
      expected.live_bytes[group] += life.object.bytes;
    }
    EXPECT_EQ(column.live_bytes, expected.live_bytes) << "at " << column.clock;
  }
  EXPECT_EQ(report.ages.back().live(), report.survivor_bytes);
}

TEST_F(RandomLives, NurseriesCopyWhatIsAliveAtTheirCollections) {
  ASSERT_GE(report.nurseries.size(), 5u);
  for (const NurserySize& size : report.nurseries) {
    NurserySize expected;
    for (const Life& life : program.lives) {
      expected.allocated_bytes += life.object.bytes;
      std::uint64_t collections = 0;
      for (std::uint64_t at = size.bytes; at <= end; at += size.bytes) {
        collections += at > life.object.clock && at <= life.death_clock ? 1 : 0;
      }
      if (collections >= 1) expected.survived_bytes += life.object.bytes;
      if (collections >= 2) expected.promoted_bytes += life.object.bytes;
    }
    EXPECT_EQ(size.collections, end / size.bytes);
    EXPECT_EQ(size.allocated_bytes, expected.allocated_bytes);
    EXPECT_EQ(size.survived_bytes, expected.survived_bytes) << size.bytes;
    EXPECT_EQ(size.promoted_bytes, expected.promoted_bytes) << size.bytes;
  }
}

TEST_F(RandomLives, GroupsHaveTheirQuantiles) {
  std::uint64_t bytes = 0, objects = 0;
  for (const GroupLifetimes& group : report.types) {
    bytes += group.bytes;
    objects += group.objects;
    std::uint64_t longer = 0, old = 0, alive = 0;
    for (const Life& life : program.lives) {
      if (life.object.type != group.key) continue;
      if (life.survived()) alive += life.object.bytes;
      if (life.survived() || life.lifetime() >= group.median_lifetime) longer += life.object.bytes;
      if ((life.death_clock >> 20) - (life.object.clock >> 20) >= 2) old += life.object.bytes;
    }
    EXPECT_EQ(group.alive_bytes, alive);
    EXPECT_EQ(group.old_bytes, old);
    // A bin of the histogram is an eighth of an octave wide.
    EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(group.bytes), 0.5, 0.08);
  }
  EXPECT_EQ(bytes, report.allocated_bytes);
  EXPECT_EQ(objects, report.objects);
  EXPECT_EQ(report.objects, program.lives.size());
}

TEST(Lifetimes, ASiteWhoseObjectsStayIsWorthPretenuring) {
  Program program;
  give_tables(program);
  std::vector<ObjectId> young;
  for (unsigned i = 0; i < 100'000; ++i) {
    if (i % 10 == 0) program.allocate(64, 1, 2);
    young.push_back(program.allocate(64, 2, 1));
    if (young.size() > 8) {
      program.free(young.front());
      young.erase(young.begin());
    }
  }
  const LifetimeReport report = program.analyse();
  ASSERT_EQ(report.pretenure.size(), 1u);
  EXPECT_EQ(report.pretenure[0].key, 2u) << "the frame of stack 2";
  EXPECT_GT(report.pretenure[0].old_bytes, report.pretenure[0].bytes * 9 / 10);
  EXPECT_EQ(report.pretenure[0].median_lifetime, to_the_end);
  // Whatever the size, a tenth of what is allocated stays: no reason for a large nursery.
  EXPECT_EQ(report.advised, 0u) << report.advice;
}

TEST(Lifetimes, ALargerNurseryIsAdvisedWhereItLetsMoreDie) {
  Program program;
  std::vector<ObjectId> waiting;
  std::size_t next = 0;
  for (unsigned i = 0; i < 400'000; ++i) {  // everything lives for 200 KB
    waiting.push_back(program.allocate(50));
    if (waiting.size() > 4000) program.free(waiting[next++]);
  }
  const LifetimeReport report = program.analyse();
  // A nursery that is full lets live what came in the last 200 KB.
  for (const NurserySize& size : report.nurseries) {
    const double share = std::min(1.0, 200'000.0 / static_cast<double>(size.bytes));
    EXPECT_NEAR(size.survival(), share, 0.03) << size.bytes;
  }
  EXPECT_GE(report.nurseries[report.advised].bytes, 2u << 20) << report.advice;
}

TEST(Lifetimes, PointersAreCountedByTheirDirection) {
  Script script;
  script.say("writes", "all");
  script.say("roots", "1");
  const auto object = [](ObjectId id) {
    return Allocation{id, 0, 100'000, 0, 100'000 * (id - 1), false};
  };
  script.events = {object(1), object(2), Edges{2, {{{0, false}, 1}}}, object(3)};
  script.events.push_back(PointerWrite{1, {0, false}, 0, 3});  // remembered by small nurseries
  script.events.push_back(PointerWrite{3, {0, false}, 0, 1});
  script.events.push_back(PointerWrite{3, {1, false}, 0, 3});
  script.events.push_back(PointerWrite{3, {2, false, false, true}, 0, 1});  // weak: none
  script.clock = 300'000;
  const LifetimeReport report = analyse_lifetimes(script, {});
  EXPECT_TRUE(report.pointers_known);
  EXPECT_EQ(report.pointers.initialising, 1u);
  EXPECT_EQ(report.pointers.old_to_young, 1u);
  EXPECT_EQ(report.pointers.young_to_old, 1u);
  EXPECT_EQ(report.pointers.to_itself, 1u);
  ASSERT_EQ(report.nurseries.size(), 2u);
  EXPECT_EQ(report.nurseries[1].old_to_young, 0u)
      << "at 128 KiB 3 is born before the collection at 256 Ki";
}

/// Objects that are garbage at once, in a recording whose roots are told that many bytes apart.
LifetimeReport with_roots_every(std::uint64_t distance, std::uint64_t end) {
  Script script;
  script.say("writes", "all");
  script.say("roots", std::to_string(distance));
  std::uint64_t due = distance;
  for (ObjectId id = 1; script.clock < end; ++id) {
    script.events.push_back(Allocation{id, 0, 64, 0, script.clock, false});
    script.clock += 64;
    if (script.clock < due) continue;
    script.events.push_back(Roots{});
    due += distance;
  }
  return analyse_lifetimes(script, {});
}

TEST(Lifetimes, NurseriesThatRootsAreTooRareForAreNotJudged) {
  const LifetimeReport exact = with_roots_every(1, 4u << 20);
  EXPECT_EQ(exact.first_judged, 0u);
  const LifetimeReport coarse = with_roots_every(64u << 10, 4u << 20);
  ASSERT_LT(coarse.first_judged, coarse.nurseries.size());
  EXPECT_EQ(coarse.nurseries[coarse.first_judged].bytes, 256u << 10);
  EXPECT_GE(coarse.advised, coarse.first_judged);
  const LifetimeReport hopeless = with_roots_every(64u << 10, 200'000);
  EXPECT_EQ(hopeless.first_judged, hopeless.nurseries.size());
  EXPECT_NE(hopeless.advice.find("--record-roots"), std::string::npos) << hopeless.advice;
}

TEST(Lifetimes, NothingAllocatedIsNoTrouble) {
  Script script;
  const LifetimeReport report = analyse_lifetimes(script, {});
  EXPECT_EQ(report.objects, 0u);
  EXPECT_TRUE(report.survival.empty());
}

}  // namespace
}  // namespace heaplab::trace
