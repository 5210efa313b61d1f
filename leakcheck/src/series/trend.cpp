// SPDX-License-Identifier: MIT
#include "series/trend.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace heaplab::leakcheck::series {
namespace {

/// Each interval must add this share of the average.
constexpr double least_step = 0.2;
/// So much of earlier contents may be gone.
constexpr double tolerated_loss = 0.35;
/// Contents below this say nothing about losses.
constexpr std::uint32_t least_contents = 8;
/// New things a container must gain in each interval, unless they are large.
constexpr double least_new = 3;
constexpr double large = 64.0 * 1024;
/// With more intervals than this they are joined to so many.
constexpr std::size_t judged_intervals = 4;

/// What is known of the losses of one container and of those in it.
struct Losses {
  double before = 0;
  double kept = 0;

  bool are_turnover() const {
    return before >= least_contents && kept < (1 - tolerated_loss) * before;
  }
};

/// What is in a container, but in something inside it that turns over, by birth.
struct Turned {
  std::vector<std::uint64_t> born, born_bytes;
};

/// Intervals joined to a few, so that one quiet one does not acquit.
std::vector<double> joined(const std::vector<double>& steps) {
  if (steps.size() <= judged_intervals) return steps;
  std::vector<double> result(judged_intervals, 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    result[i * judged_intervals / steps.size()] += steps[i];
  }
  return result;
}

double average(const std::vector<double>& values) {
  return values.empty() ? 0
                        : std::accumulate(values.begin(), values.end(), 0.0) /
                              static_cast<double>(values.size());
}

class Judge {
 public:
  Judge(const Series& series, const Containers& containers, const TrendOptions& options)
      : series_(series), containers_(containers), options_(options) {}

  std::vector<Trend> run() {
    for (const Container& container : containers_.list) {
      if (container.is_loose) loose_.insert(container.node);
    }
    measure_losses();
    std::vector<Trend> trends;
    for (std::size_t i = 0; i < containers_.list.size(); ++i) trends.push_back(trend(i));
    return trends;
  }

 private:
  std::size_t rounds() const { return series_.round_count(); }

  /// How many of an owner's contents were there in each round, by their births.
  std::vector<std::uint32_t> contents_by_birth(NodeIndex owner) const {
    std::vector<std::uint32_t> count(rounds(), 0);
    const HeapSnapshot& heap = series_.last;
    auto add = [&](NodeIndex part) {
      for (const std::uint32_t word : heap.edge_words(part)) {
        if (EdgeKind(word >> HeapSnapshot::kind_shift) == EdgeKind::weak) continue;
        const NodeIndex target = word & HeapSnapshot::target_mask;
        if (target == owner || !is_content(heap, series_.owners, target)) continue;
        ++count[series_.birth(target)];
      }
    };
    add(owner);
    const auto parts = parts_.find(owner);
    if (parts != parts_.end()) {
      for (const NodeIndex part : parts->second) add(part);
    }
    return count;
  }

  void measure_losses() {
    losses_.resize(containers_.list.size());
    turned_.resize(containers_.list.size());
    if (rounds() < 2 || series_.is_timeline) return;
    const HeapSnapshot& heap = series_.last;
    std::vector<NodeIndex> judged;
    for (const Container& container : containers_.list) parts_.try_emplace(container.node);
    for (NodeIndex node = 0; node < heap.node_count(); ++node) {
      const bool matters = containers_.inside[node] != 0 && series_.owners.is_owner(node) &&
                           series_.birth(node) == 0 &&
                           series_.owners.fan_out[node] >= least_contents / 2;
      if (matters) parts_.try_emplace(node);
    }
    for (NodeIndex node = 0; node < heap.node_count(); ++node) {
      const NodeIndex owner = series_.owners.owner[node];
      if (owner == node) continue;
      const auto parts = parts_.find(owner);
      if (parts != parts_.end()) parts->second.push_back(node);
    }
    for (const auto& [owner, parts] : parts_) {
      const std::uint32_t number = containers_.inside[owner];
      if (number == 0) continue;
      const Losses losses = measure(owner);
      if (owner != containers_.list[number - 1].node && losses.are_turnover()) {
        turning_.insert(owner);
      } else {
        losses_[number - 1].before += losses.before;
        losses_[number - 1].kept += losses.kept;
      }
    }
    count_turning();
  }

