// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "heaplab/gc/make_heap.h"
#include "heaplab/heap/heap.h"

// The model for the property test: a plain C++ graph that mirrors every operation done on the real
// heap. Each heap object carries the id of its model node as raw data, so the two graphs can be
// compared from the roots on; each node has a finalizer on its heap object, so that what should
// have died is known to have died and nothing else.

namespace heaplab::test {

enum class Shape : std::uint8_t { pair, refs, words, weak, table, large };
inline constexpr int shape_count = 6;

/// A node of the model. Slots hold node ids, 0 for null; a negative number in a words slot stands
/// for the plain value with that number.
struct ModelNode {
  Shape shape = Shape::pair;
  std::vector<std::int64_t> slots;  ///< table: key, value, key, value, …
};

/// Throws with everything needed to run the failing case again.
[[noreturn]] inline void mismatch(const std::string& what) { throw std::runtime_error(what); }

class ShadowGraph {
 public:
  std::unordered_map<std::int64_t, ModelNode> nodes;
  std::vector<std::int64_t> roots;

  /// Ids reachable from the roots; ephemeron values by fixpoint, deliberately the naive way.
  std::unordered_set<std::int64_t> reachable() const {
    std::unordered_set<std::int64_t> seen;
    std::vector<std::int64_t> stack;
    const auto reach = [&](std::int64_t id) {
      if (id > 0 && seen.insert(id).second) stack.push_back(id);
    };
    for (const std::int64_t root : roots) reach(root);
    std::vector<std::int64_t> tables;
    for (std::size_t before = 0;;) {
      while (!stack.empty()) {
        const std::int64_t id = stack.back();
        stack.pop_back();
        const ModelNode& node = nodes.at(id);
        if (node.shape == Shape::table) {
          tables.push_back(id);
        } else if (node.shape != Shape::weak) {
          for (const std::int64_t slot : node.slots) reach(slot);
        }
      }
      for (const std::int64_t id : tables) {
        const ModelNode& table = nodes.at(id);
        for (std::size_t i = 0; i < table.slots.size(); i += 2) {
          if (seen.count(table.slots[i])) reach(table.slots[i + 1]);
        }
      }
      if (seen.size() == before) return seen;
      before = seen.size();
    }
  }
};

}  // namespace heaplab::test
