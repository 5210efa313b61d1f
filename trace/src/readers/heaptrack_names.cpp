// SPDX-License-Identifier: MIT
#include "heaptrack_names.h"

#include <fmt/format.h>

namespace heaplab::trace::heaptrack {

StackId Names::stack(std::uint32_t node) {
  while (stack_of_node_.size() <= node) {
    stack_of_node_.push_back(add_stack(from_.stacks[stack_of_node_.size()]));
  }
  return stack_of_node_[node];
}

/// The parent has been added: its number is smaller.
StackId Names::add_stack(const StackNode& node) {
  StackId stack = stack_of_node_[node.parent];
  const Range frames = frames_of(node.instruction);
  for (std::uint32_t i = frames.count; i > 0; --i) {  // outermost first
    stack = to_.stack(stack, frame_list_[frames.first + i - 1]);
  }
  return stack;
}

Names::Range Names::frames_of(std::uint32_t instruction) {
  while (frames_of_instruction_.size() <= instruction) {
    const auto first = static_cast<std::uint32_t>(frame_list_.size());
    add_frames(from_.instructions[frames_of_instruction_.size()]);
    frames_of_instruction_.push_back(
        {first, static_cast<std::uint32_t>(frame_list_.size()) - first});
  }
  return frames_of_instruction_[instruction];
}

void Names::add_frames(const Instruction& instruction) {
  if (from_.raw) return add_raw_frames(instruction);
  const auto add = [&](const CodePlace& place) {
    add_frame(place.function == 0 ? fmt::format("{:#x}", instruction.address)
                                  : from_.strings[place.function],
              from_.strings[place.file], place.line, from_.strings[instruction.module]);
  };
  add(instruction.place);
  for (std::uint32_t i = 0; i < instruction.inlined_count; ++i) {
    add(from_.inlined[instruction.first_inlined + i]);
  }
}

void Names::add_raw_frames(const Instruction& instruction) {
  if (instruction.module == 0) {
    return add_frame(fmt::format("{:#x}", instruction.address), "", 0, "");
  }
  const Module& module = from_.modules[instruction.module];
  Symbols::Segments segments;
  for (const Module::Segment& segment : module.segments) {
    segments.emplace_back(segment.start, segment.bytes);
  }
  const std::uint64_t address = instruction.address - module.base;
  const std::vector<Symbol> symbols = symbols_.find(module.file, segments, address);
  for (const Symbol& symbol : symbols) {
    add_frame(symbol.function, symbol.file, symbol.line, module.file);
  }
  if (symbols.empty()) add_frame(unnamed(module.file, address), "", 0, module.file);
}

void Names::add_frame(const std::string& function, const std::string& file, std::uint32_t line,
                      const std::string& module) {
  frame_list_.push_back(to_.frame(function, file, line, module));
}

}  // namespace heaplab::trace::heaptrack
