// SPDX-License-Identifier: MIT
#include "devtools/rules.h"

namespace heaplab::inspector {
namespace {

/// Nodes the page (the program) reaches: from the root's shortcuts, that is the global objects, and
/// from documents, over all but weak edges.
Bits find_page_nodes(const Snapshot& snapshot, const RuleFacts& facts) {
  Bits page(snapshot.node_count());
  std::vector<NodeIndex> work;
  const auto reach = [&](NodeIndex node) {
    if (page.add(node)) work.push_back(node);
  };
  for (const std::uint32_t word : snapshot.edge_words(snapshot.root())) {
    const NodeIndex target = word & Snapshot::target_mask;
    const auto kind = EdgeKind(word >> Snapshot::kind_shift);
    if (kind == EdgeKind::shortcut ||
        (kind == EdgeKind::element && facts.is_document_trees(target))) {
      reach(target);
    }
  }
  while (!work.empty()) {
    const NodeIndex node = work.back();
    work.pop_back();
    for (const std::uint32_t word : snapshot.edge_words(node)) {
      if (EdgeKind(word >> Snapshot::kind_shift) != EdgeKind::weak) {
        reach(word & Snapshot::target_mask);
      }
    }
  }
  return page;
}

}  // namespace

Bits find_essential_edges(const Snapshot& snapshot, const RuleFacts& facts) {
  const Bits page = find_page_nodes(snapshot, facts);
  Bits essential(snapshot.edge_count());
  const NodeIndex root = snapshot.root();
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const bool from_root = node == root;
    // An edge from outside the page into it does not retain: only the page's own edges do.
    const bool from_outside = !from_root && !page[node];
    EdgeIndex edge = snapshot.first_edge(node);
    for (const std::uint32_t word : snapshot.edge_words(node)) {
      const NodeIndex target = word & Snapshot::target_mask;
      const auto kind = EdgeKind(word >> Snapshot::kind_shift);
      const bool retains = kind != EdgeKind::weak && target != node &&
                           (kind != EdgeKind::shortcut || from_root) &&
                           !(from_outside && page[target]);
      if (retains) essential.set(edge);
      ++edge;
    }
  }
  // An entry's value is kept by its key, not by the table.
  for (const auto& entry : facts.weak_map_edges()) {
    if (entry.from_table) essential.clear(entry.edge);
  }
  return essential;
}

}  // namespace heaplab::inspector
