// SPDX-License-Identifier: MIT
#include "devtools/interfaces.h"

#include <algorithm>
#include <unordered_map>

#include "devtools/bits.h"
#include "heaplab/inspector/property_name.h"

namespace heaplab::inspector {
namespace {

using Label = std::uint32_t;

constexpr std::size_t longest_name = 120;
constexpr std::size_t objects_per_interface = 1000;
/// Each property takes two characters of a name at least, for a comma and a space.
constexpr std::size_t most_properties = longest_name / 2 + 1;

/// 128 bits of a sequence of labels: enough to tell all sequences of any heap apart.
struct SequenceHash {
  std::uint64_t low = 0x243f6a8885a308d3, high = 0x13198a2e03707344;

  void add(Label label) {
    low = (low ^ label) * 0x9e3779b97f4a7c15;
    low ^= low >> 29;
    high = (high + label) * 0xc2b2ae3d27d4eb4f;
    high ^= high >> 31;
  }
  bool operator==(const SequenceHash&) const = default;
  struct Hasher {
    std::size_t operator()(const SequenceHash& hash) const { return hash.low ^ hash.high; }
  };
};

/// Plain objects by the sequence of their properties.
class Groups {
 public:
  struct Group {
    std::size_t first, end;  ///< in `labels`
    std::uint64_t count = 0;
  };

  Groups(const Snapshot& snapshot, const std::vector<std::uint32_t>& object_names,
         Interfaces& result)
      : result_(result) {
    const auto plain = [&](NodeIndex node) {
      return snapshot.type(node) == NodeType::object &&
             std::find(object_names.begin(), object_names.end(), snapshot.name_index(node)) !=
                 object_names.end();
    };
    NodeIndex current = no_node;
    NodeIndex next = 0;
    bool wanted = false;
    const auto turn_to = [&](NodeIndex node) {
      if (wanted) close();
      // Nodes without edges are never a source.
      for (; next < node; ++next) {
        if (next != current && plain(next)) add_object(next), close();
      }
      current = node;
      next = node + 1;
      wanted = node < snapshot.node_count() && plain(node);
      if (wanted) add_object(node);
    };
    snapshot.for_all_edges([&](NodeIndex source, const SnapshotEdge& edge) {
      if (source != current) turn_to(source);
      if (wanted && edge.kind == EdgeKind::property) {
        labels.push_back(edge.label);
        hash_.add(edge.label);
      }
    });
    turn_to(snapshot.node_count());
  }

  std::vector<Label> labels;
  std::vector<Group> groups;

 private:
  void add_object(NodeIndex node) {
    result_.objects.push_back(node);
    first_ = labels.size();
    hash_ = {};
  }
  void close() {
    const auto [entry, added] =
        known_.try_emplace(hash_, static_cast<std::uint32_t>(groups.size()));
    if (added) {
      groups.push_back({first_, labels.size()});
    } else {
      labels.resize(first_);
    }
    ++groups[entry->second].count;
    result_.of_object.push_back(entry->second);
  }

  Interfaces& result_;
  std::size_t first_ = 0;
  SequenceHash hash_;
  std::unordered_map<SequenceHash, std::uint32_t, SequenceHash::Hasher> known_;
};

class Inference {
 public:
  Inference(const Snapshot& snapshot, const std::vector<std::uint32_t>& object_names)
      : snapshot_(snapshot), groups_(snapshot, object_names, result_) {}

  Interfaces run() {
    read_names();
    define();
    index_definitions();
    std::vector<std::uint32_t> of_group;
    for (const Groups::Group& group : groups_.groups) of_group.push_back(best_for(group));
    for (std::uint32_t& object : result_.of_object) object = of_group[object];
    return std::move(result_);
  }

