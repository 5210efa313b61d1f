// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/diff.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "devtools/interfaces.h"
#include "heaplab/support/error.h"

namespace heaplab::inspector {
namespace {

/// The ordinals of all nodes by id. Files are nearly in this order.
BigArray<NodeIndex> by_id(const Snapshot& snapshot) {
  BigArray<NodeIndex> order(snapshot.node_count());
  std::iota(order.begin(), order.end(), NodeIndex{0});
  std::sort(order.begin(), order.end(),
            [&](NodeIndex a, NodeIndex b) { return snapshot.id(a) < snapshot.id(b); });
  return order;
}

using Labels = std::vector<std::uint32_t>;

template <typename T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// The same in both snapshots, whose strings have different numbers.
std::uint64_t name_hash(std::string_view name) { return std::hash<std::string_view>()(name); }

}  // namespace

DiffBase::DiffBase(const View& view)
    : origin_(view.snapshot().origin()),
      ids_(view.snapshot().node_count()),
      class_of_(view.snapshot().node_count()),
      self_(view.snapshot().node_count()),
      retained_(view.snapshot().node_count()),
      total_(view.analysis().total_size) {
  number_classes(view, find_shapes(view));  // by ordinals
  const BigArray<std::uint32_t> classes = std::move(class_of_);
  class_of_ = BigArray<std::uint32_t>(view.snapshot().node_count());
  const BigArray<NodeIndex> order = by_id(view.snapshot());
  for (std::size_t i = 0; i < order.size(); ++i) {
    ids_[i] = static_cast<std::uint32_t>(view.snapshot().id(order[i]));
    class_of_[i] = classes[order[i]];
    self_[i] = view.shallow(order[i]);
    retained_[i] = view.retained(order[i]);
  }
}

/// The sets of properties that plain objects have. Returned by node; no_shape for all others.
std::vector<std::uint32_t> DiffBase::find_shapes(const View& view) {
  const Snapshot& snapshot = view.snapshot();
  std::vector<std::uint32_t> shape_of(snapshot.node_count(), no_shape);
  const auto is_plain = [&](NodeIndex node) {
    return snapshot.type(node) == NodeType::object &&
           snapshot.name_index(node) == view.words().object_node;
  };
  std::map<Labels, std::uint32_t> known;
  const auto number = [&](Labels& labels) {
    sort_unique(labels);
    return known.try_emplace(labels, static_cast<std::uint32_t>(known.size())).first->second;
  };
  Labels labels;
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (is_plain(node)) shape_of[node] = number(labels);  // those without edges are not met below
  }
  NodeIndex current = no_node;
  const auto close = [&] {
    if (current != no_node) shape_of[current] = number(labels);
    labels.clear();
  };
  snapshot.for_all_edges([&](NodeIndex source, const SnapshotEdge& edge) {
    if (edge.kind != EdgeKind::property || !is_plain(source)) return;
    if (source != current) close();
    current = source;
    labels.push_back(edge.label);
  });
  close();

  Labels all;
  for (const auto& [shape, index] : known) all.insert(all.end(), shape.begin(), shape.end());
  sort_unique(all);
  std::unordered_map<std::uint32_t, std::uint64_t> hashes;
  snapshot.strings().for_each_of(all, [&](std::uint32_t label, std::string_view text) {
    hashes.emplace(label, name_hash(text));
  });
  shapes_.resize(known.size());
  for (const auto& [shape, index] : known) {
    for (const std::uint32_t label : shape) shapes_[index].push_back(hashes[label]);
    sort_unique(shapes_[index]);
  }
  return shape_of;
}

void DiffBase::number_classes(const View& view, const std::vector<std::uint32_t>& shape_of) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> known;
  for (NodeIndex node = 0; node < view.snapshot().node_count(); ++node) {
    const std::uint32_t row = view.classes().of_node[node];
    class_of_[node] = Classes::none;
    if (row == Classes::none) continue;
    const auto [place, fresh] =
        known.try_emplace({row, shape_of[node]}, static_cast<std::uint32_t>(classes_.size()));
    if (fresh) {
      const ClassTotals& totals = view.classes().rows[row];
      classes_.push_back({totals.key.substr(0, totals.key.size() - totals.name.size()), totals.name,
                          shape_of[node]});
    }
    class_of_[node] = place->second;
  }
}

/// The interfaces of the second snapshot, for the plain objects of the first.
class SharedInterfaces {
 public:
  explicit SharedInterfaces(const View& after) {
    const std::uint32_t object = after.words().object_node;
    if (object == Words::absent) return;
    for (const Interface& entry : infer_interfaces(after.snapshot(), {object}).list) {
      const auto number = static_cast<std::uint32_t>(names_.size());
      names_.push_back(entry.name);
      std::vector<std::uint64_t> hashes;
      for (const std::uint32_t label : entry.properties) {
        hashes.push_back(name_hash(after.snapshot().strings().get(label)));
      }
      sizes_.push_back(hashes.size());
      for (const std::uint64_t hash : hashes) with_property_[hash].push_back(number);
    }
  }

  /// The one with the most properties of which the object has all; the first of several.
  std::string name_of(const std::vector<std::uint64_t>& shape) const {
    std::map<std::uint32_t, std::size_t> hits;
    for (const std::uint64_t property : shape) {
      const auto found = with_property_.find(property);
      if (found == with_property_.end()) continue;
      for (const std::uint32_t number : found->second) ++hits[number];
    }
    std::size_t most = 0;
    std::string name = "Object";
    for (const auto& [number, count] : hits) {
      if (count < sizes_[number] || sizes_[number] <= most) continue;
      most = sizes_[number];
      name = names_[number];
    }
    return name;
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> sizes_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> with_property_;
};

/// Walks both snapshots in the order of ids.
struct DiffBuilder {
  const DiffBase& before;
  const View& after;
  std::size_t example_limit;
  Diff result;
  std::vector<std::uint32_t> row_of_before, row_of_after;  ///< class numbers to rows

