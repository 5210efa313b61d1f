// SPDX-License-Identifier: MIT
// From heap snapshots to a verdict, on heaps written by the test: each has one thing in it that is
// to be seen, or not to be seen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heaplab/support/error.h"
#include "snapshot_series.h"

namespace heaplab::leakcheck {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Id = SyntheticHeap::Id;

TEST_F(SnapshotSeries, AMapThatOnlyGrowsIsNamedByItsVariable) {
  const Id map = heap.object("Map");
  heap.variable("pagesByUrl", map);
  std::vector<std::pair<Id, Id>> entries;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) entries.emplace_back(heap.node("string", "/p", 24), page());
    heap.fill_map(map, entries);
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  const Leak& leak = report.leaks[0];
  EXPECT_EQ(leak.culprit.path, "pagesByUrl");
  EXPECT_EQ(leak.culprit.type, "Map");
  EXPECT_EQ(leak.culprit.place.file, "/srv/app.js");
  EXPECT_EQ(leak.accumulates.type, "Page");
  EXPECT_EQ(leak.accumulates.count, 600u);
  EXPECT_EQ(leak.kind, Kind::collection);
  EXPECT_THAT(leak.growth.values, ElementsAre(200, 400, 600)) << "things, not keys and values";
  EXPECT_GT(leak.confidence, 0.7);
  EXPECT_GE(leak.evidence.size(), 2u);
}

TEST_F(SnapshotSeries, ACacheThatTurnsOverIsNoLeak) {
  const Id list = heap.object("Array");
  heap.variable("recent", list);
  std::vector<Id> items;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 300; ++k) items.push_back(page());
    // The limit is high: things from the round before are still there.
    if (items.size() > 450) items.erase(items.begin(), items.end() - 450);
    heap.clear(list);
    for (const Id item : items) heap.push(list, item);
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
  ASSERT_EQ(report.grew_but_not_leaking.size(), 1u);
  EXPECT_THAT(report.grew_but_not_leaking[0].reason, HasSubstr("come and go"));
}

TEST_F(SnapshotSeries, ATableThatIsFullIsNoLeakUnlessTheEndWasIdle) {
  const Id list = heap.object("Array");
  heap.variable("table", list);
  auto round = [&](SyntheticHeap&, int i) {
    for (int k = 0; k < 200 && i == 1; ++k) heap.push(list, page());
    heap.variable("current", heap.object("Request"));
  };
  const Report settled = judge(3, round);
  EXPECT_TRUE(settled.leaks.empty()) << text(settled);
  ASSERT_EQ(settled.grew_but_not_leaking.size(), 1u);
  EXPECT_EQ(settled.grew_but_not_leaking[0].reason, "it stopped growing");

  SnapshotOptions idle;
  idle.ends_idle = true;
  const Report stayed = analyse_snapshots(files_, {}, idle);
  ASSERT_EQ(stayed.leaks.size(), 1u) << "what stays when the work is over";
  EXPECT_EQ(stayed.leaks[0].culprit.path, "table");
}

TEST_F(SnapshotSeries, ALinkedListIsNamedByItsFirstLink) {
  const Id jobs = heap.object("Queue");
  heap.variable("jobs", jobs);
  Id last = heap.object("Job");
  heap.property(jobs, "first", last);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 500; ++k) {
      const Id next = heap.object("Job", 100);
      heap.edge(last, "property", "next", next);
      last = next;
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "jobs.first → next → next → …");
  EXPECT_EQ(report.leaks[0].accumulates.type, "Job");
  EXPECT_EQ(report.leaks[0].accumulates.count, 1501u);
}

TEST_F(SnapshotSeries, AListLinkedBothWaysIsNamedByItsNearestEnd) {
  const Id recency = heap.object("Recency");
  heap.variable("recency", recency);
  Id newest = heap.object("Entry");
  heap.property(recency, "oldest", newest);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 500; ++k) {
      const Id entry = heap.object("Entry", 100);
      heap.edge(entry, "property", "older", newest);
      heap.edge(newest, "property", "newer", entry);
      newest = entry;
    }
    heap.property(recency, "newest", newest);
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_THAT(report.leaks[0].culprit.path, ::testing::StartsWith("recency."));
  EXPECT_EQ(report.leaks[0].accumulates.type, "Entry");
}

TEST_F(SnapshotSeries, TwoContainersOfTheSameThingsAreOneFinding) {
  const Id map = heap.object("Map");
  const Id list = heap.object("Array");
  heap.variable("sessions", map);
  heap.variable("order", list);
  std::vector<std::pair<Id, Id>> entries;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) {
      entries.emplace_back(heap.node("string", "id", 24), page());
      heap.push(list, entries.back().second);
    }
    heap.fill_map(map, entries);
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  const Leak& leak = report.leaks[0];
  EXPECT_THAT((std::vector{leak.culprit.path, leak.also_holds.at(0)}),
              ::testing::UnorderedElementsAre("sessions", "order"));
}

