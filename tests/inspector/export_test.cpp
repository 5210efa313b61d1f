// SPDX-License-Identifier: MIT
// What other programs read: dumps, flame graphs, pprof profiles, graphs.
#include <gtest/gtest.h>
#include <zlib.h>

#include <map>
#include <sstream>

#include "heaplab/inspector/queries/dump.h"
#include "heaplab/inspector/queries/export.h"
#include "shop_heap.h"

namespace heaplab::inspector {
namespace {

using test::node;
using test::ShopHeap;
using test::SnapshotText;

template <typename Write>
std::string written(Write&& write) {
  std::string result;
  write([&](std::string_view bytes) { result += bytes; });
  return result;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

TEST(Dump, TsvIsARowANode) {
  ShopHeap heap;
  heap.text.nodes[heap.key].name = "a\tb\nc\rd\\e\"f,g";
  const View view = heap.view();
  const auto lines =
      split(written([&](const ByteSink& sink) { dump_nodes(view, DumpFormat::tsv, sink); }), '\n');
  ASSERT_EQ(lines.size(), heap.text.nodes.size() + 1);
  EXPECT_EQ(lines[0], "id\ttype\tname\tself\tretained\tdistance\tdominator");
  EXPECT_EQ(lines[1 + heap.key], "13\tstring\ta\\tb\\nc\\rd\\\\e\"f,g\t24\t24\t4\t5");
  EXPECT_EQ(lines[1 + heap.root].substr(0, 14), "1\tsynthetic\t\t0");
  EXPECT_TRUE(lines[1].ends_with("\t100000000\t1"));
}

TEST(Dump, JsonLinesAndCsvCanBeReadBack) {
  ShopHeap heap;
  const std::string name = "é \"q\" \\ \x01\n,x";
  heap.text.nodes[heap.key].name = name;
  const View view = heap.view();
  const auto lines = split(
      written([&](const ByteSink& sink) { dump_nodes(view, DumpFormat::jsonl, sink); }), '\n');
  ASSERT_EQ(lines.size(), heap.text.nodes.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto row = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(row["id"], view.snapshot().id(node(i)));
    EXPECT_EQ(row["name"], heap.text.nodes[i].name);
    EXPECT_EQ(row["retained"], view.retained(node(i)));
  }
  const std::string csv =
      written([&](const ByteSink& sink) { dump_nodes(view, DumpFormat::csv, sink); });
  EXPECT_NE(csv.find("13,string,\"é \"\"q\"\" \\ \x01\n,x\",24,24,"), std::string::npos);
  const auto edges =
      split(written([&](const ByteSink& sink) { dump_edges(view, DumpFormat::tsv, sink); }), '\n');
  EXPECT_EQ(edges.size(), view.snapshot().edge_count() + 1);
  EXPECT_EQ(edges[3], "5\tproperty\tapp\t7");
  const auto classes = split(
      written([&](const ByteSink& sink) { dump_classes(view, DumpFormat::csv, sink); }), '\n');
  EXPECT_EQ(classes.size(), view.classes().rows.size() + 1);
}

/// "a;b 12" → 12 by stack.
std::map<std::string, std::uint64_t> stacks(const std::string& collapsed) {
  std::map<std::string, std::uint64_t> result;
  for (const std::string& line : split(collapsed, '\n')) {
    const std::size_t space = line.rfind(' ');
    EXPECT_TRUE(result.emplace(line.substr(0, space), std::stoull(line.substr(space + 1))).second);
  }
  return result;
}

std::map<std::string, std::uint64_t> collapsed(const View& view, std::uint64_t min_size,
                                               std::uint32_t depth) {
  return stacks(written([&](const ByteSink& sink) {
    write_collapsed(view, class_tree(view, min_size, depth), sink);
  }));
}

TEST(FlameGraph, ShowsWhatClassesKeep) {
  const ShopHeap heap;
  const auto all = collapsed(heap.view(), 0, 64);
  EXPECT_EQ(all.at("(heap);global;Map;Session"), 112U);
  EXPECT_EQ(all.at("(heap);global;Map;Session;(string)"), 1000U);
  const auto pruned = collapsed(heap.view(), 1000, 64);
  EXPECT_FALSE(pruned.contains("(heap);global;Set"));
  EXPECT_TRUE(pruned.contains("(heap);global;Map;Session;(string)"));
}

std::string gunzip(const std::string& data) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string result(16 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  result.resize(stream.total_out);
  inflateEnd(&stream);
  return result;
}

/// The fields of a protobuf message: number and content, or number and value.
struct Field {
  std::uint64_t number;
  std::uint64_t value;
  std::string bytes;
};
std::uint64_t read_varint(const std::string& data, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; at < data.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(data[at++]);
    value |= std::uint64_t{byte & 127U} << shift;
    if (byte < 128) break;
  }
  return value;
}
std::vector<Field> fields(const std::string& data) {
  std::vector<Field> result;
  for (std::size_t at = 0; at < data.size();) {
    const std::uint64_t tag = read_varint(data, at);
    Field field{tag >> 3, read_varint(data, at), {}};
    if ((tag & 7) == 2) {
      field.bytes = data.substr(at, field.value);
      at += field.value;
    } else {
      EXPECT_EQ(tag & 7, 0U);
    }
    result.push_back(field);
  }
  return result;
}

/// A profile as stacks of names, root first.
std::map<std::string, std::uint64_t> read_pprof(const std::string& profile) {
  std::vector<std::string> strings;
  std::map<std::uint64_t, std::uint64_t> function_of, name_of;
  for (const Field& field : fields(profile)) {
    if (field.number == 6) strings.push_back(field.bytes);
    if (field.number != 4 && field.number != 5) continue;
    std::uint64_t id = 0, other = 0;
    for (const Field& part : fields(field.bytes)) {
      if (part.number == 1) id = part.value;
      if (part.number == 2) other = part.value;
      if (part.number == 4) other = fields(part.bytes).at(0).value;
    }
    (field.number == 4 ? function_of : name_of)[id] = other;
  }
  EXPECT_EQ(strings.at(0), "");
  std::map<std::string, std::uint64_t> result;
  for (const Field& field : fields(profile)) {
    if (field.number != 2) continue;
    const auto parts = fields(field.bytes);
    std::string stack;
    for (std::size_t at = 0; at < parts.at(0).bytes.size();) {
      const std::uint64_t location = read_varint(parts[0].bytes, at);
      const std::string name = strings.at(name_of.at(function_of.at(location)));
      stack = stack.empty() ? name : name + ";" + stack;
    }
    std::size_t at = 0;
    read_varint(parts.at(1).bytes, at);  // the count
    const std::uint64_t bytes = read_varint(parts[1].bytes, at);
    if (bytes > 0) result[stack] += bytes;
  }
  return result;
}

TEST(FlameGraph, NoByteIsLostAndPprofSaysTheSame) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    const View view = ShopHeap::view_of(test::random_heap(random, 10 + random() % 200));
    std::uint64_t total = 0;
    for (NodeIndex n = 0; n < view.snapshot().node_count(); ++n) total += view.shallow(n);
    const std::uint64_t min_size = random() % 2000;
    const auto depth = static_cast<std::uint32_t>(1 + random() % 8);
    const auto shown = collapsed(view, min_size, depth);
    std::uint64_t sum = 0;
    for (const auto& [stack, bytes] : shown) sum += bytes;
    EXPECT_EQ(sum, total);
    const std::string profile = gunzip(written(
        [&](const ByteSink& sink) { write_pprof(view, class_tree(view, min_size, depth), sink); }));
    EXPECT_EQ(read_pprof(profile), shown);
  }
}

