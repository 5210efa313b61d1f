// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/inspector/queries/dump.h"
#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

/// The dominator tree with nodes of one class under one parent made one: what a flame graph shows.
/// Nodes without a size of their own (V8's inner arrays) are passed through.
struct ClassTree {
  static constexpr std::uint32_t no_frame = 0xffff'ffff;
  struct Frame {
    std::uint32_t parent;  ///< comes before its children; the first frame has none
    std::uint32_t row;     ///< in View::classes(); Classes::none for the first, the root
    std::uint64_t count = 0;
    std::uint64_t self = 0;   ///< bytes, with those of frames that were too small
    std::uint64_t total = 0;  ///< with all below
  };
  std::vector<Frame> frames;
};
/// Frames below `min_size`, or deeper than `max_depth`, become part of their parents. A class in
/// itself (a list) is one frame.
ClassTree class_tree(const View& view, std::uint64_t min_size, std::uint32_t max_depth);

/// `a;b;c bytes`: what flamegraph.pl, speedscope and d3-flame-graph read.
void write_collapsed(const View& view, const ClassTree& tree, const ByteSink& sink);

/// A profile as pprof reads it: gzipped protobuf, samples of `objects` and `space` bytes.
void write_pprof(const View& view, const ClassTree& tree, const ByteSink& sink);

/// What to draw.
struct DotOptions {
  NodeIndex node = no_node;  ///< around it, or below it
  bool dominators = true;    ///< the dominator tree below it; else the edges around it
  unsigned depth = 3;
  std::size_t limit = 100;     ///< nodes
  std::uint64_t min_size = 0;  ///< retained, of nodes to show
};
void write_dot(const View& view, const DotOptions& options, const ByteSink& sink);

}  // namespace heaplab::inspector
