// SPDX-License-Identifier: MIT
// heaplab inspect A diff B: what came, what went, what grew.
#include "heaplab/inspector/queries/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "heaplab/support/format.h"
#include "inspect.h"
#include "verbs.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::ClassDiff;
using inspector::Diff;
using inspector::DiffBase;
using inspector::GrownNode;

void sort_classes(Diff& diff, const std::string& sort) {
  const auto key = [&](const ClassDiff& row) -> std::int64_t {
    if (sort == "count") return row.count_delta();
    if (sort == "added") return static_cast<std::int64_t>(row.added_bytes);
    if (sort == "removed") return static_cast<std::int64_t>(row.removed_bytes);
    return row.size_delta();
  };
  std::stable_sort(diff.classes.begin(), diff.classes.end(),
                   [&](const ClassDiff& a, const ClassDiff& b) { return key(a) > key(b); });
}

std::string count_change(std::int64_t change) {
  const std::string digits =
      format_count(static_cast<std::uint64_t>(change < 0 ? -change : change));
  return (change > 0 ? "+" : change < 0 ? "-" : "") + digits;
}

void print_json(const View& after, const std::string& before, const Diff& diff, std::size_t limit) {
  Json result = {
      {"schema", "heaplab-inspect-diff/1"},
      {"before", {{"file", before}, {"nodes", diff.nodes_before}, {"total", diff.total_before}}},
      {"after",
       {{"file", after.snapshot().file()},
        {"nodes", diff.nodes_after},
        {"total", diff.total_after}}},
      {"common", diff.common},
      {"matched_by", diff.by_class_only ? "class" : "id"},
      {"class_count", diff.classes.size()}};
  result["classes"] = Json::array();
  for (const ClassDiff& row : diff.classes) {
    if (result["classes"].size() == limit) break;
    Json examples = Json::array();
    for (const NodeIndex node : row.examples) examples.push_back(after.snapshot().id(node));
    result["classes"].push_back({{"key", row.key},
                                 {"name", row.name},
                                 {"added", row.added},
                                 {"removed", row.removed},
                                 {"count_delta", row.count_delta()},
                                 {"added_size", row.added_bytes},
                                 {"removed_size", row.removed_bytes},
                                 {"size_delta", row.size_delta()},
                                 {"added_examples", std::move(examples)}});
  }
  result["grown"] = Json::array();
  for (const GrownNode& grown : diff.grown) {
    Json row = node_json(after, grown.node);
    row["self_before"] = grown.self_before;
    row["retained_before"] = grown.retained_before;
    result["grown"].push_back(std::move(row));
  }
  print(result);
}

void print_text(const View& after, const std::string& before, const Diff& diff, std::size_t limit) {
  fmt::print("{} → {}: {} → {} ({}), {}\n\n", printable(before), printable(after.snapshot().file()),
             format_bytes(diff.total_before), format_bytes(diff.total_after),
             format_bytes_change(static_cast<std::int64_t>(diff.total_after - diff.total_before)),
             diff.by_class_only ? "by class, for objects of Java have no ids"
                                : format_quantity(diff.common, "node") + " in both");
  Table table({{"added"},
               {"removed"},
               {"delta"},
               {"size added"},
               {"removed"},
               {"delta"},
               {"class", Align::left}});
  for (std::size_t i = 0; i < std::min(limit, diff.classes.size()); ++i) {
    const ClassDiff& row = diff.classes[i];
    table.add({format_count(row.added), format_count(row.removed), count_change(row.count_delta()),
               format_bytes(row.added_bytes), format_bytes(row.removed_bytes),
               format_bytes_change(row.size_delta()), shown(row.name, 200)});
  }
  table.print();
  if (diff.classes.size() > limit) {
    fmt::print("{}\n", painter().dim(fmt::format("… {} more classes",
                                                 format_count(diff.classes.size() - limit))));
  }
  if (diff.grown.empty()) return;
  fmt::print("\n{}\n", painter().bold("Objects of both that retain more"));
  Table grown({{"grew by"}, {"retained"}, {"before"}, {"id"}, {"object", Align::left}});
  for (const GrownNode& g : diff.grown) {
    const std::uint64_t now = after.retained(g.node);
    grown.add({format_bytes_change(static_cast<std::int64_t>(now - g.retained_before)),
               format_bytes(now), format_bytes(g.retained_before), after.id_text(g.node),
               shown(after.label(g.node), 200)});
  }
  grown.print();
}

}  // namespace

void add_diff(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* verb = app.add_subcommand("diff", "Compare with a later snapshot of the same process");
  verb->add_option("FILES", *files, "The later snapshot; or both, the earlier first")
      ->required()
      ->expected(1, 2);
  add_format(*verb, *listing, "diff");
  add_limit(*verb, *listing, 20);
  add_sort(*verb, *listing, {"size", "count", "added", "removed"});
  verb->footer(
      R"(The numbers are those of DevTools' Comparison view: objects are the same if their ids are.
Objects of Java move and have no ids: of Java heap dumps, classes are compared by count and size.

Examples:
  heaplab inspect before.heapsnapshot diff after.heapsnapshot
  heaplab inspect diff before.heapsnapshot after.heapsnapshot --sort=count
  heaplab inspect diff a.heapsnapshot b.heapsnapshot --format=json | jq '.grown[0]')");
  verb->callback([=, &status] {
    std::vector<std::string> names = *files;
    if (!source->file.empty()) names.insert(names.begin(), source->file);
    if (names.size() != 2) {
      throw UsageError(
          fmt::format("diff: expected two files, got {} (heaplab inspect A diff B)", names.size()));
    }
    std::optional<DiffBase> before;
    {
      // Only what is compared is kept: one snapshot is in memory at a time.
      const View view = source->open(names[0]);
      before.emplace(view);
    }
    const View after = source->open(names[1]);
    Diff result = inspector::diff(*before, after, listing->limit);
    sort_classes(result, listing->sort);
    if (listing->json()) {
      print_json(after, names[0], result, listing->limit);
    } else {
      print_text(after, names[0], result, listing->limit);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
