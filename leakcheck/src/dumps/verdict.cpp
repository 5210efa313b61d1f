// SPDX-License-Identifier: MIT
#include "dumps/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "dumps/growth.h"
#include "heaplab/support/byte_stream.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"

namespace heaplab::leakcheck::dumps {
namespace {

/// Each interval must add this share of the average.
constexpr double least_step = 0.2;
constexpr std::size_t judged_intervals = 4;
constexpr double least_suspect_share = 0.1;
constexpr double least_suspect_bytes = 256 * 1024;
constexpr double large_thing = 128 * 1024;
constexpr std::size_t most_grown = 20;

/// Milliseconds since 1970, from the header.
std::uint64_t time_of(const std::string& file) {
  ByteStream stream(file);
  const std::string start = stream.peek(64);
  const std::size_t end = start.find('\0');
  std::uint64_t time = 0;
  if (end == std::string::npos || start.size() < end + 13) return 0;
  for (std::size_t i = end + 5; i < end + 13; ++i) {
    time = time << 8 | static_cast<unsigned char>(start[i]);
  }
  return time;
}

std::vector<double> steps_of(const std::vector<double>& values, bool ends_idle) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < values.size(); ++i) steps.push_back(values[i] - values[i - 1]);
  if (ends_idle && steps.size() > 1) steps.pop_back();
  if (steps.size() <= judged_intervals) return steps;
  std::vector<double> joined(judged_intervals, 0);
  for (std::size_t i = 0; i < steps.size(); ++i)
    joined[i * judged_intervals / steps.size()] += steps[i];
  return joined;
}

class Writer {
 public:
  Writer(const Series& series, const SnapshotOptions& options, Report& report)
      : series_(series), options_(options), report_(report) {}

  void run() {
    const double live = static_cast<double>(series_.rounds.back().live_bytes);
    GatheringOptions searching;
    searching.least_bytes =
        is_single()
            ? std::max(least_suspect_bytes, least_suspect_share * live)
            : std::max({static_cast<double>(options_.least_bytes), options_.least_share * live,
                        options_.least_growth_share * grown()});
    const std::vector<Gathering> gatherings = find_gatherings(series_, searching);
    double all = 0;
    for (const Gathering& gathering : gatherings) all += growth_bytes(gathering);
    for (const Gathering& gathering : gatherings) {
      const double share = growth_bytes(gathering) / std::max(is_single() ? live : all, 1.0);
      const std::string reason = is_single() ? std::string() : reason_against(gathering);
      if (reason.empty()) {
        report_.leaks.push_back(leak(gathering, share));
      } else {
        report_.grew_but_not_leaking.push_back({culprit(gathering), growth(gathering), reason});
      }
    }
    std::stable_sort(report_.leaks.begin(), report_.leaks.end(),
                     [](const Leak& a, const Leak& b) { return a.score > b.score; });
    auto& others = report_.grew_but_not_leaking;
    std::stable_sort(others.begin(), others.end(), [](const Grown& a, const Grown& b) {
      return a.growth.bytes_per_round > b.growth.bytes_per_round;
    });
    if (others.size() > most_grown) others.resize(most_grown);
  }

 private:
  bool is_single() const { return series_.rounds.size() == 1; }
  double grown() const {
    return std::max(0.0, static_cast<double>(series_.rounds.back().live_bytes) -
                             static_cast<double>(series_.rounds.front().live_bytes));
  }
  static double growth_bytes(const Gathering& gathering) {
    return gathering.bytes.back() - gathering.bytes.front();
  }

  /// Why it is no leak; "" if it is one.
  std::string reason_against(const Gathering& gathering) const {
    const std::vector<double> steps = steps_of(gathering.bytes, options_.ends_idle);
    const std::vector<double> objects = steps_of(gathering.count, options_.ends_idle);
    const double mean =
        std::accumulate(steps.begin(), steps.end(), 0.0) / static_cast<double>(steps.size());
    const double least = *std::min_element(steps.begin(), steps.end());
    if (least < least_step * mean) {
      if (least < 0) return "its contents come and go: it has been smaller again";
      if (steps.back() < least_step * mean) return "it stopped growing";
      return "it did not grow in every interval, so this may be a table that was made late";
    }
    const bool fell =
        std::any_of(objects.begin(), objects.end(), [](double step) { return step <= 0; });
    if (!gathering.grows_itself && fell) return "the number of things in it did not always rise";
    return {};
  }

