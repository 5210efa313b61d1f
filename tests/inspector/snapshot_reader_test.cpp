// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "heaplab/inspector/devtools.h"
#include "heaplab/inspector/snapshot.h"
#include "heaplab/support/error.h"
#include "snapshot/digits.h"
#include "snapshot_text.h"

namespace heaplab::inspector {
namespace {

using test::SnapshotText;
using test::TemporaryFile;
using testing::HasSubstr;

void expect_same(const Snapshot& snapshot, const SnapshotText& text) {
  ASSERT_EQ(snapshot.node_count(), text.nodes.size());
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    const SnapshotText::Node& expected = text.nodes[node];
    ASSERT_EQ(to_string(snapshot.type(node)), expected.type) << node;
    ASSERT_EQ(snapshot.id(node), expected.id);
    ASSERT_EQ(snapshot.self_size(node), expected.size);
    if (node % 97 == 0) {
      ASSERT_EQ(snapshot.name(node), expected.name);
    }
    const std::vector<SnapshotEdge> edges = snapshot.edges(node);
    ASSERT_EQ(edges.size(), expected.edges.size());
    for (std::size_t i = 0; i < edges.size(); ++i) {
      ASSERT_EQ(test::edge_types[static_cast<std::size_t>(edges[i].kind)], expected.edges[i].type);
      ASSERT_EQ(edges[i].target, expected.edges[i].to);
      if (has_number(edges[i].kind)) {
        ASSERT_EQ(edges[i].label, expected.edges[i].number);
      } else if (node % 97 == 0) {
        ASSERT_EQ(snapshot.label_text(edges[i]), expected.edges[i].name);
      }
      ASSERT_EQ(snapshot.source(edges[i].index), node);
    }
  }
}

SnapshotText big_heap() {
  std::mt19937_64 random(7);
  SnapshotText heap = test::random_heap(random, 30000);
  heap.nodes[100].size = 12'345'678'901;  // more than 32 bits
  heap.nodes[101].size = 0xffff'ffff;
  heap.element(50, 0xffff'ffff, 3);
  heap.element(50, 0, 3);
  heap.nodes[200].name = std::string(3'000'000, 'x') + "\n\"";  // longer than any window
  return heap;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string error_of(const std::string& contents) {
  const TemporaryFile file(contents);
  try {
    read_snapshot(file.path());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SnapshotReader, ReadsWhatWasWritten) {
  const SnapshotText heap = big_heap();
  for (const unsigned threads : {1U, 2U}) {
    for (const char* gap : {"", " ", "\r\n\t"}) {
      const TemporaryFile file(heap.text(gap));
      const Snapshot snapshot = read_snapshot(file.path(), {false, threads});
      expect_same(snapshot, heap);
      EXPECT_EQ(snapshot.name(200), heap.nodes[200].name);
    }
    const TemporaryFile file(heap.text("", ""));
    expect_same(read_snapshot(file.path(), {false, threads}), heap);
  }
}

/// As on processors that lack what the fast way needs.
TEST(SnapshotReader, ReadsWithNarrowVectorsAndWithout) {
  const SnapshotText heap = big_heap();
  for (const digits::Level level : {digits::Level::none, digits::Level::narrow}) {
    digits::limit_level(level);
    for (const char* line_end : {"", "\n"}) {
      const TemporaryFile file(heap.text("", line_end));
      expect_same(read_snapshot(file.path()), heap);
    }
  }
  digits::limit_level(digits::Level::wide);
}

/// Numbers of all lengths, in records whose fields are in an order of their own.
TEST(SnapshotReader, ReadsFieldsWhereverTheyAre) {
  const SnapshotText heap = big_heap();
  std::string text = heap.text("", "");
  const auto replace = [&](const std::string& old, const std::string& now) {
    const std::size_t at = text.find(old);
    ASSERT_NE(at, std::string::npos) << old;
    text.replace(at, old.size(), now);
  };
  // Each edge gets a fourth number, before the others.
  replace("[\"type\",\"name_or_index\",\"to_node\"]",
          "[\"more\",\"type\",\"name_or_index\",\"to_node\"]");
  replace("\"edge_types\":[", "\"edge_types\":[\"number\",");
  const std::size_t start = text.find("\"edges\":[") + 9;
  const std::size_t end = text.find(']', start);
  std::string edges;
  std::uint64_t filler = 1;
  std::size_t commas = 0;
  for (std::size_t at = start; at < end; ++at) {
    if (at == start || (text[at] == ',' && ++commas % 3 == 0)) {
      if (at > start) edges += ',';
      edges += std::to_string(filler) + ',';
      filler = filler * 3 % 1'000'000'007'000;
      if (at > start) continue;
    }
    edges += text[at];
  }
  text.replace(start, end - start, edges);
  const TemporaryFile file(text);
  for (const unsigned threads : {1U, 2U}) {
    expect_same(read_snapshot(file.path(), {false, threads}), heap);
  }
}

/// Twenty million nodes are far enough for targets of nine digits. Smaller ones are written as long
/// here, with zeros before them.
TEST(SnapshotReader, ReadsLongTargets) {
  const SnapshotText heap = big_heap();
  const std::string text = heap.text("", "");
  const std::size_t start = text.find("\"edges\":[") + 9;
  const std::size_t end = text.find(']', start);
  for (const std::size_t digits : {9U, 10U, 11U}) {
    std::string edges;
    std::size_t number = 0;
    for (std::size_t at = start; at < end; ++number) {
      const std::size_t comma = std::min(end, text.find(',', at));
      if (number % 3 == 2) edges.append(digits - (comma - at), '0');
      edges += text.substr(at, comma - at);
      if (comma < end) edges += ',';
      at = comma + 1;
    }
    std::string padded = text;
    padded.replace(start, end - start, edges);
    const TemporaryFile file(padded);
    expect_same(read_snapshot(file.path()), heap);
    // One of them a hundred million further.
    const std::size_t last = padded.find(']', start) - digits;
    padded[last + digits - 9] = '1';
    EXPECT_THAT(error_of(padded), HasSubstr("where no node starts"));
  }
}

/// Common names and rare ones, numbers in order and not.
TEST(EdgeLabels, GiveBackWhatTheyWereGiven) {
  std::mt19937 random(3);
  struct Edge {
    EdgeKind kind;
    std::uint32_t label;
  };
  std::vector<std::vector<Edge>> nodes(20'000);
  EdgeIndex edges_before = 0;
  EdgeLabels labels;
  for (std::vector<Edge>& edges : nodes) {
    labels.begin_node();
    edges.resize(random() % 40);
    std::uint32_t next = 0;
    std::vector<std::uint32_t> kinds, values;
    for (Edge& edge : edges) {
      edge.kind = EdgeKind(random() % 7);
      // The smaller the more often: some names are on thousands of edges, most on one.
      const std::uint32_t name = (1U << random() % 24) + random() % 4;
      edge.label = !has_number(edge.kind) ? name
                   : random() % 16 == 0   ? static_cast<std::uint32_t>(random())
                                          : next++;
      kinds.push_back(static_cast<std::uint32_t>(edge.kind) << 29);
      values.push_back(edge.label);
    }
    const std::size_t half = edges.size() / 2;
    std::vector<std::uint32_t> others(half + 1);
    others.resize(labels.add_common({kinds.data(), half}, 29, values.data(), 1, others.data()));
    for (const std::uint32_t i : others) {
      labels.add_other(edges_before + i, edges[i].kind, edges[i].label);
    }
    for (std::size_t i = half; i < edges.size(); ++i) labels.add(edges[i].kind, edges[i].label);
    edges_before += edges.size();
  }
  labels.finish();
  EdgeIndex first = 0, block = 0;
  for (NodeIndex node = 0; node < nodes.size(); first += nodes[node++].size()) {
    if (node % EdgeLabels::nodes_per_block == 0) block = first;
    LabelCursor cursor = labels.block_start(node, block);
    cursor.skip(first - block);
    for (const Edge& edge : nodes[node]) ASSERT_EQ(cursor.next(edge.kind), edge.label) << node;
  }
}

TEST(SnapshotReader, ReadsCompressedFiles) {
  const SnapshotText heap = big_heap();
  const std::string text = heap.text();
  const TemporaryFile by_gzip(gzip(text), ".gz");
  const TemporaryFile by_zstd(zstd(text), ".anything");
  // Members one after the other are one file, for both tools.
  const TemporaryFile in_parts(gzip(text.substr(0, 1000)) + gzip(text.substr(1000)), ".gz");
  for (const TemporaryFile* file : {&by_gzip, &by_zstd, &in_parts}) {
    const Snapshot snapshot = read_snapshot(file->path());
    expect_same(snapshot, heap);
    EXPECT_EQ(snapshot.name(200), heap.nodes[200].name);
  }
}

TEST(SnapshotReader, FindsStringsAgain) {
  const SnapshotText heap = big_heap();
  const TemporaryFile plain(heap.text());
  const TemporaryFile packed(gzip(heap.text()), ".gz");
  for (const TemporaryFile* file : {&plain, &packed}) {
    const Snapshot snapshot = read_snapshot(file->path());
    std::vector<std::string> all;
    snapshot.strings().for_each([&](std::uint32_t index, std::string_view text) {
      ASSERT_EQ(index, all.size());
      all.emplace_back(text);
    });
    ASSERT_EQ(all.size(), snapshot.strings().size());
    std::vector<std::uint32_t> some;
    for (std::uint32_t i = 0; i < all.size(); i += 3) some.push_back(i);
    std::size_t at = 0;
    snapshot.strings().for_each_of(some, [&](std::uint32_t index, std::string_view text) {
      ASSERT_EQ(index, some[at++]);
      ASSERT_EQ(text, all[index]);
    });
    for (std::uint32_t i = 0; i < all.size(); ++i) ASSERT_EQ(snapshot.strings().get(i), all[i]);
    EXPECT_EQ(all.at(snapshot.strings().find("(GC roots)")), "(GC roots)");
    EXPECT_EQ(snapshot.strings().find("no such string"), 0xffff'ffff);
    EXPECT_EQ(snapshot.strings().get(9'999'999), "");
  }
}

TEST(SnapshotReader, FindsNodesById) {
  std::mt19937_64 random(3);
  SnapshotText heap = test::random_heap(random, 1000);
  std::swap(heap.nodes[10].id, heap.nodes[900].id);
  const TemporaryFile file(heap.text());
  const Snapshot snapshot = read_snapshot(file.path());
  EXPECT_EQ(snapshot.find_id(static_cast<std::uint32_t>(heap.nodes[10].id)), 10U);
  EXPECT_EQ(snapshot.find_id(static_cast<std::uint32_t>(heap.nodes[900].id)), 900U);
  EXPECT_EQ(snapshot.find_id(2), no_node);
}

TEST(SnapshotReader, RefusesEveryTruncation) {
  std::mt19937_64 random(1);
  const std::string text = test::random_heap(random, 12).text();
  const std::string whole = text.substr(0, text.find_last_of('}') + 1);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_NE(error_of(whole.substr(0, length)), "") << "cut after " << length;
  }
  EXPECT_EQ(error_of(whole), "");
}

TEST(SnapshotReader, SaysWhatIsWrongAndWhere) {
  std::mt19937_64 random(1);
  const SnapshotText heap = test::random_heap(random, 12);
  const std::string text = heap.text();
  const auto replaced = [&](const std::string& old, const std::string& now) {
    std::string changed = text;
    const std::size_t at = changed.find(old);
    EXPECT_NE(at, std::string::npos) << old;
    return changed.replace(at, old.size(), now);
  };
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("[1]"), HasSubstr("needs '{'"));
  EXPECT_THAT(error_of("{}"), HasSubstr("no \"snapshot\""));
  EXPECT_THAT(error_of(text + "x"), HasSubstr("follows the end"));
  EXPECT_THAT(error_of(replaced("\"edge_count\",\"", "\"edges\",\"")), HasSubstr("edge_count"));
  EXPECT_THAT(error_of(replaced("\"node_count\":12", "\"node_count\":13")),
              HasSubstr("header says 13 nodes, there are 12"));
  EXPECT_THAT(error_of(replaced("\"node_count\":12", "\"node_count\":-1")),
              HasSubstr("node_count"));
  EXPECT_THAT(error_of(replaced("\"node_count\":12", "\"node_count\":999999999999")),
              HasSubstr("more than any heap has"));
  EXPECT_THAT(error_of(replaced("\"nodes\":[", "\"nodes\":[,")), HasSubstr("commas between"));
  EXPECT_THAT(error_of(replaced("\"nodes\":[9", "\"nodes\":[-9")), HasSubstr("non-negative"));
  EXPECT_THAT(error_of(replaced("\"nodes\":[9", "\"nodes\":[99")), HasSubstr("no node type 99"));
  EXPECT_THAT(error_of(replaced("\"nodes\":[9", "\"nodes\":[99999999999999999999999")),
              HasSubstr("too large"));
  EXPECT_THAT(error_of(replaced("\"edges\":[", "\"edges\":[1,2,")), HasSubstr("edge"));
  EXPECT_THAT(
      error_of(replaced("],\n\"trace_function_infos\"", ",1,2,3],\n\"trace_function_infos\"")),
      HasSubstr("edge"));
  EXPECT_THAT(error_of(replaced("\"strings\":[\"\",", "\"strings\":[")), HasSubstr("no string"));
  EXPECT_THAT(error_of(replaced("\"strings\":[\"\"", "\"strings\":[\"\n\"")),
              HasSubstr("control character"));
  EXPECT_THAT(error_of(replaced("\"weak\"", "\"wild\\u001b[2J\"")), HasSubstr("unknown type"));
  // The place: the third number of the first edge.
  const std::string bad = replaced("\"edges\":[1,1,6", "\"edges\":[1,1,7");
  EXPECT_THAT(error_of(bad), HasSubstr(std::to_string(bad.find("[1,1,7") + 5)));
}

/// In the middle of thousands of edges, which are read many at a time.
TEST(SnapshotReader, SaysWhichEdgeIsWrong) {
  const std::string text = big_heap().text("", "");
  const std::size_t edges = text.find("\"edges\":[") + 9;
  const std::size_t edge = [&] {
    std::size_t at = edges;
    for (int commas = 0; commas < 3 * 5000; ++at) commas += text[at] == ',' ? 1 : 0;
    return at;
  }();
  const std::size_t label = text.find(',', edge) + 1;
  const std::size_t target = text.find(',', label) + 1;
  const struct {
    std::size_t at;
    const char* number;
    const char* message;
  } faults[] = {{edge, "7", "no edge type 7"},
                {edge, "16", "no edge type 16"},
                {edge, "4294967295", "no edge type"},
                {label, "4294967296", "too large"},
                {target, "1", "where no node starts"},
                {target, "600000006", "where no node starts"},
                {target, "4294967298", "where no node starts"}};
  for (const digits::Level level :
       {digits::Level::none, digits::Level::narrow, digits::Level::wide}) {
    digits::limit_level(level);
    for (const auto& fault : faults) {
      std::string bad = text;
      bad.replace(fault.at, text.find(',', fault.at) - fault.at, fault.number);
      EXPECT_THAT(error_of(bad), HasSubstr(fault.message));
      EXPECT_THAT(error_of(bad), HasSubstr(std::to_string(fault.at))) << fault.number;
    }
  }
}

TEST(SnapshotReader, RefusesFilesThatAreNoFiles) {
  EXPECT_THROW(read_snapshot("/"), InputError);
  EXPECT_THROW(read_snapshot("/no/such/file"), InputError);
  const TemporaryFile cut(zstd(std::string(100000, ' ')).substr(0, 10), ".zst");
  EXPECT_THROW(read_snapshot(cut.path()), InputError);
}

/// Whatever one byte becomes, there is a snapshot or an error.
TEST(SnapshotReader, SurvivesAnyChangedByte) {
  std::mt19937_64 random(5);
  const std::string text = test::random_heap(random, 20).text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = "0,]}{[\"\\9 \n\xff"[random() % 12];
    const TemporaryFile file(changed);
    try {
      const Snapshot snapshot = read_snapshot(file.path(), {false, 1});
      const Analysis analysis = analyse(snapshot, {1, false});
      classify(snapshot, analysis);
      statistics(snapshot, analysis);
    } catch (const InputError&) {
    }
  }
}

}  // namespace
}  // namespace heaplab::inspector
