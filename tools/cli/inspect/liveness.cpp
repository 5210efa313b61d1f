// SPDX-License-Identifier: MIT
// heaplab inspect FILE detached, unreachable: what should not be there any more.
#include "heaplab/inspector/queries/liveness.h"

#include <fmt/format.h>

#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::ClassGroup;

std::string class_text(const View& view, const ClassGroup& group) {
  return group.row == inspector::Classes::none ? "(no size of their own)"
                                               : view.classes().rows[group.row].name;
}

void report(const View& view, const char* verb, const std::vector<NodeIndex>& nodes,
            const Listing& listing, const std::string& nothing) {
  const auto groups = group_by_class(view, nodes);
  const auto largest = first_of(view, nodes, node_order(listing.sort), listing.limit);
  std::uint64_t bytes = 0;
  for (const NodeIndex node : nodes) bytes += view.shallow(node);
  if (listing.json()) {
    Json result = document(view, verb);
    result["count"] = nodes.size();
    result["self"] = bytes;
    result["classes"] = Json::array();
    for (const ClassGroup& group : groups) {
      if (result["classes"].size() == listing.limit) break;
      result["classes"].push_back({{"name", class_text(view, group)},
                                   {"count", group.count},
                                   {"self", group.self},
                                   {"largest", view.snapshot().id(group.largest)}});
    }
    result["objects"] = Json::array();
    for (const NodeIndex node : largest) result["objects"].push_back(node_json(view, node));
    print(result);
    return;
  }
  if (nodes.empty()) {
    fmt::print("{}\n", nothing);
    return;
  }
  fmt::print("{}, {}\n\n", format_quantity(nodes.size(), "node"), format_bytes(bytes));
  Table table({{"count"}, {"shallow"}, {"largest"}, {"class", Align::left}});
  for (std::size_t i = 0; i < std::min(groups.size(), listing.limit); ++i) {
    table.add({format_count(groups[i].count), format_bytes(groups[i].self),
               view.id_text(groups[i].largest), shown(class_text(view, groups[i]), 200)});
  }
  table.print();
  fmt::print("\n");
  node_table(view, largest).print();
}

void add_verb(CLI::App& verb, const char* name, Listing& listing) {
  add_format(verb, listing, name);
  add_limit(verb, listing, 20);
  add_sort(verb, listing, {"retained", "self"});
}

}  // namespace

void add_detached(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb = app.add_subcommand("detached", "DOM nodes that are in no document any more");
  add_verb(*verb, "detached", *listing);
  verb->footer(
      R"(Snapshots of browsers say which DOM nodes are attached; Node has no documents, so its have none.

Example:
  heaplab inspect page.heapsnapshot detached
  heaplab inspect page.heapsnapshot retainers @ID      # who keeps one)");
  verb->callback([=, &status] {
    const View view = source->open();
    report(view, "detached", detached_nodes(view.snapshot()), *listing,
           has_detachedness(view.snapshot())
               ? "no detached DOM nodes"
               : "no DOM nodes: this is not a snapshot of a browser's page");
    status = 0;
  });
}

void add_unreachable(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb = app.add_subcommand("unreachable", "What no strong path from the root leads to");
  add_verb(*verb, "unreachable", *listing);
  verb->footer(
      R"(Garbage that was not collected yet, or what weak references alone lead to. DevTools shows such
objects without a distance.

Example:
  heaplab inspect app.heapsnapshot unreachable --limit=5)");
  verb->callback([=, &status] {
    const View view = source->open();
    report(view, "unreachable", unreachable_nodes(view.snapshot()), *listing,
           "everything is reachable from the root");
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
