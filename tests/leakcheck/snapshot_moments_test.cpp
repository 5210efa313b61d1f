// SPDX-License-Identifier: MIT
// Snapshots taken in the middle of something, and growth that is none: on heaps written by the
// test.
#include <gmock/gmock.h>

#include "snapshot_series.h"

namespace heaplab::leakcheck {
namespace {

using ::testing::HasSubstr;
using Id = SyntheticHeap::Id;

class SnapshotMoments : public SnapshotSeries {
 protected:
  /// The `count` youngest of what `list` held, and as many new ones as asked for.
  void turn_over(Id list, std::vector<Id>& items, int fresh, std::size_t limit) {
    for (int k = 0; k < fresh; ++k) items.push_back(page());
    if (items.size() > limit) items.erase(items.begin(), items.end() - static_cast<long>(limit));
    heap.clear(list);
    for (const Id item : items) heap.push(list, item);
  }
};

TEST_F(SnapshotMoments, HandlesIntoTheMiddleOfAListDoNotHideIt) {
  // Nothing but a timer's handle leads to the program, and the compiler looks at all of it.
  const Id scope = heap.scope_behind("(Global handles)");
  const Id list = heap.object("History");
  heap.variable_of(scope, "history", list);
  Id last = list;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    heap.let_go("(Handle scope)");
    heap.let_go("(Strong roots)");
    for (int k = 0; k < 150; ++k) {
      const Id link = heap.object("Link", 200);
      heap.property(last, "next", link);
      last = link;
      heap.hold("(Handle scope)", std::to_string(k), link);
      heap.hold("(Strong roots)", std::to_string(k) + " / IdentityMapBase", link);
    }
    heap.hold("(Handle scope)", "200", list);
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_THAT(report.leaks[0].culprit.path, HasSubstr("history"));
}

TEST_F(SnapshotMoments, ALocalVariableIsStillFound) {
  const Id map = heap.object("Array");
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    heap.let_go("(Stack roots)");
    heap.hold("(Stack roots)", "1", map);
    for (int k = 0; k < 150; ++k) heap.push(map, page());
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.type, "Array");
}

TEST_F(SnapshotMoments, WhatWeakReferencesWereReadOfIsNoLeak) {
  const Id refs = heap.object("Array");
  const Id kept = heap.node("array", "", 4000);
  heap.variable("documents", refs);
  heap.hold("(Strong roots)", "weak_refs_keep_during_job", kept);
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 300; ++k) {
      const Id document = page();
      const Id ref = heap.object("WeakRef", 200);
      heap.edge(ref, "weak", "target", document);
      heap.push(refs, ref);
      heap.edge(kept, "internal", std::to_string(k), document);
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
}

TEST_F(SnapshotMoments, ACacheInAScopeThatTimersHoldSaysNothingAboutTheTimers) {
  const Id timers = heap.object("TimersList");
  heap.hold("(Global handles)", "1", timers);
  const Id scope = heap.object("system / Context");
  const Id cache = heap.object("Array");
  heap.edge(scope, "context", "prices", cache);
  Id last = timers;
  std::vector<Id> prices;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 100; ++k) {
      const Id timer = heap.object("Timeout", 200);
      const Id callback = heap.node("closure", "poll", 200);
      heap.property(timer, "_onTimeout", callback);
      heap.edge(callback, "internal", "context", scope);
      heap.property(last, "_idleNext", timer);
      last = timer;
    }
    turn_over(cache, prices, 600, 500);
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].kind, Kind::timer);
  EXPECT_EQ(report.leaks[0].accumulates.type, "Timeout");
}

TEST_F(SnapshotMoments, ReadingsThatAreReplacedNowAndThenAreNoLeak) {
  const Id devices = heap.object("Array");
  heap.variable("devices", devices);
  std::vector<Id> all;
  for (int k = 0; k < 600; ++k) {
    all.push_back(heap.object("Device"));
    heap.property(all.back(), "reading", heap.object("Reading", 300));
    heap.push(devices, all.back());
  }
  std::size_t next = 0;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (int k = 0; k < 200; ++k) {
      heap.property(all[next++ % all.size()], "reading", heap.object("Reading", 300));
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
  ASSERT_EQ(report.grew_but_not_leaking.size(), 1u);
  EXPECT_THAT(report.grew_but_not_leaking[0].reason, HasSubstr("no more of them than before"));
}

TEST_F(SnapshotMoments, APoolThatTakesLessAndLessIsNoLeak) {
  const Id pool = heap.object("Array");
  heap.variable("idle", pool);
  const Report report = judge(4, [&](SyntheticHeap&, int i) {
    for (int k = 0; k < 800 >> (2 * i); ++k) heap.push(pool, page());
    heap.variable("current", heap.object("Request"));
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
  ASSERT_FALSE(report.grew_but_not_leaking.empty());
}

TEST_F(SnapshotMoments, ATreeWhoseFirstFloorIsNearlyFullLeaks) {
  const Id trie = heap.object("Object");
  heap.variable("completions", trie);
  std::vector<Id> letters;
  int next = 0;
  const Report report = judge(4, [&](SyntheticHeap&, int i) {
    while (letters.size() < (i < 2 ? 24u : 25u)) {
      letters.push_back(heap.object("Object"));
      heap.property(trie, std::string(1, static_cast<char>('a' + letters.size())), letters.back());
    }
    for (int k = 0; k < 300; ++k, ++next) {
      heap.property(letters[static_cast<std::size_t>(k) % letters.size()],
                    "w" + std::to_string(next), page());
    }
  });
  ASSERT_EQ(report.leaks.size(), 1u) << text(report);
  EXPECT_EQ(report.leaks[0].culprit.path, "completions");
}

TEST_F(SnapshotMoments, GrowthThatHasNoPlaceIsMentioned) {
  // Thirty modules, each of which forgets one request in a variable of its own in each round.
  std::vector<Id> scopes;
  for (int k = 0; k < 30; ++k) scopes.push_back(heap.scope_behind("(Global handles)"));
  int next = 0;
  const Report report = judge(3, [&](SyntheticHeap&, int) {
    for (const Id scope : scopes) {
      heap.variable_of(scope, "request" + std::to_string(next++), heap.object("Request", 2000));
    }
  });
  EXPECT_TRUE(report.leaks.empty()) << text(report);
  EXPECT_THAT(text(report), HasSubstr("all Request objects"));
  EXPECT_THAT(text(report), HasSubstr("there are more of them in each snapshot"));
}

}  // namespace
}  // namespace heaplab::leakcheck
