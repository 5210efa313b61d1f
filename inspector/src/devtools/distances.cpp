// SPDX-License-Identifier: MIT
#include <charconv>
#include <unordered_map>

#include "devtools/prefetch.h"
#include "devtools/rules.h"

namespace heaplab::inspector {
namespace {

class BreadthFirst {
 public:
  BreadthFirst(const Snapshot& snapshot, const RuleFacts& facts)
      : snapshot_(snapshot),
        facts_(facts),
        seen_(snapshot.node_count()),
        special_(snapshot.node_count()) {
    distances_.assign(snapshot.node_count(), distance_unreached);
    // Nodes are met once, but for user roots that are named twice, and the root.
    queue_.resize(std::size_t{snapshot.node_count()} + snapshot.edge_words(snapshot.root()).size() +
                  1);
    for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
      const NodeType type = snapshot.type(node);
      const bool special = (type == NodeType::hidden && facts.is_native_context(node)) ||
                           (type == NodeType::array && facts.is_map_descriptors(node)) ||
                           facts.has_weak_map_edges(node);
      if (special) special_.set(node);
    }
  }

  BigArray<std::int32_t> run() {
    const NodeIndex root = snapshot_.root();
    bool user_roots = false;
    for (const std::uint32_t word : snapshot_.edge_words(root)) {
      const NodeIndex target = word & Snapshot::target_mask;
      if (!facts_.is_user_root(target)) continue;
      distances_[target] = 1;
      seen_.set(target);
      queue_[end_++] = target;
      user_roots = true;
    }
    search();
    distances_[root] = user_roots ? distance_root : 0;
    seen_.set(root);
    queue_[end_++] = root;
    search();
    return std::move(distances_);
  }

 private:
  /// A level after the other: all in the queue now are equally far, at first.
  void search() {
    while (next_ < end_) search_level(end_, distances_[queue_[next_]] + 1);
  }

  void search_level(std::size_t end, std::int32_t distance) {
    for (; next_ < end; ++next_) {
      // Behind the end are zeros, and a node 0.
      const NodeIndex node = queue_[next_];
      if (next_ + ahead < queue_.size()) {
        prefetch(snapshot_.first_edges().data(), queue_[next_ + ahead]);
        const EdgeIndex edge = snapshot_.first_edge(queue_[next_ + ahead / 2]);
        prefetch(snapshot_.all_edge_words().data(), edge);
        prefetch(snapshot_.all_edge_words().data(), edge + 8);  // has more edges than most
      }
      if (special_[node]) {
        visit_filtered(node, distance);
      } else {
        visit(node, distance);
      }
    }
  }

  void reach(NodeIndex node, std::int32_t distance) {
    distances_[node] = distance;
    seen_.set(node);
    queue_[end_++] = node;
  }

  void visit(NodeIndex node, std::int32_t distance) {
    std::int32_t* const distances = distances_.data();
    NodeIndex* const queue = queue_.data();
    std::size_t end = end_;
    for (const std::uint32_t word : snapshot_.edge_words(node)) {
      const NodeIndex target = word & Snapshot::target_mask;
      if (seen_[target] || EdgeKind(word >> Snapshot::kind_shift) == EdgeKind::weak) continue;
      seen_.set(target);
      distances[target] = distance;
      queue[end++] = target;
    }
    end_ = end;
  }

  /// The few nodes with edges DevTools does not follow.
  void visit_filtered(NodeIndex node, std::int32_t distance) {
    const bool native_context = facts_.is_native_context(node);
    const bool descriptors = facts_.is_map_descriptors(node);
    snapshot_.for_each_edge(node, [&](const SnapshotEdge& edge) {
      if (edge.kind == EdgeKind::weak || seen_[edge.target]) return;
      if (native_context && is_sloppy_function_map(edge)) return;
      if (descriptors) {
        if (is_descriptor_key(edge)) return;
      } else if (!second_of_pair(edge)) {
        return;
      }
      reach(edge.target, distance);
    });
  }

  bool is_sloppy_function_map(const SnapshotEdge& edge) const {
    const auto& names = snapshot_.rule_strings().sloppy_function_map;
    return !has_number(edge.kind) &&
           std::find(names.begin(), names.end(), edge.label) != names.end();
  }

  /// Of the descriptors of a hidden class, three for each property, the one in the middle.
  bool is_descriptor_key(const SnapshotEdge& edge) {
    const std::int64_t index =
        has_number(edge.kind) ? std::int64_t{edge.label} : leading_number(edge.label);
    return index >= 2 && index % 3 == 1;
  }

  /// JavaScript's parseInt of an edge's name; -1 if there is no number.
  std::int64_t leading_number(std::uint32_t string) {
    const auto [entry, added] = numbers_.try_emplace(string, -1);
    if (added) {
      const std::string text = snapshot_.strings().get(string);
      std::size_t start = text.find_first_not_of(" \t\n\r\f\v");
      if (start == std::string::npos) return -1;
      if (text[start] == '+') ++start;
      std::int64_t value = -1;
      std::from_chars(text.data() + start, text.data() + text.size(), value);
      entry->second = value;
    }
    return entry->second;
  }

  /// A value in a WeakMap is as far as the later found of its key and its table.
  bool second_of_pair(const SnapshotEdge& edge) {
    const RuleFacts::WeakMapEdge* entry = facts_.weak_map_edge(edge.index);
    if (entry == nullptr) return true;
    if (waiting_.size() <= entry->pair) waiting_.resize(std::size_t{entry->pair} + 1);
    const bool second = waiting_[entry->pair] != 0;
    waiting_[entry->pair] = second ? 0 : 1;
    return second;
  }

  static constexpr std::size_t ahead = 48;

  const Snapshot& snapshot_;
  const RuleFacts& facts_;
  Bits seen_;
  Bits special_;  ///< nodes with edges that may not be followed
  BigArray<std::int32_t> distances_;
  BigArray<NodeIndex> queue_;
  std::size_t next_ = 0, end_ = 0;
  std::vector<std::uint8_t> waiting_;  ///< by pair: one of its edges was met
  std::unordered_map<std::uint32_t, std::int64_t> numbers_;
};

}  // namespace

BigArray<std::int32_t> find_distances(const Snapshot& snapshot, const RuleFacts& facts) {
  return BreadthFirst(snapshot, facts).run();
}

}  // namespace heaplab::inspector
