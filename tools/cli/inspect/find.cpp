// SPDX-License-Identifier: MIT
// heaplab inspect FILE find EXPR: objects by their properties.
#include <fmt/format.h>

#include "heaplab/inspector/queries/filter.h"
#include "heaplab/support/format.h"
#include "inspect.h"
#include "verbs.h"

namespace heaplab::cli::inspect {
namespace {

/// The filter, or where it is wrong: before a large file is read.
inspector::Filter parse(const std::string& text) {
  try {
    return inspector::Filter(text);
  } catch (const inspector::FilterError& error) {
    throw UsageError(fmt::format("find: at character {}: {}, in {}", error.position() + 1,
                                 error.what(), shown(text, 120)));
  }
}

/// A single word is a class or a name.
bool is_word(const std::string& text) {
  constexpr std::string_view operators = " \t\"'()=!~<>&|/\\";
  return !text.empty() && text.find_first_of(operators) == std::string::npos;
}
std::string expression_of(const std::string& text) {
  return is_word(text) ? fmt::format("class = \"{0}\" or name = \"{0}\"", text) : text;
}

}  // namespace

void add_find(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  auto text = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("find", "Objects by name, type, class, size, distance");
  verb->add_option("EXPR", *text, "What they must be, see below")->required();
  add_format(*verb, *listing, "find");
  add_limit(*verb, *listing, 20);
  add_sort(*verb, *listing, {"retained", "self", "distance", "id"});
  verb->footer(
      R"(An expression compares name, type, class (texts) and id, self, retained, distance, edges (numbers)
with = != < > <= >=, and texts with ~ and !~ (a regular expression of PCRE, matched anywhere; /…/i
ignores case). Comparisons are joined with and, or, not and parentheses. Sizes may have units: 64K,
1.5MB. A single word stands for what has it as its class or its whole name.

Examples:
  heaplab inspect app.heapsnapshot find Session
  heaplab inspect app.heapsnapshot find 'class = Session'
  heaplab inspect app.heapsnapshot find 'type = string and name ~ /^eyJ/ and self > 1K'
  heaplab inspect app.heapsnapshot find 'retained > 1MB and not (class ~ /^\(/ or distance < 3)')");
  verb->callback([=, &status] {
    const std::string expression = expression_of(*text);
    const inspector::Filter filter = parse(expression);
    const View view = source->open();
    const std::vector<NodeIndex> all = filter.select(view);
    std::uint64_t bytes = 0;
    for (const NodeIndex node : all) bytes += view.shallow(node);
    const auto nodes = first_of(view, all, node_order(listing->sort), listing->limit);
    if (listing->json()) {
      Json result = document(view, "find");
      result["expression"] = expression;
      result["count"] = all.size();
      result["self"] = bytes;
      result["objects"] = Json::array();
      for (const NodeIndex node : nodes) result["objects"].push_back(node_json(view, node));
      print(result);
    } else {
      fmt::print("{}, {}\n", format_quantity(all.size(), "object"), format_bytes(bytes));
      if (!nodes.empty()) node_table(view, nodes).print();
      if (nodes.empty() && is_word(*text)) {
        fmt::print("Nothing is called {0}. To look for a part of a name: find 'name ~ /{0}/i'\n",
                   shown(*text, 80));
      }
      if (all.size() > nodes.size()) {
        fmt::print("{}\n",
                   painter().dim(fmt::format("… {} more (--limit={})",
                                             format_count(all.size() - nodes.size()), all.size())));
      }
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
