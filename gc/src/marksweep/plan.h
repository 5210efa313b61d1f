// SPDX-License-Identifier: MIT
#pragma once

#include "common/plan_base.h"
#include "heaplab/heap/old_space.h"

namespace heaplab::gc {

/// Mark-sweep without generations: nothing moves, there is no barrier, every collection is full.
class MarkSweepPlan final : public PlanBase {
 public:
  MarkSweepPlan(Heap& heap, const HeapOptions& options);

  Object* allocate_slow(std::size_t bytes) override;
  Object* allocate_old(std::size_t bytes) override { return allocate_in_region(bytes); }
  void collect(CollectionKind kind, CollectionReason reason) override;
  /// Nothing moves in this plan: collects instead, with freed memory poisoned.
  void stress_move() override { collect(CollectionKind::major, CollectionReason::stress); }
  HeapSizes sizes() const override;
  std::vector<SpaceStatistics> spaces() const override;
  std::uint64_t semi_space_capacity() const override { return 0; }

 protected:
  std::uint64_t limited_bytes() const override {
    return old_.used_bytes() + large_.used_bytes() + open_region_bytes();
  }

 private:
  std::uint64_t open_region_bytes() const {
    return region_.start ? static_cast<std::uint64_t>(heap_.top() - region_.start) : 0;
  }
  void end_region();
  void mark_sweep(CollectionEvent& event);

  OldSpace old_;
  OldSpace::Region region_;  ///< what the mutator bumps in
};

std::unique_ptr<Collector> make_marksweep(Heap& heap, const HeapOptions& options);

}  // namespace heaplab::gc
