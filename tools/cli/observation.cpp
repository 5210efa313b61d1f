// SPDX-License-Identifier: MIT
#include "observation.h"

#include "heaplab/interp/builtins.h"

namespace heaplab::cli {
namespace {

/// Frames of an allocation's call stack that are recorded.
constexpr std::size_t recorded_frames = 8;

/// What the event loop's hook, a plain function, finds its recorder by.
struct Link {
  trace::Recorder* recorder = nullptr;
};

void end_of_turn(interp::Runtime& runtime) {
  if (trace::Recorder* recorder = runtime.state<Link>().recorder) recorder->turn();
}

}  // namespace

trace::RecorderOptions Observation::with_sites(Observation& self, trace::RecorderOptions options) {
  options.sites = &self;
  options.reports_reads = true;
  return options;
}

Observation::Observation(interp::Runtime& runtime, trace::RecorderOptions options)
    : runtime_(runtime), recorder_(runtime.heap(), with_sites(*this, std::move(options))) {
  Link& link = runtime.state<Link>();
  link.recorder = &recorder_;
  runtime.set_access_table(&recorder_.access_table());
  runtime.event_loop().add_turn_hook(end_of_turn);
  interp::set_mark_hook(runtime, [&link](std::string_view name) {
    if (link.recorder) link.recorder->mark(name);
  });
}

Observation::~Observation() {
  runtime_.set_access_table(nullptr);
  runtime_.state<Link>().recorder = nullptr;
}

trace::StackId Observation::current_stack(trace::SiteTable& table) {
  const std::uint64_t fingerprint = runtime_.stack_fingerprint(recorded_frames);
  KnownStack& known = known_stacks_[fingerprint % known_stacks];
  if (known.fingerprint != fingerprint) known = {fingerprint, resolve_stack(table)};
  return known.stack;
}

trace::StackId Observation::resolve_stack(trace::SiteTable& table) {
  const std::vector<interp::AllocationSite> sites = runtime_.current_stack(recorded_frames);
  trace::StackId stack = 0;
  for (auto site = sites.rbegin(); site != sites.rend(); ++site) {
    stack = stack_of(table, stack, frame_of(table, *site));
  }
  return stack;
}

trace::StackId Observation::stack_of(trace::SiteTable& table, trace::StackId caller,
                                     trace::FrameId frame) {
  const trace::StackId stack = table.stack(caller, frame);
  // The table numbers from 1 without gaps; 0 says that its table is full.
  if (stack == traces_.size() + 1) traces_.push_back({caller, frame});
  return stack;
}

trace::FrameId Observation::frame_of(trace::SiteTable& table, interp::AllocationSite site) {
  const std::uint64_t key = std::uint64_t{site.template_id} << 32 | site.pc;
  const auto found = frames_.find(key);
  if (found != frames_.end()) return found->second;
  const interp::SourceLocation place = runtime_.resolve(site);
  const trace::FrameId frame = table.frame(place.function, place.file, place.line, place.column);
  if (frame == functions_.size()) {
    functions_.push_back({place.function, place.file, 0, place.line, place.column});
  }
  frames_.emplace(key, frame);
  return frame;
}

void Observation::number_scripts(const interp::JsSnapshotLanguage& language) {
  for (Function& function : functions_) function.script_id = language.script_id(function.script);
}

}  // namespace heaplab::cli
