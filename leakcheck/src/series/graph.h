// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "heaplab/inspector/devtools.h"
#include "series/momentary.h"
#include "series/rounds.h"

namespace heaplab::leakcheck::series {

/// The last snapshot of a series with all that is known about it, and the rounds before it.
struct Series {
  Series() = default;
  Series(const Series&) = delete;  // `names` refers to `last`
  Series& operator=(const Series&) = delete;

  HeapSnapshot last;
  KnownNames names{last};
  Owners owners;
  Momentary momentary;
  inspector::Analysis analysis;  ///< without the references that are momentary
  /// One for each snapshot, the last included. A timeline is one snapshot, but has as many rounds
  /// as it was cut into; of the earlier ones only the ids are known.
  std::vector<Round> rounds;
  bool is_timeline = false;

  std::size_t round_count() const { return rounds.size(); }
  /// The round after which the object was first there: 0 for what the first snapshot had.
  std::size_t birth(NodeIndex node) const {
    const std::uint32_t id = v8_id(last, node);
    std::size_t birth = 0;
    if (id % 2 == 0) return 0;  // of native objects nobody knows
    while (birth + 1 < rounds.size() && id > rounds[birth].last_id) ++birth;
    return birth;
  }
  NodeIndex dominator(NodeIndex node) const { return analysis.dominators[node]; }
  /// The nearest object above that is not a part; the root's is the root.
  NodeIndex object_above(NodeIndex node) const {
    do {
      node = analysis.dominators[node];
    } while (!owners.is_owner(node) && node != last.root());
    return node;
  }
  bool is_scope(NodeIndex node) const {
    return last.type(node) == NodeType::object && names.of(node) == Known::scope;
  }
  /// Roots, groups of roots, the engine's own: nothing a program names.
  bool is_nameless(NodeIndex node) const {
    return node == last.root() || is_engine(last.type(node)) || is_scope(node) ||
           (last.type(node) == NodeType::object && names.of(node) == Known::global);
  }
  bool is_inside(NodeIndex node, NodeIndex above) const {
    for (int step = 0; step < 48; ++step) {
      if (node == above) return true;
      if (node == last.root()) return false;
      node = dominator(node);
    }
    return false;
  }
};

}  // namespace heaplab::leakcheck::series
