// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "heaps.h"
#include "naming.h"
#include "suspects.h"
#include "words.h"

namespace heaplab::leakcheck {
namespace {

using inspector::Graph;

/// A leak is of large objects when they are this big on average.
constexpr double large_item_bytes = 128.0 * 1024;
/// Contents are in use when this share of the older items was touched lately.
constexpr double in_use_share = 0.5;
constexpr double in_use_doubt = 0.25;

struct Group {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// Turns suspects into findings.
class Verdict {
 public:
  Verdict(const trace::RecordingSource& reader, const History& history, const Options& options,
          Report& report)
      : tables_(reader.tables()),
        history_(history),
        last_(history.last),
        graph_(history.last.graph),
        report_(report),
        folder_(folder_of(reader.info("program"))),
        floor_(std::max(static_cast<double>(options.least_bytes),
                        options.least_share * static_cast<double>(history.last.live_bytes))),
        accesses_(subtree_accesses(history.last)) {}

  void judge_growing(const std::vector<Suspect>& suspects) {
    std::vector<LeakEdges> cuts;
    for (const Suspect& suspect : suspects) cuts.push_back(suspect.edges);
    const std::vector<Share> shares = leak_shares(last_, cuts);
    for (std::size_t i = 0; i < suspects.size(); ++i) judge_one(suspects[i], shares[i]);
  }

  void judge_unused(const std::vector<Suspect>& suspects) {
    for (const Suspect& suspect : suspects) {
      const bool known = std::any_of(found_.begin(), found_.end(), [&](NodeIndex node) {
        return dominates(last_, suspect.node, node) || dominates(last_, node, suspect.node);
      });
      // What no program code allocated is the language's own.
      const bool ours = place_of(tables_, last_.stack[suspect.node], folder_).known();
      if (!known && ours) report_.leaks.push_back(unused_leak(suspect));
    }
  }

  void note_grown(const Suspect& suspect, const std::string& reason) {
    if (growth_bytes(suspect) < floor_) return;
    Grown grown;
    grown.culprit = culprit_of(suspect, name_of(last_, suspect.node));
    grown.growth = growth_of(suspect);
    grown.reason = reason;
    report_.grew_but_not_leaking.push_back(std::move(grown));
  }

 private:
  static double growth_bytes(const Suspect& suspect) {
    if (suspect.bytes_values.empty()) return 0;
    const auto [least, most] =
        std::minmax_element(suspect.bytes_values.begin(), suspect.bytes_values.end());
    return *most - *least;
  }

  void judge_one(const Suspect& suspect, const Share& share) {
    if (share.bytes < floor_) {
      note_grown(suspect, "what it holds is held by others too, or is too small to matter");
      return;
    }
    Leak leak = growing_leak(suspect, share);
    // A registry that is walked through, an index that is searched: what only grows and is read is
    // no less a leak, but it may be what the program is for.
    if (report_.reads_known && is_in_use(suspect, share)) {
      leak.confidence = std::max(0.3, leak.confidence - in_use_doubt);
      leak.evidence.push_back("Its older contents are still being read: it may be meant to grow.");
    }
    report_.leaks.push_back(std::move(leak));
    found_.push_back(suspect.node);
  }

  /// Whether the older half of the contents was touched in the last third of the run.
  bool is_in_use(const Suspect& suspect, const Share& share) const {
    if (suspect.ground != Ground::container || last_.is_group(suspect.node)) return false;
    if (are_closures(share.items)) return false;  // listeners that leak are called all the same
    const std::uint64_t now = last_.begin.clock;
    std::vector<NodeIndex> old;
    for (const NodeIndex item : share.items) {
      const bool readable = graph_.type(item).find("string") == std::string::npos;
      if (readable && last_.birth[item] < now / 2) old.push_back(item);
    }
    if (old.size() < 4) return false;
    const auto touched = std::count_if(
        old.begin(), old.end(), [&](NodeIndex item) { return accesses_[item] >= now - now / 3; });
    return static_cast<double>(touched) >= in_use_share * static_cast<double>(old.size());
  }

  Leak growing_leak(const Suspect& suspect, const Share& share) {
    Leak leak;
    const Name name = name_of(last_, suspect.node);
    leak.culprit = culprit_of(suspect, name);
    leak.growth = growth_of(suspect);
    leak.retained_bytes = static_cast<std::uint64_t>(share.bytes);
    const std::vector<NodeIndex> main = main_items(suspect, share, leak.accumulates);
    count_things(leak.growth, leak.accumulates.count);
    leak.accumulates.bytes = leak.retained_bytes;
    leak.sites = sites_of(main);
    leak.kind = kind_of(suspect, name, share, main);
    if (last_.is_group(suspect.node) || leak.kind == Kind::timer) name_timer(leak);
    leak.confidence = confidence_of(suspect);
    leak.why = why_kept(leak, true);
    leak.advice = advice_for(leak, true);
    return leak;
  }

