// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/closures.h"

#include <algorithm>

#include "heaplab/inspector/queries/top.h"

namespace heaplab::inspector {

ClosureContext describe_context(const View& view, NodeIndex context, std::size_t examples) {
  const Snapshot& snapshot = view.snapshot();
  ClosureContext result{.node = context};
  snapshot.for_each_edge(context, [&](const SnapshotEdge& edge) {
    // Slots whose variable V8 does not know have a number alone.
    if (edge.kind != EdgeKind::context && edge.kind != EdgeKind::hidden) return;
    const std::string name = view.label_text(edge);
    result.variables.push_back({edge.kind == EdgeKind::hidden ? "[[" + name + "]]" : name,
                                edge.target, view.analysis().dominators[edge.target] == context});
  });
  std::stable_sort(result.variables.begin(), result.variables.end(),
                   [&](const ClosureVariable& a, const ClosureVariable& b) {
                     if (a.only_here != b.only_here) return a.only_here;
                     return view.retained(a.value) > view.retained(b.value);
                   });
  for (const std::uint32_t edge : view.retainers().edges_to(context)) {
    const NodeIndex from = snapshot.source(edge);
    if (snapshot.kind(edge) != EdgeKind::internal || snapshot.type(from) != NodeType::closure) {
      continue;
    }
    ++result.functions;
    if (result.examples.size() < examples) result.examples.push_back(from);
  }
  return result;
}

std::vector<ClosureContext> largest_contexts(const View& view, std::size_t limit,
                                             std::uint64_t* total) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<NodeIndex> contexts;
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (snapshot.type(node) == NodeType::object &&
        snapshot.name_index(node) == view.words().context_node) {
      contexts.push_back(node);
    }
  }
  if (total != nullptr) *total = contexts.size();
  std::vector<ClosureContext> result;
  for (const NodeIndex node : first_of(view, std::move(contexts), NodeOrder::retained, limit)) {
    result.push_back(describe_context(view, node));
  }
  return result;
}

}  // namespace heaplab::inspector
