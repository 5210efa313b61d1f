// SPDX-License-Identifier: MIT
#include "series/containers.h"

#include <unordered_map>

#include "series/chains.h"

namespace heaplab::leakcheck::series {
namespace {

/// Links of a class the program made; of closures, plain objects, arrays there must be more.
constexpr std::uint64_t least_links = 5;
constexpr std::uint64_t least_plain_links = 12;
/// So many gathering points under one head are a tree's.
constexpr std::size_t least_points_in_tree = 3;
/// So far above a gathering point is looked for alike ones beside it.
constexpr int highest_lift = 24;
constexpr std::uint64_t least_alike = 3;
/// Of things with names, there must be more before they count as entries of a dictionary.
constexpr std::uint64_t least_alike_named = 8;
/// What is alike must have grown so much more than one of it.
constexpr double least_alike_growth = 2.5;

struct PairHash {
  std::size_t operator()(const std::pair<NodeIndex, std::uint64_t>& key) const {
    return (key.second * 0x9e3779b97f4a7c15) ^ key.first;
  }
};
using ClassUnder = std::pair<NodeIndex, std::uint64_t>;

class Search {
 public:
  Search(const Series& series, const GrowthMap& map)
      : series_(series), heap_(series.last), map_(map) {
    member_of_.resize(heap_.node_count());
  }

  Containers run() {
    hold();
    climb_chains();
    merge();
    for (int times = 0; times < 2 && lift(); ++times) merge();
    climb_chains();
    merge();
    return assign();
  }

