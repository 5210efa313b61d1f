// SPDX-License-Identifier: MIT
// The names tools see: what a leak report is written with.

#include <functional>
#include <unordered_map>

#include "heaplab/heap/visit.h"
#include "test_runtime.h"

namespace heaplab::interp::test {
namespace {

/// Walks labelled edges from an object by names, skipping storage objects.
class Graph {
 public:
  explicit Graph(World& world) : heap_(*world.heap) {}

  /// The object at the end of an edge with this name; looks through internal storage.
  Object* follow(Object* from, const std::string& name) {
    Finder finder{*this, from, name, nullptr, 0};
    visit_slots(from, heap_.layout(from->type_id()), finder);
    if (finder.found) return finder.found;
    for (const char* storage : {"properties", "elements", "table", "scope", "outer scope"}) {
      if (name == storage) return nullptr;
      Object* next = follow(from, storage);
      if (next) {
        if (Object* found = follow(next, name)) return found;
      }
    }
    return nullptr;
  }
  std::string name_of(Object* object) {
    const TypeDescriptor& type = heap_.type_of(*object);
    return type.object_name ? type.object_name(*object) : type.name;
  }

 private:
  struct Finder {
    Graph& graph;
    Object* host;
    const std::string& name;
    Object* found;
    std::uint32_t fixed;

    void ref(RefBits* slot) { consider(slot, decompress(*slot)); }
    void word(std::uint64_t* slot) {
      consider(slot, Word::is_reference(*slot) ? Word(*slot).object() : nullptr);
    }
    void weak_part(Object*) {}

    void consider(void* slot, Object* target) {
      const TypeDescriptor& type = graph.heap_.type_of(*host);
      const auto offset = static_cast<std::uint32_t>(static_cast<std::byte*>(slot) - host->bytes());
      SlotPosition position;
      position.in_elements = offset >= type.fixed_bytes;
      position.index = position.in_elements ? (offset - type.fixed_bytes) / 8 : fixed++;
      if (!target || !type.edge_label) return;
      if (type.edge_label(*host, position).name == name) found = target;
    }
  };

  Heap& heap_;
};

/// The function that main left in the global object.
class LabelsTest : public ProgramTest {
 protected:
  Object* global_property(const char* name) {
    const PropertyKey key = rt.key(name);
    return get(rt, Value(rt.global()), key).as_reference();
  }
};

TEST_P(LabelsTest, APathFromAClosureToACacheEntryHasTheProgramsNames) {
  ASSERT_EQ(world.run(R"(
    class Page { constructor(body) { this.body = body; this.extra = { deep: [1, { leaf: {} }] }; } }
    const pagesByUrl = new Map();
    globalThis.load = function load(url) { pagesByUrl.set(url, new Page('text')); };
    load('http://a/');)"),
            0);
  Graph graph(world);
  Object* load = global_property("load");
  EXPECT_EQ(graph.name_of(load), "load");
  Object* map = graph.follow(load, "pagesByUrl");
  ASSERT_TRUE(map);
  EXPECT_EQ(graph.name_of(map), "Map");
  Object* page = graph.follow(map, "'http://a/'");
  ASSERT_TRUE(page);
  EXPECT_EQ(graph.name_of(page), "Page");
  Object* extra = graph.follow(page, "extra");
  ASSERT_TRUE(extra);
  EXPECT_EQ(graph.name_of(extra), "Object");
  EXPECT_TRUE(graph.follow(extra, "deep"));
}

TEST_P(LabelsTest, ScopesSayWhereTheyAre) {
  ASSERT_EQ(world.run("\n\nfunction make() {\n  const kept = {};\n  return () => kept;\n}\n"
                      "globalThis.f = make();\n"),
            0);
  Graph graph(world);
  Object* scope = graph.follow(global_property("f"), "scope");
  ASSERT_TRUE(scope);
  EXPECT_EQ(graph.name_of(scope), "scope of make (/test.js:3)");
}

/// Collects root names.
class RootNames : public RootVisitor {
 public:
  RootNames() { wants_names_ = true; }
  void object(Object**) override {}
  void words(std::uint64_t*, std::uint64_t*) override {}
  void name(std::string_view text) override { names.emplace_back(text); }
  std::vector<std::string> names;
};

TEST_P(LabelsTest, RootsHaveNames) {
  std::vector<std::string> names;
  rt.set_interrupt_handler([&] {
    RootNames visitor;
    world.heap->visit_roots(visitor);
    names = visitor.names;
  });
  rt.request_interrupt();
  ASSERT_EQ(world.run("function work(job) {\n  for (let i = 0; i < 10; i++) job();\n}\n"
                      "work(() => {});\n"),
            0);
  EXPECT_NE(std::find(names.begin(), names.end(), "global"), names.end());
  EXPECT_NE(std::find(names.begin(), names.end(), "timer"), names.end());
}

HEAPLAB_IN_ALL_MODES(LabelsTest);

}  // namespace
}  // namespace heaplab::interp::test
