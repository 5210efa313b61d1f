// SPDX-License-Identifier: MIT
// From the root down, where the number of objects begins to grow (not only the bytes) is where
// something gathers; the container is above. Its name is that of the last reference from the
// program's own classes: what a HashMap consists of is the library's affair, and a class is the
// library's if the loaders of the Java runtime have loaded it.
#include "dumps/growth.h"

#include <algorithm>
#include <unordered_set>

namespace heaplab::leakcheck::dumps {
namespace {

using inspector::EdgeKind;
using inspector::no_node;

/// So many more objects are a growing number, and so many in one place are many.
constexpr double least_objects = 3;
constexpr double least_growth = 0.02;
constexpr double many_objects = 50;
constexpr double many_for_each = 8;

class Search {
 public:
  Search(const Series& series, const GatheringOptions& options)
      : series_(series), heap_(series.last), places_(series.places), options_(options) {
    find_program_classes();
  }

  std::vector<Gathering> run() {
    std::vector<std::uint32_t> todo{0};
    while (!todo.empty()) {
      const std::uint32_t place = todo.back();
      todo.pop_back();
      look_below(place, todo);
    }
    settle_shared();
    for (Gathering& gathering : result_) {
      find_things(gathering);
      add_up(gathering);
    }
    return std::move(result_);
  }

 private:
  struct History {
    std::vector<double> count, own, bytes;
  };
  History history(std::uint32_t number) const {
    const Place& place = places_.list[number];
    History result;
    for (const Round& round : series_.rounds) {
      const auto sample = round.places.find(place.key);
      const PlaceSample known = sample == round.places.end() ? PlaceSample{} : sample->second;
      result.count.push_back(static_cast<double>(known.count));
      result.own.push_back(static_cast<double>(known.own_bytes));
      result.bytes.push_back(static_cast<double>(known.bytes));
    }
    if (series_.rounds.size() == 1) {  // from nothing
      for (auto* values : {&result.count, &result.own, &result.bytes}) {
        values->insert(values->begin(), 0);
      }
    }
    return result;
  }
  static double change(const std::vector<double>& values) { return values.back() - values.front(); }

  bool gathers(const Place& place, const History& history) const {
    if (series_.rounds.size() == 1) {
      const double above = static_cast<double>(places_.list[place.parent].count);
      return history.count.back() >= std::max(many_objects, many_for_each * above) &&
             place.parent != 0;
    }
    return change(history.count) >= std::max(least_objects, least_growth * history.count.front());
  }

  void look_below(std::uint32_t number, std::vector<std::uint32_t>& todo) {
    bool any = false;
    for (const std::uint32_t child : places_.children[number]) {
      const Place& place = places_.list[child];
      if (static_cast<double>(place.bytes) < options_.least_bytes) continue;
      const History known = history(child);
      if (change(known.bytes) < options_.least_bytes) continue;
      if (heap_.type(place.example) != NodeType::class_object && gathers(place, known)) {
        any = true;
        if (place.is_direct && number != 0) {
          gather(container_of(number), child);
        } else {
          shared_.push_back(child);
        }
      } else {
        todo.push_back(child);
      }
    }
    if (any || number == 0) return;
    // A chain's first link is at another place than those behind it, so it is looked at above.
    const History own = history(number);
    if (change(own.own) >= options_.least_bytes) {
      Gathering& gathering = gather(container_of(number), number);
      gathering.grows_itself = true;
    }
  }

  Gathering& gather(std::uint32_t container, std::uint32_t group) {
    auto found = std::find_if(result_.begin(), result_.end(),
                              [&](const Gathering& known) { return known.container == container; });
    if (found == result_.end()) {
      result_.emplace_back();
      found = result_.end() - 1;
      found->container = container;
    }
    found->groups.push_back(group);
    found->is_chain |= places_.list[group].is_chain;
    return *found;
  }

  /// The place whose objects a program refers to: the last but those below references from classes
  /// of the library. If all are the library's, the last that is no array.
  std::uint32_t container_of(std::uint32_t number) const {
    std::uint32_t plain = 0;
    for (std::uint32_t at = number; at != 0; at = places_.list[at].parent) {
      const Place& place = places_.list[at];
      if (plain == 0 && heap_.type(place.example) != NodeType::array) plain = at;
      if (is_programs(places_.list[place.parent].example)) return at;
    }
    return plain != 0 ? plain : number;
  }

