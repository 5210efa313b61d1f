// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

// Small heap snapshots for tests: nodes and edges are listed, the text is V8's.

namespace heaplab::inspector::test {

inline const std::vector<std::string> node_types = {"hidden",
                                                    "array",
                                                    "string",
                                                    "object",
                                                    "code",
                                                    "closure",
                                                    "regexp",
                                                    "number",
                                                    "native",
                                                    "synthetic",
                                                    "concatenated string",
                                                    "sliced string",
                                                    "symbol",
                                                    "bigint",
                                                    "object shape"};
inline const std::vector<std::string> edge_types = {"context", "element",  "property", "internal",
                                                    "hidden",  "shortcut", "weak"};

struct SnapshotText {
  struct Edge {
    std::string type;
    std::string name;          ///< of all but element and hidden edges
    std::uint64_t number = 0;  ///< of those
    std::size_t to = 0;
  };
  struct Node {
    std::string type = "object";
    std::string name = "Object";
    std::uint64_t id = 0;
    std::uint64_t size = 0;
    unsigned detachedness = 0;
    std::vector<Edge> edges;
  };
  struct Location {
    std::size_t node;
    std::uint32_t script, line, column;
  };
  std::vector<Node> nodes;
  std::vector<Location> locations;

  std::size_t add(std::string type, std::string name, std::uint64_t size) {
    nodes.push_back({std::move(type), std::move(name), 2 * nodes.size() + 1, size, 0, {}});
    return nodes.size() - 1;
  }
  void edge(std::size_t from, std::string type, std::string name, std::size_t to) {
    nodes[from].edges.push_back({std::move(type), std::move(name), 0, to});
  }
  void element(std::size_t from, std::uint64_t number, std::size_t to,
               const std::string& type = "element") {
    nodes[from].edges.push_back({type, "", number, to});
  }

  /// `gap` stands where V8 writes nothing: " " makes it look like other writers' JSON. Records
  /// begin on a line each, as older V8s write them; newer ones write no line ends.
  std::string text(const std::string& gap = "", const std::string& line_end = "\n") const {
    std::vector<std::string> strings;
    std::map<std::string, std::size_t> known;
    const auto string = [&](const std::string& name) {
      const auto [entry, added] = known.try_emplace(name, strings.size());
      if (added) strings.push_back(name);
      return entry->second;
    };
    const auto index = [](const std::vector<std::string>& list, const std::string& name) {
      return static_cast<std::size_t>(std::find(list.begin(), list.end(), name) - list.begin());
    };
    string("");
    const std::string comma = gap + "," + gap;
    std::string node_text, edge_text;
    std::size_t edges = 0;
    for (const Node& node : nodes) {
      if (!node_text.empty()) node_text += line_end + comma;
      for (const std::uint64_t value :
           {std::uint64_t{index(node_types, node.type)}, std::uint64_t{string(node.name)}, node.id,
            node.size, std::uint64_t{node.edges.size()}}) {
        node_text += std::to_string(value) + comma;
      }
      node_text += std::to_string(node.detachedness);
      for (const Edge& edge : node.edges) {
        const bool numbered = edge.type == "element" || edge.type == "hidden";
        const std::uint64_t label = numbered ? edge.number : string(edge.name);
        if (edges++ > 0) edge_text += line_end + comma;
        edge_text += std::to_string(index(edge_types, edge.type)) + comma + std::to_string(label) +
                     comma + std::to_string(edge.to * 6);
      }
    }
    using Json = nlohmann::json;
    const Json meta = {
        {"node_fields", {"type", "name", "id", "self_size", "edge_count", "detachedness"}},
        {"node_types", Json::array({node_types, "string", "number", "number", "number", "number"})},
        {"edge_fields", {"type", "name_or_index", "to_node"}},
        {"edge_types", Json::array({edge_types, "string_or_number", "node"})},
        {"location_fields", {"object_index", "script_id", "line", "column"}}};
    std::string location_text;
    for (const Location& location : locations) {
      if (!location_text.empty()) location_text += ",";
      location_text += std::to_string(location.node * 6) + "," + std::to_string(location.script) +
                       "," + std::to_string(location.line) + "," + std::to_string(location.column);
    }
    std::string string_text;
    for (const std::string& name : strings) {
      if (!string_text.empty()) string_text += ",\n";
      string_text += Json(name).dump();
    }
    return "{\"snapshot\":{\"meta\":" + meta.dump() +
           ",\"node_count\":" + std::to_string(nodes.size()) +
           ",\"edge_count\":" + std::to_string(edges) +
           ",\"trace_function_count\":0},\n\"nodes\":[" + node_text + "],\n\"edges\":[" +
           edge_text +
           "],\n\"trace_function_infos\":[],\n\"trace_tree\":[],\n\"samples\":[],\n\"locations\":"
           "[" +
           location_text + "],\n\"strings\":[" + string_text + "]}\n";
  }
};

/// A file that is gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& contents, const std::string& suffix = ".heapsnapshot")
      : path_("/tmp/heaplab-test-" + std::to_string(::getpid()) + "-" +
              std::to_string(counter()++) + suffix) {
    std::ofstream(path_, std::ios::binary) << contents;
  }
  ~TemporaryFile() { ::unlink(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  static int& counter() {
    static int count = 0;
    return count;
  }
  std::string path_;
};

/// A heap of random shape with every kind of node and edge DevTools' rules mention: node 0 is the
/// root, 1 its group of V8's roots, 2 the global object.
inline SnapshotText random_heap(std::mt19937_64& random, std::size_t count) {
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  SnapshotText heap;
  heap.add("synthetic", "", 0);
  heap.add("synthetic", "(GC roots)", 0);
  heap.add("object", "global", 40);
  const std::vector<std::string> types = {"object",  "object", "array", "hidden", "string",
                                          "closure", "native", "code",  "regexp", "object shape"};
  const std::vector<std::string> names = {"Object",
                                          "Array",
                                          "Page",
                                          "(map descriptors)",
                                          "system / NativeContext",
                                          "system / ExternalStringData",
                                          "<div id=a>",
                                          "élan \"x\""};
  while (heap.nodes.size() < count) {
    heap.add(types[below(types.size())], names[below(names.size())],
             below(4) == 0 ? 0 : below(500));
  }
  heap.element(0, 1, 1);
  if (below(8) != 0) heap.edge(0, "shortcut", "global", 2);
  const std::vector<std::string> labels = {
      "a", "b", "map", "7", "4 rest", "x", "sloppy_function_map", "elements", "__proto__"};
  const std::size_t edges = below(4 * count) + count;
  for (std::size_t i = 0; i < edges; ++i) {
    const std::size_t from = below(count);
    const std::size_t to = below(5) == 0 ? below(count) : std::min(count - 1, from + below(6));
    const std::string& type = edge_types[below(edge_types.size())];
    if (type == "element" || type == "hidden") {
      heap.element(from, below(3) == 0 ? below(1000000) : i, to, type);
    } else {
      heap.edge(from, type, labels[below(labels.size())], to);
    }
  }
  for (std::size_t i = below(4); i > 0; --i) {
    const std::size_t table = below(count), key = below(count), value = below(count);
    const std::string pair = " / part of key (K @" + std::to_string(2 * key + 1) +
                             ") -> value (V @" + std::to_string(2 * value + 1) +
                             ") pair in WeakMap (table @" + std::to_string(2 * table + 1) + ")";
    heap.edge(table, "internal", "1" + pair, value);
    heap.edge(key, "internal", "2" + pair, value);
  }
  return heap;
}

}  // namespace heaplab::inspector::test
