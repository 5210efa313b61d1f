// SPDX-License-Identifier: MIT
// What v8.writeHeapSnapshot writes of JavaScript values: V8's shapes, on every plan, while
// everything moves.
#include <gmock/gmock.h>

#include <fstream>

#include "heaplab/interp/builtins.h"
#include "heaplab/interp/heap_snapshot.h"
#include "inspector/snapshot_file.h"
#include "interp/vm/test_runtime.h"

namespace heaplab::interp {
namespace {

using inspector::test::Scratch;
using inspector::test::SnapshotFile;

class JsSnapshot : public testing::TestWithParam<test::Mode> {
 protected:
  JsSnapshot() : world_(GetParam(), true), writer_(*world_.heap) {
    set_heap_snapshot_hook(*world_.runtime, [this](const std::string& path) {
      world_.heap->collect();
      JsSnapshotLanguage language(*world_.runtime);
      writer_.write(path, language);
      used_ = world_.heap->sizes().used;
    });
  }
  /// Runs a program in which `snapshot(name)` writes a file.
  void run(const std::string& program) {
    const std::string prelude = "const snapshot = (name) => require('v8').writeHeapSnapshot('" +
                                scratch_.path("") + "' + name);";
    ASSERT_EQ(world_.run(prelude + program), 0) << world_.err;
  }
  SnapshotFile read(const std::string& name = "a") const {
    return SnapshotFile(scratch_.path(name));
  }
  /// Runs the program, then takes a snapshot.
  SnapshotFile of(const std::string& program) {
    run(program + "\nsnapshot('a');");
    return read();
  }

