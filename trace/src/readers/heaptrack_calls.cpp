// SPDX-License-Identifier: MIT
#include "heaptrack_calls.h"

namespace heaplab::trace::heaptrack {

const std::vector<CodeLocation>& Calls::names(std::uint32_t place) {
  std::unique_ptr<Names>& entry = names_[place];
  if (!entry) entry = std::make_unique<Names>(find_names(tables_.instructions[place]));
  return *entry;
}

Calls::Names Calls::find_names(const Instruction& instruction) {
  Names result;
  if (tables_.raw) {
    const Module& module = tables_.modules[instruction.module];
    Symbols::Segments segments;
    for (const Module::Segment& segment : module.segments) {
      segments.emplace_back(segment.start, segment.bytes);
    }
    for (Symbol& symbol : symbols_.find(module.file, segments, instruction.address - module.base)) {
      result.push_back({instruction.address, std::move(symbol.function), std::move(symbol.file),
                        symbol.line, 0, module.file});
    }
    if (result.empty()) result.push_back({instruction.address, "", "", 0, 0, module.file});
    return result;
  }
  const auto add = [&](const CodePlace& place) {
    result.push_back({instruction.address, tables_.strings[place.function],
                      tables_.strings[place.file], place.line, 0,
                      tables_.strings[instruction.module]});
  };
  add(instruction.place);
  for (std::uint32_t i = 0; i < instruction.inlined_count; ++i) {
    add(tables_.inlined[instruction.first_inlined + i]);
  }
  return result;
}

}  // namespace heaplab::trace::heaptrack