TEST_F(SnapshotSeries, AMapOfGrowingListsIsOneFinding) {
  const Id map = heap.object("Map");
  heap.variable("roomsByTenant", map);
  std::vector<std::pair<Id, Id>> entries;
  for (int k = 0; k < 6; ++k) {
    entries.emplace_back(heap.node("string", "tenant", 24), heap.object("Array"));
  }
  heap.fill_map(map, entries);
  const Report report = judge(4, [&](SyntheticHeap&, int) {
    for (const auto& [key, list] : entries) {
      for (int k = 0; k < 80; ++k) heap.push(list, page());
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "roomsByTenant");
}

TEST_F(SnapshotSeries, TwoLeaksOfOneModuleAreTwoFindingsTheLargerFirst) {
  const Id images = heap.object("Array");
  const Id names = heap.object("Array");
  heap.variable("names", names);
  heap.variable("images", images);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) {
      heap.push(images, page());
      heap.push(images, page());
      heap.push(names, page());
    }
  });
  ASSERT_EQ(report.leaks.size(), 2u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "images");
  EXPECT_EQ(report.leaks[1].culprit.path, "names");
  EXPECT_GT(report.leaks[0].score, report.leaks[1].score);
}

TEST_F(SnapshotSeries, ListenersAreNamedByTheirEvent) {
  const Id emitter = heap.object("EventEmitter");
  const Id events = heap.object("Object");
  const Id list = heap.object("Array");
  heap.variable("ticker", emitter);
  heap.edge(emitter, "property", "_events", events);
  heap.edge(events, "property", "quote", list);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) {
      const Id listener = heap.node("closure", "onQuote", 64);
      const Id scope = heap.object("system / Context", 200);
      heap.edge(listener, "internal", "context", scope);
      heap.push(list, listener);
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "ticker.listeners('quote')");
  EXPECT_EQ(report.leaks[0].kind, Kind::listener);
  EXPECT_EQ(report.leaks[0].accumulates.type, "function onQuote");
}

