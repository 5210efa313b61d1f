// SPDX-License-Identifier: MIT
// Java heap dumps made by hand, whole and damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "../fuzz/memory_file.h"
#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/error.h"
#include "hprof_file.h"

namespace heaplab::inspector {
namespace {

using test::HprofFile;
using test::shop_dump;
using F = HprofFile;

Snapshot read(const std::string& bytes) {
  const fuzz::MemoryFile file(bytes);
  return read_snapshot(file.path(), {false, 1});
}

NodeIndex at(const Snapshot& heap, std::uint64_t base, std::uint64_t number) {
  return heap.find_id(base + 64 * number);
}

/// "name → target's id" of the edges.
std::map<std::string, std::uint64_t> edges(const Snapshot& heap, NodeIndex node) {
  std::map<std::string, std::uint64_t> result;
  heap.for_each_edge(node, [&](const SnapshotEdge& edge) {
    result[(edge.kind == EdgeKind::weak ? "weak " : "") + heap.label_text(edge)] =
        heap.id(edge.target);
  });
  return result;
}

struct Form {
  unsigned id_bytes;
  std::uint64_t base;
  bool instances_first;
};
class ShopDump : public testing::TestWithParam<Form> {};

TEST_P(ShopDump, IsAGraph) {
  const auto [id_bytes, base, first] = GetParam();
  const Snapshot heap = read(shop_dump(id_bytes, base, first).str());
  EXPECT_EQ(heap.origin(), Origin::java);
  EXPECT_EQ(heap.taken_at_ms(), 1000U);
  const auto id = [start = base](std::uint64_t number) { return start + 64 * number; };
  const NodeIndex shop = at(heap, base, 6);
  ASSERT_NE(shop, no_node);
  EXPECT_EQ(heap.type(shop), NodeType::class_object);
  EXPECT_EQ(heap.name(shop), "com.acme.Shop");
  const auto statics = edges(heap, shop);
  EXPECT_EQ(statics.at("links"), id(30));
  EXPECT_EQ(statics.at("weak"), id(31));
  EXPECT_EQ(statics.at("superclass"), id(1));
  EXPECT_EQ(statics.at("classLoader"), id(20));
  const NodeIndex array = at(heap, base, 30);
  EXPECT_EQ(heap.name(array), "com.acme.Link[]");
  EXPECT_EQ(edges(heap, array),
            (std::map<std::string, std::uint64_t>{{"class", id(8)}, {"0", id(40)}, {"2", id(42)}}));
  EXPECT_EQ(
      edges(heap, at(heap, base, 40)),
      (std::map<std::string, std::uint64_t>{{"class", id(7)}, {"next", id(41)}, {"name", id(50)}}));
  EXPECT_EQ(edges(heap, at(heap, base, 31)),
            (std::map<std::string, std::uint64_t>{{"weak referent", id(43)}, {"queue", id(30)}}));
  const NodeIndex missing = heap.find_id(edges(heap, at(heap, base, 42)).at("next"));
  EXPECT_EQ(heap.name(missing), "(objects that are not in the file)");
}

TEST_P(ShopDump, HasTheTextsOfStrings) {
  const auto [id_bytes, base, first] = GetParam();
  const Snapshot heap = read(shop_dump(id_bytes, base, first).str());
  EXPECT_EQ(heap.name(at(heap, base, 50)), "café \"x\"");
  EXPECT_EQ(heap.name(at(heap, base, 51)), "世😀");
  EXPECT_EQ(heap.name(at(heap, base, 52)), "hi");
  EXPECT_EQ(heap.name_index(at(heap, base, 50)), heap.name_index(at(heap, base, 54)));
  EXPECT_EQ(heap.type(at(heap, base, 50)), NodeType::string);
  EXPECT_EQ(heap.name(at(heap, base, 70)), "java.lang.Thread \"main\"");
}

TEST_P(ShopDump, HasRootsByKind) {
  const auto [id_bytes, base, first] = GetParam();
  const Snapshot heap = read(shop_dump(id_bytes, base, first).str());
  std::map<std::string, NodeIndex> groups;
  for (const SnapshotEdge& edge : heap.edges(heap.root())) {
    groups.emplace(heap.name(edge.target), edge.target);
  }
  ASSERT_EQ(groups.size(), 4U);
  const auto holds = [&, start = base](const char* group, std::uint64_t number) {
    const auto list = heap.edges(groups.at(group));
    return std::any_of(list.begin(), list.end(), [&](const SnapshotEdge& edge) {
      return heap.id(edge.target) == start + 64 * number;
    });
  };
  EXPECT_TRUE(holds("(System classes)", 6));
  EXPECT_TRUE(holds("(System classes)", 1));  // of the boot loader
  EXPECT_FALSE(holds("(System classes)", 7));
  EXPECT_TRUE(holds("(JNI globals)", 6));
  EXPECT_TRUE(holds("(Monitors)", 54));
  const auto threads = heap.edges(groups.at("(Threads)"));
  ASSERT_EQ(threads.size(), 1U);
  EXPECT_EQ(heap.name(threads[0].target), "thread \"main\"");
  const auto parts = edges(heap, threads[0].target);
  EXPECT_EQ(parts.at("object"), base + 64 * 70);
  EXPECT_EQ(parts.at("JNI local"), base + 64 * 45);
  const NodeIndex frame = heap.find_id(parts.at("0"));
  EXPECT_EQ(heap.name(frame), "com.acme.Shop.run(Shop.java:42)");
  EXPECT_EQ(edges(heap, frame), (std::map<std::string, std::uint64_t>{{"local", base + 64 * 44}}));
}

TEST_P(ShopDump, IsAnalysedByItsEdgesAlone) {
  const auto [id_bytes, base, first] = GetParam();
  const Snapshot heap = read(shop_dump(id_bytes, base, first).str());
  const Analysis analysis = analyse(heap, {1, false});
  EXPECT_EQ(analysis.dominators[at(heap, base, 30)], at(heap, base, 6));
  EXPECT_EQ(analysis.dominators[at(heap, base, 41)], at(heap, base, 40));
  EXPECT_EQ(analysis.dominators[at(heap, base, 6)], heap.root());  // two kinds of roots
  EXPECT_EQ(analysis.distances[at(heap, base, 43)], distance_unreached);
  EXPECT_EQ(analysis.distances[heap.root()], 0);
  EXPECT_EQ(analysis.distances[at(heap, base, 6)], 2);
  for (NodeIndex node = 0; node < heap.node_count(); ++node) {
    EXPECT_EQ(analysis.shallow_sizes[node], heap.self_size(node));
  }
  const Classes classes = classify(heap, analysis);
  std::map<std::string, std::uint64_t> counts;
  for (const ClassTotals& row : classes.rows) counts[row.name] = row.count;
  EXPECT_EQ(counts.at("com.acme.Link"), 6U);
  EXPECT_EQ(counts.at("java.lang.String"), 5U);
  EXPECT_EQ(counts.at("java.lang.Class"), 9U);
  EXPECT_EQ(counts.at("java.lang.Thread"), 1U);
  EXPECT_EQ(counts.at("byte[]"), 3U);
}

INSTANTIATE_TEST_SUITE_P(Forms, ShopDump,
                         testing::Values(Form{8, 0x7000'0000, false}, Form{8, 0x7000'0000, true},
                                         Form{8, 0x7fff'1234'0000'0003, false},
                                         Form{8, 0x10'0000'0000, true}, Form{4, 0x1000, false},
                                         Form{4, 0xff00'0001, true}));

TEST(Hprof, SizesAreThoseOfHotSpot) {
  // Header 12, fields 4 + 4 + 8: 32; with references of 8 bytes 40; 32-bit 24.
  const auto size = [](unsigned id_bytes, std::uint64_t distance) {
    HprofFile file(id_bytes);
    file.text(1, "java/lang/Object").text(2, "Pair").text(3, "a").text(4, "b").text(5, "[LPair;");
    file.load_class(1, 8, 1).load_class(2, 16, 2).load_class(3, 24, 5);
    file.class_dump(8, 0, 0, {}, {});
    file.class_dump(16, 8, 0, {}, {{3, F::object}, {4, F::object}, {3, F::twice}});
    file.class_dump(24, 8, 0, {}, {});
    file.object_array(800, 24, std::vector<std::uint64_t>(10, 0));
    file.instance(800 + distance, 16, {{F::object, 0}, {F::object, 0}, {F::twice, 0}});
    const Snapshot heap = read(file.segment().str());
    return std::pair(heap.self_size(heap.find_id(800)),
                     heap.self_size(heap.find_id(800 + distance)));
  };
  EXPECT_EQ(size(8, 56), std::pair(std::uint64_t{56}, std::uint64_t{32}));
  EXPECT_EQ(size(8, 96), std::pair(std::uint64_t{96}, std::uint64_t{40}));
  EXPECT_EQ(size(4, 56), std::pair(std::uint64_t{56}, std::uint64_t{24}));
}

TEST(Hprof, IsRefusedWhereverItEnds) {
  for (const unsigned id_bytes : {8U, 4U}) {
    const std::string whole = shop_dump(id_bytes, 0x1000, id_bytes == 4).str();
    const std::size_t end_record = whole.size() - 9;
    const std::size_t step = id_bytes == 8 ? 1 : 5;
    for (std::size_t size = 0; size < whole.size(); size += step) {
      if (size == end_record) continue;  // all of the heap, without the mark that it has ended
      EXPECT_THROW(read(whole.substr(0, size)), InputError) << size;
    }
  }
}

TEST(Hprof, DamageIsAnErrorOrAGraph) {
  const std::string whole = shop_dump(8, 0x1000, false).str();
  for (std::size_t i = 31; i < whole.size(); ++i) {
    for (const char change : {"\x01\x80\xff"[i % 3]}) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      try {
        const Snapshot heap = read(damaged);
        analyse(heap, {1, false});
      } catch (const InputError&) {
      }
    }
  }
}

/// The message for a heap with these bytes in it.
std::string error_of(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}
std::string heap_error(std::string_view raw) {
  return error_of(HprofFile().raw(raw).segment().str());
}

TEST(Hprof, SaysWhatIsWrong) {
  const auto has = [](const std::string& message, const char* part) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  has(heap_error("\x55"), "0x55 begins no record of a heap dump");
  has(error_of(HprofFile(5).str()), "ids of 5 bytes");
  has(error_of(HprofFile().str()), "there is no heap in the file");
  has(error_of(HprofFile().segment().str()), "there are no objects");
  has(error_of(HprofFile().load_class(1, 8, 99).str()), "named by a text that is not in the file");
  has(error_of(HprofFile().bytes(8, "x").bytes(8, "y").segment().str()),
      "two objects with the id 0x8");
  has(error_of(HprofFile().instance(8, 16, {}).segment().str()), "not in the file");
  has(error_of(HprofFile().primitive_array(8, 3, 0, "").segment().str()), "no array of type 3");
  has(error_of(HprofFile().primitive_array(0, F::byte, 0, "").segment().str()), "the id 0");
  // A class that is its own ancestor, and an instance of it.
  has(error_of(HprofFile()
                   .class_dump(8, 16, 0, {}, {})
                   .class_dump(16, 8, 0, {}, {})
                   .instance(24, 8, {})
                   .segment()
                   .str()),
      "is not in the file");
  has(error_of(
          HprofFile().class_dump(8, 0, 0, {}, {}).instance(24, 8, {{F::byte, 1}}).segment().str()),
      "has 1 bytes, its class says 0");
  // Lengths beyond the file, of arrays and of records.
  has(error_of(HprofFile().primitive_array(8, F::twice, 0xffff'ffff, "12345678").segment().str()),
      "ends inside a record");
  has(error_of(HprofFile().record(0x55, "abc").str().substr(0, 36)), "ends inside a record");
}

TEST(Hprof, UnknownRecordsArePassedOver) {
  HprofFile file;
  file.record(0x77, "what a later version may add").bytes(8, "x").segment();
  EXPECT_EQ(read(file.str()).find_id(8), 0U);
}

TEST(Hprof, ObjectsFarApartAreFoundToo) {
  HprofFile file;
  file.text(1, "java/lang/Object")
      .text(2, "[Ljava/lang/Object;")
      .load_class(1, 8, 1)
      .load_class(2, 16, 2);
  file.class_dump(8, 0, 0, {}, {}).class_dump(16, 8, 0, {}, {});
  std::vector<std::uint64_t> ids;
  for (std::uint64_t i = 1; i < 200; ++i) ids.push_back(i * 0x0123'4567'89ab'cdef);
  for (const std::uint64_t id : ids) file.instance(id, 8, {});
  file.object_array(24, 16, ids).segment();
  const Snapshot heap = read(file.str());
  std::vector<std::uint64_t> found;
  for (const SnapshotEdge& edge : heap.edges(heap.find_id(24)))
    found.push_back(heap.id(edge.target));
  EXPECT_EQ(found, ids);
}

}  // namespace
}  // namespace heaplab::inspector