  /// A cache with a limit inside of something that grows (in the scope that timers hold): what is
  /// new in it comes and goes, and says nothing about what is around it.
  void count_turning() {
    if (turning_.empty()) return;
    BigArray<std::uint64_t> bits(series_.last.node_count() / 64 + 1);
    for (const NodeIndex node : series_.analysis.order) {
      const NodeIndex above = series_.dominator(node);
      const bool turns = ((bits[above / 64] >> (above % 64)) & 1) != 0 || turning_.contains(node);
      if (!turns) continue;
      bits[node / 64] |= std::uint64_t{1} << (node % 64);
      const std::uint32_t number = containers_.inside[node];
      if (number == 0 || !is_content(series_.last, series_.owners, node)) continue;
      if (turning_.contains(node) || series_.momentary.is_passing(node)) continue;
      Turned& turned = turned_[number - 1];
      if (turned.born.empty()) {
        turned.born.resize(rounds());
        turned.born_bytes.resize(rounds());
      }
      const std::size_t birth = series_.birth(node);
      ++turned.born[birth];
      turned.born_bytes[birth] += series_.owners.own_bytes[node];
    }
  }

  Losses measure(NodeIndex owner) const {
    Losses losses;
    const std::vector<double> before = contents(owner);
    if (before.empty()) return losses;
    const std::vector<std::uint32_t> now = contents_by_birth(owner);
    double kept = 0;
    for (std::size_t round = 0; round + 1 < rounds(); ++round) {
      kept += now[round];
      if (before[round] < least_contents) continue;
      losses.before += before[round];
      losses.kept += std::min(kept, before[round]);
    }
    return losses;
  }

  /// References of a container by round, by its id, or by its place if it is replaced; empty if
  /// nobody knows.
  std::vector<double> contents(NodeIndex node) const {
    if (rounds() < 2 || series_.is_timeline || loose_.contains(node)) return {};
    std::vector<double> by_round;
    if (series_.birth(node) == 0) {
      for (const Round& round : series_.rounds) {
        by_round.push_back(round.owner(v8_id(series_.last, node)).fan_out);
      }
      by_round.back() = series_.owners.fan_out[node];
      return by_round;
    }
    const NodeIndex holder = series_.object_above(node);
    std::vector<PlaceKey> keys;
    series_.last.for_each_edge(holder, [&](const inspector::SnapshotEdge& edge) {
      if (edge.target == node &&
          (edge.kind == EdgeKind::context || edge.kind == EdgeKind::property)) {
        keys.push_back(place_key(series_.last, holder, edge));
      }
    });
    for (const PlaceKey key : keys) {
      by_round.clear();
      for (const Round& round : series_.rounds) {
        const auto sample = round.place(key);
        if (!sample) break;
        by_round.push_back(sample->fan_out);
      }
      if (by_round.size() == rounds()) return by_round;
    }
    return {};
  }

  Trend trend(std::size_t index) const {
    const Container& container = containers_.list[index];
    Trend trend;
    for (std::size_t round = 1; round < rounds(); ++round) {
      const Turned& turned = turned_[index];
      const bool known = !turned.born.empty();
      trend.steps.push_back(static_cast<double>(container.born_bytes[round] -
                                                (known ? turned.born_bytes[round] : 0)));
      trend.new_objects.push_back(
          static_cast<double>(container.born[round] - (known ? turned.born[round] : 0)));
    }
    add_store_growth(container, trend);
    trend.contents = contents(container.node);
    const Losses& losses = losses_[index];
    if (losses.before >= least_contents) trend.kept = losses.kept / losses.before;
    trend.bytes =
        static_cast<std::uint64_t>(std::accumulate(trend.steps.begin(), trend.steps.end(), 0.0));
    trend.verdict = decide(container, trend);
    return trend;
  }

  /// What an old container's own store grew: numbers in an array, characters of a text.
  void add_store_growth(const Container& container, Trend& trend) const {
    if (series_.is_timeline || rounds() < 2 || container.is_loose) return;
    if (series_.birth(container.node) != 0) {
      add_replaced_growth(container, trend);
      return;
    }
    const std::uint32_t id = v8_id(series_.last, container.node);
    double before = series_.rounds.front().owner(id).own_bytes;
    for (std::size_t round = 1; round < rounds(); ++round) {
      const double now = series_.rounds[round].owner(id).own_bytes;
      if (now > before) trend.steps[round - 1] += now - before;
      before = std::max(before, now);
    }
  }
  void add_replaced_growth(const Container& container, Trend& trend) const {
    const NodeIndex holder = series_.object_above(container.node);
    series_.last.for_each_edge(holder, [&](const inspector::SnapshotEdge& edge) {
      if (edge.target != container.node) return;
      if (edge.kind != EdgeKind::context && edge.kind != EdgeKind::property) return;
      const PlaceKey key = place_key(series_.last, holder, edge);
      for (std::size_t round = 1; round < rounds(); ++round) {
        const std::uint32_t before = series_.rounds[round - 1].own_bytes_at(key);
        const std::uint32_t now = series_.rounds[round].own_bytes_at(key);
        if (now > before) trend.steps[round - 1] += now - before;
      }
    });
  }

