// SPDX-License-Identifier: MIT
// The recorder on the real heap, without any language: an embedder of the C++ heap is enough.
#include "heaplab/trace/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <map>
#include <set>

#include "heaplab/gc/make_heap.h"
#include "heaplab/trace/open.h"
#include "heaplab/trace/usage.h"
#include "sample_recording.h"
#include "seed.h"

namespace heaplab::trace {
namespace {

struct Cell : Object {
  Ref<Object> left;
  Ref<Object> right;
  Word any;
};

/// Everything a reader can know, kept in plain maps.
class Model : public RecordingVisitor {
 public:
  explicit Model(const RecordingReader& reader) : reader_(reader) {}
  void on_allocation(const Allocation& a) override { alive[a.id] = a; }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> initial) override {
    for (const InitialEdge& e : initial) slots[{host, code(e.slot)}] = e.value;
  }
  void on_write(const PointerWrite& w) override {
    EXPECT_EQ(slots[std::make_pair(w.host, code(w.slot))], w.old_value);
    slots[{w.host, code(w.slot)}] = w.new_value;
    EXPECT_TRUE(alive.count(w.host));
  }
  void on_death(ObjectId id) override { EXPECT_EQ(alive.erase(id), 1u) << id; }
  void on_collection(const Collection& c) override { collections.push_back(c); }
  bool on_checkpoint_begin(const CheckpointBegin& b) override {
    begins.push_back(b);
    nodes.clear();
    edges.clear();
    roots.clear();
    ephemerons.clear();
    return true;
  }
  void on_checkpoint_root(const CheckpointRoot& r) override { roots.push_back(r); }
  void on_checkpoint_node(const CheckpointNode& n) override {
    EXPECT_TRUE(alive.count(n.id)) << "a checkpoint shows a dead object";
    EXPECT_TRUE(nodes.emplace(n.id, n).second);
    current_ = n.id;
  }
  void on_checkpoint_edge(const CheckpointEdge& e) override {
    edges[current_].push_back({reader_.tables().text(e.name), e.target});
  }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override { ephemerons.push_back(e); }

  std::map<ObjectId, Allocation> alive;
  std::map<std::pair<ObjectId, std::uint64_t>, ObjectId> slots;
  std::vector<Collection> collections;
  std::vector<CheckpointBegin> begins;
  // Of the last checkpoint:
  std::map<ObjectId, CheckpointNode> nodes;
  std::map<ObjectId, std::vector<std::pair<std::string, ObjectId>>> edges;
  std::vector<CheckpointRoot> roots;
  std::vector<CheckpointEphemeron> ephemerons;

 private:
  static std::uint64_t code(const Slot& slot) {
    return std::uint64_t{slot.index} * 4 + (slot.in_elements ? 2 : 0) + (slot.is_value ? 1 : 0);
  }
  const RecordingReader& reader_;
  ObjectId current_ = 0;
};

class LineSites : public SiteSource {
 public:
  StackId current_stack(SiteTable& sites) override {
    return sites.stack(0, sites.frame("work", "program.cpp", line, 1));
  }
  std::uint32_t line = 0;
};

class RecorderTest : public ::testing::TestWithParam<const char*> {
 protected:
  RecorderTest() {
    HeapOptions options;
    options.plan = GetParam();
    options.verify = true;
    heap_ = gc::make_heap(options);
    TypeDescriptor cell;
    cell.name = "Cell";
    cell.fixed_bytes = sizeof(Cell);
    cell.runs = {{sizeof(Object), 2, SlotKind::ref},
                 {sizeof(Object) + 2 * sizeof(Ref<>), 1, SlotKind::word}};
    cell.edge_label = [](const Object&, SlotPosition at) {
      const char* names[] = {"left", "right", "any"};
      return EdgeLabel{heaplab::EdgeKind::property, 0, names[at.index]};
    };
    cell_ = heap_->register_type(cell);
    TypeDescriptor array;
    array.name = "Array";
    array.fixed_bytes = 8;
    array.elements = ElementKind::refs;
    array_ = heap_->register_type(array);
    TypeDescriptor table;
    table.name = "Table";
    table.fixed_bytes = 8;
    table.elements = ElementKind::ephemeron_words;
    table_ = heap_->register_type(table);
  }
  Cell* cell() { return heap_->allocate<Cell>(cell_); }
  static Ref<Object>& element(Object* array, std::uint32_t index) {
    return *reinterpret_cast<Ref<Object>*>(array->bytes() + 8 + 4 * index);
  }

