// SPDX-License-Identifier: MIT
#include "series/verdict.h"

#include <fmt/format.h>

#include "growth.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"
#include "series/balance.h"
#include "series/words.h"

namespace heaplab::leakcheck::series {
namespace {

/// A single snapshot shows no growth: suspected is what holds much.
constexpr double least_suspect_share = 0.1;
constexpr std::uint64_t least_suspect_bytes = 256 * 1024;
constexpr std::uint64_t least_suspect_things = 50;
constexpr std::size_t most_grown = 20;

/// Two snapshots cannot tell a leak from a warm-up; a single one cannot tell growth from size.
double confidence_of(const Series& series, const Trend& trend, double share) {
  const std::size_t rounds = series.round_count();
  if (rounds == 1) return std::min(0.4, 0.15 + 0.5 * share);
  double confidence = 0.5 + 0.2 * trend.evenness + 0.15 * std::min(1.0, 2 * share);
  if (trend.kept > 0.9) confidence += 0.08;
  if (rounds >= 4) confidence += 0.05;
  if (rounds == 2) return std::min(0.55, confidence - 0.2);
  if (series.is_timeline) confidence -= 0.1;
  return std::min(confidence, 0.98);
}

class Writer {
 public:
  Writer(const Series& series, const SnapshotOptions& options, Report& report)
      : series_(series), options_(options), report_(report), paths_(series) {}

  void run(const GrowthMap& map, const Containers& containers) {
    TrendOptions judging;
    judging.ends_idle = options_.ends_idle;
    live_ = static_cast<double>(series_.rounds.back().live_bytes);
    judging.least_bytes =
        std::max({static_cast<double>(options_.least_bytes), options_.least_share * live_,
                  options_.least_growth_share * static_cast<double>(map.total)});
    std::vector<Trend> trends = judge(series_, containers, judging);
    const std::vector<Contents> contents = describe_contents(series_, containers);
    for (std::size_t i = 0; i < trends.size(); ++i) {
      trends[i].verdict = reconsider(series_, contents[i], trends[i]);
    }
    double all = 0;
    for (const Trend& trend : trends) all += static_cast<double>(trend.bytes);
    for (std::size_t i = 0; i < trends.size(); ++i) {
      Finding finding{&containers.list[i], &contents[i], &trends[i], {}, Shape::plain};
      finding.route = route_of(finding);
      finding.shape = shape_of(series_, finding);
      if (!is_programs_own(finding)) continue;
      if (series_.round_count() == 1) {
        suspect(finding);
      } else if (trends[i].verdict == Verdict::leaks) {
        leak(finding, static_cast<double>(trends[i].bytes) / std::max(all, 1.0));
      } else {
        grown(finding);
      }
    }
    auto by_score = [](const Leak& a, const Leak& b) { return a.score > b.score; };
    std::stable_sort(report_.leaks.begin(), report_.leaks.end(), by_score);
    auto by_growth = [](const Grown& a, const Grown& b) {
      return a.growth.bytes_per_round > b.growth.bytes_per_round;
    };
    std::stable_sort(report_.grew_but_not_leaking.begin(), report_.grew_but_not_leaking.end(),
                     by_growth);
    if (report_.grew_but_not_leaking.size() > most_grown) {
      report_.grew_but_not_leaking.resize(most_grown);
    }
    if (report_.leaks.empty()) add_unexplained(contents, judging.least_bytes);
  }

 private:
  /// Weak collections keep nothing. The runtime's own tables are its own, but not what a program
  /// hangs into them: timers, listeners, modules.
  bool is_programs_own(const Finding& finding) const {
    const NodeIndex node = finding.container->node;
    if (series_.last.type(node) == NodeType::object &&
        series_.names.of(node) == Known::weak_collection) {
      return false;
    }
    return true;
  }

  /// Of a list whose ends a container has: the way to the nearest link.
  Route route_of(const Finding& finding) const {
    const std::vector<NodeIndex>& things = finding.contents->things;
    if (!finding.container->is_linked || things.empty()) {
      return paths_.route_to(finding.container->node);
    }
    return paths_.route_to(*std::min_element(things.begin(), things.end(), [&](auto a, auto b) {
      return paths_.distance(a) < paths_.distance(b);
    }));
  }