  Leak unused_leak(const Suspect& suspect) {
    Leak leak;
    const Name name = name_of(last_, suspect.node);
    leak.culprit = culprit_of(suspect, name);
    leak.growth = growth_of(suspect);
    leak.growth.per_round = leak.growth.bytes_per_round = 0;
    leak.retained_bytes = last_.retained[suspect.node];
    Share inside;
    inside.kept = dominated_by(suspect.node);
    const std::vector<NodeIndex> main = main_items(suspect, inside, leak.accumulates);
    leak.accumulates.bytes = leak.retained_bytes;
    leak.sites = sites_of(main);
    const double largest = static_cast<double>(leak.retained_bytes) /
                           static_cast<double>(std::max<std::uint64_t>(leak.accumulates.count, 1));
    if (largest >= large_item_bytes) {
      leak.kind = Kind::large_object;
    } else {
      leak.kind = name.scope_is_local ? Kind::closure : Kind::unneeded;
    }
    leak.confidence = std::min(0.95, 0.4 + 0.5 * suspect.unused_share);
    leak.why = why_kept(leak, false) +
               fmt::format(" It was not touched during the last {:.0f}% of the run.",
                           100 * suspect.unused_share);
    leak.advice = advice_for(leak, false);
    return leak;
  }

  Culprit culprit_of(const Suspect& suspect, const Name& name) const {
    return {name.path, type_text(graph_, suspect.node),
            place_of(tables_, last_.stack[suspect.node], folder_)};
  }

  Growth growth_of(const Suspect& suspect) const {
    Growth growth;
    growth.rounds = history_.rounds.size();
    growth.values = suspect.values;
    growth.unit = suspect.ground == Ground::container ? "objects" : "bytes";
    growth.per_round = suspect.judgement.per_round;
    growth.bytes_per_round = judge(suspect.bytes_values).per_round;
    return growth;
  }

  std::vector<NodeIndex> dominated_by(NodeIndex top) const {
    std::vector<bool> inside(graph_.node_count(), false);
    std::vector<NodeIndex> nodes;
    inside[top] = true;
    nodes.push_back(top);
    for (const NodeIndex node : last_.tree.order()) {
      const NodeIndex above = last_.tree.dominator(node);
      if (above == no_node || !inside[above] || inside[node]) continue;
      inside[node] = true;
      nodes.push_back(node);
    }
    return nodes;
  }

  /// What accumulates: the items (of a container) or the objects (behind a place) of the type that
  /// holds most bytes.
  std::vector<NodeIndex> main_items(const Suspect& suspect, const Share& share,
                                    Accumulation& accumulates) const {
    if (suspect.ground == Ground::place) {
      const std::vector<NodeIndex> links = alike(suspect.node, share.kept);
      if (links.size() >= 4) {
        accumulates.type = type_text(graph_, suspect.node);
        accumulates.count = links.size();
        return links;
      }
    }
    const bool direct = suspect.ground == Ground::container && !share.items.empty();
    std::map<std::string, Group> groups;
    std::vector<std::string> types;
    if (direct) {
      for (const NodeIndex item : share.items) types.push_back(type_text(graph_, item));
      for (const std::string& type : types) ++groups[type].count;
      for (std::size_t i = 0; i < share.kept.size(); ++i) {
        groups[types[share.item_of_kept[i]]].bytes += graph_.shallow_size(share.kept[i]);
      }
    } else {
      for (const NodeIndex node : share.kept) {
        const NodeIndex owner = last_.owner[node];
        Group& group = groups[type_text(graph_, owner)];
        group.count += owner == node && !last_.is_internal(node);
        group.bytes += graph_.shallow_size(node);
      }
    }
    std::string best;
    for (const auto& [type, group] : groups) {
      if (group.count != 0 && (best.empty() || group.bytes > groups[best].bytes)) best = type;
    }
    accumulates.type = best;
    accumulates.count = groups[best].count;
    std::vector<NodeIndex> main;
    for (const NodeIndex node : direct ? share.items : share.kept) {
      if (last_.owner[node] == node && type_text(graph_, node) == best) main.push_back(node);
    }
    return main;
  }

  /// The links of a chain: what has the name and the site of its head.
  std::vector<NodeIndex> alike(NodeIndex head, const std::vector<NodeIndex>& nodes) const {
    std::vector<NodeIndex> result;
    for (const NodeIndex node : nodes) {
      if (graph_.name_id(node) == graph_.name_id(head) && last_.stack[node] == last_.stack[head]) {
        result.push_back(node);
      }
    }
    return result;
  }

  std::vector<Site> sites_of(const std::vector<NodeIndex>& nodes) const {
    std::map<std::string, Site> by_place;
    for (const NodeIndex node : nodes) {
      const Place place = place_of(tables_, last_.stack[node], folder_);
      if (!place.known()) continue;
      Site& site = by_place[place.text()];
      site.place = place;
      ++site.count;
      site.bytes += last_.own_bytes[node];
    }
    std::vector<Site> sites;
    for (auto& [text, site] : by_place) sites.push_back(std::move(site));
    std::sort(sites.begin(), sites.end(),
              [](const Site& a, const Site& b) { return a.bytes > b.bytes; });
    if (sites.size() > 3) sites.resize(3);
    return sites;
  }

