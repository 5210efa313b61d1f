// SPDX-License-Identifier: MIT
#include "heaplab/trace/open.h"

namespace heaplab::trace {

std::unique_ptr<RecordingSource> open_recording(const std::string& path) {
  return std::make_unique<RecordingReader>(path);
}

}  // namespace heaplab::trace
