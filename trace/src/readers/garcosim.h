// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// A trace of GarCoSim's TraceFileSim: an operation a line. Roots of threads and all pointer writes
/// are there, so deaths can be computed; none is in the file. A class's static fields are an object
/// of size 0 that is always a root. Classes have numbers, and there are no times and no sites.
class GarCoSimSource : public RecordingSource {
 public:
  using RecordingSource::RecordingSource;
  Extent read(RecordingVisitor& visitor) override;
  std::string_view format() const override { return "GarCoSim"; }
};

/// By the first line of a file: "a T5 O1 S114 N8 C6".
bool is_garcosim(std::string_view first_line);

}  // namespace heaplab::trace
