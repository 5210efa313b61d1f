// SPDX-License-Identifier: MIT
// heaplab inspect FILE object ID: one object.
#include <fmt/format.h>

#include <algorithm>

#include "heaplab/inspector/queries/expression.h"
#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::AccessStep;
using inspector::EdgeKind;
using inspector::Snapshot;
using inspector::SnapshotEdge;
using inspector::TraceFunction;
using inspector::TraceNode;

/// Who allocated it, the caller last; nothing unless allocations were recorded.
std::vector<const TraceFunction*> allocation_stack(const Snapshot& snapshot, NodeIndex node) {
  std::vector<const TraceFunction*> stack;
  const std::uint32_t id = snapshot.trace_node_id(node);
  if (id == 0) return stack;
  const auto nodes = snapshot.trace_nodes();
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const TraceNode& t) { return t.id == id; });
  if (found == nodes.end()) return stack;
  // A parent comes before its children; the root stands for no function.
  for (auto at = static_cast<std::uint32_t>(found - nodes.begin());
       at < nodes.size() && nodes[at].parent != inspector::no_trace_node && stack.size() < 64;
       at = nodes[at].parent) {
    if (nodes[at].function < snapshot.trace_functions().size()) {
      stack.push_back(&snapshot.trace_functions()[nodes[at].function]);
    }
  }
  return stack;
}

std::string function_name(const Snapshot& snapshot, const TraceFunction& function) {
  const std::string name = snapshot.strings().get(function.name);
  return name.empty() ? "(anonymous)" : name;
}

std::string function_place(const Snapshot& snapshot, const TraceFunction& function) {
  const std::string script = snapshot.strings().get(function.script_name);
  if (function.line == 0) return script;
  return fmt::format("{}:{}:{}", script.empty() ? "?" : script, function.line, function.column);
}

struct Fields {
  std::vector<SnapshotEdge> shown;
  std::uint64_t count = 0;
};

/// What the program put there first, then what the engine needs; in each the largest first if
/// asked.
Fields fields_of(const View& view, NodeIndex node, const Listing& listing) {
  Fields fields{view.snapshot().edges(node), 0};
  fields.count = fields.shown.size();
  const auto rank = [](EdgeKind kind) {
    if (kind == EdgeKind::weak) return 2;
    return kind == EdgeKind::internal || kind == EdgeKind::hidden ? 1 : 0;
  };
  std::stable_sort(fields.shown.begin(), fields.shown.end(),
                   [&](const SnapshotEdge& a, const SnapshotEdge& b) {
                     if (listing.sort == "retained") {
                       return view.retained(a.target) > view.retained(b.target);
                     }
                     return rank(a.kind) < rank(b.kind);
                   });
  if (fields.shown.size() > listing.limit) fields.shown.resize(listing.limit);
  return fields;
}

Json to_json(const View& view, NodeIndex node, const Listing& listing) {
  const Snapshot& snapshot = view.snapshot();
  Json result = document(view, "object");
  result.update(node_json(view, node));
  result["self_in_file"] = snapshot.self_size(node);
  result["dominator"] = snapshot.id(view.analysis().dominators[node]);
  result["location"] = path_or_null(view.location(node));
  if (snapshot.type(node) == inspector::NodeType::concatenated_string) {
    result["text"] = view.text(node);
  }
  Json stack = Json::array();
  for (const TraceFunction* function : allocation_stack(snapshot, node)) {
    stack.push_back({{"function", function_name(snapshot, *function)},
                     {"location", path_or_null(function_place(snapshot, *function))}});
  }
  result["allocated_by"] = std::move(stack);
  const Fields fields = fields_of(view, node, listing);
  result["field_count"] = fields.count;
  Json list = Json::array();
  for (const SnapshotEdge& edge : fields.shown) {
    Json field = {{"kind", to_string(edge.kind)}, {"name", view.label_text(edge)}};
    field["value"] = node_json(view, edge.target);
    list.push_back(std::move(field));
  }
  result["fields"] = std::move(list);
  result["entries"] = Json::array();
  for (const AccessStep& entry : collection_entries(view, node, listing.limit)) {
    result["entries"].push_back({{"access", entry.text}, {"value", node_json(view, entry.to)}});
  }
  return result;
}