  Kind kind_of(const Suspect& suspect, const Name& name, const Share& share,
               const std::vector<NodeIndex>& main) const {
    if (last_.is_group(suspect.node)) return Kind::timer;
    if (name.is_listener_list) return Kind::listener;
    if (suspect.ground == Ground::container && are_closures(main)) return Kind::listener;
    // A variable of the very call that started the timer: clearing it would free this.
    if (name.in_timer && name.scope_is_local && name.variables == 1) return Kind::timer;
    const double per_item =
        share.bytes / static_cast<double>(std::max<std::size_t>(main.size(), 1));
    if (per_item >= large_item_bytes) return Kind::large_object;
    if (suspect.ground == Ground::place && holds_scopes(share, main.size())) return Kind::closure;
    return Kind::collection;
  }

  bool are_closures(const std::vector<NodeIndex>& nodes) const {
    return !nodes.empty() && std::all_of(nodes.begin(), nodes.end(), [&](NodeIndex node) {
      return graph_.type(node) == "closure";
    });
  }

  /// As many scopes as objects: each object keeps the variables of the call that made it.
  bool holds_scopes(const Share& share, std::size_t objects) const {
    const auto scopes = std::count_if(share.kept.begin(), share.kept.end(),
                                      [&](NodeIndex node) { return last_.is_scope(node); });
    return static_cast<double>(scopes) >= 0.5 * static_cast<double>(objects) && scopes >= 4;
  }

  void name_timer(Leak& leak) const {
    if (last_.is_group(last_.distances.parent[root_node])) return;
    if (leak.culprit.type.empty() || leak.culprit.type.front() == '(') {
      leak.culprit.type = leak.accumulates.type;
      leak.culprit.path = "pending timers";
      if (!leak.sites.empty()) leak.culprit.place = leak.sites.front().place;
    }
  }

  double confidence_of(const Suspect& suspect) const {
    double confidence = 0.5 + 0.3 * suspect.judgement.steadiness;
    if (history_.rounds.size() >= 8) confidence += 0.1;
    if (report_.reads_known) confidence += 0.08;
    return std::min(confidence, 0.98);
  }

  const trace::Tables& tables_;
  const History& history_;
  const Snapshot& last_;
  const Graph& graph_;
  Report& report_;
  std::string folder_;
  double floor_;
  std::vector<std::uint64_t> accesses_;
  std::vector<NodeIndex> found_;
};

std::string reason_for(Trend trend) {
  switch (trend) {
    case Trend::falls:
      return "it shrank again: its contents come and go";
    case Trend::settled:
      return "it stopped growing";
    case Trend::too_short:
      return "it grew, but was seen in too few rounds to tell";
    default:
      return "";
  }
}

/// Of two containers of which one holds the other, the one that explains the growth stays.
std::vector<Suspect> without_nested(const Snapshot& last, std::vector<Suspect> suspects) {
  constexpr double explains = 0.6;
  auto growth = [](const Suspect& s) {
    return s.bytes_values.empty() ? 0.0 : s.bytes_values.back() - s.bytes_values.front();
  };
  std::vector<bool> dropped(suspects.size(), false);
  for (std::size_t outer = 0; outer < suspects.size(); ++outer) {
    for (std::size_t inner = 0; inner < suspects.size(); ++inner) {
      if (inner == outer || !dominates(last, suspects[outer].node, suspects[inner].node)) continue;
      const bool inner_explains =
          growth(suspects[inner]) >= explains * std::max(growth(suspects[outer]), 1.0);
      dropped[inner_explains ? outer : inner] = true;
    }
  }
  std::vector<Suspect> kept;
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    if (!dropped[i]) kept.push_back(std::move(suspects[i]));
  }
  return kept;
}

}  // namespace

void judge_heap(const trace::RecordingSource& reader, const History& history,
                const Options& options, Report& report) {
  report.live_bytes = history.last.live_bytes;
  for (const Round& round : history.rounds) {
    report.live_by_round.push_back(static_cast<double>(round.live_bytes));
  }

  Verdict verdict(reader, history, options, report);
  std::vector<Suspect> growing;
  std::vector<Suspect> harmless;
  for (Suspect& suspect : growing_containers(history, options)) {
    (suspect.judgement.trend == Trend::grows ? growing : harmless).push_back(std::move(suspect));
  }
  growing = without_nested(history.last, std::move(growing));
  for (Suspect& suspect : growing_places(history, options, growing)) {
    (suspect.judgement.trend == Trend::grows ? growing : harmless).push_back(std::move(suspect));
  }
  verdict.judge_growing(growing);
  if (report.reads_known) verdict.judge_unused(unused_objects(history, options));
  for (const Suspect& suspect : harmless) {
    verdict.note_grown(suspect, reason_for(suspect.judgement.trend));
  }
  sort_leaks(report);
}

}  // namespace heaplab::leakcheck
