// SPDX-License-Identifier: MIT
// Where something was allocated, and what each place adds up to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "heaplab/trace/allocation_site.h"
#include "heaplab/trace/allocation_summary.h"
#include "heaplab/trace/copy.h"
#include "heaplab/trace/lifetimes.h"
#include "heaplab/trace/usage.h"
#include "text_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::ElementsAre;

TEST(AllocationSite, RolesOfFunctions) {
  using enum FunctionRole;
  const struct {
    const char *function, *file, *module;
    FunctionRole role;
  } cases[] = {
      {"operator new(unsigned long)", "", "/usr/lib/libstdc++.so.6", language},
      {"operator new(unsigned long, std::align_val_t)", "new.cc", "./app", language},
      {"std::__new_allocator<int>::allocate(unsigned long, void const*)", "", "./app", language},
      {"void std::vector<int>::_M_realloc_insert<int>(int*)", "vector.tcc", "./app", language},
      {"helper", "/usr/include/c++/12/bits/x.h", "./app", language},
      {"strdup", "./string/strdup.c", "/lib/libc.so.6", language},
      {"0x1234", "", "/lib/x86_64-linux-gnu/libc.so.6", language},
      {"xmalloc", "util.c", "./app", allocator},
      {"Pool::allocate(unsigned long)", "pool.cpp", "./app", allocator},
      {"g_hash_table_new", "", "/usr/lib/libglib-2.0.so.0", library},
      {"Session::open(int)", "session.cpp", "./app", program},
      {"allocations", "a.c", "./app", program},
      {"allocate", "app.js", "", program},  // a name of the script's own
      {"main", "/home/me/lib/app.so.c", "/home/me/app", program}};
  for (const auto& c : cases) {
    EXPECT_EQ(role_of(c.function, c.file, c.module), c.role) << c.function;
  }
}

/// A recording's tables with one stack of these functions, the innermost first.
StackId add_stack(Tables& tables, const std::vector<std::string>& functions) {
  StackId stack = 0;
  for (auto function = functions.rbegin(); function != functions.rend(); ++function) {
    tables.strings.push_back(*function);
    tables.frames.push_back({static_cast<StringId>(tables.strings.size() - 1), 0, 0, 0});
    tables.stacks.push_back({stack, static_cast<FrameId>(tables.frames.size() - 1)});
    stack = static_cast<StackId>(tables.stacks.size() - 1);
  }
  return stack;
}

TEST(AllocationSite, IsTheFirstFunctionThatDoesMoreThanHandMemoryOut) {
  Tables tables;
  SiteFinder finder(tables);
  const auto site = [&](const std::vector<std::string>& functions) {
    return describe_frame(tables, finder.site(add_stack(tables, functions)));
  };
  EXPECT_EQ(site({"operator new(unsigned long)", "std::allocator<int>::allocate(unsigned long)",
                  "Cache::add(int)", "main"}),
            "Cache::add(int)");
  EXPECT_EQ(site({"xmalloc", "read_line", "main"}), "read_line");
  EXPECT_EQ(site({"store", "operator new(unsigned long)", "main"}), "store");
  EXPECT_EQ(site({"operator new(unsigned long)", "std::thread::_State::run()"}),
            "operator new(unsigned long)");
  EXPECT_EQ(finder.site(0), 0U);
}

/// A heaptrack file of a program in which each of these stacks allocates at random.
std::string random_heaptrack(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  std::string text =
      "v 10400 3\nX ./app\nI 1000 ffff\ns 5 ./app\ns 1b operator new(unsigned long)\n"
      "s 3 a.c\ns 4 main\ns 3 add\ns 4 drop\ns 11 std::vector::grow\ns 7 xmalloc\n"
      "i 4001 1 4 3 a\ni 4002 1 5 3 14\ni 4003 1 6 3 1e\ni 4004 1 7 3 28\ni 4005 1 2\n"
      "i 4006 1 8 3 32\ni 4007 1\ni 4008 1\n"
      "t 1 0\nt 2 1\nt 3 1\nt 4 2\nt 5 4\nt 6 3\nt 7 1\nt 8 2\nt 5 3\n";
  constexpr unsigned stacks = 9;
  const char* const digits = "0123456789abcdef";
  std::vector<unsigned> live;
  for (unsigned i = 0; i < 30; ++i) {
    const char size = digits[1 + below(15)];
    const char stack = digits[1 + below(stacks)];
    text += std::string("a ") + size + "0 " + stack + "\n";
  }
  live.resize(30);
  const auto hex = [&](unsigned n) {
    return n < 16 ? std::string(1, digits[n]) : std::string("1") + digits[n - 16];
  };
  unsigned time = 0;
  for (unsigned i = 0; i < 3000; ++i) {
    const unsigned info = 1 + below(29);  // of info 0 heaptrack counts too many as temporary
    if (below(40) == 0) text += "c " + hex(time = std::min(31U, time + below(2))) + "\n";
    if (below(100) < (i < 1500 ? 45 : 60) && live[info] > 0) {
      --live[info];
      text += "- " + hex(info) + "\n";
    } else {
      ++live[info];
      text += "+ " + hex(info) + "\n";
    }
  }
  return text + "R 5\n# strings: 8\n";
}

