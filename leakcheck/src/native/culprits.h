// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "functions.h"
#include "history.h"

namespace heaplab::leakcheck::native {

/// Stacks that have one function in common, which is to blame for what they keep.
struct Group {
  FunctionId function = 0;
  trace::FrameId frame = 0;  ///< of the function, on the stack that grew most
  trace::StackId stack = 0;  ///< that grew most
  std::vector<trace::StackId> stacks;
  /// If it was told from others by what they do with what a function hands out: that function, and
  /// those others.
  std::optional<FunctionId> handed_out_by;
  std::vector<FunctionId> innocent;
};

/// Who is to blame? The innermost function of the program, unless it hands memory to others: then
/// the one that called it. A function hands memory to others if its name says so, or if some of
/// those that call it free nearly everything they get from it, or hold no more of it than at the
/// start, and others do not: what it allocates is kept or let go further out.
std::vector<Group> find_culprits(const History& history, Functions& functions);

/// What a stack has more at the end than after the start, as far as it was never less since.
double growth_of(const std::vector<double>& floors);

}  // namespace heaplab::leakcheck::native