  Leak leak(const Gathering& gathering, double share) const {
    Leak leak;
    leak.culprit = culprit(gathering);
    const double count = gathering.grows_itself ? 0 : gathering.count.back();
    leak.accumulates = {
        class_name(series_.last, series_.places.list[gathering.things.front()].example),
        static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(gathering.bytes.back())};
    leak.retained_bytes = leak.accumulates.bytes;
    if (count > 0 && gathering.bytes.back() / count >= large_thing) leak.kind = Kind::large_object;
    leak.growth = growth(gathering);
    if (is_single()) leak.growth = Growth{1, "objects", 0, 0, {}};
    leak.why = why(leak, gathering);
    leak.advice = advice(leak, gathering);
    leak.confidence = confidence(gathering, share);
    leak.score = 100 * share * leak.confidence;
    leak.evidence = evidence(gathering, share);
    for (const std::uint32_t other : gathering.also_holds) {
      leak.also_holds.push_back(printable(path_to(other)));
    }
    return leak;
  }

  const Place& largest_group(const Gathering& gathering) const {
    const auto& places = series_.places.list;
    const auto largest = *std::max_element(
        gathering.groups.begin(), gathering.groups.end(),
        [&](std::uint32_t a, std::uint32_t b) { return places[a].bytes < places[b].bytes; });
    return places[largest];
  }

  Culprit culprit(const Gathering& gathering) const {
    Culprit culprit;
    const Place& container = series_.places.list[gathering.container];
    culprit.path = printable(path_to(gathering.container));
    culprit.type = printable(class_name(series_.last, container.example));
    if (is_group(gathering)) {
      culprit.path = printable(group_name(gathering));
      culprit.type = "roots of the virtual machine";
      return culprit;
    }
    const Place& group = largest_group(gathering);
    if (gathering.is_chain && group.is_chain && group.field != 0) {
      culprit.path +=
          fmt::format(" → {0} → {0} → …", printable(series_.last.strings().get(group.field)));
    }
    return culprit;
  }

  /// What gathers is referred to by the virtual machine itself, not by an object.
  bool is_group(const Gathering& gathering) const {
    const NodeIndex node = series_.places.list[gathering.container].example;
    return gathering.container == 0 || (series_.last.type(node) == NodeType::synthetic &&
                                        series_.last.name(node).starts_with('('));
  }
  /// "JNI globals".
  std::string group_name(const Gathering& gathering) const {
    const NodeIndex node = series_.places.list[gathering.container].example;
    std::string name = node == inspector::no_node ? "" : series_.last.name(node);
    if (name.starts_with('(')) name.erase(0, 1);
    if (name.ends_with(')')) name.pop_back();
    return name.empty() ? "roots" : name;
  }

  /// "com.acme.Server.sessions", "thread "main" · com.acme.Main.run(Main.java:12) · local",
  /// "com.acme.Server.shards[].table".
  std::string path_to(std::uint32_t number) const {
    std::vector<std::uint32_t> steps;
    for (; number != 0; number = series_.places.list[number].parent) steps.push_back(number);
    std::string path;
    for (std::size_t i = steps.size(); i-- > 0;) {
      const Place& place = series_.places.list[steps[i]];
      const NodeType type = series_.last.type(place.example);
      const std::string name = series_.last.name(place.example);
      if (type == NodeType::class_object) {
        path = name;
      } else if (type == NodeType::synthetic) {
        if (!name.starts_with('(')) path += path.empty() ? name : " · " + name;
      } else if (place.field != 0) {
        path += "." + series_.last.strings().get(place.field);
      } else if (place.is_element) {
        path += path.empty() ? class_name(series_.last, place.example) : "[]";
      } else {
        path += (path.empty() ? "" : " · ") + class_name(series_.last, place.example);
      }
    }
    return path;
  }

  Growth growth(const Gathering& gathering) const {
    Growth growth;
    growth.rounds = series_.rounds.size();
    const auto intervals = static_cast<double>(gathering.bytes.size() - 1);
    growth.bytes_per_round = growth_bytes(gathering) / intervals;
    growth.values = gathering.grows_itself ? gathering.bytes : gathering.count;
    growth.unit = gathering.grows_itself ? "bytes" : "objects";
    growth.per_round = (growth.values.back() - growth.values.front()) / intervals;
    return growth;
  }

  /// No object can be followed, so nothing is as sure as with ids that stay.
  double confidence(const Gathering& gathering, double share) const {
    if (is_single()) return std::min(0.4, 0.15 + 0.5 * share);
    const std::vector<double> steps = steps_of(gathering.bytes, options_.ends_idle);
    const double mean =
        std::accumulate(steps.begin(), steps.end(), 0.0) / static_cast<double>(steps.size());
    const double least = *std::min_element(steps.begin(), steps.end());
    const double evenness = std::clamp(least / std::max(mean, 1.0), 0.0, 1.0);
    double confidence = 0.45 + 0.2 * evenness + 0.15 * std::min(1.0, 2 * share);
    if (series_.rounds.size() >= 4) confidence += 0.07;
    if (series_.rounds.size() == 2) confidence = std::min(0.5, confidence - 0.2);
    return std::min(confidence, 0.9);
  }

