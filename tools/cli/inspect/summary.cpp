// SPDX-License-Identifier: MIT
// heaplab inspect FILE summary: what the memory is made of.
#include <fmt/format.h>

#include <algorithm>

#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::ClassTotals;
using inspector::Statistics;

std::vector<const ClassTotals*> sorted_classes(const View& view, const std::string& sort) {
  std::vector<const ClassTotals*> rows;
  for (const ClassTotals& row : view.classes().rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [&](const ClassTotals* a, const ClassTotals* b) {
    if (sort == "count") return a->count > b->count;
    if (sort == "self") return a->self > b->self;
    if (sort == "distance") return a->distance < b->distance;
    if (sort == "name") return a->name < b->name;
    return a->retained > b->retained;
  });
  return rows;
}

struct Share {
  const char* key;
  const char* title;
  std::uint64_t bytes;
};

/// The parts DevTools' Statistics view shows; they add up to the total.
std::vector<Share> shares(const Statistics& s) {
  const std::uint64_t named = s.code + s.strings + s.js_arrays + s.system;
  return {{"code", "code", s.code},
          {"strings", "strings", s.strings},
          {"js_arrays", "JS arrays", s.js_arrays},
          {"typed_arrays", "typed arrays", s.typed_arrays},
          {"system", "system objects", s.system},
          {"other_native", "other native memory", s.native - std::min(s.native, s.typed_arrays)},
          {"other", "other JS objects", s.v8_heap - std::min(s.v8_heap, named)}};
}

Json to_json(const View& view, const Listing& listing) {
  const Statistics s = statistics(view.snapshot(), view.analysis());
  Json result = document(view, "summary");
  result["nodes"] = view.snapshot().node_count();
  result["edges"] = view.snapshot().edge_count();
  Json& totals = result["statistics"];
  totals = {{"total", s.total}};
  if (view.snapshot().origin() == inspector::Origin::v8) {
    totals["v8_heap"] = s.v8_heap;
    totals["native"] = s.native;
    for (const Share& share : shares(s)) totals[share.key] = share.bytes;
  }
  Json types = Json::array();
  for (const auto& row : totals_by_type(view)) {
    types.push_back({{"type", to_string(row.type)}, {"count", row.count}, {"self", row.self}});
  }
  result["types"] = std::move(types);
  Json classes = Json::array();
  for (const ClassTotals* row : sorted_classes(view, listing.sort)) {
    if (classes.size() == listing.limit) break;
    classes.push_back({{"key", row->key},
                       {"name", row->name},
                       {"count", row->count},
                       {"distance", row->distance},
                       {"self", row->self},
                       {"retained", row->retained}});
  }
  result["class_count"] = view.classes().rows.size();
  result["classes"] = std::move(classes);
  return result;
}

void print_statistics(const View& view) {
  const Statistics s = statistics(view.snapshot(), view.analysis());
  const auto total = static_cast<double>(s.total);
  Table table({{"share"}, {"bytes"}, {"kind", Align::left}});
  for (const Share& share : shares(s)) {
    table.add({format_percent(static_cast<double>(share.bytes), total), format_bytes(share.bytes),
               share.title});
  }
  table.print();
}

void print_types(const View& view) {
  Table table({{"count"}, {"shallow"}, {"%"}, {"type", Align::left}});
  const auto total = static_cast<double>(view.analysis().total_size);
  for (const auto& row : totals_by_type(view)) {
    table.add({format_count(row.count), format_bytes(row.self),
               format_percent(static_cast<double>(row.self), total),
               std::string(to_string(row.type))});
  }
  table.print();
}

void print_classes(const View& view, const Listing& listing) {
  Table table({{"distance"}, {"count"}, {"shallow"}, {"retained"}, {"%"}, {"class", Align::left}});
  const auto total = static_cast<double>(view.analysis().total_size);
  std::size_t count = 0;
  for (const ClassTotals* row : sorted_classes(view, listing.sort)) {
    if (count++ == listing.limit) break;
    table.add({distance_text(row->distance), format_count(row->count), format_bytes(row->self),
               format_bytes(row->retained),
               format_percent(static_cast<double>(row->retained), total), shown(row->name, 400)});
  }
  table.print();
  const std::size_t all = view.classes().rows.size();
  if (all > listing.limit) {
    fmt::print("{}\n", painter().dim(fmt::format("… {} more classes (--limit={})",
                                                 format_count(all - listing.limit), all)));
  }
}

void print_text(const View& view, const Listing& listing) {
  fmt::print("{}  {}, {}, {}\n\n", painter().bold(printable(view.snapshot().file())),
             format_bytes(view.analysis().total_size),
             format_quantity(view.snapshot().node_count(), "node"),
             format_quantity(view.snapshot().edge_count(), "edge"));
  if (view.snapshot().origin() == inspector::Origin::v8) {
    print_statistics(view);
    fmt::print("\n");
  }
  print_types(view);
  fmt::print("\n");
  print_classes(view, listing);
}

}  // namespace

void print_overview(const Source& source) {
  const View view = source.open();
  Listing listing;
  listing.limit = 10;
  listing.sort = "retained";
  print_text(view, listing);
  fmt::print(
      "\nAsk more with `heaplab inspect FILE VERB`:\n"
      "  top               the largest objects\n"
      "  retainers ID      why one is alive; object ID, dominators, containment: around it\n"
      "  find 'class = X'  objects by class, name, type or size\n"
      "  collections       Maps, Sets and arrays by size; strings, closures: what they keep\n"
      "  diff FILE         what another snapshot has more of\n"
      "`heaplab inspect --help` has all of them; `heaplab leaks` compares snapshots.\n");
}

void add_summary(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb = app.add_subcommand("summary", "What the memory is made of, by type and class");
  add_format(*verb, *listing, "summary");
  add_limit(*verb, *listing, 30);
  add_sort(*verb, *listing, {"retained", "self", "count", "distance", "name"});
  verb->footer(
      R"(The numbers are those of DevTools' Summary and Statistics views. A class's retained size is what
would go if all its objects went. Of a Java heap dump, sizes are HotSpot's, and statistics have only
the total: types and classes say it all.

Examples:
  heaplab inspect app.heapsnapshot summary
  heaplab inspect app.heapsnapshot summary --sort=count --limit=10
  heaplab inspect app.heapsnapshot summary --format=json | jq '.statistics')");
  verb->callback([=, &status] {
    const View view = source->open();
    if (listing->json()) {
      print(to_json(view, *listing));
    } else {
      print_text(view, *listing);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
