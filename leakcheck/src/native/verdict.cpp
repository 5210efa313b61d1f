// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../growth.h"
#include "../words.h"
#include "culprits.h"
#include "functions.h"
#include "heaplab/support/format.h"
#include "history.h"
#include "remarks.h"
#include "suppressed.h"
#include "trend.h"

namespace heaplab::leakcheck::native {
namespace {

using trace::StackId;

/// Chance makes a series of equal numbers rise like this once in a hundred times.
constexpr double significant_z = 2.33;
/// A leak explains this share of all growth, and this share of what is alive.
constexpr double least_growth_share = 0.04;
constexpr double least_live_share = 0.001;
/// What grows in the second half of the run by less than this share of the first fills up.
constexpr double still_as_fast = 0.2;
/// What came in the start-up to so many times what came later comes to rest, unless the last third
/// of the run adds nearly as much as the one before.
constexpr double mostly_at_start = 1.5;
constexpr double evenly = 0.75;
constexpr std::size_t most_sites = 3;
constexpr std::size_t many_slices = 24;
/// What is put away at the end to this share was not lost.
constexpr double freed_at_exit = 0.9;
constexpr double large_block_bytes = 128.0 * 1024;

struct Judged {
  Group group;
  std::vector<double> floors;
  Judgement judgement;
  MannKendall test;
  double growth = 0;
  double slope = 0;
};

/// Sums over the stacks of a group.
struct Totals {
  std::uint64_t allocations = 0, frees = 0, alive_objects = 0, alive_bytes = 0;
  std::uint64_t working_objects = 0, working_bytes = 0;
};

class Verdict {
 public:
  Verdict(const trace::RecordingSource& source, const History& history, Functions& functions,
          Report& report)
      : source_(source),
        tables_(source.tables()),
        history_(history),
        functions_(functions),
        report_(report) {}

  void judge_all(const Options& options) {
    std::vector<Judged> all;
    double total_growth = 0;
    for (Group& group : find_culprits(history_, functions_)) {
      all.push_back(judge_one(std::move(group)));
      total_growth += all.back().growth;
    }
    const double alive = history_.alive_by_slice.empty() ? 0 : history_.alive_by_slice.back();
    const double least = std::max({static_cast<double>(options.least_bytes),
                                   least_growth_share * total_growth, least_live_share * alive});
    std::stable_sort(all.begin(), all.end(),
                     [](const Judged& a, const Judged& b) { return a.growth > b.growth; });
    for (const Judged& judged : all) {
      if (is_leak(judged) && judged.growth >= least) {
        report_.leaks.push_back(leak(judged, total_growth));
      } else {
        note(judged, least);
      }
    }
  }

 private:
  Judged judge_one(Group group) const {
    Judged result;
    result.floors = history_.floors(group.stacks);
    const auto start =
        result.floors.begin() + static_cast<std::ptrdiff_t>(std::min(
                                    startup_slices(result.floors.size()), result.floors.size()));
    const std::vector<double> steady(start, result.floors.end());
    result.judgement = judge(steady);
    result.test = mann_kendall(steady);
    result.slope = theil_sen(steady);
    result.growth = growth_of(result.floors);
    const bool grows = result.judgement.trend == Trend::grows;
    const bool settles = slows_down(steady) || comes_to_rest(result.floors) ||
                         stands_still_in_time(group, result.growth);
    if (grows && settles) {
      result.judgement.trend = Trend::settled;
    }
    result.group = std::move(group);
    return result;
  }

  static bool is_leak(const Judged& judged) {
    return judged.judgement.trend == Trend::grows && judged.test.z >= significant_z;
  }

  /// Most came in the start-up, and of what comes after less and less: it fills up, unevenly.
  static bool comes_to_rest(const std::vector<double>& floors) {
    const std::size_t start = startup_slices(floors.size());
    const std::size_t third = (floors.size() - std::min(start, floors.size())) / 3;
    if (third < 2) return false;
    const double before = floors[start];
    const double middle = floors[start + 2 * third] - floors[start + third];
    const double last = floors.back() - floors[floors.size() - 1 - third];
    return before > mostly_at_start * (floors.back() - before) && last < evenly * middle;
  }

