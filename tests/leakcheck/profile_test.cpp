// SPDX-License-Identifier: MIT
// Recordings that hold allocation profiles only, as the recorder of Node services writes them.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/trace/writer.h"
#include "profile/trend.h"

namespace heaplab::leakcheck {
namespace {

using profile::end_of_start_up;
using profile::mann_kendall;
using trace::StackId;

constexpr double kib = 1024;
constexpr double mib = 1024 * kib;

std::filesystem::path folder() {
  auto path = std::filesystem::path(testing::TempDir()) / "heaplab-profile-test";
  std::filesystem::create_directories(path);
  return path;
}

/// A function of the program, and how many bytes of its are alive in each of the rounds.
struct Function {
  std::vector<std::string> callers_and_name;  ///< "server.js:main", the outermost first
  std::function<double(int)> bytes;
};

class RecordingOfProfiles {
 public:
  explicit RecordingOfProfiles(const std::string& name)
      : path_((folder() / name).string()), writer_(path_) {
    writer_.info("sampling", "16384");
    writer_.info("program", "server.js");
  }
  StackId stack(const std::vector<std::string>& frames) {
    StackId stack = 0;
    std::uint32_t line = 1;
    for (const std::string& text : frames) {
      const std::size_t colon = text.rfind(':');
      stack = writer_.stack(
          stack, writer_.frame(text.substr(colon + 1), text.substr(0, colon), line++, 7));
    }
    return stack;
  }
  trace::RecordingWriter& writer() { return writer_; }
  Report judge(const std::vector<Function>& functions, int rounds = 20) {
    for (int round = 0; round < rounds; ++round) {
      std::vector<trace::ProfileEntry> entries;
      for (const Function& function : functions) {
        const auto bytes = static_cast<std::uint64_t>(function.bytes(round));
        if (bytes > 0) entries.push_back({stack(function.callers_and_name), bytes, 0});
      }
      writer_.profile(static_cast<std::uint64_t>(round + 1) * 1'000'000'000, entries);
    }
    writer_.finish();
    return analyse(path_);
  }

 private:
  std::string path_;
  trace::RecordingWriter writer_;
};

/// Moves up and down without going anywhere.
double noise(int round) { return 200 * kib * std::sin(round * 2.3); }

TEST(Profile, NamesTheFunctionWhoseAllocationsStay) {
  RecordingOfProfiles recording("grows.heaprec");
  const Report report =
      recording.judge({{{"node:http:emit", "server.js:handle", "server.js:open", ":set"},
                        [](int r) { return 300 * kib * r; }},
                       {{"node:http:emit", "server.js:handle", "server.js:render"},
                        [](int r) { return 2 * mib + noise(r); }}});
  ASSERT_EQ(report.leaks.size(), 1u);
  const Leak& leak = report.leaks[0];
  EXPECT_EQ(to_string(leak.kind), "growing allocation site");
  EXPECT_EQ(leak.culprit.path, "open") << "what the runtime allocates is its caller's doing";
  EXPECT_EQ(leak.culprit.place.text(), "server.js:3:7");
  EXPECT_NEAR(leak.growth.per_round, 300 * kib, 30 * kib);
  EXPECT_EQ(report.profiles, 20u);
}

TEST(Profile, AddsUpWhatAFunctionAllocatesForManyCallers) {
  RecordingOfProfiles recording("callers.heaprec");
  std::vector<Function> functions;
  for (int i = 0; i < 40; ++i) {
    functions.push_back({{"server.js:route" + std::to_string(i), "server.js:remember"},
                         [i](int r) { return r > i / 4 ? 10 * kib * (r - i / 4) : 0; }});
  }
  const Report report = recording.judge(functions);
  ASSERT_EQ(report.leaks.size(), 1u);
  EXPECT_EQ(report.leaks[0].culprit.path, "remember");
}

TEST(Profile, FollowsAFunctionIntoTheOneItWasInlinedInto) {
  RecordingOfProfiles recording("inlined.heaprec");
  // The constructor allocates until round 8; from then on the optimised caller does.
  const Report report = recording.judge(
      {{{"server.js:handle", "server.js:Session"},
        [](int r) { return 400 * kib * std::min(r, 8); }},
       {{"server.js:handle"}, [](int r) { return r > 8 ? 400 * kib * (r - 8) : 0; }}});
  ASSERT_GE(report.leaks.size(), 1u);
  EXPECT_EQ(report.leaks[0].culprit.path, "handle");
  bool lists_session = false;
  for (const Site& site : report.leaks[0].sites) lists_session |= site.place.function == "Session";
  EXPECT_TRUE(lists_session);
  EXPECT_NEAR(report.leaks[0].growth.values[8], 3200 * kib, kib) << "the curve is that of both";
}

TEST(Profile, AFunctionAndTheConstructorItCallsAreOneLeak) {
  RecordingOfProfiles recording("parts.heaprec");
  const Report report = recording.judge(
      {{{"server.js:main", "server.js:sell"}, [](int r) { return 250 * kib * r + noise(r) / 3; }},
       {{"server.js:main", "server.js:sell", "server.js:Ticket"},
        [](int r) { return 900 * kib * r + noise(2 * r); }},
       // Grows as well, but is called from elsewhere.
       {{"server.js:main", "server.js:audit"}, [](int r) { return 200 * kib * r; }}});
  ASSERT_EQ(report.leaks.size(), 2u);
  EXPECT_EQ(report.leaks[0].culprit.path, "Ticket");
  ASSERT_EQ(report.leaks[0].sites.size(), 2u);
  EXPECT_EQ(report.leaks[0].sites[1].place.function, "sell");
  EXPECT_GT(report.leaks[0].retained_bytes, 19u * 1100 * 1024);
  EXPECT_EQ(report.leaks[1].culprit.path, "audit");
}

TEST(Profile, WhatAPartOfALeakCallsIsPartOfIt) {
  RecordingOfProfiles recording("parts-of-parts.heaprec");
  // The session's own bytes are too few to be a finding: they are part of open's.
  const Report report = recording.judge(
      {{{"server.js:handle", "server.js:open"}, [](int r) { return 200 * kib * r; }},
       {{"server.js:handle", "server.js:open", "server.js:Session"},
        [](int r) { return 20 * kib * r; }},
       {{"server.js:handle", "server.js:open", "server.js:Session", ":from", "server.js:fill"},
        [](int r) { return 500 * kib * r; }}});
  ASSERT_EQ(report.leaks.size(), 1u);
  EXPECT_EQ(report.leaks[0].culprit.path, "fill");
  EXPECT_EQ(report.leaks[0].sites.size(), 3u);
}

TEST(Profile, ALeakThatBeganLaterThanItsCallersIsAnother) {
  RecordingOfProfiles recording("later.heaprec");
  const Report report = recording.judge({{{"server.js:main", "server.js:sell"},
                                          [](int r) { return 400 * kib * r + 30 * kib * r * r; }},
                                         {{"server.js:main", "server.js:sell", "server.js:note"},
                                          [](int r) { return 300 * kib * std::sqrt(20.0 * r); }}});
  EXPECT_EQ(report.leaks.size(), 2u);
}

TEST(Profile, AFunctionWithManyCallersIsNoPartOfOne) {
  RecordingOfProfiles recording("two.heaprec");
  const Report report =
      recording.judge({{{"server.js:main", "server.js:sell"}, [](int r) { return 250 * kib * r; }},
                       {{"server.js:main", "server.js:sell", "server.js:note"},
                        [](int r) { return 200 * kib * r; }},
                       {{"server.js:main", "server.js:buy", "server.js:note"},
                        [](int r) { return 200 * kib * r; }}});
  ASSERT_EQ(report.leaks.size(), 2u);
}

TEST(Profile, SaysThatNothingWasJudgedWhereThereIsNone) {
  RecordingOfProfiles recording("at-once.heaprec");
  recording.writer().memory({});
  const Report report = recording.judge({}, 0);
  EXPECT_TRUE(report.judged_nothing);
  const std::string text = to_text(report, Painter(-1), 80);
  EXPECT_NE(text.find("Nothing was judged"), std::string::npos) << text;
  EXPECT_EQ(text.find("No leak found"), std::string::npos) << text;
  RecordingOfProfiles other("judged.heaprec");
  EXPECT_FALSE(other.judge({{{"app.js:work"}, [](int) { return mib; }}}).judged_nothing);
}

TEST(Profile, JudgesEachHeapOfSeveralByItself) {
  RecordingOfProfiles recording("heaps.heaprec");
  trace::RecordingWriter& writer = recording.writer();
  const trace::ThreadId first = writer.thread("worker 1", "heap 1");
  const trace::ThreadId second = writer.thread("worker 2", "heap 2");
  // One grows, the other has more and does not: put together, it would go up and down.
  for (int round = 0; round < 20; ++round) {
    const auto time = static_cast<std::uint64_t>(round + 1) * 1'000'000'000;
    const auto grown = static_cast<std::uint64_t>(300 * kib * round);
    const StackId leaking = recording.stack({"app.js:handle", "app.js:remember"});
    const StackId cache = recording.stack({"app.js:handle", "app.js:fill"});
    writer.switch_thread(first);
    writer.profile(time, std::vector<trace::ProfileEntry>{{leaking, grown, 0}});
    writer.switch_thread(second);
    writer.profile(time + 1, std::vector<trace::ProfileEntry>{{cache, 30u << 20, 0}});
  }
  const Report report = recording.judge({}, 0);
  ASSERT_EQ(report.leaks.size(), 1u);
  EXPECT_EQ(report.leaks[0].culprit.path, "remember");
  EXPECT_EQ(report.leaks[0].heap, "heap 1");
  EXPECT_EQ(report.heaps, 2u);
  EXPECT_EQ(report.profiles, 40u);
}

TEST(Profile, LeavesTheStartUpOut) {
  // What is loaded first and let go of would look like data that comes and goes.
  RecordingOfProfiles recording("start.heaprec");
  const Report report =
      recording.judge({{{"app.js:work"}, [](int r) {
                          return r < 5 ? 4 * mib * (r + 1) : 2 * mib + 300 * kib * (r - 5);
                        }}});
  ASSERT_EQ(report.leaks.size(), 1u);
  EXPECT_NE(report.leaks[0].evidence.at(1).find("start-up is left out"), std::string::npos);
  EXPECT_NEAR(report.leaks[0].growth.per_round, 300 * kib, 30 * kib);

  RecordingOfProfiles other("load.heaprec");
  const Report clean =
      other.judge({{{"app.js:load"}, [](int r) { return 4 * mib * std::min(r + 1, 5); }},
                   {{"app.js:work"}, [](int r) { return mib + noise(r); }}});
  EXPECT_TRUE(clean.leaks.empty());
}

TEST(Profile, BlamesNeitherTablesThatAreFullNorQueuesNorChance) {
  RecordingOfProfiles recording("clean.heaprec");
  const Report report = recording.judge(
      {{{"app.js:cache"}, [](int r) { return mib * std::min(r, 9); }},
       {{"app.js:queue"}, [](int r) { return mib * (r % 5); }},
       {{"app.js:chance"}, [](int r) { return 30 * mib + noise(r) + noise(3 * r); }}});
  EXPECT_TRUE(report.leaks.empty());
  EXPECT_FALSE(report.grew_but_not_leaking.empty());
}

TEST(Profile, SaysNothingOfFewProfiles) {
  RecordingOfProfiles recording("short.heaprec");
  EXPECT_TRUE(recording.judge({{{"a.js:f"}, [](int r) { return mib * r; }}}, 5).leaks.empty());
}

TEST(Profile, SnapshotsOutsideTheFolderOrGoneAreNotRead) {
  RecordingOfProfiles recording("attached.heaprec");
  auto attach = [&](const char* path) {
    trace::Attachment attachment;
    attachment.time_ns = 1;
    attachment.kind = recording.writer().string("heapsnapshot");
    attachment.path = recording.writer().string(path);
    recording.writer().attachment(attachment);
  };
  const auto outside = folder().parent_path() / "outside.heapsnapshot";
  std::ofstream(outside) << "{}";
  attach("../outside.heapsnapshot");
  attach(outside.c_str());
  attach("gone.heapsnapshot");
  const Report report = recording.judge({{{"a.js:f"}, [](int r) { return mib * r; }}});
  EXPECT_EQ(report.leaks.size(), 1u);
  EXPECT_NE(report.note.find("1 heap snapshot of this recording is no longer there"),
            std::string::npos)
      << report.note;
}

TEST(Trend, MannKendallCountsPairs) {
  const std::vector<double> rising{1, 2, 3, 4, 5, 6};
  EXPECT_NEAR(mann_kendall(rising), 14 / std::sqrt(6.0 * 5 * 17 / 18), 1e-9);
  const std::vector<double> falling(rising.rbegin(), rising.rend());
  EXPECT_NEAR(mann_kendall(falling), -mann_kendall(rising), 1e-9);
  // A textbook case with ties: S = 8, variance = (n(n-1)(2n+5) - 2·1·9 - 2·1·9) / 18.
  const std::vector<double> ties{1, 1, 2, 2, 3};
  EXPECT_NEAR(mann_kendall(ties), 7 / std::sqrt((5.0 * 4 * 15 - 18 - 18) / 18), 1e-9);
  EXPECT_EQ(mann_kendall(std::vector<double>(9, 4.0)), 0);
}

TEST(Trend, TheStartUpEndsWhereTheCurveBends) {
  std::vector<double> seconds, bent, straight;
  for (int i = 0; i < 30; ++i) {
    seconds.push_back(i);
    bent.push_back(i < 6 ? 10.0 * i : 50 + 0.5 * i);
    straight.push_back(10.0 * i);
  }
  EXPECT_NEAR(static_cast<double>(end_of_start_up(seconds, bent)), 6, 1);
  EXPECT_EQ(end_of_start_up(seconds, straight), 0u);
  EXPECT_EQ(end_of_start_up(std::vector<double>{1, 2}, std::vector<double>{1, 2}), 0u);
}

}  // namespace
}  // namespace heaplab::leakcheck
