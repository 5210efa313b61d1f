// SPDX-License-Identifier: MIT
// What `heaplab inspect` asks, on a heap small enough to know the answers, and on random heaps
// against plainer ways to find them.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "heaplab/inspector/queries/closures.h"
#include "heaplab/inspector/queries/collections.h"
#include "heaplab/inspector/queries/diff.h"
#include "heaplab/inspector/queries/filter.h"
#include "heaplab/inspector/queries/liveness.h"
#include "heaplab/inspector/queries/retaining_paths.h"
#include "heaplab/inspector/queries/strings.h"
#include "heaplab/inspector/queries/tables.h"
#include "heaplab/inspector/queries/top.h"
#include "shop_heap.h"

namespace heaplab::inspector {
namespace {

using test::node;
using test::ShopHeap;
using test::SnapshotText;

TEST(Tables, KindFollowsFromSize) {
  for (std::uint64_t buckets = 2; buckets <= 1 << 20; buckets *= 2) {
    for (const unsigned word : {4U, 8U}) {
      const auto bytes = [&](std::uint64_t slots) { return word * (2 + 3 + slots); };
      const auto map = table_layout(bytes(7 * buckets));
      ASSERT_TRUE(map && map->kind == TableLayout::Kind::map) << buckets;
      EXPECT_EQ(map->word, word);
      EXPECT_EQ(map->capacity, 2 * buckets);
      EXPECT_EQ(map->first_slot, 3 + buckets);
      const auto set = table_layout(bytes(5 * buckets));
      ASSERT_TRUE(set && set->kind == TableLayout::Kind::set) << buckets;
      EXPECT_EQ(set->word, word);
      const auto weak = table_layout(bytes(2 * buckets));
      ASSERT_TRUE(weak && weak->kind == TableLayout::Kind::weak) << buckets;
      EXPECT_EQ(weak->word, word);
    }
  }
  for (const std::uint64_t bytes : {0U, 8U, 16U, 40U, 41U, 48U, 1000U}) {
    EXPECT_FALSE(table_layout(bytes)) << bytes;
  }
}

TEST(Tables, OfOurOwnHeap) {
  for (const bool map : {true, false}) {
    SnapshotText text;
    text.add("synthetic", "", 0);
    const std::size_t owner = text.add("object", map ? "Map" : "Set", 32);
    const std::size_t table = text.add("array", "", 32 + (map ? 128 : 64));
    text.element(0, 1, owner);
    text.edge(owner, "internal", "table", table);
    text.edge(table, "internal", "index", text.add("hidden", "system / HashIndex", 8 + 8 * 8));
    text.edge(table, "internal", "2", text.add("string", "two", 24));
    text.edge(table, "internal", "3", text.add("string", "three", 24));
    const View view = ShopHeap::view_of(text);
    const auto list = find_collections(view);
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0].capacity, 8U);
    EXPECT_EQ(list[0].visible, map ? 1U : 2U);
    std::vector<std::string> names;
    for (const AccessStep& step : collection_entries(view, node(owner), 9)) {
      names.push_back(step.text);
    }
    EXPECT_EQ(names, map ? (std::vector<std::string>{".keys()[1]", ".get(\"two\")"})
                         : (std::vector<std::string>{".values()[2]", ".values()[3]"}));
  }
}

TEST(Expressions, PropertiesAreWrittenAsInSource) {
  EXPECT_EQ(property_access("name"), ".name");
  EXPECT_EQ(property_access("$_1"), ".$_1");
  EXPECT_EQ(property_access("#secret"), ".#secret");
  EXPECT_EQ(property_access("1st"), "[\"1st\"]");
  EXPECT_EQ(property_access(""), "[\"\"]");
  EXPECT_EQ(property_access("a \"b\" \\"), "[\"a \\\"b\\\" \\\\\"]");
  EXPECT_EQ(property_access("<symbol kIsReady>"), "[Symbol(kIsReady)]");
  EXPECT_EQ(property_access("<symbol Symbol.iterator>"), "[Symbol.iterator]");
}

