// SPDX-License-Identifier: MIT
#include "describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "../words.h"
#include "heaplab/support/format.h"

namespace heaplab::leakcheck::native {
namespace {

using trace::StackId;

constexpr std::size_t most_sites = 3;
constexpr std::size_t most_innocent = 3;
constexpr std::size_t many_slices = 24;

Kind kind_of(const Judged& judged) {
  if (judged.grows_by_replacement()) return Kind::growing_block;
  return judged.totals.is_put_away() ? Kind::freed_at_exit : Kind::never_freed;
}

}  // namespace

Place Describer::place_of(trace::FrameId id) const {
  const trace::Frame& frame = tables_.frames[id];
  Place place;
  place.file = tables_.text(frame.file);
  place.line = frame.line;
  place.column = frame.column;
  place.function = short_name(tables_.text(frame.function));
  return place;
}

Culprit Describer::culprit(const Judged& judged) const {
  return {functions_.name(judged.group.function), "function", place_of(judged.group.frame)};
}

Growth Describer::growth(const Judged& judged) const {
  Growth result;
  result.rounds = history_.slices;
  result.unit = "bytes";
  result.per_round = result.bytes_per_round = judged.slope;
  result.values = judged.floors;
  return result;
}

/// Where in the functions, by how much is alive from there.
std::vector<Site> Describer::sites(const Judged& judged) const {
  std::map<std::pair<std::string, std::uint32_t>, Site> by_place;
  const auto add = [&](const Group& group) {
    for (const StackId id : group.stacks) {
      const StackHistory& stack = history_.stacks[id];
      if (stack.working_objects == 0) continue;
      const auto& calls = functions_.calls(id);
      const auto call = std::find_if(calls.begin(), calls.end(), [&](const Functions::Call& entry) {
        return entry.function == group.function;
      });
      if (call == calls.end()) continue;
      Place place = place_of(call->frame);
      Site& site = by_place[{place.file, place.line}];
      site.place = std::move(place);
      site.count += stack.working_objects;
      site.bytes += stack.working_bytes;
    }
  };
  add(judged.group);
  for (const Part& part : judged.parts) add(part.group);
  std::vector<Site> result;
  for (auto& [key, site] : by_place) result.push_back(std::move(site));
  std::stable_sort(result.begin(), result.end(),
                   [](const Site& a, const Site& b) { return a.bytes > b.bytes; });
  if (result.size() > most_sites) result.resize(most_sites);
  return result;
}

/// The whole way to the allocation, without what libraries do within it.
std::vector<Call> Describer::stack(const Group& group) const {
  std::vector<Call> result;
  bool in_program = false;
  for (const Functions::Call& call : functions_.calls(group.stack)) {
    in_program |= call.role != Role::library || call.function == group.function;
    if (!in_program) continue;
    result.push_back({place_of(call.frame), call.function == group.function});
  }
  // Nobody wants to know who called main().
  const auto main = std::find_if(result.begin(), result.end(),
                                 [](const Call& call) { return call.place.function == "main"; });
  if (main != result.end()) result.erase(main + 1, result.end());
  return result;
}

Leak Describer::leak(const Judged& judged, double total_growth) const {
  Leak result;
  const Totals& sum = judged.totals;
  result.culprit = culprit(judged);
  result.growth = growth(judged);
  result.retained_bytes = sum.working_bytes;
  result.accumulates = {"block", sum.working_objects, sum.working_bytes};
  result.kind = kind_of(judged);
  result.sites = sites(judged);
  result.stack = stack(judged.group);
  if (!result.sites.empty() && judged.parts.empty()) {
    result.culprit.place = result.sites.front().place;
  }
  result.evidence = evidence(judged);
  result.confidence = confidence(judged);
  result.score = total_growth > 0 ? 100 * judged.growth / total_growth * result.confidence : 0;
  result.why = why_kept(result, true);
  result.advice = advice_for(result, true);
  return result;
}

double Describer::confidence(const Judged& judged) const {
  double result = 0.55 + 0.25 * judged.judgement.steadiness;
  if (history_.slices >= many_slices) result += 0.1;
  if (judged.totals.is_put_away()) {
    result -= 0.15;
  } else if (judged.totals.frees == 0) {
    result += 0.08;
  }
  return result;
}

std::vector<std::string> Describer::evidence(const Judged& judged) const {
  std::vector<std::string> result;
  result.push_back(fmt::format(
      "What is alive of it grew by {} after the start-up, in {:.0f}% of all pairs of moments "
      "(Mann-Kendall z = {:.1f}).",
      format_bytes(static_cast<std::uint64_t>(judged.growth)), 50 * (1 + judged.test.tau),
      judged.test.z));
  if (judged.stairs.steps > 0) {
    result.push_back(fmt::format(
        "It grew in {} steps, each time by much at once: what was in it when it was full rises "
        "evenly, and the next step was not overdue when the recording ended.",
        judged.stairs.steps));
  }
  result.push_back(fate(judged));
  for (const Part& entry : judged.parts) result.push_back(part(entry));
  if (judged.group.handed_out_by) result.push_back(told_from(judged.group));
  if (source_.knowledge().identity && !judged.grows_by_replacement()) {
    result.push_back(cohorts(judged.group));
  }
  std::erase(result, "");
  return result;
}

/// What became of the blocks.
std::string Describer::fate(const Judged& judged) const {
  const Totals& sum = judged.totals;
  const std::string freed =
      sum.working_frees == 0 ? std::string("none freed while the program worked")
                             : format_count(sum.working_frees) + " freed while the program worked";
  const std::uint64_t later = sum.frees - sum.working_frees;
  std::string at_end = ", none when it ended";
  if (sum.is_put_away()) {
    at_end = fmt::format(
        "; the program frees {} when it ends: not lost, only kept for as long as it runs",
        sum.alive_objects == 0 ? "all it still has" : "the rest");
  } else if (later > 0) {
    at_end = fmt::format(", {} when it ended", format_count(later));
  } else if (sum.working_frees == 0) {
    at_end = ", nor when it ended";
  }
  return fmt::format("{}, {}{}.", format_quantity(sum.allocations, "allocation"), freed, at_end);
}

std::string Describer::part(const Part& part) const {
  return fmt::format("{} allocates a part of it, which grew in step: {}, {}{}.",
                     functions_.name(part.group.function),
                     format_quantity(part.totals.working_objects, "block"),
                     format_bytes(part.totals.working_bytes),
                     part.totals.is_put_away() ? ", freed when the program ends" : "");
}

/// Why it is this function and not the one it gets its memory from.
std::string Describer::told_from(const Group& group) const {
  std::string names;
  for (std::size_t i = 0; i < std::min(group.innocent.size(), most_innocent); ++i) {
    names += (i == 0 ? "" : ", ") + functions_.name(group.innocent[i]);
  }
  if (group.innocent.size() > most_innocent) {
    names += fmt::format(" and {} more", group.innocent.size() - most_innocent);
  }
  return fmt::format("{} allocates for others too; what it gives {} is freed or does not grow.",
                     functions_.name(*group.handed_out_by), names);
}

/// Of each part of the run, how much stayed.
std::string Describer::cohorts(const Group& group) const {
  std::vector<double> shares = history_.kept_shares(group.stacks);
  std::erase_if(shares, [](double share) { return share < 0; });
  if (shares.size() < 4) return {};
  std::sort(shares.begin(), shares.end());
  return fmt::format(
      "Of what it allocates at any time {:.0f}% stays (median of {} parts of the run).",
      100 * shares[shares.size() / 2], shares.size());
}

Grown Describer::grown(const Judged& judged, double least) const {
  Grown result;
  result.culprit = culprit(judged);
  result.growth = growth(judged);
  result.reason = reason(judged, least);
  return result;
}

std::string Describer::reason(const Judged& judged, double least) const {
  const Totals& sum = judged.totals;
  const bool never_freed = sum.frees == 0;
  const Trend trend = judged.judgement.trend;
  const std::string at_exit = sum.is_put_away() ? "; it is freed when the program ends" : "";
  if (trend == Trend::falls) return "it shrank again: what it holds comes and goes";
  if (trend == Trend::too_short || history_.slices < 4) {
    return "it grew, but the recording is too short to tell";
  }
  if (judged.is_leak()) return "it grows, but too little to matter";
  if (judged.growth < least) {
    return never_freed ? "never freed, but it does not grow: it was allocated once and kept"
                       : "it is kept, but does not grow" + at_exit;
  }
  return (never_freed ? "never freed, but it stopped growing" : "it stopped growing") + at_exit;
}

}  // namespace heaplab::leakcheck::native
