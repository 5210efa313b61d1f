// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>

#include "heaplab/trace/reader.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

struct CutResult {
  Extent extent;              ///< of what was read
  std::uint64_t adopted = 0;  ///< objects alive at the start of the part
  std::uint64_t objects = 0;  ///< allocated in it
  std::uint64_t bytes = 0;    ///< of those
};

/// Writes a part of a recording as a recording of its own. What was alive when the part begins
/// (nothing had said that it was dead) is adopted, with what its slots held, and roots are roots.
/// The new bytes clock starts at 0; times stay. Memory: the objects alive at the start. Does not
/// finish `writer`. `progress` (may be empty) is told the offset in the file.
CutResult cut_recording(RecordingSource& source, RecordingWriter& writer, const Range& range,
                        const std::function<void(std::uint64_t)>& progress = {});

}  // namespace heaplab::trace