TEST(RetainingPaths, AreNamedAsAProgramNamesThem) {
  const ShopHeap heap;
  const View view = heap.view();
  const RetainingPaths paths = find_retaining_paths(view, node(heap.data), 5);
  EXPECT_EQ(paths.shortest.expression.text, "globalThis.app.cache.get(\"x\").data");
  EXPECT_EQ(paths.shortest.edges.size(), 6U);
  ASSERT_EQ(paths.telling.size(), 1U);
  EXPECT_EQ(paths.telling[0].expression.text, "sessions.get(\"x\").data");
  EXPECT_EQ(paths.telling[0].expression.closure, node(heap.handle));
  EXPECT_EQ(view.location(node(heap.handle)), "/srv/app.js:12:5");

  const auto text = [&](std::size_t target) {
    return find_retaining_paths(view, node(target), 1).shortest.expression.text;
  };
  EXPECT_EQ(text(heap.second), "globalThis.app.cache.get(<integer>)");
  EXPECT_EQ(text(heap.table), "globalThis.app[\"odd name\"]");
  EXPECT_EQ(text(heap.script), "globalThis.handle.[[shared]].[[script]]");
  EXPECT_EQ(text(heap.big), "big");
  EXPECT_TRUE(find_retaining_paths(view, node(heap.lost), 3).telling.empty());
}

TEST(RetainingPaths, OfAMillionSteps) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  text.add("object", "global", 8);
  text.element(0, 2, 1);
  for (int i = 0; i < 300'000; ++i) {
    const std::size_t next = text.add("object", "Item", 16);
    text.edge(next - 1, "property", next == 2 ? "first" : "next", next);
  }
  const View view = ShopHeap::view_of(text);
  const RetainingPaths paths =
      find_retaining_paths(view, static_cast<NodeIndex>(view.snapshot().node_count() - 1), 4);
  EXPECT_EQ(paths.shortest.edges.size(), 300'001U);
  EXPECT_LT(paths.shortest.steps.size(), 1000U);
  EXPECT_EQ(paths.shortest.omitted + paths.shortest.steps.size(), 300'001U);
  EXPECT_TRUE(paths.shortest.expression.text.starts_with("globalThis.first.next{×"));
  EXPECT_TRUE(paths.telling.empty());
}

/// Leads from the root to the node over edges that retain, and meets no node twice.
void expect_path(const View& view, const RetainingPath& path, NodeIndex target) {
  const Snapshot& snapshot = view.snapshot();
  NodeIndex at = snapshot.root();
  std::set<NodeIndex> seen{at};
  for (const EdgeIndex edge : path.edges) {
    EXPECT_EQ(snapshot.source(edge), at);
    EXPECT_TRUE(view.analysis().essential.contains(snapshot, at, edge));
    at = snapshot.target(edge);
    EXPECT_TRUE(seen.insert(at).second);
  }
  EXPECT_EQ(at, target);
  std::size_t edges = 0;
  for (const AccessStep& step : path.steps) edges += step.edges.size();
  EXPECT_EQ(edges, path.edges.size());
}

TEST(RetainingPaths, OfRandomHeapsAreTrue) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 12; ++round) {
    const View view = ShopHeap::view_of(test::random_heap(random, 10 + random() % 60));
    for (NodeIndex target = 1; target < view.snapshot().node_count(); ++target) {
      const RetainingPaths paths = find_retaining_paths(view, target, 4);
      std::set<std::vector<EdgeIndex>> different;
      for (const RetainingPath& path : paths.telling) {
        expect_path(view, path, target);
        EXPECT_TRUE(different.insert(path.edges).second);
      }
      const std::int32_t distance = view.analysis().distances[target];
      if (!paths.shortest.edges.empty() && distance < distance_root) {
        EXPECT_EQ(paths.shortest.edges.size(), static_cast<std::size_t>(distance));
      }
    }
  }
}

TEST(Collections, CountEntriesAndRoom) {
  const ShopHeap heap;
  const View view = heap.view();
  std::map<NodeIndex, Collection> found;
  for (const Collection& c : find_collections(view)) found[c.node] = c;
  ASSERT_EQ(found.size(), 4U);
  const Collection& map = found.at(node(heap.cache));
  EXPECT_EQ(map.kind, CollectionKind::map);
  EXPECT_EQ(map.visible, 2U);
  EXPECT_EQ(map.capacity, 4U);
  const Collection& set = found.at(node(heap.tags));
  EXPECT_EQ(set.kind, CollectionKind::set);
  EXPECT_EQ(set.visible, 2U);
  const Collection& dictionary = found.at(node(heap.table));
  EXPECT_EQ(dictionary.kind, CollectionKind::dictionary);
  EXPECT_EQ(dictionary.visible, 2U);
  EXPECT_EQ(dictionary.capacity, 8U);
  const Collection& array = found.at(node(heap.big));
  EXPECT_EQ(array.visible, 1U);
  EXPECT_EQ(array.capacity, 16U);
  EXPECT_EQ(array.unused(), 144U * 15 / 16);
}