  std::unique_ptr<Heap> heap_;
  TypeId cell_ = 0, array_ = 0, table_ = 0;
  TemporaryFile file_;
};

TEST_P(RecorderTest, TheLastCheckpointIsTheLiveHeap) {
  Global<Cell> root(*heap_, cell());
  {
    Recorder recorder(*heap_, {file_.path()});
    RootFrame<1> frame(*heap_);
    for (int i = 0; i < 1000; ++i) {
      Cell* fresh = cell();
      fresh->right.init(root->left.get());
      heap_->write(root.get(), root->left, static_cast<Object*>(fresh));
      if (i % 300 == 299) heap_->write(root.get(), root->left, nullptr);
    }
    recorder.finish();
    EXPECT_EQ(recorder.error(), "");
  }
  RecordingReader reader(file_.path());
  Model model(reader);
  const Extent extent = reader.read(model);
  EXPECT_TRUE(extent.complete);
  EXPECT_EQ(extent.clock, 1000 * sizeof(Cell));
  ASSERT_EQ(model.begins.back().reason, CheckpointReason::exit);
  EXPECT_EQ(model.nodes.size(), 101u);
  EXPECT_EQ(model.nodes.size(), model.alive.size()) << "every death was recorded";
  EXPECT_EQ(model.nodes.at(1).birth, 0u) << "the root is older than the recording";
  EXPECT_EQ(model.edges[1].at(0).first, "left");
  EXPECT_EQ(model.edges[1].at(0).second, 1001u);
  EXPECT_EQ(reader.info("plan"), GetParam());
}

TEST_P(RecorderTest, SlotsFollowWritesThroughManyCollections) {
  const unsigned seed = first_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::uint32_t length = 500;
  std::uniform_int_distribution<std::uint32_t> any(0, length - 1);
  Global<Object> table(*heap_, heap_->allocate(array_, length));
  LineSites sites;
  RecorderOptions options{file_.path()};
  options.sites = &sites;
  options.checkpoint_step_bytes = 512 * KiB;
  Recorder recorder(*heap_, options);
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    sites.line = 1 + i % 7;
    Cell* fresh = cell();
    if (random() % 3) fresh->left.init(element(table.get(), any(random)).get());
    if (random() % 5 == 0) fresh->left.init(nullptr);
    heap_->write(table.get(), element(table.get(), any(random)), fresh);
    auto* other = static_cast<Cell*>(element(table.get(), any(random)).get());
    if (other && random() % 2) heap_->write(other, other->right, static_cast<Object*>(fresh));
    if (other && random() % 4 == 0) heap_->write(other, other->left, nullptr);
    if (other && random() % 4 == 0) heap_->write(other, other->any, Word(fresh));
    if (other && random() % 4 == 0) heap_->write(other, other->right, nullptr);
  }
  recorder.finish();

  RecordingReader reader(file_.path());
  Model model(reader);
  reader.read(model);
  EXPECT_GE(model.collections.size(), 1u);
  EXPECT_GT(model.begins.size(), 4u);
  // The edges of the last checkpoint are what the writes add up to.
  std::map<ObjectId, std::multiset<ObjectId>> from_writes, from_graph;
  for (const auto& [slot, value] : model.slots) {
    if (value != 0 && model.alive.count(slot.first)) from_writes[slot.first].insert(value);
  }
  for (const auto& [host, outgoing] : model.edges) {
    for (const auto& edge : outgoing) from_graph[host].insert(edge.second);
  }
  EXPECT_EQ(from_writes, from_graph);
  EXPECT_EQ(model.alive.size(), model.nodes.size());
  const CheckpointNode& last = model.nodes.rbegin()->second;
  EXPECT_EQ(reader.tables().text(reader.tables().innermost(last.stack).file), "program.cpp");
  EXPECT_GT(last.birth, 0u);
}

