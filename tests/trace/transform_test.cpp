// SPDX-License-Identifier: MIT
// Recordings made of recordings, and what they say about themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heaplab/trace/check.h"
#include "heaplab/trace/copy.h"
#include "heaplab/trace/cut.h"
#include "heaplab/trace/merge.h"
#include "heaplab/trace/usage.h"
#include "random_recording.h"
#include "sample_recording.h"
#include "seed.h"

namespace heaplab::trace {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> problems_of(const std::string& path) {
  RecordingReader reader(path);
  std::vector<std::string> kinds;
  for (const Problem& problem : check_recording(reader).problems) {
    kinds.push_back(problem.kind + ": " + problem.first);
  }
  return kinds;
}

void write_random(const std::string& path, unsigned seed, unsigned steps = 600) {
  RecordingWriter writer(path);
  RandomRecording(writer, seed).run(steps);
}

Transcript transcript_of(const std::string& path) {
  Transcript seen;
  RecordingReader(path).read(seen);
  return seen;
}

void copy(const std::string& from, const std::string& to) {
  RecordingReader reader(from);
  RecordingWriter writer(to);
  RecordingCopier copier(reader, writer);
  reader.read(copier);
  copier.copy_info();
  copier.flush_deaths();
  writer.finish();
}

class Transform : public ::testing::Test {
 protected:
  const unsigned seed_ = first_seed();
  ::testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  const TemporaryFile a_, b_, out_;
};

TEST_F(Transform, ACopySaysTheSame) {
  Transcript expected;
  write_sample(a_.path(), expected, 5000);
  copy(a_.path(), b_.path());
  copy(b_.path(), out_.path());
  EXPECT_EQ(b_.contents(), out_.contents()) << "a copy of a copy is that copy";
  const Transcript copied = transcript_of(b_.path());
  ASSERT_EQ(copied.lines.size(), expected.lines.size());
  for (std::size_t i = 0; i < copied.lines.size(); ++i) {
    // Numbers of tables may differ.
    const std::string& line = expected.lines[i];
    if (line.starts_with("write") || line.starts_with("init") || line.starts_with("death") ||
        line.starts_with("free") || line.starts_with("unroot")) {
      EXPECT_EQ(copied.lines[i], line);
    }
  }
  RecordingReader reader(b_.path());
  RecordingVisitor ignore;
  reader.read(ignore);
  EXPECT_EQ(reader.info("plan"), "generational");
  EXPECT_EQ(reader.tables().type_name(1), "Map");
}

TEST_F(Transform, RandomProgramsAgreeWithThemselves) {
  write_random(a_.path(), seed_, 1500);
  EXPECT_THAT(problems_of(a_.path()), IsEmpty());
  RecordingReader reader(a_.path());
  const CheckReport report = check_recording(reader);
  EXPECT_GT(report.reachability_checks, 3u);
  EXPECT_GT(report.checkpoint_nodes, 20u);
}

TEST_F(Transform, APartIsARecordingThatAgreesWithItself) {
  write_random(a_.path(), seed_);
  RecordingReader reader(a_.path());
  RecordingVisitor ignore;
  const Extent whole = reader.read(ignore);
  std::mt19937_64 random(seed_);
  for (int i = 0; i < 20; ++i) {
    Range range;
    range.from = {Moment::Axis::clock, random() % whole.clock};
    range.to = {Moment::Axis::objects, whole.objects - random() % (whole.objects / 2)};
    RecordingWriter writer(out_.path());
    const CutResult result = cut_recording(reader, writer, range);
    writer.finish();
    EXPECT_THAT(problems_of(out_.path()), IsEmpty()) << "from " << range.from.at;
    EXPECT_EQ(writer.last_id(), result.adopted + result.objects);
  }
}

TEST_F(Transform, APartHoldsWhatWasAliveAtItsStart) {
  {
    RecordingWriter writer(a_.path());
    const TypeIndex map = writer.type("Map", "object");
    for (int i = 0; i < 4; ++i) writer.allocation(map, 100, 0);
    writer.roots({}, std::vector<ObjectId>{1, 2});
    writer.write({1, {0}, 0, 2});
    writer.write({1, {5, true}, 0, 4});
    std::vector<ObjectId> dead{3};
    writer.deaths(dead);
    writer.marker({50, 400, writer.string("here")});
    writer.allocation(map, 100, 0);
    writer.write({5, {0}, 0, 4});
    writer.roots(std::vector<ObjectId>{2}, std::vector<ObjectId>{5});
    writer.finish();
  }
  RecordingReader reader(a_.path());
  {
    RecordingWriter writer(out_.path());
    cut_recording(reader, writer, {{Moment::Axis::time_ns, 50}});
    writer.finish();
  }
  Transcript expected;
  for (const ObjectId id : {ObjectId{1}, ObjectId{2}, ObjectId{3}})
    expected.on_allocation({id, 1, 100, 0, 0, true});
  const InitialEdge edges[] = {{{0}, 2}, {{5, true}, 3}};
  expected.on_initial_edges(1, edges);
  expected.on_thread(0);
  expected.on_roots({{}, std::vector<ObjectId>{1, 2}});
  expected.on_thread(0);
  expected.on_marker({50, 0, 3});
  expected.on_allocation({4, 1, 100, 0, 0, false});
  expected.on_write({4, {0}, 0, 3});
  expected.on_roots({std::vector<ObjectId>{2}, std::vector<ObjectId>{4}});
  EXPECT_EQ(transcript_of(out_.path()).lines, expected.lines);
}

std::vector<MergeInput> inputs(std::initializer_list<std::string> paths) {
  std::vector<MergeInput> result;
  for (const std::string& path : paths) {
    result.push_back(
        {std::make_unique<RecordingReader>(path), "heap " + std::to_string(result.size() + 1)});
  }
  return result;
}

TEST_F(Transform, MergedRecordingsAgreeWithThemselves) {
  write_random(a_.path(), seed_);
  write_random(b_.path(), seed_ + 1);
  auto both = inputs({a_.path(), b_.path()});
  std::vector<Extent> extents;
  {
    RecordingWriter writer(out_.path());
    extents = merge_recordings(both, writer, false);
    writer.finish();
    EXPECT_EQ(writer.last_id(), extents[0].objects + extents[1].objects);
    EXPECT_EQ(writer.clock(), extents[0].clock + extents[1].clock);
  }
  EXPECT_THAT(problems_of(out_.path()), IsEmpty());
  RecordingReader reader(out_.path());
  RecordingVisitor ignore;
  reader.read(ignore);
  ASSERT_EQ(reader.tables().threads.size(), 3u);
  EXPECT_EQ(reader.tables().text(reader.tables().threads[2].heap), "heap 2");
  EXPECT_TRUE(reader.knowledge().writes);
  EXPECT_EQ(reader.knowledge().deaths, Deaths::collections);
  const std::string once = out_.contents();
  auto again = inputs({a_.path(), b_.path()});
  RecordingWriter writer(out_.path());
  merge_recordings(again, writer, false);
  writer.finish();
  EXPECT_EQ(out_.contents(), once) << "the order does not depend on the threads";
}

TEST_F(Transform, MergingSaysWhatIsWrongWithAnInput) {
  write_random(a_.path(), seed_);
  write_random(b_.path(), seed_ + 1);
  std::string damaged = b_.contents();
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  b_.replace(damaged);
  auto both = inputs({a_.path(), b_.path()});
  RecordingWriter writer(out_.path());
  EXPECT_THROW(merge_recordings(both, writer, false), InputError);
}

/// A recording that says `events` of three objects, of which 1 is a root and holds 2.
template <class Events>
std::vector<std::string> problems_with(const TemporaryFile& file, Events events) {
  {
    RecordingWriter writer(file.path());
    writer.info("writes", "all");
    writer.info("roots", "1");
    writer.info("deaths", "collections");
    for (int i = 0; i < 3; ++i) writer.allocation(0, 100, 0);
    writer.roots({}, std::vector<ObjectId>{1});
    writer.write({1, {0}, 0, 2});
    events(writer);
    writer.finish();
  }
  return problems_of(file.path());
}

void collect(RecordingWriter& writer, std::vector<ObjectId> dead, std::uint64_t time = 10) {
  writer.deaths(dead);
  Collection c;
  c.start_ns = time;
  c.clock = writer.clock();
  writer.collection(c);
}

TEST_F(Transform, EachContradictionIsFound) {
  using Writer = RecordingWriter;
  const auto with = [&](auto events) { return problems_with(a_, events); };
  EXPECT_THAT(with([](Writer& w) { collect(w, {3}); }), IsEmpty());
  EXPECT_THAT(with([](Writer& w) { collect(w, {2}); }),
              ElementsAre("found dead, but reachable: object 2"));
  EXPECT_THAT(with([](Writer& w) { collect(w, {3}), collect(w, {3}); }),
              ElementsAre("died twice: object 3"));
  EXPECT_THAT(with([](Writer& w) { w.free(3), w.free(3); }), ElementsAre("freed twice: object 3"));
  EXPECT_THAT(with([](Writer& w) {
                collect(w, {3}), w.write({3, {1}, 0, 1});
              }),
              ElementsAre("a write into a dead object: object 3"));
  EXPECT_THAT(with([](Writer& w) {
                collect(w, {3}), w.write({1, {1}, 0, 3});
              }),
              ElementsAre("a dead object is stored: object 3"));
  EXPECT_THAT(with([](Writer& w) {
                w.write({1, {0}, 3, 0});
              }),
              ElementsAre("a write says that the slot held something else: object 1"));
  EXPECT_THAT(with([](Writer& w) { w.roots(std::vector<ObjectId>{2}, {}); }),
              ElementsAre("what was no root is no longer a root: object 2"));
  EXPECT_THAT(with([](Writer& w) { w.roots({}, std::vector<ObjectId>{1}); }),
              ElementsAre("a root becomes a root: object 1"));
  EXPECT_THAT(with([](Writer& w) { w.time(20'000'000'000), w.time(10); }),
              ElementsAre("time goes back: 10 ns after 20000000000"));
  EXPECT_THAT(with([](Writer& w) {
                w.marker({1, 5, 0});
              }),
              ElementsAre("a record has another clock than the events: 5 instead of 300"));
}

TEST_F(Transform, CheckpointsAreComparedWithTheEvents) {
  const auto with = [&](std::vector<ObjectId> nodes, ObjectId target, std::uint64_t bytes) {
    return problems_with(a_, [&](RecordingWriter& writer) {
      writer.checkpoint_begin({1, CheckpointReason::turn, 5, writer.clock()});
      writer.checkpoint_root({0, 0, 1});
      CheckpointEnd total;
      for (const ObjectId id : nodes) {
        writer.checkpoint_node({id, 0, bytes, 0, 0, 0, 0, 0});
        const CheckpointEdge edge[] = {{EdgeKind::element, 0, 0, target}};
        if (id == 1) writer.checkpoint_edges(edge);
        total = {total.nodes + 1, 1, total.bytes + bytes};
      }
      writer.checkpoint_end(total);
    });
  };
  // Object 2 was overwritten by nobody; 3 is no root, but fresh until the next root record.
  EXPECT_THAT(with({1, 2}, 2, 100), IsEmpty());
  EXPECT_THAT(with({1, 2}, 1, 100),
              ElementsAre("an object has other edges in a checkpoint: object 1"));
  EXPECT_THAT(
      with({1}, 2, 100),
      ElementsAre("a checkpoint has more or fewer objects than are reachable: 1 instead of 2"));
  EXPECT_THAT(with({1, 2, 3}, 2, 100)[0], HasSubstr("in a checkpoint, but unreachable"));
  EXPECT_THAT(with({1, 2}, 2, 50)[0], HasSubstr("another size or type"));
}

TEST_F(Transform, UsageBySiteAndType) {
  {
    RecordingWriter writer(a_.path());
    writer.info("deaths", "exact");
    const TypeIndex map = writer.type("Map", "object"), text = writer.type("Text", "string");
    const StackId site = writer.stack(0, writer.frame("f", "a.js", 3, 1));
    writer.allocation(map, 1000, site);
    writer.allocation(text, 100, site);
    writer.free(1);
    writer.allocation(map, 500, 0);
    writer.free(2);
    writer.finish();
  }
  RecordingReader reader(a_.path());
  const RecordingUsage usage = measure_usage(reader);
  EXPECT_EQ(usage.total.bytes, 1600u);
  EXPECT_EQ(usage.total.peak_live_bytes, 1100u);
  EXPECT_EQ(usage.total.live_bytes, 500u);
  ASSERT_EQ(usage.types.size(), 2u);
  EXPECT_EQ(usage.types[0].name, "Map");
  EXPECT_EQ(usage.types[0].count, 2u);
  EXPECT_EQ(usage.types[0].peak_live_bytes, 1000u);
  EXPECT_EQ(usage.types[0].mean_lifetime(), 1100.0);
  EXPECT_EQ(usage.types[1].mean_lifetime(), 600.0);
  ASSERT_EQ(usage.sites.size(), 2u);
  EXPECT_EQ(usage.sites[0].name, "f (a.js:3:1)");
  const auto changes = compare_usage(usage.types, {{"Text", 1, 5000}}, UsageOrder::bytes);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0].name, "Text") << "4900 bytes more come before 1500 less";
  EXPECT_EQ(changes[1].after.bytes, 0u);
  EXPECT_EQ(compare_usage(usage.types, {{"Text", 1, 5000}}, UsageOrder::count)[0].name, "Map");
}

/// Two objects of 1000 bytes, of which the first dies; and a checkpoint.
void write_unlike(const std::string& path,
                  std::initializer_list<std::pair<const char*, const char*>> infos, bool frees) {
  RecordingWriter writer(path);
  for (const auto& [key, value] : infos) writer.info(key, value);
  const TypeIndex type = writer.type("Map", "object");
  for (int i = 0; i < 2; ++i) writer.allocation(type, 1000, 0);
  if (frees) {
    writer.free(1);
  } else {
    collect(writer, {1});
  }
  writer.checkpoint_begin({1, CheckpointReason::turn, 20, writer.clock()});
  writer.checkpoint_end({});
  writer.finish();
}

TEST_F(Transform, MergedRecordingsKnowWhatTheLeastOfThemKnows) {
  write_unlike(a_.path(),
               {{"writes", "all"},
                {"roots", "64"},
                {"deaths", "collections"},
                {"last uses", "all"},
                {"accesses", "reads and writes"}},
               false);
  write_unlike(b_.path(), {{"deaths", "exact"}, {"times", "none"}, {"identity", "lost"}}, true);
  for (const bool swapped : {false, true}) {
    auto both = swapped ? inputs({b_.path(), a_.path()}) : inputs({a_.path(), b_.path()});
    RecordingWriter writer(out_.path());
    merge_recordings(both, writer, false);
    writer.finish();
    RecordingReader reader(out_.path());
    const RecordingUsage usage = measure_usage(reader);
    EXPECT_EQ(usage.precision, DeathPrecision::collections);
    EXPECT_EQ(usage.total.live_bytes, 2000u) << "what was freed and what was found dead is gone";
    EXPECT_FALSE(usage.knows.writes);
    EXPECT_EQ(usage.knows.root_granularity, 0u);
    EXPECT_FALSE(usage.knows.last_uses);
    EXPECT_FALSE(usage.knows.times);
    EXPECT_FALSE(usage.knows.identity);
    EXPECT_EQ(usage.knows.deaths, Deaths::collections);
    EXPECT_EQ(reader.info("accesses"), "");
    EXPECT_EQ(reader.info("checkpoints lost"), "2");
  }
}

TEST_F(Transform, MergedRootsAreAsCoarseAsTheCoarsestAndAccessesAsFew) {
  write_unlike(a_.path(), {{"roots", "64"}, {"accesses", "reads and writes"}}, false);
  write_unlike(b_.path(), {{"roots", "4096"}, {"accesses", "writes"}}, false);
  auto both = inputs({a_.path(), b_.path()});
  RecordingWriter writer(out_.path());
  merge_recordings(both, writer, true);
  writer.finish();
  RecordingReader reader(out_.path());
  reader.learn();
  EXPECT_EQ(reader.knowledge().root_granularity, 4096u);
  EXPECT_EQ(reader.info("accesses"), "writes");
  EXPECT_EQ(reader.info("checkpoints lost"), "");
}

TEST_F(Transform, SamplesAreMergedWithTheirLikeOnly) {
  write_unlike(a_.path(), {{"sampling", "4096"}}, false);
  for (const char* other : {"0", "512"}) {
    write_unlike(b_.path(), {{"sampling", other}}, false);
    auto both = inputs({a_.path(), b_.path()});
    RecordingWriter writer(out_.path());
    EXPECT_THROW(merge_recordings(both, writer, false), InputError) << other;
  }
  auto alike = inputs({a_.path(), a_.path()});
  RecordingWriter writer(out_.path());
  merge_recordings(alike, writer, false);
  writer.finish();
  RecordingReader reader(out_.path());
  reader.learn();
  EXPECT_EQ(reader.knowledge().sampling_bytes, 4096u);
}

// Who computes lifetimes decides at the first event whether that is possible.
TEST_F(Transform, WhatACopyOrAMergerKnowsComesBeforeItsEvents) {
  {
    RecordingWriter writer(a_.path());
    writer.info("writes", "all");
    writer.info("roots", "64");
    const ObjectId id = writer.allocation(writer.type("Map", "object"), 100, 0);
    writer.roots({}, std::vector<ObjectId>{id});
    writer.finish();
  }
  copy(a_.path(), b_.path());
  {
    RecordingWriter writer(out_.path());
    std::vector<MergeInput> both;
    both.push_back({std::make_unique<RecordingReader>(a_.path()), "a"});
    both.push_back({std::make_unique<RecordingReader>(b_.path()), "b"});
    merge_recordings(both, writer, false);
    writer.finish();
  }
  for (const std::string& path : {b_.path(), out_.path()}) {
    RecordingReader reader(path);
    reader.learn();
    EXPECT_TRUE(reader.knowledge().writes);
    EXPECT_EQ(reader.knowledge().root_granularity, 64u);
  }
}

}  // namespace
}  // namespace heaplab::trace