TEST(Collections, EntriesAreNamed) {
  const ShopHeap heap;
  const View view = heap.view();
  std::vector<std::string> texts;
  for (const AccessStep& step : collection_entries(view, node(heap.cache), 10)) {
    texts.push_back(step.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{".keys()[0]", ".get(\"x\")", ".get(<integer>)"}));
  EXPECT_EQ(collection_entries(view, node(heap.tags), 1).size(), 1U);
  EXPECT_TRUE(collection_entries(view, node(heap.app), 10).empty());
}

TEST(Strings, DuplicatesAreFound) {
  const ShopHeap heap;
  const StringReport report = report_strings(heap.view(), 10);
  EXPECT_EQ(report.count, 4U);
  EXPECT_EQ(report.texts, 3U);
  EXPECT_EQ(report.bytes, 1080U);
  EXPECT_EQ(report.wasted, 24U);
  ASSERT_EQ(report.duplicates.size(), 1U);
  EXPECT_EQ(report.duplicates[0].count, 2U);
  EXPECT_EQ(report.largest.front(), node(heap.data));
}

TEST(Strings, LongOnesAreDuplicatesOnlyIfTheirSizesAgree) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  text.add("object", "global", 8);
  text.element(0, 2, 1);
  const std::string prefix(1024, 'a');
  for (const std::uint64_t size : {2000U, 3000U, 3000U}) {
    text.edge(1, "property", "s" + std::to_string(text.nodes.size()), text.nodes.size());
    text.add("string", prefix, size);
  }
  const StringReport report = report_strings(ShopHeap::view_of(text), 10);
  ASSERT_EQ(report.duplicates.size(), 1U);
  EXPECT_TRUE(report.duplicates[0].maybe);
  EXPECT_EQ(report.duplicates[0].wasted, 3000U);
}

TEST(Closures, ContextsSayWhatTheyKeep) {
  const ShopHeap heap;
  const View view = heap.view();
  std::uint64_t total = 0;
  const auto contexts = largest_contexts(view, 10, &total);
  ASSERT_EQ(total, 1U);
  EXPECT_EQ(contexts[0].functions, 1U);
  EXPECT_EQ(contexts[0].examples, std::vector<NodeIndex>{node(heap.handle)});
  ASSERT_EQ(contexts[0].variables.size(), 2U);
  EXPECT_EQ(contexts[0].variables[0].name, "big");
  EXPECT_TRUE(contexts[0].variables[0].only_here);
  EXPECT_FALSE(contexts[0].variables[1].only_here);
}

TEST(Liveness, GarbageAndDetachedNodes) {
  ShopHeap heap;
  const View view = heap.view();
  EXPECT_EQ(unreachable_nodes(view.snapshot()), std::vector<NodeIndex>{node(heap.lost)});
  EXPECT_FALSE(has_detachedness(view.snapshot()));
  EXPECT_TRUE(detached_nodes(view.snapshot()).empty());
  const auto groups = group_by_class(view, {node(heap.first), node(heap.second)});
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].count, 2U);

  SnapshotText page;
  page.add("synthetic", "", 0);
  const std::size_t window = page.add("object", "Window", 8);
  const std::size_t detached = page.add("native", "<div>", 100);
  const std::size_t child = page.add("native", "<p>", 50);
  page.element(0, 1, window);
  page.edge(window, "property", "kept", detached);
  page.edge(detached, "internal", "first_child", child);
  page.nodes[detached].detachedness = 2;
  const View view_of_page = ShopHeap::view_of(page);
  EXPECT_EQ(detached_nodes(view_of_page.snapshot()),
            (std::vector<NodeIndex>{node(detached), node(child)}));
}

TEST(Top, OrdersAndTotals) {
  const ShopHeap heap;
  const View view = heap.view();
  const auto top = top_nodes(view, NodeOrder::retained, 3);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0], node(heap.global));
  EXPECT_EQ(top_nodes(view, NodeOrder::self, 1)[0], node(heap.data));
  EXPECT_EQ(first_of(view, {node(5), node(4)}, NodeOrder::id, 9), (std::vector<NodeIndex>{4, 5}));
  std::uint64_t count = 0;
  for (const TypeTotals& row : totals_by_type(view)) count += row.count;
  EXPECT_EQ(count, view.snapshot().node_count());
}

std::vector<NodeIndex> select(const View& view, const char* text) {
  return Filter(text).select(view);
}

