// SPDX-License-Identifier: MIT
// heaplab inspect FILE collections: Maps, Sets, arrays, dictionaries.
#include "heaplab/inspector/queries/collections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::Collection;
using inspector::CollectionKind;

struct CollectionOptions {
  Listing listing;
  std::string kind;
  bool empty = false;
  bool oversized = false;
};

/// Room for four times as much as is there, or more, and not just a few slots.
bool is_oversized(const Collection& c) { return c.capacity >= 16 && c.capacity >= 4 * c.visible; }

struct Totals {
  std::uint64_t count = 0, empty = 0, oversized = 0, unused = 0;
};

std::map<CollectionKind, Totals> totals(const std::vector<Collection>& list) {
  std::map<CollectionKind, Totals> result;
  for (const Collection& c : list) {
    Totals& t = result[c.kind];
    ++t.count;
    t.empty += c.visible == 0;
    t.oversized += is_oversized(c);
    t.unused += c.unused();
  }
  return result;
}

void choose(const View& view, const CollectionOptions& options, std::vector<Collection>& list) {
  std::erase_if(list, [&](const Collection& c) {
    return (!options.kind.empty() && to_string(c.kind) != options.kind) ||
           (options.empty && c.visible != 0) || (options.oversized && !is_oversized(c));
  });
  const auto key = [&](const Collection& c) {
    if (options.listing.sort == "unused") return c.unused();
    return options.listing.sort == "retained" ? view.retained(c.node) : c.visible;
  };
  std::stable_sort(list.begin(), list.end(), [&](const Collection& a, const Collection& b) {
    return key(a) != key(b) ? key(a) > key(b) : view.retained(a.node) > view.retained(b.node);
  });
}

void print_json(const View& view, const std::map<CollectionKind, Totals>& kinds,
                const std::vector<Collection>& list, std::size_t limit) {
  Json result = document(view, "collections");
  result["kinds"] = Json::array();
  for (const auto& [kind, t] : kinds) {
    result["kinds"].push_back({{"kind", to_string(kind)},
                               {"count", t.count},
                               {"empty", t.empty},
                               {"oversized", t.oversized},
                               {"unused", t.unused}});
  }
  result["count"] = list.size();
  result["collections"] = Json::array();
  for (const Collection& c : list) {
    if (result["collections"].size() == limit) break;
    Json row = node_json(view, c.node);
    row["kind"] = to_string(c.kind);
    row["entries"] = c.visible;
    row["capacity"] = c.capacity;
    row["storage"] = c.storage;
    row["unused"] = c.unused();
    result["collections"].push_back(std::move(row));
  }
  print(result);
}

void print_text(const View& view, const std::map<CollectionKind, Totals>& kinds,
                const std::vector<Collection>& list, std::size_t limit) {
  Table sums({{"count"}, {"empty"}, {"oversized"}, {"unused"}, {"kind", Align::left}});
  for (const auto& [kind, t] : kinds) {
    sums.add({format_count(t.count), format_count(t.empty), format_count(t.oversized),
              format_bytes(t.unused), std::string(to_string(kind))});
  }
  sums.print();
  fmt::print("\n");
  Table table({{"entries"},
               {"room for"},
               {"unused"},
               {"retained"},
               {"id"},
               {"kind", Align::left},
               {"object", Align::left}});
  for (std::size_t i = 0; i < std::min(limit, list.size()); ++i) {
    const Collection& c = list[i];
    table.add({format_count(c.visible), format_count(c.capacity), format_bytes(c.unused()),
               format_bytes(view.retained(c.node)), view.id_text(c.node),
               std::string(to_string(c.kind)), shown(view.label(c.node), 200)});
  }
  table.print();
  if (list.size() > limit) {
    fmt::print("{}\n", painter().dim(fmt::format("… {} more", format_count(list.size() - limit))));
  }
}

}  // namespace

void add_collections(CLI::App& app, const SourcePointer& source, int& status) {
  auto options = std::make_shared<CollectionOptions>();
  CLI::App* verb =
      app.add_subcommand("collections", "Maps, Sets, arrays and dictionaries by their size");
  verb->add_option("--kind", options->kind, "map, set, weak, array or dictionary only")
      ->check(CLI::IsMember({"map", "set", "weak", "array", "dictionary"}));
  verb->add_flag("--empty", options->empty, "Those that have memory and no entries");
  verb->add_flag("--oversized", options->oversized,
                 "Those with room for four times their entries, or more");
  add_format(*verb, options->listing, "collections");
  add_limit(*verb, options->listing, 20);
  add_sort(*verb, options->listing, {"entries", "retained", "unused"});
  verb->footer(
      R"(Entries are those with an object or a string in them: a snapshot does not show small integers, so an
array of numbers looks empty. A dictionary is an object whose properties are a hash table: one with
many, or one that some were deleted from.

Examples:
  heaplab inspect app.heapsnapshot collections
  heaplab inspect app.heapsnapshot collections --kind=map --sort=retained
  heaplab inspect app.heapsnapshot collections --oversized --sort=unused)");
  verb->callback([=, &status] {
    const View view = source->open();
    std::vector<Collection> list = find_collections(view);
    const auto kinds = totals(list);
    choose(view, *options, list);
    if (options->listing.json()) {
      print_json(view, kinds, list, options->listing.limit);
    } else {
      print_text(view, kinds, list, options->listing.limit);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
