// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "heaplab/trace/writer.h"

namespace heaplab::trace {

/// A program that does random things with objects it can reach, and a recording of it: plain
/// objects, arrays of up to 200 KB, weak cells and ephemeron tables, on two threads.
class RandomProgram {
 public:
  struct Options {
    unsigned seed = 1;
    unsigned steps = 4000;
    unsigned variables = 24;
    std::uint64_t root_granularity = 256;
  };

  RandomProgram(const std::string& path, const Options& options)
      : options_(options), random_(options.seed), writer_(path) {
    writer_.info("writes", "all");
    writer_.info("roots", std::to_string(options.root_granularity));
    type_ = writer_.type("Thing", "object");
    writer_.thread("other", "");
  }

  void run() {
    for (unsigned i = 0; i < options_.steps; ++i) step();
    write_roots();
    writer_.finish();
  }

  /// By the rule of records.h, in the simplest way: what is alive now.
  std::set<ObjectId> alive() const {
    std::set<ObjectId> reached;
    std::deque<ObjectId> queue;
    const auto reach = [&](ObjectId id) {
      if (id != 0 && reached.insert(id).second) queue.push_back(id);
    };
    for (const Thread& thread : threads_) {
      for (const ObjectId id : thread.roots) reach(id);
      for (const ObjectId id : thread.fresh) reach(id);
    }
    for (std::size_t before = ~std::size_t{0}; before != reached.size();) {
      before = reached.size();
      while (!queue.empty()) {
        const ObjectId id = queue.front();
        queue.pop_front();
        for (const auto& [slot, value] : objects_.at(id).strong) reach(value);
      }
      for (const ObjectId id : std::set<ObjectId>(reached)) {
        for (const auto& [key, value] : objects_.at(id).pairs) {
          if (key == 0 || reached.contains(key)) reach(value);
        }
      }
    }
    return reached;
  }
  std::uint64_t objects() const { return objects_.size(); }

 private:
  struct Object {
    std::uint32_t fixed = 0, elements = 0;
    std::map<std::pair<bool, std::uint32_t>, ObjectId> strong;
    ObjectId weak = 0;
    bool is_weak_cell = false;
    std::vector<std::pair<ObjectId, ObjectId>> pairs;
  };
  struct Thread {
    std::vector<ObjectId> variables;
    std::set<ObjectId> roots;  ///< as recorded
    std::set<ObjectId> fresh;
  };

  unsigned below(std::size_t n) { return static_cast<unsigned>(random_() % n); }

  void step() {
    if (below(40) == 0) {
      write_roots();
      thread_ = below(2);
      writer_.switch_thread(thread_);
    }
    if (writer_.clock() - roots_clock_ >= options_.root_granularity) write_roots();
    const unsigned what = below(100);
    if (what < 45) {
      allocate();
    } else if (what < 75) {
      store();
    } else if (what < 80) {
      store_pair();
    } else {
      set_variable(walk());
    }
  }

  /// Something the current thread can reach, or 0.
  ObjectId walk() {
    const Thread& thread = threads_[thread_];
    if (thread.variables.empty()) return 0;
    ObjectId id = thread.variables[below(thread.variables.size())];
    for (unsigned hops = below(4); hops > 0 && id != 0; --hops) {
      const auto& strong = objects_.at(id).strong;
      if (strong.empty()) break;
      const ObjectId next = std::next(strong.begin(), below(strong.size()))->second;
      if (next == 0) break;
      id = next;
    }
    return id;
  }

  void set_variable(ObjectId id) {
    std::vector<ObjectId>& variables = threads_[thread_].variables;
    if (variables.size() < options_.variables) {
      variables.push_back(id);
    } else {
      variables[below(variables.size())] = id;
    }
    std::erase(variables, ObjectId{0});
  }

