// SPDX-License-Identifier: MIT
#include "suppressed.h"

#include <algorithm>

#include "heaplab/trace/leak_patterns.h"

namespace heaplab::leakcheck::native {
namespace {

std::vector<std::string> all_patterns(const trace::RecordingSource& source,
                                      std::vector<std::string> patterns) {
  const auto& builtin = trace::builtin_leak_patterns();
  patterns.insert(patterns.end(), builtin.begin(), builtin.end());
  const std::string own = source.info("suppressions");
  for (std::size_t start = 0; start < own.size();) {
    const std::size_t end = std::min(own.find('\n', start), own.size());
    std::string pattern = trace::leak_pattern_of_line(own.substr(start, end - start));
    if (!pattern.empty()) patterns.push_back(std::move(pattern));
    start = end + 1;
  }
  return patterns;
}

}  // namespace

std::uint64_t take_out_suppressed(const trace::RecordingSource& source,
                                  const std::vector<std::string>& patterns, History& history) {
  const trace::Tables& tables = source.tables();
  const std::vector<std::string> all = all_patterns(source, patterns);
  std::vector<bool> frame_matches(tables.frames.size(), false);
  for (trace::FrameId frame = 1; frame < tables.frames.size(); ++frame) {
    const std::string& function = tables.text(tables.frames[frame].function);
    const std::string& file = tables.text(tables.frames[frame].file);
    frame_matches[frame] = std::any_of(all.begin(), all.end(), [&](const std::string& pattern) {
      return trace::matches_leak_pattern(pattern, function) ||
             trace::matches_leak_pattern(pattern, file) ||
             trace::matches_leak_pattern(pattern, tables.module(frame));
    });
  }
  std::uint64_t bytes = 0;
  std::vector<bool> stack_matches(tables.stacks.size(), false);
  for (trace::StackId stack = 1; stack < tables.stacks.size(); ++stack) {
    stack_matches[stack] =
        frame_matches[tables.stacks[stack].frame] || stack_matches[tables.stacks[stack].parent];
    if (!stack_matches[stack] || stack >= history.stacks.size()) continue;
    bytes += history.stacks[stack].alive_bytes;
    history.stacks[stack] = StackHistory();
  }
  return bytes;
}

}  // namespace heaplab::leakcheck::native
