// SPDX-License-Identifier: MIT
// DevTools' rules against their plainest possible statement, on random heaps; and on heaps of a
// shape that breaks what recurses or is not quite linear.
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/dominators.h"
#include "snapshot_text.h"

namespace heaplab::inspector {
namespace {

using test::SnapshotText;
using test::TemporaryFile;

/// What is reached from the root over essential edges, and from what nothing retains, without
/// passing through `without`.
std::vector<bool> reached(const Snapshot& snapshot, const Analysis& analysis, NodeIndex without) {
  const NodeIndex count = snapshot.node_count();
  std::vector<bool> seen(count);
  std::vector<bool> retained(count);
  for (NodeIndex node = 0; node < count; ++node) {
    for (const SnapshotEdge& edge : snapshot.edges(node)) {
      if (analysis.essential.contains(snapshot, node, edge.index)) retained[edge.target] = true;
    }
  }
  const auto flood = [&](std::vector<bool>& marks, NodeIndex from, NodeIndex blocked) {
    if (marks[from] || from == blocked) return;
    std::vector<NodeIndex> work = {from};
    marks[from] = true;
    while (!work.empty()) {
      const NodeIndex node = work.back();
      work.pop_back();
      for (const SnapshotEdge& edge : snapshot.edges(node)) {
        if (!analysis.essential.contains(snapshot, node, edge.index) || marks[edge.target] ||
            edge.target == blocked)
          continue;
        marks[edge.target] = true;
        work.push_back(edge.target);
      }
    }
  };
  // Which nodes hang off the root beside its own children does not depend on what is blocked.
  std::vector<NodeIndex> starts = {snapshot.root()};
  std::vector<bool> all(count);
  flood(all, snapshot.root(), no_node);
  for (NodeIndex node = 0; node < count; ++node) {
    if (!retained[node] && !all[node]) {
      starts.push_back(node);
      flood(all, node, no_node);
    }
  }
  for (NodeIndex node = 0; node < count; ++node) {
    if (!all[node]) starts.push_back(node);
  }
  for (const NodeIndex start : starts) flood(seen, start, without);
  return seen;
}

/// What the page reaches: from the root's shortcuts and documents, over all but weak edges.
std::vector<bool> page_of(const Snapshot& snapshot) {
  std::vector<bool> page(snapshot.node_count());
  std::vector<NodeIndex> work;
  const auto reach = [&](NodeIndex node) {
    if (!page[node]) work.push_back(node);
    page[node] = true;
  };
  for (const SnapshotEdge& edge : snapshot.edges(snapshot.root())) {
    if (edge.kind == EdgeKind::shortcut) reach(edge.target);
  }
  while (!work.empty()) {
    const NodeIndex node = work.back();
    work.pop_back();
    for (const SnapshotEdge& edge : snapshot.edges(node)) {
      if (edge.kind != EdgeKind::weak) reach(edge.target);
    }
  }
  return page;
}

TEST(DevTools, EssentialEdgesAreThoseThatRetain) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const TemporaryFile file(test::random_heap(random, 4 + random() % 60).text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot, {1, false});
    const std::vector<bool> page = page_of(snapshot);
    for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
      const std::string table = "(table @" + std::to_string(snapshot.id(node)) + ")";
      for (const SnapshotEdge& edge : snapshot.edges(node)) {
        const bool root = node == snapshot.root();
        const bool from_table = edge.kind == EdgeKind::internal &&
                                snapshot.label_text(edge).ends_with("WeakMap " + table);
        const bool retains = edge.kind != EdgeKind::weak && edge.target != node &&
                             (edge.kind != EdgeKind::shortcut || root) && !from_table &&
                             (root || page[node] || !page[edge.target]);
        ASSERT_EQ(analysis.essential.contains(snapshot, node, edge.index), retains)
            << node << " -> " << edge.target;
      }
    }
  }
}

/// Heaps too large for the plain statement: as the other implementation says, for graphs of any
/// kind. `entries` are referred to by the root; with one, all is below it.
TEST(DevTools, DominatorsOfLargeHeaps) {
  for (const std::size_t entries : {1U, 3U}) {
    constexpr std::size_t count = 150'000;
    std::mt19937_64 random(entries);
    SnapshotText heap;
    GraphBuilder builder;
    heap.add("synthetic", "", 0);
    const auto edge = [&](std::size_t from, std::size_t to) {
      heap.edge(from, from == 0 ? "shortcut" : "property", "a", to);
      builder.add_edge(static_cast<NodeIndex>(from), static_cast<NodeIndex>(to), EdgeKind::property,
                       0);
    };
    for (std::size_t node = 1; node < count; ++node) {
      heap.add("object", "Object", 1);
      builder.add_node({});
    }
    for (std::size_t node = 1; node < count; ++node) {
      edge(node <= entries ? 0 : node - 1 - random() % std::min<std::size_t>(node - 1, 50), node);
      if (random() % 2 == 0) edge(node, 1 + random() % (count - 1));
      if (random() % 4 == 0) edge(node, entries + 1 + random() % 10);
      if (random() % 3 == 0) edge(node, std::min(count - 1, node + random() % 30));
    }
    const TemporaryFile file(heap.text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot);
    const Graph graph = builder.build();
    const DominatorTree tree = compute_dominators(graph);
    for (NodeIndex node = 1; node < count; ++node) {
      ASSERT_EQ(analysis.dominators[node], tree.dominator(node)) << node;
    }
  }
}

