// SPDX-License-Identifier: MIT
// Recordings of GarCoSim and Elephant Tracks, and V8's heap profiles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "text_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// What happened, with writes and roots: "t1 a1:114:class_6 r+1 w1.3:0>2 f2 p16@f<-g".
class Events : public RecordingVisitor {
 public:
  explicit Events(const RecordingSource& source) : source_(source) {}
  void on_allocation(const Allocation& a) override {
    std::string stack;
    for (StackId id = a.stack; id != 0; id = source_.tables().stacks[id].parent) {
      stack += "<" + source_.tables().text(source_.tables().innermost(id).function);
    }
    add((a.adopted ? "A" : "a") + std::to_string(a.id) + ":" + std::to_string(a.bytes) + ":" +
        source_.tables().type_name(a.type) + stack);
  }
  void on_write(const PointerWrite& w) override {
    add("w" + std::to_string(w.host) + "." + std::to_string(w.slot.index) + ":" +
        std::to_string(w.old_value) + ">" + std::to_string(w.new_value));
  }
  void on_roots(const RootChange& change) override {
    std::string change_text = "r";
    for (const ObjectId id : change.removed) change_text += "-" + std::to_string(id);
    for (const ObjectId id : change.added) change_text += "+" + std::to_string(id);
    add(change_text);
  }
  void on_thread(ThreadId id) override {
    add("t" + source_.tables().text(source_.tables().threads[id].name));
  }
  void on_free(ObjectId id) override { add("f" + std::to_string(id)); }
  void on_profile(std::uint64_t, std::span<const ProfileEntry> entries) override {
    for (const ProfileEntry& entry : entries) {
      std::string line = "p" + std::to_string(entry.bytes);
      for (StackId id = entry.stack; id != 0; id = source_.tables().stacks[id].parent) {
        const Frame& frame = source_.tables().innermost(id);
        line += "<" + source_.tables().text(frame.function) + ":" + std::to_string(frame.line);
      }
      add(line);
    }
  }
  std::string text;

 private:
  void add(const std::string& event) { text += (text.empty() ? "" : " ") + event; }
  const RecordingSource& source_;
};

ReadText read(const std::string& contents, const std::string& dialect = "") {
  const TextFile file(contents);
  ReadText result;
  try {
    const auto source = open_recording(file.path(), {dialect});
    Events events(*source);
    result.extent = source->read(events);
    result.journal = events.text;
    result.info = source->info();
    result.format = source->format();
  } catch (const InputError& error) {
    result.error = error.what();
  }
  return result;
}

const std::string garcosim =
    "a T5 O1 S114 N8 C6\n"
    "+ T5 O1\n"
    "a T5 O2 S16 N0 C7\n"
    "w T5 P1 #3 O2 F65 S8 V1\n"
    "r T5 O2 F16 S8 V0\n"
    "c T6 C2 F58 O2 S8 V0\n"
    "s T6 O2 F8 S4 V0\n"
    "w T5 P1 #3 O0 F65 S8 V0\n"
    "+ T5 O1\n"
    "- T5 O1\n"
    "- T5 O1\n"
    "- T5 O2\n"
    "c T6 C2 F58 O0 S8 V0\n";

TEST(GarCoSim, SaysWhatHappened) {
  const ReadText result = read(garcosim);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.format, "GarCoSim");
  EXPECT_EQ(result.journal,
            "t5 a1:114:class 6 r+1 a2:16:class 7 w1.3:0>2 t6 A3:0:class 2 r+3 w3.58:0>2 t5 "
            "w1.3:2>0 r-1 t6 w3.58:2>0");
  EXPECT_EQ(result.info.at("writes"), "all");
  EXPECT_EQ(result.info.at("roots"), "1");
  EXPECT_EQ(result.info.at("times"), "none");
  EXPECT_EQ(result.info.count("deaths"), 0U);
  EXPECT_THAT(result.info.at("unknown roots"), HasSubstr("1 were removed"));
  EXPECT_THAT(result.info.at("static areas"), HasSubstr("1, objects of size 0"));
  EXPECT_EQ(result.extent.clock, 130U);
  EXPECT_EQ(result.extent.objects, 3U);
}

TEST(GarCoSim, MayEndAnywhere) {
  for (std::size_t size = garcosim.find('\n') + 1; size < garcosim.size(); ++size) {
    const ReadText result = read(garcosim.substr(0, size));
    EXPECT_EQ(result.error, "") << size;
    EXPECT_EQ(result.extent.complete, garcosim[size - 1] == '\n') << size;
  }
}

