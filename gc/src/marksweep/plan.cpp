// SPDX-License-Identifier: MIT
#include "marksweep/plan.h"

#include <algorithm>

#include "common/marker.h"

namespace heaplab::gc {

std::unique_ptr<Collector> make_marksweep(Heap& heap, const HeapOptions& options) {
  return std::make_unique<MarkSweepPlan>(heap, options);
}

MarkSweepPlan::MarkSweepPlan(Heap& heap, const HeapOptions& options)
    : PlanBase(heap, options),
      old_((memory_.reserve(0, 2 * (reserved_old_bytes(options) / block_bytes) + 64), memory_)) {
  heap.remembered().reserve(memory_.base(), memory_.bytes());
}

void MarkSweepPlan::end_region() {
  if (!region_.start) return;
  region_.top = heap_.retire_region();
  old_.end_region(region_);
  region_ = {};
}

Object* MarkSweepPlan::allocate_slow(std::size_t bytes) {
  if (bytes > large_object_bytes) return allocate_large(bytes);
  if (limited_bytes() + bytes > policy_.limit()) {
    collect(CollectionKind::major, CollectionReason::allocation_failure);
  }
  ensure_room(bytes);
  if (bytes > OldSpace::medium_object_bytes) {
    Object* object = old_.allocate(bytes);
    if (!object) heap_.throw_out_of_memory(bytes);
    heap_.count_allocated(bytes);
    return object;
  }
  end_region();
  region_ = old_.next_region({}, bytes);
  if (!region_.start) heap_.throw_out_of_memory(bytes);
  heap_.set_region(region_.start, region_.limit);
  heap_.bump(bytes);
  return reinterpret_cast<Object*>(region_.start);
}

void MarkSweepPlan::collect(CollectionKind, CollectionReason reason) {
  run_collection(CollectionKind::major, reason, "Mark-Sweep", "", [&](CollectionEvent& event) {
    end_region();
    mark_sweep(event);
    update_limits(event, 0);
  });
}

void MarkSweepPlan::mark_sweep(CollectionEvent& event) {
  run_marking(event, old_);
  PhaseTimer timer(heap_, event, Phase::sweep);
  if (heap_.observer()) {
    const SideBitmap* marks = &memory_.marks();
    for (const std::uint32_t block : old_.blocks()) heap_.observe_deaths(block, marks);
    large_.for_each_block([&](std::size_t block) { heap_.observe_deaths(block, marks); });
  }
  old_.finish_marking(spare_blocks(event), options_.poison);
  large_.sweep();
}

HeapSizes MarkSweepPlan::sizes() const {
  HeapSizes sizes;
  sizes.large_used = large_.used_bytes();
  sizes.used = sizes.old_used = limited_bytes();
  sizes.committed = old_.committed_bytes() + large_.committed_bytes();
  sizes.external = heap_.external_bytes();
  return sizes;
}

std::vector<SpaceStatistics> MarkSweepPlan::spaces() const {
  return {space_row("old_space", old_.committed_bytes(), old_.used_bytes() + open_region_bytes()),
          space_row("large_object_space", large_.committed_bytes(), large_.used_bytes())};
}

}  // namespace heaplab::gc
