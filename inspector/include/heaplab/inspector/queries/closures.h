// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/inspector/queries/view.h"

namespace heaplab::inspector {

struct ClosureVariable {
  std::string name;
  NodeIndex value;
  bool only_here;  ///< nothing but this context keeps it
};

/// The variables of a function call that functions made in it go on using: V8's context. All
/// functions made in one call share it, so each of them keeps the variables of all.
struct ClosureContext {
  NodeIndex node;
  std::uint64_t functions = 0;               ///< that share it
  std::vector<NodeIndex> examples{};         ///< a few of them
  std::vector<ClosureVariable> variables{};  ///< what retains most first
};

/// Contexts by what they retain, at most `limit`. `total` is the number of all.
std::vector<ClosureContext> largest_contexts(const View& view, std::size_t limit,
                                             std::uint64_t* total = nullptr);

/// One context in full.
ClosureContext describe_context(const View& view, NodeIndex context, std::size_t examples = 8);

}  // namespace heaplab::inspector