TEST(DevTools, RetainedIsWhatIsLostWithoutTheNode) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const TemporaryFile file(test::random_heap(random, 4 + random() % 60).text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot, {1 + seed % 2, false});
    const std::vector<bool> all = reached(snapshot, analysis, no_node);
    for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
      if (node == snapshot.root()) continue;
      const std::vector<bool> without = reached(snapshot, analysis, node);
      std::uint64_t lost = 0;
      for (NodeIndex other = 0; other < snapshot.node_count(); ++other) {
        ASSERT_TRUE(all[other]);
        if (!without[other]) lost += analysis.shallow_sizes[other];
      }
      ASSERT_EQ(analysis.retained[node], lost) << "node " << node;
      ASSERT_FALSE(node != snapshot.root() && without[node]);
    }
  }
}

/// DevTools' rule for shallow sizes, by asking of each part which objects reach it over parts.
TEST(DevTools, PartsBelongToTheirOnlyOwner) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(1000 + seed);
    const SnapshotText heap = test::random_heap(random, 4 + random() % 40);
    const TemporaryFile file(heap.text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot);
    const NodeIndex count = snapshot.node_count();
    const auto part = [&](NodeIndex node) {
      return snapshot.type(node) == NodeType::hidden || snapshot.type(node) == NodeType::array ||
             (snapshot.type(node) == NodeType::native &&
              snapshot.name(node) == "system / ExternalStringData");
    };
    bool user_roots = false;
    for (const SnapshotEdge& edge : snapshot.edges(0)) {
      user_roots = user_roots || snapshot.type(edge.target) != NodeType::synthetic;
    }
    std::vector<std::set<NodeIndex>> owners(count);
    for (NodeIndex object = 0; object < count && user_roots; ++object) {
      if (part(object)) continue;
      std::vector<NodeIndex> work = {object};
      std::vector<bool> seen(count);
      while (!work.empty()) {
        const NodeIndex node = work.back();
        work.pop_back();
        for (const SnapshotEdge& edge : snapshot.edges(node)) {
          if (edge.kind == EdgeKind::weak || !part(edge.target) || seen[edge.target]) continue;
          seen[edge.target] = true;
          owners[edge.target].insert(object);
          work.push_back(edge.target);
        }
      }
    }
    std::vector<std::uint64_t> sizes(count);
    for (NodeIndex node = 0; node < count; ++node) sizes[node] = snapshot.self_size(node);
    for (NodeIndex node = 0; node < count; ++node) {
      if (owners[node].size() != 1) continue;
      const NodeIndex owner = *owners[node].begin();
      if (owner == 0 || snapshot.type(owner) == NodeType::synthetic) continue;
      sizes[owner] += snapshot.self_size(node);
      sizes[node] -= snapshot.self_size(node);
    }
    for (NodeIndex node = 0; node < count; ++node) {
      ASSERT_EQ(analysis.shallow_sizes[node], sizes[node]) << "node " << node;
    }
  }
}

/// DevTools' classes: the retained size of a class counts what its outermost instances retain.
TEST(DevTools, ClassesAddUp) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(2000 + seed);
    SnapshotText heap = test::random_heap(random, 80);
    heap.locations = {{5, 1, 2, 3}, {7, 1, 2, 3}};
    const TemporaryFile file(heap.text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot);
    const Classes classes = classify(snapshot, analysis);
    std::vector<ClassTotals> rows(classes.rows.size());
    for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
      const std::uint32_t row = classes.of_node[node];
      ASSERT_EQ(row == Classes::none, analysis.shallow_sizes[node] == 0);
      if (row == Classes::none) continue;
      ++rows[row].count;
      rows[row].self += analysis.shallow_sizes[node];
      bool outermost = true;
      for (NodeIndex above = node; above != snapshot.root();) {
        above = analysis.dominators[above];
        outermost = outermost && classes.of_node[above] != row;
      }
      if (outermost) rows[row].retained += analysis.retained[node];
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(classes.rows[i].count, rows[i].count) << classes.rows[i].key;
      EXPECT_EQ(classes.rows[i].self, rows[i].self) << classes.rows[i].key;
      EXPECT_EQ(classes.rows[i].retained, rows[i].retained) << classes.rows[i].key;
    }
  }
}

