// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// What heaptrack records of native programs, raw (`heaptrack --raw`) or interpreted, file versions
/// 0 to 3, plain, .gz or .zst. An object's life ends at its free; an interpreted file does not say
/// which of several alike (same size, same stack) was freed: the last one is taken, and
/// info "identity" says "lost".
class HeaptrackSource : public RecordingSource {
 public:
  using RecordingSource::RecordingSource;
  Extent read(RecordingVisitor& visitor) override;
  std::string_view format() const override { return "heaptrack"; }
};

}  // namespace heaplab::trace