  void suspect(Finding& finding) {
    const double bytes = static_cast<double>(finding.contents->bytes);
    const double share = bytes / std::max(live_, 1.0);
    if (finding.route.is_runtimes_own || finding.shape == Shape::loose ||
        share < least_suspect_share || finding.contents->bytes < least_suspect_bytes) {
      return;
    }
    const std::uint64_t each =
        finding.contents->bytes / std::max<std::uint64_t>(finding.contents->count, 1);
    if (finding.contents->count < least_suspect_things && each < least_suspect_bytes / 4) return;
    Leak& suspect = leak(finding, share);
    suspect.evidence = {fmt::format("It holds {:.0f}% of the heap.", 100 * share),
                        "One snapshot shows what is large, not what grows: take two more."};
  }

  Leak& leak(Finding& finding, double share) {
    Leak leak;
    leak.culprit = culprit_of(finding);
    leak.kind = kind_of(series_, finding);
    const Contents& contents = *finding.contents;
    leak.accumulates = {contents.type, contents.count, contents.bytes};
    leak.retained_bytes = contents.bytes;
    leak.growth = growth_of(finding);
    count_things(leak.growth, contents.count);
    leak.sites = sites_of(series_, paths_, contents.things);
    if (leak.kind == Kind::timer) name_timer(leak, finding);
    leak.why = why_kept(leak, finding.shape);
    leak.advice = advice_for(leak, finding.shape);
    leak.confidence = confidence_of(series_, *finding.trend, share);
    leak.score = 100 * share * leak.confidence;
    leak.evidence = evidence_of(finding, share);
    for (const NodeIndex other : finding.container->others) {
      leak.also_holds.push_back(paths_.route_to(other).path);
    }
    report_.leaks.push_back(std::move(leak));
    return report_.leaks.back();
  }

  void grown(const Finding& finding) {
    if (finding.trend->verdict == Verdict::small) return;
    Grown grown;
    grown.culprit = culprit_of(finding);
    grown.growth = growth_of(finding);
    grown.reason = reason_for(finding.trend->verdict);
    report_.grew_but_not_leaking.push_back(std::move(grown));
  }

  /// If nothing leaks: what there is more of all the same, so that it can be looked into.
  void add_unexplained(const std::vector<Contents>& contents, double least) {
    std::vector<std::uint64_t> explained;
    if (!report_.grew_but_not_leaking.empty()) {
      for (const Contents& held : contents) {
        if (!held.things.empty()) {
          explained.push_back(counted_class(series_.last, held.things.front()));
        }
      }
    }
    for (Grown& grown : growing_classes(series_, static_cast<std::uint64_t>(least), explained)) {
      report_.grew_but_not_leaking.push_back(std::move(grown));
    }
  }

  Culprit culprit_of(const Finding& finding) const {
    const Container& container = *finding.container;
    Culprit culprit;
    culprit.path = finding.route.path;
    culprit.type = type_text(series_.last, series_.names, container.node);
    if (finding.shape == Shape::timers) culprit.path = "pending timers";
    if (series_.last.type(container.node) == NodeType::synthetic) {
      culprit.path = "the runtime's handles";
    }
    if (finding.shape == Shape::loose) {
      culprit.path = fmt::format("open {} objects", culprit.type);
      culprit.place = Place{};
      return culprit;
    }
    if (container.is_chain && finding.shape == Shape::chain) culprit.path += chain_text(finding);
    if (container.is_linked && finding.shape == Shape::chain) culprit.path += " → …";
    constexpr std::string_view link = ".next";
    if (!finding.route.event.empty() && culprit.path.ends_with(link)) {
      culprit.path.resize(culprit.path.size() - link.size());
    }
    culprit.place.file = printable(finding.route.file);
    if (finding.shape == Shape::timers) culprit.place = Place{};
    if (culprit.place.file.empty()) culprit.place = Place{};
    return culprit;
  }

