// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "address_numbers.h"
#include "heaplab/heap/live_graph.h"
#include "heaplab/inspector/heapsnapshot_writer.h"
#include "heaplab/support/big_array.h"
#include "object_ids.h"

namespace heaplab::inspector {

/// A value that lives as long as its table and its key do.
struct EphemeronPair {
  NodeIndex table = 0;
  NodeIndex key = 0;
  NodeIndex value = 0;
};

/// The reachable heap, numbered as the nodes of a snapshot; their edges are read from the objects
/// whenever somebody asks. Valid until the next safepoint.
///
///   0 root · 1 "(GC roots)" · root groups · "(Code)" and off-heap nodes · objects by address ·
///   backing stores (off-heap bytes of an object)
class LiveNodes {
 public:
  struct Details {
    std::string_view type;
    std::uint32_t id = 0;
    std::uint64_t self_size = 0;
  };

  LiveNodes(Heap& heap, SnapshotLanguage& language, ObjectIds& ids);

  NodeIndex count() const { return first_store_ + static_cast<NodeIndex>(store_owners_.size()); }
  /// The object a node stands for; null for the others.
  Object* object(NodeIndex node) const {
    return node >= first_object_ && node < first_store_
               ? decompress(ids_.objects()[node - first_object_])
               : nullptr;
  }
  const Heap& heap() const { return heap_; }
  NodeIndex first_object() const { return first_object_; }
  NodeIndex end_objects() const { return first_store_; }
  /// no_node if it is not reachable.
  NodeIndex node_of(const Object* object) const {
    const std::uint32_t entry = numbers_[object];
    return entry == 0 ? no_node : first_object_ + entry - 1;
  }
  std::uint32_t id(NodeIndex node) const;
  Details details(NodeIndex node) const;
  void append_name(NodeIndex node, std::string& out) const;

  /// All edges of a node, the same each time and in the same order. A visitor has
  ///   static constexpr bool wants_names      if false, names are empty
  ///   void edge(const EdgeName& name, NodeIndex target)
  ///   void pair(const EphemeronPair& pair, std::uint32_t number)   an internal edge to pair.value,
  ///                                          the number-th of its node, with V8's name for a pair
  template <typename Visitor>
  void visit_edges(NodeIndex node, Visitor& visitor);

 private:
  friend class NumberingSink;
  template <typename Visitor>
  class Edges;

  struct Group {
    std::string name;
    std::uint32_t id = 0;
    std::uint32_t first_root = 0;
  };
  struct Root {
    RefBits target = 0;
    std::uint32_t name = 0;  ///< index of root_names_; 0: none
  };

  void number_objects();
  void give_ids(BigArray<RefBits> objects);
  void sort_pairs();
  bool has_code_group() const { return !off_heap_.empty(); }
  NodeIndex code_group() const { return 2 + static_cast<NodeIndex>(groups_.size()); }
  NodeIndex first_off_heap() const { return code_group() + (has_code_group() ? 1 : 0); }
  std::size_t end_of(const std::vector<Group>::size_type group) const {
    return group + 1 < groups_.size() ? groups_[group + 1].first_root : roots_.size();
  }
  NodeIndex store_of(NodeIndex owner) const {
    const auto* found = std::lower_bound(store_owners_.begin(), store_owners_.end(), owner);
    return first_store_ + static_cast<NodeIndex>(found - store_owners_.begin());
  }
  std::uint64_t external_bytes(const Object& object) const {
    const auto external = heap_.type_of(object).external_bytes;
    return external == nullptr ? 0 : external(object);
  }
  bool is_object(NodeIndex node) const { return node >= first_object_ && node < first_store_; }
  bool is_off_heap(NodeIndex node) const {
    return node >= first_off_heap() && node < first_object_;
  }

  Heap& heap_;
  SnapshotLanguage& language_;
  ObjectIds& ids_;
  AddressNumbers numbers_;
  std::vector<Group> groups_;
  std::vector<std::string> root_names_{""};
  BigArray<Root> roots_;
  std::vector<Root> user_roots_;
  std::span<const OffHeapNode> off_heap_;
  std::vector<std::uint32_t> off_heap_ids_;
  std::uint32_t code_group_id_ = 0;
  BigArray<EphemeronPair> pairs_;  ///< ascending by key
  BigArray<NodeIndex> store_owners_;
  NodeIndex first_object_ = 0;
  NodeIndex first_store_ = 0;
};

/// The edges of one node, on their way to a visitor.
template <typename Visitor>
class LiveNodes::Edges final : public ExtraEdges {
 public:
  Edges(LiveNodes& nodes, NodeIndex node, Visitor& visitor)
      : nodes_(nodes), node_(node), visitor_(visitor) {}

  void edge(const EdgeName& name, NodeIndex target) {
    if (target == no_node) return;
    ++count_;
    visitor_.edge(name, target);
  }
  void pair(const EphemeronPair& pair) { visitor_.pair(pair, ++count_); }

