// SPDX-License-Identifier: MIT
#include "series/contents.h"

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "heaplab/support/text.h"

namespace heaplab::leakcheck::series {
namespace {

constexpr std::size_t most_things = 20'000;
/// Things held directly are what accumulates from so many on; fewer only lead to it.
constexpr std::uint64_t least_direct = 4;

struct Tally {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
  std::vector<NodeIndex> things;

  void add(NodeIndex node, std::uint64_t size) {
    ++count;
    bytes += size;
    if (things.size() < most_things) things.push_back(node);
  }
};
using Tallies = std::unordered_map<std::uint64_t, Tally>;

class Describer {
 public:
  Describer(const Series& series, const Containers& containers)
      : series_(series), heap_(series.last), containers_(containers) {}

  std::vector<Contents> run() {
    const std::size_t count = containers_.list.size();
    std::vector<Tallies> direct(count);
    std::vector<Tallies> deep(count);
    std::vector<Contents> result(count);
    std::vector<std::uint64_t> buffers(count, 0);
    tally_direct(direct);
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      const std::uint32_t number = containers_.inside[node];
      if (number == 0) continue;
      Contents& contents = result[number - 1];
      contents.bytes += heap_.self_size(node);
      if (heap_.type(node) == NodeType::native) buffers[number - 1] += heap_.self_size(node);
      if (node == containers_.list[number - 1].node && !containers_.list[number - 1].is_chain &&
          !containers_.list[number - 1].is_loose) {
        continue;
      }
      if (!is_content(heap_, series_.owners, node) || series_.is_scope(node)) continue;
      if (series_.round_count() > 1 && series_.birth(node) == 0 &&
          !containers_.list[number - 1].is_chain && !containers_.list[number - 1].is_linked &&
          !containers_.list[number - 1].is_loose) {
        continue;
      }
      const Container& container = containers_.list[number - 1];
      if (container.is_linked && series_.object_above(node) != container.node) continue;
      deep[number - 1][class_key(heap_, node)].add(node, series_.owners.own_bytes[node]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      choose(containers_.list[i], direct[i], deep[i], result[i]);
      result[i].buffers = result[i].bytes == 0 ? 0
                                               : static_cast<double>(buffers[i]) /
                                                     static_cast<double>(result[i].bytes);
    }
    return result;
  }

 private:
  void tally_direct(std::vector<Tallies>& direct) const {
    std::unordered_map<NodeIndex, std::size_t> number_of;
    for (std::size_t i = 0; i < containers_.list.size(); ++i) {
      number_of.emplace(containers_.list[i].node, i);
    }
    std::vector<std::unordered_set<NodeIndex>> seen(direct.size());
    for (NodeIndex node = 0; node < heap_.node_count(); ++node) {
      const NodeIndex owner = series_.owners.owner[node];
      const auto number = number_of.find(owner);
      if (number == number_of.end()) continue;
      EdgeIndex edge = heap_.first_edge(node);
      for (const std::uint32_t word : heap_.edge_words(node)) {
        const EdgeIndex here = edge++;
        const NodeIndex thing = word & HeapSnapshot::target_mask;
        if (thing == owner || !is_content(heap_, series_.owners, thing)) continue;
        if (!series_.analysis.essential.contains(heap_, node, here)) continue;
        if (series_.round_count() > 1 && series_.birth(thing) == 0 && series_.birth(owner) == 0 &&
            containers_.inside[thing] == 0) {
          continue;  // its prototype, constants
        }
        if (!seen[number->second].insert(thing).second) continue;
        direct[number->second][class_key(heap_, thing)].add(thing,
                                                            series_.analysis.retained[thing]);
      }
    }
  }

  static const Tally* largest(const Tallies& tallies, std::uint64_t least_count) {
    const Tally* best = nullptr;
    for (const auto& [key, tally] : tallies) {
      if (tally.count < least_count) continue;
      const bool better = best == nullptr || tally.bytes > best->bytes ||
                          (tally.bytes == best->bytes && tally.things[0] < best->things[0]);
      if (better) best = &tally;
    }
    return best;
  }

  static const Tally* most(const Tallies& tallies) {
    const Tally* best = nullptr;
    for (const auto& [key, tally] : tallies) {
      if (best == nullptr || tally.count > best->count) best = &tally;
    }
    return best;
  }

