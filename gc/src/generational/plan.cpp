// SPDX-License-Identifier: MIT
#include "generational/plan.h"

#include <algorithm>

namespace heaplab::gc {
namespace {

constexpr std::size_t blocks(std::size_t bytes) { return (bytes + block_bytes - 1) / block_bytes; }

// Capacity for the mutator and as much again for survivors, and a few for blocks' unused ends.
std::size_t young_blocks(const HeapOptions& options) {
  return 2 * blocks(options.max_semi_space_bytes) + 4;
}

// Twice the limit, because holes can leave blocks half empty; plus what a scavenge may promote
// before the limit is looked at.
std::size_t other_blocks(const HeapOptions& options) {
  return 2 * blocks(reserved_old_bytes(options)) + 2 * young_blocks(options) + 64;
}

}  // namespace

std::unique_ptr<Collector> make_generational(Heap& heap, const HeapOptions& options) {
  return std::make_unique<GenerationalPlan>(heap, options);
}

GenerationalPlan::GenerationalPlan(Heap& heap, const HeapOptions& options)
    : PlanBase(heap, options),
      young_((memory_.reserve(young_blocks(options), other_blocks(options)), memory_)),
      old_(memory_),
      initial_blocks_(blocks(options.initial_semi_space_bytes)),
      max_blocks_(blocks(options.max_semi_space_bytes)),
      capacity_blocks_(initial_blocks_) {
  heap.set_young_range(memory_.base(), memory_.copy_block_count() * block_bytes);
  heap.remembered().reserve(memory_.base(), memory_.bytes());
}

// --- Allocation ---------------------------------------------------------------------------------

bool GenerationalPlan::refill_young(std::size_t bytes) {
  // First the rest of the block in which the last scavenge ended.
  if (!heap_.top()) {
    const CopySpace::Region rest = young_.last_region();
    if (static_cast<std::size_t>(rest.limit - rest.top) >= bytes) {
      heap_.set_region(rest.top, rest.limit);
      return true;
    }
  }
  if (young_.current_count() >= capacity_blocks_) return false;
  if (heap_.top()) young_.set_top(heap_.retire_region());
  const CopySpace::Region region = young_.take_block();
  if (!region.top) return false;
  heap_.set_region(region.top, region.limit);
  return true;
}

Object* GenerationalPlan::allocate_slow(std::size_t bytes) {
  if (bytes > large_object_bytes) return allocate_large(bytes);
  // A scavenge in which everything survives leaves no room; the next one promotes what survived and
  // empties the space. Never straight to old space instead: Ref::init relies on it.
  while (!refill_young(bytes)) {
    const std::uint64_t collections = heap_.collection_count();
    ensure_room(0, bytes);
    if (heap_.collection_count() != collections) continue;
    const bool full = limited_bytes() > policy_.limit();
    collect(full ? CollectionKind::major : CollectionKind::minor,
            full ? CollectionReason::old_space_limit : CollectionReason::allocation_failure);
  }
  std::byte* start = heap_.top();
  heap_.bump(bytes);
  return reinterpret_cast<Object*>(start);
}

Object* GenerationalPlan::allocate_old(std::size_t bytes) {
  if (bytes > large_object_bytes) return allocate_large(bytes);
  if (limited_bytes() + bytes > policy_.limit()) {
    collect(CollectionKind::major, CollectionReason::old_space_limit);
  }
  ensure_room(bytes);
  Object* object = old_.allocate(bytes);
  if (!object) heap_.throw_out_of_memory(bytes);
  heap_.count_allocated(bytes);
  return object;
}

// --- Collection ---------------------------------------------------------------------------------

void GenerationalPlan::collect(CollectionKind kind, CollectionReason reason) {
  if (kind == CollectionKind::minor) {
    run_collection(kind, reason, "Scavenge", "", [&](CollectionEvent& event) {
      scavenge(event, promotes_early_ ? Promotion::all : Promotion::by_age);
      adapt_tenuring(event);
      resize_young(event);
    });
    return;
  }
  const std::string_view why =
      reason == CollectionReason::old_space_limit ? "GC in old space requested" : "";
  run_collection(kind, reason, "Mark-Sweep", why, [&](CollectionEvent& event) {
    scavenge(event, Promotion::all);
    mark_sweep(event);
    resize_young(event);
    update_limits(event, semi_space_capacity());
  });
}

void GenerationalPlan::stress_move() {
  run_collection(CollectionKind::minor, CollectionReason::stress, "Scavenge", "move everything",
                 [&](CollectionEvent& event) { scavenge(event, Promotion::none); });
}

void GenerationalPlan::scavenge(CollectionEvent& event, Promotion promotion) {
  if (heap_.top()) young_.set_top(heap_.retire_region());
  young_.flip();
  Evacuator<Outside::is_old> evacuator(heap_, memory_, young_, &old_, promotion);
  {
    PhaseTimer timer(heap_, event, Phase::remembered);
    visit_remembered(evacuator);
  }
  trace_with(event, evacuator);
  evacuator.finish();
  process_weak(event, evacuator);
  PhaseTimer timer(heap_, event, Phase::evacuate);
  if (heap_.observer()) observe_young_deaths();
  young_.release_from(options_.poison);
  young_.set_age_marks();
  event.copied_bytes += evacuator.copied_bytes();
  event.promoted_bytes += evacuator.promoted_bytes();
}

void GenerationalPlan::visit_remembered(Evacuator<Outside::is_old>& evacuator) {
  RememberedSet& remembered = heap_.remembered();
  for (std::size_t block = remembered.next_dirty(0); block < remembered.block_count();
       block = remembered.next_dirty(block + 1)) {
    remembered.take_block(
        block, [&](RefBits* slot) { evacuator.remembered_ref(slot); },
        [&](std::uint64_t* slot) { evacuator.remembered_word(slot); });
  }
  std::vector<Object*> hosts;
  hosts.swap(heap_.remembered_weak_hosts());
  for (Object* host : hosts) evacuator.add_weak_host(host);
}

void GenerationalPlan::mark_sweep(CollectionEvent& event) {
  run_marking(event, old_);
  PhaseTimer timer(heap_, event, Phase::sweep);
  if (heap_.observer()) observe_old_deaths();
  heap_.remembered().clear_all();
  old_.finish_marking(spare_blocks(event), options_.poison);
  large_.sweep();
}

void GenerationalPlan::observe_young_deaths() {
  // Survivors' marks moved with them: what is still announced in from-space is dead.
  for (const std::uint32_t block : young_.from()) {
    heap_.observe_deaths(block, nullptr);
  }
}

void GenerationalPlan::observe_old_deaths() {
  const SideBitmap* marks = &memory_.marks();
  for (const std::uint32_t block : old_.blocks()) heap_.observe_deaths(block, marks);
  large_.for_each_block([&](std::size_t block) { heap_.observe_deaths(block, marks); });
}

// --- Sizing -------------------------------------------------------------------------------------

void GenerationalPlan::set_capacity(std::size_t wanted) {
  if (wanted == capacity_blocks_) return;
  const std::uint64_t before = semi_space_capacity();
  capacity_blocks_ = wanted;
  survived_since_resize_ = 0;
  heap_.notify_limit({LimitEvent::Kind::semi_space_resized, before, semi_space_capacity()});
}

// Copying within the young space pays if most objects die while they wait. Where most survive (a
// big structure is being built, or slots of one are being replaced) they would all be copied twice:
// then the first survived scavenge promotes until survival falls again. A scavenge that somebody
// asked for, of a space hardly filled, says nothing.
void GenerationalPlan::adapt_tenuring(const CollectionEvent& event) {
  constexpr double high_survival = 0.5;
  constexpr double low_survival = 0.35;
  constexpr unsigned needed = 2;
  if (event.before.young_used < semi_space_capacity() / 2) return;
  const auto young = static_cast<double>(event.before.young_used);
  const auto survived = static_cast<double>(event.copied_bytes + event.promoted_bytes);
  const double floor = young * (promotes_early_ ? low_survival : high_survival);
  const bool high = survived > floor;
  high_survivals_ = high ? high_survivals_ + 1 : 0;
  promotes_early_ = high_survivals_ >= needed;
}

// V8's rule: double when as much survived since the last growth as the space holds; shrink when the
// program hardly allocates.
void GenerationalPlan::resize_young(const CollectionEvent& event) {
  survived_since_resize_ += event.copied_bytes + event.promoted_bytes;
  if (survived_since_resize_ > semi_space_capacity()) {
    set_capacity(std::min(capacity_blocks_ * 2, max_blocks_));
  }
  if (event.kind == CollectionKind::minor) return;
  constexpr double idle_bytes_per_ms = 1000;
  const std::uint64_t now = heap_.now_ns();
  const double ms = static_cast<double>(now - ns_at_major_) / 1e6;
  const double bytes = static_cast<double>(heap_.allocated_bytes() - clock_at_major_);
  if (options_.fixed_growing_factor == 0 && bytes < idle_bytes_per_ms * ms) {
    set_capacity(std::max(initial_blocks_, capacity_blocks_ / 2));
  }
  ns_at_major_ = now;
  clock_at_major_ = heap_.allocated_bytes();
  const bool asked = event.reason == CollectionReason::requested;
  young_.trim(asked ? capacity_blocks_ : capacity_blocks_ + capacity_blocks_ / 2);
}

HeapSizes GenerationalPlan::sizes() const {
  HeapSizes sizes;
  sizes.young_used = young_.used_bytes(heap_.top());
  sizes.large_used = large_.used_bytes();
  sizes.old_used = old_.used_bytes() + sizes.large_used;
  sizes.used = sizes.young_used + sizes.old_used;
  sizes.committed = young_.committed_bytes() + old_.committed_bytes() + large_.committed_bytes();
  sizes.external = heap_.external_bytes();
  return sizes;
}

std::vector<SpaceStatistics> GenerationalPlan::spaces() const {
  return {space_row("new_space", young_.committed_bytes(), young_.used_bytes(heap_.top())),
          space_row("old_space", old_.committed_bytes(), old_.used_bytes()),
          space_row("large_object_space", large_.committed_bytes(), large_.used_bytes())};
}

}  // namespace heaplab::gc
