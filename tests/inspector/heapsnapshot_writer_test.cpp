// SPDX-License-Identifier: MIT
// The writer without a language: any embedder's heap.
#include "heaplab/inspector/heapsnapshot_writer.h"

#include <gmock/gmock.h>

#include <sys/resource.h>

#include <csignal>
#include <random>
#include <system_error>

#include "heaplab/gc/make_heap.h"
#include "name_table.h"
#include "snapshot_file.h"
#include "snapshot_output.h"

namespace heaplab::inspector {
namespace {

using test::Scratch;
using test::SnapshotFile;

struct Cell : Object {
  Ref<Cell> next;
  Ref<Object> other;
};
struct WeakTable : Object {  // elements: ephemeron words
  Word* pairs() { return reinterpret_cast<Word*>(this + 1); }
};

TypeId cell_type(Heap& heap) {
  TypeDescriptor type;
  type.name = "Cell";
  type.fixed_bytes = sizeof(Cell);
  type.runs = {{sizeof(Object), 2, SlotKind::ref}};
  type.edge_label = [](const Object&, SlotPosition at) {
    return EdgeLabel{heaplab::EdgeKind::property, 0, at.index == 0 ? "next" : "other"};
  };
  type.external_bytes = [](const Object& object) { return std::uint64_t{object.payload()}; };
  return heap.register_type(type);
}

TypeId table_type(Heap& heap) {
  TypeDescriptor type;
  type.name = "WeakTable";
  type.fixed_bytes = sizeof(WeakTable);
  type.elements = ElementKind::ephemeron_words;
  type.node_type = "array";
  return heap.register_type(type);
}

class Writer : public testing::TestWithParam<std::tuple<std::string, int>> {
 protected:
  Writer() {
    HeapOptions options;
    options.plan = std::get<0>(GetParam());
    options.stress_move_interval = static_cast<std::uint64_t>(std::get<1>(GetParam()));
    options.max_old_space_bytes = 256 * MiB;
    heap_ = gc::make_heap(options);
    cell_ = cell_type(*heap_);
    table_ = table_type(*heap_);
    writer_.emplace(*heap_);
  }
  SnapshotFile snapshot(const std::string& name = "a.heapsnapshot") {
    SnapshotLanguage language;
    writer_->write(scratch_.path(name), language);
    return SnapshotFile(scratch_.path(name));
  }
  /// A list of so many cells in front of what `root` holds.
  void grow(Global<Cell>& root, int count) {
    for (int i = 0; i < count; ++i) {
      Cell* cell = heap_->allocate<Cell>(cell_);
      cell->next.init(root.get());
      root.set(cell);
    }
  }