  Verdict decide(const Container& container, Trend& trend) const {
    if (static_cast<double>(trend.bytes) < options_.least_bytes) return Verdict::small;
    if (trend.kept >= 0 && 1 - trend.kept > tolerated_loss) return Verdict::turnover;
    // Of two snapshots: what is new with all that is in it may be gone tomorrow.
    if (rounds() == 2 && series_.birth(container.node) != 0 &&
        static_cast<double>(container.born_bytes[0]) < least_step * trend.steps[0]) {
      return Verdict::once;
    }
    std::vector<double> steps = trend.steps;
    std::vector<double> objects = trend.new_objects;
    if (options_.ends_idle && steps.size() > 1) {
      steps.pop_back();
      objects.pop_back();
    }
    steps = joined(steps);
    objects = joined(objects);
    const double mean = average(steps);
    const double least = *std::min_element(steps.begin(), steps.end());
    if (least < least_step * mean) {
      if (steps.back() < least_step * mean) return Verdict::settled;
      return steps.front() < least_step * mean && steps.size() == 2 ? Verdict::once
                                                                    : Verdict::turnover;
    }
    if (!contents_rise(trend)) return Verdict::turnover;
    if (!has_enough(container, steps, objects)) return Verdict::few;
    if (slows_down(trend, steps)) return Verdict::slowing;
    trend.evenness = std::clamp(least / std::max(mean, 1.0), 0.0, 1.0);
    return Verdict::leaks;
  }

  /// If new things are held directly, there must be more of them from round to round.
  bool contents_rise(const Trend& trend) const {
    if (trend.contents.size() < 2 || trend.contents.back() < least_contents) return true;
    std::vector<double> steps;
    for (std::size_t i = 1; i < trend.contents.size(); ++i) {
      steps.push_back(trend.contents[i] - trend.contents[i - 1]);
    }
    if (options_.ends_idle && steps.size() > 1) steps.pop_back();
    steps = joined(steps);
    // Nothing goes, and now and then there is one more: what grows is further in (a tree).
    constexpr double hardly_any = 0.05;
    const double fall = *std::min_element(steps.begin(), steps.end());
    if (trend.kept >= 1 - hardly_any && fall >= 0) return true;
    const double total = std::accumulate(steps.begin(), steps.end(), 0.0);
    const double direct = std::min(average(trend.new_objects), trend.contents.back());
    // What grows further in shows nothing here: losses were looked at there.
    if (std::abs(total) < 0.02 * direct) return true;
    return std::all_of(steps.begin(), steps.end(), [&](double step) { return step > 0; });
  }

  /// Something that fills up takes less and less: a cache with a limit that is not reached yet, a
  /// pool that has nearly what is needed. The number of what is held directly says more than bytes,
  /// among which there is always more that is new and will be replaced.
  bool slows_down(const Trend& trend, const std::vector<double>& steps) const {
    constexpr double clearly = 0.4;
    constexpr double hardly = 0.7;
    const double bytes = second_half(steps);
    std::vector<double> gained;
    for (std::size_t i = 1; i < trend.contents.size(); ++i) {
      gained.push_back(trend.contents[i] - trend.contents[i - 1]);
    }
    if (options_.ends_idle && gained.size() > 1) gained.pop_back();
    if (std::accumulate(gained.begin(), gained.end(), 0.0) < least_contents) return bytes < clearly;
    const double things = second_half(joined(gained));
    return things < clearly ? bytes < hardly : things < hardly && bytes < clearly;
  }

  /// What the second half of the steps adds, as a share of what the first half did.
  static double second_half(const std::vector<double>& steps) {
    if (steps.size() < 2) return 1;
    const auto half = static_cast<std::ptrdiff_t>(steps.size() / 2);
    const double first = std::accumulate(steps.begin(), steps.begin() + half, 0.0);
    const double second = std::accumulate(steps.end() - half, steps.end(), 0.0);
    return second / std::max(first, 1.0);
  }

  bool has_enough(const Container& container, const std::vector<double>& steps,
                  const std::vector<double>& objects) const {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const bool store_grew = objects[i] < 1;
      if (store_grew && !container.is_chain) continue;
      if (objects[i] < least_new && steps[i] < large) return false;
    }
    return true;
  }

  const Series& series_;
  const Containers& containers_;
  const TrendOptions& options_;
  std::vector<Losses> losses_;
  std::vector<Turned> turned_;
  std::unordered_set<NodeIndex> turning_;  ///< old objects in containers whose contents change
  std::unordered_set<NodeIndex> loose_;
  std::unordered_map<NodeIndex, std::vector<NodeIndex>> parts_;
};

}  // namespace

std::vector<Trend> judge(const Series& series, const Containers& containers,
                         const TrendOptions& options) {
  return Judge(series, containers, options).run();
}

}  // namespace heaplab::leakcheck::series
