// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "heaplab/inspector/queries/tables.h"

namespace heaplab::inspector {
namespace {

bool is_identifier(std::string_view name) {
  if (name.starts_with('#')) name.remove_prefix(1);  // a private field
  const auto letter = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  };
  const auto digit = [](unsigned char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return letter(static_cast<unsigned char>(c)) || digit(static_cast<unsigned char>(c));
         });
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A key or a value in an expression: a literal if it has one.
std::string operand(const View& view, NodeIndex node) {
  const Snapshot& snapshot = view.snapshot();
  switch (snapshot.type(node)) {
    case NodeType::string:
    case NodeType::concatenated_string: {
      std::string text = view.text(node, 61);
      if (text.size() > 60) {
        text.resize(60);
        while (!text.empty() && (text.back() & 0xC0) == 0x80) text.pop_back();
        text += "…";
      }
      return quoted(text);
    }
    case NodeType::number:
      return "<number>";
    default:
      return fmt::format("<{} {}>", view.label(node), view.id_text(node));
  }
}

/// V8 names a slot of an internal array by its index, as text or as a number.
std::optional<std::uint64_t> slot_number(const View& view, const SnapshotEdge& edge) {
  if (has_number(edge.kind)) return edge.label;
  const std::string text = view.label_text(edge);
  if (!is_number(text)) return std::nullopt;
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

NodeIndex in_slot(const View& view, NodeIndex table, std::uint64_t slot) {
  NodeIndex found = no_node;
  const std::string name = std::to_string(slot);
  view.snapshot().for_each_edge(table, [&](const SnapshotEdge& edge) {
    if (found != no_node) return;
    if (has_number(edge.kind) ? edge.label == slot : view.label_text(edge) == name) {
      found = edge.target;
    }
  });
  return found;
}

constexpr std::string_view pair_marker = " pair in WeakMap (table @";

bool is_weak_pair(const View& view, const SnapshotEdge& edge) {
  return edge.kind == EdgeKind::internal &&
         view.label_text(edge).find(pair_marker) != std::string::npos;
}

/// What an entry is called from outside its collection; nothing if this is no such table.
/// `key_of(slot)` is the node in a slot, or no_node.
template <typename KeyOf>
std::optional<std::string> entry_access(const View& view, NodeIndex table, const SnapshotEdge& edge,
                                        KeyOf&& key_of) {
  const auto slot = slot_number(view, edge);
  const auto layout = table_layout(view, table);
  if (!slot || !layout || *slot < layout->first_slot) return std::nullopt;
  if (layout->kind == TableLayout::Kind::weak) return std::nullopt;  // its edges name their pairs
  const std::uint64_t entry = (*slot - layout->first_slot) / layout->slots;
  const std::uint64_t part = (*slot - layout->first_slot) % layout->slots;
  if (layout->kind == TableLayout::Kind::set)
    return part == 0 ? std::optional(fmt::format(".values()[{}]", entry)) : std::nullopt;
  if (part == 0) return fmt::format(".keys()[{}]", entry);
  if (part != 1) return std::nullopt;
  const NodeIndex key = key_of(*slot - 1);
  // Small integers are not objects: no edge leads to them.
  return fmt::format(".get({})", key == no_node ? "<integer>" : operand(view, key));
}

bool is_global_object(const Snapshot& snapshot, NodeIndex node) {
  if (snapshot.type(node) != NodeType::object) return false;
  const std::string name = snapshot.name(node);
  return name == "global" || name.starts_with("global /") || name.starts_with("Window (global");
}

/// What a root keeps: "globalThis"; of a thread's frame, "<local of com.acme.Server.run(…)>".
std::string root_text(const View& view, const AccessStep& step) {
  const Snapshot& snapshot = view.snapshot();
  if (is_global_object(snapshot, step.to)) return "globalThis";
  const std::string label = view.label(step.to);
  const bool is_named = step.text == "local" || step.text == "JNI local";
  if (snapshot.origin() != Origin::java || !is_named) return label;
  return fmt::format("<{} of {}: {}>", step.text, snapshot.name(step.from), label);
}

/// How often the first step is repeated: a list's `.next.next.next…`.
std::size_t run_length(std::span<const AccessStep> steps) {
  std::size_t length = 1;
  while (length < steps.size() && steps[length].text == steps[0].text &&
         steps[length].kind == steps[0].kind) {
    ++length;
  }
  return length;
}

}  // namespace

std::string_view to_string(StepKind kind) {
  constexpr std::string_view names[] = {"root",     "property", "element",
                                        "variable", "entry",    "internal"};
  return names[static_cast<std::size_t>(kind)];
}

std::string property_access(std::string_view name) {
  constexpr std::string_view symbol = "<symbol ";
  if (name.starts_with(symbol) && name.ends_with('>')) {
    const std::string_view inner = name.substr(symbol.size(), name.size() - symbol.size() - 1);
    return inner.starts_with("Symbol.") ? fmt::format("[{}]", inner)
                                        : fmt::format("[Symbol({})]", inner);
  }
  return is_identifier(name) ? fmt::format(".{}", name) : fmt::format("[{}]", quoted(name));
}

AccessStep access_step(const View& view, NodeIndex from, const SnapshotEdge& edge) {
  const Snapshot& snapshot = view.snapshot();
  AccessStep step{StepKind::internal, {}, from, edge.target, {edge.index}};
  const std::string label = view.label_text(edge);
  const bool from_group = from == snapshot.root() || snapshot.type(from) == NodeType::synthetic;
  if (from_group) {
    step.kind = StepKind::root;
    step.text = label;
    return step;
  }
  switch (edge.kind) {
    case EdgeKind::property:
      step.kind = StepKind::property;
      step.text = property_access(label);
      break;
    case EdgeKind::element:
      step.kind = StepKind::element;
      step.text = fmt::format("[{}]", edge.label);
      break;
    case EdgeKind::context:
      step.kind = StepKind::variable;
      step.text = label;
      break;
    case EdgeKind::shortcut:
      step.kind = StepKind::property;
      step.text = fmt::format(".{}", label);
      break;
    default:
      if (is_weak_pair(view, edge)) {
        step.kind = StepKind::entry;
        step.text = "in a WeakMap";
      } else {
        step.text = fmt::format(".[[{}]]", label);
      }
  }
  return step;
}

std::vector<AccessStep> access_steps(const View& view, NodeIndex from,
                                     std::span<const EdgeIndex> edges) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<AccessStep> steps;
  NodeIndex node = from;
  for (const EdgeIndex index : edges) {
    const SnapshotEdge edge = snapshot.edge(index);
    AccessStep step = access_step(view, node, edge);
    // Two steps that are one: collection → table → entry, array → elements → slot.
    if (!steps.empty() && steps.back().kind == StepKind::internal && step.kind != StepKind::root) {
      AccessStep& last = steps.back();
      if (last.text == ".[[table]]") {
        if (const auto access = entry_access(
                view, node, edge, [&](std::uint64_t slot) { return in_slot(view, node, slot); })) {
          last = {StepKind::entry, *access, last.from, edge.target, {last.edges[0], index}};
          node = edge.target;
          continue;
        }
      } else if (last.text == ".[[elements]]") {
        if (const auto slot = slot_number(view, edge)) {
          last = {StepKind::element,
                  fmt::format("[{}]", *slot),
                  last.from,
                  edge.target,
                  {last.edges[0], index}};
          node = edge.target;
          continue;
        }
      }
    }
    steps.push_back(std::move(step));
    node = edge.target;
  }
  return steps;
}

