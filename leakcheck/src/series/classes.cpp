// SPDX-License-Identifier: MIT
#include "series/classes.h"

#include <algorithm>
#include <functional>
#include <string>

namespace heaplab::leakcheck::series {
namespace {

constexpr std::uint64_t least_objects = 8;
constexpr std::uint64_t texts = 1, numbers = 2;

/// Texts and numbers have their contents for a name.
std::uint64_t key_without_name(NodeType type) {
  if (is_string(type)) return texts;
  return type == NodeType::number ? numbers : 0;
}

std::uint64_t key_of(NodeType type, const std::string& name) {
  const std::uint64_t hash = std::hash<std::string>{}(name);
  return (hash << 8 | static_cast<std::uint64_t>(type)) + numbers + 1;
}

struct Tally {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  NodeIndex example = no_node;

  void add(NodeIndex node, std::uint64_t size) {
    if (objects++ == 0) example = node;
    bytes += size;
  }
};

}  // namespace

std::uint64_t counted_class(const HeapSnapshot& snapshot, NodeIndex node) {
  const NodeType type = snapshot.type(node);
  const std::uint64_t key = key_without_name(type);
  return key != 0 ? key : key_of(type, snapshot.name(node));
}

std::vector<ClassCount> count_classes(const HeapSnapshot& snapshot, const Owners& owners) {
  // Names of objects are few among all texts: each gets a number. A function may be called as a
  // class is.
  BigArray<std::uint32_t> number_of(snapshot.strings().size());
  std::vector<Tally> tallies(std::size_t{2} * (numbers + 1));
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (!is_content(snapshot, owners, node)) continue;
    const NodeType type = snapshot.type(node);
    std::uint64_t number = key_without_name(type);
    if (number == 0) {
      std::uint32_t& known = number_of[snapshot.name_index(node)];
      if (known == 0) {
        known = static_cast<std::uint32_t>(tallies.size() / 2);
        tallies.resize(tallies.size() + 2);
      }
      number = known;
    }
    tallies[2 * number + (type == NodeType::closure ? 1 : 0)].add(node, owners.own_bytes[node]);
  }
  std::vector<ClassCount> result;
  for (const Tally& tally : tallies) {
    if (tally.objects < least_objects) continue;
    result.push_back(
        {counted_class(snapshot, tally.example), tally.objects, tally.bytes, tally.example});
  }
  std::sort(result.begin(), result.end(),
            [](const ClassCount& a, const ClassCount& b) { return a.key < b.key; });
  return result;
}

ClassCount find_class(const std::vector<ClassCount>& classes, std::uint64_t key) {
  const auto found = std::lower_bound(
      classes.begin(), classes.end(), key,
      [](const ClassCount& count, std::uint64_t wanted) { return count.key < wanted; });
  return found != classes.end() && found->key == key ? *found : ClassCount{key};
}

}  // namespace heaplab::leakcheck::series
