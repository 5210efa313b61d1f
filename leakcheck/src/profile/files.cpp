// SPDX-License-Identifier: MIT
// Heap profiles that were written one by one (`node --heap-prof`, DevTools): each says what is
// alive by call stack, and nothing of when, so they are judged in the order in which they are
// given.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/trace/open.h"
#include "profile/trend.h"

namespace heaplab::leakcheck {
namespace {

constexpr std::size_t most_suspects = 5;
constexpr double least_suspect_share = 0.1;
constexpr double least_suspect_bytes = 256 * 1024;
/// What compiled code and its feedback add while a program warms up is of this order.
constexpr double least_growth_bytes = 512 * 1024;
constexpr double least_growth_share = 0.04;
/// Each interval must add this share of the average.
constexpr double least_step = 0.2;

/// A function of the program, wherever it is called from, and what it holds by file.
struct Function {
  Place place;
  std::vector<double> bytes;
  double growth() const { return bytes.back() - bytes.front(); }
};

class Profiles {
 public:
  explicit Profiles(std::size_t files) : files_(files) {}

  /// Returns what is alive in all.
  std::uint64_t add(trace::RecordingSource& source, std::size_t number) {
    Reader reader;
    source.read(reader);
    std::uint64_t live = 0;
    for (const trace::ProfileEntry& entry : reader.profile) {
      live += entry.bytes;
      const Place place = owner(source.tables(), entry.stack);
      Function& function = functions_[{place.file, place.function, place.line, place.column}];
      function.place = place;
      function.bytes.resize(files_);
      function.bytes[number] += static_cast<double>(entry.bytes);
    }
    return live;
  }
  std::vector<Function> take() {
    std::vector<Function> list;
    for (auto& [key, function] : functions_) list.push_back(std::move(function));
    return list;
  }

 private:
  struct Reader : trace::RecordingVisitor {
    void on_profile(std::uint64_t, std::span<const trace::ProfileEntry> entries) override {
      profile.assign(entries.begin(), entries.end());
    }
    std::vector<trace::ProfileEntry> profile;
  };

  /// The innermost function of the program; of a stack that has none, the runtime as a whole.
  static Place owner(const trace::Tables& tables, trace::StackId stack) {
    for (; stack != 0; stack = tables.stacks[stack].parent) {
      const trace::Frame& frame = tables.innermost(stack);
      const std::string& file = tables.text(frame.file);
      if (file.empty() || file.starts_with("node:")) continue;
      return {file, frame.line, frame.column, tables.text(frame.function)};
    }
    return {};
  }

  std::size_t files_;
  std::map<std::tuple<std::string, std::string, std::uint32_t, std::uint32_t>, Function> functions_;
};

/// Why it is no leak; "" if it is one.
std::string reason_against(const Function& function) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < function.bytes.size(); ++i) {
    steps.push_back(function.bytes[i] - function.bytes[i - 1]);
  }
  const double mean = function.growth() / static_cast<double>(steps.size());
  const double least = *std::min_element(steps.begin(), steps.end());
  if (least >= least_step * mean) return {};
  if (least < 0) return "it has been less again";
  return steps.back() < least_step * mean ? "it stopped growing"
                                          : "it did not grow in every interval";
}

Leak finding(const Function& function, double share) {
  Leak leak;
  leak.kind = Kind::growing_site;
  const std::string& name = function.place.function;
  leak.culprit = {name.empty() ? "(anonymous)" : name, "allocation site", function.place};
  leak.retained_bytes = static_cast<std::uint64_t>(function.bytes.back());
  leak.accumulates = {"object", 0, leak.retained_bytes};
  leak.sites = {{function.place, 0, leak.retained_bytes}};
  const std::size_t files = function.bytes.size();
  leak.growth = {files, "bytes", 0, 0, files == 1 ? std::vector<double>() : function.bytes};
  if (files > 1) {
    leak.growth.per_round = leak.growth.bytes_per_round =
        function.growth() / static_cast<double>(files - 1);
  }
  leak.score = 100 * share;
  return leak;
}