TEST(DevTools, PlainObjectsGetTheNameOfTheirProperties) {
  SnapshotText heap;
  heap.add("synthetic", "", 0);
  const std::size_t global = heap.add("object", "global", 8);
  heap.edge(0, "shortcut", "global", global);
  const std::size_t text = heap.add("string", "text", 16);
  const auto plain = [&](std::vector<std::string> properties) {
    const std::size_t object = heap.add("object", "Object", 32);
    heap.element(global, object, object);
    heap.edge(object, "property", "__proto__", text);
    for (const std::string& property : properties) heap.edge(object, "property", property, text);
    return object;
  };
  const std::size_t pair = plain({"id", "url"});
  const std::size_t swapped = plain({"url", "id"});
  plain({"id", "url"});
  const std::size_t more = plain({"id", "url", "rare"});
  const std::size_t other = plain({"unique"});
  plain({"odd,name", "b"});
  const std::size_t odd = plain({"odd,name", "b"});
  const TemporaryFile file(heap.text());
  const Snapshot snapshot = read_snapshot(file.path());
  const Classes classes = classify(snapshot, analyse(snapshot));
  const auto name = [&](std::size_t node) { return classes.rows[classes.of_node[node]].name; };
  EXPECT_EQ(name(pair), "{id, url}");
  EXPECT_EQ(name(swapped), "{id, url}");
  EXPECT_EQ(name(more), "{id, url}");
  EXPECT_EQ(name(other), "Object");
  EXPECT_EQ(name(odd), "{\"odd,name\", b}");
}

TEST(DevTools, DetachednessSpreadsOverNativeNodes) {
  SnapshotText heap;
  heap.add("synthetic", "", 0);
  const std::size_t document = heap.add("native", "Document", 10);
  const std::size_t tree = heap.add("native", "<div id=1>", 10);
  const std::size_t child = heap.add("native", "<p class=x>", 10);
  const std::size_t both = heap.add("native", "<b>", 10);
  heap.nodes[document].detachedness = 1;
  heap.nodes[tree].detachedness = 2;
  heap.edge(0, "shortcut", "document", document);
  heap.edge(0, "shortcut", "tree", tree);
  heap.edge(tree, "property", "child", child);
  heap.edge(tree, "property", "both", both);
  heap.edge(document, "property", "both", both);
  const TemporaryFile file(heap.text());
  const Snapshot snapshot = read_snapshot(file.path());
  const Analysis analysis = analyse(snapshot);
  EXPECT_TRUE(analysis.detached(static_cast<NodeIndex>(child)));
  EXPECT_FALSE(analysis.detached(static_cast<NodeIndex>(both)));
  const Classes classes = classify(snapshot, analysis);
  EXPECT_EQ(classes.rows[classes.of_node[child]].name, "Detached <p>");
  EXPECT_EQ(classes.rows[classes.of_node[both]].name, "<b>");
}

TEST(DevTools, AWeakMapValueBelongsToItsKey) {
  SnapshotText heap;
  heap.add("synthetic", "", 0);
  const std::size_t global = heap.add("object", "global", 8);
  const std::size_t table = heap.add("array", "", 100);
  const std::size_t key = heap.add("object", "Key", 20);
  const std::size_t value = heap.add("object", "Value", 3000);
  heap.edge(0, "shortcut", "global", global);
  heap.edge(global, "property", "table", table);
  heap.edge(global, "property", "key", key);
  const std::string pair = " / part of key (Key @7) -> value (Value @9) pair in WeakMap (table @5)";
  heap.edge(table, "internal", "1" + pair, value);
  heap.edge(key, "internal", "2" + pair, value);
  const TemporaryFile file(heap.text());
  const Snapshot snapshot = read_snapshot(file.path());
  const Analysis analysis = analyse(snapshot);
  EXPECT_EQ(analysis.dominators[value], key);
  EXPECT_EQ(analysis.retained[key], 3020U);
  EXPECT_EQ(analysis.distances[value], 3);
}

/// A long list, and one with a way back from every node to the start.
TEST(DevTools, DeepHeaps) {
  constexpr std::uint32_t length = 400'000;
  for (const bool way_back : {false, true}) {
    SnapshotText heap;
    heap.add("synthetic", "", 0);
    const std::size_t global = heap.add("object", "global", 8);
    heap.edge(0, "shortcut", "global", global);
    std::size_t last = global;
    for (std::uint32_t i = 0; i < length; ++i) {
      const std::size_t node = heap.add("object", "Node", 10);
      heap.edge(last, "property", "next", node);
      if (way_back) heap.edge(node, "property", "first", global);
      last = node;
    }
    const TemporaryFile file(heap.text());
    const Snapshot snapshot = read_snapshot(file.path());
    const Analysis analysis = analyse(snapshot);
    EXPECT_EQ(analysis.retained[global], 8 + 10ULL * length);
    EXPECT_EQ(analysis.distances[last], static_cast<std::int32_t>(length + 1));
    EXPECT_EQ(analysis.dominators[last], last - 1);
    const Classes classes = classify(snapshot, analysis);
    EXPECT_EQ(classes.rows[classes.of_node[last]].retained, 10ULL * length);
  }
}

}  // namespace
}  // namespace heaplab::inspector
