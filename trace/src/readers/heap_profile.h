// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// A `.heapprofile` of V8's sampling heap profiler (`node --heap-prof`): one profile record, the
/// live bytes of each call stack as it estimates them. No objects, no times, no deaths.
class HeapProfileSource : public RecordingSource {
 public:
  using RecordingSource::RecordingSource;
  Extent read(RecordingVisitor& visitor) override;
  std::string_view format() const override { return "V8 heap profile"; }
};

/// By the first bytes of a file: `{"head":{"callFrame":`.
bool is_heap_profile(std::string_view start);

}  // namespace heaplab::trace
