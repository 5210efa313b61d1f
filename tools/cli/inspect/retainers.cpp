// SPDX-License-Identifier: MIT
// heaplab inspect FILE retainers ID: why is it alive?
#include <fmt/format.h>

#include "heaplab/inspector/queries/retaining_paths.h"
#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::AccessStep;
using inspector::Referrer;
using inspector::RetainingPath;
using inspector::RetainingPaths;
using inspector::StepKind;

Json path_json(const View& view, const RetainingPath& path) {
  Json steps = Json::array();
  for (const AccessStep& step : path.steps) {
    steps.push_back({{"kind", to_string(step.kind)},
                     {"access", step.text},
                     {"id", view.snapshot().id(step.to)},
                     {"label", view.label(step.to)},
                     {"retained", view.retained(step.to)}});
  }
  Json closure = nullptr;
  if (path.expression.closure != inspector::no_node) {
    closure = {{"id", view.snapshot().id(path.expression.closure)},
               {"label", view.label(path.expression.closure)},
               {"location", path_or_null(view.location(path.expression.closure))}};
  }
  return {{"expression", path.expression.text}, {"variable_of", std::move(closure)},
          {"edges", path.edges.size()},         {"similar", path.similar},
          {"omitted_edges", path.omitted},      {"omitted_after", path.omitted_after},
          {"steps", std::move(steps)}};
}

Json to_json(const View& view, NodeIndex node, const Listing& listing, std::size_t paths) {
  const RetainingPaths found = find_retaining_paths(view, node, paths);
  Json result = document(view, "retainers");
  result["object"] = node_json(view, node);
  result["shortest"] =
      found.shortest.edges.empty() ? Json(nullptr) : path_json(view, found.shortest);
  result["paths"] = Json::array();
  for (const RetainingPath& path : found.telling) result["paths"].push_back(path_json(view, path));
  result["referrer_count"] = view.retainers().edges_to(node).size();
  result["referrers"] = Json::array();
  for (const Referrer& referrer : referrers(view, node, listing.limit)) {
    Json row = node_json(view, referrer.from);
    row["edge"] = {{"kind", to_string(referrer.edge.kind)},
                   {"name", view.label_text(referrer.edge)},
                   {"retains", referrer.essential}};
    result["referrers"].push_back(std::move(row));
  }
  return result;
}

void print_path(const View& view, const RetainingPath& path, const std::string& title) {
  fmt::print("{}  {}\n", painter().bold(title),
             painter().colour(Colour::cyan, shown(path.expression.text, 200)));
  if (path.expression.closure != inspector::no_node) {
    const NodeIndex closure = path.expression.closure;
    const std::string place = view.location(closure);
    fmt::print("  {}\n",
               painter().dim(fmt::format("a variable kept by {}{}{}", node_text(view, closure),
                                         place.empty() ? "" : ", ", printable(place))));
  }
  Table table({{"retained"}, {"id"}, {"", Align::left}, {"", Align::left}});
  // Of a long path its two ends: where it begins, and what holds the object.
  constexpr std::size_t end = 12;
  const std::size_t count = path.steps.size();
  const std::size_t hidden = count > 2 * end + 4 ? count - 2 * end : 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (hidden > 0 && i == end) {
      i += hidden;
      table.add({"", "", fmt::format("… {} more steps …", format_count(hidden + path.omitted)), ""},
                true);
    }
    const AccessStep& step = path.steps[i];
    const bool engine = step.kind == StepKind::internal || step.kind == StepKind::root;
    const std::string text = step.kind == StepKind::variable ? "variable " + step.text
                             : step.kind == StepKind::root   ? std::string("root")
                                                             : step.text;
    table.add({format_bytes(view.retained(step.to)), view.id_text(step.to), shown(text, 40),
               shown(view.label(step.to), 200)},
              engine);
  }
  table.print();
  if (path.similar > 0) {
    fmt::print("{}\n", painter().dim(fmt::format("and {} like it",
                                                 format_quantity(path.similar, "more path"))));
  }
  fmt::print("\n");
}

void print_referrers(const View& view, NodeIndex node, std::size_t limit) {
  const auto list = referrers(view, node, limit);
  if (list.empty()) return;
  const std::size_t all = view.retainers().edges_to(node).size();
  fmt::print("{}\n", painter().bold(format_quantity(all, "reference") + " to it"));
  Table table({{"distance"}, {"retained"}, {"id"}, {"", Align::left}, {"from", Align::left}});
  for (const Referrer& referrer : list) {
    table.add({distance_text(view.analysis().distances[referrer.from]),
               format_bytes(view.retained(referrer.from)), view.id_text(referrer.from),
               shown(access_step(view, referrer.from, referrer.edge).text, 30),
               shown(view.label(referrer.from), 200)},
              !referrer.essential);
  }
  table.print();
}

void print_text(const View& view, NodeIndex node, const Listing& listing, std::size_t count) {
  const RetainingPaths paths = find_retaining_paths(view, node, count);
  fmt::print("{}  retains {}\n\n", painter().bold(node_text(view, node)),
             format_bytes(view.retained(node)));
  if (node == view.snapshot().root()) {
    fmt::print("It is the root: what everything hangs from.\n\n");
  } else if (paths.shortest.edges.empty() && paths.telling.empty()) {
    fmt::print("Nothing keeps it alive: no strong path leads to it from the root.\n\n");
  }
  if (!paths.shortest.edges.empty()) print_path(view, paths.shortest, "shortest");
  std::size_t number = 0;
  for (const RetainingPath& path : paths.telling) {
    print_path(view, path, fmt::format("path {}", ++number));
  }
  print_referrers(view, node, listing.limit);
}

}  // namespace

void add_retainers(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  auto id = std::make_shared<std::string>();
  auto paths = std::make_shared<std::size_t>(3);
  CLI::App* verb = app.add_subcommand("retainers", "Why an object is alive: paths from the roots");
  verb->add_option("ID", *id, "The object, as 123 or @123")->required();
  verb->add_option("--paths", *paths, "Paths besides the shortest (3)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{0}, std::size_t{1000}));
  add_format(*verb, *listing, "retainers");
  add_limit(*verb, *listing, 10)->description("References to it to list, nearest the roots (10)");
  verb->footer(
      R"(The shortest path has the fewest steps; the others are those with the fewest steps inside the
engine, and differ in who refers to the object. A path is written as a program would: a closure's
variable begins one.

Examples:
  heaplab inspect app.heapsnapshot retainers @9421
  heaplab inspect app.heapsnapshot retainers 9421 --paths=10 --format=json | jq '.paths[].expression')");
  verb->callback([=, &status] {
    const View view = source->open();
    const NodeIndex node = find_node(view, *id);
    if (listing->json()) {
      print(to_json(view, node, *listing, *paths));
    } else {
      print_text(view, node, *listing, *paths);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