  Scratch scratch_;
  std::unique_ptr<Heap> heap_;
  TypeId cell_ = 0;
  TypeId table_ = 0;
  std::optional<HeapSnapshotWriter> writer_;
};

std::string mode_name(const testing::TestParamInfo<std::tuple<std::string, int>>& mode) {
  return std::get<0>(mode.param) + (std::get<1>(mode.param) != 0 ? "_moving" : "");
}
INSTANTIATE_TEST_SUITE_P(Plans, Writer,
                         testing::Combine(testing::Values("generational", "semispace", "marksweep"),
                                          testing::Values(0, 1)),
                         mode_name);

TEST_P(Writer, NodesAndEdgesAreTheHeap) {
  Global<Cell> root(*heap_);
  grow(root, 1000);
  heap_->allocate<Cell>(cell_);  // garbage
  heap_->collect();
  const SnapshotFile file = snapshot();
  EXPECT_EQ(file.count("object", "Cell"), 1000u);
  std::uint64_t bytes = 0;
  for (const auto& node : file.nodes) bytes += node.self_size;
  EXPECT_EQ(bytes, heap_->sizes().used);
  std::size_t at = file.follow(0, "shortcut", "");
  std::size_t length = 1;
  for (; file.has_edge(at, "property", "next"); ++length) at = file.follow(at, "property", "next");
  EXPECT_EQ(length, 1000u);
}

TEST_P(Writer, IdsStayAndNewOnesAreHigher) {
  Global<Cell> old_root(*heap_);
  Global<Cell> new_root(*heap_);
  grow(old_root, 300);  // all of them still young, where there is such a space
  const SnapshotFile first = snapshot("1.heapsnapshot");
  const std::uint64_t head = first.nodes[first.follow(0, "shortcut", "")].id;

  old_root.set(old_root->next.get());  // one dies
  grow(new_root, 200);
  for (int i = 0; i < 3; ++i) {
    heap_->collect(i == 1 ? CollectionKind::major : CollectionKind::minor);
    for (int k = 0; k < 5000; ++k) heap_->allocate<Cell>(cell_);
  }
  heap_->collect();
  const SnapshotFile second = snapshot("2.heapsnapshot");
  EXPECT_FALSE(second.by_id.contains(head));

  // The list, cell by cell, has the ids it had.
  std::size_t a = first.by_id.at(head);
  a = first.follow(a, "property", "next");
  std::vector<std::uint64_t> expected;
  for (;; a = first.follow(a, "property", "next")) {
    expected.push_back(first.nodes[a].id);
    if (!first.has_edge(a, "property", "next")) break;
  }
  std::uint64_t highest = 0;
  for (const auto& node : first.nodes) highest = std::max(highest, node.id);
  std::set<std::uint64_t> fresh;
  std::vector<std::uint64_t> kept;
  for (const auto& edge : second.nodes[0].edges) {
    if (edge.kind != "shortcut") continue;
    for (std::size_t b = edge.to;; b = second.follow(b, "property", "next")) {
      const std::uint64_t id = second.nodes[b].id;
      EXPECT_EQ(id % 2, 1u);
      if (id > highest) {
        fresh.insert(id);
      } else {
        kept.push_back(id);
      }
      if (!second.has_edge(b, "property", "next")) break;
    }
  }
  EXPECT_EQ(kept, expected);
  EXPECT_EQ(fresh.size(), 200u);
}

TEST_P(Writer, ExternalBytesAreNativeNodes) {
  Global<Cell> root(*heap_, heap_->allocate<Cell>(cell_, 12345));
  heap_->collect();
  const SnapshotFile file = snapshot();
  const std::size_t cell = file.follow(0, "shortcut", "");
  const auto& store = file.nodes[file.follow(cell, "internal", "backing_store")];
  EXPECT_EQ(store.type, "native");
  EXPECT_EQ(store.name, "system / JSArrayBufferData");
  EXPECT_EQ(store.self_size, 12345u);
  EXPECT_EQ(store.id, file.nodes[cell].id + 1);
}

TEST_P(Writer, EphemeronsHaveV8sNames) {
  Global<Object> table(*heap_, heap_->allocate(table_, 3));
  Global<Cell> key(*heap_, heap_->allocate<Cell>(cell_));
  const auto put = [&](std::size_t pair, Object* k, Object* v) {
    Word* words = static_cast<WeakTable*>(table.get())->pairs() + 2 * pair;
    heap_->write_weak(table.get(), words[0], Word(k));
    heap_->write_weak(table.get(), words[1], Word(v));
  };
  Global<Cell> value(*heap_, heap_->allocate<Cell>(cell_));
  put(0, key.get(), value.get());
  put(1, heap_->allocate<Cell>(cell_), value.get());  // this key dies
  value.set(nullptr);
  heap_->collect();
  const SnapshotFile file = snapshot();
  const std::size_t t = *file.find("array", "WeakTable");
  ASSERT_EQ(file.nodes[t].edges.size(), 3u) << "two weak edges and the pair";
  EXPECT_EQ(file.nodes[t].edges[0].kind, "weak");
  EXPECT_EQ(file.nodes[t].edges[1].kind, "weak");
  const std::size_t k = file.nodes[t].edges[0].to;
  const std::size_t v = file.nodes[t].edges[1].to;
  const auto id = [&](std::size_t node) { return std::to_string(file.nodes[node].id); };
  const std::string pair = " / part of key (Cell @" + id(k) + ") -> value (Cell @" + id(v) +
                           ") pair in WeakMap (table @" + id(t) + ")";
  EXPECT_EQ(file.follow(t, "internal", "3" + pair), v);
  EXPECT_EQ(file.follow(k, "internal", "1" + pair), v);
}

TEST_P(Writer, AFileThatCannotBeWrittenLeavesNothingBehind) {
  Global<Cell> root(*heap_);
  grow(root, 10);
  SnapshotLanguage language;
  EXPECT_THROW(writer_->write(scratch_.path("absent/a.heapsnapshot"), language), std::system_error);
  EXPECT_THROW(writer_->write(scratch_.path(""), language), std::system_error);
  EXPECT_THROW(writer_->write("/dev/full", language), std::system_error);
  EXPECT_EQ(scratch_.files(), 0u);
  EXPECT_EQ(snapshot().count("object", "Cell"), 10u) << "and the next one is fine";
  EXPECT_EQ(scratch_.files(), 1u);
}

TEST(SnapshotOutput, AFullDiskLeavesTheOldFile) {
  Scratch scratch;
  const std::string path = scratch.path("x");
  std::ofstream(path) << "old";
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{1 << 20, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(
      {
        SnapshotOutput out(path);
        for (int i = 0; i < 100; ++i) out.text(std::string(100'000, 'x'));
        out.commit();
      },
      std::system_error);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "old");
  EXPECT_EQ(scratch.files(), 1u) << "the temporary file is gone";
}

TEST(SnapshotOutput, TheOldFileStaysUntilTheNewOneIsComplete) {
  Scratch scratch;
  const std::string path = scratch.path("x");
  std::ofstream(path) << "old";
  {
    SnapshotOutput out(path);
    out.text("half");
  }
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "old");
  EXPECT_EQ(scratch.files(), 1u);
  SnapshotOutput out(path);
  out.text("new");
  out.commit();
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "new");
  EXPECT_EQ(scratch.files(), 1u);
}

TEST(SnapshotOutput, ALinkIsWrittenThrough) {
  Scratch scratch;
  std::ofstream(scratch.path("target")) << "old";
  std::filesystem::create_symlink("target", scratch.path("link"));
  SnapshotOutput out(scratch.path("link"));
  out.text("new");
  out.commit();
  EXPECT_TRUE(std::filesystem::is_symlink(scratch.path("link")));
  std::string text;
  std::ifstream(scratch.path("target")) >> text;
  EXPECT_EQ(text, "new");
}

std::string written(std::string_view text) {
  Scratch scratch;
  SnapshotOutput out(scratch.path("x"));
  out.json_string(text);
  out.commit();
  std::ifstream in(scratch.path("x"), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SnapshotOutput, StringsAreAsciiJson) {
  EXPECT_EQ(written("plain"), "\"plain\"");
  EXPECT_EQ(written("a\"b\\c\n\t\x01\x7f"), "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"");
  EXPECT_EQ(written("\xc3\xa9 \xe2\x82\xac"), "\"\\u00e9 \\u20ac\"");
  EXPECT_EQ(written("\xf0\x9f\x98\x80"), "\"\\ud83d\\ude00\"");
  EXPECT_EQ(written("\xed\xa0\x80!"), "\"\\ud800!\"") << "a lone surrogate";
  EXPECT_EQ(written("\xff\xc3"), "\"\\ufffd\\ufffd\"") << "no UTF-8";
  EXPECT_EQ(written("\xe2\x82"), "\"\\ufffd\\ufffd\"") << "cut off";
  const std::string huge(3'000'000, 'x');
  EXPECT_EQ(written(huge), '"' + huge + '"');
}

TEST(NameTable, GivesEqualNamesOneNumberAndMakesThemAgain) {
  struct Names : NameTable::Maker {
    std::vector<std::string> names;
    void make_name(NameTable::Origin origin, std::string& out) override {
      out += names[origin.value];
    }
  } nodes;
  NameTable table(nodes);
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::unordered_map<std::string, std::uint32_t> expected;
  for (std::uint32_t i = 0; i < 50'000; ++i) {
    const std::string name = "name " + std::to_string(random() % 20'000);
    std::uint32_t number = 0;
    if (random() % 2 == 0) {
      nodes.names.push_back(name);
      const auto last = static_cast<std::uint32_t>(nodes.names.size() - 1);
      number = table.add(name, {NameTable::Source::node, last});
    } else {
      number = table.add_text(name);
    }
    EXPECT_EQ(expected.emplace(name, number).first->second, number);
  }
  for (const auto& [name, number] : expected) EXPECT_EQ(table[number], name);
  const std::uint32_t seven = table.add_number(7);
  EXPECT_EQ(table[seven], "7");
  EXPECT_EQ(table.add_number(7), seven);
  const std::uint32_t huge = table.add_number(0xffff'fffe);
  EXPECT_EQ(table[huge], "4294967294");
  EXPECT_EQ(table.size(), expected.size() + 2);
}

}  // namespace
}  // namespace heaplab::inspector