TEST(GarCoSim, RefusesWhatCannotBe) {
  const struct {
    const char* line;
    const char* says;
  } cases[] = {{"a T5 O1 S1 N0 C1", "allocated twice"},
               {"a T5 O2 S99999999999999999 N0 C1", "more bytes than any memory"},
               {"a T5 O2 N0 C1", "has no S"},
               {"+ T5 O9", "the object 9 was never allocated"},
               {"w T5 P0 #1 O1", "a write into no object"},
               {"w T5 P1 #x O1", "#x is no number"},
               {"w T5 P1 #99999999999 O1", "slot's number is too large"},
               {"+ T5 O0", "no object is no root"},
               {"w P1 #1 O1", "has no T"},
               {"z T5 O1", "unknown operation"}};
  for (const auto& [line, says] : cases) {
    const std::string first = "a T5 O1 S8 N1 C1\n";
    EXPECT_THAT(read(first + line + "\n").error,
                AllOf(HasSubstr(says), HasSubstr("(at byte " + std::to_string(first.size()) + ")")))
        << line;
  }
}

/// A program whose reachable objects are known from a model beside it: those the recording's roots
/// and writes lead to must be the same.
class Reach : public RecordingVisitor {
 public:
  void on_write(const PointerWrite& w) override {
    ObjectId& value = slots[w.host][w.slot.index];
    EXPECT_EQ(value, w.old_value);
    value = w.new_value;
  }
  void on_roots(const RootChange& change) override {
    for (const ObjectId id : change.removed) EXPECT_EQ(roots.erase({thread, id}), 1U);
    for (const ObjectId id : change.added) EXPECT_TRUE(roots.insert({thread, id}).second);
  }
  void on_thread(ThreadId id) override { thread = id; }
  std::set<ObjectId> alive() const {
    std::set<ObjectId> found;
    std::vector<ObjectId> todo;
    for (const auto& [of, id] : roots) todo.push_back(id);
    while (!todo.empty()) {
      const ObjectId id = todo.back();
      todo.pop_back();
      if (id == 0 || !found.insert(id).second) continue;
      const auto values = slots.find(id);
      if (values == slots.end()) continue;
      for (const auto& [slot, value] : values->second) todo.push_back(value);
    }
    return found;
  }
  ThreadId thread = 0;
  std::set<std::pair<ThreadId, ObjectId>> roots;
  std::map<ObjectId, std::map<std::uint32_t, ObjectId>> slots;
};

TEST(GarCoSim, RandomProgramsKeepWhatTheModelKeeps) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return random() % n; };
    std::string text = "a T1 O1 S8 N4 C1\n+ T1 O1\n";
    std::vector<std::map<int, std::size_t>> slots(2);  // objects have the same numbers in both
    std::map<std::pair<std::size_t, std::size_t>, int> roots{{{1, 1}, 1}};
    for (int step = 0; step < 400; ++step) {
      const std::size_t thread = 1 + below(3);
      const std::string t = " T" + std::to_string(thread);
      const std::size_t object = 1 + below(slots.size() - 1);
      const std::size_t other = below(slots.size());
      switch (below(4)) {
        case 0:
          text += "a" + t + " O" + std::to_string(slots.size()) + " S16 N4 C2\n";
          slots.emplace_back();
          break;
        case 1: {
          const int slot = static_cast<int>(below(4));
          text += "w" + t + " P" + std::to_string(object) + " #" + std::to_string(slot) + " O" +
                  std::to_string(other) + " F0 S8 V0\n";
          slots[object][slot] = other;
          break;
        }
        case 2:
          text += "+" + t + " O" + std::to_string(object) + "\n";
          ++roots[{thread, object}];
          break;
        default: {
          const auto count = roots.find({thread, object});
          if (count == roots.end()) break;
          text += "-" + t + " O" + std::to_string(object) + "\n";
          if (--count->second == 0) roots.erase(count);
        }
      }
    }
    std::set<std::size_t> alive;
    std::vector<std::size_t> todo;
    for (const auto& [key, count] : roots) todo.push_back(key.second);
    while (!todo.empty()) {
      const std::size_t object = todo.back();
      todo.pop_back();
      if (object == 0 || !alive.insert(object).second) continue;
      for (const auto& [slot, value] : slots[object]) todo.push_back(value);
    }
    const TextFile file(text);
    Reach reach;
    open_recording(file.path())->read(reach);
    EXPECT_EQ(reach.alive(), std::set<ObjectId>(alive.begin(), alive.end())) << "seed " << seed;
  }
}

const std::string elephant =
    "M 7 0 1\n"
    "N 101 24 java/lang/String 5 0 2\n"
    "M 8 101 3\n"
    "A 102 32 [B 6 10 4\n"
    "U 102 101 3 5\n"
    "E 8 6\n"
    "U 0 101 3 7\n"
    "D 102 1 8\n"
    "N 101 16 Foo 5 0 9\n"
    "D 999 1 9\n";

