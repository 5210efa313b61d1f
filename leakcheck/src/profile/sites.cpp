// SPDX-License-Identifier: MIT
#include "profile/sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace heaplab::leakcheck::profile {
namespace {

constexpr std::size_t most_sites = 6;
constexpr std::size_t most_callers = 4;
/// Called from one function but for so much.
constexpr double nearly_all = 0.9;
/// Curves, each in parts of its last value, are alike if nowhere further apart than this, or than
/// samples are by chance (Kolmogorov and Smirnov's test: once in twenty times).
constexpr double in_step = 0.15;
constexpr double by_chance = 1.36;
constexpr std::uint32_t nobody = ~std::uint32_t{0};

/// A function, wherever it is called from.
using Function = std::tuple<trace::StringId, trace::StringId, std::uint32_t, std::uint32_t>;

std::vector<double> to_doubles(const Series& series) { return {series.begin(), series.end()}; }

void add(std::vector<double>& to, const Series& from) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] += static_cast<double>(from[i]);
}

class Judge {
 public:
  Judge(const History& history, const trace::Tables& tables, const Thresholds& thresholds)
      : nodes_(history.nodes), tables_(tables), thresholds_(thresholds) {
    rest_.reserve(nodes_.size());
    for (const Node& node : nodes_) rest_.push_back(node.bytes);
    owner_.resize(nodes_.size());
    // Callers come first, so theirs is known.
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      owner_[i] = is_programs(i) ? i : nodes_[i].parent == i ? nobody : owner_[nodes_[i].parent];
    }
    claimed_by_.assign(nodes_.size(), nobody);
  }

  Sites run() {
    judge_functions();
    judge_subtrees();
    while (unite_two()) {
    }
    for (GrowingSite& site : result_.growing) finish(site);
    drop_parts_of_findings();
    auto faster = [](const GrowingSite& a, const GrowingSite& b) {
      return a.verdict.growth > b.verdict.growth;
    };
    std::stable_sort(result_.growing.begin(), result_.growing.end(), faster);
    std::stable_sort(result_.harmless.begin(), result_.harmless.end(), faster);
    return std::move(result_);
  }

 private:
  const trace::Frame& frame(std::uint32_t node) const {
    return tables_.innermost(nodes_[node].stack);
  }
  /// Whether the innermost function is in a file of the program.
  bool is_programs(std::uint32_t node) const {
    const std::string& file = tables_.text(frame(node).file);
    return !file.empty() && !file.starts_with("node:");
  }
  Function function(std::uint32_t node) const {
    const trace::Frame& f = frame(node);
    return {f.function, f.file, f.line, f.column};
  }
  Place place(std::uint32_t node) const {
    const trace::Frame& f = frame(node);
    return {tables_.text(f.file), f.line, f.column, tables_.text(f.function)};
  }

  Verdict judge(const std::vector<double>& values) const {
    const std::size_t skip = std::min(thresholds_.start_up, values.size());
    return judge_estimates(std::span(values).subspan(skip), thresholds_.sampling_bytes);
  }
  bool is_leak(const Verdict& verdict) const {
    return verdict.judgement.trend == Trend::grows && verdict.growth >= thresholds_.least_bytes;
  }

  /// Pass 1.
  void judge_functions() {
    std::map<Function, std::vector<std::uint32_t>> stacks;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (owner_[i] != nobody) stacks[function(owner_[i])].push_back(i);
    }
    for (const auto& [key, members] : stacks) {
      std::vector<double> values(rounds(), 0);
      for (const std::uint32_t i : members) add(values, rest_[i]);
      GrowingSite site;
      site.verdict = judge(values);
      site.values = std::move(values);
      const std::uint32_t example = owner_[largest(members)];
      site.place = place(example);
      if (is_leak(site.verdict)) {
        claim(members);
        examples_.push_back(example);
        result_.growing.push_back(std::move(site));
      } else if (site.verdict.growth >= thresholds_.least_bytes) {
        result_.harmless.push_back(std::move(site));
      }
    }
  }

  std::uint32_t largest(const std::vector<std::uint32_t>& members) const {
    return *std::max_element(members.begin(), members.end(), [&](std::uint32_t a, std::uint32_t b) {
      return nodes_[a].bytes.back() < nodes_[b].bytes.back();
    });
  }

  void claim(const std::vector<std::uint32_t>& members) {
    for (const std::uint32_t i : members) {
      claimed_by_[i] = static_cast<std::uint32_t>(result_.growing.size());
      std::fill(rest_[i].begin(), rest_[i].end(), 0.0F);
    }
  }

  /// Pass 2. Those called come after their callers: from the back, each is complete when it is met.
  void judge_subtrees() {
    for (std::size_t at = nodes_.size(); at-- > 0;) {
      const auto i = static_cast<std::uint32_t>(at);
      std::vector<double> values = to_doubles(rest_[i]);
      if (is_programs(i) && values.back() - values.front() >= thresholds_.least_bytes) {
        GrowingSite site;
        site.verdict = judge(values);
        if (is_leak(site.verdict)) {
          site.place = place(i);
          add_subtree(std::move(site), std::move(values), i);
          continue;
        }
      }
      if (nodes_[i].parent == i) continue;
      Series& above = rest_[nodes_[i].parent];
      for (std::size_t r = 0; r < above.size(); ++r) above[r] += rest_[i][r];
    }
  }

  void add_subtree(GrowingSite site, std::vector<double> values, std::uint32_t node) {
    claimed_by_[node] = static_cast<std::uint32_t>(result_.growing.size());
    site.values = std::move(values);
    examples_.push_back(node);
    result_.growing.push_back(std::move(site));
  }

  /// Pass 3: two findings become one. Returns false if there are none.
  bool unite_two() {
    for (std::uint32_t callee = 0; callee < result_.growing.size(); ++callee) {
      const std::uint32_t caller = main_caller(callee);
      if (caller == nobody || caller == callee) continue;
      std::vector<double> values = result_.growing[caller].values;
      for (std::size_t r = 0; r < values.size(); ++r) {
        values[r] += result_.growing[callee].values[r];
      }
      const Verdict together = judge(values);
      if (!are_one(result_.growing[caller], result_.growing[callee], together)) continue;
      unite(caller, callee, std::move(values), together);
      return true;
    }
    return false;
  }

  /// The finding whose function (or a function that is part of it) calls this one's, if it is
  /// nearly always the same.
  std::uint32_t main_caller(std::uint32_t finding) const {
    std::map<std::uint32_t, double> callers;
    double all = 0;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (claimed_by_[i] != finding || owner_[i] == nobody) continue;
      const double bytes = nodes_[i].bytes.back();
      all += bytes;
      callers[finding_of_caller(owner_[i])] += bytes;
    }
    for (const auto& [caller, bytes] : callers) {
      if (bytes > nearly_all * all) return caller;
    }
    return nobody;
  }

  /// The finding of the program's function that calls this node's.
  std::uint32_t finding_of_caller(std::uint32_t callee) const {
    std::uint32_t node = callee;
    while (nodes_[node].parent != node &&
           (!is_programs(node) || function(node) == function(callee))) {
      node = nodes_[node].parent;
    }
    for (std::uint32_t other = 0; other < result_.growing.size(); ++other) {
      if (function(examples_[other]) == function(node)) return other;
    }
    // It holds something, which is part of the finding of what calls it.
    if (nodes_[node].bytes.back() <= 0) return nobody;
    while (claimed_by_[node] == nobody && nodes_[node].parent != node) node = nodes_[node].parent;
    return claimed_by_[node];
  }

  /// They grow in step, or one takes over from the other, so that both together grow most evenly.
  bool are_one(const GrowingSite& a, const GrowingSite& b, const Verdict& together) const {
    if (!is_leak(together)) return false;
    const double steadiest =
        std::max(a.verdict.judgement.steadiness, b.verdict.judgement.steadiness);
    if (together.judgement.steadiness >= steadiest) return true;
    const double apart =
        thresholds_.sampling_bytes * (1 / a.values.back() + 1 / b.values.back());  // 1/n + 1/m
    const double most = std::max(in_step, by_chance * std::sqrt(apart));
    for (std::size_t r = std::min(thresholds_.start_up, a.values.size()); r < a.values.size();
         ++r) {
      if (std::abs(a.values[r] / a.values.back() - b.values[r] / b.values.back()) > most) {
        return false;
      }
    }
    return true;
  }

  /// It keeps the name of the one that grew more.
  void unite(std::uint32_t a, std::uint32_t b, std::vector<double> values, const Verdict& verdict) {
    if (result_.growing[a].verdict.growth < result_.growing[b].verdict.growth) std::swap(a, b);
    result_.growing[a].values = std::move(values);
    result_.growing[a].verdict = verdict;
    result_.growing.erase(result_.growing.begin() + b);
    examples_.erase(examples_.begin() + b);
    for (std::uint32_t& finding : claimed_by_) {
      if (finding == nobody) continue;
      if (finding == b) finding = a;
      if (finding > b) --finding;
    }
  }

  /// A callee that stopped growing because its caller took over is not harmless: it is listed
  /// there.
  void drop_parts_of_findings() {
    auto is_part = [&](const GrowingSite& harmless) {
      return std::any_of(
          result_.growing.begin(), result_.growing.end(), [&](const GrowingSite& finding) {
            return std::any_of(finding.sites.begin(), finding.sites.end(), [&](const Site& site) {
              return site.place.text() == harmless.place.text();
            });
          });
    };
    std::erase_if(result_.harmless, is_part);
  }

  /// Fills in what a reader wants to see besides.
  void finish(GrowingSite& site) {
    const auto number = static_cast<std::uint32_t>(&site - result_.growing.data());
    list_sites(site, number);
    add_callees(site, number);
    std::uint32_t node = examples_[number];
    while (site.callers.size() < most_callers && nodes_[node].parent != node) {
      node = nodes_[node].parent;
      if (!is_programs(node)) continue;
      site.callers.push_back(caller_text(place(node)));
    }
  }

  /// The curve with all that is listed: of a callee that was inlined, what it allocated before.
  void add_callees(GrowingSite& site, std::uint32_t number) {
    std::vector<double> values(rounds(), 0);
    const std::vector<std::uint32_t>& finding = findings_of_nodes();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (finding[i] == number) add(values, nodes_[i].bytes);
    }
    const Verdict whole = judge(values);
    if (!is_leak(whole)) return;
    site.verdict = whole;
    site.values = std::move(values);
  }

  /// Which finding a stack's bytes are part of: its own, or that of the nearest caller that has
  /// one.
  std::vector<std::uint32_t>& findings_of_nodes() {
    if (!finding_of_.empty()) return finding_of_;
    finding_of_ = claimed_by_;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (finding_of_[i] == nobody) finding_of_[i] = finding_of_[nodes_[i].parent];
    }
    return finding_of_;
  }

  void list_sites(GrowingSite& site, std::uint32_t number) {
    std::map<Function, Site> sites;
    const std::vector<std::uint32_t>& finding = findings_of_nodes();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (finding[i] != number || owner_[i] == nobody || nodes_[i].bytes.back() <= 0) continue;
      Site& entry = sites[function(owner_[i])];
      entry.place = place(owner_[i]);
      const auto bytes = static_cast<std::uint64_t>(nodes_[i].bytes.back());
      entry.bytes += bytes;
      site.live_bytes += bytes;
    }
    for (auto& [key, entry] : sites) site.sites.push_back(std::move(entry));
    std::stable_sort(site.sites.begin(), site.sites.end(),
                     [](const Site& a, const Site& b) { return a.bytes > b.bytes; });
    if (site.sites.size() > most_sites) site.sites.resize(most_sites);
  }

  std::size_t rounds() const { return nodes_.empty() ? 0 : nodes_[0].bytes.size(); }

  const std::vector<Node>& nodes_;
  const trace::Tables& tables_;
  const Thresholds& thresholds_;
  std::vector<Series> rest_;               ///< what no finding has taken yet
  std::vector<std::uint32_t> owner_;       ///< the innermost stack of the program's own, or nobody
  std::vector<std::uint32_t> claimed_by_;  ///< the finding, or nobody
  std::vector<std::uint32_t> finding_of_;
  std::vector<std::uint32_t> examples_;  ///< a stack of each finding
  Sites result_;
};

}  // namespace

std::string caller_text(const Place& place) {
  return fmt::format("{} ({})", place.function.empty() ? "(anonymous)" : place.function,
                     place.text());
}

Sites judge_sites(const History& history, const trace::Tables& tables,
                  const Thresholds& thresholds) {
  if (history.nodes.empty()) return {};
  return Judge(history, tables, thresholds).run();
}

}  // namespace heaplab::leakcheck::profile
