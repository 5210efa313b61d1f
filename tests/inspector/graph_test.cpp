// SPDX-License-Identifier: MIT
#include "heaplab/inspector/graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heaplab/inspector/paths.h"

namespace heaplab::inspector {
namespace {

NodeIndex add(GraphBuilder& builder, std::uint64_t id, const char* name, std::uint64_t size = 16) {
  return builder.add_node({id, builder.text("object"), builder.text(name), size, 0});
}

TEST(Graph, EdgesAddedInAnyOrderAreGroupedBySource) {
  GraphBuilder builder;
  const NodeIndex a = add(builder, 10, "A");
  const NodeIndex b = add(builder, 20, "B", 48);
  builder.add_edge(b, a, EdgeKind::element, 7);
  builder.add_edge(root_node, a, EdgeKind::property, builder.text("first"));
  builder.add_edge(a, b, EdgeKind::context, builder.text("cache"));
  builder.add_edge(root_node, b, EdgeKind::weak, builder.text("second"));
  const Graph graph = builder.build();
  ASSERT_EQ(graph.node_count(), 3u);
  ASSERT_EQ(graph.edge_count(), 4u);
  EXPECT_EQ(graph.first_edge(root_node), 0u);
  EXPECT_EQ(graph.end_edge(root_node), 2u);
  EXPECT_EQ(graph.label(0), "first");
  EXPECT_EQ(graph.label(1), "second");
  EXPECT_FALSE(graph.is_strong(1));
  EXPECT_EQ(graph.target(graph.first_edge(a)), b);
  EXPECT_EQ(graph.label_text(graph.first_edge(b)), "7");
  EXPECT_EQ(graph.name(a), "A");
  EXPECT_EQ(graph.type(a), "object");
  EXPECT_EQ(graph.id(b), 20u);
  EXPECT_EQ(graph.shallow_size(b), 48u);
}

TEST(Graph, AnEdgeToNowhereIsRefused) {
  GraphBuilder builder;
  builder.add_edge(root_node, 5, EdgeKind::element, 0);
  EXPECT_THROW(builder.build(), std::out_of_range);
}

TEST(Paths, ShortestOverStrongEdges) {
  GraphBuilder builder;
  const NodeIndex a = add(builder, 1, "a");
  const NodeIndex b = add(builder, 2, "b");
  const NodeIndex c = add(builder, 3, "c");
  const NodeIndex lost = add(builder, 4, "lost");
  builder.add_edge(root_node, c, EdgeKind::weak, builder.text("w"));
  builder.add_edge(root_node, a, EdgeKind::property, builder.text("a"));
  builder.add_edge(a, b, EdgeKind::property, builder.text("b"));
  builder.add_edge(b, c, EdgeKind::element, 3);
  builder.add_edge(c, a, EdgeKind::property, builder.text("back"));
  const Graph graph = builder.build();
  const Distances distances = breadth_first(graph);
  EXPECT_EQ(distances.distance[c], 3u);
  EXPECT_EQ(distances.distance[lost], Distances::unreached);
  const std::vector<PathStep> path = shortest_path(distances, c);
  ASSERT_EQ(path.size(), 3u);
  EXPECT_EQ(path[0].from, root_node);
  EXPECT_EQ(graph.label(path[1].edge), "b");
  EXPECT_EQ(graph.number(path[2].edge), 3u);
  EXPECT_TRUE(shortest_path(distances, lost).empty());
  EXPECT_TRUE(shortest_path(distances, root_node).empty());
}

}  // namespace
}  // namespace heaplab::inspector
