// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "heaplab/trace/reader.h"
#include "history.h"

namespace heaplab::leakcheck::native {

/// Forgets what stacks allocated that have a frame whose function, file or module matches one of
/// the patterns (LeakSanitizer's), or one that the program itself or the system's libraries ask to
/// be left out. Returns how many bytes of what is alive at the end that were.
std::uint64_t take_out_suppressed(const trace::RecordingSource& source,
                                  const std::vector<std::string>& patterns, History& history);

}  // namespace heaplab::leakcheck::native
