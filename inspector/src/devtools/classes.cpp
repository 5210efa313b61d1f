// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "devtools/bits.h"
#include "devtools/interfaces.h"
#include "heaplab/inspector/devtools.h"

namespace heaplab::inspector {
namespace {

/// "<div>" of "<div id=x>": all tags of a kind are one class.
std::string tag_class(const std::string& name) {
  const std::size_t tag = name.starts_with("Detached <") ? 10 : name.starts_with('<') ? 1 : 0;
  if (tag == 0) return name;
  const std::size_t space = name.find(' ', tag);
  return space == std::string::npos ? name : name.substr(0, space) + ">";
}

/// "java.lang.Thread" of "java.lang.Thread "main"".
std::string java_class(const std::string& name) { return name.substr(0, name.find(" \"")); }

class Classifier {
 public:
  Classifier(const Snapshot& snapshot, const Analysis& analysis)
      : snapshot_(snapshot), analysis_(analysis) {
    classes_.of_node.assign(snapshot.node_count(), Classes::none);
  }

  Classes run() {
    read_names();
    const Interfaces interfaces =
        is_java() ? Interfaces{} : infer_interfaces(snapshot_, object_names_);
    std::size_t plain = 0;
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      const bool is_plain = plain < interfaces.objects.size() && interfaces.objects[plain] == node;
      const std::uint32_t interface = is_plain ? interfaces.of_object[plain++] : Interfaces::none;
      if (analysis_.shallow_sizes[node] == 0) continue;
      const std::uint32_t name = interface != Interfaces::none
                                     ? name_number(interfaces.list[interface].name)
                                     : class_name(node);
      const std::uint32_t place = snapshot_.location_number(node);
      const bool by_place =
          place != Snapshot::no_location && snapshot_.type(node) == NodeType::object;
      add(node, by_place ? row_at(name, place, *snapshot_.location(node)) : row_of(name));
    }
    for (ClassTotals& row : classes_.rows) {
      if (row.distance == INT32_MAX) row.distance = distance_unreached;
    }
    sum_retained();
    return std::move(classes_);
  }

 private:
  /// Class names are numbered; those of nodes are read once for each string, in one go.
  void read_names() {
    Bits used(snapshot_.strings().size());
    std::vector<std::uint32_t> wanted;
    for (NodeIndex node = 0; node < snapshot_.node_count(); ++node) {
      const NodeType type = snapshot_.type(node);
      if (!has_class_name(type)) continue;
      if (used.add(snapshot_.name_index(node))) wanted.push_back(snapshot_.name_index(node));
    }
    std::sort(wanted.begin(), wanted.end());
    snapshot_.strings().for_each_of(wanted, [&](std::uint32_t string, std::string_view text) {
      if (text == "Object") object_names_.push_back(string);
      of_string_.emplace(string, name_number(is_java() ? java_class(std::string(text))
                                                       : tag_class(std::string(text))));
    });
  }

  bool is_java() const { return snapshot_.origin() == Origin::java; }
  /// Whether its own name is that of its class.
  bool has_class_name(NodeType type) const {
    return type == NodeType::object ||
           (is_java() ? type == NodeType::array : type == NodeType::native);
  }

  std::uint32_t name_number(const std::string& name) {
    const auto number = static_cast<std::uint32_t>(names_.size());
    const auto [entry, added] = numbers_.try_emplace(name, number);
    if (added) names_.push_back(name);
    return entry->second;
  }

  std::uint32_t class_name(NodeIndex node) {
    const NodeType type = snapshot_.type(node);
    if (is_java()) {
      if (has_class_name(type)) return of_string_.at(snapshot_.name_index(node));
      return fixed(type, type == NodeType::string ? "java.lang.String" : "java.lang.Class");
    }
    switch (type) {
      case NodeType::object:
      case NodeType::native: {
        const std::uint32_t name = of_string_.at(snapshot_.name_index(node));
        return analysis_.detached(node) ? name_number(tag_class("Detached " + names_[name])) : name;
      }
      case NodeType::hidden:
        return fixed(type, "(system)");
      case NodeType::code:
        return fixed(type, "(compiled code)");
      case NodeType::closure:
        return fixed(type, "Function");
      case NodeType::regexp:
        return fixed(type, "RegExp");
      default:
        return fixed(type, "");
    }
  }

