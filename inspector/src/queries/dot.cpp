// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <queue>
#include <unordered_set>

#include "heaplab/inspector/queries/export.h"
#include "heaplab/inspector/queries/expression.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"
#include "output.h"

namespace heaplab::inspector {
namespace {

std::string dot_text(std::string_view text) {
  std::string result;
  for (const char c : truncate_to_width(printable(text), 60)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

struct Arrow {
  NodeIndex from, to;
  std::string label;
  bool weak;
};

class Drawing {
 public:
  Drawing(const View& view, const DotOptions& options) : view_(view), options_(options) {}

  /// Largest first, a level below the ones already there each time, until there are enough.
  void dominator_tree() {
    using Entry = std::pair<std::uint64_t, NodeIndex>;
    std::priority_queue<Entry> queue;
    std::unordered_map<NodeIndex, unsigned> depth{{options_.node, 0}};
    queue.emplace(view_.retained(options_.node), options_.node);
    while (!queue.empty() && nodes_.size() < options_.limit) {
      const NodeIndex node = queue.top().second;
      queue.pop();
      add(node);
      if (node != options_.node) {
        arrows_.push_back({view_.analysis().dominators[node], node, "", false});
      }
      if (depth[node] == options_.depth) continue;
      for (const NodeIndex child : view_.dominated().of(node)) {
        if (view_.retained(child) < options_.min_size) continue;
        depth[child] = depth[node] + 1;
        queue.emplace(view_.retained(child), child);
      }
    }
  }

  /// Breadth first along edges in both directions.
  void neighbourhood() {
    std::vector<NodeIndex> level{options_.node};
    add(options_.node);
    for (unsigned depth = 0; depth < options_.depth && !level.empty(); ++depth) {
      std::vector<NodeIndex> next;
      for (const NodeIndex node : level) {
        for (const NodeIndex other : neighbours(node)) {
          if (nodes_.size() == options_.limit) break;
          if (view_.retained(other) >= options_.min_size && add(other)) next.push_back(other);
        }
      }
      level = std::move(next);
    }
    for (const NodeIndex node : nodes_) {
      view_.snapshot().for_each_edge(node, [&](const SnapshotEdge& edge) {
        if (!seen_.contains(edge.target)) return;
        arrows_.push_back(
            {node, edge.target, access_step(view_, node, edge).text, edge.kind == EdgeKind::weak});
      });
    }
  }

  void write(const ByteSink& sink) const {
    Output out(sink);
    out << "digraph heap {\n  node [shape=box, fontname=\"sans-serif\", fontsize=10];\n"
           "  edge [fontname=\"sans-serif\", fontsize=9, color=\"#666666\"];\n";
    for (const NodeIndex node : nodes_) {
      out << fmt::format("  n{} [label=\"{}\\n{}  {}\"{}];\n", view_.snapshot().id(node),
                         dot_text(view_.label(node)), view_.id_text(node),
                         format_bytes(view_.retained(node)),
                         node == options_.node ? ", penwidth=2" : "");
    }
    for (const Arrow& arrow : arrows_) {
      out << fmt::format("  n{} -> n{} [label=\"{}\"{}];\n", view_.snapshot().id(arrow.from),
                         view_.snapshot().id(arrow.to), dot_text(arrow.label),
                         arrow.weak ? ", style=dotted" : "");
    }
    out << "}\n";
  }

 private:
  bool add(NodeIndex node) {
    if (!seen_.insert(node).second) return false;
    nodes_.push_back(node);
    return true;
  }

  /// Those that refer to it, then what it refers to; those that retain most first.
  std::vector<NodeIndex> neighbours(NodeIndex node) const {
    const Snapshot& snapshot = view_.snapshot();
    std::vector<NodeIndex> result;
    for (const std::uint32_t edge : view_.retainers().edges_to(node)) {
      if (snapshot.kind(edge) != EdgeKind::weak) result.push_back(snapshot.source(edge));
    }
    for (EdgeIndex edge = snapshot.first_edge(node); edge < snapshot.end_edge(node); ++edge) {
      if (snapshot.kind(edge) != EdgeKind::weak) result.push_back(snapshot.target(edge));
    }
    const std::size_t count = std::min(options_.limit, result.size());
    std::partial_sort(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(count),
                      result.end(), [&](NodeIndex a, NodeIndex b) {
                        const auto size_a = view_.retained(a), size_b = view_.retained(b);
                        return size_a != size_b ? size_a > size_b : a < b;
                      });
    result.resize(count);
    return result;
  }

  const View& view_;
  const DotOptions& options_;
  std::vector<NodeIndex> nodes_;
  std::unordered_set<NodeIndex> seen_;
  std::vector<Arrow> arrows_;
};

}  // namespace

void write_dot(const View& view, const DotOptions& options, const ByteSink& sink) {
  Drawing drawing(view, options);
  if (options.dominators) {
    drawing.dominator_tree();
  } else {
    drawing.neighbourhood();
  }
  drawing.write(sink);
}

}  // namespace heaplab::inspector
