// SPDX-License-Identifier: MIT
#include "heaplab/inspector/paths.h"

#include <algorithm>

namespace heaplab::inspector {

Distances breadth_first(const Graph& graph) {
  Distances result;
  result.distance.assign(graph.node_count(), Distances::unreached);
  result.parent_edge.assign(graph.node_count(), no_edge);
  result.parent.assign(graph.node_count(), no_node);
  std::vector<NodeIndex> queue{root_node};
  queue.reserve(graph.node_count());
  result.distance[root_node] = 0;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    const NodeIndex node = queue[head];
    for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
      const NodeIndex target = graph.target(edge);
      if (!graph.is_strong(edge) || result.distance[target] != Distances::unreached) continue;
      result.distance[target] = result.distance[node] + 1;
      result.parent_edge[target] = edge;
      result.parent[target] = node;
      queue.push_back(target);
    }
  }
  return result;
}

std::vector<PathStep> shortest_path(const Distances& distances, NodeIndex node) {
  std::vector<PathStep> path;
  while (distances.parent[node] != no_node) {
    path.push_back({distances.parent[node], distances.parent_edge[node]});
    node = distances.parent[node];
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace heaplab::inspector