  std::uint32_t fixed(NodeType type, const char* name) {
    std::uint32_t& known = of_type_[static_cast<std::size_t>(type)];
    if (known == Classes::none) {
      known = name_number(*name != '\0' ? name : fmt::format("({})", to_string(type)));
    }
    return known;
  }

  std::uint32_t row_of(std::uint32_t name) {
    if (name >= row_of_name_.size()) row_of_name_.resize(names_.size(), Classes::none);
    std::uint32_t& row = row_of_name_[name];
    if (row == Classes::none) row = new_row("," + names_[name], names_[name]);
    return row;
  }

  std::uint32_t row_at(std::uint32_t name, std::uint32_t number, const SourceLocation& place) {
    const std::uint64_t key = std::uint64_t{name} << 32 | number;
    const auto found = row_at_place_.find(key);
    if (found != row_at_place_.end()) return found->second;
    const std::uint32_t row =
        new_row(fmt::format("{},{},{},{}", place.script_id, place.line, place.column, names_[name]),
                names_[name]);
    row_at_place_.emplace(key, row);
    return row;
  }

  std::uint32_t new_row(std::string key, std::string name) {
    ClassTotals row;
    row.key = std::move(key);
    row.name = std::move(name);
    row.distance = INT32_MAX;
    classes_.rows.push_back(std::move(row));
    return static_cast<std::uint32_t>(classes_.rows.size() - 1);
  }

  void add(NodeIndex node, std::uint32_t number) {
    ClassTotals& row = classes_.rows[number];
    ++row.count;
    row.self += analysis_.shallow_sizes[node];
    const std::int32_t distance = analysis_.distances[node];
    // DevTools' least distance may be that of what is not reached.
    if (!is_java() || distance >= 0) row.distance = std::min(row.distance, distance);
    classes_.of_node[node] = number;
  }

  /// Down the tree of dominators: an instance below another of its class adds nothing.
  void sum_retained() {
    const DominatedNodes dominated(analysis_);
    std::vector<std::uint8_t> open(classes_.rows.size());
    struct Step {
      NodeIndex node;
      bool leaving;
    };
    std::vector<Step> stack = {{snapshot_.root(), false}};
    while (!stack.empty()) {
      const Step step = stack.back();
      stack.pop_back();
      const std::uint32_t row = classes_.of_node[step.node];
      if (step.leaving) {
        open[row] = 0;
        continue;
      }
      if (row != Classes::none && open[row] == 0) {
        classes_.rows[row].retained += analysis_.retained[step.node];
        if (!dominated.of(step.node).empty()) {
          open[row] = 1;
          stack.push_back({step.node, true});
        }
      }
      for (const NodeIndex child : dominated.of(step.node)) stack.push_back({child, false});
    }
  }

  const Snapshot& snapshot_;
  const Analysis& analysis_;
  Classes classes_;
  std::vector<std::uint32_t> object_names_;  ///< strings "Object"
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::unordered_map<std::uint32_t, std::uint32_t> of_string_;
  std::array<std::uint32_t, 32> of_type_ = [] {
    std::array<std::uint32_t, 32> none;
    none.fill(Classes::none);
    return none;
  }();
  std::vector<std::uint32_t> row_of_name_;
  std::unordered_map<std::uint64_t, std::uint32_t> row_at_place_;
};

}  // namespace

Classes classify(const Snapshot& snapshot, const Analysis& analysis) {
  return Classifier(snapshot, analysis).run();
}

}  // namespace heaplab::inspector
