// SPDX-License-Identifier: MIT
#include "heaplab/gc/trace_gc.h"

#include <fmt/format.h>
#include <unistd.h>

#include "heaplab/heap/heap.h"

namespace heaplab::gc {
namespace {

double mb(std::uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(MiB); }
double ms(std::uint64_t ns) { return static_cast<double>(ns) / 1e6; }

std::string_view limit_name(LimitEvent::Kind kind) {
  switch (kind) {
    case LimitEvent::Kind::semi_space_resized:
      return "semi-space-resized";
    case LimitEvent::Kind::old_limit_changed:
      return "old-limit-changed";
    case LimitEvent::Kind::near_limit:
      return "near-limit";
    case LimitEvent::Kind::out_of_memory:
      return "out-of-memory";
  }
  return "unknown";
}

}  // namespace

std::string trace_gc_line(const Heap& heap, const CollectionEvent& event) {
  return fmt::format(
      "[{}:{:#x}] {:8.0f} ms: {} {:.1f} ({:.1f}) -> {:.1f} ({:.1f}) MB, {:.2f} / {:.2f} ms  "
      "(average mu = {:.3f}, current mu = {:.3f}) {}; {}",
      getpid(), reinterpret_cast<std::uintptr_t>(&heap), ms(event.end_ns), event.collector,
      mb(event.before.used), mb(event.before.committed), mb(event.after.used),
      mb(event.after.committed), ms(event.end_ns - event.start_ns), ms(event.external_ns),
      event.mutator_utilization, event.current_mutator_utilization, to_string(event.reason),
      event.collector_reason);
}

std::string trace_gc_json(const CollectionEvent& event) {
  std::string phases;
  for (std::size_t i = 0; i < phase_count; ++i) {
    phases += fmt::format("{}\"{}\":{:.4f}", i ? "," : "", to_string(static_cast<Phase>(i)),
                          ms(event.phase_ns[i]));
  }
  const auto sizes = [](const HeapSizes& s) {
    return fmt::format(
        "{{\"used\":{},\"committed\":{},\"external\":{},\"young\":{},\"old\":{},\"large\":{}}}",
        s.used, s.committed, s.external, s.young_used, s.old_used, s.large_used);
  };
  return fmt::format(
      "{{\"event\":\"gc\",\"number\":{},\"kind\":\"{}\",\"collector\":\"{}\",\"reason\":\"{}\","
      "\"start_ms\":{:.4f},\"pause_ms\":{:.4f},\"external_ms\":{:.4f},\"phases_ms\":{{{}}},"
      "\"before\":{},\"after\":{},\"copied\":{},\"promoted\":{},\"marked\":{},\"freed\":{},"
      "\"allocated\":{},\"mu\":{:.4f},\"current_mu\":{:.4f}}}",
      event.number, to_string(event.kind), event.collector, to_string(event.reason),
      ms(event.start_ns), ms(event.end_ns - event.start_ns), ms(event.external_ns), phases,
      sizes(event.before), sizes(event.after), event.copied_bytes, event.promoted_bytes,
      event.marked_bytes, event.freed_bytes, event.allocated_bytes, event.mutator_utilization,
      event.current_mutator_utilization);
}

void TraceGc::on_collection_end(const Heap& heap, const CollectionEvent& event) {
  const std::string line =
      format_ == Format::json ? trace_gc_json(event) : trace_gc_line(heap, event);
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

void TraceGc::on_limit(const Heap& heap, const LimitEvent& event) {
  if (format_ != Format::json) return;
  fmt::print(out_, "{{\"event\":\"{}\",\"time_ms\":{:.4f},\"from\":{},\"to\":{}}}\n",
             limit_name(event.kind), ms(heap.now_ns()), event.old_value, event.new_value);
}

}  // namespace heaplab::gc
