// SPDX-License-Identifier: MIT
// Paths as a programmer writes them.
#include <fmt/format.h>

#include <cctype>

#include "heaplab/support/text.h"
#include "series/paths.h"

namespace heaplab::leakcheck::series {
namespace {

constexpr std::size_t longest_key = 40;

bool is_identifier(std::string_view text) {
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])) != 0) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '_' || c == '$' || c == '#' || byte >= 0x80;
  });
}

std::string quoted(std::string_view text) {
  return "'" + printable(truncate_to_width(text, longest_key)) + "'";
}

/// `<symbol kEvents>`: what a snapshot calls a property whose key is a symbol.
std::string symbol_name(const std::string& label) {
  constexpr std::string_view before = "<symbol";
  if (!label.starts_with(before) || !label.ends_with(">")) return {};
  const std::string inside = label.substr(before.size(), label.size() - before.size() - 1);
  return inside.empty() ? "symbol" : inside.substr(1);
}

bool is_generator(const HeapSnapshot& heap, NodeIndex node) {
  bool found = false;
  heap.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
    found |= edge.kind == EdgeKind::internal && heap.label_text(edge) == "parameters_and_registers";
  });
  return found;
}

}  // namespace

/// Writes a path step by step.
class Paths::Writer {
 public:
  explicit Writer(const Paths& paths) : paths_(paths), heap_(paths.heap_) {}

  void step(const Step& step) {
    const NodeIndex target = step.edge.target;
    if (heap_.type(step.from) == NodeType::synthetic) root_step_ = step;
    if (is_suspended(step.from)) suspended_function(step);
    const bool was_list = std::exchange(route_.is_listener_list, false);
    switch (step.edge.kind) {
      case EdgeKind::context:
        variable(step.from, heap_.label_text(step.edge));
        break;
      case EdgeKind::property:
        property(step, heap_.label_text(step.edge));
        break;
      case EdgeKind::element:
        if (!route_.path.empty()) route_.path += fmt::format("[{}]", step.edge.label);
        break;
      case EdgeKind::shortcut:
        if (heap_.type(target) == NodeType::object) route_.path = "globalThis";
        break;
      default:
        inner(step, was_list);
    }
    const NodeType type = heap_.type(target);
    if (type == NodeType::closure) last_closure_ = target;
    const Known known = paths_.series_.names.of(target);
    if (type == NodeType::object && (known == Known::timeout || known == Known::timers)) {
      route_.in_timer = true;
    }
    if (type == NodeType::object && known == Known::other) begin_at_known(target);
  }

  Route finish(NodeIndex node) {
    if (route_.path.empty() || route_.path == "globalThis") {
      const std::string name = last_closure_ == no_node ? "" : heap_.name(last_closure_);
      if (route_.in_timer) {
        route_.path = "pending timers";
      } else if (heap_.type(node) == NodeType::closure) {
        route_.path = "function " + printable(heap_.name(node));
      } else if (!name.empty()) {
        route_.path = "function " + printable(name);
      } else {
        local_variable(node);
      }
    }
    if (route_.scope != no_node) {
      if (route_.closure == no_node) route_.closure = paths_.closure_of_scope(route_.scope);
      route_.scope_is_local = paths_.is_local(route_.scope);
    }
    const std::string file = paths_.file_of(route_.closure);
    if (!file.empty()) route_.file = file;
    route_.is_runtimes_own = file.starts_with("node:");
    return std::move(route_);
  }

  Route& route() { return route_; }

 private:
  /// Variables have names only where a function that was made there uses them. The others are in
  /// the frame of a function that runs or waits: that has a name.
  void local_variable(NodeIndex node) {
    const NodeIndex function = running_function();
    if (function == no_node) {
      route_.path = "a local variable (" + type_text(heap_, paths_.series_.names, node) + ")";
      return;
    }
    route_.path = variable_of(function);
    route_.closure = function;
  }

  std::string variable_of(NodeIndex function) const {
    const std::string name = heap_.name(function);
    if (!name.empty()) return "a variable of " + printable(name) + "()";
    std::string file = paths_.file_of(function);
    file = file.substr(file.find_last_of("/\\") + 1);
    return file.empty() ? "a variable of a function without a name"
                        : "a variable at the top of " + printable(file);
  }

