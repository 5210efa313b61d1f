// SPDX-License-Identifier: MIT
#include "devtools/edge_filter.h"
#include "devtools/rules.h"

// An object's element store, its dictionary of properties, a string's characters outside the heap:
// V8 counts them as nodes of their own, DevTools adds them to the object that owns them. Owners
// spread along edges; a part reached from two owners belongs to neither, nor does what is behind
// it. Each part is visited at most twice, when it gets an owner and when it loses it again.

namespace heaplab::inspector {
namespace {

constexpr NodeIndex unowned = 0xffff'ffff;
constexpr NodeIndex shared = 0xffff'fffe;

class Owners {
 public:
  Owners(const Snapshot& snapshot, const RuleFacts& facts)
      : snapshot_(snapshot), is_part_(snapshot.node_count()), owner_(snapshot.node_count()) {
    for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
      const NodeType type = snapshot.type(node);
      const bool part = type == NodeType::hidden || type == NodeType::array ||
                        (type == NodeType::native && facts.is_external_string_data(node));
      if (part) is_part_.set(node);
      owner_[node] = part ? unowned : node;
    }
  }

  /// A part that is shared is a part no more: so what everything refers to ("undefined") is not
  /// looked at again and again.
  void spread() {
    EdgeFilter(snapshot_).run([this](std::uint32_t word) { return leads_to_part(word); },
                              [this](NodeIndex, std::uint32_t word) {
                                __builtin_prefetch(&owner_[word & Snapshot::target_mask], 1);
                              },
                              [this](NodeIndex source, EdgeIndex, std::uint32_t word) {
                                const NodeIndex owner = owner_[source];
                                if (owner == unowned || !leads_to_part(word)) return;
                                give(word & Snapshot::target_mask, owner, source);
                                while (!work_.empty()) {
                                  const NodeIndex part = work_.back();
                                  work_.pop_back();
                                  for (const std::uint32_t next : snapshot_.edge_words(part)) {
                                    if (leads_to_part(next))
                                      give(next & Snapshot::target_mask, owner_[part], source);
                                  }
                                }
                              });
  }

  /// The node's owner if it is a part of exactly one object; else the node.
  NodeIndex of(NodeIndex node) const {
    return is_part_[node] && owner_[node] != unowned ? owner_[node] : node;
  }

 private:
  bool leads_to_part(std::uint32_t word) const {
    return is_part_[word & Snapshot::target_mask] &
           (word < static_cast<std::uint32_t>(EdgeKind::weak) << Snapshot::kind_shift);
  }

  /// `now` is whose edges are being looked at. Parts that come later pass on what they have been
  /// given when it is their turn.
  void give(NodeIndex part, NodeIndex owner, NodeIndex now) {
    NodeIndex& known = owner_[part];
    if (known == owner) return;
    // Found by a second owner, it must pass on that it is shared.
    known = known == unowned ? owner : shared;
    if (known == shared) is_part_.clear(part);
    if (part <= now) work_.push_back(part);
  }

  const Snapshot& snapshot_;
  Bits is_part_;
  BigArray<NodeIndex> owner_;
  std::vector<NodeIndex> work_;
};

}  // namespace

SizeArray find_shallow_sizes(const Snapshot& snapshot, const RuleFacts& facts) {
  SizeArray sizes(snapshot.node_count());
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    sizes.set(node, snapshot.self_size(node));
  }
  if (!facts.has_user_roots()) return sizes;
  Owners owners(snapshot, facts);
  owners.spread();
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const NodeIndex owner = owners.of(node);
    if (owner == node || owner == snapshot.root() || snapshot.type(owner) == NodeType::synthetic) {
      continue;
    }
    sizes.set(owner, sizes[owner] + sizes[node]);
    sizes.set(node, 0);
  }
  return sizes;
}

}  // namespace heaplab::inspector
