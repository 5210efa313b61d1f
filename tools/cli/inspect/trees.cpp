// SPDX-License-Identifier: MIT
// heaplab inspect FILE dominators [ID], containment [ID]: trees from a node down.
#include <fmt/format.h>

#include <algorithm>

#include "heaplab/inspector/queries/expression.h"
#include "heaplab/support/format.h"
#include "inspect.h"

namespace heaplab::cli::inspect {
namespace {

using inspector::SnapshotEdge;

struct TreeOptions {
  Listing listing;
  std::string id;
  unsigned depth = 3;
  std::string min_size;
};

/// A child in either tree; `access` is empty in the dominator tree.
struct Child {
  NodeIndex node;
  std::string access;
  bool engine = false;
};

/// A node's children that are shown, and how many there are.
struct Children {
  std::vector<Child> shown;
  std::size_t count = 0;
};

/// Draws a tree or makes JSON of it, never deeper than --depth: no recursion worth the name.
class Tree {
 public:
  Tree(const View& view, const TreeOptions& options, bool containment)
      : view_(view),
        options_(options),
        min_size_(size_of(options.min_size, "--min-size")),
        containment_(containment),
        table_({{"retained"}, {"shallow"}, {"%"}, {"object", Align::left}}) {}

  Json json(NodeIndex node) { return json(Child{node, ""}, 0); }

  void print(NodeIndex node) {
    add(Child{node, ""}, "", "", 0);
    table_.print();
  }

 private:
  Children children(NodeIndex node) const {
    Children result = containment_ ? contained(node) : dominated(node);
    if (result.shown.size() > options_.listing.limit) result.shown.resize(options_.listing.limit);
    return result;
  }

  Children dominated(NodeIndex node) const {
    std::vector<NodeIndex> nodes;
    for (const NodeIndex child : view_.dominated().of(node)) {
      if (view_.retained(child) >= min_size_) nodes.push_back(child);
    }
    Children result{{}, nodes.size()};
    for (const NodeIndex child : first_of(view_, std::move(nodes), inspector::NodeOrder::retained,
                                          options_.listing.limit)) {
      result.shown.push_back({child, ""});
    }
    return result;
  }

  Children contained(NodeIndex node) const {
    std::vector<SnapshotEdge> edges = view_.snapshot().edges(node);
    std::erase_if(
        edges, [&](const SnapshotEdge& edge) { return view_.retained(edge.target) < min_size_; });
    if (options_.listing.sort == "retained") {
      std::stable_sort(edges.begin(), edges.end(),
                       [&](const SnapshotEdge& a, const SnapshotEdge& b) {
                         return view_.retained(a.target) > view_.retained(b.target);
                       });
    }
    Children result{{}, edges.size()};
    if (edges.size() > options_.listing.limit) edges.resize(options_.listing.limit);
    for (const SnapshotEdge& edge : edges) {
      const auto step = access_step(view_, node, edge);
      result.shown.push_back(
          {edge.target, step.text.starts_with('.') ? step.text.substr(1) : step.text,
           step.kind == inspector::StepKind::internal || edge.kind == inspector::EdgeKind::weak});
    }
    return result;
  }

  /// Something on the way down to it is it: the graph has cycles.
  bool is_above(NodeIndex node) const {
    return std::find(path_.begin(), path_.end(), node) != path_.end();
  }

  Json json(const Child& child, unsigned depth) {
    Json result = node_json(view_, child.node);
    if (containment_ && depth > 0) result["access"] = child.access;
    if (depth == options_.depth || is_above(child.node)) return result;
    path_.push_back(child.node);
    const Children below = children(child.node);
    result["child_count"] = below.count;
    result["children"] = Json::array();
    for (const Child& next : below.shown) result["children"].push_back(json(next, depth + 1));
    path_.pop_back();
    return result;
  }

  void add(const Child& child, const std::string& branch, const std::string& indent,
           unsigned depth) {
    const bool above = is_above(child.node);
    const auto total = static_cast<double>(view_.analysis().total_size);
    table_.add(
        {format_bytes(view_.retained(child.node)), format_bytes(view_.shallow(child.node)),
         format_percent(static_cast<double>(view_.retained(child.node)), total),
         fmt::format("{}{}{}{}", branch, child.access.empty() ? "" : shown(child.access) + ": ",
                     node_text(view_, child.node, 200), above ? " ↩" : "")},
        child.engine);
    if (depth == options_.depth || above) return;
    path_.push_back(child.node);
    const Children below = children(child.node);
    const std::size_t hidden = below.count - below.shown.size();
    for (std::size_t i = 0; i < below.shown.size(); ++i) {
      const bool last = i + 1 == below.shown.size() && hidden == 0;
      add(below.shown[i], indent + (last ? "└ " : "├ "), indent + (last ? "  " : "│ "), depth + 1);
    }
    if (hidden > 0) {
      table_.add({"", "", "", fmt::format("{}└ … {} more", indent, format_count(hidden))}, true);
    }
    path_.pop_back();
  }

  const View& view_;
  const TreeOptions& options_;
  std::uint64_t min_size_;
  bool containment_;
  Table table_;
  std::vector<NodeIndex> path_;
};

void add_tree(CLI::App& verb, const char* name, bool containment, const SourcePointer& source,
              int& status) {
  auto options = std::make_shared<TreeOptions>();
  options->depth = containment ? 1 : 3;
  verb.add_option("ID", options->id, "Where to begin, as 123 or @123 (the root)");
  verb.add_option("--depth", options->depth, fmt::format("Levels ({})", options->depth))
      ->type_name("N")
      ->check(CLI::Range(0U, 1000U));
  add_size(verb, "--min-size", options->min_size, "Leave out what retains less");
  add_format(verb, options->listing, name);
  add_limit(verb, options->listing, containment ? 40 : 10)
      ->description(fmt::format("Children of a node at most ({})", options->listing.limit));
  if (containment) add_sort(verb, options->listing, {"file", "retained"});
  verb.callback([=, &status] {
    const View view = source->open();
    const NodeIndex node =
        options->id.empty() ? view.snapshot().root() : find_node(view, options->id);
    Tree tree(view, *options, containment);
    if (options->listing.json()) {
      Json result = document(view, name);
      result["total"] = view.analysis().total_size;
      result["tree"] = tree.json(node);
      inspect::print(result);
    } else {
      tree.print(node);
    }
    status = 0;
  });
}

}  // namespace

void add_dominators(CLI::App& app, const SourcePointer& source, int& status) {
  CLI::App* verb = app.add_subcommand("dominators", "What goes if an object goes: dominator tree");
  verb->footer(R"(Below an object stands what it alone keeps alive.

Examples:
  heaplab inspect app.heapsnapshot dominators
  heaplab inspect app.heapsnapshot dominators @9421 --depth=5 --min-size=100K)");
  add_tree(*verb, "dominators", false, source, status);
}

void add_containment(CLI::App& app, const SourcePointer& source, int& status) {
  CLI::App* verb =
      app.add_subcommand("containment", "What an object refers to, from the roots down");
  verb->footer(
      R"(Below an object stand all objects it refers to; one that stands above already ends in ↩.

Examples:
  heaplab inspect app.heapsnapshot containment
  heaplab inspect app.heapsnapshot containment @9421 --depth=3 --sort=retained)");
  add_tree(*verb, "containment", true, source, status);
}

}  // namespace heaplab::cli::inspect