  void allocate() {
    Object object;
    const unsigned kind = below(20);
    std::uint64_t bytes = 16 + below(64);
    if (kind < 14) {
      object.fixed = below(6);
      bytes += 8 * object.fixed;
    } else if (kind < 17) {
      object.elements = below(200) == 0 ? 25'000 : below(100);
      object.fixed = below(2);
      bytes += 8 * (object.fixed + object.elements);
    } else if (kind < 18) {
      object.is_weak_cell = true;
    } else {
      object.pairs.resize(below(8));
      bytes += 16 * object.pairs.size();
    }
    const ObjectId id = writer_.allocation(type_, bytes, 0);
    threads_[thread_].fresh.insert(id);
    std::vector<InitialEdge> edges;
    for (std::uint32_t i = 0; i < std::min(object.fixed + object.elements, 5u); ++i) {
      const ObjectId value = below(3) == 0 ? 0 : walk();
      const bool in_elements = i >= object.fixed;
      const std::uint32_t index = in_elements ? i - object.fixed : i;
      if (value == 0) continue;
      edges.push_back({{index, in_elements, false, false}, value});
      object.strong[{in_elements, index}] = value;
    }
    if (object.is_weak_cell && (object.weak = walk()) != 0) {
      edges.push_back({{0, false, false, true}, object.weak});
    }
    if (!edges.empty()) writer_.initial_edges(id, edges);
    objects_[id] = std::move(object);
    set_variable(id);
  }

  void store() {
    const ObjectId host = walk();
    if (host == 0) return;
    Object& object = objects_.at(host);
    const std::uint32_t slots = object.fixed + object.elements;
    if (slots == 0) return;
    const std::uint32_t i = below(slots);
    const bool in_elements = i >= object.fixed;
    const std::uint32_t index = in_elements ? i - object.fixed : i;
    ObjectId& value = object.strong[{in_elements, index}];
    const ObjectId next = below(3) == 0 ? 0 : walk();
    write(host, {index, in_elements, false, false}, value, next);
    value = next;
  }

  void store_pair() {
    const ObjectId host = walk();
    if (host == 0 || objects_.at(host).pairs.empty()) return;
    auto& pairs = objects_.at(host).pairs;
    const std::uint32_t index = below(pairs.size());
    auto& [key, value] = pairs[index];
    // A key that died was cleared, and its value.
    if (key != 0 && !alive().contains(key)) key = value = 0;
    const ObjectId next = below(8) == 0 ? 0 : walk();
    const ObjectId held = walk();
    write(host, {index, true, false, true}, key, next);
    write(host, {index, true, true, false}, value, held);
    key = next;
    value = held;
  }

  void write(ObjectId host, const Slot& slot, ObjectId old_value, ObjectId new_value) {
    writer_.write({host, slot, old_value, new_value});
    if (old_value != 0) threads_[thread_].fresh.insert(old_value);
  }

  /// Of both threads: they share objects.
  void write_roots() {
    for (ThreadId id = 0; id < 2; ++id) {
      Thread& thread = threads_[id];
      const std::set<ObjectId> now(thread.variables.begin(), thread.variables.end());
      std::vector<ObjectId> removed, added;
      std::set_difference(thread.roots.begin(), thread.roots.end(), now.begin(), now.end(),
                          std::back_inserter(removed));
      std::set_difference(now.begin(), now.end(), thread.roots.begin(), thread.roots.end(),
                          std::back_inserter(added));
      writer_.switch_thread(id);
      writer_.roots(removed, added);
      thread.roots = now;
      thread.fresh.clear();
    }
    writer_.switch_thread(thread_);
    roots_clock_ = writer_.clock();
  }

  Options options_;
  std::mt19937 random_;
  RecordingWriter writer_;
  TypeIndex type_ = 0;
  ThreadId thread_ = 0;
  std::uint64_t roots_clock_ = 0;
  Thread threads_[2];
  std::map<ObjectId, Object> objects_;
};

}  // namespace heaplab::trace
