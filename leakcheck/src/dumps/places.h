// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/big_array.h"

// What is where in a Java heap, in a way that can be found again in another dump of the process.
//
// Objects move, and a dump has nothing but their addresses: no object can be followed from one dump
// to the next. But where something is kept has a name that stays: the classes and fields on the way
// down the tree of dominators. A *place* is such a way, "com.acme.Server · sessions: HashMap ·
// table: HashMap$Node[] · []: HashMap$Node"; all objects that are reached in the same way are at
// the same place. A class begins a way of its own, whoever refers to it: static fields are at the
// same place in all dumps. Links of a list or a tree are at one place, however deep.

namespace heaplab::leakcheck::dumps {

using inspector::NodeIndex;
using inspector::NodeType;

struct Place {
  std::uint64_t key = 0;  ///< the same in all dumps
  std::uint32_t parent = 0;
  std::uint32_t depth = 0;
  std::uint64_t step = 0;   ///< a hash of the field and the class
  bool is_direct = false;   ///< the objects are referred to by those at the parent
  bool is_element = false;  ///< by elements of arrays
  bool is_chain = false;    ///< the objects refer to each other
  std::uint32_t field = 0;  ///< a string's number, if it is a field
  NodeIndex example = inspector::no_node;
  std::uint64_t count = 0;
  std::uint64_t own_bytes = 0;
  std::uint64_t bytes = 0;  ///< with what is below
};

struct Places {
  std::vector<Place> list;          ///< the root's first, parents before children
  BigArray<std::uint32_t> of_node;  ///< numbers of `list`; 0 for what nothing reaches
  std::vector<std::vector<std::uint32_t>> children;
};
Places find_places(const inspector::Snapshot& heap, const inspector::Analysis& analysis);

/// What is known of a place in an earlier dump.
struct PlaceSample {
  std::uint64_t count = 0, own_bytes = 0, bytes = 0;
};
struct Round {
  std::string file;
  std::uint64_t nodes = 0, edges = 0, live_bytes = 0;
  std::unordered_map<std::uint64_t, PlaceSample> places;  ///< by key, without the smallest
};
Round summarise(const inspector::Snapshot& heap, const Places& places);

/// The name of an object's class: "java.util.HashMap".
std::string class_name(const inspector::Snapshot& heap, NodeIndex node);

}  // namespace heaplab::leakcheck::dumps
