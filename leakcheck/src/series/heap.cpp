// SPDX-License-Identifier: MIT
#include "series/heap.h"

#include <algorithm>
#include <limits>
#include <string>

namespace heaplab::leakcheck::series {

Known KnownNames::read(std::uint32_t name) const {
  const std::string text = snapshot_->strings().get(name);
  if (text.starts_with("system / Context")) return Known::scope;
  if (text == "system / WeakCell") return Known::weak_cell;
  if (text.starts_with("system / ") || text.starts_with("(")) return Known::engine;
  if (text == "Array") return Known::array;
  if (text == "global" || text.starts_with("global / ") || text.starts_with("Window")) {
    return Known::global;
  }
  if (text == "ArrayBuffer") return Known::array_buffer;
  if (text == "Map") return Known::map;
  if (text == "Set") return Known::set;
  if (text == "Object") return Known::object;
  if (text == "Promise") return Known::promise;
  if (text == "Timeout" || text == "Immediate") return Known::timeout;
  if (text == "TimersList" || text == "PriorityQueue" || text == "ImmediateList") {
    return Known::timers;
  }
  if (text == "WeakMap" || text == "WeakSet" || text == "WeakRef") return Known::weak_collection;
  return Known::other;
}

namespace {

bool is_rope(NodeType type) {
  return type == NodeType::concatenated_string || type == NodeType::sliced_string;
}

/// Gives the parts to their owners. A part may refer to parts. What two owners refer to belongs to
/// neither.
class PartFinder {
 public:
  PartFinder(const HeapSnapshot& snapshot, const KnownNames& names, BigArray<NodeIndex>& owner)
      : snapshot_(snapshot), names_(names), owner_(owner) {}

  void run() {
    const NodeIndex count = snapshot_.node_count();
    owner_.resize(count);
    for (NodeIndex node = 0; node < count; ++node) owner_[node] = may_be_part(node) ? open : node;
    settle_what_is_named();
    // The program's objects first: code and roots also refer to parts, and must not claim them.
    for (NodeIndex node = 0; node < count; ++node) {
      if (owner_[node] == node && !is_engine(snapshot_.type(node))) claim_from(node);
    }
    for (NodeIndex node = 0; node < count; ++node) {
      if (owner_[node] == node && snapshot_.type(node) == NodeType::code) claim_from(node);
    }
    for (NodeIndex node = 0; node < count; ++node) {
      if (owner_[node] != open) continue;
      owner_[node] = node;
      claim_from(node);
    }
  }

 private:
  static constexpr NodeIndex open = no_node;

  bool may_be_part(NodeIndex node) const {
    if (node == snapshot_.root()) return false;  // whatever a damaged file calls it
    const NodeType type = snapshot_.type(node);
    if (type == NodeType::native) return names_.of(node) == Known::engine;
    if (type == NodeType::object) return names_.of(node) == Known::array_buffer;
    return type == NodeType::hidden || type == NodeType::array || is_string(type);
  }

  /// A string is a piece of another, a buffer is a piece of its view, unless the program refers to
  /// it.
  void settle_what_is_named() {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      const bool rope = is_rope(snapshot_.type(node));
      for (const std::uint32_t word : snapshot_.edge_words(node)) {
        const NodeIndex target = word & HeapSnapshot::target_mask;
        if (owner_[target] != open) continue;
        const auto kind = EdgeKind(word >> HeapSnapshot::kind_shift);
        const NodeType type = snapshot_.type(target);
        if (is_string(type) && !rope) owner_[target] = target;
        if (type == NodeType::object && kind != EdgeKind::internal && kind != EdgeKind::weak) {
          owner_[target] = target;
        }
      }
    }
  }

  void claim_from(NodeIndex start) {
    const NodeIndex self = start;
    stack_.push_back(start);
    while (!stack_.empty()) {
      const NodeIndex node = stack_.back();
      stack_.pop_back();
      for (const std::uint32_t word : snapshot_.edge_words(node)) {
        if (EdgeKind(word >> HeapSnapshot::kind_shift) == EdgeKind::weak) continue;
        const NodeIndex target = word & HeapSnapshot::target_mask;
        NodeIndex& owner = owner_[target];
        if (owner == self || owner == target) continue;
        if (owner == open) {
          owner = self;
          stack_.push_back(target);
        } else if (!is_engine(snapshot_.type(self))) {
          owner = target;
        }
      }
    }
  }

  const HeapSnapshot& snapshot_;
  const KnownNames& names_;
  BigArray<NodeIndex>& owner_;
  std::vector<NodeIndex> stack_;
};

/// What a registry of finalizers has for each object that is alive: the object is to blame.
bool is_weak_cell(const HeapSnapshot& snapshot, const KnownNames& names, NodeIndex node) {
  return snapshot.type(node) == NodeType::hidden && names.of(node) == Known::weak_cell;
}

}  // namespace

Owners find_owners(const HeapSnapshot& snapshot, const KnownNames& names) {
  Owners result;
  PartFinder(snapshot, names, result.owner).run();
  const NodeIndex count = snapshot.node_count();
  result.fan_out.resize(count);
  result.own_bytes.resize(count);
  for (NodeIndex node = 0; node < count; ++node) {
    const NodeIndex owner = result.owner[node];
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (!is_weak_cell(snapshot, names, node)) {
      result.own_bytes[owner] = static_cast<std::uint32_t>(
          std::min(most, result.own_bytes[owner] + snapshot.self_size(node)));
    }
    if (is_engine(snapshot.type(owner))) continue;
    for (const std::uint32_t word : snapshot.edge_words(node)) {
      if (EdgeKind(word >> HeapSnapshot::kind_shift) == EdgeKind::weak) continue;
      const NodeIndex target = word & HeapSnapshot::target_mask;
      result.fan_out[owner] += target != owner && is_content(snapshot, result, target);
    }
  }
  return result;
}

}  // namespace heaplab::leakcheck::series