TEST_F(SnapshotSeries, ATextThatIsReplacedByALongerOneIsFollowed) {
  const Id audit = heap.object("Audit");
  heap.variable("audit", audit);
  const Report report = judge(3, [&](SyntheticHeap&, int i) {
    heap.property(audit, "text",
                  heap.node("string", "line", 50'000 * (static_cast<unsigned>(i) + 1)));
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "audit.text");
  EXPECT_THAT(report.leaks[0].growth.unit, "bytes");
}

TEST_F(SnapshotSeries, AnArrayOfNumbersGrowsInItsStore) {
  const Id list = heap.object("Array");
  const Id store = heap.node("array", "(object elements)", 20'000);
  heap.variable("latencies", list);
  heap.edge(list, "internal", "elements", store);
  const Report report = judge(4, [&](SyntheticHeap&, int i) {
    heap.resize(store, 20'000 * (static_cast<unsigned>(i) + 1));
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "latencies");
  EXPECT_EQ(report.leaks[0].accumulates.type, "number");
}

TEST_F(SnapshotSeries, WeakTablesAndCompiledCodeAreNoLeaks) {
  const Id weak = heap.object("WeakMap");
  heap.variable("meta", weak);
  const Id table = heap.node("array", "", 1000);
  heap.edge(weak, "internal", "table", table);
  const Id code = heap.node("code", "system / BytecodeArray", 100);
  heap.variable("compiled", code);
  const Report report = judge(3, [&](SyntheticHeap&, int i) {
    heap.resize(table, 40'000 * (static_cast<unsigned>(i) + 1));
    for (int k = 0; k < 100; ++k) {
      heap.edge(code, "internal", "part", heap.node("code", "system / BytecodeArray", 1000));
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
}

TEST_F(SnapshotSeries, TheOrderIsFoundWhateverTheOrderOfTheArguments) {
  const Id list = heap.object("Array");
  heap.variable("log", list);
  const Report first = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  const auto now = std::filesystem::file_time_type::clock::now();
  for (const std::string& file : files_) std::filesystem::last_write_time(file, now);
  const Report again = analyse_snapshots({files_[2], files_[0], files_[1]});
  ASSERT_EQ(again.inputs.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(again.inputs[i].file, files_[i]);
  EXPECT_THAT(again.order, HasSubstr("object ids"));
  ASSERT_EQ(again.leaks.size(), 1u);
  EXPECT_EQ(again.leaks[0].growth.values, first.leaks.at(0).growth.values);
}

TEST_F(SnapshotSeries, FewerSnapshotsAreLessSure) {
  const Id list = heap.object("Array");
  heap.variable("log", list);
  const Report three = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 400; ++k) heap.push(list, page());
  });
  const Report two = analyse_snapshots({files_[1], files_[2]});
  const Report one = analyse_snapshots({files_[2]});
  for (const Report* report : {&three, &two, &one}) {
    ASSERT_EQ(report->leaks.size(), 1u) << text(*report);
    EXPECT_EQ(report->leaks[0].culprit.path, "log");
  }
  EXPECT_GT(three.leaks[0].confidence, two.leaks[0].confidence);
  EXPECT_GT(two.leaks[0].confidence, one.leaks[0].confidence);
  EXPECT_THAT(text(one), HasSubstr("suspects"));
}

TEST_F(SnapshotSeries, PatternsTakeFindingsAway) {
  const Id list = heap.object("Array");
  heap.variable("auditLog", list);
  Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  EXPECT_EQ(suppress(report, {"sessions", "audit?g"}), 0u);
  EXPECT_EQ(suppress(report, {"audit*g"}), 1u);
  EXPECT_TRUE(report.leaks.empty());

  std::ofstream(path("suppressions")) << "# known\n\n  auditLog  # kept on purpose\nA.#items\n";
  EXPECT_THAT(read_suppressions(path("suppressions")), ElementsAre("auditLog", "A.#items"));
}

TEST_F(SnapshotSeries, SarifHasAResultWithItsPlace) {
  const Id list = heap.object("Array");
  heap.variable("auditLog", list);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  const auto sarif = nlohmann::json::parse(to_sarif(report, "1.2.3"));
  EXPECT_EQ(sarif["version"], "2.1.0");
  const auto& run = sarif["runs"][0];
  EXPECT_EQ(run["tool"]["driver"]["version"], "1.2.3");
  ASSERT_EQ(run["results"].size(), 1u);
  const auto& result = run["results"][0];
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "file:///srv/app.js");
  EXPECT_EQ(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "auditLog");
  bool rule_exists = false;
  for (const auto& rule : run["tool"]["driver"]["rules"]) {
    rule_exists |= rule["id"] == result["ruleId"];
  }
  EXPECT_TRUE(rule_exists);
}

TEST_F(SnapshotSeries, JsonKeepsItsSchemaAndSaysWhatItRead) {
  const Id list = heap.object("Array");
  heap.variable("log", list);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  const auto json = nlohmann::json::parse(to_json(report));
  EXPECT_EQ(json["schema"], "heaplab-leaks/1");
  ASSERT_EQ(json["inputs"].size(), 3u);
  EXPECT_EQ(json["inputs"][0]["kind"], "heap snapshot");
  ASSERT_EQ(json["leaks"].size(), 1u);
  for (const char* key : {"rank", "kind", "culprit", "accumulates", "growth", "retained_bytes",
                          "sites", "why", "advice", "confidence", "score", "evidence"}) {
    EXPECT_TRUE(json["leaks"][0].contains(key)) << key;
  }
}

TEST_F(SnapshotSeries, AMemoryLogGivesTheCurve) {
  const Id list = heap.object("Array");
  heap.variable("log", list);
  judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  std::ofstream log(path("memory.jsonl"));
  for (int i = 1; i <= 4; ++i) {
    log << "{\"time_ms\":" << i << ",\"event\":\"after-gc\",\"heapUsed\":" << i * 1000 << "}\n";
  }
  log.close();
  EXPECT_EQ(kind_of_file(path("memory.jsonl")), FileKind::memory_log);
  const Report report = analyse_snapshots(files_, {path("memory.jsonl")});
  EXPECT_THAT(report.live_by_round, ElementsAre(1000, 2000, 3000, 4000));

  std::ofstream(path("bad.jsonl")) << "{\"heapUsed\":1}\n{\"heapUsed\":\"many\"}\n";
  EXPECT_THROW(analyse_snapshots(files_, {path("bad.jsonl")}), InputError);
}

TEST_F(SnapshotSeries, ARootOfAnyTypeEndsTheWayUp) {
  heap.damage_root();
  const Id list = heap.object("Array");
  heap.variable("log", list);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) heap.push(list, page());
  });
  EXPECT_EQ(report.leaks.size(), 1u) << text(report);
}

TEST_F(SnapshotSeries, FilesAreToldByTheirContents) {
  heap.write(path("one.txt"));
  EXPECT_EQ(kind_of_file(path("one.txt")), FileKind::snapshot);
  std::ofstream(path("empty")) << "";
  EXPECT_THROW(kind_of_file(path("empty")), InputError);
  std::ofstream(path("other")) << "PNG or whatever";
  EXPECT_THROW(kind_of_file(path("other")), InputError);
  EXPECT_THROW(kind_of_file(path("missing")), InputError);
  EXPECT_THROW(kind_of_file(path("")), InputError) << "a folder";
}

}  // namespace
}  // namespace heaplab::leakcheck
