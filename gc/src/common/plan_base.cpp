// SPDX-License-Identifier: MIT
#include "common/plan_base.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "common/marker.h"

namespace heaplab::gc {
namespace {

constexpr std::uint64_t external_slack = 64 * MiB;  // V8's soft limit
// After so many consecutive majors that leave under 3 % free, going on would only be collecting.
constexpr unsigned max_crowded_majors = 4;

[[noreturn]] void die(std::string_view moment, const std::vector<Finding>& findings) {
  fmt::print(stderr, "heaplab: heap verification failed {}:\n", moment);
  for (const Finding& finding : findings) fmt::print(stderr, "  {}\n", finding.message);
  std::abort();
}

}  // namespace

HeapDigest PlanBase::verify_before() {
  if (!options_.verify) return {};
  const VerifyResult result = verify_heap(heap_);
  if (!result.findings.empty()) die("before a collection", result.findings);
  return result.digest;
}

void PlanBase::verify_after(CollectionKind kind, const HeapDigest& before) {
  if (!options_.verify) return;
  VerifyResult result = verify_heap(
      heap_, kind == CollectionKind::major ? VerifyMoment::after_major : VerifyMoment::any);
  if (result.findings.empty() && result.digest != before) {
    result.findings.push_back(
        {Damage::content_changed,
         fmt::format("{}: {} objects and {} bytes were reachable before, {} and {} after",
                     to_string(Damage::content_changed), before.objects, before.bytes,
                     result.digest.objects, result.digest.bytes)});
  }
  if (!result.findings.empty()) die("after a collection", result.findings);
}

void PlanBase::finish_event(CollectionEvent& event) {
  const std::uint64_t now = heap_.now_ns();
  std::uint64_t& last = last_end_ns_[static_cast<std::size_t>(event.kind)];
  const auto share = [](std::uint64_t mutator, std::uint64_t total) {
    return total == 0 ? 1.0 : static_cast<double>(mutator) / static_cast<double>(total);
  };
  event.current_mutator_utilization =
      share(event.start_ns - std::min(last, event.start_ns), now - std::min(last, now));
  if (event.kind == CollectionKind::major) {
    average_utilization_ = had_major_
                               ? (average_utilization_ + event.current_mutator_utilization) / 2
                               : event.current_mutator_utilization;
    had_major_ = true;
  }
  event.mutator_utilization = average_utilization_;
  last = now;
  heap_.end_collection(event);
}

void PlanBase::update_limits(const CollectionEvent& event, std::uint64_t new_space_capacity) {
  const std::uint64_t now = heap_.now_ns();
  const std::uint64_t live = limited_bytes();
  const std::uint64_t before = std::max(event.before.used, live_after_major_);
  const std::uint64_t old_limit = policy_.limit();
  policy_.update({.live_bytes = live,
                  .traced_bytes = event.marked_bytes + event.copied_bytes + event.promoted_bytes,
                  .collection_ns = now - event.start_ns,
                  .grown_bytes = before - live_after_major_,
                  .mutator_ns = event.start_ns - std::min(event.start_ns, last_major_end_ns_),
                  .new_space_capacity = new_space_capacity});
  live_after_major_ = live;
  last_major_end_ns_ = now;
  const bool crowded = live > policy_.hard_limit() - policy_.hard_limit() / 32;
  crowded_majors_ = crowded && event.reason != CollectionReason::requested &&
                            event.reason != CollectionReason::stress
                        ? crowded_majors_ + 1
                        : 0;
  if (policy_.limit() != old_limit) {
    heap_.notify_limit({LimitEvent::Kind::old_limit_changed, old_limit, policy_.limit()});
  }
}

// After the finalizers: what they gave back must not raise the limit.
void PlanBase::update_external_limit() {
  external_limit_ = heap_.external_bytes() + std::max(external_slack, heap_.external_bytes() / 2);
}

bool PlanBase::raise_limit() {
  const std::uint64_t current = policy_.hard_limit();
  heap_.notify_limit({LimitEvent::Kind::near_limit, current, limited_bytes()});
  if (!options_.near_limit) return false;
  const std::uint64_t most = reserved_old_bytes(options_);
  const std::uint64_t wanted =
      std::min<std::uint64_t>(options_.near_limit(current, policy_.initial_hard_limit()), most);
  if (wanted <= current) return false;
  policy_.raise_hard_limit(wanted);
  crowded_majors_ = 0;
  return true;
}

bool PlanBase::over_limit(std::size_t bytes) const {
  return limited_bytes() + bytes > policy_.hard_limit() || crowded_majors_ >= max_crowded_majors ||
         memory_.free_block_count() < reserve_blocks() + bytes / block_bytes + 1;
}

void PlanBase::ensure_room(std::size_t bytes, std::size_t requested) {
  if (!over_limit(bytes)) return;
  collect(CollectionKind::major, CollectionReason::last_resort);
  while (over_limit(bytes)) {
    if (raise_limit()) continue;
    crowded_majors_ = 0;
    heap_.throw_out_of_memory(requested);
  }
}

std::size_t PlanBase::spare_blocks(const CollectionEvent& event) const {
  if (event.reason == CollectionReason::requested ||
      event.reason == CollectionReason::last_resort) {
    return 0;
  }
  return event.marked_bytes / block_bytes;
}

void PlanBase::run_marking(CollectionEvent& event, OldSpace& old_space) {
  old_space.start_marking();
  large_.start_marking();
  Marker marker(heap_, memory_.marks(), old_space);
  trace_with(event, marker);
  process_weak(event, marker);
  event.marked_bytes = marker.marked_bytes();
}

Object* PlanBase::allocate_in_region(std::size_t bytes) {
  if (bytes > large_object_bytes || !heap_.region_has(bytes)) return allocate_slow(bytes);
  std::byte* start = heap_.top();
  heap_.bump(bytes);
  return reinterpret_cast<Object*>(start);
}

Object* PlanBase::allocate_large(std::size_t bytes) {
  if (limited_bytes() + bytes > policy_.limit()) {
    collect(CollectionKind::major, CollectionReason::old_space_limit);
  }
  ensure_room(bytes);
  Object* object = large_.allocate(bytes);
  if (!object) heap_.throw_out_of_memory(bytes);
  heap_.count_allocated(bytes);
  return object;
}

void PlanBase::external_grew() {
  if (heap_.external_bytes() <= external_limit_) return;
  collect(CollectionKind::major, CollectionReason::external_memory);
}

}  // namespace heaplab::gc
