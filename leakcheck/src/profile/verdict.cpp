// SPDX-License-Identifier: MIT
#include "profile/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "heaplab/support/format.h"
#include "heaps.h"
#include "profile/sites.h"

namespace heaplab::leakcheck::profile {
namespace {

/// Rounds to look at, whatever is asked for: the test of a trend wants many, and they are cheap.
constexpr std::size_t least_rounds_loaded = 64;
/// What compiled code and its feedback add while a service warms up is of this order.
constexpr double least_growth = 512.0 * 1024;
/// A finding explains at least this share of all growth.
constexpr double least_share_of_growth = 0.04;
/// So many snapshots tell growth from a warm-up.
constexpr std::size_t enough_snapshots = 3;
/// Without knowing the holder, nothing is surer than this.
constexpr double most_confidence = 0.85;
constexpr std::size_t most_harmless = 20;
constexpr std::uint64_t much_array_buffers = 4 << 20;

Growth growth_of(const GrowingSite& site) {
  Growth growth;
  growth.rounds = site.values.size();
  growth.unit = "bytes";
  growth.per_round = growth.bytes_per_round = site.verdict.judgement.per_round;
  growth.values = site.values;
  return growth;
}

Culprit culprit_of(const GrowingSite& site) {
  const std::string& name = site.place.function;
  return {name.empty() ? "(anonymous)" : name, "allocation site", site.place};
}

std::string callers_text(const GrowingSite& site) {
  std::string text;
  for (const std::string& caller : site.callers) text += (text.empty() ? "" : " ← ") + caller;
  return text;
}

std::string reason_for(const Verdict& verdict) {
  switch (verdict.judgement.trend) {
    case Trend::settled:
      return "it grew, and stopped: a warm-up, or a table that is full";
    case Trend::falls:
      return "it grew and shrank again";
    case Trend::too_short:
      return "it grew, but after the start-up there are too few profiles to tell";
    case Trend::none:
    case Trend::grows:
      return "its growth is not more than chance would make of such samples";
  }
  return {};
}

/// See Analysis::match.
constexpr int surest = 4;

class Analysis {
 public:
  Analysis(trace::RecordingSource& source, const Options& options, Facts facts, Report& report)
      : source_(source), options_(options), facts_(std::move(facts)), report_(report) {}

  void judge_profiles() {
    const std::size_t rounds = std::max(options_.max_rounds, least_rounds_loaded);
    history_ = load(source_, facts_, rounds);
    if (history_.totals.empty()) return;
    Thresholds thresholds;
    thresholds.start_up = end_of_start_up(history_.seconds, history_.totals);
    thresholds.sampling_bytes = static_cast<double>(source_.knowledge().sampling_bytes);
    const double growth = history_.totals.back() - history_.totals[thresholds.start_up];
    thresholds.least_bytes =
        std::max({static_cast<double>(options_.least_bytes), least_growth,
                  options_.least_share * history_.totals.back(), least_share_of_growth * growth});
    sites_ = judge_sites(history_, source_.tables(), thresholds);
    start_up_ = thresholds.start_up;
    growth_ = growth;
  }

  /// The profile alone decides.
  void report_sites() {
    report_.live_by_round = history_.totals;
    report_.rounds = history_.totals.size();
    if (!history_.totals.empty()) {
      report_.live_bytes = static_cast<std::uint64_t>(history_.totals.back());
    }
    for (const GrowingSite& site : sites_.growing) report_.leaks.push_back(leak_of(site));
    for (const GrowingSite& site : sites_.harmless) {
      if (report_.grew_but_not_leaking.size() >= most_harmless) break;
      report_.grew_but_not_leaking.push_back(
          {culprit_of(site), growth_of(site), reason_for(site.verdict)});
    }
    describe();
  }

  /// The snapshots have decided; the profile says where it is allocated.
  void add_to_snapshots() {
    report_.program = source_.info("program");
    Input input;
    input.file = source_.path();
    input.kind = "recording";
    report_.inputs.push_back(std::move(input));
    match_sites();
  }

