// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/retaining_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <queue>
#include <tuple>
#include <unordered_set>

// Telling paths are cheap paths: every edge has a cost, low for what stands in a program's source,
// high for what the engine does behind it. Dijkstra from the root gives each node its cheapest path
// and so a tree. Other paths leave that tree at one edge (a "sidetrack", Eppstein 1998): into some
// node v of a path found before, by an edge that is not the tree's. The next best path is the
// cheapest sidetrack not yet taken; sidetracks into one node that look the same count as one.

namespace heaplab::inspector {
namespace {

constexpr std::uint32_t unreached = 0xffff'ffff;
constexpr std::uint32_t no_parent = 0xffff'ffff;

/// What a type has to do with a program's source.
enum class Visibility { program, storage, engine, group };

Visibility visibility(NodeType type) {
  switch (type) {
    case NodeType::object:
    case NodeType::closure:
    case NodeType::string:
    case NodeType::concatenated_string:
    case NodeType::sliced_string:
    case NodeType::regexp:
    case NodeType::number:
    case NodeType::symbol:
    case NodeType::bigint:
    case NodeType::class_object:
      return Visibility::program;
    case NodeType::array:
    case NodeType::native:
      return Visibility::storage;
    case NodeType::synthetic:
      return Visibility::group;
    default:
      return Visibility::engine;
  }
}

class Costs {
 public:
  static constexpr std::uint32_t most = 24;

  explicit Costs(const Snapshot& snapshot) : snapshot_(snapshot) {}

  std::uint32_t operator()(NodeIndex from, EdgeKind kind, NodeIndex to) const {
    const Visibility source = visibility(snapshot_.type(from));
    const Visibility target = visibility(snapshot_.type(to));
    if (from == snapshot_.root()) return target == Visibility::group ? 12 : 1;
    if (source == Visibility::group) return target == Visibility::program ? 6 : 10;
    const std::uint32_t engine = source == Visibility::engine ? 6 : 0;
    switch (kind) {
      case EdgeKind::property:
      case EdgeKind::element:
      case EdgeKind::context:
        return 2 + engine;
      case EdgeKind::shortcut:
        return 4 + engine;
      case EdgeKind::internal:
        if (source == Visibility::storage) return target == Visibility::engine ? 8 : 1;
        return (target == Visibility::engine ? 10 : 3) + engine;
      default:
        return 6 + engine;
    }
  }

 private:
  const Snapshot& snapshot_;
};

/// The cheapest way from the root to every node over edges that retain.
class CheapestPaths {
 public:
  explicit CheapestPaths(const View& view)
      : snapshot_(view.snapshot()),
        costs_(snapshot_.node_count()),
        parents_(snapshot_.node_count()),
        cost_of_(snapshot_) {
    costs_.assign(snapshot_.node_count(), unreached);
    parents_.assign(snapshot_.node_count(), no_parent);
    search(view.analysis());
  }

  std::uint32_t cost(NodeIndex node) const { return costs_[node]; }
  /// The last edge of the cheapest path; none for the root.
  EdgeIndex parent_edge(NodeIndex node) const {
    return parents_[node] == no_parent ? no_edge : EdgeIndex{parents_[node]};
  }
  std::uint32_t edge_cost(NodeIndex from, EdgeKind kind, NodeIndex to) const {
    return cost_of_(from, kind, to);
  }

 private:
  /// Dijkstra with a ring of buckets instead of a heap (Dial 1969): costs are small integers.
  void search(const Analysis& analysis) {
    std::vector<std::vector<NodeIndex>> ring(Costs::most + 1);
    std::size_t waiting = 1;
    ring[0].push_back(snapshot_.root());
    costs_[snapshot_.root()] = 0;
    for (std::uint32_t cost = 0; waiting > 0; ++cost) {
      auto& bucket = ring[cost % ring.size()];
      while (!bucket.empty()) {
        const NodeIndex node = bucket.back();
        bucket.pop_back();
        --waiting;
        if (costs_[node] != cost) continue;  // found cheaper since, and done
        waiting += relax(analysis, node, cost, ring);
      }
    }
  }