  std::vector<std::string> evidence(const Gathering& gathering, double share) const {
    if (is_single()) {
      return {fmt::format("It holds {:.0f}% of the heap.", 100 * share),
              "One dump shows what is large, not what grows: take two more."};
    }
    std::string steps;
    for (std::size_t i = 1; i < std::min<std::size_t>(gathering.bytes.size(), 7); ++i) {
      steps += fmt::format("{}{}", i == 1 ? "" : ", ",
                           format_bytes_change(static_cast<std::int64_t>(gathering.bytes[i] -
                                                                         gathering.bytes[i - 1])));
    }
    return {fmt::format("What is at this place grew in every interval between dumps: {}{}.", steps,
                        gathering.bytes.size() > 7 ? ", …" : ""),
            fmt::format("It explains {:.0f}% of what accumulated anywhere.", 100 * share),
            "Objects of Java move and have no ids: dumps were compared place by place, and whether "
            "the same objects are still in it is not known."};
  }

  std::string why(const Leak& leak, const Gathering& gathering) const {
    const std::string& path = leak.culprit.path;
    if (is_group(gathering)) {
      return path == "JNI globals"
                 ? "Native code refers to them by JNI global references, which last until it calls "
                   "DeleteGlobalRef. The virtual machine has some of its own."
                 : fmt::format("They are roots themselves ({}): no object refers to them.", path);
    }
    std::uint32_t number = gathering.container;
    while (series_.places.list[number].parent != 0 &&
           series_.last.type(series_.places.list[number].example) != NodeType::class_object) {
      number = series_.places.list[number].parent;
    }
    const NodeIndex first = series_.places.list[number].example;
    if (series_.last.type(first) == NodeType::class_object) {
      return fmt::format(
          "{} is reachable from static fields of {}: for as long as the class is loaded, "
          "that is as long as the program runs.",
          path, printable(series_.last.name(first)));
    }
    return fmt::format(
        "{} is reachable from a running thread or from a root of the virtual machine, "
        "and it refers to all of them.",
        path);
  }

  std::string advice(const Leak& leak, const Gathering& gathering) const {
    if (is_group(gathering)) {
      return leak.culprit.path == "JNI globals"
                 ? "Find the native library that calls NewGlobalRef for them, and let it delete "
                   "what "
                   "it is done with."
                 : "See what they are (heaplab inspect FILE top), and who made them roots.";
    }
    if (gathering.is_chain) {
      return fmt::format(
          "Cut the chain: let {} move on, or set the reference to null when the rest "
          "has been dealt with.",
          leak.culprit.path);
    }
    if (gathering.grows_itself) return "Write it out when it has some length, and start a new one.";
    return fmt::format(
        "Remove from {0} what is done with, also on errors; or give it a limit (the "
        "oldest go first, or those not used lately); or use weak keys if the keys "
        "have a life of their own.",
        leak.culprit.path);
  }

  const Series& series_;
  const SnapshotOptions& options_;
  Report& report_;
};

}  // namespace

Report analyse(std::vector<std::string> files, std::optional<inspector::Snapshot> only,
               const SnapshotOptions& options) {
  Report report;
  Series series;
  if (!only) {
    std::vector<std::pair<std::uint64_t, std::string>> dated;
    for (const std::string& file : files) dated.emplace_back(time_of(file), file);
    std::stable_sort(dated.begin(), dated.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < dated.size(); ++i) files[i] = dated[i].second;
    if (files.size() > 1) report.order = "by the times the dumps themselves have";
  }
  for (const std::string& file : files) {
    series.places = {};
    series.analysis = inspector::Analysis();
    series.last = {};
    series.last = only ? std::move(*only) : inspector::read_snapshot(file, {options.progress, 0});
    if (series.last.origin() != inspector::Origin::java) {
      throw InputError(file, "no Java heap dump, as the others are");
    }
    series.analysis = inspector::analyse(series.last, {0, options.progress});
    series.places = find_places(series.last, series.analysis);
    series.rounds.push_back(summarise(series.last, series.places));
  }
  for (const Round& round : series.rounds) {
    Input input;
    input.file = round.file;
    input.kind = "Java heap dump";
    input.nodes = round.nodes;
    input.edges = round.edges;
    input.live_bytes = round.live_bytes;
    report.inputs.push_back(std::move(input));
    report.live_by_round.push_back(static_cast<double>(round.live_bytes));
  }
  report.file = series.rounds.back().file;
  report.live_bytes = series.rounds.back().live_bytes;
  report.rounds = report.checkpoints = series.rounds.size();
  Writer(series, options, report).run();
  return report;
}

}  // namespace heaplab::leakcheck::dumps
