// SPDX-License-Identifier: MIT
// The whole way, on the C++ heap: a program is recorded, the recording judged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "../trace/sample_recording.h"
#include "heaplab/gc/make_heap.h"
#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/recorder.h"

namespace heaplab::leakcheck {
namespace {

using ::testing::HasSubstr;

struct Node : Object {
  Ref<Object> next;
  Ref<Object> payload;
};

/// A tiny language: records, arrays and buffers, with names for what a program would call them.
class Program : public trace::SiteSource {
 public:
  Program() : heap(gc::make_heap()) {
    TypeDescriptor node;
    node.name = "Entry";
    node.fixed_bytes = sizeof(Node);
    node.runs = {{sizeof(Object), 2, SlotKind::ref}};
    node.edge_label = [](const Object&, SlotPosition at) {
      return EdgeLabel{heaplab::EdgeKind::property, 0, at.index == 0 ? "next" : "payload"};
    };
    node_type = heap->register_type(node);
    TypeDescriptor array;
    array.name = "Array";
    array.fixed_bytes = 8;
    array.elements = ElementKind::refs;
    array_type = heap->register_type(array);
    TypeDescriptor bytes;
    bytes.name = "Buffer";
    bytes.fixed_bytes = 8;
    bytes.elements = ElementKind::bytes;
    bytes_type = heap->register_type(bytes);
    TypeDescriptor globals;
    globals.name = "Globals";
    globals.fixed_bytes = sizeof(Node);
    globals.runs = {{sizeof(Object), 2, SlotKind::ref}};
    globals.edge_label = [](const Object&, SlotPosition at) {
      return EdgeLabel{heaplab::EdgeKind::property, 0, at.index == 0 ? "first" : "second"};
    };
    globals_ =
        std::make_unique<Global<Node>>(*heap, heap->allocate<Node>(heap->register_type(globals)));
  }

  trace::StackId current_stack(trace::SiteTable& sites) override {
    return sites.stack(0, sites.frame("work", "program.cpp", line, 1));
  }

  Node* globals() { return globals_->get(); }
  Node* node() { return heap->allocate<Node>(node_type); }
  Object* array(std::uint32_t length) { return heap->allocate(array_type, length); }
  Object* buffer(std::uint32_t bytes) { return heap->allocate(bytes_type, bytes); }
  static Ref<Object>& element(Object* array, std::uint32_t index) {
    return *reinterpret_cast<Ref<Object>*>(array->bytes() + 8 + 4 * index);
  }

  Report report(const std::function<void(Program&, trace::Recorder&)>& body, bool reads = false) {
    const trace::TemporaryFile file;
    trace::RecorderOptions options;
    options.path = file.path();
    options.sites = this;
    options.reports_reads = reads;
    {
      trace::Recorder recorder(*heap, options);
      body(*this, recorder);
      recorder.finish();
    }
    return analyse(file.path());
  }
  void churn(int count) {
    for (int i = 0; i < count; ++i) buffer(200);
  }

  std::unique_ptr<Heap> heap;
  TypeId node_type = 0, array_type = 0, bytes_type = 0;
  std::uint32_t line = 1;