TEST(Filters, ChooseNodes) {
  const ShopHeap heap;
  const View view = heap.view();
  using Nodes = std::vector<NodeIndex>;
  const Nodes dups = {node(heap.dup1), node(heap.dup2)};
  EXPECT_EQ(select(view, "name = dup"), dups);
  EXPECT_EQ(select(view, "name ~ /^D/i and type=string"), dups);
  EXPECT_EQ(select(view, "name ~ 'u.$' && self < 30"), Nodes{node(heap.dup2)});
  EXPECT_EQ(select(view, "(name = dup or name = x) and not (self = 32)"),
            (Nodes{node(heap.key), node(heap.dup2)}));
  EXPECT_EQ(select(view, "id = @3 || id = 5"), (Nodes{1, 2}));
  EXPECT_EQ(select(view, "class = Session").size(), 2U);
  EXPECT_EQ(select(view, "type = string and self >= 0.9K"), Nodes{node(heap.data)});
  EXPECT_EQ(select(view, "distance < 0"), Nodes{node(heap.lost)});
  EXPECT_EQ(select(view, "name !~ /./").size(), 3U);  // the root and two tables
  EXPECT_EQ(select(view, "edges > 2 and type = array"), Nodes{node(heap.cache_table)});
  EXPECT_EQ(select(view, "not not id > 0").size(), heap.text.nodes.size());
  // Such a pattern takes for ever without a limit; it must end, whatever it says.
  select(view, "name ~ /(a+)+$/ or name ~ /(p|pa|ay|payl)*X/");
}

