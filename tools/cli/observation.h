// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "heaplab/interp/runtime.h"
#include "heaplab/trace/recorder.h"

namespace heaplab::cli {

/// Records a JavaScript program: tells the recorder where allocations happen, when a turn of the
/// event loop is over, what the program reads, and its performance marks.
class Observation : private trace::SiteSource, private interp::AccessObserver {
 public:
  /// Attaches. The runtime must outlive it. Throws std::system_error if the file cannot be made.
  Observation(interp::Runtime& runtime, const std::string& path);
  ~Observation() override;

  trace::Recorder& recorder() { return recorder_; }

 private:
  void on_access(Object* object) override { recorder_.touch(object); }
  trace::StackId current_stack(trace::RecordingWriter& writer) override;
  trace::FrameId frame_of(trace::RecordingWriter& writer, interp::AllocationSite site);

  static trace::RecorderOptions options_for(Observation& self, const std::string& path);

  interp::Runtime& runtime_;
  std::unordered_map<std::uint64_t, trace::FrameId> frames_;
  trace::Recorder recorder_;
};

}  // namespace heaplab::cli