TEST(ElephantTracks, SaysWhatHappened) {
  const ReadText result = read(elephant);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.format, "Elephant Tracks");
  EXPECT_EQ(result.journal,
            "a1:24:java.lang.String<site 5<method 7 a2:32:[B<site 6<method 8<method 7 w1.3:0>2 "
            "w1.3:2>0 f2 a3:16:Foo<site 5<method 7");
  EXPECT_EQ(result.info.at("deaths"), "exact");
  EXPECT_EQ(result.info.at("identity"), "lost");
  EXPECT_THAT(result.info.at("id collisions"), HasSubstr("1 objects"));
  EXPECT_THAT(result.info.at("unknown objects"), HasSubstr("1 mentions"));
  EXPECT_THAT(result.info.at("dialect"), HasSubstr("et3, by the number of fields"));
  EXPECT_EQ(result.info.count("writes"), 0U);  // static fields are missing
}

TEST(ElephantTracks, DialectsOrderFieldsInTheirWays) {
  const std::string objects = "N 1 8 A 0 0 0\nN 2 8 B 0 0 0\n";
  const auto last = [](const ReadText& result) {
    EXPECT_EQ(result.error, "");
    return result.journal.substr(result.journal.rfind(' ') + 1);
  };
  EXPECT_EQ(last(read(objects + "U 2 1 5 0\n")), "w1.5:0>2");
  EXPECT_EQ(last(read(objects + "U 1 2 5 0\n", "et3-receiver-first")), "w1.5:0>2");
  EXPECT_EQ(last(read(objects + "U 2 5 1 0\n", "et2")), "w1.5:0>2");
  EXPECT_EQ(last(read(objects + "U 0 1 2 1f 0\n", "et1")), "w1.31:0>2");
  EXPECT_EQ(last(read("N a 8 A 0 0\nN b 8 B 0 0\nU 0 a b 5 0\n", "et1")), "w1.5:0>2");
  EXPECT_THAT(read(objects, "et9").error, HasSubstr("has no dialect \"et9\""));
}

TEST(ElephantTracks, MayEndAnywhereAndRefusesWhatCannotBe) {
  for (std::size_t size = 8; size < elephant.size(); ++size) {
    const ReadText result = read(elephant.substr(0, size));
    EXPECT_EQ(result.error, "") << size;
  }
  const struct {
    const char* line;
    const char* says;
  } cases[] = {{"N 1 8 A 0", "too few fields"},
               {"N x 8 A 0 0 0", "field 1 should be a number"},
               {"N 1 99999999999999999 A 0 0 0", "more bytes than any memory"},
               {"U 1 2 x 0", "field 3 should be a number"},
               {"U 1 2 99999999999 0", "field's number is too large"},
               {"Q 1 2", "unknown record"}};
  for (const auto& [line, says] : cases) {
    EXPECT_THAT(read(std::string("M 1 0 0\n") + line + "\n").error,
                AllOf(HasSubstr(says), HasSubstr("(at byte 8)")))
        << line;
  }
}

const std::string profile =
    R"j({"head":{"callFrame":{"functionName":"(root)","scriptId":"0","url":"","lineNumber":-1,)j"
    R"j("columnNumber":-1},"selfSize":0,"id":1,"children":[{"callFrame":{"functionName":"main",)j"
    R"j("scriptId":"7","url":"file:///a.js","lineNumber":4,"columnNumber":2},"selfSize":100,"id":2,)j"
    R"j("children":[{"callFrame":{"functionName":"","scriptId":"7","url":"file:///a.js",)j"
    R"j("lineNumber":9,"columnNumber":0},"selfSize":4096,"id":3,"children":[]}]}]},)j"
    R"j("samples":[{"size":100,"nodeId":2,"ordinal":1},{"size":4096,"nodeId":3,"ordinal":2}]})j";

TEST(HeapProfile, IsOneProfile) {
  const ReadText result = read(profile);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(result.format, "V8 heap profile");
  EXPECT_EQ(result.journal, "p100<main:5 p4096<(anonymous):10<main:5");
  EXPECT_EQ(result.info.at("samples"), "2");
  EXPECT_TRUE(result.extent.complete);
  EXPECT_EQ(result.extent.objects, 0U);
}

TEST(HeapProfile, WhatIsCutOrDamagedIsRefused) {
  for (std::size_t size = 10; size < profile.size(); ++size) {
    EXPECT_NE(read(profile.substr(0, size)).error, "") << size;
  }
  EXPECT_THAT(read(R"({"head":{"selfSize":1e300}})").error, HasSubstr("a size out of range"));
  std::string deep = R"({"head":{"children":)" + std::string(200'000, '[');
  EXPECT_THAT(read(deep).error, HasSubstr("nested too deeply"));
}

}  // namespace
}  // namespace heaplab::trace