 private:
  std::unique_ptr<Global<Node>> globals_;
};

TEST(HeapPrograms, AnArrayThatOnlyGrowsIsNamedWithItsSite) {
  Program program;
  program.line = 3;
  const Report report = program.report([](Program& p, trace::Recorder&) {
    constexpr std::uint32_t capacity = 6000;
    p.heap->write(p.globals(), p.globals()->next, p.array(capacity));
    for (std::uint32_t i = 0; i < capacity; ++i) {
      p.line = 20;
      Node* entry = p.node();
      p.heap->write(p.globals()->next.get(), Program::element(p.globals()->next.get(), i),
                    static_cast<Object*>(entry));
      p.line = 21;
      Object* payload = p.buffer(100);
      auto* again = static_cast<Node*>(Program::element(p.globals()->next.get(), i).get());
      p.heap->write(again, again->payload, payload);
      p.churn(4);
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << to_text(report, Painter(false), 100);
  const Leak& leak = report.leaks[0];
  EXPECT_EQ(leak.culprit.path, "first");
  EXPECT_EQ(leak.culprit.type, "Array");
  EXPECT_EQ(leak.culprit.place.line, 3u);
  EXPECT_EQ(leak.accumulates.type, "Entry");
  EXPECT_GT(leak.accumulates.count, 4000u);
  ASSERT_FALSE(leak.sites.empty());
  EXPECT_EQ(leak.sites[0].place.line, 20u);
  EXPECT_EQ(leak.kind, Kind::collection);
  EXPECT_GT(leak.retained_bytes, 400'000u);
  EXPECT_GT(leak.growth.per_round, 10);
}

TEST(HeapPrograms, ALinkedListIsNamedByItsHead) {
  Program program;
  const Report report = program.report([](Program& p, trace::Recorder&) {
    for (int i = 0; i < 6000; ++i) {
      p.line = 40;
      Node* entry = p.node();
      entry->next.init(p.globals()->payload.get());
      p.heap->write(p.globals(), p.globals()->payload, static_cast<Object*>(entry));
      p.churn(4);
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << to_text(report, Painter(false), 100);
  EXPECT_EQ(report.leaks[0].culprit.path, "second");
  EXPECT_EQ(report.leaks[0].accumulates.type, "Entry");
  EXPECT_EQ(report.leaks[0].sites.at(0).place.line, 40u);
}

TEST(HeapPrograms, WhatAGlobalOfTheProgramHoldsIsFound) {
  Program program;
  Global<Node> forgotten(*program.heap);
  Global<Node> bounded(*program.heap);
  const Report report = program.report([&](Program& p, trace::Recorder&) {
    for (int i = 0; i < 6000; ++i) {
      p.line = 40;
      Node* entry = p.node();
      entry->next.init(forgotten.get());
      forgotten.set(entry);
      p.line = 41;
      entry = p.node();
      entry->next.init(i % 1000 == 0 ? nullptr : bounded.get());
      bounded.set(entry);
      p.churn(4);
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << to_text(report, Painter(false), 100);
  EXPECT_EQ(report.leaks[0].culprit.path, "a global (Entry)");
  EXPECT_EQ(report.leaks[0].accumulates.type, "Entry");
  EXPECT_EQ(report.leaks[0].sites.at(0).place.line, 40u);
}

TEST(HeapPrograms, ABoundedRingDoesNotLeak) {
  Program program;
  const Report report = program.report([](Program& p, trace::Recorder&) {
    p.heap->write(p.globals(), p.globals()->next, p.array(1000));
    for (std::uint32_t i = 0; i < 30000; ++i) {
      Object* fresh = p.buffer(300);
      p.heap->write(p.globals()->next.get(), Program::element(p.globals()->next.get(), i % 1000),
                    fresh);
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << to_text(report, Painter(false), 100);
  EXPECT_FALSE(report.grew_but_not_leaking.empty()) << "the ring filled up once";
  EXPECT_THAT(to_text(report, Painter(false), 100), HasSubstr("No leak found."));
}

TEST(HeapPrograms, AQueueThatIsEmptiedDoesNotLeak) {
  Program program;
  const Report report = program.report([](Program& p, trace::Recorder&) {
    for (int round = 0; round < 12; ++round) {
      p.heap->write(p.globals(), p.globals()->next, nullptr);
      for (int i = 0; i < 3000; ++i) {
        Node* entry = p.node();
        entry->next.init(p.globals()->next.get());
        p.heap->write(p.globals(), p.globals()->next, static_cast<Object*>(entry));
        p.churn(1);
      }
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << to_text(report, Painter(false), 100);
}

TEST(HeapPrograms, ABufferHeldAndNeverReadAgainIsFound) {
  for (const bool is_read : {false, true}) {
    Program program;
    const Report report = program.report(
        [&](Program& p, trace::Recorder& recorder) {
          p.line = 50;
          p.heap->write(p.globals(), p.globals()->next, p.buffer(3'000'000));
          for (int i = 0; i < 100; ++i) {
            if (is_read) recorder.touch(p.globals()->next.get());
            p.churn(400);
          }
        },
        true);
    if (is_read) {
      EXPECT_TRUE(report.leaks.empty()) << to_text(report, Painter(false), 100);
      continue;
    }
    ASSERT_EQ(report.leaks.size(), 1u);
    EXPECT_EQ(report.leaks[0].kind, Kind::large_object);
    EXPECT_EQ(report.leaks[0].culprit.path, "first");
    EXPECT_EQ(report.leaks[0].culprit.place.line, 50u);
  }
}

TEST(HeapPrograms, HeapsThatRecordIntoOneFileAreJudgedEachByItself) {
  const trace::TemporaryFile file;
  Program leaking, sound;
  {
    trace::SharedRecording shared(file.path());
    const auto options = [&](Program& program, const char* name) {
      trace::RecorderOptions result;
      result.shared = &shared;
      result.sites = &program;
      result.thread = result.heap_name = name;
      return result;
    };
    trace::Recorder first(*leaking.heap, options(leaking, "leaking"));
    trace::Recorder second(*sound.heap, options(sound, "sound"));
    for (int i = 0; i < 6000; ++i) {
      Node* entry = leaking.node();
      entry->next.init(leaking.globals()->next.get());
      leaking.heap->write(leaking.globals(), leaking.globals()->next, static_cast<Object*>(entry));
      leaking.churn(4);
      sound.churn(4);
    }
    first.finish();
    second.finish();
    shared.finish();
  }
  const Report report = analyse(file.path());
  const std::string text = to_text(report, Painter(false), 100);
  EXPECT_EQ(report.heaps, 2u) << text;
  ASSERT_EQ(report.leaks.size(), 1u) << text;
  EXPECT_EQ(report.leaks[0].culprit.path, "first");
  EXPECT_EQ(report.leaks[0].heap, "leaking");
  EXPECT_THAT(text, HasSubstr("2 heaps, each judged by itself"));
}

TEST(HeapPrograms, JsonHasTheSchema) {
  Program program;
  const Report report = program.report([](Program& p, trace::Recorder&) {
    for (int i = 0; i < 6000; ++i) {
      Node* entry = p.node();
      entry->next.init(p.globals()->payload.get());
      p.heap->write(p.globals(), p.globals()->payload, static_cast<Object*>(entry));
      p.churn(4);
    }
  });
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["schema"], "heaplab-leaks/1");
  EXPECT_EQ(json["inputs"].size(), 1u);
  ASSERT_EQ(json["leaks"].size(), 1u);
  const auto& leak = json["leaks"][0];
  EXPECT_EQ(leak["rank"], 1);
  for (const char* key : {"kind", "culprit", "accumulates", "growth", "retained_bytes", "sites",
                          "why", "advice", "confidence"}) {
    EXPECT_TRUE(leak.contains(key)) << key;
  }
  EXPECT_EQ(leak["culprit"]["path"], "second");
  EXPECT_TRUE(json["grew_but_not_leaking"].is_array());
}

}  // namespace
}  // namespace heaplab::leakcheck
