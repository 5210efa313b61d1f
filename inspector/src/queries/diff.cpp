// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/diff.h"

#include <algorithm>
#include <numeric>

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

}  // namespace

DiffBase::DiffBase(const View& view)
    : ids_(view.snapshot().node_count()),
      class_of_(view.snapshot().node_count()),
      self_(view.snapshot().node_count()),
      retained_(view.snapshot().node_count()),
      total_(view.analysis().total_size) {
  for (const ClassTotals& row : view.classes().rows) classes_.push_back({row.key, row.name});
  const BigArray<NodeIndex> order = by_id(view.snapshot());
  for (std::size_t i = 0; i < order.size(); ++i) {
    ids_[i] = view.snapshot().id(order[i]);
    class_of_[i] = view.classes().of_node[order[i]];
    self_[i] = view.shallow(order[i]);
    retained_[i] = view.retained(order[i]);
  }
}

/// Walks both snapshots in the order of ids.
struct DiffBuilder {
  const DiffBase& before;
  const View& after;
  std::size_t example_limit;
  Diff result;
  std::vector<std::uint32_t> row_of_before, row_of_after;  ///< class numbers to rows

  void number_classes() {
    std::unordered_map<std::string_view, std::uint32_t> rows;
    const auto number = [&](const std::string& key, const std::string& name) {
      const auto [place, fresh] =
          rows.try_emplace(key, static_cast<std::uint32_t>(result.classes.size()));
      if (fresh) result.classes.push_back({.key = key, .name = name});
      return place->second;
    };
    for (const DiffBase::Class& row : before.classes_) {
      row_of_before.push_back(number(row.key, row.name));
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

  /// An interface is inferred from all plain objects of a snapshot, so the same object may have one
  /// in one snapshot and not in the other. DevTools names both snapshots' objects by one list.
  static bool is_plain(std::string_view key) { return key == ",Object" || key.starts_with(",{"); }

  bool same_class(std::uint32_t old_class, std::uint32_t new_class) const {
    if (old_class == Classes::none || new_class == Classes::none) return old_class == new_class;
    return row_of_before[old_class] == row_of_after[new_class] ||
           (is_plain(before.classes_[old_class].key) &&
            is_plain(after.classes().rows[new_class].key));
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
    result.total_before = before.total_;
    result.total_after = after.analysis().total_size;
    result.nodes_before = before.ids_.size();
    result.nodes_after = after.snapshot().node_count();
    number_classes();
    merge();
    sort(grown_limit);
    return std::move(result);
  }
};

Diff diff(const DiffBase& before, const View& after, std::size_t grown_limit,
          std::size_t examples) {
  return DiffBuilder{before, after, examples, {}, {}, {}}.build(grown_limit);
}

}  // namespace heaplab::inspector
