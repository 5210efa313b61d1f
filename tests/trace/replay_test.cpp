// SPDX-License-Identifier: MIT
// Random programs, recorded and replayed on every collector: after each collection exactly the
// objects that the recording says are alive are there.
#include "heaplab/trace/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "heaplab/gc/make_heap.h"
#include "heaplab/support/error.h"
#include "heaplab/trace/open.h"
#include "random_program.h"
#include "replay/program.h"
#include "replay/spill.h"
#include "sample_recording.h"

namespace heaplab::trace {
namespace {

ReplayProgram compile(const std::string& path, const CompileOptions& options = {}) {
  RecordingReader reader(path);
  return compile_replay(reader, options);
}

struct Setting {
  std::string plan;
  std::uint64_t stress_gc = 0;
  std::uint64_t stress_move = 0;
  bool verify = false;
};
std::vector<Setting> settings() {
  std::vector<Setting> all;
  for (const gc::PlanInfo& plan : gc::plans()) {
    all.push_back({.plan = std::string(plan.name)});
    all.push_back({.plan = std::string(plan.name), .stress_gc = 7});
    all.push_back(
        {.plan = std::string(plan.name), .stress_gc = 50, .stress_move = 3, .verify = true});
  }
  return all;
}
std::unique_ptr<Heap> make_heap(const Setting& setting, std::size_t bytes) {
  HeapOptions options = gc::fixed_size(setting.plan, bytes);
  options.stress_gc_interval = setting.stress_gc;
  options.stress_move_interval = setting.stress_move;
  options.verify = setting.verify;
  return gc::make_heap(options);
}

TEST(Replay, ExactlyTheLivingSurviveOnEveryCollector) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const TemporaryFile file;
    RandomProgram random(file.path(), {.seed = seed, .root_granularity = seed % 2 ? 1u : 2000u});
    random.run();
    const ReplayProgram program = compile(file.path());
    EXPECT_TRUE(program.summary().has_graph);
    EXPECT_EQ(program.summary().objects, random.objects());
    EXPECT_EQ(program.summary().contradictions, 0u);
    EXPECT_EQ(program.summary().end_live_objects, random.alive().size()) << "seed " << seed;
    for (const Setting& setting : settings()) {
      const auto heap = make_heap(setting, 64 * MiB);
      const ReplayResult result = replay_on_heap(program, *heap, {.check = true});
      EXPECT_TRUE(result.completed) << result.failure;
      EXPECT_EQ(result.problems, std::vector<std::string>())
          << "seed " << seed << " on " << setting.plan << " stress " << setting.stress_gc;
      EXPECT_EQ(result.allocated_bytes, program.summary().bytes);
      EXPECT_GE(result.collections.size(), setting.stress_gc ? 20u : 1u);
      EXPECT_TRUE(heap->verify().empty());
    }
  }
}

TEST(Replay, MallocFreesEverything) {
  const TemporaryFile file;
  RandomProgram random(file.path(), {.seed = 11});
  random.run();
  const ReplayProgram program = compile(file.path());
  for (const Allocator allocator : {Allocator::malloc, Allocator::mimalloc}) {
    const ReplayResult result = replay_explicitly(program, allocator);
    EXPECT_TRUE(result.completed);
    EXPECT_EQ(result.frees, program.summary().objects);
    EXPECT_FALSE(result.footprint.empty());
  }
  const ReplayResult nothing = replay_on_nothing(program);
  EXPECT_EQ(nothing.allocated_bytes, program.summary().bytes);
}

/// Number, kind and clock of each collection, and what it left.
std::vector<std::tuple<std::uint64_t, bool, std::uint64_t, std::uint64_t>> collections_of(
    const ReplayProgram& program, std::string_view plan, std::size_t bytes) {
  const auto heap = gc::make_heap(gc::fixed_size(plan, bytes));
  std::vector<std::tuple<std::uint64_t, bool, std::uint64_t, std::uint64_t>> list;
  for (const ReplayCollection& c : replay_on_heap(program, *heap).collections) {
    list.emplace_back(c.number, c.major, c.clock, c.used_after);
  }
  return list;
}