  void number_classes() {
    std::unordered_map<std::string, std::uint32_t> rows;
    const auto number = [&](const std::string& key, const std::string& name) {
      const auto [place, fresh] =
          rows.try_emplace(key, static_cast<std::uint32_t>(result.classes.size()));
      if (fresh) result.classes.push_back({.key = key, .name = name});
      return place->second;
    };
    const SharedInterfaces interfaces(after);
    for (const DiffBase::Class& row : before.classes_) {
      const std::string name = row.shape == DiffBase::no_shape
                                   ? row.name
                                   : interfaces.name_of(before.shapes_[row.shape]);
      row_of_before.push_back(number(row.place + name, name));
    }
    for (const ClassTotals& row : after.classes().rows) {
      row_of_after.push_back(number(row.key, row.name));
    }
  }

  void removed(std::size_t i) {
    if (before.class_of_[i] == Classes::none) return;
    ClassDiff& row = result.classes[row_of_before[before.class_of_[i]]];
    ++row.removed;
    row.removed_bytes += before.self_[i];
  }

  void added(NodeIndex node) {
    const std::uint32_t number = after.classes().of_node[node];
    if (number == Classes::none) return;
    ClassDiff& row = result.classes[row_of_after[number]];
    ++row.added;
    row.added_bytes += after.shallow(node);
    keep_example(row.examples, node);
  }

  void keep_example(std::vector<NodeIndex>& examples, NodeIndex node) const {
    const auto place = std::find_if(examples.begin(), examples.end(), [&](NodeIndex other) {
      return after.retained(other) < after.retained(node);
    });
    if (static_cast<std::size_t>(place - examples.begin()) == example_limit) return;
    examples.insert(place, node);
    if (examples.size() > example_limit) examples.pop_back();
  }

  bool same_class(std::uint32_t old_class, std::uint32_t new_class) const {
    if (old_class == Classes::none || new_class == Classes::none) return old_class == new_class;
    return row_of_before[old_class] == row_of_after[new_class];
  }

  /// The same object. If its class is another now, it left one and joined the other: DevTools
  /// compares class by class.
  void in_both(std::size_t i, NodeIndex node) {
    ++result.common;
    const std::uint32_t old_class = before.class_of_[i];
    const std::uint32_t new_class = after.classes().of_node[node];
    if (!same_class(old_class, new_class)) {
      removed(i);
      added(node);
    }
    if (after.retained(node) > before.retained_[i] &&
        after.snapshot().type(node) != NodeType::synthetic) {
      result.grown.push_back({node, before.self_[i], before.retained_[i]});
    }
  }

  void merge() {
    const BigArray<NodeIndex> order = by_id(after.snapshot());
    std::size_t i = 0, j = 0;
    while (i < before.ids_.size() || j < order.size()) {
      const std::uint64_t none = std::uint64_t{1} << 32;
      const std::uint64_t old_id = i < before.ids_.size() ? before.ids_[i] : none;
      const std::uint64_t new_id = j < order.size() ? after.snapshot().id(order[j]) : none;
      if (old_id < new_id) {
        removed(i++);
      } else if (new_id < old_id) {
        added(order[j++]);
      } else {
        in_both(i++, order[j++]);
      }
    }
  }

  void compare_sums() {
    result.by_class_only = true;
    for (std::size_t i = 0; i < before.ids_.size(); ++i) removed(i);
    for (NodeIndex node = 0; node < after.snapshot().node_count(); ++node) added(node);
    for (ClassDiff& row : result.classes) {
      const std::uint64_t count = std::min(row.added, row.removed);
      const std::uint64_t bytes = std::min(row.added_bytes, row.removed_bytes);
      row.added -= count;
      row.removed -= count;
      row.added_bytes -= bytes;
      row.removed_bytes -= bytes;
      if (row.added == 0) row.examples.clear();
      result.common += count;
    }
  }

  void sort(std::size_t grown_limit) {
    std::erase_if(result.classes,
                  [](const ClassDiff& row) { return row.added == 0 && row.removed == 0; });
    std::stable_sort(
        result.classes.begin(), result.classes.end(),
        [](const ClassDiff& a, const ClassDiff& b) { return a.size_delta() > b.size_delta(); });
    const auto growth = [&](const GrownNode& grown) {
      return after.retained(grown.node) - grown.retained_before;
    };
    const std::size_t count = std::min(grown_limit, result.grown.size());
    std::partial_sort(result.grown.begin(),
                      result.grown.begin() + static_cast<std::ptrdiff_t>(count), result.grown.end(),
                      [&](const GrownNode& a, const GrownNode& b) {
                        return growth(a) != growth(b) ? growth(a) > growth(b) : a.node < b.node;
                      });
    result.grown.resize(count);
  }

  Diff build(std::size_t grown_limit) {
    if (before.origin_ != after.snapshot().origin()) {
      throw InputError(after.snapshot().file(),
                       "a Java heap dump and a heap snapshot of V8 cannot be compared");
    }
    result.total_before = before.total_;
    result.total_after = after.analysis().total_size;
    result.nodes_before = before.ids_.size();
    result.nodes_after = after.snapshot().node_count();
    number_classes();
    if (before.origin_ == Origin::java) {
      compare_sums();
    } else {
      merge();
    }
    sort(grown_limit);
    return std::move(result);
  }
};

Diff diff(const DiffBase& before, const View& after, std::size_t grown_limit,
          std::size_t examples) {
  return DiffBuilder{before, after, examples, {}, {}, {}}.build(grown_limit);
}

}  // namespace heaplab::inspector
