// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "series/growth_map.h"
#include "series/holders.h"

// From gathering points to the containers that a programmer knows.

namespace heaplab::leakcheck::series {

/// What accumulates: a Map, an array, a list of listeners, the head of a chain.
struct Container {
  NodeIndex node = no_node;
  bool is_chain = false;     ///< `node` is the first link, and holds the others
  bool is_linked = false;    ///< its contents hold each other: `node` has but the ends of a list
  bool is_loose = false;     ///< no container: `node` is one of many that only the runtime holds
  std::uint64_t length = 0;  ///< of the chain
  std::uint64_t grown = 0;   ///< bytes that gathered
  std::vector<NodeIndex> others;  ///< other containers of the same things
  /// By round of birth, of what is in it: how many objects of the program, and their bytes.
  std::vector<std::uint64_t> born;
  std::vector<std::uint64_t> born_bytes;
};

struct Containers {
  std::vector<Container> list;
  /// By node: the number of the container it is in, plus one.
  BigArray<std::uint32_t> inside;
};

/// Looks for containers around the gathering points:
///  - what is held by others than its dominator belongs to the one that holds most of it;
///  - of a recursive structure (list, tree, chain of closures), the first link is named;
///  - where one of several alike grows with all the others, what holds them all is named.
Containers find_containers(const Series& series, const GrowthMap& map);

}  // namespace heaplab::leakcheck::series
