// SPDX-License-Identifier: MIT
#include "dumps/places.h"

namespace heaplab::leakcheck::dumps {
namespace {

using inspector::EdgeKind;
using inspector::no_node;

constexpr std::uint32_t deepest = 96;
constexpr std::size_t most_places = 2'000'000;
/// A place this small in an earlier dump counts as empty.
constexpr std::uint64_t least_sampled = 256;
constexpr std::uint32_t by_element = 0xffff'ffff;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t hash = (a ^ b) * 0x9e3779b97f4a7c15;
  hash ^= hash >> 32;
  return hash * 0xd6e8feb86659fd93;
}

std::uint64_t text_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// Threads of a pool are alike: numbers in the name of a thread do not count.
std::string without_numbers(std::string text) {
  const std::size_t quote = text.find('"');
  if (quote == std::string::npos) return text;
  std::string result = text.substr(0, quote);
  for (const char c : text.substr(quote)) {
    if (c < '0' || c > '9') result += c;
  }
  return result;
}

class Finder {
 public:
  Finder(const inspector::Snapshot& heap, const inspector::Analysis& analysis)
      : heap_(heap), analysis_(analysis), steps_(heap.node_count()) {}

  Places run() {
    find_steps();
    result_.of_node.resize(heap_.node_count());
    result_.list.emplace_back();
    result_.list[0].key = 1;
    result_.list[0].example = heap_.root();
    for (const NodeIndex node : analysis_.order) {
      if (node == heap_.root() || analysis_.distances[node] == inspector::distance_unreached) {
        continue;
      }
      const std::uint32_t number = place_of(node);
      result_.of_node[node] = number;
      Place& place = result_.list[number];
      if (place.example == no_node) place.example = node;
      ++place.count;
      place.own_bytes += analysis_.shallow_sizes[node];
    }
    result_.children.resize(result_.list.size());
    for (std::size_t i = result_.list.size(); i-- > 1;) {
      Place& place = result_.list[i];
      place.bytes += place.own_bytes;
      result_.list[place.parent].bytes += place.bytes;
      result_.children[place.parent].push_back(static_cast<std::uint32_t>(i));
    }
    return std::move(result_);
  }

 private:
  /// The name of the reference from each node's dominator to it, plus one; 0 if there is none.
  void find_steps() {
    heap_.for_all_edges([&](NodeIndex source, const inspector::SnapshotEdge& edge) {
      if (analysis_.dominators[edge.target] != source || steps_[edge.target] != 0) return;
      if (edge.kind == EdgeKind::element) steps_[edge.target] = by_element;
      if (edge.kind == EdgeKind::property) steps_[edge.target] = edge.label + 1;
    });
  }

  std::uint32_t place_of(NodeIndex node) {
    const bool is_class = heap_.type(node) == NodeType::class_object;
    std::uint32_t parent = is_class ? 0 : result_.of_node[analysis_.dominators[node]];
    const std::uint32_t reference = is_class ? 0 : steps_[node];
    const std::uint64_t field = reference == 0            ? 0
                                : reference == by_element ? 1
                                                          : string_hash(reference - 1);
    const std::uint64_t step = mix(field, class_hash(node));
    // The next link of a list, also one with an object between.
    std::uint32_t above = parent;
    for (int i = 0; i < 2 && above != 0; ++i, above = result_.list[above].parent) {
      if (result_.list[above].step != step) continue;
      result_.list[above].is_chain = true;
      return above;
    }
    if (result_.list[parent].depth == deepest) return parent;
    const std::uint64_t key = mix(result_.list[parent].key, step);
    const auto [entry, added] =
        numbers_.try_emplace(key, static_cast<std::uint32_t>(result_.list.size()));
    if (!added) return entry->second;
    if (result_.list.size() == most_places) {
      numbers_.erase(entry);
      return parent;
    }
    Place place;
    place.key = key;
    place.parent = parent;
    place.depth = result_.list[parent].depth + 1;
    place.step = step;
    place.is_direct = reference != 0 || is_class;
    place.is_element = reference == by_element;
    if (reference != 0 && reference != by_element) place.field = reference - 1;
    result_.list.push_back(place);
    return entry->second;
  }

  std::uint64_t class_hash(NodeIndex node) {
    if (heap_.type(node) == NodeType::string) return 2;
    // A class is no instance of itself.
    return string_hash(heap_.name_index(node)) + (heap_.type(node) == NodeType::class_object);
  }

  std::uint64_t string_hash(std::uint32_t string) {
    const auto [entry, added] = hashes_.try_emplace(string, 0);
    if (added) entry->second = text_hash(without_numbers(heap_.strings().get(string)));
    return entry->second;
  }

  const inspector::Snapshot& heap_;
  const inspector::Analysis& analysis_;
  BigArray<std::uint32_t> steps_;
  Places result_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::unordered_map<std::uint32_t, std::uint64_t> hashes_;
};

}  // namespace

Places find_places(const inspector::Snapshot& heap, const inspector::Analysis& analysis) {
  return Finder(heap, analysis).run();
}

Round summarise(const inspector::Snapshot& heap, const Places& places) {
  Round round;
  round.file = heap.file();
  round.nodes = heap.node_count();
  round.edges = heap.edge_count();
  round.live_bytes = places.list[0].bytes;
  for (const Place& place : places.list) {
    if (place.bytes < least_sampled) continue;
    round.places.emplace(place.key, PlaceSample{place.count, place.own_bytes, place.bytes});
  }
  return round;
}

std::string class_name(const inspector::Snapshot& heap, NodeIndex node) {
  switch (heap.type(node)) {
    case NodeType::string:
      return "java.lang.String";
    case NodeType::class_object:
      return "java.lang.Class";
    default: {
      const std::string name = heap.name(node);
      return name.substr(0, name.find(" \""));
    }
  }
}

}  // namespace heaplab::leakcheck::dumps
