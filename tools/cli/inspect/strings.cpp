// SPDX-License-Identifier: MIT
// heaplab inspect FILE strings: duplicates, and the largest.
#include "heaplab/inspector/queries/strings.h"

#include <fmt/format.h>

#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::DuplicateStrings;
using inspector::StringReport;

void print_json(const View& view, const StringReport& report) {
  Json result = document(view, "strings");
  result["count"] = report.count;
  result["bytes"] = report.bytes;
  result["different"] = report.texts;
  result["wasted"] = report.wasted;
  result["duplicates"] = Json::array();
  for (const DuplicateStrings& group : report.duplicates) {
    result["duplicates"].push_back({{"text", view.snapshot().name(group.example)},
                                    {"count", group.count},
                                    {"bytes", group.bytes},
                                    {"wasted", group.wasted},
                                    {"maybe", group.maybe},
                                    {"example", view.snapshot().id(group.example)}});
  }
  result["largest"] = Json::array();
  for (const NodeIndex node : report.largest) result["largest"].push_back(node_json(view, node));
  print(result);
}

void print_text(const View& view, const StringReport& report) {
  fmt::print("{} with {}, {}; duplicates waste {} ({})\n", format_quantity(report.count, "string"),
             format_quantity(report.texts, "different text"), format_bytes(report.bytes),
             format_bytes(report.wasted),
             format_percent(static_cast<double>(report.wasted), static_cast<double>(report.bytes)));
  if (!report.duplicates.empty()) {
    fmt::print("\n{}\n", painter().bold("Duplicates"));
    Table table({{"wasted"}, {"copies"}, {"one of them"}, {"text", Align::left}});
    for (const DuplicateStrings& group : report.duplicates) {
      table.add({format_bytes(group.wasted), format_count(group.count), view.id_text(group.example),
                 fmt::format("{}\"{}\"", group.maybe ? "begin alike: " : "",
                             shown(view.snapshot().name(group.example), 200))});
    }
    table.print();
  }
  if (!report.largest.empty()) {
    fmt::print("\n{}\n", painter().bold("Largest"));
    Table table({{"shallow"}, {"id"}, {"text", Align::left}});
    for (const NodeIndex node : report.largest) {
      table.add({format_bytes(view.shallow(node)), view.id_text(node),
                 fmt::format("\"{}\"", shown(view.snapshot().name(node), 200))});
    }
    table.print();
  }
}

}  // namespace

void add_strings(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  CLI::App* verb =
      app.add_subcommand("strings", "Duplicate strings and what they waste; the largest");
  add_format(*verb, *listing, "strings");
  add_limit(*verb, *listing, 20);
  verb->footer(
      R"(A snapshot holds the first 1024 characters of a string: of longer ones only those of the same size
are taken for duplicates, and marked ("maybe" in JSON).

Examples:
  heaplab inspect app.heapsnapshot strings
  heaplab inspect app.heapsnapshot strings --limit=100 --format=json | jq '.duplicates[].text')");
  verb->callback([=, &status] {
    const View view = source->open();
    const StringReport report = report_strings(view, listing->limit);
    if (listing->json()) {
      print_json(view, report);
    } else {
      print_text(view, report);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
