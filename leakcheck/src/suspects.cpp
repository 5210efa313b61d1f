// SPDX-License-Identifier: MIT
#include "suspects.h"

#include <algorithm>
#include <unordered_map>

namespace heaplab::leakcheck {
namespace {

using inspector::Graph;

/// A container is one from so many references on.
constexpr std::uint32_t least_fan_out = 8;
/// A place passes its growth on to the next one if that explains so much of it.
constexpr double passes_on = 0.7;

double bytes_floor(const History& history, const Options& options) {
  return std::max(static_cast<double>(options.least_bytes),
                  options.least_share * static_cast<double>(history.last.live_bytes));
}

/// One value per round of whatever `pick` takes from the sample with this key.
template <class Table, class Pick>
std::vector<double> series(const History& history, Table Round::*table, std::uint64_t key,
                           Pick pick) {
  std::vector<double> values;
  for (const Round& round : history.rounds) {
    const auto found = (round.*table).find(key);
    values.push_back(found == (round.*table).end() ? 0.0
                                                   : static_cast<double>(pick(found->second)));
  }
  return values;
}
template <class Table>
std::vector<double> fan_outs(const History& history, Table Round::*table, std::uint64_t key) {
  return series(history, table, key, [](const Sample& s) { return s.fan_out; });
}
template <class Table>
std::vector<double> retained(const History& history, Table Round::*table, std::uint64_t key) {
  return series(history, table, key, [](const Sample& s) { return s.retained; });
}

std::size_t rounds_present(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [](double v) { return v > 0; }));
}

/// The reference the node is best known by.
PlaceKey best_place(const Snapshot& snapshot, NodeIndex node) {
  const NodeIndex parent = snapshot.distances.parent[node];
  if (parent == no_node) return 0;
  return place_key(snapshot, parent, snapshot.distances.parent_edge[node]);
}

double growth_of(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return values.back() - *std::min_element(values.begin(), values.end());
}

bool may_be_container(const Snapshot& snapshot, NodeIndex node) {
  if (node == root_node || snapshot.owner[node] != node) return false;
  if (snapshot.is_group(node)) return snapshot.is_event_loop(node);
  return !snapshot.is_internal(node) && snapshot.fan_out[node] >= least_fan_out;
}

Suspect container(const History& history, NodeIndex node) {
  const Snapshot& last = history.last;
  Suspect suspect;
  suspect.node = node;
  suspect.edges.owner = node;
  const std::uint64_t id = last.graph.id(node);
  suspect.values = fan_outs(history, &Round::owners, id);
  suspect.bytes_values = retained(history, &Round::owners, id);
  // A young container may be the successor of others in the same place (`list = [...list, x]`).
  const std::vector<double> by_place = fan_outs(history, &Round::places, best_place(last, node));
  if (!last.is_group(node) && rounds_present(by_place) > rounds_present(suspect.values)) {
    suspect.values = by_place;
    suspect.bytes_values = retained(history, &Round::places, best_place(last, node));
  }
  suspect.judgement = judge(suspect.values);
  return suspect;
}

}  // namespace

