// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/view.h"

#include <fmt/format.h>

#include <array>

namespace heaplab::inspector {

const Classes& View::classes() const {
  if (!classes_) classes_ = classify(snapshot_, analysis_);
  return *classes_;
}

const Retainers& View::retainers() const {
  if (!retainers_) retainers_ = std::make_unique<Retainers>(snapshot_);
  return *retainers_;
}

const DominatedNodes& View::dominated() const {
  if (!dominated_) dominated_ = std::make_unique<DominatedNodes>(analysis_);
  return *dominated_;
}

const Words& View::words() const {
  if (words_) return *words_;
  Words words;
  const std::unordered_map<std::string_view, std::uint32_t Words::*> fields = {
      {"table", &Words::table},
      {"elements", &Words::elements},
      {"properties", &Words::properties},
      {"__proto__", &Words::proto},
      {"context", &Words::context},
      {"previous", &Words::previous},
      {"system / Context", &Words::context_node},
      {"(object properties)", &Words::object_properties},
      {"Object", &Words::object_node}};
  snapshot_.strings().for_each([&](std::uint32_t index, std::string_view text) {
    const auto field = fields.find(text);
    if (field != fields.end()) words.*(field->second) = index;
  });
  words_ = words;
  return *words_;
}

std::string View::id_text(NodeIndex node) const {
  return snapshot_.origin() == Origin::java ? fmt::format("@{:#x}", snapshot_.id(node))
                                            : fmt::format("@{}", snapshot_.id(node));
}

std::string_view View::class_name(NodeIndex node) const {
  const std::uint32_t row = classes().of_node[node];
  return row == Classes::none ? std::string_view() : std::string_view(classes().rows[row].name);
}

std::string View::text(NodeIndex node, std::size_t limit) const {
  // A rope is a tree of pieces: left to right, without recursion, no further than the limit. One
  // that is joined a character at a time may be a million deep on its left, hence a limit of steps.
  std::string result;
  std::vector<NodeIndex> todo{node};
  constexpr std::size_t max_steps = 10'000;
  for (std::size_t step = 0; !todo.empty() && result.size() < limit && step < max_steps; ++step) {
    const NodeIndex piece = todo.back();
    todo.pop_back();
    if (snapshot_.type(piece) != NodeType::concatenated_string) {
      result += snapshot_.name(piece);
      continue;
    }
    const NodeIndex first = follow(snapshot_, piece, EdgeKind::internal, "first");
    const NodeIndex second = follow(snapshot_, piece, EdgeKind::internal, "second");
    if (second != no_node) todo.push_back(second);
    if (first != no_node) todo.push_back(first);
  }
  return result;
}

std::string View::label(NodeIndex node) const {
  if (node == snapshot_.root()) return "(root)";
  switch (snapshot_.type(node)) {
    case NodeType::string:
    case NodeType::concatenated_string:
      return '"' + text(node, 120) + '"';
    case NodeType::sliced_string: {
      const NodeIndex parent = follow(snapshot_, node, EdgeKind::internal, "parent");
      return parent == no_node ? snapshot_.name(node) : "slice of \"" + text(parent, 60) + '"';
    }
    case NodeType::closure: {
      const std::string name = snapshot_.name(node);
      return (name.empty() ? "(anonymous)" : name) + "()";
    }
    case NodeType::regexp:
      return '/' + snapshot_.name(node) + '/';
    case NodeType::class_object:
      return "class " + snapshot_.name(node);
    case NodeType::object: {
      if (snapshot_.origin() == Origin::java) return snapshot_.name(node);
      const std::string_view name = class_name(node);
      return name.empty() ? snapshot_.name(node) : std::string(name);
    }
    default: {
      std::string name = snapshot_.name(node);
      return name.empty() ? fmt::format("({})", to_string(snapshot_.type(node))) : name;
    }
  }
}

std::string View::label_text(const SnapshotEdge& edge) const {
  if (has_number(edge.kind)) return std::to_string(edge.label);
  const auto found = labels_.find(edge.label);
  if (found != labels_.end()) return found->second;
  constexpr std::size_t most = 100'000;
  if (labels_.size() == most) labels_.clear();
  return labels_.emplace(edge.label, snapshot_.strings().get(edge.label)).first->second;
}

void View::find_script_names() const {
  scripts_.emplace();
  snapshot_.for_each_location([&](NodeIndex node, const SourceLocation& location) {
    if (snapshot_.type(node) != NodeType::closure) return;
    if (scripts_->contains(location.script_id)) return;
    const NodeIndex shared = follow(snapshot_, node, EdgeKind::internal, "shared");
    if (shared == no_node) return;
    NodeIndex script = follow(snapshot_, shared, EdgeKind::internal, "script");
    if (script == no_node) {  // Node 20's name for it
      script = follow(snapshot_, shared, EdgeKind::internal, "script_or_debug_info");
    }
    if (script != no_node) scripts_->emplace(location.script_id, snapshot_.name(script));
  });
  for (const TraceFunction& function : snapshot_.trace_functions()) {
    if (scripts_->contains(function.script_id)) continue;
    scripts_->emplace(function.script_id, snapshot_.strings().get(function.script_name));
  }
}

const std::string& View::script_name(std::uint32_t script_id) const {
  static const std::string unknown;
  if (!scripts_) find_script_names();
  const auto found = scripts_->find(script_id);
  return found == scripts_->end() ? unknown : found->second;
}

std::string View::location(NodeIndex node) const {
  const std::optional<SourceLocation> place = snapshot_.location(node);
  if (!place) return {};
  const std::string& name = script_name(place->script_id);
  return fmt::format("{}:{}:{}", name.empty() ? fmt::format("script {}", place->script_id) : name,
                     std::uint64_t{place->line} + 1, std::uint64_t{place->column} + 1);
}

View open_view(const std::string& path, unsigned threads) {
  Snapshot snapshot = read_snapshot(path, {.progress = true, .threads = threads});
  Analysis analysis = analyse(snapshot, {.threads = threads, .progress = true});
  return View(std::move(snapshot), std::move(analysis));
}

NodeIndex follow(const Snapshot& snapshot, NodeIndex node, EdgeKind kind, std::string_view name) {
  NodeIndex found = no_node;
  snapshot.for_each_edge(node, [&](const SnapshotEdge& edge) {
    if (found != no_node || edge.kind != kind) return;
    if (snapshot.label_text(edge) == name) found = edge.target;
  });
  return found;
}

std::string_view to_string(EdgeKind kind) {
  constexpr std::array<std::string_view, 7> names = {"context", "element",  "property", "internal",
                                                     "hidden",  "shortcut", "weak"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace heaplab::inspector
