// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "series/heap.h"

// How many objects of each class a heap has. What accumulates must become more of its class: where
// each of a thousand records has its latest reading replaced now and then, there are readings of
// every age, but never more of them.

namespace heaplab::leakcheck::series {

struct ClassCount {
  std::uint64_t key = 0;  ///< of the class' name; the same in all snapshots
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  NodeIndex example = no_node;
};

/// Classes with more than a few objects, ascending by key. All texts are one class, and all
/// numbers.
std::vector<ClassCount> count_classes(const HeapSnapshot& snapshot, const Owners& owners);
/// The class of a node, as in the list above.
std::uint64_t counted_class(const HeapSnapshot& snapshot, NodeIndex node);
/// Zeros if there are few of it.
ClassCount find_class(const std::vector<ClassCount>& classes, std::uint64_t key);

}  // namespace heaplab::leakcheck::series