 private:
  /// Step 1: who holds what gathered at each point.
  void hold() {
    BigArray<std::uint32_t> number_of(heap_.node_count());
    BigArray<std::uint32_t> group_of(heap_.node_count());
    std::vector<Group> groups(map_.points.size());
    std::vector<NodeIndex> largest(groups.size(), no_node);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      groups[i].dominator = map_.points[i];
      number_of[map_.points[i]] = static_cast<std::uint32_t>(i + 1);
    }
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (map_.rest[node] == 0 || number_of[node] != 0 || !series_.owners.is_owner(node)) continue;
      const std::uint32_t number = number_of[series_.object_above(node)];
      if (number == 0) continue;
      group_of[node] = number;
      Group& group = groups[number - 1];
      ++group.members;
      group.bytes += map_.rest[node];
      NodeIndex& most = largest[number - 1];
      if (most == no_node || map_.rest[node] > map_.rest[most]) most = node;
    }
    count_holders(series_, group_of, map_.rest, groups);
    std::vector<NodeIndex> outside(groups.size(), no_node);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!decide(groups[i], largest[i], outside[i])) {
        outside[i] = find_loose(groups[i], static_cast<std::uint32_t>(i + 1), group_of);
      }
    }
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (group_of[node] != 0 && outside[group_of[node] - 1] != no_node) {
        const NodeIndex holder = outside[group_of[node] - 1];
        member_of_[node] = holder + 1;
        held_.insert_or_assign({series_.object_above(node), class_key(heap_, node)}, holder);
      }
    }
  }

  /// What nothing of the program's holds (sockets, operations that are under way): the class with
  /// most instances stands for all of it.
  NodeIndex find_loose(const Group& group, std::uint32_t number,
                       const BigArray<std::uint32_t>& group_of) {
    struct Instances {
      std::uint64_t count = 0;
      NodeIndex first = no_node;
    };
    std::unordered_map<std::uint64_t, Instances> classes;
    Instances most;
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (group_of[node] != number || series_.is_nameless(node)) continue;
      const Known known = series_.names.of(node);
      if (heap_.type(node) != NodeType::object) continue;
      if (known != Known::other && known != Known::timeout) continue;
      Instances& instances = classes[class_key(heap_, node)];
      if (instances.count++ == 0) instances.first = node;
      if (instances.count > most.count) most = instances;
    }
    if (most.count < least_alike_named) return no_node;
    Container container;
    container.node = most.first;
    container.is_loose = true;
    container.grown = group.bytes;
    found_.push_back(std::move(container));
    return most.first;
  }

  /// False if nobody is found.
  bool decide(const Group& group, NodeIndex largest, NodeIndex& outside) {
    Container container;
    container.grown = map_.rest[group.dominator];
    const NodeIndex holder = group.container();
    const bool nameless = series_.is_nameless(group.dominator);
    if (holder != no_node && holder != group.dominator) {
      container.node = outside = holder;
      for (const Group::Holder& other : group.holders) {
        if (other.node != holder && 2 * other.references >= group.holders.front().references) {
          container.others.push_back(other.node);
        }
      }
    } else if (!nameless) {
      container.node = group.dominator;
      // What things with an entry each are linked with besides makes no list of them.
      container.is_linked =
          holder == no_node && 2 * group.links >= group.members && group.direct < least_alike_named;
    } else if (largest != no_node && 2 * map_.rest[largest] >= group.bytes &&
               !series_.is_nameless(largest)) {
      container.node = largest;
    } else if (holder != no_node && !series_.is_scope(holder) && holder != heap_.root() &&
               group.direct_new >= least_alike_named) {
      container.node = holder;  // the runtime's handles, the global object
    } else {
      return false;
    }
    found_.push_back(std::move(container));
    return true;
  }

  /// Step 2: to the heads of recursive structures. Where a few points lie in one, it is one even if
  /// none is far from its head: a tree.
  void climb_chains() {
    std::unordered_map<NodeIndex, std::size_t> points_under;
    std::vector<std::pair<NodeIndex, std::uint64_t>> climbed;
    for (const Container& container : found_) {
      climbed.push_back(container.is_loose ? std::pair{container.node, std::uint64_t{0}}
                                           : chains_.climb(container.node));
      if (climbed.back().second != 0) ++points_under[climbed.back().first];
    }
    std::unordered_map<NodeIndex, bool> is_head;
    for (const auto& [head, links] : climbed) is_head[head] |= links + 1 >= least_chain(head);
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const auto [head, links] = climbed[i];
      if (links == 0 || !(is_head[head] || is_tree(head, points_under[head]))) continue;
      Container& container = found_[i];
      container.is_chain = true;
      container.length = std::max(container.length, links + 1);
      container.node = series_.is_scope(head) ? named_part_of(head) : head;
    }
  }
  /// An array in what an array holds is no tree yet.
  bool is_tree(NodeIndex head, std::size_t points) const {
    const Known known = series_.names.of(head);
    return points >= least_points_in_tree && heap_.type(head) == NodeType::object &&
           (known == Known::other || known == Known::object);
  }
  std::uint64_t least_chain(NodeIndex head) const {
    const bool plain =
        series_.names.of(head) != Known::other || heap_.type(head) == NodeType::closure;
    return plain ? least_plain_links : least_links;
  }

  /// Of a chain of scopes, the closure that begins it.
  NodeIndex named_part_of(NodeIndex scope) const {
    const NodeIndex above = series_.object_above(scope);
    return heap_.type(above) == NodeType::closure ? above : scope;
  }

  /// Step 3: to what holds all that grow alike. True if anything was lifted.
  bool lift() {
    const auto alike = count_alike();
    std::vector<Group> groups;
    std::unordered_map<ClassUnder, std::size_t, PairHash> number_of;
    std::vector<std::vector<std::size_t>> ways(found_.size());
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].is_loose) continue;
      walk_up(found_[i].node, [&](NodeIndex above, NodeIndex below) {
        const auto count = alike.find({above, class_key(heap_, below)});
        if (count == alike.end() || series_.is_nameless(below)) return;
        if (count->second.members < least_alike ||
            static_cast<double>(count->second.bytes) <
                least_alike_growth * static_cast<double>(map_.grown[below])) {
          return;
        }
        const auto [entry, is_new] = number_of.try_emplace(count->first, groups.size());
        if (is_new) groups.push_back(count->second);
        ways[i].push_back(entry->second);
      });
    }
    if (groups.empty()) return false;
    BigArray<std::uint32_t> group_of(heap_.node_count());
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (!counts(node)) continue;
      const auto number = number_of.find({series_.object_above(node), class_key(heap_, node)});
      if (number != number_of.end())
        group_of[node] = static_cast<std::uint32_t>(number->second + 1);
    }
    count_holders(series_, group_of, map_.grown, groups);
    std::vector<NodeIndex> target(groups.size(), no_node);
    for (std::size_t i = 0; i < groups.size(); ++i) {
      target[i] = lift_target(groups[i]);
    }
    bool any = false;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      for (const std::size_t way : ways[i]) {
        if (target[way] == no_node || target[way] == found_[i].node) continue;
        found_[i].node = target[way];
        found_[i].is_chain = false;
        any = true;
      }
    }
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (group_of[node] == 0) continue;
      const NodeIndex holder = target[group_of[node] - 1];
      if (holder != no_node && holder != groups[group_of[node] - 1].dominator) {
        member_of_[node] = holder + 1;
        held_.insert_or_assign({groups[group_of[node] - 1].dominator, class_key(heap_, node)},
                               holder);
      }
    }
    return any;
  }

  template <typename Visit>
  void walk_up(NodeIndex node, Visit&& visit) const {
    for (int step = 0; step < highest_lift && node != heap_.root(); ++step) {
      const NodeIndex above = series_.object_above(node);
      visit(above, node);
      node = above;
    }
  }
  bool counts(NodeIndex node) const {
    return map_.grown[node] >= map_.least / 16 && map_.grown[node] > 0 &&
           series_.owners.is_owner(node) && node != heap_.root();
  }

  std::unordered_map<ClassUnder, Group, PairHash> count_alike() const {
    BigArray<std::uint8_t> is_above(heap_.node_count());
    for (const Container& container : found_) {
      walk_up(container.node, [&](NodeIndex above, NodeIndex) { is_above[above] = 1; });
    }
    std::unordered_map<ClassUnder, Group, PairHash> alike;
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (!counts(node)) continue;
      const NodeIndex above = series_.object_above(node);
      if (is_above[above] == 0) continue;
      Group& group = alike[{above, class_key(heap_, node)}];
      group.dominator = above;
      ++group.members;
      group.bytes += map_.grown[node];
    }
    return alike;
  }

  NodeIndex lift_target(const Group& group) const {
    const NodeIndex holder = group.container();
    if (holder == no_node && 2 * group.links >= group.members) {
      return series_.is_nameless(group.dominator) ? no_node : group.dominator;
    }
    if (holder == no_node || holder != group.dominator) return holder;
    if (series_.is_nameless(holder)) return no_node;
    const bool by_name = 2 * group.named >= group.direct;
    return by_name && group.members < least_alike_named ? no_node : holder;
  }

  /// Those with the same node are one.
  void merge() {
    std::unordered_map<NodeIndex, std::size_t> number_of;
    std::vector<Container> merged;
    for (Container& container : found_) {
      const auto [entry, is_new] = number_of.try_emplace(container.node, merged.size());
      if (is_new) {
        merged.push_back(std::move(container));
        continue;
      }
      Container& same = merged[entry->second];
      same.grown += container.grown;
      same.is_chain |= container.is_chain;
      same.is_linked |= container.is_linked;
      same.length = std::max(same.length, container.length);
      for (const NodeIndex other : container.others) {
        if (std::find(same.others.begin(), same.others.end(), other) == same.others.end()) {
          same.others.push_back(other);
        }
      }
    }
    found_ = std::move(merged);
  }

  /// What a container holds though another dominates it is in it, old and new: everything of the
  /// classes that were counted.
  void add_held() {
    if (held_.empty()) return;
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (member_of_[node] != 0 || !is_content(heap_, series_.owners, node)) continue;
      const auto holder = held_.find({series_.object_above(node), class_key(heap_, node)});
      if (holder != held_.end()) member_of_[node] = holder->second + 1;
    }
  }

  /// What is inside each, and when it was born.
  Containers assign() {
    Containers result;
    std::unordered_map<NodeIndex, std::uint32_t> number_of;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      number_of.emplace(found_[i].node, static_cast<std::uint32_t>(i + 1));
      found_[i].born.resize(series_.round_count());
      found_[i].born_bytes.resize(series_.round_count());
    }
    result.inside.resize(heap_.node_count());
    add_held();
    for (const NodeIndex node : series_.analysis.order) {
      if (node == heap_.root()) continue;
      std::uint32_t& number = result.inside[node];
      number = result.inside[series_.dominator(node)];
      if (member_of_[node] != 0) {
        const auto held = number_of.find(member_of_[node] - 1);
        if (held != number_of.end()) number = held->second;
      }
      const auto own = number_of.find(node);
      if (own != number_of.end()) {
        number = own->second;
        if (!found_[number - 1].is_chain && !found_[number - 1].is_loose) continue;
      }
      if (number == 0 || !is_content(heap_, series_.owners, node)) continue;
      if (series_.momentary.is_passing(node)) continue;
      const std::size_t birth = series_.birth(node);
      ++found_[number - 1].born[birth];
      found_[number - 1].born_bytes[birth] += series_.owners.own_bytes[node];
    }
    result.list = std::move(found_);
    return result;
  }

  const Series& series_;
  const HeapSnapshot& heap_;
  const GrowthMap& map_;
  std::vector<Container> found_;
  Chains chains_{series_};
  /// By node: the container it was found to be in though another dominates it, plus one.
  BigArray<std::uint32_t> member_of_;
  /// Containers of what another dominates, by that other and class.
  std::unordered_map<ClassUnder, NodeIndex, PairHash> held_;
};

}  // namespace

Containers find_containers(const Series& series, const GrowthMap& map) {
  return Search(series, map).run();
}

}  // namespace heaplab::leakcheck::series