  std::size_t relax(const Analysis& analysis, NodeIndex node, std::uint32_t cost,
                    std::vector<std::vector<NodeIndex>>& ring) {
    std::size_t added = 0;
    for (EdgeIndex edge = snapshot_.first_edge(node); edge < snapshot_.end_edge(node); ++edge) {
      if (!analysis.essential.contains(snapshot_, node, edge)) continue;
      const NodeIndex target = snapshot_.target(edge);
      const std::uint32_t via = cost + cost_of_(node, snapshot_.kind(edge), target);
      if (via >= costs_[target]) continue;
      costs_[target] = via;
      parents_[target] = static_cast<std::uint32_t>(edge);
      ring[via % ring.size()].push_back(target);
      ++added;
    }
    return added;
  }

  const Snapshot& snapshot_;
  BigArray<std::uint32_t> costs_;
  BigArray<std::uint32_t> parents_;
  Costs cost_of_;
};

/// What makes two sidetracks into one node look the same.
using Look = std::tuple<NodeType, std::uint32_t, EdgeKind, std::uint32_t>;

struct Sidetrack {
  std::uint64_t priority;
  EdgeIndex edge;  ///< into the first node of the rest
  NodeIndex from;
  std::vector<EdgeIndex> rest;  ///< from there to the node in question
  std::uint64_t similar;
  bool operator>(const Sidetrack& other) const { return priority > other.priority; }
};

class PathFinder {
 public:
  PathFinder(const View& view, NodeIndex target)
      : view_(view), snapshot_(view.snapshot()), tree_(view), target_(target) {}

