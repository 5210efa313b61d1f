// SPDX-License-Identifier: MIT
// heaplab inspect FILE closures: contexts and what they keep.
#include "heaplab/inspector/queries/closures.h"

#include <fmt/format.h>

#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::ClosureContext;
using inspector::ClosureVariable;

Json context_json(const View& view, const ClosureContext& context) {
  Json result = node_json(view, context.node);
  result["functions"] = context.functions;
  result["examples"] = Json::array();
  for (const NodeIndex closure : context.examples) {
    result["examples"].push_back({{"id", view.snapshot().id(closure)},
                                  {"name", view.snapshot().name(closure)},
                                  {"location", path_or_null(view.location(closure))}});
  }
  result["variables"] = Json::array();
  for (const ClosureVariable& variable : context.variables) {
    Json row = {{"variable", variable.name}, {"only_here", variable.only_here}};
    row["value"] = node_json(view, variable.value);
    result["variables"].push_back(std::move(row));
  }
  return result;
}

void print_functions(const View& view, const ClosureContext& context) {
  constexpr std::size_t shown_functions = 3;
  for (std::size_t i = 0; i < std::min(shown_functions, context.examples.size()); ++i) {
    const NodeIndex closure = context.examples[i];
    fmt::print("  {}\n", painter().dim(shown(
                             fmt::format("{}  {}", view.label(closure), view.location(closure)),
                             output_width() - 2)));
  }
  if (context.functions > shown_functions) {
    fmt::print("  {}\n", painter().dim(fmt::format(
                             "… {} more", format_count(context.functions - shown_functions))));
  }
}

void print_context(const View& view, const ClosureContext& context) {
  fmt::print("{}  retains {}, shared by {}\n", painter().bold(view.id_text(context.node)),
             format_bytes(view.retained(context.node)),
             format_quantity(context.functions, "function"));
  print_functions(view, context);
  constexpr std::size_t shown_variables = 6;
  if (!context.variables.empty()) {
    Table table({{"  retained"}, {"variable", Align::left}, {"value", Align::left}});
    for (std::size_t i = 0; i < std::min(shown_variables, context.variables.size()); ++i) {
      const ClosureVariable& variable = context.variables[i];
      table.add({format_bytes(view.retained(variable.value)), shown(variable.name, 40),
                 node_text(view, variable.value, 200)},
                !variable.only_here);
    }
    if (context.variables.size() > shown_variables) {
      table.add({"", fmt::format("… {} more", context.variables.size() - shown_variables), ""},
                true);
    }
    table.print();
  }
  fmt::print("\n");
}

}  // namespace

void add_closures(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb = app.add_subcommand("closures", "Closures' variables, by what they keep");
  add_format(*verb, *listing, "closures");
  add_limit(*verb, *listing, 10);
  verb->footer(
      R"(Functions that were made in one call share its variables: as long as one of them lives, so do the
variables of all. Dim variables are kept by something else as well ("only_here": false in JSON).

Examples:
  heaplab inspect app.heapsnapshot closures
  heaplab inspect app.heapsnapshot closures --limit=50 --format=json | jq '.contexts[].examples[0]')");
  verb->callback([=, &status] {
    const View view = source->open();
    std::uint64_t total = 0;
    const auto contexts = largest_contexts(view, listing->limit, &total);
    if (listing->json()) {
      Json result = document(view, "closures");
      result["count"] = total;
      result["contexts"] = Json::array();
      for (const ClosureContext& context : contexts) {
        result["contexts"].push_back(context_json(view, context));
      }
      print(result);
    } else {
      for (const ClosureContext& context : contexts) print_context(view, context);
      fmt::print("{}\n", format_quantity(total, "context"));
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
