// SPDX-License-Identifier: MIT
// The event stream: order, consistent numbers, and what --trace-gc prints of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "heaplab/gc/trace_gc.h"
#include "test_heap.h"

namespace heaplab {
namespace {

using test::HeapTest;
using test::Node;
using test::TestHeap;
using testing::HasSubstr;

/// A program with young garbage, survivors, large objects and off-heap memory.
void run_program(TestHeap& heap) {
  RootFrame<2> frame(*heap);
  for (int i = 0; i < 60'000; ++i) {
    Node* node = heap.make_node(i);
    if (i % 10) continue;
    heap->write(node, node->next, frame.get<Node>(0));
    frame[0] = node;
    if (i % 20'000 == 0) frame[1] = heap->allocate(heap.bytes, 300'000);
    if (i % 50'000 == 0) frame[0] = nullptr;
  }
  heap.minor();
  heap.major();
  heap->adjust_external(80 << 20);
  frame[0] = frame[1] = nullptr;
  heap.major();
}

class Events : public HeapTest {
 protected:
  struct Recorder : HeapListener {
    std::vector<std::string> order;
    std::vector<CollectionEvent> starts, ends;
    void on_collection_start(const Heap& heap, const CollectionEvent& event) override {
      EXPECT_TRUE(heap.in_collection());
      order.push_back("start");
      starts.push_back(event);
    }
    void on_collection_end(const Heap& heap, const CollectionEvent& event) override {
      EXPECT_TRUE(heap.in_collection());
      order.push_back("end");
      ends.push_back(event);
    }
  };
  Events() { heap_->add_listener(&recorder_); }
  Recorder recorder_;
};
HEAPLAB_ALL_MODES(Events);

TEST_P(Events, StartAndEndAlternateAndAreNumbered) {
  for (int i = 0; i < 300; ++i) heap_.make_node(i);
  heap_.minor();
  heap_.major();
  ASSERT_EQ(recorder_.starts.size(), recorder_.ends.size());
  for (std::size_t i = 0; i < recorder_.ends.size(); ++i) {
    EXPECT_EQ(recorder_.order[2 * i], "start");
    EXPECT_EQ(recorder_.order[2 * i + 1], "end");
    EXPECT_EQ(recorder_.starts[i].number, i + 1);
    EXPECT_EQ(recorder_.ends[i].number, i + 1);
    EXPECT_EQ(recorder_.starts[i].end_ns, 0u);
  }
  EXPECT_EQ(heap_->collection_count(), recorder_.ends.size());
  EXPECT_FALSE(heap_->in_collection());
}

TEST_P(Events, SizesAddUpAndNothingChangesBetweenCollections) {
  RootFrame<1> frame(*heap_);
  std::uint64_t allocated_at_end = 0;
  for (int i = 0; i < 8; ++i) {
    for (int k = 0; k < 40; ++k) {
      Node* node = heap_.make_node(k);
      if (k % 4 == 0) frame[0] = node;
    }
    i % 3 == 2 ? heap_.major() : heap_.minor();
    const CollectionEvent& event = recorder_.ends.back();
    EXPECT_EQ(event.before.used - event.freed_bytes, event.after.used);
    EXPECT_EQ(event.allocated_bytes, heap_->allocated_bytes());
    EXPECT_GE(event.allocated_bytes, allocated_at_end);
    allocated_at_end = event.allocated_bytes;
    EXPECT_EQ(event.after.used, heap_->sizes().used);
    EXPECT_EQ(event.after.committed, heap_->sizes().committed);
  }
  // What is allocated between two collections is exactly by how much the heap grew.
  for (std::size_t i = 1; i < recorder_.ends.size(); ++i) {
    const CollectionEvent& last = recorder_.ends[i - 1];
    const CollectionEvent& next = recorder_.ends[i];
    EXPECT_EQ(next.before.used, last.after.used + next.allocated_bytes - last.allocated_bytes);
  }
}

TEST_P(Events, KindsReasonsAndNamesFitThePlan) {
  heap_.minor();
  const CollectionEvent minor = recorder_.ends.back();
  heap_.major();
  const CollectionEvent major = recorder_.ends.back();
  EXPECT_EQ(minor.reason, CollectionReason::requested);
  EXPECT_EQ(major.kind, CollectionKind::major);
  if (heap_.generational()) {
    EXPECT_EQ(minor.kind, CollectionKind::minor);
    EXPECT_EQ(minor.collector, "Scavenge");
    EXPECT_EQ(major.collector, "Mark-Sweep");
  } else {
    EXPECT_EQ(minor.kind, CollectionKind::major) << "without generations all are full";
    EXPECT_EQ(minor.collector, major.collector);
  }
}

TEST_P(Events, TimesAreOrderedAndPhasesFitIn) {
  RootFrame<1> frame(*heap_);
  for (int i = 0; i < 200; ++i) frame[0] = heap_.make_node(i);
  heap_.minor();
  heap_.major();
  std::uint64_t last_end = 0;
  for (const CollectionEvent& event : recorder_.ends) {
    EXPECT_GE(event.start_ns, last_end);
    EXPECT_GE(event.end_ns, event.start_ns);
    last_end = event.end_ns;
    std::uint64_t phases = 0;
    for (const std::uint64_t ns : event.phase_ns) phases += ns;
    EXPECT_LE(phases, event.end_ns - event.start_ns);
    EXPECT_LE(event.external_ns, event.end_ns - event.start_ns);
    for (const double mu : {event.mutator_utilization, event.current_mutator_utilization}) {
      EXPECT_GE(mu, 0.0);
      EXPECT_LE(mu, 1.0);
    }
  }
  EXPECT_LE(last_end, heap_->now_ns());
}

TEST_P(Events, WorkIsCountedExactly) {
  if (GetParam().stress_gc || GetParam().stress_move) return;  // objects have other ages then
  RootFrame<1> frame(*heap_);
  for (int i = 0; i < 100; ++i) {
    Node* node = heap_.make_node(i);
    heap_->write(node, node->next, frame.get<Node>(0));
    frame[0] = node;
    heap_.make_node(-1);
  }
  const std::uint64_t live = 100 * sizeof(Node);
  heap_.minor();
  EXPECT_EQ(recorder_.ends.back().freed_bytes, live) << "as much garbage as survivors";
  EXPECT_EQ(recorder_.ends.back().copied_bytes, GetParam().plan == "marksweep" ? 0 : live);
  heap_.minor();
  EXPECT_EQ(recorder_.ends.back().promoted_bytes, heap_.generational() ? live : 0);
  heap_.major();
  EXPECT_EQ(recorder_.ends.back().marked_bytes, GetParam().plan == "semispace" ? 0 : live);
  EXPECT_EQ(recorder_.ends.back().freed_bytes, 0u);
}

TEST_P(Events, RemovedListenersHearNothing) {
  Recorder second;
  heap_->add_listener(&second);
  heap_.major();
  heap_->remove_listener(&second);
  heap_.major();
  EXPECT_EQ(second.ends.size(), 1u);
  EXPECT_EQ(recorder_.ends.size(), 2u);
}

TEST(EventNames, AreV8sWhereV8HasThem) {
  EXPECT_EQ(to_string(CollectionReason::allocation_failure), "allocation failure");
  EXPECT_EQ(to_string(CollectionReason::requested), "testing");
  EXPECT_EQ(to_string(CollectionReason::external_memory), "external memory pressure");
  EXPECT_EQ(to_string(CollectionKind::minor), "minor");
  std::set<std::string_view> phases;
  for (std::size_t i = 0; i < phase_count; ++i) phases.insert(to_string(static_cast<Phase>(i)));
  EXPECT_EQ(phases.size(), phase_count);
}

// --- --trace-gc ---------------------------------------------------------------------------------

class TraceGcOutput : public HeapTest {
 protected:
  std::vector<std::string> lines(gc::TraceGc::Format format) {
    std::FILE* file = std::tmpfile();
    gc::TraceGc trace(file, format);
    heap_->add_listener(&trace);
    run_program(heap_);
    heap_->remove_listener(&trace);
    std::rewind(file);
    std::vector<std::string> lines(1);
    for (int c; (c = std::fgetc(file)) != EOF;) {
      if (c == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += static_cast<char>(c);
      }
    }
    std::fclose(file);
    EXPECT_EQ(lines.back(), "") << "the last line is ended";
    lines.pop_back();
    return lines;
  }
};
HEAPLAB_ALL_PLANS(TraceGcOutput);

TEST_P(TraceGcOutput, TextHasV8sFormat) {
  // V8: [pid:0xISOLATE] %8.0f ms: NAME A (B) -> C (D) MB, P / E ms  (average mu = m, current mu =
  // m) REASON; COLLECTOR_REASON
  const std::regex line(
      R"(\[\d+:0x[0-9a-f]+\] +\d+ ms: (Scavenge|Mark-Sweep|Semispace-Copy) )"
      R"(\d+\.\d \(\d+\.\d\) -> \d+\.\d \(\d+\.\d\) MB, \d+\.\d\d / \d+\.\d\d ms  )"
      R"(\(average mu = [01]\.\d{3}, current mu = [01]\.\d{3}\) [a-z ]+; [A-Za-z ]*)");
  const std::vector<std::string> output = lines(gc::TraceGc::Format::text);
  EXPECT_EQ(output.size(), heap_->collection_count());
  for (const std::string& text : output) EXPECT_TRUE(std::regex_match(text, line)) << text;
  EXPECT_THAT(output, testing::Contains(HasSubstr("testing; ")));
  EXPECT_THAT(output, testing::Contains(HasSubstr("external memory pressure; ")));
}

TEST_P(TraceGcOutput, JsonLinesParseAndSayTheSameAsTheEvents) {
  struct Recorder : HeapListener {
    std::vector<CollectionEvent> events;
    void on_collection_end(const Heap&, const CollectionEvent& event) override {
      events.push_back(event);
    }
  } recorder;
  heap_->add_listener(&recorder);
  std::size_t next = 0;
  for (const std::string& text : lines(gc::TraceGc::Format::json)) {
    const auto json = nlohmann::json::parse(text);
    if (json.at("event") != "gc") {
      EXPECT_TRUE(json.at("time_ms").is_number());
      EXPECT_NE(json.at("from"), json.at("to"));
      continue;
    }
    const CollectionEvent& event = recorder.events.at(next++);
    EXPECT_EQ(json.at("number"), event.number);
    EXPECT_EQ(json.at("kind"), to_string(event.kind));
    EXPECT_EQ(json.at("collector"), event.collector);
    EXPECT_EQ(json.at("before").at("used"), event.before.used);
    EXPECT_EQ(json.at("after").at("committed"), event.after.committed);
    EXPECT_EQ(json.at("freed"), event.freed_bytes);
    EXPECT_EQ(json.at("promoted"), event.promoted_bytes);
    EXPECT_EQ(json.at("allocated"), event.allocated_bytes);
    EXPECT_EQ(json.at("phases_ms").size(), phase_count);
    EXPECT_GE(json.at("pause_ms").get<double>(), 0.0);
  }
  EXPECT_EQ(next, recorder.events.size());
}

}  // namespace
}  // namespace heaplab