 private:
  /// The names that can be part of an interface's.
  void read_names() {
    std::vector<Label> wanted;
    for (const Groups::Group& group : groups_.groups) {
      const std::size_t count = std::min(group.end - group.first, most_properties + 1);
      for (std::size_t i = 0; i < count; ++i) wanted.push_back(groups_.labels[group.first + i]);
    }
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    snapshot_.strings().for_each_of(wanted, [&](Label label, std::string_view text) {
      names_.emplace(label, Name{text == "__proto__", format_property_name(text), 0});
    });
    for (auto& [label, name] : names_) name.length = utf16_length(name.text);
  }

  Interface candidate(const Groups::Group& group) const {
    Interface candidate{"{", {}};
    std::size_t length = 1;
    for (std::size_t i = group.first; i < group.end; ++i) {
      const auto found = names_.find(groups_.labels[i]);
      if (found == names_.end()) break;
      const Name& name = found->second;
      if (name.is_proto) continue;
      if (length > 1 && length + name.length > longest_name) break;
      if (length != 1) {
        candidate.name += ", ";
        length += 2;
      }
      candidate.name += name.text;
      length += name.length;
      candidate.properties.push_back(groups_.labels[i]);
    }
    candidate.name += "}";
    return candidate;
  }

  void define() {
    struct Counted {
      Interface interface;
      std::uint64_t count;
    };
    std::vector<Counted> candidates;
    std::unordered_map<std::string, std::size_t> by_name;
    std::uint64_t objects = 0;
    for (const Groups::Group& group : groups_.groups) {
      objects += group.count;
      Interface found = candidate(group);
      if (found.properties.empty()) continue;
      const auto [entry, added] = by_name.try_emplace(found.name, candidates.size());
      if (added) candidates.push_back({std::move(found), 0});
      candidates[entry->second].count += group.count;
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Counted& a, const Counted& b) { return a.count > b.count; });
    for (Counted& counted : candidates) {
      if (counted.count < 2 || counted.count * objects_per_interface < objects) break;
      result_.list.push_back(std::move(counted.interface));
    }
  }

  void index_definitions() {
    for (std::uint32_t i = 0; i < result_.list.size(); ++i) {
      for (const Label label : result_.list[i].properties) with_property_[label].push_back(i);
    }
    hits_.assign(result_.list.size(), 0);
  }

  std::uint32_t best_for(const Groups::Group& group) {
    std::uint32_t best = Interfaces::none;
    std::size_t most = 0;
    touched_.clear();
    const auto begin = groups_.labels.begin();
    own_.assign(begin + static_cast<std::ptrdiff_t>(group.first),
                begin + static_cast<std::ptrdiff_t>(group.end));
    std::sort(own_.begin(), own_.end());
    own_.erase(std::unique(own_.begin(), own_.end()), own_.end());
    for (const Label label : own_) {
      const auto found = with_property_.find(label);
      if (found == with_property_.end()) continue;
      for (const std::uint32_t definition : found->second) {
        if (hits_[definition]++ == 0) touched_.push_back(definition);
      }
    }
    for (const std::uint32_t definition : touched_) {
      const std::size_t properties = result_.list[definition].properties.size();
      const bool all = hits_[definition] >= properties;
      hits_[definition] = 0;
      if (!all) continue;
      if (properties > most || (properties == most && definition < best)) {
        most = properties;
        best = definition;
      }
    }
    return best;
  }

  struct Name {
    bool is_proto;
    std::string text;
    std::size_t length;
  };

  const Snapshot& snapshot_;
  Interfaces result_;
  Groups groups_;
  std::unordered_map<Label, Name> names_;
  std::unordered_map<Label, std::vector<std::uint32_t>> with_property_;
  std::vector<std::size_t> hits_;
  std::vector<std::uint32_t> touched_;
  std::vector<Label> own_;
};

}  // namespace

Interfaces infer_interfaces(const Snapshot& snapshot,
                            const std::vector<std::uint32_t>& object_names) {
  return Inference(snapshot, object_names).run();
}

}  // namespace heaplab::inspector
