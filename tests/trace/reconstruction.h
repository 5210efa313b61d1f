// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// Plays a recording of a heap into a model of it, and compares the model with what the recording
/// says elsewhere: the graph of each checkpoint, and which objects each collection found dead. So
/// it shows that every allocation, store and root change was recorded.
class Reconstruction : public RecordingVisitor {
 public:
  /// What is wrong, the first few of them.
  std::vector<std::string> errors;
  std::uint64_t checkpoints = 0, collections = 0, majors = 0, writes = 0, root_records = 0;
  std::size_t alive() const { return objects_.size(); }

  void on_allocation(const Allocation& a) override {
    if (!a.adopted && granularity == 1) expect(roots_are_new_, "no roots before object", a.id);
    roots_are_new_ = false;
    objects_[a.id];
    types_[a.id] = a.type;
  }
  void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
    for (const InitialEdge& edge : edges) store(host, edge.slot, edge.value);
  }
  void on_write(const PointerWrite& w) override {
    ++writes;
    const ObjectId old = load(w.host, w.slot);
    const bool cleared = w.old_value == 0 && (w.slot.is_weak || w.slot.is_value);
    expect(old == w.old_value || cleared,
           "old value of slot " + std::to_string(w.slot.index) + " of type " +
               std::to_string(types_[w.host]) + " object",
           w.host);
    store(w.host, w.slot, w.new_value);
  }
  void on_roots(const RootChange& change) override {
    ++root_records;
    roots_are_new_ = true;
    for (const ObjectId id : change.removed) expect(roots_.erase(id) == 1, "was no root:", id);
    for (const ObjectId id : change.added) {
      expect(roots_.insert(id).second, "was a root already:", id);
      expect(objects_.count(id) == 1, "a dead root:", id);
    }
  }
  void on_death(ObjectId id) override { dead_.push_back(id); }
  void on_collection(const Collection& c) override {
    ++collections;
    // A walk for each of a thousand minor collections would take too long.
    const bool look = c.major || collections % 16 == 1;
    const auto live = look ? closure() : std::unordered_set<ObjectId>();
    for (const ObjectId id : dead_) {
      expect(live.count(id) == 0, "found dead, but reachable:", id);
      expect(objects_.erase(id) == 1, "died twice:", id);
    }
    dead_.clear();
    if (!c.major) return;
    ++majors;
    for (const auto& object : objects_) {
      expect(live.count(object.first) == 1, "survived, but unreachable:", object.first);
    }
  }
  bool on_checkpoint_begin(const CheckpointBegin&) override {
    nodes_.clear();
    graph_.clear();
    graph_roots_.clear();
    graph_ephemerons_.clear();
    return true;
  }
  void on_checkpoint_root(const CheckpointRoot& r) override { graph_roots_.insert(r.target); }
  void on_checkpoint_node(const CheckpointNode& n) override {
    nodes_.insert(n.id);
    current_ = n.id;
  }
  void on_checkpoint_edge(const CheckpointEdge& e) override {
    graph_[current_].push_back(e.target);
  }
  void on_checkpoint_ephemeron(const CheckpointEphemeron& e) override {
    graph_ephemerons_.push_back({e.table, {e.key, e.value}});
  }
  void on_checkpoint_end(const CheckpointEnd&) override {
    ++checkpoints;
    expect(graph_roots_ == roots_, "the roots differ at checkpoint", checkpoints);
    const auto live = closure();
    for (const ObjectId id : nodes_) {
      expect(live.count(id) == 1, "in a checkpoint, but unreachable:", id);
      compare_edges(id);
    }
    expect(live.size() == nodes_.size(), "reachable, but not in checkpoint", checkpoints);
    compare_ephemerons();
  }

  std::uint64_t granularity = 0;

 private:
  struct Field {
    Slot slot;
    ObjectId value;
  };
  using Ephemeron = std::pair<ObjectId, std::pair<ObjectId, ObjectId>>;
  static std::uint64_t code(const Slot& slot) {
    return std::uint64_t{slot.index} * 4 + (slot.in_elements ? 2 : 0) + (slot.is_value ? 1 : 0);
  }
  void expect(bool holds, const std::string& what, std::uint64_t which) {
    if (!holds && errors.size() < 10) errors.push_back(what + ' ' + std::to_string(which));
  }
  void store(ObjectId host, const Slot& slot, ObjectId value) {
    const auto found = objects_.find(host);
    expect(found != objects_.end(), "a store into the dead", host);
    if (found != objects_.end()) found->second[code(slot)] = {slot, value};
  }
  ObjectId load(ObjectId host, const Slot& slot) {
    const auto found = objects_.find(host);
    if (found == objects_.end()) return 0;
    const auto field = found->second.find(code(slot));
    return field == found->second.end() ? 0 : field->second.value;
  }
  ObjectId key_of(ObjectId table, const Slot& value) {
    return load(table, {value.index, value.in_elements, false, true});
  }
  template <class Strong, class Conditional>
  void visit(ObjectId id, Strong strong, Conditional conditional) {
    for (const auto& entry : objects_.at(id)) {
      const Field& field = entry.second;
      if (field.value == 0 || field.slot.is_weak) continue;
      const ObjectId key = field.slot.is_value ? key_of(id, field.slot) : 0;
      if (key == 0) {
        strong(field.value);
      } else {
        conditional(key, field.value);
      }
    }
  }
  std::unordered_set<ObjectId> closure() {
    std::unordered_set<ObjectId> seen;
    std::vector<ObjectId> todo;
    std::unordered_multimap<ObjectId, ObjectId> waiting;
    const auto reach = [&](ObjectId id) {
      expect(objects_.count(id) == 1, "dead, but reachable:", id);
      if (objects_.count(id) == 1 && seen.insert(id).second) todo.push_back(id);
    };
    for (const ObjectId id : roots_) reach(id);
    while (!todo.empty()) {
      const ObjectId id = todo.back();
      todo.pop_back();
      visit(id, reach, [&](ObjectId key, ObjectId value) {
        if (seen.count(key)) {
          reach(value);
        } else {
          waiting.emplace(key, value);
        }
      });
      const auto [first, last] = waiting.equal_range(id);
      for (auto it = first; it != last; ++it) reach(it->second);
    }
    return seen;
  }
  void compare_edges(ObjectId id) {
    std::vector<ObjectId> from_slots;
    visit(
        id, [&](ObjectId value) { from_slots.push_back(value); }, [](ObjectId, ObjectId) {});
    std::vector<ObjectId>& from_graph = graph_[id];
    std::sort(from_slots.begin(), from_slots.end());
    std::sort(from_graph.begin(), from_graph.end());
    expect(from_slots == from_graph, "the edges differ of", id);
  }
  void compare_ephemerons() {
    std::vector<Ephemeron> from_slots;
    for (const ObjectId id : nodes_) {
      if (objects_.count(id) == 0) continue;
      visit(
          id, [](ObjectId) {},
          [&](ObjectId key, ObjectId value) {
            if (nodes_.count(key)) from_slots.push_back({id, {key, value}});
          });
    }
    std::sort(from_slots.begin(), from_slots.end());
    std::sort(graph_ephemerons_.begin(), graph_ephemerons_.end());
    expect(from_slots == graph_ephemerons_, "the ephemerons differ at checkpoint", checkpoints);
  }

  std::unordered_map<ObjectId, std::map<std::uint64_t, Field>> objects_;
  std::unordered_map<ObjectId, TypeIndex> types_;
  std::unordered_set<ObjectId> roots_;
  std::vector<ObjectId> dead_;
  bool roots_are_new_ = false;
  std::unordered_set<ObjectId> nodes_, graph_roots_;
  std::unordered_map<ObjectId, std::vector<ObjectId>> graph_;
  std::vector<Ephemeron> graph_ephemerons_;
  ObjectId current_ = 0;
};

}  // namespace heaplab::trace