TEST_P(RecorderTest, EphemeronsAreRecordedWhileTheirKeyLives) {
  // A heap numbers what it finds from its newest root on.
  Global<Cell> key(*heap_, cell());
  Global<Object> table(*heap_, heap_->allocate(table_, 4));
  Recorder recorder(*heap_, {file_.path()});
  auto word = [&](std::uint32_t index) -> Word& {
    return *reinterpret_cast<Word*>(table->bytes() + 8 + 8 * index);
  };
  for (std::uint32_t pair = 0; pair < 2; ++pair) {
    Cell* value = cell();
    heap_->write_weak(table.get(), word(2 * pair + 1), Word(value));
    Cell* temporary = pair == 0 ? key.get() : cell();
    heap_->write_weak(table.get(), word(2 * pair), Word(temporary));
    if (pair == 1) {
      // Both the value and its key were allocated since; write the value again after the key.
      Cell* late = cell();
      heap_->write_weak(table.get(), word(3), Word(late));
    }
  }
  recorder.finish();
  RecordingReader reader(file_.path());
  Model model(reader);
  reader.read(model);
  ASSERT_EQ(model.ephemerons.size(), 1u);
  EXPECT_EQ(model.ephemerons[0].table, 1u);
  EXPECT_EQ(model.ephemerons[0].key, 2u);
  EXPECT_EQ(model.ephemerons[0].value, 3u);
}

