// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/strings.h"

#include <algorithm>

#include "heaplab/inspector/queries/top.h"

namespace heaplab::inspector {
namespace {

/// V8 writes the first 1024 characters of a string (--heap-snapshot-string-limit). Of texts so long
/// only those of one size are taken for the same.
constexpr std::uint64_t cut_length = 1024;

struct Group {
  std::uint64_t bytes = 0;
  std::uint64_t largest = 0;
  std::uint32_t count = 0;
  NodeIndex example = no_node;

  void add(NodeIndex node, std::uint64_t size) {
    if (count++ == 0) example = node;
    bytes += size;
    largest = std::max(largest, size);
  }
};

class Groups {
 public:
  explicit Groups(const View& view) : view_(view), by_text_(view.snapshot().strings().size()) {}

  void add(NodeIndex node, std::uint64_t size) {
    const std::uint32_t text = view_.snapshot().name_index(node);
    if (text >= by_text_.size()) return;
    if (view_.snapshot().strings().raw_length(text) < cut_length) {
      Small& group = by_text_[text];
      if (group.count++ == 0) group.example = node;
      group.bytes += size;
      group.largest = std::max(group.largest, size);
    } else {
      long_[(std::uint64_t{text} << 32) ^ size].add(node, size);
    }
  }

  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const Small& group : by_text_) {
      if (group.count > 0) {
        visit(DuplicateStrings{group.example, group.count, group.bytes, group.bytes - group.largest,
                               false});
      }
    }
    for (const auto& [key, group] : long_) {
      visit(DuplicateStrings{group.example, group.count, group.bytes, group.bytes - group.largest,
                             true});
    }
  }

 private:
  struct Small {
    std::uint64_t bytes, largest;
    std::uint32_t count;
    NodeIndex example;
  };
  const View& view_;
  BigArray<Small> by_text_;
  std::unordered_map<std::uint64_t, Group> long_;
};

void keep_most_wasteful(std::vector<DuplicateStrings>& list, std::size_t limit) {
  const std::size_t count = std::min(limit, list.size());
  std::partial_sort(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count), list.end(),
                    [](const DuplicateStrings& a, const DuplicateStrings& b) {
                      return a.wasted != b.wasted ? a.wasted > b.wasted : a.example < b.example;
                    });
  list.resize(count);
}

}  // namespace

StringReport report_strings(const View& view, std::size_t limit) {
  StringReport report;
  Groups groups(view);
  std::vector<NodeIndex> all;
  for (NodeIndex node = 0; node < view.snapshot().node_count(); ++node) {
    if (view.snapshot().type(node) != NodeType::string) continue;
    const std::uint64_t size = view.shallow(node);
    if (size == 0) continue;  // in the engine's read-only memory
    ++report.count;
    report.bytes += size;
    groups.add(node, size);
    all.push_back(node);
  }
  groups.for_each([&](const DuplicateStrings& group) {
    ++report.texts;
    report.wasted += group.wasted;
    if (group.count > 1) report.duplicates.push_back(group);
  });
  keep_most_wasteful(report.duplicates, limit);
  report.largest = first_of(view, std::move(all), NodeOrder::self, limit);
  return report;
}

}  // namespace heaplab::inspector
