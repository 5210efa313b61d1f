// SPDX-License-Identifier: MIT
#include "live_nodes.h"

#include <stdexcept>

namespace heaplab::inspector {
namespace {

constexpr std::uint32_t root_id = 1;
constexpr std::uint32_t gc_roots_id = 3;

/// V8's names of the heap's own groups of roots.
std::string group_title(std::string_view group) {
  if (group == "handles") return "(Handle scope)";
  if (group == "globals") return "(Global handles)";
  return std::string(group);
}

}  // namespace

/// Receives the one walk over the heap: numbers objects, keeps roots and ephemerons.
class NumberingSink {
 public:
  explicit NumberingSink(LiveNodes& nodes) : nodes_(nodes) {}

  void root(std::string_view group, std::string_view name, Object* target) {
    if (nodes_.groups_.empty() || group != last_group_) start_group(group);
    const LiveNodes::Root root{compress(target), name_number(name)};
    nodes_.roots_.push_back(root);
    if (nodes_.language_.is_user_root(group, name)) nodes_.user_roots_.push_back(root);
  }
  void node(Object* object) { nodes_.numbers_.add(object); }
  void edge(Object*, SlotPosition, Object*, bool) {}
  void ephemeron(Object* table, Object* key, Object* value) {
    nodes_.pairs_.push_back({compress(table), compress(key), compress(value)});
  }

 private:
  void start_group(std::string_view group) {
    last_group_ = group;
    const std::string title = group_title(group);
    const unsigned before = seen_[title]++;
    const std::string key = before == 0 ? title : title + '#' + std::to_string(before);
    nodes_.groups_.push_back(
        {title, nodes_.ids_.of_key(key), static_cast<std::uint32_t>(nodes_.roots_.size())});
  }
  std::uint32_t name_number(std::string_view name) {
    if (name.empty()) return 0;
    std::vector<std::string>& names = nodes_.root_names_;
    if (name == names.back()) return static_cast<std::uint32_t>(names.size() - 1);
    const auto found = names_.find(std::string(name));
    if (found != names_.end()) return found->second;
    names.emplace_back(name);
    return names_.emplace(name, static_cast<std::uint32_t>(names.size() - 1)).first->second;
  }

  LiveNodes& nodes_;
  std::string last_group_;
  std::unordered_map<std::string, unsigned> seen_;
  std::unordered_map<std::string, std::uint32_t> names_;
};

LiveNodes::LiveNodes(Heap& heap, SnapshotLanguage& language, ObjectIds& ids)
    : heap_(heap),
      language_(language),
      ids_(ids),
      numbers_(heap.collector().memory()),
      off_heap_(language.off_heap_nodes()) {
  if (has_code_group()) code_group_id_ = ids_.of_key("(Code)");
  for (const OffHeapNode& node : off_heap_) {
    off_heap_ids_.push_back(ids_.of_key("off-heap " + std::to_string(node.key)));
  }
  number_objects();
  sort_pairs();
}

void LiveNodes::number_objects() {
  NumberingSink sink(*this);
  walk_live_graph(heap_, sink);
  BigArray<RefBits> objects = numbers_.number();
  first_object_ = first_off_heap() + static_cast<NodeIndex>(off_heap_.size());
  first_store_ = first_object_ + static_cast<NodeIndex>(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (external_bytes(*decompress(objects[i])) != 0) {
      store_owners_.push_back(first_object_ + static_cast<NodeIndex>(i));
    }
  }
  give_ids(std::move(objects));
}

/// Old objects keep theirs; new ones get higher ones than any before.
void LiveNodes::give_ids(BigArray<RefBits> objects) {
  BigArray<std::uint32_t> ids(objects.size());
  ids_.for_each([&](Object* object, std::uint32_t id) {
    const std::uint32_t entry = numbers_[object];
    if (entry != 0) ids[entry - 1] = id;
  });
  for (std::uint32_t& id : ids) {
    if (id == 0) id = ids_.next();
  }
  ids_.replace(std::move(objects), std::move(ids));
}

void LiveNodes::sort_pairs() {
  for (EphemeronPair& pair : pairs_) {
    pair = {node_of(decompress(pair.table)), node_of(decompress(pair.key)),
            node_of(decompress(pair.value))};
  }
  std::sort(pairs_.begin(), pairs_.end(), [](const EphemeronPair& a, const EphemeronPair& b) {
    return a.key != b.key ? a.key < b.key : a.table < b.table;
  });
}

std::uint32_t LiveNodes::id(NodeIndex node) const {
  if (is_object(node)) return ids_.ids()[node - first_object_];
  if (node >= first_store_) return id(store_owners_[node - first_store_]) + 1;
  if (is_off_heap(node)) return off_heap_ids_[node - first_off_heap()];
  if (node == root_node) return root_id;
  if (node == 1) return gc_roots_id;
  return node < code_group() ? groups_[node - 2].id : code_group_id_;
}

LiveNodes::Details LiveNodes::details(NodeIndex node) const {
  if (is_object(node)) {
    const Object& here = *object(node);
    return {language_.node_type(heap_, here), id(node), heap_.object_bytes(here)};
  }
  if (node >= first_store_) {
    return {"native", id(node), external_bytes(*object(store_owners_[node - first_store_]))};
  }
  if (is_off_heap(node)) {
    const OffHeapNode& here = off_heap_[node - first_off_heap()];
    return {here.type, id(node), here.bytes};
  }
  return {"synthetic", id(node), 0};
}

void LiveNodes::append_name(NodeIndex node, std::string& out) const {
  if (is_object(node)) {
    language_.append_name(heap_, *object(node), out);
  } else if (node >= first_store_) {
    out += "system / JSArrayBufferData";
  } else if (is_off_heap(node)) {
    out += off_heap_[node - first_off_heap()].name;
  } else if (node == 1) {
    out += "(GC roots)";
  } else if (node != root_node) {
    out += node < code_group() ? groups_[node - 2].name : "(Code)";
  }
}

}  // namespace heaplab::inspector
