// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace heaplab::leakcheck {

/// A little heap of a program that can be changed and written as a V8 heap snapshot, again and
/// again: a node keeps its id, and what is dropped from the heap is gone from the next snapshot.
///
/// There is a function `main` of the script /srv/app.js; its variables are what tests set.
class SyntheticHeap {
 public:
  using Id = std::size_t;

  SyntheticHeap() {
    root_ = node("synthetic", "", 0);
    global_ = node("object", "global", 40);
    edge(root_, "shortcut", "global", global_);
    main_ = node("closure", "main", 64);
    scope_ = node("object", "system / Context", 64);
    const Id shared = node("code", "main", 56);
    const Id script = node("code", "/srv/app.js", 144);
    edge(global_, "property", "main", main_);
    edge(main_, "internal", "context", scope_);
    edge(main_, "internal", "shared", shared);
    edge(shared, "internal", "script_or_debug_info", script);
  }

  Id node(const std::string& type, const std::string& name, std::uint64_t size) {
    nodes_.push_back({type, name, size, {}});
    return nodes_.size() - 1;
  }
  void edge(Id from, const std::string& type, const std::string& name, Id to) {
    nodes_[from].edges.push_back({type, name, to});
  }
  Id object(const std::string& name, std::uint64_t size = 40) { return node("object", name, size); }

  /// Lets a group of roots, as "(Handle scope)", hold something.
  void hold(const std::string& group, const std::string& label, Id to) {
    const auto [known, is_new] = groups_.try_emplace(group, 0);
    if (is_new) {
      known->second = node("synthetic", group, 0);
      edge(root_, "element", "1", known->second);
    }
    edge(known->second, "internal", label, to);
  }
  void let_go(const std::string& group) {
    const auto known = groups_.find(group);
    if (known != groups_.end()) clear(known->second);
  }
  /// A function that the global object does not lead to, with a scope of its own.
  Id scope_behind(const std::string& group) {
    const Id function = node("closure", "serve", 64);
    const Id scope = node("object", "system / Context", 64);
    edge(function, "internal", "context", scope);
    hold(group, "1", function);
    return scope;
  }
  void variable_of(Id scope, const std::string& name, Id to) {
    replace(scope, "context", name, to);
  }

  /// Sets a variable of `main`, or a property, to something else.
  void variable(const std::string& name, Id to) { replace(scope_, "context", name, to); }
  void property(Id from, const std::string& name, Id to) { replace(from, "property", name, to); }
  void clear(Id from) { nodes_[from].edges.clear(); }
  void resize(Id id, std::uint64_t size) { nodes_[id].size = size; }
  /// No engine writes such a root.
  void damage_root() { nodes_[root_].type = "array"; }

  /// A Map as V8 has it: the entries are in a table, and a growing Map gets a new one.
  void fill_map(Id map, const std::vector<std::pair<Id, Id>>& entries) {
    clear(map);
    const Id table = node("array", "", 24 + 24 * entries.size());
    edge(map, "internal", "table", table);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      edge(table, "internal", std::to_string(3 * i + 5), entries[i].first);
      edge(table, "internal", std::to_string(3 * i + 6), entries[i].second);
    }
  }
  void push(Id array, Id item) {
    const std::string index = std::to_string(nodes_[array].edges.size());
    edge(array, "element", index, item);
  }

  /// Writes what can be reached from the root.
  void write(const std::string& path) const {
    std::vector<std::size_t> place(nodes_.size(), nodes_.size());
    std::vector<Id> order{root_};
    place[root_] = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const Edge& e : nodes_[order[i]].edges) {
        if (place[e.to] != nodes_.size()) continue;
        place[e.to] = order.size();
        order.push_back(e.to);
      }
    }
    std::map<std::string, std::size_t> numbers;
    nlohmann::json strings = nlohmann::json::array();
    auto number = [&](const std::string& text) {
      const auto [entry, is_new] = numbers.try_emplace(text, numbers.size());
      if (is_new) strings.push_back(text);
      return entry->second;
    };
    nlohmann::json nodes = nlohmann::json::array();
    nlohmann::json edges = nlohmann::json::array();
    std::size_t edge_count = 0;
    for (const Id id : order) {
      const Node& n = nodes_[id];
      for (const std::size_t field :
           {type_number(n.type), number(n.name), 2 * id + 1, static_cast<std::size_t>(n.size),
            n.edges.size(), std::size_t{0}}) {
        nodes.push_back(field);
      }
      for (const Edge& e : n.edges) {
        ++edge_count;
        edges.push_back(edge_type_number(e.type));
        edges.push_back(e.type == "element" ? std::stoul(e.name) : number(e.name));
        edges.push_back(6 * place[e.to]);
      }
    }
    const nlohmann::json meta = {
        {"node_fields", {"type", "name", "id", "self_size", "edge_count", "detachedness"}},
        {"node_types", {types(), "string", "number", "number", "number", "number"}},
        {"edge_fields", {"type", "name_or_index", "to_node"}},
        {"edge_types", {edge_types(), "string_or_number", "node"}},
        {"location_fields", {"object_index", "script_id", "line", "column"}}};
    nlohmann::ordered_json document;
    document["snapshot"] = {{"meta", meta},
                            {"node_count", order.size()},
                            {"edge_count", edge_count},
                            {"trace_function_count", 0}};
    document["nodes"] = nodes;
    document["edges"] = edges;
    document["trace_function_infos"] = nlohmann::json::array();
    document["trace_tree"] = nlohmann::json::array();
    document["samples"] = nlohmann::json::array();
    document["locations"] = nlohmann::json::array();
    document["strings"] = strings;
    std::ofstream(path) << document.dump();
  }

 private:
  struct Edge {
    std::string type, name;
    Id to;
  };
  struct Node {
    std::string type, name;
    std::uint64_t size;
    std::vector<Edge> edges;
  };

  void replace(Id from, const std::string& type, const std::string& name, Id to) {
    for (Edge& e : nodes_[from].edges) {
      if (e.type == type && e.name == name) {
        e.to = to;
        return;
      }
    }
    edge(from, type, name, to);
  }
  static std::vector<std::string> types() {
    return {"hidden",
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
            "sliced string"};
  }
  static std::vector<std::string> edge_types() {
    return {"context", "element", "property", "internal", "hidden", "shortcut", "weak"};
  }
  static std::size_t position(const std::vector<std::string>& list, const std::string& text) {
    return static_cast<std::size_t>(std::find(list.begin(), list.end(), text) - list.begin());
  }
  static std::size_t type_number(const std::string& type) { return position(types(), type); }
  static std::size_t edge_type_number(const std::string& type) {
    return position(edge_types(), type);
  }

  std::vector<Node> nodes_;
  std::map<std::string, Id> groups_;
  Id root_ = 0, global_ = 0, main_ = 0, scope_ = 0;
};

}  // namespace heaplab::leakcheck
