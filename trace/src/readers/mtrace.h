// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// What glibc's mtrace() writes. An object is what is at a pointer between its `+` and its `-`; a
/// realloc frees and allocates. There are no times, and of each call stack only the innermost
/// function.
class MtraceSource : public RecordingSource {
 public:
  using RecordingSource::RecordingSource;
  Extent read(RecordingVisitor& visitor) override;
  std::string_view format() const override { return "mtrace"; }
};

/// By the first line of a file.
bool is_mtrace(std::string_view first_line);

}  // namespace heaplab::trace