void add_suspects(const std::vector<Function>& functions, Report& report) {
  const auto live = static_cast<double>(report.live_bytes);
  for (const Function& function : functions) {
    const double bytes = function.bytes.back();
    const double share = bytes / std::max(live, 1.0);
    if (!function.place.known() || report.leaks.size() == most_suspects) continue;
    if (bytes < std::max(least_suspect_bytes, least_suspect_share * live)) continue;
    Leak leak = finding(function, share);
    leak.why = fmt::format(
        "What {} has allocated is {:.0f}% of what is alive. Whether it grows, one profile cannot "
        "tell, nor what refers to it.",
        leak.culprit.path, 100 * share);
    leak.advice =
        "Take a second profile under the same load, later (heaplab leaks FIRST SECOND), or three "
        "heap snapshots: they name the holder.";
    leak.evidence = {
        fmt::format("It holds {:.0f}% of the heap, by the profiler's sample.", 100 * share)};
    leak.confidence = std::min(0.4, 0.15 + 0.5 * share);
    leak.score *= leak.confidence;
    report.leaks.push_back(std::move(leak));
  }
}

double confidence_of(const Function& function, double share) {
  const std::size_t files = function.bytes.size();
  if (files == 2) return std::min(0.45, 0.2 + 0.3 * share);
  const double z = profile::mann_kendall(function.bytes);
  return std::min(0.8, 0.4 + 0.1 * std::max(z, 0.0) + 0.15 * std::min(1.0, 2 * share));
}

void add_growing(const std::vector<Function>& functions, const Options& options, Report& report) {
  double all = 0;
  for (const Function& function : functions) all += std::max(0.0, function.growth());
  const double least = std::max({static_cast<double>(options.least_bytes), least_growth_bytes,
                                 options.least_share * static_cast<double>(report.live_bytes),
                                 least_growth_share * all});
  for (const Function& function : functions) {
    if (!function.place.known() || function.growth() < least) continue;
    const double share = function.growth() / std::max(all, 1.0);
    Leak leak = finding(function, share);
    const std::string reason = reason_against(function);
    if (!reason.empty()) {
      report.grew_but_not_leaking.push_back({leak.culprit, leak.growth, reason});
      continue;
    }
    leak.why = fmt::format(
        "More of what {} allocates is alive in each profile than in the one before. Profiles do "
        "not "
        "say what refers to it.",
        leak.culprit.path);
    leak.advice =
        "Take three heap snapshots while it runs and ask again: they name the holder. Then bound "
        "what it keeps.";
    leak.confidence = confidence_of(function, share);
    leak.score *= leak.confidence;
    leak.evidence = {fmt::format("{} more in {} profiles, {:.0f}% of all growth",
                                 format_bytes(static_cast<std::uint64_t>(function.growth())),
                                 function.bytes.size(), 100 * share)};
    report.leaks.push_back(std::move(leak));
  }
}

}  // namespace

Report analyse_profiles(const std::vector<std::string>& files, const Options& options) {
  Report report;
  Profiles profiles(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto source = trace::open_recording(files[i]);
    if (source->format() != heap_profile_format) {
      throw InputError(files[i], "no heap profile, as the others are");
    }
    report.live_bytes = profiles.add(*source, i);
    report.live_by_round.push_back(static_cast<double>(report.live_bytes));
    Input input;
    input.file = files[i];
    input.kind = "heap profile";
    input.live_bytes = report.live_bytes;
    report.inputs.push_back(std::move(input));
  }
  report.file = files.back();
  report.rounds = report.profiles = files.size();
  if (files.size() > 1) report.order = "as given: profiles do not say when they were taken";
  std::vector<Function> functions = profiles.take();
  std::stable_sort(functions.begin(), functions.end(), [](const Function& a, const Function& b) {
    return a.bytes.back() > b.bytes.back();
  });
  files.size() == 1 ? add_suspects(functions, report) : add_growing(functions, options, report);
  std::stable_sort(report.leaks.begin(), report.leaks.end(),
                   [](const Leak& a, const Leak& b) { return a.score > b.score; });
  return report;
}

}  // namespace heaplab::leakcheck