  /// Where slices are numbers of allocations, what grew with each of them may have done so in a
  /// short while at the start. If half of the time is known, see what came after it.
  bool stands_still_in_time(const Group& group, double growth) const {
    if (history_.by_time || !history_.half_time_known) return false;
    double later = 0;
    for (const StackId id : group.stacks) {
      later += static_cast<double>(history_.stacks[id].working_bytes) -
               static_cast<double>(history_.stacks[id].half_time_bytes);
    }
    return later < still_as_fast * growth;
  }

  /// What fills up grows ever more slowly: the second half is compared with the first, by their
  /// growth and by their typical slope.
  static bool slows_down(const std::vector<double>& steady) {
    if (steady.size() < 8) return false;
    const auto middle = steady.begin() + static_cast<std::ptrdiff_t>(steady.size() / 2);
    const std::vector<double> first(steady.begin(), middle + 1);
    const std::vector<double> second(middle, steady.end());
    const double before = first.back() - first.front();
    const double after = second.back() - second.front();
    return after < still_as_fast * before && theil_sen(second) <= still_as_fast * theil_sen(first);
  }

  Totals totals(const Group& group) const {
    Totals result;
    for (const StackId id : group.stacks) {
      const StackHistory& stack = history_.stacks[id];
      result.allocations += stack.allocations;
      result.frees += stack.frees;
      result.alive_objects += stack.alive_objects;
      result.alive_bytes += stack.alive_bytes;
      result.working_objects += stack.working_objects;
      result.working_bytes += stack.working_bytes;
    }
    return result;
  }

  Place place_of(trace::FrameId id) const {
    const trace::Frame& frame = tables_.frames[id];
    Place place;
    place.file = tables_.text(frame.file);
    place.line = frame.line;
    place.column = frame.column;
    place.function = short_name(tables_.text(frame.function));
    return place;
  }

  Culprit culprit(const Judged& judged) const {
    return {functions_.name(judged.group.function), "function", place_of(judged.group.frame)};
  }

  Growth growth(const Judged& judged) const {
    Growth result;
    result.rounds = history_.slices;
    result.unit = "bytes";
    result.per_round = result.bytes_per_round = judged.slope;
    result.values = judged.floors;
    return result;
  }

  /// Where in the function, by how much is alive from there.
  std::vector<Site> sites(const Group& group) const {
    std::map<std::pair<std::string, std::uint32_t>, Site> by_place;
    for (const StackId id : group.stacks) {
      const StackHistory& stack = history_.stacks[id];
      if (stack.working_objects == 0) continue;
      for (const Functions::Call& call : functions_.calls(id)) {
        if (call.function != group.function) continue;
        Place place = place_of(call.frame);
        Site& site = by_place[{place.file, place.line}];
        site.place = std::move(place);
        site.count += stack.working_objects;
        site.bytes += stack.working_bytes;
        break;
      }
    }
    std::vector<Site> result;
    for (auto& [key, site] : by_place) result.push_back(std::move(site));
    std::stable_sort(result.begin(), result.end(),
                     [](const Site& a, const Site& b) { return a.bytes > b.bytes; });
    if (result.size() > most_sites) result.resize(most_sites);
    return result;
  }

  Leak leak(const Judged& judged, double total_growth) const {
    Leak result;
    const Totals sum = totals(judged.group);
    result.culprit = culprit(judged);
    result.growth = growth(judged);
    result.retained_bytes = sum.working_bytes;
    result.accumulates = {"block", sum.working_objects, sum.working_bytes};
    const double block = static_cast<double>(sum.working_bytes) /
                         static_cast<double>(std::max<std::uint64_t>(sum.working_objects, 1));
    result.kind = block >= large_block_bytes ? Kind::large_object : Kind::never_freed;
    result.sites = sites(judged.group);
    if (!result.sites.empty()) result.culprit.place = result.sites.front().place;
    const bool put_away = is_put_away(sum);
    result.evidence = evidence(judged, sum, put_away);
    result.confidence = 0.55 + 0.25 * judged.judgement.steadiness;
    if (history_.slices >= many_slices) result.confidence += 0.1;
    if (!put_away && sum.frees == 0) result.confidence += 0.08;
    if (put_away) result.confidence -= 0.15;
    result.score = total_growth > 0 ? 100 * judged.growth / total_growth * result.confidence : 0;
    result.why = why_kept(result, true);
    result.advice = advice_for(result, true);
    return result;
  }

