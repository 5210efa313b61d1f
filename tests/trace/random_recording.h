// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "heaplab/trace/writer.h"

namespace heaplab::trace {

/// Writes the recording of a program that does things at random to a heap of objects with three
/// slots, and knows what is reachable the slow way. So the recording agrees with itself.
class RandomRecording {
 public:
  RandomRecording(RecordingWriter& writer, unsigned seed) : writer_(writer), random_(seed) {
    writer_.info("writes", "all");
    writer_.info("roots", "1");
    writer_.info("deaths", "collections");
    for (const char* name : {"Map", "Array", "Node"})
      types_.push_back(writer_.type(name, "object"));
    for (std::uint32_t line = 1; line <= 5; ++line) {
      stacks_.push_back(writer_.stack(0, writer_.frame("f", "a.js", line, 1)));
    }
  }

  void run(unsigned steps) {
    for (unsigned i = 0; i < steps; ++i) step();
    collect();
    writer_.finish();
  }

 private:
  struct Object {
    TypeIndex type;
    StackId stack;
    std::uint64_t bytes, birth;
    std::map<std::uint32_t, ObjectId> slots;
  };

  void step() {
    time_ += random_() % 1000;
    switch (random_() % 40) {
      case 0:
        return collect();
      case 1:
        return checkpoint();
      case 2:
        return writer_.time(time_);
      case 3:
        return writer_.marker({time_, writer_.clock(), writer_.string("mark")});
      case 4:
      case 5:
      case 6:
        return change_roots();
      default:
        return random_() % 2 ? allocate() : write();
    }
  }

  void allocate() {
    Object object{
        types_[random_() % 3], stacks_[random_() % 5], 16 + random_() % 64, writer_.clock(), {}};
    const std::vector<ObjectId> old = reachable();
    const ObjectId id = writer_.allocation(object.type, object.bytes, object.stack);
    std::vector<InitialEdge> edges;
    for (std::uint32_t slot = 0; slot < 3; ++slot) {
      if (old.empty() || random_() % 2) continue;
      const ObjectId value = old[random_() % old.size()];
      edges.push_back({{slot}, value});
      object.slots[slot] = value;
    }
    if (!edges.empty()) writer_.initial_edges(id, edges);
    objects_[id] = object;
    fresh_.insert(id);
    if (random_() % 3 == 0) tell_roots({}, {id});
  }

  void write() {
    const std::vector<ObjectId> old = reachable();
    if (old.empty()) return;
    const ObjectId host = old[random_() % old.size()];
    const auto slot = static_cast<std::uint32_t>(random_() % 3);
    const ObjectId value = random_() % 3 ? old[random_() % old.size()] : 0;
    ObjectId& held = objects_[host].slots[slot];
    writer_.write({host, {slot}, held, value});
    if (held != 0) fresh_.insert(held);
    held = value;
  }

  void change_roots() {
    std::vector<ObjectId> removed;
    for (const ObjectId id : roots_) {
      if (random_() % 4 == 0) removed.push_back(id);
    }
    tell_roots(removed, {});
  }

  void tell_roots(const std::vector<ObjectId>& removed, std::vector<ObjectId> added) {
    std::erase_if(added, [&](ObjectId id) { return roots_.contains(id); });
    for (const ObjectId id : removed) roots_.erase(id);
    roots_.insert(added.begin(), added.end());
    fresh_.clear();
    writer_.roots(removed, added);
  }

  void collect() {
    tell_roots({}, {});
    const std::vector<ObjectId> live = reachable();
    std::vector<ObjectId> dead;
    for (const auto& object : objects_) {
      if (!std::binary_search(live.begin(), live.end(), object.first)) dead.push_back(object.first);
    }
    for (const ObjectId id : dead) objects_.erase(id);
    writer_.deaths(dead);
    Collection c;
    c.number = ++collections_;
    c.major = true;
    c.start_ns = time_;
    c.clock = writer_.clock();
    writer_.collection(c);
  }

  void checkpoint() {
    tell_roots({}, {});
    writer_.checkpoint_begin({++checkpoints_, CheckpointReason::turn, time_, writer_.clock()});
    for (const ObjectId id : roots_) writer_.checkpoint_root({0, 0, id});
    CheckpointEnd total;
    for (const ObjectId id : reachable()) {
      const Object& object = objects_[id];
      writer_.checkpoint_node(
          {id, object.type, object.bytes, 0, 0, object.stack, object.birth, object.birth});
      std::vector<CheckpointEdge> edges;
      for (const auto& [slot, value] : object.slots) {
        if (value != 0) edges.push_back({EdgeKind::element, slot, 0, value});
      }
      writer_.checkpoint_edges(edges);
      ++total.nodes;
      total.edges += edges.size();
      total.bytes += object.bytes;
    }
    writer_.checkpoint_end(total);
  }

  std::vector<ObjectId> reachable() {
    std::set<ObjectId> seen;
    std::vector<ObjectId> todo(roots_.begin(), roots_.end());
    todo.insert(todo.end(), fresh_.begin(), fresh_.end());
    while (!todo.empty()) {
      const ObjectId id = todo.back();
      todo.pop_back();
      if (!seen.insert(id).second) continue;
      for (const auto& slot : objects_[id].slots) {
        if (slot.second != 0) todo.push_back(slot.second);
      }
    }
    return {seen.begin(), seen.end()};
  }

  RecordingWriter& writer_;
  std::mt19937 random_;
  std::vector<TypeIndex> types_;
  std::vector<StackId> stacks_;
  std::map<ObjectId, Object> objects_;
  std::set<ObjectId> roots_, fresh_;
  std::uint64_t time_ = 0, collections_ = 0, checkpoints_ = 0;
};

}  // namespace heaplab::trace