  /// V8 visits a frame from its registers to its function, that one's scope, and the code that is
  /// to go on.
  NodeIndex running_function() const {
    constexpr EdgeIndex largest_frame = 400;
    if (root_step_.from == no_node || heap_.name(root_step_.from) != "(Stack roots)")
      return no_node;
    const EdgeIndex end =
        std::min<EdgeIndex>(heap_.end_edge(root_step_.from), root_step_.edge.index + largest_frame);
    for (EdgeIndex edge = root_step_.edge.index; edge + 2 < end; ++edge) {
      const NodeIndex function = heap_.target(edge), scope = heap_.target(edge + 1);
      if (heap_.type(function) == NodeType::closure &&
          heap_.type(heap_.target(edge + 2)) == NodeType::code &&
          (paths_.series_.is_scope(scope) || heap_.name(scope) == "system / NativeContext")) {
        return function;
      }
    }
    return no_node;
  }

  /// What a generator or an async function that waits has its variables in.
  bool is_suspended(NodeIndex from) const {
    const NodeIndex owner = paths_.series_.owners.owner[from];
    return owner != from && heap_.type(from) == NodeType::array &&
           heap_.type(owner) == NodeType::object && is_generator(heap_, owner);
  }
  void suspended_function(const Step& step) {
    if (!route_.path.empty() && !begins_in_runtime()) return;
    NodeIndex function = no_node;
    heap_.for_each_edge(
        paths_.series_.owners.owner[step.from], [&](const inspector::SnapshotEdge& edge) {
          if (edge.kind == EdgeKind::internal && heap_.label_text(edge) == "function") {
            function = edge.target;
          }
        });
    if (function == no_node || heap_.type(function) != NodeType::closure) return;
    route_ = Route{};
    route_.path = variable_of(function);
    route_.closure = function;
    in_events_ = in_event_map_ = false;
  }
  bool begins_in_runtime() const {
    NodeIndex closure = route_.closure;
    if (closure == no_node && route_.scope != no_node) {
      closure = paths_.closure_of_scope(route_.scope);
    }
    return paths_.file_of(closure).starts_with("node:");
  }

  void variable(NodeIndex scope, const std::string& label) {
    const bool in_timer = route_.in_timer;
    route_ = Route{};
    route_.in_timer = in_timer;
    route_.path = printable(label);
    route_.closure = last_closure_;
    route_.scope = scope;
    in_events_ = in_event_map_ = false;
  }

  void property(const Step& step, const std::string& label) {
    if (label == "__proto__") return;
    const std::string symbol = symbol_name(label);
    if (in_events_) {
      in_events_ = false;
      listeners(label);
    } else if (label == "_events") {
      in_events_ = true;
    } else if (symbol == "kEvents") {
      in_event_map_ = true;
    } else if (label == "_onTimeout" || label == "_idleNext" || label == "_idlePrev") {
      route_.in_timer = true;
    } else if (!symbol.empty()) {
      route_.path += "[" + printable(symbol) + "]";
    } else if (route_.path.empty()) {
      if (heap_.type(step.from) == NodeType::closure && !heap_.name(step.from).empty()) {
        route_.path = printable(heap_.name(step.from)) + ".";
        route_.closure = step.from;
      } else if (heap_.type(step.from) == NodeType::object &&
                 paths_.series_.names.of(step.from) == Known::other) {
        // A local variable of a function that is running, or something like it: no name but the
        // class's.
        route_.path = printable(heap_.name(step.from)) + ".";
        route_.file = paths_.place_of(step.from).file;
      }
      route_.path += printable(label);
    } else if (is_identifier(label)) {
      route_.path += "." + printable(label);
    } else {
      route_.path += "[" + quoted(label) + "]";
    }
  }