void print_head(const View& view, NodeIndex node) {
  const Snapshot& snapshot = view.snapshot();
  const auto row = [](const char* title, const std::string& value) {
    fmt::print("  {}{}\n", painter().dim(pad_to_width(title, 14)), value);
  };
  fmt::print("{}\n", painter().bold(node_text(view, node, output_width() - 14)));
  row("type", std::string(to_string(snapshot.type(node))));
  row("shallow size", fmt::format("{} ({} bytes)", format_bytes(view.shallow(node)),
                                  format_count(view.shallow(node))));
  if (view.shallow(node) != snapshot.self_size(node)) {
    row("", fmt::format("{} bytes of its own; internal arrays are counted with their owner",
                        format_count(snapshot.self_size(node))));
  }
  row("retained size",
      fmt::format("{} ({} bytes), {} of the heap", format_bytes(view.retained(node)),
                  format_count(view.retained(node)),
                  format_percent(static_cast<double>(view.retained(node)),
                                 static_cast<double>(view.analysis().total_size))));
  row("distance", distance_text(view.analysis().distances[node]));
  row("dominator", node_text(view, view.analysis().dominators[node]));
  const std::string place = view.location(node);
  if (!place.empty()) {
    row(snapshot.type(node) == inspector::NodeType::closure ? "defined at" : "constructor",
        printable(place));
  }
  bool first = true;
  for (const TraceFunction* function : allocation_stack(snapshot, node)) {
    row(first ? "allocated by" : "",
        fmt::format("{}  {}", printable(function_name(snapshot, *function)),
                    printable(function_place(snapshot, *function))));
    first = false;
  }
}

void print_fields(const View& view, const Fields& fields) {
  if (fields.shown.empty()) return;
  fmt::print("\n");
  Table table(
      {{"retained"}, {"kind", Align::left}, {"field", Align::left}, {"value", Align::left}});
  for (const SnapshotEdge& edge : fields.shown) {
    const bool engine = edge.kind == EdgeKind::internal || edge.kind == EdgeKind::hidden ||
                        edge.kind == EdgeKind::weak;
    table.add({format_bytes(view.retained(edge.target)), std::string(to_string(edge.kind)),
               shown(view.label_text(edge), 40), node_text(view, edge.target, 200)},
              engine);
  }
  table.print();
  if (fields.count > fields.shown.size()) {
    fmt::print("{}\n", painter().dim(fmt::format("… {} more fields (--limit={})",
                                                 format_count(fields.count - fields.shown.size()),
                                                 fields.count)));
  }
}

void print_entries(const View& view, NodeIndex node, std::size_t limit) {
  const auto entries = collection_entries(view, node, limit);
  if (entries.empty()) return;
  fmt::print("\n");
  Table table({{"retained"}, {"entry", Align::left}, {"value", Align::left}});
  for (const AccessStep& entry : entries) {
    table.add({format_bytes(view.retained(entry.to)), shown(entry.text, 40),
               node_text(view, entry.to, 200)});
  }
  table.print();
}

void print_text(const View& view, NodeIndex node, const Listing& listing) {
  print_head(view, node);
  print_fields(view, fields_of(view, node, listing));
  print_entries(view, node, listing.limit);
}

}  // namespace

void add_object(CLI::App& app, const SourcePointer& source, int& status) {
  auto listing = std::make_shared<Listing>();
  auto id = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand("object", "One object: its sizes, its origin, its fields");
  verb->add_option("ID", *id, "The object, as 123 or @123")->required();
  add_format(*verb, *listing, "object");
  add_limit(*verb, *listing, 50);
  add_sort(*verb, *listing, {"kind", "retained"});
  verb->footer(R"(Examples:
  heaplab inspect app.heapsnapshot object @9421
  heaplab inspect app.heapsnapshot object 9421 --sort=retained --limit=10)");
  verb->callback([=, &status] {
    const View view = source->open();
    const NodeIndex node = find_node(view, *id);
    if (listing->json()) {
      print(to_json(view, node, *listing));
    } else {
      print_text(view, node, *listing);
    }
    status = 0;
  });
}

}  // namespace heaplab::cli::inspect