  Scratch scratch_;
  test::World world_;
  inspector::HeapSnapshotWriter writer_;
  std::uint64_t used_ = 0;
};

std::string mode_name(const testing::TestParamInfo<test::Mode>& mode) { return mode.param.name(); }
INSTANTIATE_TEST_SUITE_P(Modes, JsSnapshot, testing::ValuesIn(test::modes()), mode_name);

TEST_P(JsSnapshot, EveryByteOfTheHeapIsInIt) {
  const SnapshotFile file = of("globalThis.data = new Uint8Array(1000);");
  std::uint64_t on_heap = 0;
  for (const auto& node : file.nodes) {  // compiled functions are off it, their constants on it
    const bool code = node.type == "code" && node.name != "(names)" &&
                      node.name != "(constant pool)" && node.name != "(literals)";
    if (!code && node.type != "native") on_heap += node.self_size;
  }
  EXPECT_EQ(on_heap, used_);
}

TEST_P(JsSnapshot, ObjectsHaveTheirPropertiesWhereverTheyAreKept) {
  const SnapshotFile file = of(R"(
    const few = { inside: { n: 1 } };
    const many = {};
    for (let i = 0; i < 60; i++) many['p' + i] = { n: i };
    const dictionary = {};
    for (let i = 0; i < 60; i++) dictionary['d' + i] = { n: i };
    for (let i = 0; i < 60; i += 2) delete dictionary['d' + i];
    const symbol = Symbol('tag');
    class Base { #secret = { deep: true }; get view() { return 1; } }
    class Session extends Base { constructor() { super(); this[symbol] = { s: 1 }; } }
    globalThis.keep = { few, many, dictionary, session: new Session() };)");
  const std::size_t keep = file.global({"keep"});
  EXPECT_EQ(file.nodes[keep].name, "Object");
  EXPECT_EQ(file.nodes[file.global({"keep", "few", "inside"})].type, "object");
  const std::size_t many = file.global({"keep", "many"});
  const std::size_t dictionary = file.global({"keep", "dictionary"});
  for (int i = 0; i < 60; ++i) {
    EXPECT_TRUE(file.has_edge(many, "property", "p" + std::to_string(i))) << i;
    EXPECT_EQ(file.has_edge(dictionary, "property", "d" + std::to_string(i)), i % 2 == 1) << i;
  }
  const std::size_t session = file.global({"keep", "session"});
  EXPECT_EQ(file.nodes[session].name, "Session");
  EXPECT_EQ(file.nodes[file.follow(session, "property", "Symbol(tag)")].name, "Object");
  EXPECT_EQ(file.nodes[file.follow(session, "property", "#secret")].name, "Object");
  const std::size_t prototype = file.follow(session, "property", "__proto__");
  EXPECT_EQ(file.nodes[file.follow(prototype, "property", "constructor")].type, "closure");
  const std::size_t base = file.follow(prototype, "property", "__proto__");
  EXPECT_EQ(file.nodes[file.follow(base, "property", "get view")].type, "closure");
  EXPECT_EQ(file.nodes[file.follow(session, "internal", "map")].name, "system / Map");
}

TEST_P(JsSnapshot, ArraysHaveElements) {
  const SnapshotFile file = of(R"(
    const sparse = [];
    sparse[2000000000] = { far: 1 };
    sparse[3] = { near: 1 };
    globalThis.keep = { dense: [{}, 1, { last: true }], sparse };)");
  const std::size_t dense = file.global({"keep", "dense"});
  EXPECT_EQ(file.nodes[dense].name, "Array");
  EXPECT_TRUE(file.has_edge(dense, "element", "0"));
  EXPECT_FALSE(file.has_edge(dense, "element", "1")) << "a number is no object";
  const std::size_t store = file.follow(dense, "internal", "elements");
  EXPECT_EQ(file.nodes[store].type, "array");
  EXPECT_EQ(file.follow(store, "internal", "2"), file.follow(dense, "element", "2"));
  const std::size_t sparse = file.global({"keep", "sparse"});
  EXPECT_TRUE(file.has_edge(sparse, "element", "2000000000"));
  EXPECT_TRUE(file.has_edge(sparse, "element", "3"));
}

TEST_P(JsSnapshot, ClosuresHaveTheirVariablesCodeAndPlace) {
  const SnapshotFile file = of(R"(
    function outer() {
      const kept = { payload: true };
      const other = [1];
      return function inner() { return [kept, other]; };
    }
    class Session {}
    globalThis.keep = { inner: outer(), bound: outer.bind({ me: 1 }, { arg: 1 }), it: new Session() };)");
  const std::size_t inner = file.global({"keep", "inner"});
  EXPECT_EQ(file.nodes[inner].type, "closure");
  EXPECT_EQ(file.nodes[inner].name, "inner");
  const std::size_t context = file.follow(inner, "internal", "context");
  EXPECT_EQ(file.nodes[context].name, "system / Context");
  EXPECT_EQ(file.nodes[file.follow(context, "context", "kept")].type, "object");
  EXPECT_EQ(file.nodes[file.follow(context, "context", "other")].name, "Array");
  EXPECT_TRUE(file.has_edge(context, "internal", "previous"));
  const std::size_t code = file.follow(inner, "internal", "shared");
  EXPECT_EQ(file.nodes[code].type, "code");
  EXPECT_EQ(file.nodes[code].name, "inner");
  const std::size_t bound = file.global({"keep", "bound"});
  EXPECT_EQ(file.nodes[file.follow(bound, "internal", "bound_function")].name, "outer");
  EXPECT_EQ(file.nodes[file.follow(bound, "internal", "bound_this")].type, "object");
  const auto line_of = [&](std::size_t node) {
    const auto& locations = file.json["locations"];
    for (std::size_t i = 0; i < locations.size(); i += 4) {
      if (locations[i] == node * 7) return locations[i + 2].get<int>();
    }
    return -1;
  };
  EXPECT_EQ(line_of(inner), 4) << "lines count from 0";
  EXPECT_EQ(line_of(file.global({"keep", "it"})), 6) << "where the class is";
}

TEST_P(JsSnapshot, CollectionsAndWeakThings) {
  const SnapshotFile file = of(R"(
    const key = { key: 1 };
    const map = new Map([['a', { v: 1 }], [key, 'b']]);
    const weak = new WeakMap([[key, { secret: 1 }], [{}, { gone: 1 }]]);
    const weak_set = new WeakSet([key]);
    globalThis.keep = { key, map, set: new Set([key]), weak, weak_set, ref: new WeakRef(key),
                        buffer: new ArrayBuffer(54321) };)");
  const std::size_t key = file.global({"keep", "key"});
  const std::size_t map = file.global({"keep", "map"});
  EXPECT_EQ(file.nodes[map].name, "Map");
  const std::size_t table = file.follow(map, "internal", "table");
  EXPECT_EQ(file.nodes[table].type, "array");
  EXPECT_EQ(file.nodes[file.follow(table, "internal", "0")].name, "a");
  EXPECT_EQ(file.nodes[file.follow(table, "internal", "1")].name, "Object");
  EXPECT_EQ(file.follow(table, "internal", "2"), key);
  const std::size_t set = file.follow(file.global({"keep", "set"}), "internal", "table");
  EXPECT_EQ(file.follow(set, "internal", "0"), key);

  const std::size_t weak = file.follow(file.global({"keep", "weak"}), "internal", "table");
  const std::string table_id = "(table @" + std::to_string(file.nodes[weak].id) + ")";
  const std::string key_id = "part of key (Object @" + std::to_string(file.nodes[key].id) + ")";
  const auto pairs_of = [&](std::size_t node) {
    std::vector<std::size_t> values;
    for (const auto& edge : file.nodes[node].edges) {
      const bool pair = edge.kind == "internal" && edge.name.ends_with(table_id);
      if (!pair) continue;
      EXPECT_NE(edge.name.find(key_id), std::string::npos) << edge.name;
      values.push_back(edge.to);
    }
    return values;
  };
  ASSERT_EQ(pairs_of(weak).size(), 1u) << "the pair whose key died is gone";
  EXPECT_EQ(pairs_of(key), pairs_of(weak));
  const std::size_t ref = file.global({"keep", "ref"});
  EXPECT_EQ(file.follow(ref, "weak", "target"), key);
  const std::size_t buffer = file.global({"keep", "buffer"});
  EXPECT_EQ(file.nodes[file.follow(buffer, "internal", "backing_store")].self_size, 54321u);
}

TEST_P(JsSnapshot, StringsAreNamedByTheirContents) {
  const SnapshotFile file = of(R"(
    let rope = '';
    for (let i = 0; i < 3000; i++) rope += 'piece ' + i;
    const text = 'abcdefghijklmnopqrstuvwxyz'.repeat(20);
    globalThis.keep = { odd: 'lone \ud800 and \u{1f600} é' + '', long: 'x'.repeat(5000),
                        slice: text.slice(7, 200), rope, pattern: /a+(b)/g };
    keep.long.charCodeAt(0);)");
  const auto name_of = [&](const char* key) { return file.nodes[file.global({"keep", key})].name; };
  EXPECT_NE(file.text.find(R"("lone \ud800 and \ud83d\ude00 \u00e9")"), std::string::npos);
  EXPECT_EQ(name_of("long"), std::string(1024, 'x'));
  const std::size_t slice = file.global({"keep", "slice"});
  EXPECT_EQ(file.nodes[slice].type, "sliced string");
  EXPECT_EQ(file.nodes[slice].name.substr(0, 6), "hijklm");
  EXPECT_TRUE(file.has_edge(slice, "internal", "parent"));
  EXPECT_EQ(file.nodes[file.global({"keep", "rope"})].type, "concatenated string");
  EXPECT_EQ(file.nodes[file.global({"keep", "pattern"})].type, "regexp");
  EXPECT_EQ(name_of("pattern"), "a+(b)");
}

TEST_P(JsSnapshot, IdsStayWhileObjectsMove) {
  run(R"(
    class Item { constructor(n) { this.n = { n }; } }
    globalThis.keep = { a: [], b: [] };
    for (let i = 0; i < 50; i++) keep.a.push(new Item(i));
    snapshot('1');
    for (let round = 0; round < 20; round++) {
      const garbage = [];
      for (let i = 0; i < 300; i++) garbage.push({ i, text: 'garbage ' + i });
      gc(round % 2 ? undefined : true);
    }
    for (let i = 0; i < 20; i++) keep.b.push(new Item(i));
    (() => { keep.a.splice(10, 5); })();  // in a frame that is gone afterwards
    snapshot('2');)");
  const SnapshotFile first = read("1");
  const SnapshotFile second = read("2");
  const auto ids = [](const SnapshotFile& file, const char* list) {
    std::vector<std::uint64_t> out;
    for (const auto& edge : file.nodes[file.global({"keep", list})].edges) {
      if (edge.kind == "element") out.push_back(file.nodes[edge.to].id);
    }
    return out;
  };
  std::vector<std::uint64_t> expected = ids(first, "a");
  ASSERT_EQ(expected.size(), 50u);
  const std::vector<std::uint64_t> removed(expected.begin() + 10, expected.begin() + 15);
  expected.erase(expected.begin() + 10, expected.begin() + 15);
  EXPECT_EQ(ids(second, "a"), expected);
  for (const std::uint64_t id : removed) EXPECT_FALSE(second.by_id.contains(id));
  std::uint64_t highest = 0;
  for (const auto& node : first.nodes) highest = std::max(highest, node.id);
  for (const std::uint64_t id : ids(second, "b")) EXPECT_GT(id, highest);
  EXPECT_EQ(first.nodes[first.global({})].id, second.nodes[second.global({})].id);
  EXPECT_EQ(first.nodes[*first.find("code", "Item")].id,
            second.nodes[*second.find("code", "Item")].id);
}

TEST_P(JsSnapshot, NamesAndErrorsAreNodes) {
  run(R"(
    const v8 = require('v8');
    const fails = (work, code) => {
      try { work(); } catch (error) { if (error.code === code) return; console.log(error.code, error.message); throw error; }
      throw new Error('nothing was thrown');
    };
    fails(() => v8.writeHeapSnapshot('/nonexistent/x'), 'ENOENT');
    fails(() => v8.writeHeapSnapshot('/dev/full'), 'ENOSPC');
    fails(() => v8.writeHeapSnapshot(7), 'ERR_INVALID_ARG_TYPE');
    fails(() => v8.writeHeapSnapshot(null), 'ERR_INVALID_ARG_TYPE');
    console.log(snapshot('x.heapsnapshot').endsWith('/x.heapsnapshot'));)");
  EXPECT_EQ(world_.out, "true\n");
  EXPECT_EQ(scratch_.files(), 1u);
  set_heap_snapshot_hook(*world_.runtime, nullptr);
  world_.out.clear();
  world_.run("try { require('v8').writeHeapSnapshot(); } catch (e) { console.log(e.message); }");
  EXPECT_THAT(world_.out, testing::HasSubstr("not supported"));
}

}  // namespace
}  // namespace heaplab::interp