  std::vector<RetainingPath> find(std::size_t count) {
    std::vector<RetainingPath> paths;
    if (count == 0 || target_ == snapshot_.root() || tree_.cost(target_) == unreached) return paths;
    std::vector<EdgeIndex> first = tree_path(target_);
    add_sidetracks(first, first.size(), 0);
    paths.push_back({.edges = std::move(first)});
    // Every sidetrack that is taken out may bring new ones; most are soon far too dear.
    // (The budget counts edges looked at: in a list of a million nodes every path has a million.)
    std::size_t budget = 20'000'000;
    while (paths.size() < count && !queue_.empty() && budget > 0) {
      const Sidetrack next = queue_.top();
      queue_.pop();
      std::vector<EdgeIndex> edges = tree_path(next.from);
      budget -= std::min(budget, edges.size() + 1'000);
      const std::size_t own = edges.size();
      edges.push_back(next.edge);
      edges.insert(edges.end(), next.rest.begin(), next.rest.end());
      if (has_loop(edges)) continue;
      add_sidetracks(edges, own, next.rest.size() + 1);
      paths.push_back({.edges = std::move(edges), .similar = next.similar});
    }
    return paths;
  }

 private:
  std::vector<EdgeIndex> tree_path(NodeIndex node) const {
    std::vector<EdgeIndex> edges;
    for (EdgeIndex edge = tree_.parent_edge(node); edge != no_edge;
         edge = tree_.parent_edge(snapshot_.source(edge))) {
      edges.push_back(edge);
    }
    std::reverse(edges.begin(), edges.end());
    return edges;
  }

  bool has_loop(const std::vector<EdgeIndex>& edges) const {
    std::unordered_set<NodeIndex> seen{snapshot_.root()};
    return std::any_of(edges.begin(), edges.end(),
                       [&](EdgeIndex edge) { return !seen.insert(snapshot_.target(edge)).second; });
  }

  /// Other ways into the nodes that the first `count` edges of a path lead to. The nearer to the
  /// node in question, the more one says about it: far from it, paths differ in what nobody asked.
  void add_sidetracks(const std::vector<EdgeIndex>& edges, std::size_t count, std::size_t steps) {
    constexpr std::size_t far = 64;  // a long list's path has a million nodes
    std::uint64_t rest_cost = 0;
    for (std::size_t i = edges.size(); i > count; --i) rest_cost += cost(edges[i - 1]);
    for (std::size_t i = count; i > 0 && count - i + steps < far; --i) {
      const std::vector<EdgeIndex> rest(edges.begin() + static_cast<std::ptrdiff_t>(i),
                                        edges.end());
      add_sidetracks_into(snapshot_.target(edges[i - 1]), edges[i - 1], rest, rest_cost);
      rest_cost += cost(edges[i - 1]);
    }
  }

  void add_sidetracks_into(NodeIndex node, EdgeIndex taken, const std::vector<EdgeIndex>& rest,
                           std::uint64_t rest_cost) {
    constexpr std::size_t most = 20'000;  // what everything refers to tells nothing
    std::map<Look, Sidetrack> best;
    const auto edges = view_.retainers().edges_to(node);
    const Look taken_look = look(taken);
    for (const std::uint32_t edge : edges.first(std::min(edges.size(), most))) {
      if (edge == taken) continue;
      const NodeIndex from = snapshot_.source(edge);
      if (!view_.analysis().essential.contains(snapshot_, from, edge)) continue;
      if (from == node || tree_.cost(from) == unreached) continue;
      const Look how = look(edge);
      const std::uint64_t priority =
          tree_.cost(from) + cost(edge) + rest_cost + 2 * rest.size() + (how == taken_look ? 4 : 0);
      const auto [place, fresh] = best.try_emplace(how, Sidetrack{priority, edge, from, {}, 0});
      if (fresh) continue;
      ++place->second.similar;
      if (priority < place->second.priority) {
        place->second.priority = priority;
        place->second.edge = edge;
        place->second.from = from;
      }
    }
    for (auto& [how, sidetrack] : best) {
      sidetrack.rest = rest;
      queue_.push(std::move(sidetrack));
    }
  }

  Look look(EdgeIndex index) const {
    const NodeIndex from = snapshot_.source(index);
    const EdgeKind kind = snapshot_.kind(index);
    const std::uint32_t label = has_number(kind) || snapshot_.type(from) == NodeType::array
                                    ? 0
                                    : snapshot_.edge(index).label;
    const std::uint32_t name =
        visibility(snapshot_.type(from)) == Visibility::storage ? 0 : snapshot_.name_index(from);
    return {snapshot_.type(from), name, kind, label};
  }

  std::uint32_t cost(EdgeIndex edge) const {
    return tree_.edge_cost(snapshot_.source(edge), snapshot_.kind(edge), snapshot_.target(edge));
  }

  const View& view_;
  const Snapshot& snapshot_;
  CheapestPaths tree_;
  NodeIndex target_;
  std::priority_queue<Sidetrack, std::vector<Sidetrack>, std::greater<>> queue_;
};

/// Downhill on DevTools' distances. Edges that retain are preferred where two are equally near.
std::vector<EdgeIndex> shortest_path(const View& view, NodeIndex target) {
  const Snapshot& snapshot = view.snapshot();
  const auto& distances = view.analysis().distances;
  std::vector<EdgeIndex> edges;
  NodeIndex node = target;
  if (distances[node] == distance_unreached) return edges;
  while (node != snapshot.root()) {
    EdgeIndex best = no_edge;
    bool best_essential = false;
    for (const std::uint32_t edge : view.retainers().edges_to(node)) {
      if (snapshot.kind(edge) == EdgeKind::weak || best_essential) continue;
      const NodeIndex from = snapshot.source(edge);
      const bool nearer = from == snapshot.root()
                              ? distances[node] == 1 || distances[node] == distance_root + 1
                              : distances[from] == distances[node] - 1;
      if (!nearer || distances[from] == distance_unreached) continue;
      const bool essential = view.analysis().essential.contains(snapshot, from, edge);
      if (best == no_edge || essential) best = edge;
      best_essential = essential;
    }
    if (best == no_edge) return {};
    edges.push_back(best);
    node = snapshot.source(best);
  }
  std::reverse(edges.begin(), edges.end());
  return edges;
}

/// The nodes on the way that a program knows of, as a number. Paths that differ in the engine's own
/// steps alone (an element, or a slot of the array of elements) tell the same.
std::uint64_t story(const View& view, const RetainingPath& path) {
  const Snapshot& snapshot = view.snapshot();
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const EdgeIndex edge : path.edges) {
    const NodeIndex node = snapshot.target(edge);
    if (visibility(snapshot.type(node)) == Visibility::program) {
      hash = (hash ^ node) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 32;
    }
  }
  return hash;
}

/// Nobody reads a million steps: of a long path the ends are put into words.
void explain(const View& view, RetainingPath& path) {
  constexpr std::size_t most = 200;
  const std::span<const EdgeIndex> edges(path.edges);
  if (edges.size() <= most) {
    path.steps = access_steps(view, view.snapshot().root(), edges);
    path.expression = expression(view, path.steps);
    return;
  }
  path.omitted = edges.size() - most;
  const auto head = edges.first(most / 2);
  const auto tail = edges.last(most / 2);
  path.steps = access_steps(view, view.snapshot().root(), head);
  path.omitted_after = path.steps.size();
  path.expression = expression(view, path.steps);
  const auto last = access_steps(view, view.snapshot().source(tail.front()), tail);
  const Expression ending = expression(view, last);
  path.steps.insert(path.steps.end(), last.begin(), last.end());
  path.expression.text += fmt::format(" … {} more … {}", path.omitted, ending.text);
  if (ending.closure != no_node) path.expression = ending;
}

}  // namespace

RetainingPaths find_retaining_paths(const View& view, NodeIndex node, std::size_t count) {
  RetainingPaths result;
  result.shortest.edges = shortest_path(view, node);
  explain(view, result.shortest);
  std::unordered_set<std::uint64_t> seen;
  if (!result.shortest.edges.empty()) seen.insert(story(view, result.shortest));
  // Some of them tell the same story once more.
  const std::size_t candidates = count == 0 ? 0 : 4 * count + 8;
  for (RetainingPath& path : PathFinder(view, node).find(candidates)) {
    if (result.telling.size() == count) break;
    if (!seen.insert(story(view, path)).second) continue;
    explain(view, path);
    result.telling.push_back(std::move(path));
  }
  return result;
}

std::vector<Referrer> referrers(const View& view, NodeIndex node, std::size_t limit) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<std::pair<std::int64_t, std::uint32_t>> edges;
  for (const std::uint32_t edge : view.retainers().edges_to(node)) {
    if (snapshot.kind(edge) == EdgeKind::weak) continue;
    const NodeIndex from = snapshot.source(edge);
    const std::int32_t distance = view.analysis().distances[from];
    const bool essential = view.analysis().essential.contains(snapshot, from, edge);
    // Those that retain first, and unreached ones last.
    const std::int64_t far = distance == distance_unreached ? 2 * distance_root : distance;
    edges.emplace_back((essential ? 0 : std::int64_t{4} * distance_root) + far, edge);
  }
  const std::size_t count = std::min(limit, edges.size());
  std::partial_sort(edges.begin(), edges.begin() + static_cast<std::ptrdiff_t>(count), edges.end());
  std::vector<Referrer> result;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t edge = edges[i].second;
    const NodeIndex from = snapshot.source(edge);
    const bool essential = view.analysis().essential.contains(snapshot, from, edge);
    result.push_back({from, snapshot.edge(edge), essential});
  }
  return result;
}

}  // namespace heaplab::inspector
