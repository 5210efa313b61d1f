// SPDX-License-Identifier: MIT
// Graphs of any shape: the bytes are edges, and what the algorithms say of the graph is checked
// against its definition. A node's dominator is the last node on every path to it; what a node
// retains is what is not reached without it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "memory_file.h"

namespace {

using namespace heaplab;
using namespace heaplab::inspector;

/// Up to 64 nodes; each pair of bytes is an edge, the top bits of the first choose its type.
std::string snapshot_of(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t count = 64;
  std::vector<std::vector<std::pair<int, std::size_t>>> edges(count);
  for (std::size_t i = 0; i + 1 < size && i < 1024; i += 2) {
    constexpr int types[4] = {2, 2, 5, 6};  // property, property, shortcut, weak
    edges[data[i] % count].emplace_back(types[data[i] / 64], data[i + 1] % count);
  }
  std::string nodes, edge_text;
  for (std::size_t node = 0; node < count; ++node) {
    const int type = node == 0 ? 9 : static_cast<int>(node % 5 == 4 ? 1 : 3);
    if (node > 0) nodes += ',';
    nodes += std::to_string(type) + ",0," + std::to_string(2 * node + 1) + "," +
             std::to_string(node + 1) + "," + std::to_string(edges[node].size());
    for (const auto& [kind, to] : edges[node]) {
      if (!edge_text.empty()) edge_text += ',';
      edge_text += std::to_string(kind) + ",0," + std::to_string(to * 5);
    }
  }
  return R"({"snapshot":{"meta":{"node_fields":["type","name","id","self_size","edge_count"],)"
         R"("node_types":[["hidden","array","string","object","code","closure","regexp","number",)"
         R"("native","synthetic"]],"edge_fields":["type","name_or_index","to_node"],)"
         R"("edge_types":[["context","element","property","internal","hidden","shortcut","weak"]]}},)"
         R"("nodes":[)" +
         nodes + R"(],"edges":[)" + edge_text + R"(],"strings":[""]})";
}

std::vector<bool> reached(const Snapshot& snapshot, const Analysis& analysis,
                          const std::vector<NodeIndex>& starts, NodeIndex without) {
  std::vector<bool> seen(snapshot.node_count());
  std::vector<NodeIndex> work;
  for (const NodeIndex start : starts) {
    if (start != without && !seen[start]) {
      seen[start] = true;
      work.push_back(start);
    }
    while (!work.empty()) {
      const NodeIndex node = work.back();
      work.pop_back();
      for (const SnapshotEdge& edge : snapshot.edges(node)) {
        if (!analysis.essential.contains(snapshot, node, edge.index) || edge.target == without ||
            seen[edge.target])
          continue;
        seen[edge.target] = true;
        work.push_back(edge.target);
      }
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(snapshot_of(data, size));
  const Snapshot snapshot = read_snapshot(file.path(), {false, 1});
  const Analysis analysis = analyse(snapshot, {1, false});
  std::vector<bool> retained(snapshot.node_count());
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    for (const SnapshotEdge& edge : snapshot.edges(node)) {
      if (analysis.essential.contains(snapshot, node, edge.index)) retained[edge.target] = true;
    }
  }
  // What hangs off the root beside its own children: DevTools' rule.
  std::vector<NodeIndex> starts = {snapshot.root()};
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (!retained[node] && node != snapshot.root()) starts.push_back(node);
  }
  const std::vector<bool> searched = reached(snapshot, analysis, starts, no_node);
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (!searched[node]) starts.push_back(node);
  }
  for (NodeIndex node = 1; node < snapshot.node_count(); ++node) {
    const std::vector<bool> without = reached(snapshot, analysis, starts, node);
    std::uint64_t lost = 0;
    for (NodeIndex other = 0; other < snapshot.node_count(); ++other) {
      if (!without[other]) lost += analysis.shallow_sizes[other];
    }
    if (lost != analysis.retained[node]) std::abort();
    if (without[node] || (analysis.dominators[node] >= snapshot.node_count())) std::abort();
  }
  return 0;
}