  static bool is_put_away(const Totals& sum) {
    return static_cast<double>(sum.alive_bytes) <=
           (1 - freed_at_exit) * static_cast<double>(sum.working_bytes);
  }

  std::vector<std::string> evidence(const Judged& judged, const Totals& sum, bool put_away) const {
    std::vector<std::string> result;
    result.push_back(fmt::format(
        "What is alive of it grew by {} after the start-up, in {:.0f}% of all pairs of moments "
        "(Mann-Kendall z = {:.1f}).",
        format_bytes(static_cast<std::uint64_t>(judged.growth)), 50 * (1 + judged.test.tau),
        judged.test.z));
    result.push_back(fmt::format(
        "{}, {}.", format_quantity(sum.allocations, "allocation"),
        sum.frees == 0 ? std::string("none freed") : format_count(sum.frees) + " freed"));
    if (source_.knowledge().identity) add_cohorts(judged.group, result);
    if (put_away) {
      result.push_back(
          "The program frees it when it ends: it is not lost, only kept for as long as it runs.");
    }
    return result;
  }

  /// Of each part of the run, how much stayed.
  void add_cohorts(const Group& group, std::vector<std::string>& result) const {
    std::vector<double> shares = history_.kept_shares(group.stacks);
    std::erase_if(shares, [](double share) { return share < 0; });
    if (shares.size() < 4) return;
    std::sort(shares.begin(), shares.end());
    result.push_back(fmt::format(
        "Of what it allocates at any time {:.0f}% stays (median of {} parts of the run).",
        100 * shares[shares.size() / 2], shares.size()));
  }

  /// Kept much, but does not leak.
  void note(const Judged& judged, double least) {
    const Totals sum = totals(judged.group);
    const bool kept = static_cast<double>(sum.alive_bytes) >= least;
    if (judged.growth < least && !kept) return;
    Grown grown;
    grown.culprit = culprit(judged);
    grown.growth = growth(judged);
    grown.reason = reason(judged, sum, least);
    report_.grew_but_not_leaking.push_back(std::move(grown));
  }

  std::string reason(const Judged& judged, const Totals& sum, double least) const {
    const bool never_freed = sum.frees == 0;
    const Trend trend = judged.judgement.trend;
    if (trend == Trend::falls) return "it shrank again: what it holds comes and goes";
    if (trend == Trend::too_short || history_.slices < 4) {
      return "it grew, but the recording is too short to tell";
    }
    if (is_leak(judged)) return "it grows, but too little to matter";
    if (judged.growth < least) {
      return never_freed ? "never freed, but it does not grow: it was allocated once and kept"
                         : "it is kept, but does not grow";
    }
    return never_freed ? "never freed, but it stopped growing" : "it stopped growing";
  }

  const trace::RecordingSource& source_;
  const trace::Tables& tables_;
  const History& history_;
  Functions& functions_;
  Report& report_;
};

}  // namespace

bool can_judge(const trace::RecordingSource& source) {
  return source.knowledge().deaths != trace::Deaths::none;
}

void analyse(trace::RecordingSource& source, const Options& options, Report& report) {
  History history = read_history(source);
  report.file = source.path();
  report.program = source.info("program");
  report.complete = history.extent.complete;
  report.note = history.extent.note;
  report.allocated_bytes = history.allocated_bytes;
  report.allocated_objects = history.allocations;
  report.slices = history.slices;
  report.rounds = history.slices;
  report.slices_by_time = history.by_time;
  report.live_bytes = history.alive_bytes;
  report.live_by_round = history.alive_by_slice;
  Functions functions(source.tables());
  const std::uint64_t excused = take_out_suppressed(source, options.suppressed_stacks, history);
  Verdict(source, history, functions, report).judge_all(options);
  add_remarks(history, functions, excused, report);
}

}  // namespace heaplab::leakcheck::native