  void describe() {
    report_.program = source_.info("program");
    report_.profiles = facts_.profile_times.size();
    report_.seconds = static_cast<double>(facts_.end_ns) / 1e9;
    report_.collections = facts_.collections;
    report_.complete = facts_.extent.complete;
    report_.note = facts_.extent.note;
    const std::uint64_t before = facts_.first_array_buffers;
    const std::uint64_t after = facts_.last_array_buffers;
    if (after > before + much_array_buffers) {
      note(
          fmt::format("array buffers grew from {} to {}; they lie outside the heap, and a profile "
                      "does not see them",
                      format_bytes(before), format_bytes(after)));
    }
    if (facts_.missing_snapshots > 0) {
      note(fmt::format("{} of this recording {} no longer there",
                       format_quantity(facts_.missing_snapshots, "heap snapshot"),
                       facts_.missing_snapshots == 1 ? "is" : "are"));
    }
  }

 private:
  void note(const std::string& text) { report_.note += (report_.note.empty() ? "" : "; ") + text; }

  Leak leak_of(const GrowingSite& site) const {
    Leak leak;
    leak.kind = Kind::growing_site;
    leak.culprit = culprit_of(site);
    leak.growth = growth_of(site);
    leak.accumulates = {"object", 0, site.live_bytes};
    leak.retained_bytes = leak.accumulates.bytes;
    leak.sites = site.sites;
    leak.why = fmt::format(
        "What {} allocates is still referred to by something: after each full collection more of "
        "it was left. Without heap snapshots nobody can say what refers to it.",
        leak.culprit.path);
    leak.advice =
        "Take heap snapshots while it runs, three or more, minutes apart, and ask again: they name "
        "the holder. Then bound what it keeps.";
    leak.confidence = confidence_of(site);
    leak.score =
        100 * leak.confidence * std::min(1.0, site.verdict.growth / std::max(growth_, 1.0));
    leak.evidence = evidence_of(site);
    return leak;
  }

  double confidence_of(const GrowingSite& site) const {
    const Verdict& verdict = site.verdict;
    const double by_rank = 1 - std::exp(-verdict.z / 3);
    const double trust = 0.4 + 0.3 * by_rank + 0.3 * verdict.judgement.steadiness;
    return std::min(most_confidence, trust);
  }

  std::vector<std::string> evidence_of(const GrowingSite& site) const {
    const std::size_t rounds = history_.totals.size();
    const double span = history_.seconds.back() - history_.seconds[start_up_];
    std::vector<std::string> evidence;
    evidence.push_back(fmt::format(
        "{} more in {} profiles over {} (Mann-Kendall z = {:.1f}), {:.0f}% of all growth",
        format_bytes(static_cast<std::uint64_t>(std::max(site.verdict.growth, 0.0))),
        rounds - start_up_, format_duration(span), site.verdict.z,
        100 * std::min(1.0, site.verdict.growth / std::max(growth_, 1.0))));
    if (start_up_ > 0) {
      evidence.push_back(fmt::format("the start-up is left out: the first {}",
                                     format_duration(history_.seconds[start_up_])));
    }
    if (!site.callers.empty()) evidence.push_back("called from " + callers_text(site));
    return evidence;
  }

  /// Each leak gets the growing site that makes what it holds, the surest matches first, and what
  /// the functions called from there allocate.
  void match_sites() {
    std::vector<bool> used(sites_.growing.size(), false);
    std::vector<bool> matched(report_.leaks.size(), false);
    for (int rank = surest; rank > 0; --rank) {
      for (std::size_t l = 0; l < matched.size(); ++l) {
        for (std::size_t i = 0; i < used.size() && !matched[l]; ++i) {
          if (used[i] || match(report_.leaks[l], sites_.growing[i]) < rank) continue;
          matched[l] = true;
          take(report_.leaks[l], i, used);
        }
      }
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (!used[i]) add_unmatched(sites_.growing[i]);
    }
  }

  void take(Leak& leak, std::size_t site, std::vector<bool>& used) const {
    used[site] = true;
    add_sites(leak, sites_.growing[site]);
    const std::string name = caller_text(sites_.growing[site].place);
    for (std::size_t i = 0; i < used.size(); ++i) {
      const auto& callers = sites_.growing[i].callers;
      if (used[i] || callers.empty() || callers.front() != name) continue;
      used[i] = true;
      add_sites(leak, sites_.growing[i]);
    }
  }

