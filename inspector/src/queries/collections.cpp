// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/collections.h"

#include <bit>
#include <charconv>

#include "heaplab/inspector/queries/tables.h"
#include "queries/java_collections.h"

namespace heaplab::inspector {
namespace {

/// What an object's own edges say about its storage.
struct Storage {
  NodeIndex table = no_node;
  NodeIndex elements = no_node;
  NodeIndex properties = no_node;
  std::uint64_t element_edges = 0;
  std::uint64_t property_edges = 0;
};

class CollectionFinder {
 public:
  explicit CollectionFinder(const View& view)
      : view_(view), snapshot_(view.snapshot()), words_(view.words()) {}

  std::vector<Collection> find() {
    word_ = word_size();
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (snapshot_.type(node) == NodeType::object) look_at(node);
    }
    return std::move(result_);
  }

 private:
  void look_at(NodeIndex node) {
    const Storage storage = storage_of(node);
    if (storage.table != no_node) add_table(node, storage.table);
    if (storage.elements != no_node) add_array(node, storage);
    if (storage.properties != no_node) add_dictionary(node, storage);
  }

  /// Tables of Maps and Sets give away whether pointers are compressed: the first one found does.
  unsigned word_size() const {
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      if (snapshot_.type(node) != NodeType::object) continue;
      const NodeIndex table = storage_of(node).table;
      if (table == no_node) continue;
      if (const auto layout = table_layout(view_, table)) return layout->word;
    }
    return 8;
  }

  Storage storage_of(NodeIndex node) const {
    Storage storage;
    snapshot_.for_each_edge(node, [&](const SnapshotEdge& edge) {
      if (edge.kind == EdgeKind::element) ++storage.element_edges;
      if (edge.kind == EdgeKind::property && edge.label != words_.proto) ++storage.property_edges;
      if (edge.kind != EdgeKind::internal) return;
      if (snapshot_.type(edge.target) != NodeType::array) return;
      if (edge.label == words_.table) storage.table = edge.target;
      if (edge.label == words_.elements) storage.elements = edge.target;
      if (edge.label == words_.properties &&
          snapshot_.name_index(edge.target) == words_.object_properties) {
        storage.properties = edge.target;
      }
    });
    return storage;
  }

  void add_table(NodeIndex node, NodeIndex table) {
    const auto layout = table_layout(view_, table);
    if (!layout) return;
    const std::uint64_t bytes = snapshot_.self_size(table);
    Collection found{.node = node, .kind = CollectionKind::map, .storage = bytes};
    found.capacity = layout->capacity;
    switch (layout->kind) {
      case TableLayout::Kind::map:
        found.visible = visible_entries(table, *layout);
        break;
      case TableLayout::Kind::set:
        found.kind = CollectionKind::set;
        found.visible = visible_entries(table, *layout);
        break;
      case TableLayout::Kind::weak:
        found.kind = CollectionKind::weak;
        found.visible = visible_entries(table, *layout);
    }
    result_.push_back(found);
  }

  /// Entries that an edge leads out of, by key or by value; slots are named by their numbers.
  std::uint64_t visible_entries(NodeIndex table, const TableLayout& layout) const {
    std::uint64_t count = 0;
    std::uint64_t last = ~std::uint64_t{0};
    snapshot_.for_each_edge(table, [&](const SnapshotEdge& edge) {
      const std::uint64_t slot = slot_of(edge);
      if (slot < layout.first_slot || slot == ~std::uint64_t{0}) return;
      const std::uint64_t entry = (slot - layout.first_slot) / layout.slots;
      if (entry != last) ++count;
      last = entry;
    });
    return count;
  }

  std::uint64_t slot_of(const SnapshotEdge& edge) const {
    if (has_number(edge.kind)) return edge.label;
    const auto [known, fresh] = slots_.try_emplace(edge.label, ~std::uint64_t{0});
    if (fresh) {
      const std::string text = view_.label_text(edge);
      std::uint64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc() && end == text.data() + text.size()) known->second = value;
    }
    return known->second;
  }

  void add_array(NodeIndex node, const Storage& storage) {
    const std::uint64_t bytes = snapshot_.self_size(storage.elements);
    if (bytes == 0) return;
    result_.push_back({.node = node,
                       .kind = CollectionKind::array,
                       .visible = storage.element_edges,
                       .capacity = std::max(array_slots(bytes, word_), storage.element_edges),
                       .storage = bytes});
  }

  /// Three slots a property, in a table of a power of two, after a header of five or six.
  void add_dictionary(NodeIndex node, const Storage& storage) {
    const std::uint64_t bytes = snapshot_.self_size(storage.properties);
    const std::uint64_t slots = array_slots(bytes, word_);
    if (slots < 5 + 3 * 2) return;
    result_.push_back(
        {.node = node,
         .kind = CollectionKind::dictionary,
         .visible = storage.property_edges,
         .capacity = std::max(std::bit_floor((slots - 5) / 3), storage.property_edges),
         .storage = bytes});
  }

  const View& view_;
  const Snapshot& snapshot_;
  const Words& words_;
  unsigned word_ = 8;
  mutable std::unordered_map<std::uint32_t, std::uint64_t> slots_;
  std::vector<Collection> result_;
};

}  // namespace

std::string_view to_string(CollectionKind kind) {
  constexpr std::string_view names[] = {"map", "set", "weak", "array", "dictionary"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<Collection> find_collections(const View& view) {
  if (view.snapshot().origin() == Origin::java) return find_java_collections(view);
  return CollectionFinder(view).find();
}

}  // namespace heaplab::inspector