  void choose(const Container& container, const Tallies& direct, const Tallies& deep,
              Contents& contents) const {
    std::uint64_t all = 0;
    std::uint64_t functions = 0;
    std::uint64_t sliced = 0;
    for (const auto& [key, tally] : direct) {
      all += tally.count;
      const NodeType type = heap_.type(tally.things[0]);
      if (type == NodeType::closure) functions += tally.count;
      if (type == NodeType::sliced_string) sliced += tally.count;
    }
    const Tally* best = nullptr;
    if (container.is_chain || container.is_loose) {
      const auto links = deep.find(class_key(heap_, container.node));
      if (links != deep.end()) best = &links->second;
    } else if (container.is_linked) {
      best = most(deep);
    } else if (gains_directly(direct)) {
      best = largest(direct, least_direct);
    }
    if (best == nullptr) best = largest(deep, least_direct);
    if (best == nullptr) best = largest(direct, 1);
    if (best == nullptr) best = largest(deep, 1);
    if (best == nullptr) {
      contents.type =
          type_text(heap_, series_.names, container.node) == "string" ? "character" : "number";
      contents.count = 0;
      contents.example = container.node;
      return;
    }
    contents.count = best->count;
    contents.example = best->things.back();
    contents.type = common_type(*best);
    if (container.is_chain && heap_.type(container.node) == NodeType::object) {
      contents.type = type_text(heap_, series_.names, container.node);
    }
    contents.things = best->things;
    if (all != 0) {
      contents.functions = static_cast<double>(functions) / static_cast<double>(all);
      contents.sliced = static_cast<double>(sliced) / static_cast<double>(all);
    }
  }

  /// New things are held directly (not in old things further in).
  bool gains_directly(const Tallies& direct) const {
    std::uint64_t gained = 0;
    for (const auto& [key, tally] : direct) {
      for (const NodeIndex thing : tally.things) {
        gained += series_.round_count() == 1 || series_.birth(thing) != 0;
      }
    }
    return gained >= least_direct;
  }

  /// Plain objects are told apart by their properties; a few are looked at.
  std::string common_type(const Tally& tally) const {
    constexpr std::size_t looked_at = 32;
    std::map<std::string, std::size_t> votes;
    const std::size_t step = std::max<std::size_t>(1, tally.things.size() / looked_at);
    for (std::size_t i = 0; i < tally.things.size(); i += step) {
      ++votes[type_text(heap_, series_.names, tally.things[i])];
    }
    const auto most =
        std::max_element(votes.begin(), votes.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    return most->first;
  }

  const Series& series_;
  const HeapSnapshot& heap_;
  const Containers& containers_;
};

bool is_runtimes_own(const std::string& file) {
  return file.empty() || file.starts_with("node:") || file.starts_with("internal/");
}

/// Who asked for the memory: the innermost function that is not the runtime's own.
Place traced_place(const HeapSnapshot& heap, NodeIndex node,
                   const std::unordered_map<std::uint32_t, std::uint32_t>& index_of) {
  Place place;
  auto found = index_of.find(heap.trace_node_id(node));
  while (found != index_of.end()) {
    const inspector::TraceNode& call = heap.trace_nodes()[found->second];
    if (call.function < heap.trace_functions().size()) {
      const inspector::TraceFunction& function = heap.trace_functions()[call.function];
      const std::string file = heap.strings().get(function.script_name);
      if (!is_runtimes_own(file)) {
        place.file = printable(file);
        place.line = function.line;
        place.column = function.column;
        place.function = printable(heap.strings().get(function.name));
        return place;
      }
    }
    if (call.parent >= heap.trace_nodes().size()) break;
    found = index_of.find(heap.trace_nodes()[call.parent].id);
  }
  return place;
}

}  // namespace

std::vector<Contents> describe_contents(const Series& series, const Containers& containers) {
  return Describer(series, containers).run();
}

std::vector<Site> sites_of(const Series& series, const Paths& paths,
                           const std::vector<NodeIndex>& things) {
  constexpr std::size_t most_sites = 3;
  const HeapSnapshot& heap = series.last;
  std::unordered_map<std::uint32_t, std::uint32_t> index_of;
  for (std::uint32_t i = 0; i < heap.trace_nodes().size(); ++i) {
    index_of.emplace(heap.trace_nodes()[i].id, i);
  }
  std::map<std::string, Site> by_place;
  for (const NodeIndex thing : things) {
    Place place = index_of.empty() ? Place{} : traced_place(heap, thing, index_of);
    if (!place.known()) {
      place = paths.place_of(thing);
      if (place.known() && heap.type(thing) == NodeType::closure) {
        place.function = printable(heap.name(thing));
      }
    }
    if (is_runtimes_own(place.file)) continue;
    Site& site = by_place[place.text()];
    site.place = place;
    ++site.count;
    site.bytes += series.owners.own_bytes[thing];
  }
  std::vector<Site> sites;
  for (auto& [text, site] : by_place) sites.push_back(std::move(site));
  std::sort(sites.begin(), sites.end(),
            [](const Site& a, const Site& b) { return a.bytes > b.bytes; });
  if (sites.size() > most_sites) sites.resize(most_sites);
  return sites;
}

}  // namespace heaplab::leakcheck::series
