// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "series/graph.h"

// Who refers to a group of objects that one dominator keeps.
//
// The dominator of an object that two containers hold is whatever is above both. So that a Map and
// a list of the same sessions are found all the same, the references to the group are counted by
// who makes them.

namespace heaplab::leakcheck::series {

struct Group {
  NodeIndex dominator = no_node;
  std::uint64_t members = 0;
  std::uint64_t bytes = 0;
  // Filled by count_holders():
  std::uint64_t direct = 0;  ///< references from the dominator itself
  std::uint64_t direct_bytes = 0;
  std::uint64_t direct_new = 0;  ///< those of them to what the first snapshot did not have
  std::uint64_t named = 0;       ///< those of them that are variables and properties
  std::uint64_t links = 0;       ///< references among members of a class: a chain's
  struct Holder {
    NodeIndex node;
    std::uint32_t references;
    std::uint64_t bytes;  ///< what they lead to weighs
  };
  std::vector<Holder> holders;  ///< others, those with most references first

  /// Who holds most of the group: the dominator or another; no_node if it is nobody.
  NodeIndex container() const;

 private:
  NodeIndex holder_of_most_bytes() const;
};

/// `group_of`: by node, the number of its group plus one; `weight`: by node, its bytes.
void count_holders(const Series& series, const BigArray<std::uint32_t>& group_of,
                   const BigArray<std::uint64_t>& weight, std::vector<Group>& groups);

}  // namespace heaplab::leakcheck::series
