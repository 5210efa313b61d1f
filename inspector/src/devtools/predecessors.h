// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "devtools/search.h"

namespace heaplab::inspector {

/// Predecessors of vertices, `target` after `source` or before it: taken in any order, given back
/// by descending targets. Pairs go into a few hundred heaps by the upper bits of the target, each
/// written from front to back; a heap is sorted, in the cache, when its turn has come.
class PredecessorHeaps {
 public:
  PredecessorHeaps(std::size_t vertices, std::size_t most_pairs);

  void add(Vertex target, Vertex source) {
    Heap& heap = heaps_[target >> low_bits];
    if (heap.used == pairs_per_chunk) add_chunk(heap);
    Chunk& chunk = chunks_[heap.chunk];
    chunk.sources[heap.used] = source;
    chunk.targets[heap.used] = static_cast<std::uint16_t>(target);
    ++heap.used;
  }

  /// Prepares those of [heap << low_bits, (heap + 1) << low_bits); gives back what held them.
  void sort(std::size_t heap);
  /// Of the heap that was sorted last.
  const Vertex* sources() const { return sorted_.data(); }
  std::uint32_t first(Vertex target) const { return first_[target & low_mask]; }
  std::uint32_t end(Vertex target) const { return first_[(target & low_mask) + 1]; }

  static constexpr unsigned low_bits = 16;
  std::size_t heap_count() const { return heaps_.size(); }

 private:
  static constexpr std::uint32_t low_mask = (1U << low_bits) - 1;
  static constexpr std::uint32_t pairs_per_chunk = 5460;  ///< 32 KiB
  static constexpr std::uint32_t no_chunk = 0xffff'ffff;
  struct Chunk {
    Vertex sources[pairs_per_chunk];
    std::uint16_t targets[pairs_per_chunk];
    std::uint32_t next;
  };
  struct Heap {
    std::uint32_t chunk = no_chunk;
    std::uint32_t used = pairs_per_chunk;
  };

  void add_chunk(Heap& heap);
  template <typename Visit>
  void each_pair(const Heap& heap, Visit&& visit) const;

  std::vector<Heap> heaps_;
  BigArray<Chunk> chunks_;
  BigArray<Vertex> sorted_;
  std::vector<std::uint32_t> first_;
};

/// What the search knows of semidominators, and the predecessors it does not know enough of.
struct Predecessors {
  BigArray<Vertex> semi;  ///< by vertex: of the predecessors that come earlier, the least so far
  PredecessorHeaps heaps;
};

/// Takes the search apart: `vertices` is gone afterwards.
Predecessors find_predecessors(const Snapshot& snapshot, const RuleFacts& facts,
                               DepthFirst& search);

}  // namespace heaplab::inspector
