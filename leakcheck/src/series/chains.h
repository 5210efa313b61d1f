// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include "series/graph.h"

namespace heaplab::leakcheck::series {

/// Recursive structures: lists, trees, chains of closures. Seen from inside, each object of one is
/// kept by another of its kind, a few steps further up.
class Chains {
 public:
  explicit Chains(const Series& series) : series_(series), heap_(series.last) {}

  /// The topmost object of the kind of `node` that is reached from one to the next in a few steps,
  /// and how many there are on the way. What was climbed before is remembered.
  std::pair<NodeIndex, std::uint64_t> climb(NodeIndex node);

 private:
  NodeIndex next_above(NodeIndex node);
  bool is_alike(NodeIndex a, NodeIndex b);
  std::uint64_t properties_of(NodeIndex node);

  const Series& series_;
  const HeapSnapshot& heap_;
  std::unordered_map<NodeIndex, std::pair<NodeIndex, std::uint64_t>> heads_;
  std::unordered_map<NodeIndex, std::uint64_t> properties_;
};

}  // namespace heaplab::leakcheck::series