std::vector<AccessStep> collection_entries(const View& view, NodeIndex node, std::size_t limit) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<AccessStep> entries;
  if (snapshot.type(node) != NodeType::object) return entries;
  std::optional<SnapshotEdge> table;
  snapshot.for_each_edge(node, [&](const SnapshotEdge& edge) {
    if (edge.kind == EdgeKind::internal && view.label_text(edge) == "table") table = edge;
  });
  if (!table) return entries;
  // A value's key stands right before it.
  std::uint64_t last_slot = 0;
  NodeIndex last = no_node;
  const auto key_of = [&](std::uint64_t slot) { return slot == last_slot ? last : no_node; };
  snapshot.for_each_edge(table->target, [&](const SnapshotEdge& edge) {
    if (entries.size() == limit || edge.kind == EdgeKind::weak) return;
    const auto access = is_weak_pair(view, edge) ? std::optional<std::string>("in a WeakMap")
                                                 : entry_access(view, table->target, edge, key_of);
    last_slot = slot_number(view, edge).value_or(0);
    last = edge.target;
    if (access) {
      entries.push_back({StepKind::entry, *access, node, edge.target, {table->index, edge.index}});
    }
  });
  return entries;
}

Expression expression(const View& view, std::span<const AccessStep> steps) {
  const Snapshot& snapshot = view.snapshot();
  Expression result;
  NodeIndex closure = no_node;  // the last function on the way
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const AccessStep& step = steps[i];
    if (snapshot.type(step.from) == NodeType::closure) closure = step.from;
    // A static field is named by its class, wherever that was reached.
    if (snapshot.type(step.from) == NodeType::class_object && step.kind == StepKind::property) {
      result = {snapshot.name(step.from) + step.text, no_node};
      continue;
    }
    switch (step.kind) {
      case StepKind::root:
        result.text = root_text(view, step);
        break;
      case StepKind::variable:
        result.text = step.text;
        result.closure = closure;
        break;
      case StepKind::entry:
        result.text = step.text.starts_with('.') ? result.text + step.text
                                                 : "weakMap.get(" + result.text + ")";
        break;
      default: {
        const std::size_t run = run_length(steps.subspan(i));
        result.text += run > 3 ? fmt::format("{}{{×{}}}", step.text, run) : step.text;
        if (run > 3) i += run - 1;
      }
    }
  }
  return result;
}

}  // namespace heaplab::inspector