TEST(Filters, SayWhereTheyAreWrong) {
  const std::vector<std::pair<std::string, std::size_t>> wrong = {
      {"", 0},
      {"nam = x", 0},
      {"name x", 5},
      {"name =", 6},
      {"name = x and", 12},
      {"name = x y", 9},
      {"(name = x", 9},
      {"name ~ /a", 7},
      {"name ~ /a(/", 9},
      {"name = \"a", 7},
      {"self ~ 3", 5},
      {"self > many", 7},
      {"self > 'x'", 7},
      {"name = /x/", 7},
      {"self > 1e99", 7},
      {"name = x ) ", 9},
      {"name & x", 5},
  };
  for (const auto& [text, position] : wrong) {
    try {
      const Filter filter(text);
      ADD_FAILURE() << text << " was accepted";
    } catch (const FilterError& error) {
      EXPECT_EQ(error.position(), position) << text << ": " << error.what();
    }
  }
  EXPECT_THROW(Filter(std::string(100'000, '(')), FilterError);
  EXPECT_THROW(Filter(std::string(100'000, '!')), FilterError);
}

TEST(Diffs, OfTwoKnownHeaps) {
  ShopHeap before;
  ShopHeap after;
  after.text.nodes[after.second].id = 1001;  // another session
  after.text.nodes[after.data].size = 5000;
  const std::size_t more = after.text.add("object", "Session", 56);
  after.text.edge(after.cache_table, "internal", "12", more);
  const View view = after.view();
  const Diff result = diff(DiffBase(before.view()), view, 10);
  EXPECT_EQ(result.nodes_after, result.nodes_before + 1);
  EXPECT_EQ(result.common, before.text.nodes.size() - 1);
  ASSERT_EQ(result.classes.size(), 1U);
  EXPECT_EQ(result.classes[0].name, "Session");
  EXPECT_EQ(result.classes[0].added, 2U);
  EXPECT_EQ(result.classes[0].removed, 1U);
  EXPECT_EQ(result.classes[0].count_delta(), 1);
  EXPECT_EQ(result.classes[0].size_delta(), 56);
  EXPECT_EQ(result.classes[0].examples.size(), 2U);
  ASSERT_FALSE(result.grown.empty());
  std::set<NodeIndex> grown;
  for (const GrownNode& entry : result.grown) grown.insert(entry.node);
  EXPECT_TRUE(grown.contains(node(after.data)));
  EXPECT_TRUE(grown.contains(node(after.cache)));
  EXPECT_FALSE(grown.contains(node(after.big)));
}

/// `count` plain objects {id, url} with ids from `first_id`.
SnapshotText plain_objects(std::uint64_t first_id, int count) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  text.add("object", "global", 8);
  text.element(0, 2, 1);
  const std::size_t value = text.add("string", "v", 24);
  for (int i = 0; i < count; ++i) {
    const std::size_t object = text.add("object", "Object", 32);
    text.nodes[object].id = first_id + 2 * static_cast<std::uint64_t>(i);
    text.element(1, static_cast<std::uint64_t>(i), object);
    text.edge(object, "property", "id", value);
    text.edge(object, "property", "url", value);
  }
  return text;
}

TEST(Diffs, PlainObjectsAreNamedByTheInterfacesOfTheSecond) {
  const View one = ShopHeap::view_of(plain_objects(101, 1));  // too few to infer from
  const View three = ShopHeap::view_of(plain_objects(201, 3));
  const auto grown = diff(DiffBase(one), three, 5).classes;
  ASSERT_EQ(grown.size(), 1U);
  EXPECT_EQ(grown[0].name, "{id, url}");
  EXPECT_EQ(grown[0].added, 3U);
  EXPECT_EQ(grown[0].removed, 1U);
  const auto shrunk = diff(DiffBase(three), one, 5).classes;
  ASSERT_EQ(shrunk.size(), 1U);
  EXPECT_EQ(shrunk[0].name, "Object");
  EXPECT_EQ(shrunk[0].added, 1U);
  EXPECT_EQ(shrunk[0].removed, 3U);
  const View same = ShopHeap::view_of(plain_objects(201, 1));
  const auto fewer = diff(DiffBase(three), same, 5).classes;
  ASSERT_EQ(fewer.size(), 1U);
  EXPECT_EQ(fewer[0].added, 0U);
  EXPECT_EQ(fewer[0].removed, 2U);
}

/// Classes of plain objects depend on both heaps; of others, on the object alone.
SnapshotText without_plain_objects(std::mt19937_64& random) {
  SnapshotText text = test::random_heap(random, 10 + random() % 100);
  for (auto& entry : text.nodes) {
    if (entry.name == "Object") entry.name = "Thing";
  }
  return text;
}

TEST(Diffs, OfRandomHeapsCountEachObjectOnce) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    const View before = ShopHeap::view_of(without_plain_objects(random));
    const View after = ShopHeap::view_of(without_plain_objects(random));
    // Plainly: what has a class, by id.
    const auto named = [](const View& view) {
      std::map<std::uint64_t, std::string> result;
      for (NodeIndex n = 0; n < view.snapshot().node_count(); ++n) {
        const std::uint32_t row = view.classes().of_node[n];
        if (row == Classes::none) continue;
        result[view.snapshot().id(n)] = view.classes().rows[row].key;
      }
      return result;
    };
    const auto old_names = named(before), new_names = named(after);
    std::uint64_t added = 0, removed = 0;
    for (const auto& [id, key] : old_names) {
      removed += !new_names.contains(id) || new_names.at(id) != key;
    }
    for (const auto& [id, key] : new_names) {
      added += !old_names.contains(id) || old_names.at(id) != key;
    }
    std::uint64_t counted_added = 0, counted_removed = 0;
    for (const ClassDiff& row : diff(DiffBase(before), after, 5).classes) {
      counted_added += row.added;
      counted_removed += row.removed;
    }
    EXPECT_EQ(counted_added, added);
    EXPECT_EQ(counted_removed, removed);
    EXPECT_TRUE(diff(DiffBase(after), after, 5).classes.empty());
    EXPECT_TRUE(diff(DiffBase(after), after, 5).grown.empty());
  }
}

TEST(Views, ShowRopesAndSlices) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  const std::size_t rope = text.add("concatenated string", "(concatenated string)", 32);
  const std::size_t inner = text.add("concatenated string", "(concatenated string)", 32);
  const std::size_t slice = text.add("sliced string", "(sliced string)", 32);
  text.element(0, 1, rope);
  text.element(0, 2, slice);
  text.edge(rope, "internal", "first", inner);
  text.edge(rope, "internal", "second", text.add("string", "c", 24));
  text.edge(inner, "internal", "first", text.add("string", "a", 24));
  text.edge(inner, "internal", "second", text.add("string", "b", 24));
  text.edge(slice, "internal", "parent", rope);
  const View view = ShopHeap::view_of(text);
  EXPECT_EQ(view.label(node(rope)), "\"abc\"");
  EXPECT_EQ(view.label(node(slice)), "slice of \"abc\"");
}

TEST(Views, RopesThatContainThemselvesEnd) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  const std::size_t rope = text.add("concatenated string", "(concatenated string)", 32);
  text.element(0, 1, rope);
  text.edge(rope, "internal", "first", rope);
  text.edge(rope, "internal", "second", rope);
  EXPECT_EQ(ShopHeap::view_of(text).label(node(rope)), "\"\"");
}

}  // namespace
}  // namespace heaplab::inspector
