// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "heaplab/inspector/snapshot.h"

namespace heaplab::inspector {

/// All edges in the order of the file, for those who are interested in a few that are hard to
/// foretell. A branch for each would be wrong a quarter of the time, and so would the ends of loops
/// over the five edges of a node: these cost more than looking. So a thousand edges at a time are
/// tested without branches, and only the interesting ones are visited.
class EdgeFilter {
 public:
  explicit EdgeFilter(const Snapshot& snapshot)
      : first_(snapshot.first_edges()), words_(snapshot.all_edge_words()) {}

  /// `test(word)` says whether an edge is interesting: quickly, and it may err on the safe side.
  /// `prepare(source, word)` is called for all of those in a block, then
  /// `visit(source, edge, word)`.
  template <typename Test, typename Prepare, typename Visit>
  void run(Test&& test, Prepare&& prepare, Visit&& visit) {
    const auto nodes = static_cast<NodeIndex>(first_.size() - 1);
    for (NodeIndex node = 0; node < nodes;) {
      const EdgeIndex begin = first_[node];
      node = list_sources(node, nodes);
      // A node with more edges than fit is alone in its block.
      const EdgeIndex end = first_[node];
      for (EdgeIndex part = begin; part < end; part += block) {
        const auto size = static_cast<std::uint32_t>(std::min<EdgeIndex>(block, end - part));
        const std::uint32_t* const words = words_.data() + part;
        std::uint32_t found = 0;
        for (std::uint32_t i = 0; i < size; ++i) {
          found_[found] = static_cast<std::uint16_t>(i);
          found += test(words[i]) ? 1 : 0;
        }
        const bool alone = end - begin > block;
        const auto source = [&](std::uint32_t at) { return alone ? node - 1 : sources_[at]; };
        for (std::uint32_t i = 0; i < found; ++i) prepare(source(found_[i]), words[found_[i]]);
        for (std::uint32_t i = 0; i < found; ++i) {
          visit(source(found_[i]), part + found_[i], words[found_[i]]);
        }
      }
    }
  }

 private:
  static constexpr std::size_t block = 1024;
  static constexpr std::size_t at_once = 16;

  /// Of the edges of whole nodes, as many as fit; returns the first node that does not.
  NodeIndex list_sources(NodeIndex node, NodeIndex nodes) {
    const EdgeIndex begin = first_[node];
    if (first_[node + 1] - begin > block) return node + 1;
    for (; node < nodes && first_[node + 1] - begin <= block; ++node) {
      NodeIndex* source = sources_.data() + (first_[node] - begin);
      NodeIndex* const end = sources_.data() + (first_[node + 1] - begin);
      // Sixteen are enough for nearly all: no branch that would be hard to foretell.
      do {
        for (std::size_t i = 0; i < at_once; ++i) source[i] = node;
        source += at_once;
      } while (source < end);
    }
    return node;
  }

  std::span<const std::uint32_t> first_, words_;
  std::array<NodeIndex, block + at_once> sources_;
  std::array<std::uint16_t, block> found_;
};

}  // namespace heaplab::inspector
