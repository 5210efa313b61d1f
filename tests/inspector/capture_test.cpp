// SPDX-License-Identifier: MIT
#include "heaplab/inspector/capture.h"

#include <gtest/gtest.h>

#include <cstddef>

#include "heaplab/gc/make_heap.h"
#include "heaplab/inspector/dominators.h"
#include "heaplab/inspector/paths.h"

namespace heaplab::inspector {
namespace {

struct Pair : Object {
  Ref<Object> first;
  Ref<Object> second;
};

TEST(Capture, ShapeNamesAndRetainedSizes) {
  const auto heap = gc::make_heap();
  TypeDescriptor pair;
  pair.name = "Pair";
  pair.fixed_bytes = sizeof(Pair);
  pair.runs = {{sizeof(Object), 2, SlotKind::ref}};
  pair.edge_label = [](const Object&, SlotPosition at) {
    return EdgeLabel{heaplab::EdgeKind::property, 0, at.index == 0 ? "first" : "second"};
  };
  pair.external_bytes = [](const Object& object) { return std::uint64_t{object.payload()}; };
  const TypeId type = heap->register_type(pair);

  Global<Pair> root(*heap, heap->allocate<Pair>(type));
  Pair* list = heap->allocate<Pair>(type, 1000);
  heap->write(root.get(), root->first, static_cast<Object*>(list));
  Pair* next = heap->allocate<Pair>(type, 24);
  next->second.init(root.get());
  heap->write(root->first.get(), static_cast<Pair*>(root->first.get())->second,
              static_cast<Object*>(next));
  heap->allocate<Pair>(type);  // garbage: no node

  const Graph graph = capture(*heap);
  NodeIndex pairs = 0, last = no_node;
  for (NodeIndex n = 0; n < graph.node_count(); ++n) {
    if (graph.name(n) == "Pair") ++pairs;
    if (graph.external(n) == 24) last = n;
  }
  EXPECT_EQ(pairs, 3u);
  ASSERT_NE(last, no_node);
  const Distances distances = breadth_first(graph);
  const auto path = shortest_path(distances, last);
  ASSERT_EQ(path.size(), 4u) << "root, group of roots, root object, list, last";
  EXPECT_EQ(graph.label(path[2].edge), "first");
  EXPECT_EQ(graph.label(path[3].edge), "second");
  const DominatorTree tree = compute_dominators(graph);
  EXPECT_EQ(retained_sizes(graph, tree)[root_node], 3 * sizeof(Pair) + 1024);
}

}  // namespace
}  // namespace heaplab::inspector