TEST(FlameGraph, AListIsOneFrame) {
  SnapshotText text;
  text.add("synthetic", "", 0);
  text.add("object", "global", 8);
  text.element(0, 2, 1);
  for (int i = 0; i < 100'000; ++i) {
    const std::size_t next = text.add("object", "Item", 10);
    text.edge(next - 1, "property", "next", next);
  }
  const auto all = collapsed(ShopHeap::view_of(text), 0, 64);
  EXPECT_EQ(all.at("(heap);global;Item"), 1'000'000U);
}

TEST(Dot, IsBoundedAndQuoted) {
  ShopHeap heap;
  heap.text.nodes[heap.data].name = "quote \" back \\ escape \x1b line\n";
  const View view = heap.view();
  for (const bool dominators : {true, false}) {
    for (const std::size_t limit : {1U, 4U, 100U}) {
      DotOptions options;
      options.node = node(heap.global);
      options.dominators = dominators;
      options.depth = 9;
      options.limit = limit;
      const auto lines =
          split(written([&](const ByteSink& sink) { write_dot(view, options, sink); }), '\n');
      std::size_t nodes = 0;
      for (const std::string& line : lines) {
        EXPECT_EQ(line.find('\x1b'), std::string::npos);
        nodes += line.starts_with("  n") && line.find("->") == std::string::npos &&
                 line.find("node [") == std::string::npos;
        bool open = false;
        for (std::size_t i = 0; i < line.size(); ++i) {
          if (line[i] == '\\') {
            ++i;
          } else if (line[i] == '"') {
            open = !open;
          }
        }
        EXPECT_FALSE(open) << line;
      }
      EXPECT_LE(nodes, limit);
      EXPECT_GE(nodes, std::min<std::size_t>(limit, 4));
      EXPECT_EQ(lines.back(), "}");
    }
  }
}

}  // namespace
}  // namespace heaplab::inspector
