// SPDX-License-Identifier: MIT
// The collections of java.util: objects with one array that holds their entries. Those of a
// hash table hang in its array as chains. A dump's numbers (`size`) are not in the graph, so
// entries are counted.
#include "queries/java_collections.h"

#include <algorithm>
#include <unordered_map>

namespace heaplab::inspector {
namespace {

/// Which field holds the entries. By names of fields: also of classes derived from these.
struct Storage {
  std::string_view field;
  CollectionKind kind;
};
constexpr Storage storages[] = {
    {"table", CollectionKind::map},          // HashMap, ConcurrentHashMap, Hashtable, WeakHashMap
    {"elementData", CollectionKind::array},  // ArrayList, Vector
    {"elements", CollectionKind::array},     // ArrayDeque
    {"queue", CollectionKind::array},        // PriorityQueue
    {"items", CollectionKind::array},        // ArrayBlockingQueue
    {"array", CollectionKind::array},        // CopyOnWriteArrayList
};
constexpr std::uint64_t array_header = 16;

class JavaCollections {
 public:
  explicit JavaCollections(const Snapshot& heap) : heap_(heap) {
    heap_.strings().for_each([&](std::uint32_t index, std::string_view text) {
      for (const Storage& storage : storages) {
        if (text == storage.field) fields_.emplace(index, storage.kind);
      }
      if (text == "next") next_ = index;
    });
  }

  std::vector<Collection> find() {
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (heap_.type(node) != NodeType::object) continue;
      heap_.for_each_edge(node, [&](const SnapshotEdge& edge) {
        if (edge.kind != EdgeKind::property || heap_.type(edge.target) != NodeType::array) return;
        const auto field = fields_.find(edge.label);
        if (field != fields_.end()) add(node, field->second, edge.target);
      });
    }
    return std::move(result_);
  }

 private:
  void add(NodeIndex node, CollectionKind kind, NodeIndex array) {
    const std::string type = heap_.name(array);
    // "int[]" has no references, and is no storage of java.util's.
    const bool is_table = kind == CollectionKind::map;
    if (type.find('.') == std::string::npos || is_table == (type == "java.lang.Object[]")) return;
    Collection found{.node = node, .kind = kind, .storage = heap_.self_size(array)};
    heap_.for_each_edge(array, [&](const SnapshotEdge& edge) {
      if (edge.kind != EdgeKind::element) return;
      found.visible += is_table ? chain_length(edge.target) : 1;
    });
    found.capacity =
        (found.storage - std::min(found.storage, array_header)) / heap_.reference_bytes();
    if (!is_table) found.capacity = std::max(found.capacity, found.visible);
    result_.push_back(found);
  }

  /// Of a bucket. A tree of entries has links as well.
  std::uint64_t chain_length(NodeIndex entry) const {
    constexpr std::uint64_t longest = 1'000'000;
    std::uint64_t length = 0;
    for (NodeIndex at = entry; at != no_node && length < longest; ++length) {
      NodeIndex following = no_node;
      heap_.for_each_edge(at, [&](const SnapshotEdge& edge) {
        if (edge.kind == EdgeKind::property && edge.label == next_) following = edge.target;
      });
      at = following;
    }
    return length;
  }

  const Snapshot& heap_;
  std::unordered_map<std::uint32_t, CollectionKind> fields_;
  std::uint32_t next_ = Words::absent;
  std::vector<Collection> result_;
};

}  // namespace

std::vector<Collection> find_java_collections(const View& view) {
  return JavaCollections(view.snapshot()).find();
}

}  // namespace heaplab::inspector
