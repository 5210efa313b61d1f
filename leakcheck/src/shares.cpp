// SPDX-License-Identifier: MIT
#include "shares.h"

#include <unordered_map>
#include <unordered_set>

namespace heaplab::leakcheck {
namespace {

class Shares {
 public:
  Shares(const Snapshot& snapshot, const std::vector<LeakEdges>& leaks)
      : snapshot_(snapshot), graph_(snapshot.graph), leaks_(leaks) {
    for (const LeakEdges& leak : leaks) {
      if (leak.edge != inspector::no_edge) {
        cut_edges_.insert(leak.edge);
      } else {
        cut_owners_.insert(leak.owner);
      }
    }
  }

  std::vector<Share> run() {
    flood_without_leaks();
    std::vector<Share> shares;
    for (const LeakEdges& leak : leaks_) shares.push_back(reach(leak));
    std::vector<std::uint32_t> leaks_reaching(graph_.node_count(), 0);
    for (const Share& share : shares) {
      for (const NodeIndex node : share.kept) ++leaks_reaching[node];
    }
    for (Share& share : shares) {
      for (const NodeIndex node : share.kept) {
        share.bytes += static_cast<double>(graph_.shallow_size(node)) / leaks_reaching[node];
      }
    }
    return shares;
  }

 private:
  bool leaves_owner(NodeIndex from, EdgeIndex edge) const {
    const NodeIndex target = graph_.target(edge);
    return snapshot_.owner[target] != snapshot_.owner[from] && !snapshot_.is_internal(target);
  }
  bool is_cut(NodeIndex from, EdgeIndex edge) const {
    if (cut_edges_.contains(edge)) return true;
    return cut_owners_.contains(snapshot_.owner[from]) && leaves_owner(from, edge);
  }

  void flood_without_leaks() {
    safe_.assign(graph_.node_count(), false);
    std::vector<NodeIndex> queue{root_node};
    safe_[root_node] = true;
    for (std::size_t head = 0; head < queue.size(); ++head) {
      const NodeIndex node = queue[head];
      for (EdgeIndex edge = graph_.first_edge(node); edge < graph_.end_edge(node); ++edge) {
        const NodeIndex target = graph_.target(edge);
        if (!graph_.is_strong(edge) || safe_[target] || is_cut(node, edge)) continue;
        safe_[target] = true;
        queue.push_back(target);
      }
    }
  }

  /// The leaking references of one leak: of the owner and all its parts.
  std::vector<NodeIndex> first_targets(const LeakEdges& leak) const {
    std::vector<NodeIndex> targets;
    if (leak.edge != inspector::no_edge) {
      targets.push_back(graph_.target(leak.edge));
      return targets;
    }
    std::vector<NodeIndex> parts{leak.owner};
    for (std::size_t head = 0; head < parts.size(); ++head) {
      const NodeIndex node = parts[head];
      for (EdgeIndex edge = graph_.first_edge(node); edge < graph_.end_edge(node); ++edge) {
        if (!graph_.is_strong(edge)) continue;
        const NodeIndex target = graph_.target(edge);
        if (leaves_owner(node, edge)) {
          targets.push_back(target);
        } else if (snapshot_.owner[target] == leak.owner && target != leak.owner) {
          parts.push_back(target);  // each part has one retainer: it comes once
        }
      }
    }
    return targets;
  }

  Share reach(const LeakEdges& leak) {
    Share share;
    std::unordered_map<NodeIndex, std::uint32_t> item_of;
    for (const NodeIndex target : first_targets(leak)) {
      if (safe_[target]) continue;
      if (!item_of.emplace(target, static_cast<std::uint32_t>(share.items.size())).second) continue;
      share.items.push_back(target);
      share.kept.push_back(target);
    }
    for (std::size_t head = 0; head < share.kept.size(); ++head) {
      const NodeIndex node = share.kept[head];
      const std::uint32_t item = item_of.at(node);
      share.item_of_kept.push_back(item);
      for (EdgeIndex edge = graph_.first_edge(node); edge < graph_.end_edge(node); ++edge) {
        const NodeIndex target = graph_.target(edge);
        if (!graph_.is_strong(edge) || safe_[target]) continue;
        if (item_of.emplace(target, item).second) share.kept.push_back(target);
      }
    }
    return share;
  }

  const Snapshot& snapshot_;
  const inspector::Graph& graph_;
  const std::vector<LeakEdges>& leaks_;
  std::unordered_set<EdgeIndex> cut_edges_;
  std::unordered_set<NodeIndex> cut_owners_;
  std::vector<bool> safe_;
};

}  // namespace

std::vector<Share> leak_shares(const Snapshot& snapshot, const std::vector<LeakEdges>& leaks) {
  return Shares(snapshot, leaks).run();
}

}  // namespace heaplab::leakcheck