  /// How sure it is that this is where the leak's contents are allocated: 4 it is what they are
  /// made by, 3 they are made within it, 2 it is in the file of the culprit, 1 it grew as much, 0
  /// no.
  int match(const Leak& leak, const GrowingSite& site) const {
    for (const Site& s : site.sites) {
      if (s.place.function == leak.accumulates.type) return surest;
    }
    // What it keeps and what was allocated there must be of one order of magnitude.
    const double kept = static_cast<double>(std::max<std::uint64_t>(leak.accumulates.bytes, 1));
    const double ratio = site.verdict.growth / kept;
    if (ratio < 0.1 || ratio > 10) return 0;
    for (const Site& made : leak.sites) {
      if (made.place.known() && nearest_before(made.place) == &site) return 3;
    }
    return site.place.file == leak.culprit.place.file ? 2 : 1;
  }

  /// The growing function that begins last before this place: the one it is in, most likely.
  const GrowingSite* nearest_before(const Place& place) const {
    const GrowingSite* nearest = nullptr;
    for (const GrowingSite& site : sites_.growing) {
      if (site.place.file != place.file || site.place.line > place.line) continue;
      if (nearest == nullptr || site.place.line > nearest->place.line) nearest = &site;
    }
    return nearest;
  }

  void add_sites(Leak& leak, const GrowingSite& site) const {
    std::vector<Site> sites = site.sites;
    for (Site& made : leak.sites) {
      const bool known = std::any_of(sites.begin(), sites.end(), [&](const Site& s) {
        return s.place.file == made.place.file && s.place.line == made.place.line;
      });
      if (!known) sites.push_back(std::move(made));
    }
    leak.sites = std::move(sites);
    leak.evidence.push_back(fmt::format(
        "the allocation profile agrees: what {} allocates grew by {}", culprit_of(site).path,
        format_bytes(static_cast<std::uint64_t>(std::max(site.verdict.growth, 0.0)))));
    if (!site.callers.empty()) leak.evidence.push_back("called from " + callers_text(site));
  }

  void add_unmatched(const GrowingSite& site) {
    if (facts_.snapshots.size() < enough_snapshots) {
      report_.leaks.push_back(leak_of(site));
      return;
    }
    report_.grew_but_not_leaking.push_back(
        {culprit_of(site), growth_of(site),
         report_.leaks.empty()
             ? "what it allocates grew, but the heap snapshots show nothing that only gathers"
             : "what it allocates grew; the heap snapshots count it among what is held above, or "
               "show no holder of its own"});
  }

  trace::RecordingSource& source_;
  const Options& options_;
  const Facts facts_;
  Report& report_;
  History history_;
  Sites sites_;
  std::size_t start_up_ = 0;
  double growth_ = 0;
};

}  // namespace

namespace {

/// One heap by itself.
Report analyse_heap(trace::RecordingSource& source, const Options& options, const Facts& facts,
                    const SnapshotOptions& snapshots) {
  Report result;
  if (!facts.snapshots.empty()) result = analyse_snapshots(facts.snapshots, {}, snapshots);
  Analysis analysis(source, options, facts, result);
  analysis.judge_profiles();
  if (facts.snapshots.empty()) {
    result.file = source.path();
    analysis.report_sites();
  } else {
    analysis.add_to_snapshots();
  }
  return result;
}

}  // namespace

bool analyse(trace::RecordingSource& source, const Options& options,
             const SnapshotOptions& snapshots, Report& report) {
  const std::vector<Facts> heaps = survey(source);
  if (heaps.empty()) return false;
  if (heaps.size() == 1) {
    report = analyse_heap(source, options, heaps.front(), snapshots);
    return true;
  }
  Report result;
  result.file = source.path();
  result.heaps = heaps.size();
  for (const Facts& facts : heaps) {
    Report heap = analyse_heap(source, options, facts, snapshots);
    add_heap(result, std::move(heap), heap_name(source.tables(), facts.heap));
  }
  // The recording is an input once.
  const auto is_recording = [&](const Input& input) { return input.file == source.path(); };
  const auto first = std::find_if(result.inputs.begin(), result.inputs.end(), is_recording);
  if (first != result.inputs.end()) {
    result.inputs.erase(std::remove_if(first + 1, result.inputs.end(), is_recording),
                        result.inputs.end());
  }
  sort_leaks(result);
  report = std::move(result);
  return true;
}

}  // namespace heaplab::leakcheck::profile