  /// Objects that every program has, and everybody calls the same.
  void begin_at_known(NodeIndex node) {
    const std::string name = heap_.name(node);
    if (name != "process" && name != "Module") return;
    route_ = Route{};
    route_.path = name == "Module" ? "module" : name;
    in_events_ = in_event_map_ = false;
    last_closure_ = no_node;
    if (name != "Module") return;
    heap_.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
      if (edge.kind == EdgeKind::property && heap_.label_text(edge) == "filename") {
        route_.file = heap_.name(edge.target);
      }
    });
  }

  void listeners(const std::string& event) {
    route_.event = event;
    route_.is_listener_list = true;
    route_.path += ".listeners(" + quoted(event) + ")";
  }

  /// By way of a table, a scope, a promise's reactions.
  void inner(const Step& step, bool was_list) {
    const NodeIndex owner = paths_.series_.owners.owner[step.from];
    if (heap_.type(owner) == NodeType::synthetic || owner == step.edge.target) return;
    const bool to_part = paths_.series_.owners.owner[step.edge.target] == owner;
    if (to_part) {
      route_.is_listener_list = was_list;
      return;
    }
    if (heap_.type(owner) != NodeType::object) return;
    const Known known = paths_.series_.names.of(owner);
    if (known == Known::map || known == Known::weak_collection) {
      const std::string key = key_before(step);
      if (in_event_map_) {
        in_event_map_ = false;
        listeners(key);
        return;
      }
      route_.path += key.empty() ? ".get(…)" : ".get(" + quoted(key) + ")";
    } else if (known == Known::set) {
      route_.path += " (a member)";
    } else if (known == Known::promise) {
      route_.in_promise = true;
    }
  }

  /// The key of a Map's entry is the reference before that to its value.
  std::string key_before(const Step& step) const {
    if (step.edge.index == heap_.first_edge(step.from)) return {};
    const inspector::SnapshotEdge before = heap_.edge(step.edge.index - 1);
    const NodeType type = heap_.type(before.target);
    return type == NodeType::string ? heap_.name(before.target) : std::string();
  }

  const Paths& paths_;
  const HeapSnapshot& heap_;
  Route route_;
  NodeIndex last_closure_ = no_node;
  Step root_step_{no_node, {}};  ///< the last one from a group of roots
  bool in_events_ = false;
  bool in_event_map_ = false;
};

Route Paths::route_to(NodeIndex node) const {
  Writer writer(*this);
  for (const Step& step : steps_to(node)) writer.step(step);
  return writer.finish(node);
}

std::string Paths::step_text(NodeIndex from, NodeIndex to) const {
  // Upwards from `to` by dominators: what is between two links is short.
  std::string text;
  NodeIndex below = to;
  for (int depth = 0; depth < 12 && below != from && below != heap_.root(); ++depth) {
    const NodeIndex above = series_.dominator(below);
    heap_.for_each_edge(above, [&](const inspector::SnapshotEdge& edge) {
      if (edge.target != below) return;
      if (edge.kind != EdgeKind::context && edge.kind != EdgeKind::property) return;
      const std::string label = heap_.label_text(edge);
      if (label != "__proto__") text = text.empty() ? label : label + "." + text;
    });
    below = above;
  }
  return below == from ? printable(text) : std::string();
}

std::string type_text(const HeapSnapshot& heap, const KnownNames& names, NodeIndex node) {
  const NodeType type = heap.type(node);
  if (type == NodeType::sliced_string) return "sliced string";
  if (is_string(type)) return "string";
  if (type == NodeType::closure) {
    const std::string name = heap.name(node);
    if (name == "native_bind") return "bound function";
    return name.empty() ? "function" : "function " + printable(name);
  }
  if (type == NodeType::number) return "number";
  if (type != NodeType::object) return printable(heap.name(node));
  if (names.of(node) == Known::scope) return "scope";
  if (names.of(node) == Known::other && is_generator(heap, node)) {
    return "Generator " + printable(heap.name(node));
  }
  if (names.of(node) != Known::object) return printable(heap.name(node));
  constexpr std::size_t most_keys = 4;
  std::vector<std::string> keys;
  bool more = false;
  heap.for_each_edge(node, [&](const inspector::SnapshotEdge& edge) {
    if (edge.kind != EdgeKind::property) return;
    if (keys.size() > most_keys) {
      more = true;
      return;
    }
    const std::string label = heap.label_text(edge);
    if (label != "__proto__" && is_identifier(label)) keys.push_back(printable(label));
  });
  if (keys.size() > most_keys) {
    keys.pop_back();
    more = true;
  }
  if (keys.empty()) return "Object";
  return fmt::format("Object {{{}{}}}", fmt::join(keys, ", "), more ? ", …" : "");
}

}  // namespace heaplab::leakcheck::series
