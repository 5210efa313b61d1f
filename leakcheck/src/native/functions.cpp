// SPDX-License-Identifier: MIT
#include "functions.h"

#include <algorithm>

namespace heaplab::leakcheck::native {

const std::vector<Functions::Call>& Functions::calls(trace::StackId stack) {
  calls_.clear();
  for (; stack != 0; stack = tables_.stacks[stack].parent) {
    const trace::FrameId frame = tables_.stacks[stack].frame;
    const FunctionId function = function_of(frame);
    const bool known = std::any_of(calls_.begin(), calls_.end(),
                                   [&](const Call& call) { return call.function == function; });
    if (!known) calls_.push_back({function, frame, role_of_frame_[frame]});
  }
  return calls_;
}

FunctionId Functions::function_of(trace::FrameId frame) {
  if (frame >= function_of_frame_.size()) {
    function_of_frame_.resize(tables_.frames.size());
    role_of_frame_.resize(tables_.frames.size());
  }
  FunctionId& entry = function_of_frame_[frame];
  if (entry != 0) return entry - 1;
  const std::string name = short_name(tables_.text(tables_.frames[frame].function));
  const auto [known, is_new] = ids_.try_emplace(name, static_cast<FunctionId>(names_.size()));
  if (is_new) names_.push_back(name);
  role_of_frame_[frame] = role_of(frame);
  entry = known->second + 1;
  return known->second;
}

Role Functions::role_of(trace::FrameId id) const {
  const trace::Frame& frame = tables_.frames[id];
  switch (
      trace::role_of(tables_.text(frame.function), tables_.text(frame.file), tables_.module(id))) {
    case trace::FunctionRole::program:
      return Role::program;
    case trace::FunctionRole::allocator:
      return Role::allocator;
    default:
      return Role::library;
  }
}

}  // namespace heaplab::leakcheck::native
