// SPDX-License-Identifier: MIT
#include "heaplab/inspector/dominators.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace heaplab::inspector {
namespace {

using EdgeList = std::vector<std::pair<NodeIndex, NodeIndex>>;

Graph graph_of(NodeIndex nodes, const EdgeList& edges, unsigned weak_every = 0) {
  GraphBuilder builder;
  for (NodeIndex i = 1; i < nodes; ++i) builder.add_node({i, 0, 0, i, i % 3});
  unsigned count = 0;
  for (const auto& [from, to] : edges) {
    const bool weak = weak_every != 0 && ++count % weak_every == 0;
    builder.add_edge(from, to, weak ? EdgeKind::weak : EdgeKind::property, 0);
  }
  return builder.build();
}

/// Which nodes the root reaches when `without` is taken away.
std::vector<bool> reachable(const Graph& graph, NodeIndex without) {
  std::vector<bool> seen(graph.node_count(), false);
  std::vector<NodeIndex> stack;
  if (without != root_node) stack.push_back(root_node), seen[root_node] = true;
  while (!stack.empty()) {
    const NodeIndex node = stack.back();
    stack.pop_back();
    for (EdgeIndex e = graph.first_edge(node); e < graph.end_edge(node); ++e) {
      const NodeIndex target = graph.target(e);
      if (!graph.is_strong(e) || target == without || seen[target]) continue;
      seen[target] = true;
      stack.push_back(target);
    }
  }
  return seen;
}

/// By definition: take each node away and see what is lost.
void check_against_definition(const Graph& graph) {
  const auto count = static_cast<NodeIndex>(graph.node_count());
  const DominatorTree tree = compute_dominators(graph);
  const std::vector<std::uint64_t> retained = retained_sizes(graph, tree);
  const std::vector<bool> alive = reachable(graph, no_node);
  for (NodeIndex d = 0; d < count; ++d) {
    ASSERT_EQ(tree.reached(d), alive[d]) << "node " << d;
    if (!alive[d]) continue;
    const std::vector<bool> left = reachable(graph, d);
    std::uint64_t lost = 0;
    for (NodeIndex n = 0; n < count; ++n) {
      if (!alive[n]) continue;
      const bool dominated = !left[n];
      if (dominated) lost += graph.shallow_size(n);
      NodeIndex above = n;
      while (above != no_node && above != d) above = tree.dominator(above);
      ASSERT_EQ(above == d, dominated) << d << " over " << n;
    }
    ASSERT_EQ(retained[d], lost) << "node " << d;
  }
}

TEST(Dominators, TextbookGraph) {
  // Lengauer and Tarjan 1979, figure 1.
  enum : NodeIndex { R, A, B, C, D, E, F, G, H, I, J, K, L, count };
  const Graph graph = graph_of(count, {{R, A}, {R, B}, {R, C}, {A, D}, {B, A}, {B, D}, {B, E},
                                       {C, F}, {C, G}, {D, L}, {E, H}, {F, I}, {G, I}, {G, J},
                                       {H, E}, {H, K}, {I, K}, {J, I}, {K, I}, {K, R}, {L, H}});
  const DominatorTree tree = compute_dominators(graph);
  const NodeIndex expected[] = {no_node, R, R, R, R, R, C, C, R, R, G, R, D};
  for (NodeIndex n = 0; n < count; ++n) EXPECT_EQ(tree.dominator(n), expected[n]) << n;
}

TEST(Dominators, RandomGraphsAgainstTheDefinition) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    const auto nodes = static_cast<NodeIndex>(2 + random() % 40);
    const std::size_t edge_count = random() % (nodes * 3);
    EdgeList edges;
    for (std::size_t i = 0; i < edge_count; ++i) {
      edges.emplace_back(random() % nodes, random() % nodes);
    }
    ASSERT_NO_FATAL_FAILURE(check_against_definition(graph_of(nodes, edges, round % 2 ? 5 : 0)));
  }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr NodeIndex chain_length = 1'000'000;  // shadow memory costs too much for more
#else
constexpr NodeIndex chain_length = 10'000'000;
#endif

TEST(Dominators, AChainOfTenMillion) {
  constexpr NodeIndex count = chain_length;
  GraphBuilder builder;
  for (NodeIndex i = 1; i < count; ++i) {
    builder.add_node({i, 0, 0, 1, 0});
    builder.add_edge(i - 1, i, EdgeKind::property, 0);
  }
  const Graph graph = builder.build();
  const DominatorTree tree = compute_dominators(graph);
  EXPECT_EQ(tree.dominator(count - 1), count - 2);
  EXPECT_EQ(retained_sizes(graph, tree)[1], count - 1);
}

TEST(Dominators, ALadderThatDefeatsNaiveClimbing) {
  // Two rails with rungs both ways: everything is dominated by the root alone.
  constexpr NodeIndex length = 200'000;
  EdgeList edges{{0, 1}, {0, 2}};
  for (NodeIndex i = 1; i + 2 < 2 * length; ++i) {
    edges.emplace_back(i, i + 2);
    if (i % 2) edges.emplace_back(i, i + 1);
    if (i % 2) edges.emplace_back(i + 1, i);
  }
  const Graph graph = graph_of(2 * length, edges);
  const DominatorTree tree = compute_dominators(graph);
  for (NodeIndex n = 1; n < 2 * length - 1; ++n) ASSERT_EQ(tree.dominator(n), root_node) << n;
}

TEST(Dominators, ARootAlone) {
  const Graph graph = graph_of(1, {});
  EXPECT_TRUE(compute_dominators(graph).reached(root_node));
  EXPECT_EQ(retained_sizes(graph, compute_dominators(graph))[0], 0u);
}

}  // namespace
}  // namespace heaplab::inspector
