// SPDX-License-Identifier: MIT
#include "naming.h"

#include <algorithm>
#include <cctype>

#include "heaplab/support/text.h"

namespace heaplab::leakcheck {
namespace {

bool is_identifier(const std::string& text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0]))) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) || c == '_' || c == '$' || c == '#' || byte >= 0x80;
  });
}

std::string quoted(const std::string& text) { return "'" + printable(text) + "'"; }

bool is_runtimes_own(const std::string& file) {
  return file.starts_with("node:") || file.starts_with("internal/");
}

/// Writes a path step by step.
class PathWriter {
 public:
  PathWriter(const Snapshot& snapshot, Name& name) : snapshot_(snapshot), name_(name) {}

  void step(const inspector::PathStep& step) {
    const inspector::Graph& graph = snapshot_.graph;
    const NodeIndex target = graph.target(step.edge);
    name_.is_listener_list = false;
    if (snapshot_.is_group(step.from)) {
      start(graph.name(step.from), graph.kind(step.edge), graph.label_text(step.edge));
    } else if (graph.kind(step.edge) == EdgeKind::context) {
      variable(step.from, graph.label(step.edge));
    } else if (graph.kind(step.edge) == EdgeKind::property) {
      property(step.from, graph.label(step.edge));
    } else if (graph.kind(step.edge) == EdgeKind::element) {
      element(step.from, graph.number(step.edge));
    }
    if (graph.type(target) == "closure") function_ = graph.name(target);
  }
  void finish(NodeIndex node) {
    if (!name_.path.empty()) return;
    if (name_.in_timer) {
      name_.path = "a pending timer";
    } else if (!function_.empty()) {
      name_.path = "function " + printable(function_);
    } else {
      name_.path = std::string(is_global_ ? "a global" : "a local variable") + " (" +
                   type_text(snapshot_.graph, node) + ")";
    }
  }

 private:
  void start(const std::string& group, EdgeKind kind, const std::string& label) {
    name_.in_timer = group.find("vent loop") != std::string::npos;
    name_.path.clear();
    is_global_ = group == "globals" && kind == EdgeKind::element;
    if (kind == EdgeKind::element || name_.in_timer) return;
    // Roots on the stack come with their place: `cache (/srv/app.js:3:7)`.
    const std::size_t place = label.find(" (");
    name_.path = printable(label.substr(0, place));
    if (name_.path == "global") name_.path = "globalThis";
    if (name_.path == "stack frame") name_.path.clear();
  }
  void variable(NodeIndex scope, const std::string& label) {
    name_.path = printable(label);
    ++name_.variables;
    name_.scope = scope;
    name_.scope_is_local = snapshot_.is_local_scope(scope);
    in_events_ = false;
  }
  void property(NodeIndex from, const std::string& label) {
    if (snapshot_.owner[from] != from && snapshot_.graph.name(snapshot_.owner[from]) == "Map") {
      name_.path += ".get(" + printable(label) + ")";  // the label is the key as written
    } else if (in_events_) {
      in_events_ = false;
      name_.is_listener_list = true;
      name_.path += ".listeners(" + quoted(label) + ")";
    } else if (label == "_events") {
      in_events_ = true;
    } else if (name_.path.empty()) {
      name_.path = printable(label);
    } else if (is_identifier(label)) {
      name_.path += "." + printable(label);
    } else {
      name_.path += "[" + quoted(label) + "]";
    }
  }
  void element(NodeIndex from, std::uint32_t index) {
    const std::string type = snapshot_.graph.name(snapshot_.owner[from]);
    if (type == "Map" || type == "Set") {
      name_.path += type == "Map" ? ".get(…)" : " (a member)";
    } else if (!name_.path.empty()) {
      name_.path += "[" + std::to_string(index) + "]";
    }
  }

  const Snapshot& snapshot_;
  Name& name_;
  std::string function_;
  bool in_events_ = false;
  bool is_global_ = false;
};

}  // namespace

Name name_of(const Snapshot& snapshot, NodeIndex node) {
  Name name;
  PathWriter writer(snapshot, name);
  for (const inspector::PathStep& step : shortest_path(snapshot.distances, node)) {
    if (step.from != root_node) writer.step(step);
  }
  writer.finish(node);
  return name;
}

namespace {
bool snapshot_scope(const std::string& name) {
  return name.starts_with("scope of ") || name.starts_with("system / Context");
}
}  // namespace

std::string type_text(const inspector::Graph& graph, NodeIndex node) {
  const std::string& type = graph.type(node);
  if (type.find("string") != std::string::npos) return "string";
  if (type == "closure") return "function";
  if (snapshot_scope(graph.name(node))) return "scope";
  return printable(graph.name(node));
}

Place place_of(const trace::Tables& tables, trace::StackId stack, const std::string& folder) {
  // What the runtime's own modules allocate is the doing of whoever called them.
  while (stack != 0 && is_runtimes_own(tables.text(tables.innermost(stack).file))) {
    stack = tables.stacks[stack].parent;
  }
  const trace::Frame& frame = tables.innermost(stack);
  std::string file = tables.text(frame.file);
  if (!folder.empty() && file.starts_with(folder)) file = file.substr(folder.size());
  return {printable(file), frame.line, frame.column, printable(tables.text(frame.function))};
}

std::string folder_of(const std::string& program) {
  const std::size_t slash = program.rfind('/');
  return slash == std::string::npos ? std::string() : program.substr(0, slash + 1);
}

}  // namespace heaplab::leakcheck