  /// ` → next → next → …`
  std::string chain_text(const Finding& finding) const {
    const NodeIndex head = finding.container->node;
    if (!finding.route.event.empty()) return {};
    auto type_of = [&](NodeIndex node) { return type_text(series_.last, series_.names, node); };
    const std::string type = type_of(head);
    for (const NodeIndex thing : finding.contents->things) {
      NodeIndex above = thing;
      if (thing == head || type_of(thing) != type) continue;
      const std::uint64_t kind = class_key(series_.last, head);
      for (int step = 0; step < 4 && above != head; ++step) {
        above = series_.object_above(above);
        if (class_key(series_.last, above) == kind) break;
      }
      if (above != head) continue;
      const std::string label = paths_.step_text(head, thing);
      if (!label.empty()) return fmt::format(" → {0} → {0} → …", label);
    }
    return " → …";
  }

  /// Timers are told apart by what they call.
  void name_timer(Leak& leak, const Finding& finding) const {
    std::vector<NodeIndex> callbacks;
    for (const NodeIndex thing : finding.contents->things) {
      series_.last.for_each_edge(thing, [&](const inspector::SnapshotEdge& edge) {
        if (edge.kind == EdgeKind::property &&
            series_.last.type(edge.target) == NodeType::closure &&
            series_.last.label_text(edge) == "_onTimeout") {
          callbacks.push_back(edge.target);
        }
      });
    }
    if (callbacks.empty()) return;
    leak.sites = sites_of(series_, paths_, callbacks);
    if (leak.sites.empty()) return;
    leak.culprit.place = leak.sites.front().place;
    const std::string& function = leak.culprit.place.function;
    if (!function.empty()) leak.culprit.path += " of " + function;
  }

  Growth growth_of(const Finding& finding) const {
    const Trend& trend = *finding.trend;
    Growth growth;
    growth.rounds = series_.round_count();
    const double intervals = std::max<double>(1, static_cast<double>(trend.steps.size()));
    growth.bytes_per_round = static_cast<double>(trend.bytes) / intervals;
    const bool counted = trend.contents.size() > 1 && trend.contents.back() > trend.contents[0];
    if (counted) {
      growth.values = trend.contents;
      growth.per_round = (trend.contents.back() - trend.contents[0]) / intervals;
      return growth;
    }
    growth.unit = "bytes";
    double value = static_cast<double>(finding.container->born_bytes.front());
    growth.values.push_back(value);
    for (const double step : trend.steps) growth.values.push_back(value += step);
    growth.per_round = growth.bytes_per_round;
    return growth;
  }

  std::vector<std::string> evidence_of(const Finding& finding, double share) const {
    const Trend& trend = *finding.trend;
    std::vector<std::string> evidence;
    if (trend.steps.empty()) return evidence;
    std::string steps;
    for (std::size_t i = 0; i < std::min<std::size_t>(trend.steps.size(), 6); ++i) {
      steps += fmt::format("{}{}", i == 0 ? "" : ", ",
                           format_bytes_change(static_cast<std::int64_t>(trend.steps[i])));
    }
    evidence.push_back(fmt::format("It kept things from every interval between snapshots: {}{}.",
                                   steps, trend.steps.size() > 6 ? ", …" : ""));
    if (trend.kept >= 0) {
      evidence.push_back(fmt::format(
          "Of what it held in earlier snapshots, {:.0f}% is still in it.", 100 * trend.kept));
    }
    evidence.push_back(
        fmt::format("It explains {:.0f}% of what accumulated anywhere.", 100 * share));
    if (finding.container->is_chain && finding.container->length > 1) {
      evidence.push_back(fmt::format("It is a chain of {} links or more.",
                                     format_count(finding.container->length)));
    }
    return evidence;
  }

  const Series& series_;
  const SnapshotOptions& options_;
  Report& report_;
  Paths paths_;
  double live_ = 0;
};

}  // namespace

void judge_series(const Series& series, const SnapshotOptions& options, Report& report) {
  const bool single = series.round_count() == 1;
  const double share = single ? 0.02 : 0.005;
  GrowthMap map = map_growth(series, options.least_bytes / 2, share);
  const Containers containers = find_containers(series, map);
  map.grown.release();
  map.rest.release();
  Writer(series, options, report).run(map, containers);
}

}  // namespace heaplab::leakcheck::series