std::vector<Suspect> growing_containers(const History& history, const Options& options) {
  std::vector<Suspect> suspects;
  const Snapshot& last = history.last;
  for (const NodeIndex node : last.tree.order()) {
    if (!may_be_container(last, node)) continue;
    Suspect suspect = container(history, node);
    if (suspect.judgement.trend == Trend::none) continue;
    if (growth_of(suspect.values) < least_fan_out) continue;
    if (!last.is_group(node) && static_cast<double>(last.retained[node]) < 1.0 &&
        options.least_bytes > 0) {
      continue;
    }
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

namespace {

/// Finds the places behind which memory grows, and follows each to where the growth ends.
class PlaceSearch {
 public:
  PlaceSearch(const History& history, const Options& options, const std::vector<Suspect>& explained)
      : history_(history),
        last_(history.last),
        graph_(history.last.graph),
        floor_(bytes_floor(history, options)) {
    for (const Suspect& suspect : explained) {
      for (NodeIndex n = suspect.node; n != no_node; n = last_.tree.dominator(n)) {
        explained_[n] += growth_of(suspect.bytes_values);
      }
    }
  }

  std::vector<Suspect> run() {
    std::vector<Suspect> found;
    for (const NodeIndex from : last_.tree.order()) {
      if (from == root_node || (last_.is_internal(from) && !last_.is_group(from))) continue;
      for (EdgeIndex edge = graph_.first_edge(from); edge < graph_.end_edge(from); ++edge) {
        if (is_start(from, edge)) consider(from, edge, found);
      }
    }
    return outermost(std::move(found));
  }

 private:
  /// A variable or property that its owner alone refers to.
  bool is_start(NodeIndex from, EdgeIndex edge) const {
    const NodeIndex target = graph_.target(edge);
    if (!graph_.is_strong(edge) || last_.distances.parent_edge[target] != edge) return false;
    if (last_.is_group(from)) return is_embedders_root(from, edge);
    return graph_.kind(edge) == EdgeKind::context || graph_.kind(edge) == EdgeKind::property;
  }
  /// A global of a C++ program, or a root it has named. (What the interpreter's own roots lead to
  /// has names of its own.)
  bool is_embedders_root(NodeIndex group, EdgeIndex edge) const {
    if (graph_.kind(edge) == EdgeKind::element) return graph_.name(group) == "globals";
    return !last_.is_event_loop(group) && !is_passing_root(graph_, edge);
  }
  std::vector<double> bytes_of(NodeIndex from, EdgeIndex edge) const {
    return retained(history_, &Round::places, place_key(last_, from, edge));
  }
  double unexplained(NodeIndex target, const std::vector<double>& values) const {
    const auto known = explained_.find(target);
    return growth_of(values) - (known == explained_.end() ? 0 : known->second);
  }

  void consider(NodeIndex from, EdgeIndex edge, std::vector<Suspect>& found) {
    const NodeIndex target = graph_.target(edge);
    if (last_.is_internal(target) || last_.is_scope(target)) return;
    if (static_cast<double>(last_.retained[target]) < floor_) return;
    Suspect suspect;
    suspect.ground = Ground::place;
    suspect.node = target;
    suspect.edges.edge = edge;
    suspect.values = suspect.bytes_values = bytes_of(from, edge);
    suspect.judgement = judge(suspect.values);
    if (suspect.judgement.trend == Trend::none) return;
    const double growth = unexplained(target, suspect.values);
    if (growth < floor_ || growth < (1 - passes_on) * growth_of(suspect.values)) return;
    if (passes_growth_on(target, growth)) return;
    found.push_back(std::move(suspect));
  }

  /// True if one place inside explains the growth, so that this one only leads to it. Links between
  /// alike objects lead nowhere: a list is one thing.
  bool passes_growth_on(NodeIndex target, double growth) const {
    std::vector<NodeIndex> inside{target};
    for (std::size_t head = 0; head < inside.size() && head < 256; ++head) {
      const NodeIndex node = inside[head];
      for (EdgeIndex edge = graph_.first_edge(node); edge < graph_.end_edge(node); ++edge) {
        const NodeIndex next = graph_.target(edge);
        if (!graph_.is_strong(edge) || last_.tree.dominator(next) != node || next == target) {
          continue;
        }
        if (last_.is_internal(next) || last_.is_scope(next)) {
          inside.push_back(next);
        }
        if (last_.is_internal(next)) continue;
        if (is_alike(next, target)) continue;
        const std::vector<double> values = bytes_of(node, edge);
        if (judge(values).trend == Trend::grows && growth_of(values) >= passes_on * growth) {
          return true;
        }
      }
    }
    return false;
  }
  bool is_alike(NodeIndex a, NodeIndex b) const {
    return graph_.name_id(a) == graph_.name_id(b) && last_.stack[a] == last_.stack[b];
  }

  std::vector<Suspect> outermost(std::vector<Suspect> found) const {
    std::sort(found.begin(), found.end(), [&](const Suspect& a, const Suspect& b) {
      return last_.distances.distance[a.node] < last_.distances.distance[b.node];
    });
    std::vector<Suspect> result;
    for (Suspect& suspect : found) {
      const bool inside = std::any_of(result.begin(), result.end(), [&](const Suspect& other) {
        return dominates(last_, other.node, suspect.node);
      });
      if (!inside) result.push_back(std::move(suspect));
    }
    return result;
  }

  const History& history_;
  const Snapshot& last_;
  const Graph& graph_;
  double floor_;
  std::unordered_map<NodeIndex, double> explained_;
};

}  // namespace

std::vector<Suspect> growing_places(const History& history, const Options& options,
                                    const std::vector<Suspect>& explained) {
  return PlaceSearch(history, options, explained).run();
}

std::vector<std::uint64_t> subtree_accesses(const Snapshot& snapshot) {
  std::vector<std::uint64_t> access = snapshot.last_access;
  const auto order = snapshot.tree.order();
  for (std::size_t i = order.size(); i-- > 1;) {
    std::uint64_t& above = access[snapshot.tree.dominator(order[i])];
    above = std::max(above, access[order[i]]);
  }
  return access;
}

bool dominates(const Snapshot& snapshot, NodeIndex above, NodeIndex node) {
  while (node != no_node && node != above) node = snapshot.tree.dominator(node);
  return node == above;
}

std::vector<Suspect> unused_objects(const History& history, const Options& options) {
  // Not touched during the last half of the run, and for some time in absolute terms too.
  constexpr double least_unused_time = 0.5;
  constexpr std::uint64_t least_unused_clock = 64 * 1024;

  const Snapshot& last = history.last;
  const std::uint64_t now = last.begin.clock;
  const double floor = std::max(static_cast<double>(options.least_unused_bytes),
                                options.least_unused_share * static_cast<double>(last.live_bytes));
  const std::vector<std::uint64_t> access = subtree_accesses(last);
  auto is_unused = [&](NodeIndex node) {
    const std::uint64_t idle = now - access[node];
    return idle >= least_unused_clock &&
           static_cast<double>(idle) >= least_unused_time * static_cast<double>(now);
  };
  std::vector<Suspect> suspects;
  std::vector<bool> covered(last.graph.node_count(), false);
  for (const NodeIndex node : last.tree.order()) {
    if (node < last.end_group) continue;
    const NodeIndex above = last.tree.dominator(node);
    if (above >= last.end_group && covered[above]) {
      covered[node] = true;
      continue;
    }
    // Nameless parts and scopes are passed through: their contents are judged one by one. What is
    // as old as the recording is the language's own.
    // What another object holds inside itself (a view its buffer) is used through that object.
    const EdgeIndex held_by = last.distances.parent_edge[node];
    const bool nameable = !last.is_internal(node) && !last.is_scope(node) &&
                          last.stack[node] != 0 && held_by != inspector::no_edge &&
                          (last.graph.kind(held_by) != EdgeKind::internal ||
                           last.is_group(last.distances.parent[node]));
    if (!nameable || static_cast<double>(last.retained[node]) < floor || !is_unused(node)) continue;
    covered[node] = true;
    Suspect suspect;
    suspect.ground = Ground::unused;
    suspect.node = node;
    suspect.edges.edge = last.distances.parent_edge[node];
    suspect.values = suspect.bytes_values = retained(history, &Round::owners, last.graph.id(node));
    suspect.judgement = judge(suspect.values);
    suspect.unused_share = static_cast<double>(now - access[node]) /
                           static_cast<double>(std::max<std::uint64_t>(now, 1));
    suspects.push_back(std::move(suspect));
  }
  return suspects;
}

}  // namespace heaplab::leakcheck