TEST_P(RecorderTest, TouchedObjectsAreKnownToBeInUse) {
  Global<Cell> used(*heap_), unused(*heap_);
  RecorderOptions options{file_.path()};
  options.reports_reads = true;
  Recorder recorder(*heap_, options);
  used.set(cell());
  unused.set(cell());
  for (int i = 0; i < 100'000; ++i) cell();
  recorder.touch(used.get());
  recorder.mark("half-time");
  for (int i = 0; i < 100'000; ++i) cell();
  recorder.finish();
  RecordingReader reader(file_.path());
  Model model(reader);
  reader.read(model);
  ASSERT_TRUE(model.nodes.count(1) && model.nodes.count(2));
  EXPECT_GT(model.nodes[1].last_access, 99'000 * sizeof(Cell));
  EXPECT_LT(model.nodes[2].last_access, 10 * KiB);
  EXPECT_EQ(reader.info("accesses"), "reads and writes");
}

TEST_P(RecorderTest, AnUnfinishedRecordingIsReadable) {
  Global<Cell> root(*heap_, cell());
  Recorder recorder(*heap_, {file_.path()});
  for (int i = 0; i < 200'000; ++i) cell();
  heap_->collect();
  recorder.flush();
  RecordingReader reader(file_.path());
  Model model(reader);
  const Extent extent = reader.read(model);
  EXPECT_FALSE(extent.complete);
  EXPECT_EQ(model.alive.size(), 1u);
}

TEST_P(RecorderTest, WhatHappenedIsInTheFileSoonAfter) {
  const pid_t child = fork();
  if (child == 0) {
    // The recorder's thread has to write without any help: this one does nothing any more. The
    // newest object is not complete.
    Recorder recorder(*heap_, {file_.path()});
    for (int i = 0; i < 1001; ++i) cell();
    pause();
    _exit(1);
  }
  std::size_t allocations = 0;
  for (int tries = 0; allocations < 1000 && tries < 600; ++tries) {
    usleep(50'000);
    try {
      RecordingReader reader(file_.path());
      Model model(reader);
      EXPECT_FALSE(reader.read(model).complete);
      allocations = model.alive.size();
    } catch (const InputError&) {
      // not even the header yet
    }
  }
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(allocations, 1000u);
}

/// The newest object may be filled without a barrier while the program stores elsewhere, and a
/// program that only stores is recorded as well.
TEST_P(RecorderTest, StoresBesideAnUnfinishedObjectAreInOrder) {
  constexpr int stores_beside = 300, stores_alone = 50'000;
  Global<Cell> host(*heap_, cell()), other(*heap_, cell());
  Recorder recorder(*heap_, {file_.path()});
  Cell* newest = cell();
  for (int i = 0; i < stores_beside; ++i) {
    heap_->write(host.get(), host->left, i % 2 == 0 ? newest : nullptr);
  }
  heap_->write(host.get(), host->left, newest);
  newest->left.init(other.get());
  heap_->write(newest, newest->right, host.get());
  recorder.turn();
  heap_->write(newest, newest->right, other.get());
  for (int i = 0; i < stores_alone; ++i) {
    heap_->write(host.get(), host->right, i % 2 == 0 ? newest : other.get());
  }
  recorder.finish();
  RecordingReader reader(file_.path());
  Model model(reader);  // it compares each old value
  EXPECT_TRUE(reader.read(model).complete);
  EXPECT_EQ(model.slots.at({3, 0}), 1u) << "what the object began with";
  EXPECT_EQ(model.slots.at({3, 4}), 1u) << "a store after turn()";
  EXPECT_EQ(model.slots.at({2, 4}), 1u) << "the last of the stores alone";
}

TEST_P(RecorderTest, LastUsesComeWithDeaths) {
  struct Uses : RecordingVisitor {
    void on_last_use(const LastUse& use) override { uses[use.id] = use.clock; }
    void on_death(ObjectId id) override { deaths.insert(id); }
    std::map<ObjectId, std::uint64_t> uses;
    std::set<ObjectId> deaths;
  } uses;
  RecorderOptions options{file_.path()};
  options.last_uses = true;
  Recorder recorder(*heap_, options);
  {
    Global<Cell> read(*heap_, cell()), written(*heap_, cell()), unused(*heap_, cell());
    for (int i = 0; i < 1000; ++i) cell();
    recorder.touch(read.get());
    for (int i = 0; i < 1000; ++i) cell();
    heap_->write(written.get(), written->any, Word(std::uint64_t{7} << 60));
    for (int i = 0; i < 10'000; ++i) cell();
  }
  recorder.finish();
  RecordingReader reader(file_.path());
  reader.read(uses);
  EXPECT_TRUE(reader.knowledge().last_uses);
  EXPECT_EQ(uses.uses.size(), 12'003u);
  EXPECT_EQ(uses.deaths.size(), 12'003u);
  const auto near = [](std::uint64_t bytes) {
    return ::testing::AllOf(::testing::Le(bytes), ::testing::Gt(bytes - 2 * sizeof(Cell)));
  };
  EXPECT_THAT(uses.uses[1], near(1003 * sizeof(Cell)));
  EXPECT_THAT(uses.uses[2], near(2003 * sizeof(Cell)));
  EXPECT_THAT(uses.uses[3], near(3 * sizeof(Cell)));
}

TEST_P(RecorderTest, ASampleStandsForTheWhole) {
  struct Sample : RecordingVisitor {
    void on_allocation(const Allocation& a) override { recorded += a.adopted ? 0 : 1; }
    void on_skipped(std::uint64_t objects, std::uint64_t) override { skipped += objects; }
    void on_write(const PointerWrite&) override { ++writes; }
    void on_death(ObjectId) override { ++deaths; }
    void on_checkpoint_end(const CheckpointEnd& end) override { live = end.nodes; }
    std::uint64_t recorded = 0, skipped = 0, writes = 0, deaths = 0, live = 0;
  } sample;
  Global<Cell> list(*heap_, cell());
  RecorderOptions options{file_.path()};
  options.sampling_bytes = 1024;
  Recorder recorder(*heap_, options);
  constexpr std::uint64_t count = 200'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    Cell* fresh = cell();
    if (i % 1000 == 0) heap_->write(list.get(), list->left, static_cast<Object*>(fresh));
    if (i % 1000 == 0) heap_->write(fresh, fresh->right, static_cast<Object*>(list.get()));
  }
  recorder.finish();
  RecordingReader reader(file_.path());
  const Extent extent = reader.read(sample);
  EXPECT_EQ(extent.clock, count * sizeof(Cell)) << "the clock is not sampled";
  EXPECT_EQ(sample.recorded + sample.skipped, count);
  const double expected = static_cast<double>(count * sizeof(Cell)) / 1024;
  EXPECT_NEAR(static_cast<double>(sample.recorded), expected, 6 * std::sqrt(expected));
  EXPECT_EQ(sample.writes, 0u);
  EXPECT_GT(sample.deaths, sample.recorded - 3);
  EXPECT_EQ(sample.live, 2u) << "checkpoints have all that lives";
  EXPECT_EQ(reader.knowledge().sampling_bytes, 1024u);
  EXPECT_FALSE(reader.knowledge().writes);

  const auto source = open_recording(file_.path());
  const RecordingUsage usage = measure_usage(*source);
  const auto total = static_cast<double>(count * sizeof(Cell));
  const double deviation = 1 / std::sqrt(expected);
  EXPECT_NEAR(static_cast<double>(usage.total.bytes), total, 6 * deviation * total);
  EXPECT_NEAR(static_cast<double>(usage.total.count), count, 6 * deviation * count);
}

TEST_P(RecorderTest, OneRecorderPerHeap) {
  Recorder recorder(*heap_, {file_.path()});
  const TemporaryFile other;
  EXPECT_THROW(Recorder(*heap_, {other.path()}), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(AllPlans, RecorderTest,
                         ::testing::Values("generational", "semispace", "marksweep"));

}  // namespace
}  // namespace heaplab::trace
