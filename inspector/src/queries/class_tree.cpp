// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <vector>

#include "heaplab/inspector/queries/export.h"
#include "output.h"

namespace heaplab::inspector {
namespace {

/// Frames as nodes are met, a dominator before what it dominates.
class TreeBuilder {
 public:
  TreeBuilder(const View& view, std::uint32_t max_depth)
      : view_(view), max_depth_(max_depth), frame_of_(view.snapshot().node_count()) {
    tree_.frames.push_back({ClassTree::no_frame, Classes::none});
    depths_.push_back(0);
  }

  ClassTree build() {
    for (const NodeIndex node : view_.analysis().order) add(node);
    for (std::size_t i = tree_.frames.size(); i-- > 0;) {
      ClassTree::Frame& frame = tree_.frames[i];
      frame.total += frame.self;
      if (i > 0) tree_.frames[frame.parent].total += frame.total;
    }
    return std::move(tree_);
  }

 private:
  void add(NodeIndex node) {
    const NodeIndex dominator = view_.analysis().dominators[node];
    std::uint32_t frame = dominator == node ? 0 : frame_of_[dominator];
    const std::uint32_t row = view_.classes().of_node[node];
    if (row != Classes::none && dominator != node) frame = child(frame, row);
    frame_of_[node] = frame;
    ++tree_.frames[frame].count;
    tree_.frames[frame].self += view_.shallow(node);
  }

  std::uint32_t child(std::uint32_t parent, std::uint32_t row) {
    if (tree_.frames[parent].row == row || depths_[parent] >= max_depth_) return parent;
    const auto next = static_cast<std::uint32_t>(tree_.frames.size());
    const std::uint64_t key = (std::uint64_t{parent} << 32) | row;
    const auto [place, fresh] = children_.try_emplace(key, next);
    if (fresh) {
      tree_.frames.push_back({parent, row});
      depths_.push_back(depths_[parent] + 1);
    }
    return place->second;
  }

  const View& view_;
  std::uint32_t max_depth_;
  BigArray<std::uint32_t> frame_of_;
  std::unordered_map<std::uint64_t, std::uint32_t> children_;
  std::vector<std::uint32_t> depths_;
  ClassTree tree_;
};

/// Without frames that are too small; their bytes stay with their parents.
ClassTree prune(const ClassTree& tree, std::uint64_t min_size) {
  ClassTree result;
  std::vector<std::uint32_t> kept(tree.frames.size());
  for (std::size_t i = 0; i < tree.frames.size(); ++i) {
    const ClassTree::Frame& frame = tree.frames[i];
    if (i == 0 || frame.total >= min_size) {
      kept[i] = static_cast<std::uint32_t>(result.frames.size());
      result.frames.push_back(frame);
      if (i > 0) result.frames.back().parent = kept[frame.parent];
    } else {
      // A frame's total is at least its children's: they go with it.
      kept[i] = kept[frame.parent];
      result.frames[kept[i]].self += frame.self;
      result.frames[kept[i]].count += frame.count;
    }
  }
  return result;
}

/// `;` separates frames, and a line is one stack.
std::string frame_name(const View& view, const ClassTree::Frame& frame) {
  if (frame.row == Classes::none) return "(heap)";
  std::string name = view.classes().rows[frame.row].name;
  for (char& c : name) {
    if (c == ';') c = ',';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return name;
}

}  // namespace

ClassTree class_tree(const View& view, std::uint64_t min_size, std::uint32_t max_depth) {
  return prune(TreeBuilder(view, max_depth).build(), min_size);
}

/// Sorted: the order in which frames were met is that of a search, and means nothing.
void write_collapsed(const View& view, const ClassTree& tree, const ByteSink& sink) {
  std::vector<std::string> lines;
  std::vector<std::uint32_t> stack;
  for (std::uint32_t i = 0; i < tree.frames.size(); ++i) {
    if (tree.frames[i].self == 0) continue;
    stack.clear();
    for (std::uint32_t frame = i; frame != ClassTree::no_frame; frame = tree.frames[frame].parent) {
      stack.push_back(frame);
    }
    std::string line;
    for (std::size_t level = stack.size(); level-- > 0;) {
      line += frame_name(view, tree.frames[stack[level]]);
      line += level > 0 ? ';' : ' ';
    }
    lines.push_back(line + std::to_string(tree.frames[i].self));
  }
  std::sort(lines.begin(), lines.end());
  Output out(sink);
  for (const std::string& line : lines) out << line << '\n';
}

}  // namespace heaplab::inspector
