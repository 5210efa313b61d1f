// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

// What tests of written snapshots share: a file of their own, and a second reader, slow and strict,
// that takes the format at its word.

namespace heaplab::inspector::test {

/// A folder that goes away with the test.
class Scratch {
 public:
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "heaplab-snapshot-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::size_t files() const {
    const auto all = std::filesystem::directory_iterator(folder_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::string folder_;
};

struct FileEdge {
  std::string kind;
  std::string name;
  std::size_t to = 0;
};
struct FileNode {
  std::string type;
  std::string name;
  std::uint64_t id = 0;
  std::uint64_t self_size = 0;
  std::uint64_t trace = 0;
  std::vector<FileEdge> edges;
};

class SnapshotFile {
 public:
  explicit SnapshotFile(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    text.assign(std::istreambuf_iterator<char>(in), {});
    json = nlohmann::json::parse(without_lone_surrogates(text));
    read();
  }

  /// The first node of that type and name.
  std::optional<std::size_t> find(const std::string& type, const std::string& name) const {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].type == type && nodes[i].name == name) return i;
    }
    return std::nullopt;
  }
  std::size_t count(const std::string& type, const std::string& name) const {
    std::size_t found = 0;
    for (const FileNode& node : nodes) found += node.type == type && node.name == name;
    return found;
  }
  /// Where the edge of that kind and name leads; fails the test if there is none.
  std::size_t follow(std::size_t node, const std::string& kind, const std::string& name) const {
    for (const FileEdge& edge : nodes[node].edges) {
      if (edge.kind == kind && edge.name == name) return edge.to;
    }
    ADD_FAILURE() << nodes[node].type << " " << nodes[node].name << " has no " << kind << " edge "
                  << name;
    return 0;
  }
  bool has_edge(std::size_t node, const std::string& kind, const std::string& name) const {
    for (const FileEdge& edge : nodes[node].edges) {
      if (edge.kind == kind && edge.name == name) return true;
    }
    return false;
  }
  /// Follows property edges from the global object.
  std::size_t global(std::initializer_list<const char*> names) const {
    std::size_t at = follow(0, "shortcut", "global");
    for (const char* name : names) at = follow(at, "property", name);
    return at;
  }

  std::string text;  ///< the file
  nlohmann::json json;
  std::vector<FileNode> nodes;
  std::unordered_map<std::uint64_t, std::size_t> by_id;

 private:
  /// JSON may escape half of a pair, JavaScript's parser takes it, this one does not.
  static std::string without_lone_surrogates(std::string text) {
    const auto unit = [&text](std::size_t at) {
      return at + 6 <= text.size() && text[at] == '\\' && text[at + 1] == 'u'
                 ? std::stoul(text.substr(at + 2, 4), nullptr, 16)
                 : 0;
    };
    for (std::size_t at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
      const unsigned long first = unit(at);
      const unsigned long second = first >> 10 == 0x36 ? unit(at + 6) : 0;
      if (first >> 11 == 0x1b && second >> 10 != 0x37) text.replace(at, 6, "\\ufffd");
      at += second >> 10 == 0x37 ? 12 : first != 0 ? 6 : 2;
    }
    return text;
  }

  void read() {
    const auto& meta = json.at("snapshot").at("meta");
    const auto& fields = meta.at("node_fields");
    ASSERT_EQ(fields, nlohmann::json::parse(R"(["type","name","id","self_size","edge_count",
                                                "trace_node_id","detachedness"])"));
    const std::size_t stride = fields.size();
    const auto& types = meta.at("node_types").at(0);
    const auto& kinds = meta.at("edge_types").at(0);
    const auto& numbers = json.at("nodes");
    const auto& edges = json.at("edges");
    strings_ = json.at("strings").size();
    ASSERT_EQ(numbers.size(), json.at("snapshot").at("node_count").get<std::size_t>() * stride);
    ASSERT_EQ(edges.size(), json.at("snapshot").at("edge_count").get<std::size_t>() * 3);
    std::size_t edge = 0;
    for (std::size_t i = 0; i < numbers.size(); i += stride) {
      FileNode node;
      node.type = types.at(numbers[i].get<std::size_t>());
      node.name = string_at(numbers[i + 1]);
      node.id = numbers[i + 2];
      node.self_size = numbers[i + 3];
      node.trace = numbers[i + 5];
      for (std::size_t k = numbers[i + 4]; k > 0; --k, edge += 3) {
        ASSERT_LT(edge, edges.size()) << "nodes promise more edges than there are";
        node.edges.push_back(read_edge(kinds, &edges[edge], stride, numbers.size()));
      }
      ASSERT_TRUE(by_id.emplace(node.id, nodes.size()).second) << "two nodes have id " << node.id;
      nodes.push_back(std::move(node));
    }
    EXPECT_EQ(edge, edges.size()) << "edges that belong to no node";
    check_root();
    check_locations(stride);
  }

  FileEdge read_edge(const nlohmann::json& kinds, const nlohmann::json* fields, std::size_t stride,
                     std::size_t end) {
    FileEdge edge;
    edge.kind = kinds.at(fields[0].get<std::size_t>());
    const bool numbered = edge.kind == "element" || edge.kind == "hidden";
    edge.name = numbered ? std::to_string(fields[1].get<std::uint64_t>()) : string_at(fields[1]);
    const std::size_t target = fields[2];
    EXPECT_EQ(target % stride, 0u);
    EXPECT_LT(target, end);
    edge.to = target / stride;
    return edge;
  }

  void check_root() {
    ASSERT_FALSE(nodes.empty());
    EXPECT_EQ(nodes[0].type, "synthetic");
    EXPECT_EQ(nodes[0].name, "");
    EXPECT_EQ(nodes[0].id, 1u);
    EXPECT_EQ(nodes[follow(0, "element", "1")].name, "(GC roots)");
  }
  void check_locations(std::size_t stride) {
    const auto& locations = json.at("locations");
    ASSERT_EQ(locations.size() % 4, 0u);
    for (std::size_t i = 0; i < locations.size(); i += 4) {
      const std::size_t object = locations[i];
      EXPECT_EQ(object % stride, 0u);
      EXPECT_LT(object / stride, nodes.size());
      EXPECT_GT(locations[i + 1].get<std::uint64_t>(), 0u) << "a location without a script";
    }
  }
  std::string string_at(const nlohmann::json& index) {
    const std::size_t i = index;
    if (i < strings_) return json.at("strings")[i];
    ADD_FAILURE() << "string " << i << " of " << strings_;
    return {};
  }

  std::size_t strings_ = 0;
};

}  // namespace heaplab::inspector::test
