// SPDX-License-Identifier: MIT
#include "semispace/plan.h"

#include <algorithm>

namespace heaplab::gc {
namespace {

// Room for everything twice, since everything may survive.
std::size_t copy_blocks(const HeapOptions& options) {
  return 2 * (reserved_old_bytes(options) / block_bytes) + 16;
}
std::size_t large_blocks(const HeapOptions& options) {
  return 2 * (reserved_old_bytes(options) / block_bytes) + 16;
}

}  // namespace

std::unique_ptr<Collector> make_semispace(Heap& heap, const HeapOptions& options) {
  return std::make_unique<SemispacePlan>(heap, options);
}

SemispacePlan::SemispacePlan(Heap& heap, const HeapOptions& options)
    : PlanBase(heap, options),
      space_((memory_.reserve(copy_blocks(options), large_blocks(options)), memory_)) {
  heap.remembered().reserve(memory_.base(), memory_.bytes());
}

bool SemispacePlan::refill(std::size_t bytes) {
  if (!heap_.top()) {
    const CopySpace::Region rest = space_.last_region();
    if (static_cast<std::size_t>(rest.limit - rest.top) >= bytes) {
      heap_.set_region(rest.top, rest.limit);
      return true;
    }
  }
  const std::uint64_t in_use = space_.current_count() * block_bytes + large_.used_bytes();
  if (in_use + block_bytes > policy_.limit()) return false;
  // What is left in the pool must hold every survivor.
  if (space_.pool_count() <= space_.current_count() + 1) return false;
  if (heap_.top()) space_.set_top(heap_.retire_region());
  const CopySpace::Region region = space_.take_block();
  heap_.set_region(region.top, region.limit);
  return true;
}

Object* SemispacePlan::allocate_slow(std::size_t bytes) {
  if (bytes > large_object_bytes) return allocate_large(bytes);
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (refill(bytes)) {
      std::byte* start = heap_.top();
      heap_.bump(bytes);
      return reinterpret_cast<Object*>(start);
    }
    if (attempt == 0) collect(CollectionKind::major, CollectionReason::allocation_failure);
    // Blocks count, not bytes: a block's unused end must not turn into an endless collection.
    ensure_room(attempt == 0 ? bytes : block_bytes, bytes);
    policy_.grow_limit(space_.current_count() * block_bytes + large_.used_bytes() + block_bytes);
  }
  heap_.throw_out_of_memory(bytes);
}

void SemispacePlan::collect(CollectionKind, CollectionReason reason) {
  run_collection(CollectionKind::major, reason, "Semispace-Copy", "", [&](CollectionEvent& event) {
    copy_everything(event);
    update_limits(event, 0);
    space_.trim(2 * space_.current_count() + policy_.limit() / block_bytes);
  });
}

void SemispacePlan::copy_everything(CollectionEvent& event) {
  if (heap_.top()) space_.set_top(heap_.retire_region());
  space_.flip();
  large_.start_marking();
  Evacuator<Outside::is_large> evacuator(heap_, memory_, space_, nullptr, Promotion::none);
  trace_with(event, evacuator);
  evacuator.finish();
  process_weak(event, evacuator);
  PhaseTimer timer(heap_, event, Phase::evacuate);
  if (heap_.observer()) observe_deaths();
  space_.release_from(options_.poison);
  large_.sweep();
  event.copied_bytes = evacuator.copied_bytes();
  event.marked_bytes = evacuator.marked_bytes();
}

void SemispacePlan::observe_deaths() {
  for (const std::uint32_t block : space_.from()) {
    heap_.observe_deaths(block, nullptr);
  }
  large_.for_each_block([&](std::size_t block) { heap_.observe_deaths(block, &memory_.marks()); });
}

HeapSizes SemispacePlan::sizes() const {
  HeapSizes sizes;
  sizes.large_used = large_.used_bytes();
  sizes.young_used = space_.used_bytes(heap_.top());
  sizes.old_used = sizes.large_used;
  sizes.used = sizes.young_used + sizes.large_used;
  sizes.committed = space_.committed_bytes() + large_.committed_bytes();
  sizes.external = heap_.external_bytes();
  return sizes;
}

std::vector<SpaceStatistics> SemispacePlan::spaces() const {
  return {space_row("new_space", space_.committed_bytes(), space_.used_bytes(heap_.top())),
          space_row("large_object_space", large_.committed_bytes(), large_.used_bytes())};
}

}  // namespace heaplab::gc
