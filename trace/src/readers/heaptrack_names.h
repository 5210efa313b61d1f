// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaptrack_tables.h"
#include "symbols.h"
#include "table_builder.h"

namespace heaplab::trace::heaptrack {

/// Makes a recording's strings, frames and stacks of heaptrack's tables, as far as they were read.
/// Where no source file is known, a frame's file is the executable or library; where no function is
/// known, its name is the address.
class Names {
 public:
  Names(const heaptrack::Tables& from, trace::Tables& to) : from_(from), to_(to) {}

  /// The stack of heaptrack's stack node.
  StackId stack(std::uint32_t node);
  const Symbols& symbols() const { return symbols_; }

 private:
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
  };

  StackId add_stack(const StackNode& node);
  Range frames_of(std::uint32_t instruction);
  void add_frames(const Instruction& instruction);
  void add_raw_frames(const Instruction& instruction);
  void add_frame(const std::string& function, const std::string& file, std::uint32_t line,
                 const std::string& module);

  const heaptrack::Tables& from_;
  TableBuilder to_;
  Symbols symbols_;
  std::vector<StackId> stack_of_node_{0};
  std::vector<Range> frames_of_instruction_{Range()};
  std::vector<FrameId> frame_list_;
};

}  // namespace heaplab::trace::heaptrack
