// SPDX-License-Identifier: MIT
#include "series/balance.h"

#include <algorithm>

#include "heaplab/support/text.h"

namespace heaplab::leakcheck::series {
namespace {

/// Fewer things than this may be more or less by chance.
constexpr double least_things = 20;
/// The heap must have more of them, by this share of those that are new.
constexpr double least_gain = 0.3;
constexpr std::size_t most_classes = 5;

bool is_mostly_passing(const Series& series, const Contents& contents) {
  if (series.momentary.passing_bits.empty() || contents.things.empty()) return false;
  const auto passing =
      std::count_if(contents.things.begin(), contents.things.end(),
                    [&](NodeIndex thing) { return series.momentary.is_passing(thing); });
  return 2 * static_cast<std::size_t>(passing) > contents.things.size();
}

bool is_replaced(const Series& series, const Contents& contents, const Trend& trend) {
  if (contents.things.empty()) return false;
  const auto counted = std::count_if(contents.things.begin(), contents.things.end(),
                                     [&](NodeIndex thing) { return series.birth(thing) > 0; });
  const double young = static_cast<double>(counted) * static_cast<double>(contents.count) /
                       static_cast<double>(contents.things.size());
  if (young < least_things) return false;
  const bool rises = trend.contents.size() > 1 &&
                     trend.contents.back() - trend.contents.front() >= least_gain * young;
  if (rises) return false;  // it has more references: that is more than the sum of the heap says
  const std::uint64_t key = counted_class(series.last, contents.things.front());
  const double before = static_cast<double>(find_class(series.rounds.front().classes, key).objects);
  const double now = static_cast<double>(find_class(series.rounds.back().classes, key).objects);
  return now - before < least_gain * young;
}

}  // namespace

Verdict reconsider(const Series& series, const Contents& contents, const Trend& trend) {
  if (trend.verdict != Verdict::leaks || series.round_count() < 2) return trend.verdict;
  if (is_mostly_passing(series, contents)) return Verdict::moment;
  if (!series.is_timeline && is_replaced(series, contents, trend)) return Verdict::replaced;
  return trend.verdict;
}

std::vector<Grown> growing_classes(const Series& series, std::uint64_t least_bytes,
                                   const std::vector<std::uint64_t>& explained) {
  struct Growing {
    ClassCount now;
    double bytes;
  };
  std::vector<Growing> growing;
  if (series.is_timeline || series.round_count() < 2) return {};
  for (const ClassCount& now : series.rounds.back().classes) {
    if (std::find(explained.begin(), explained.end(), now.key) != explained.end()) continue;
    std::uint64_t before = 0;
    bool rises = true;
    for (const Round& round : series.rounds) {
      const std::uint64_t bytes = find_class(round.classes, now.key).bytes;
      rises &= bytes > before;
      before = bytes;
    }
    const std::uint64_t first = find_class(series.rounds.front().classes, now.key).bytes;
    if (rises && now.bytes >= first + least_bytes) {
      growing.push_back({now, static_cast<double>(now.bytes - first)});
    }
  }
  std::stable_sort(growing.begin(), growing.end(),
                   [](const Growing& a, const Growing& b) { return a.bytes > b.bytes; });
  if (growing.size() > most_classes) growing.resize(most_classes);
  std::vector<Grown> result;
  for (const auto& [now, bytes] : growing) {
    Grown grown;
    const bool is_text = is_string(series.last.type(now.example));
    grown.culprit.type = is_text ? "string"
                         : series.last.type(now.example) == NodeType::number
                             ? "number"
                             : printable(series.last.name(now.example));
    grown.culprit.path = "all " + grown.culprit.type + " objects";
    if (is_text) grown.culprit.path = "all texts";
    const double intervals = static_cast<double>(series.round_count() - 1);
    grown.growth.rounds = series.round_count();
    for (const Round& round : series.rounds) {
      grown.growth.values.push_back(
          static_cast<double>(find_class(round.classes, now.key).objects));
    }
    grown.growth.per_round = (grown.growth.values.back() - grown.growth.values.front()) / intervals;
    grown.growth.bytes_per_round = bytes / intervals;
    grown.reason = "there are more of them in each snapshot, but no one thing that gathers them";
    result.push_back(std::move(grown));
  }
  return result;
}

}  // namespace heaplab::leakcheck::series
