// SPDX-License-Identifier: MIT
// Recordings without a heap graph, made up: the statistics, the names, and who is to blame.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "native/functions.h"
#include "native/live_objects.h"
#include "native/trend.h"

namespace heaplab::leakcheck {
namespace {

TEST(MannKendall, KnowsARiseFromChance) {
  EXPECT_NEAR(native::mann_kendall({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).tau, 1, 1e-9);
  // By hand: 45 of 45 pairs rise, variance 10 · 9 · 25 / 18 = 125.
  EXPECT_NEAR(native::mann_kendall({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}).z, 44 / 11.1803398875, 1e-6);
  EXPECT_NEAR(native::mann_kendall({3, 1, 2}).tau, -1.0 / 3, 1e-9);
  EXPECT_LT(std::abs(native::mann_kendall({5, 1, 4, 2, 5, 1, 4, 2, 5, 1}).z), 2.33);
  EXPECT_EQ(native::mann_kendall({7, 7, 7, 7, 7}).z, 0);
  EXPECT_LT(native::mann_kendall({9, 8, 7, 6, 5, 4, 3, 2}).z, -2.33);
}

TEST(TheilSen, IsNotMovedByAFewOddValues) {
  EXPECT_EQ(native::theil_sen({0, 2, 4, 6, 8}), 2);
  EXPECT_NEAR(native::theil_sen({0, 2, 4, 1000, 8, 10, 12, 14, 16}), 2, 1e-9);
  EXPECT_EQ(native::theil_sen({}), 0);
}

TEST(FunctionNames, AreAsAProgrammerSaysThem) {
  const std::map<std::string, std::string> names = {
      {"main", "main"},
      {"insert(int, char const*)", "insert"},
      {"void Cache<std::pair<int, int> >::insert(std::pair<int, int> const&) const",
       "Cache::insert"},
      {"(anonymous namespace)::store(int)", "(anonymous namespace)::store"},
      {"void (anonymous namespace)::Table<int>::store(int)", "(anonymous namespace)::Table::store"},
      {"operator new(unsigned long)", "operator new"},
      {"std::ostream& operator<< <int>(std::ostream&, int)", "operator<<"},
      {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda(int)#1}::operator()"},
      {"std::__cxx11::basic_string<char>::reserve(unsigned long)",
       "std::__cxx11::basic_string::reserve"},
      {"", ""}};
  for (const auto& [full, name] : names) EXPECT_EQ(native::short_name(full), name) << full;
  EXPECT_TRUE(native::is_standard_library("std::__cxx11::basic_string::reserve"));
  EXPECT_FALSE(native::is_standard_library("stdlike::reserve"));
  EXPECT_TRUE(native::is_allocator("xmalloc"));
  EXPECT_TRUE(native::is_allocator("my::Pool::allocate"));
  EXPECT_FALSE(native::is_allocator("alloc::count"));
}

TEST(LiveObjects, AreFoundWhateverGoes) {
  native::LiveObjects live;
  std::map<trace::ObjectId, std::uint64_t> expected;
  std::uint64_t state = 1;
  trace::ObjectId next = 0;
  for (int step = 0; step < 200'000; ++step) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    if ((state >> 33) % 5 < 3 || expected.empty()) {
      live.add({++next, state >> 40, 1, 2});
      expected[next] = state >> 40;
    } else {
      const auto victim = (state >> 35) % 2 == 0 ? expected.begin() : std::prev(expected.end());
      EXPECT_EQ(live.take(victim->first).bytes, victim->second);
      expected.erase(victim);
    }
  }
  EXPECT_EQ(live.take(next + 1).id, 0U);
  std::size_t seen = 0;
  live.for_each([&](const native::LiveObject& object) {
    EXPECT_EQ(expected.at(object.id), object.bytes);
    ++seen;
  });
  EXPECT_EQ(seen, expected.size());
}

/// A raw heaptrack file without names: stack 1 is `main`, 2 `helper` from main, and so on.
class Recorded : public ::testing::Test {
 protected:
  ~Recorded() override { ::unlink(path_.c_str()); }

  void line(const std::string& text) { text_ += text + "\n"; }
  static std::string hex(std::uint64_t value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(value));
    return buffer;
  }
  std::uint64_t allocate(std::uint64_t bytes, unsigned stack) {
    pointer_ += 16;
    line("+ " + hex(bytes) + " " + hex(stack) + " " + hex(pointer_));
    return pointer_;
  }
  void release(std::uint64_t pointer) { line("- " + hex(pointer)); }
  void tick() { line("c " + hex(time_ += 10)); }

  Report judge(const std::vector<std::string>& suppressions = {}) {
    std::ofstream(path_) << text_;
    Options options;
    options.suppressed_stacks = suppressions;
    return analyse(path_, options);
  }
  static std::string names(const Report& report) {
    std::string result;
    for (const Leak& leak : report.leaks) result += leak.culprit.path + " ";
    return result;
  }

  static bool says(const Leak& leak, const std::string& words) {
    return std::any_of(leak.evidence.begin(), leak.evidence.end(), [&](const std::string& line) {
      return line.find(words) != std::string::npos;
    });
  }

  /// 1: main; 2: main > wrap; 3: main > keeper > wrap; 4: main > freer > wrap.
  std::string text_ =
      "v 10400 3\nx 4 /app\nX /app\nI 1000 1\nm 4 /app 0 1000 9000\n"
      "t 1010 0\nt 2010 1\nt 3010 1\nt 2010 3\nt 4010 1\nt 2010 5\n";
  static constexpr unsigned direct = 2, by_keeper = 4, by_freer = 6;

 private:
  std::string path_ = "native-" + std::to_string(::getpid());
  std::uint64_t pointer_ = 0x10000;
  std::uint64_t time_ = 0;
};

TEST_F(Recorded, WhoKeepsIsToBlameNotWhoHandsOut) {
  for (int i = 0; i < 100; ++i) {
    allocate(1000, by_keeper);
    release(allocate(5000, by_freer));
    tick();
  }
  EXPECT_EQ(names(judge()), "app+0x3010 ");
}

TEST_F(Recorded, AmongThoseThatKeepTheOneThatGoesOnIsToBlame) {
  line("t 5010 1\nt 2010 7");     // 8: main > another > wrap
  for (int i = 0; i < 30; ++i) {  // at the start, and for good
    allocate(1000, by_freer);
    allocate(1000, 8);
  }
  for (int i = 0; i < 100; ++i) {
    allocate(1000, by_keeper);
    tick();
  }
  const Report report = judge();
  ASSERT_EQ(names(report), "app+0x3010 ");
  EXPECT_TRUE(says(report.leaks[0],
                   "app+0x2010 allocates for others too; what it gives app+0x4010, app+0x5010 "));
  ASSERT_EQ(report.leaks[0].stack.size(), 3U);
  EXPECT_EQ(report.leaks[0].stack[0].place.function, "app+0x2010");
  EXPECT_FALSE(report.leaks[0].stack[0].is_culprit);
  EXPECT_TRUE(report.leaks[0].stack[1].is_culprit);
}

TEST_F(Recorded, WhoAllocatesIsToBlameIfAllKeep) {
  for (int i = 0; i < 100; ++i) {
    allocate(1000, by_keeper);
    allocate(500, by_freer);
    tick();
  }
  EXPECT_EQ(names(judge()), "app+0x2010 ");
}

TEST_F(Recorded, StartUpIsNoLeak) {
  for (int i = 0; i < 1000; ++i) allocate(1000, by_keeper);
  for (int i = 0; i < 100; ++i) {
    release(allocate(5000, by_freer));
    tick();
  }
  const Report report = judge();
  EXPECT_EQ(names(report), "");
  ASSERT_EQ(report.grew_but_not_leaking.size(), 1U);
  EXPECT_EQ(report.grew_but_not_leaking[0].reason,
            "never freed, but it does not grow: it was allocated once and kept");
}

TEST_F(Recorded, WhatIsPutAwayAtTheEndStillGrew) {
  std::vector<std::uint64_t> kept;
  for (int i = 0; i < 100; ++i) {
    kept.push_back(allocate(1000, direct));
    tick();
  }
  for (const std::uint64_t pointer : kept) release(pointer);
  for (int i = 0; i < 300; ++i) tick();  // to end takes longer than to work
  const Report report = judge();
  ASSERT_EQ(names(report), "app+0x2010 ");
  EXPECT_LT(report.leaks[0].confidence, 0.9);
  EXPECT_EQ(report.leaks[0].kind, Kind::freed_at_exit);
  EXPECT_TRUE(says(report.leaks[0], "none freed while the program worked; the program frees all"));
  EXPECT_GT(report.live_bytes, 90'000U);
  EXPECT_EQ(report.exit_live_bytes, 0U);
  EXPECT_NE(to_text(report, Painter(false), 80).find("when its work ended; 0 B after"),
            std::string::npos);
}

TEST_F(Recorded, AReallocThatGrowsIsOne) {
  std::uint64_t buffer = allocate(1000, direct);
  for (std::uint64_t i = 0; i < 100; ++i) {
    release(buffer);
    buffer = allocate(1000 + 2000 * i, direct);
    tick();
  }
  const Report report = judge();
  ASSERT_EQ(names(report), "app+0x2010 ");
  EXPECT_EQ(report.leaks[0].kind, Kind::growing_block);
}

/// A vector with room for `first` things, doubled when full, until there are `last`.
class Doubling : public Recorded {
 protected:
  void fill(std::uint64_t rounds, std::uint64_t filling_rounds, std::uint64_t first) {
    std::uint64_t room = first;
    std::uint64_t buffer = allocate(100 * room, direct);
    for (std::uint64_t i = 0; i < rounds; ++i) {
      if (i < filling_rounds && 10 * i >= room) {
        const std::uint64_t larger = allocate(200 * room, direct);
        release(std::exchange(buffer, larger));
        room *= 2;
      }
      release(allocate(50, by_freer));
      tick();
    }
  }
};

TEST_F(Doubling, IsALeakIfItGoesOnWhereverTheLastStepIs) {
  for (std::uint64_t first = 8; first < 16; ++first) {
    const std::string beginning = text_;
    fill(400, 400, first);
    const Report report = judge();
    EXPECT_EQ(names(report), "app+0x2010 ") << first;
    if (report.leaks.empty()) continue;
    EXPECT_EQ(report.leaks[0].kind, Kind::growing_block);
    EXPECT_TRUE(says(report.leaks[0], "It grew in "));
    text_ = beginning;
  }
}

TEST_F(Doubling, IsNoneIfItEnded) {
  for (std::uint64_t first = 8; first < 16; ++first) {
    const std::string beginning = text_;
    fill(400, 160, first);
    EXPECT_EQ(names(judge()), "") << first;
    text_ = beginning;
  }
}

TEST_F(Recorded, WhatIsFreedBesideWhatStaysIsNotReplaced) {
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t head = allocate(16, direct);
    allocate(1000, direct);  // its buffer, which is forgotten
    release(head);
    tick();
  }
  const Report report = judge();
  ASSERT_EQ(names(report), "app+0x2010 ");
  EXPECT_EQ(report.leaks[0].kind, Kind::never_freed);
}

TEST_F(Doubling, IsNoneIfItsTimePassedSlowly) {
  std::uint64_t room = 16;
  std::vector<std::uint64_t> old;
  for (int i = 0; i < 500; ++i) old.push_back(allocate(16, by_freer));
  std::uint64_t buffer = allocate(100 * room, direct);
  for (std::uint64_t i = 0; i < 4000; ++i) {
    if (i % 10 == 0) tick();
    if (i < 1400 && i >= room) {
      const std::uint64_t larger = allocate(200 * room, direct);
      release(std::exchange(buffer, larger));
      room *= 2;
    }
    release(allocate(50, by_freer));
    for (int wait = 0; i < 1400 && i % 10 == 0 && wait < 3; ++wait) {  // the machine is busy
      release(old.back());
      old.pop_back();
      tick();
    }
  }
  EXPECT_EQ(names(judge()), "");
}

TEST_F(Recorded, AFunctionAndTheOneItCallsAreOneLeak) {
  line("t 5010 2");  // 7: main > wrap > a function it calls
  std::vector<std::uint64_t> nodes;
  for (int i = 0; i < 100; ++i) {
    allocate(1000, direct);
    nodes.push_back(allocate(100, 7));
    tick();
  }
  for (const std::uint64_t node : nodes) release(node);
  const Report report = judge();
  ASSERT_EQ(names(report), "app+0x2010 ");
  EXPECT_EQ(report.leaks[0].kind, Kind::never_freed);
  EXPECT_TRUE(says(report.leaks[0], "app+0x5010 allocates a part of it"));
  EXPECT_EQ(report.leaks[0].accumulates.count % 2, 0U);
}

TEST_F(Recorded, TwoThatOneFunctionCallsAreTwoLeaks) {
  line("t 5010 1");  // 7: main > another function
  for (int i = 0; i < 100; ++i) {
    allocate(1000, direct);
    allocate(500, 7);
    tick();
  }
  EXPECT_EQ(names(judge()), "app+0x2010 app+0x5010 ");
}

TEST_F(Recorded, WhatComesAndGoesIsNone) {
  std::vector<std::uint64_t> kept;
  for (int i = 0; i < 200; ++i) {
    kept.push_back(allocate(2000, direct));
    if (kept.size() == 60) {
      for (const std::uint64_t pointer : kept) release(pointer);
      kept.clear();
    }
    tick();
  }
  EXPECT_EQ(names(judge()), "");
}

TEST_F(Recorded, WhatGrewInAShortWhileIsNone) {
  for (int i = 0; i < 400; ++i) allocate(1000, direct);
  for (int i = 0; i < 10; ++i) tick();  // too few to tell the time by
  EXPECT_EQ(names(judge()), "");
}

TEST_F(Recorded, WithoutTimesAllocationsAreTheClock) {
  for (int i = 0; i < 400; ++i) {
    allocate(1000, by_keeper);
    release(allocate(10, by_freer));
  }
  EXPECT_EQ(names(judge()), "app+0x3010 ");
}

TEST_F(Recorded, SuppressionsTakeStacksAway) {
  for (int i = 0; i < 100; ++i) {
    allocate(1000, by_keeper);
    release(allocate(5000, by_freer));
    tick();
  }
  EXPECT_EQ(names(judge({"^app+0x3010$"})), "");
  EXPECT_EQ(names(judge({"/app"})), "");  // the module
  EXPECT_EQ(names(judge({"0x9"})), "app+0x3010 ");
  line("S leak:0x3010");  // the program's own
  EXPECT_EQ(names(judge()), "");
}

TEST_F(Recorded, TooShortToTell) {
  for (int i = 0; i < 3; ++i) allocate(100'000, direct);
  const Report report = judge();
  EXPECT_EQ(names(report), "");
  EXPECT_FALSE(to_text(report, Painter(false), 80).empty());
}

TEST_F(Recorded, NothingAtAll) { EXPECT_EQ(names(judge()), ""); }

}  // namespace
}  // namespace heaplab::leakcheck
