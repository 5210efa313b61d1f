// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// What of a snapshot a later one is compared with: 24 bytes a node, so that the first snapshot
/// need not be in memory beside the second.
class DiffBase {
 public:
  explicit DiffBase(const View& view);

 private:
  friend struct DiffBuilder;
  static constexpr std::uint32_t no_shape = 0xffff'ffff;
  /// Of a plain object the class is not known before the second snapshot is: DevTools infers
  /// interfaces there and names the objects of both by them.
  struct Class {
    std::string place;  ///< what stands before the name in the key
    std::string name;   ///< if there is no shape
    std::uint32_t shape = no_shape;
  };
  using Shape = std::vector<std::uint64_t>;  ///< hashes of properties' names, ascending

  std::vector<std::uint32_t> find_shapes(const View& view);
  void number_classes(const View& view, const std::vector<std::uint32_t>& shape_of);

  Origin origin_;
  std::vector<Shape> shapes_;
  std::vector<Class> classes_;
  BigArray<std::uint32_t> ids_;       ///< ascending
  BigArray<std::uint32_t> class_of_;  ///< beside them; Classes::none for nodes without one
  BigArray<std::uint64_t> self_;
  BigArray<std::uint64_t> retained_;
  std::uint64_t total_ = 0;
};

/// A row of DevTools' Comparison view.
struct ClassDiff {
  std::string key{}, name{};
  std::uint64_t added = 0, removed = 0;  ///< objects
  std::uint64_t added_bytes = 0, removed_bytes = 0;
  std::int64_t count_delta() const { return static_cast<std::int64_t>(added - removed); }
  std::int64_t size_delta() const { return static_cast<std::int64_t>(added_bytes - removed_bytes); }
  std::vector<NodeIndex> examples{};  ///< of the added, those that retain most
};

/// An object of both snapshots that retains more in the second.
struct GrownNode {
  NodeIndex node;  ///< in the second
  std::uint64_t self_before = 0;
  std::uint64_t retained_before = 0;
};

struct Diff {
  std::vector<ClassDiff> classes;  ///< by size delta, largest first; without what did not change
  std::vector<GrownNode> grown;    ///< by how much, at most the limit
  std::uint64_t total_before = 0, total_after = 0;
  std::uint64_t nodes_before = 0, nodes_after = 0;
  /// Java: objects move and have no ids, so classes are compared by what they amount to: what is
  /// more counts as added, what is less as removed, and nothing is known of single objects.
  bool by_class_only = false;
  std::uint64_t common = 0;  ///< objects that are in both
};

/// Compares by class and, within a class, by id, as DevTools does. `examples` per class.
Diff diff(const DiffBase& before, const View& after, std::size_t grown_limit,
          std::size_t examples = 3);

}  // namespace heaplab::inspector