  /// What several hold is dominated by none of them: who refers to it?
  void settle_shared() {
    if (shared_.empty()) return;
    std::unordered_map<std::uint32_t, std::size_t> index_of;
    for (std::size_t i = 0; i < shared_.size(); ++i) index_of.emplace(shared_[i], i);
    std::vector<std::unordered_map<std::uint32_t, std::uint64_t>> holders(shared_.size());
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      const std::uint32_t from = places_.of_node[node];
      if (from == 0) continue;
      for (const std::uint32_t word : heap_.edge_words(node)) {
        if (EdgeKind(word >> inspector::Snapshot::kind_shift) == EdgeKind::weak) continue;
        const auto found = index_of.find(places_.of_node[word & inspector::Snapshot::target_mask]);
        if (found != index_of.end() && found->first != from) ++holders[found->second][from];
      }
    }
    for (std::size_t i = 0; i < shared_.size(); ++i) settle(shared_[i], holders[i]);
  }

  void settle(std::uint32_t group,
              const std::unordered_map<std::uint32_t, std::uint64_t>& holders) {
    std::unordered_map<std::uint32_t, std::uint64_t> containers;
    for (const auto& [place, references] : holders) {
      if (!is_below(place, group)) containers[container_of(place)] += references;
    }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted;
    for (const auto& [container, references] : containers) {
      sorted.emplace_back(references, container);
    }
    std::sort(sorted.rbegin(), sorted.rend());
    if (sorted.empty()) {
      gather(group, group);
      return;
    }
    Gathering& gathering = gather(sorted[0].second, group);
    for (std::size_t i = 1; i < sorted.size() && 2 * sorted[i].first >= sorted[0].first; ++i) {
      gathering.also_holds.push_back(sorted[i].second);
    }
  }

  bool is_below(std::uint32_t place, std::uint32_t above) const {
    while (place != 0 && place != above) place = places_.list[place].parent;
    return place == above;
  }

  /// In a HashMap's entries, the program's objects; if there are none, the entries, all of them.
  void find_things(Gathering& gathering) const {
    const Place& first = places_.list[*std::max_element(
        gathering.groups.begin(), gathering.groups.end(), [&](std::uint32_t a, std::uint32_t b) {
          return places_.list[a].bytes < places_.list[b].bytes;
        })];
    std::vector<std::uint32_t> below = gathering.groups;
    std::uint32_t example = 0;
    for (std::size_t i = 0; i < below.size(); ++i) {
      const Place& place = places_.list[below[i]];
      const bool is_thing =
          heap_.type(place.example) == NodeType::object && is_programs(place.example);
      if (is_thing && (example == 0 || place.depth < places_.list[example].depth)) {
        example = below[i];
      }
      const auto& children = places_.children[below[i]];
      below.insert(below.end(), children.begin(), children.end());
    }
    const std::string name =
        class_name(heap_, example == 0 ? first.example : places_.list[example].example);
    for (const std::uint32_t place : below) {
      if (class_name(heap_, places_.list[place].example) == name) gathering.things.push_back(place);
    }
  }

  void add_up(Gathering& gathering) const {
    const std::size_t rounds = std::max<std::size_t>(2, series_.rounds.size());
    gathering.count.assign(rounds, 0);
    gathering.bytes.assign(rounds, 0);
    for (const std::uint32_t group : gathering.groups) {
      const History known = history(group);
      for (std::size_t i = 0; i < rounds; ++i) {
        gathering.bytes[i] += gathering.grows_itself ? known.own[i] : known.bytes[i];
      }
    }
    for (const std::uint32_t thing : gathering.things) {
      const History known = history(thing);
      for (std::size_t i = 0; i < rounds; ++i) gathering.count[i] += known.count[i];
    }
  }

  /// Classes that are not the Java runtime's, by their names' numbers.
  void find_program_classes() {
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      if (heap_.type(node) != NodeType::class_object) continue;
      heap_.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
        if (edge.kind != EdgeKind::internal || heap_.label_text(edge) != "classLoader") return;
        const std::string loader = class_name(heap_, edge.target);
        if (loader.ends_with("$PlatformClassLoader") || loader.ends_with("$ExtClassLoader")) return;
        program_classes_.insert(heap_.name_index(node));
      });
    }
  }
  /// Whose references a programmer names: those of the program's classes, of frames, of threads.
  bool is_programs(NodeIndex node) const {
    const NodeType type = heap_.type(node);
    if (type == NodeType::synthetic)
      return node != heap_.root() && !heap_.name(node).starts_with('(');
    return (type == NodeType::object || type == NodeType::class_object) &&
           program_classes_.contains(heap_.name_index(node));
  }

  const Series& series_;
  const inspector::Snapshot& heap_;
  const Places& places_;
  const GatheringOptions& options_;
  std::unordered_set<std::uint32_t> program_classes_;
  std::vector<std::uint32_t> shared_;
  std::vector<Gathering> result_;
};

}  // namespace

std::vector<Gathering> find_gatherings(const Series& series, const GatheringOptions& options) {
  return Search(series, options).run();
}

}  // namespace heaplab::leakcheck::dumps