TEST(Replay, TwoRunsCollectAlike) {
  const TemporaryFile file;
  RandomProgram random(file.path(), {.seed = 3, .steps = 40'000});
  random.run();
  const ReplayProgram program = compile(file.path());
  const ReplayProgram again = compile(file.path());
  const std::size_t bytes = 3 * program.summary().peak_live_bytes / 2 + MiB;
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto first = collections_of(program, plan.name, bytes);
    EXPECT_GE(first.size(), 2u) << plan.name;
    EXPECT_EQ(first, collections_of(again, plan.name, bytes)) << plan.name;
  }
}

TEST(Replay, AProgramLargerThanItsMemoryIsTheSame) {
  const TemporaryFile file;
  RandomProgram random(file.path(), {.seed = 4, .steps = 30'000});
  random.run();
  const ReplayProgram small = compile(file.path(), {.memory_bytes = 64 * KiB});
  const ReplayProgram large = compile(file.path());
  ASSERT_GT(small.summary().program_bytes, 4 * 64 * KiB);
  std::vector<std::uint32_t> a, b;
  const WordStream& x = small.contents().words;
  const WordStream& y = large.contents().words;
  ASSERT_EQ(x.chunk_count(), y.chunk_count());
  for (std::size_t i = 0; i < x.chunk_count(); ++i) {
    const auto left = x.chunk(i, a);
    const auto right = y.chunk(i, b);
    ASSERT_TRUE(std::equal(left.begin(), left.end(), right.begin(), right.end())) << i;
  }
}

TEST(Replay, ASavedProgramIsTheSame) {
  const TemporaryFile file;
  RandomProgram random(file.path(), {.seed = 4, .steps = 30'000});
  random.run();
  const ReplayProgram kept = compile(file.path());
  const int saved = ReplayProgram::make_file();
  compile(file.path(), {.file = saved}).save();
  const ReplayProgram loaded = ReplayProgram::load(saved);
  ::close(saved);
  EXPECT_EQ(loaded.summary().events, kept.summary().events);
  EXPECT_EQ(loaded.summary().notes, kept.summary().notes);
  EXPECT_EQ(loaded.summary().program_bytes, kept.summary().program_bytes);
  EXPECT_EQ(loaded.contents().shapes, kept.contents().shapes);
  EXPECT_EQ(collections_of(loaded, "generational", 8 * MiB),
            collections_of(kept, "generational", 8 * MiB));
}

TEST(Replay, FullHeapIsSaidNotThrown) {
  const TemporaryFile file;
  {
    RecordingWriter writer(file.path());
    writer.info("writes", "all");
    writer.info("roots", "1000000000");
    const TypeIndex type = writer.type("Thing", "object");
    for (int i = 0; i < 100'000; ++i) writer.allocation(type, 64, 0);
    writer.finish();
  }
  const ReplayProgram program = compile(file.path());
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto heap = gc::make_heap(gc::fixed_size(plan.name, 2 * MiB));
    const ReplayResult result = replay_on_heap(program, *heap);
    EXPECT_FALSE(result.completed);
    EXPECT_NE(result.failure, "");
    EXPECT_EQ(result.problems, std::vector<std::string>());
  }
}

/// As heaptrack records: frees, and no references.
TEST(Replay, FreesWithoutReferencesHangInADirectory) {
  const TemporaryFile file;
  std::mt19937 random(5);
  std::uint64_t allocated = 0;
  {
    RecordingWriter writer(file.path());
    writer.info("deaths", "exact");
    std::vector<ObjectId> live;
    for (int i = 0; i < 300'000; ++i) {
      if (random() % 100 < (live.size() < 20'000 ? 60u : 45u)) {
        const std::uint64_t bytes = 1 + random() % (random() % 1000 == 0 ? 300'000 : 100);
        live.push_back(writer.allocation(0, bytes, 0));
        allocated += (bytes + 8 + 7) / 8 * 8 < 16 ? 16 : (bytes + 8 + 7) / 8 * 8;
      } else if (!live.empty()) {
        std::swap(live[random() % live.size()], live.back());
        writer.free(live.back());
        live.pop_back();
      }
    }
    writer.finish();
  }
  const ReplayProgram program = compile(file.path());
  EXPECT_FALSE(program.summary().has_graph);
  EXPECT_EQ(program.summary().bytes, allocated);
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto heap =
        gc::make_heap(gc::fixed_size(plan.name, 3 * program.summary().peak_live_bytes));
    const ReplayResult result = replay_on_heap(program, *heap, {.check = true});
    EXPECT_TRUE(result.completed) << result.failure;
    EXPECT_EQ(result.problems, std::vector<std::string>()) << plan.name;
    EXPECT_GE(result.collections.size(), 2u);
  }
  EXPECT_EQ(replay_explicitly(program, Allocator::mimalloc).frees, program.summary().objects);
}

/// Recordings of other tools number slots as they like.
TEST(Replay, SlotNumbersThatDoNotFitAreNumberedAnew) {
  const TemporaryFile file;
  {
    RecordingWriter writer(file.path());
    writer.info("writes", "all");
    writer.info("roots", "1");
    std::vector<ObjectId> roots;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      const ObjectId host = writer.allocation(0, 24, 0);
      for (std::uint32_t k = 0; k < 3; ++k) {
        const ObjectId value = writer.allocation(0, 1, 0);
        writer.write({host, {k * 1'000'003 + i, k == 1, false, false}, 0, value});
      }
      roots.push_back(host);
      writer.roots({}, std::vector<ObjectId>{host});
      if (roots.size() > 10) {
        writer.roots(std::vector<ObjectId>{roots.front()}, {});
        roots.erase(roots.begin());
      }
    }
    writer.finish();
  }
  const ReplayProgram program = compile(file.path());
  EXPECT_EQ(program.summary().end_live_objects, 40u);
  EXPECT_EQ(program.summary().peak_live_objects, 44u);
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto heap = make_heap({.plan = std::string(plan.name), .stress_gc = 9}, 16 * MiB);
    const ReplayResult result = replay_on_heap(program, *heap, {.check = true});
    EXPECT_EQ(result.problems, std::vector<std::string>()) << plan.name;
  }
}

std::uint64_t live_after(const ReplayProgram& program, std::uint64_t allocations) {
  std::vector<std::uint32_t> buffer;
  const auto chunk = program.contents().words.chunk(0, buffer);
  std::uint64_t live = 0;
  for (std::size_t i = 0; i < chunk.size() && allocations > 0; ++i) {
    const auto op = static_cast<ReplayOp>(chunk[i] & op_mask);
    if (op == ReplayOp::die) --live;
    if (op != ReplayOp::allocate) continue;
    ++live;
    ++i;
    --allocations;
  }
  return live;
}

TEST(Replay, LastUseFreesEarlier) {
  const TemporaryFile file;
  {
    RecordingWriter writer(file.path());
    writer.info("deaths", "exact");
    writer.info("last uses", "all");
    std::deque<LastUse> waiting;
    for (int i = 0; i < 1000; ++i) {
      const ObjectId id = writer.allocation(0, 100, 0);
      waiting.push_back({id, writer.clock()});
      if (waiting.size() <= 100) continue;
      const LastUse dead = waiting.front();
      waiting.pop_front();
      writer.last_uses(std::vector<LastUse>{dead});
      writer.free(dead.id);
    }
    writer.finish();
  }
  const ReplayProgram reachable = compile(file.path());
  const ReplayProgram used = compile(file.path(), {.oracle = Oracle::last_use});
  EXPECT_EQ(reachable.summary().peak_live_objects, 101u);
  EXPECT_LE(used.summary().peak_live_objects, 101u);
  EXPECT_EQ(replay_explicitly(used, Allocator::malloc).frees, 1000u);
  // Those that were never said to be dead live to the end in both.
  EXPECT_EQ(used.summary().end_live_objects, 100u);
  // When 850 objects have been allocated, 100 wait for their free, and one for its next use.
  EXPECT_EQ(live_after(reachable, 850), 101u);
  EXPECT_EQ(live_after(used, 850), 1u);
}

// The checks themselves.

ReplayProgram by_hand(const std::vector<std::uint32_t>& words, std::uint32_t handles) {
  ReplayProgram program;
  program.make(MiB);
  ReplayProgram::Contents& contents = program.contents();
  contents.shapes.push_back({.bytes = 32, .requested = 32, .strong = 2, .weak = 0, .pairs = 0});
  contents.handles = handles;
  contents.summary.has_graph = true;
  contents.summary.bytes = 1;
  for (const std::uint32_t word : words) *contents.words.append(1) = word;
  contents.words.finish();
  return program;
}

TEST(Replay, AnObjectThatIsLostIsNoticed) {
  // Handle 1 is no root any more and does not die.
  const ReplayProgram program =
      by_hand({encode(ReplayOp::allocate, 1), 0, encode(ReplayOp::unroot, 1),
               encode(ReplayOp::allocate, 2), 0, encode(ReplayOp::allocate, 3), 0},
              4);
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto heap = make_heap({.plan = std::string(plan.name), .stress_gc = 1}, 4 * MiB);
    const ReplayResult result = replay_on_heap(program, *heap);
    ASSERT_FALSE(result.problems.empty()) << plan.name;
    EXPECT_NE(result.problems.front().find("took 1 object"), std::string::npos);
  }
}

TEST(Replay, AnObjectThatIsLeftOverIsNoticed) {
  // Handle 1 holds handle 2, which is said to die.
  const ReplayProgram program =
      by_hand({encode(ReplayOp::allocate, 1), 0, encode(ReplayOp::allocate, 2), 0,
               encode(ReplayOp::store, 1), 2, 2, encode(ReplayOp::die, 2),
               encode(ReplayOp::allocate, 3), 0},
              4);
  for (const gc::PlanInfo& plan : gc::plans()) {
    const auto heap = make_heap({.plan = std::string(plan.name)}, 4 * MiB);
    const ReplayResult result = replay_on_heap(program, *heap, {.check = true});
    ASSERT_FALSE(result.problems.empty()) << plan.name;
  }
}

/// Pages of this process that are in memory.
std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  file >> all >> resident;
  return resident * 4096;
}

TEST(Replay, TablesOfLongRecordingsDoNotStayInMemory) {
  constexpr std::uint64_t count = 24'000'000;  // 183 MiB
  IdTable<std::uint64_t> table;
  const std::uint64_t before = resident_bytes();
  std::uint64_t most = 0;
  for (std::uint64_t id = 0; id < count; ++id) {
    table.resize(id + 1);
    table[id] = 3 * id + 1;
    if (id % 10'000 != 0) continue;  // a block was read
    table.on_block();
    most = std::max(most, resident_bytes() - std::min(before, resident_bytes()));
  }
  EXPECT_LT(most, 110u * MiB);
  for (std::uint64_t id = 0; id < count; ++id) {
    if (table[id] != 3 * id + 1) FAIL() << "object " << id << " is " << table[id];
    if (id % 10'000 == 0) table.on_block();
  }
}

// What cannot be replayed.

TEST(Replay, SaysWhyARecordingCannotBeReplayed) {
  const TemporaryFile file;
  {
    RecordingWriter writer(file.path());
    writer.allocation(0, 24, 0);
    writer.finish();
  }
  EXPECT_THROW(compile(file.path()), InputError);
  {
    RecordingWriter writer(file.path());
    writer.info("deaths", "exact");
    writer.allocation(0, std::uint64_t{1} << 60, 0);
    writer.finish();
  }
  EXPECT_THROW(compile(file.path()), InputError);
  EXPECT_THROW(compile(file.path(), {.oracle = Oracle::last_use}), InputError);
}

}  // namespace
}  // namespace heaplab::trace