  void to_object(const EdgeName& name, const Object* target) override {
    if (target != nullptr) edge(name, nodes_.node_of(target));
  }
  void to_off_heap(const EdgeName& name, std::size_t index) override {
    edge(name, nodes_.first_off_heap() + static_cast<NodeIndex>(index));
  }

  void of_root() {
    edge(EdgeName::of_number(EdgeKind::element, 1), 1);
    for (const Root& root : nodes_.user_roots_) {
      to_object(EdgeName::of_text(EdgeKind::shortcut, nodes_.root_names_[root.name]),
                decompress(root.target));
    }
  }
  void of_gc_roots() {
    const NodeIndex end = nodes_.first_off_heap();
    for (NodeIndex group = 2; group < end; ++group) {
      edge(EdgeName::of_number(EdgeKind::element, group - 1), group);
    }
  }
  void of_group(std::size_t group) {
    for (std::size_t i = nodes_.groups_[group].first_root; i < nodes_.end_of(group); ++i) {
      const Root& root = nodes_.roots_[i];
      const EdgeName name =
          root.name == 0 ? EdgeName::of_number(EdgeKind::element, count_)
                         : EdgeName::of_text(EdgeKind::internal, nodes_.root_names_[root.name]);
      to_object(name, decompress(root.target));
    }
  }
  void of_code_group() {
    for (std::size_t i = 0; i < nodes_.off_heap_.size(); ++i) {
      to_off_heap(EdgeName::of_number(EdgeKind::element, count_), i);
    }
  }
  void of_off_heap(const OffHeapNode& node) {
    for (const OffHeapNode::Edge& target : node.edges) {
      to_object(EdgeName::of_text(EdgeKind::internal, target.name), target.target);
    }
    for (const OffHeapNode::Link& link : node.links) {
      to_off_heap(EdgeName::of_text(EdgeKind::internal, link.name), link.index);
    }
  }
  void of_object(Object* object) {
    object_ = object;
    layout_ = &nodes_.heap_.layout(object->type_id());
    visit_slots(object, *layout_, *this);
    nodes_.language_.extra_edges(*object, *this);
    if (nodes_.external_bytes(*object) != 0) {
      edge(EdgeName::of_text(EdgeKind::internal, "backing_store"), nodes_.store_of(node_));
    }
    values_of_key();
  }

  // As visit.h calls them.
  void ref(RefBits* slot) { follow(slot, decompress(*slot), false); }
  void word(std::uint64_t* slot) {
    if (Word::is_reference(*slot)) follow(slot, Word(*slot).object(), false);
  }
  void weak_part(Object* object) { visit_weak_slots(object, *layout_, *this); }
  void weak_ref(RefBits* slot) { follow(slot, decompress(*slot), true); }
  void weak_word(std::uint64_t* slot) {
    if (Word::is_reference(*slot)) follow(slot, Word(*slot).object(), true);
  }
  void ephemeron(std::uint64_t* key, std::uint64_t* value) {
    if (!Word::is_reference(*key)) {  // a key that cannot die keeps its value like a plain slot
      word(value);
      return;
    }
    const NodeIndex key_node = nodes_.node_of(Word(*key).object());
    if (key_node == no_node) return;
    weak_word(key);
    if (!Word::is_reference(*value)) return;
    weak_word(value);
    pair({node_, key_node, nodes_.node_of(Word(*value).object())});
  }

 private:
  void follow(const void* slot, Object* target, bool weak) {
    if (target == nullptr) return;
    const NodeIndex node = nodes_.node_of(target);
    if (node == no_node) return;  // only weakly reachable
    const SlotPosition position = slot_position(*layout_, object_, slot);
    if (!nodes_.language_.is_shown(*object_, position, *target)) return;
    EdgeName name;
    if constexpr (Visitor::wants_names) {
      name = nodes_.language_.edge_name(nodes_.heap_, *object_, position);
      if (weak) name.kind = EdgeKind::weak;
    }
    edge(name, node);
  }
  void values_of_key() {
    if (nodes_.pairs_.empty()) return;
    const auto* found =
        std::lower_bound(nodes_.pairs_.begin(), nodes_.pairs_.end(), node_,
                         [](const EphemeronPair& a, NodeIndex key) { return a.key < key; });
    for (; found != nodes_.pairs_.end() && found->key == node_; ++found) pair(*found);
  }

  LiveNodes& nodes_;
  NodeIndex node_;
  Visitor& visitor_;
  std::uint32_t count_ = 0;
  Object* object_ = nullptr;
  const TypeLayout* layout_ = nullptr;
};

template <typename Visitor>
void LiveNodes::visit_edges(NodeIndex node, Visitor& visitor) {
  Edges<Visitor> edges(*this, node, visitor);
  if (is_object(node)) {
    edges.of_object(object(node));
  } else if (is_off_heap(node)) {
    edges.of_off_heap(off_heap_[node - first_off_heap()]);
  } else if (node == root_node) {
    edges.of_root();
  } else if (node == 1) {
    edges.of_gc_roots();
  } else if (node < code_group()) {
    edges.of_group(node - 2);
  } else if (has_code_group() && node == code_group()) {
    edges.of_code_group();
  }
}

}  // namespace heaplab::inspector
