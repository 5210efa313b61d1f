// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/inspector/heapsnapshot_writer.h"
#include "heaplab/interp/heap_snapshot.h"
#include "heaplab/interp/runtime.h"
#include "heaplab/trace/recorder.h"

namespace heaplab::cli {

/// Records a JavaScript program: tells the recorder where allocations happen, when a turn of the
/// event loop is over, what the program reads, and its performance marks. Heap snapshots get the
/// allocation sites from here.
class Observation : public inspector::AllocationTraces, private trace::SiteSource {
 public:
  /// Attaches. The runtime must outlive it. Throws std::system_error if the file cannot be made.
  Observation(interp::Runtime& runtime, trace::RecorderOptions options);
  ~Observation() override;

  trace::Recorder& recorder() { return recorder_; }

  /// Scripts are numbered by the snapshot that is about to be written.
  void number_scripts(const interp::JsSnapshotLanguage& language);
  std::span<const Function> functions() const override { return functions_; }
  std::span<const Trace> traces() const override { return traces_; }
  std::uint32_t trace_of(const Object& object) const override {
    return recorder_.stack_of(&object);
  }

 private:
  trace::StackId current_stack(trace::SiteTable& table) override;
  trace::StackId resolve_stack(trace::SiteTable& table);
  trace::FrameId frame_of(trace::SiteTable& table, interp::AllocationSite site);
  trace::StackId stack_of(trace::SiteTable& table, trace::StackId caller, trace::FrameId frame);

  static trace::RecorderOptions with_sites(Observation& self, trace::RecorderOptions options);

  /// The stacks of late, by their fingerprint: most allocations come from few places.
  struct KnownStack {
    std::uint64_t fingerprint = 0;
    trace::StackId stack = 0;
  };
  static constexpr std::size_t known_stacks = 16 * 1024;

  interp::Runtime& runtime_;
  std::vector<KnownStack> known_stacks_ = std::vector<KnownStack>(known_stacks);
  std::unordered_map<std::uint64_t, trace::FrameId> frames_;
  std::vector<Function> functions_{{"(unknown)", "", 0, 0, 0}};  ///< by frame
  std::vector<Trace> traces_;                                    ///< stack s is at s - 1
  trace::Recorder recorder_;
};

}  // namespace heaplab::cli