std::string places(const std::vector<AllocationSite>& sites) {
  std::string text;
  for (const AllocationSite& site : sites) {
    // Of what has no name, each way shows the address it met first.
    text += (site.place.function.empty() ? "?" : site.place.name()) + " " + site.place.where() +
            " " + std::to_string(site.cost.allocations) + " " +
            std::to_string(site.cost.temporary) + " " + std::to_string(site.cost.peak_bytes) + " " +
            std::to_string(site.cost.leaked_bytes) + "\n";
    std::multiset<std::string> stacks;  // the order of equal ones is that of the tables
    for (const AllocationStack& stack : site.top_stacks) {
      std::string line = "  ";
      for (const CodeLocation& frame : stack.frames) line += " " + frame.name();
      stacks.insert(line + " " + std::to_string(stack.cost.peak_bytes) + "\n");
    }
    for (const std::string& stack : stacks) text += stack;
  }
  return text;
}

/// Two ways to the same figures: heaptrack's lines added up as they come, and the records that
/// `convert` makes of them.
TEST(Sites, OfAConvertedRecordingAreThoseOfTheOriginal) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const TextFile original(random_heaptrack(seed));
    const TextFile converted("");
    {
      const auto source = open_recording(original.path());
      RecordingWriter writer(converted.path());
      RecordingCopier copier(*source, writer);
      source->read(copier);
      copier.copy_info();
      copier.flush_deaths();
      writer.finish();
    }
    for (const SiteRule rule : {SiteRule::caller, SiteRule::program}) {
      SummaryOptions options;
      options.sites = options.stacks = 1000;
      options.rule = rule;
      const AllocationSummary direct = summarize_allocations(original.path(), options);
      const AllocationSummary again = summarize_allocations(converted.path(), options);
      EXPECT_EQ(direct.total.allocations, again.total.allocations);
      EXPECT_EQ(direct.total.temporary, again.total.temporary);
      EXPECT_EQ(direct.total.peak_bytes, again.total.peak_bytes);
      EXPECT_EQ(direct.total.leaked_bytes, again.total.leaked_bytes);
      EXPECT_EQ(direct.peak_ms, again.peak_ms);
      EXPECT_EQ(direct.peak_rss_bytes, again.peak_rss_bytes);
      ASSERT_GT(direct.by_peak.size(), 2U);
      EXPECT_EQ(places(direct.by_allocations).size(), places(again.by_allocations).size());
      for (const auto list : {&AllocationSummary::by_allocations, &AllocationSummary::by_peak,
                              &AllocationSummary::by_leaked, &AllocationSummary::by_temporary}) {
        std::multiset<std::string> one, two;
        for (const auto& site : direct.*list) one.insert(places({site}));
        for (const auto& site : again.*list) two.insert(places({site}));
        EXPECT_EQ(one, two) << seed;
      }
    }
  }
}

TEST(Sites, OfAllVerbsHaveTheSameNames) {
  const TextFile file(random_heaptrack(7));
  SummaryOptions options;
  options.sites = 1000;
  options.rule = SiteRule::program;
  std::map<std::string, std::uint64_t> summed, used, lived;
  for (const AllocationSite& site : summarize_allocations(file.path(), options).by_allocations) {
    const std::string function = site.place.function;
    // Nameless places are sites of their own where addresses are told apart.
    if (!function.empty()) summed[function] += site.cost.allocations;
  }
  const auto source = open_recording(file.path());
  for (const GroupUsage& site : measure_usage(*source).sites) {
    if (!site.name.starts_with("0x")) used[site.name.substr(0, site.name.find(' '))] = site.count;
  }
  for (const GroupLifetimes& site : analyse_lifetimes(*source, {}).sites) {
    const std::string name = describe_frame(source->tables(), site.key);
    if (!name.starts_with("0x")) lived[name.substr(0, name.find(' '))] = site.objects;
  }
  EXPECT_GT(summed.at("add"), 0U);
  EXPECT_EQ(summed.count("operator new(unsigned long)") + summed.count("xmalloc") +
                summed.count("std::vector::grow"),
            0U);
  EXPECT_EQ(summed, used);
  EXPECT_EQ(summed, lived);
}

TEST(Sites, OfAProfileAreWhatItSaysIsAlive) {
  const TextFile file(
      R"_({"head":{"callFrame":{"functionName":"(root)","url":"","lineNumber":-1},"selfSize":0,)_"
      R"_("id":1,"children":[{"callFrame":{"functionName":"keep","url":"app.js","lineNumber":3},)_"
      R"_("selfSize":4000,"id":2,"children":[]},{"callFrame":{"functionName":"idle","url":)_"
      R"_("app.js","lineNumber":9},"selfSize":100,"id":3,"children":[]}]},"samples":[]})_");
  const AllocationSummary summary = summarize_allocations(file.path());
  EXPECT_EQ(summary.profiles, 1U);
  EXPECT_EQ(summary.total.leaked_bytes, 4100U);
  ASSERT_EQ(summary.by_leaked.size(), 2U);
  EXPECT_EQ(summary.by_leaked[0].place.name(), "keep");
  EXPECT_EQ(summary.by_leaked[0].cost.leaked_bytes, 4000U);
  EXPECT_TRUE(summary.by_allocations.empty());
  const auto source = open_recording(file.path());
  const RecordingUsage usage = measure_usage(*source);
  EXPECT_EQ(usage.profiles, 1U);
  EXPECT_EQ(usage.total.bytes, 4100U);
  ASSERT_EQ(usage.sites.size(), 2U);
  EXPECT_EQ(usage.sites[0].name, "keep (app.js:4)");
}

TEST(Sites, OfAFileThatIsNotThereAreAnError) {
  EXPECT_THROW(summarize_allocations("no-such-recording"), InputError);
  EXPECT_THROW(summarize_allocations("."), InputError);
}

}  // namespace
}  // namespace heaplab::trace
