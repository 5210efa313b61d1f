// SPDX-License-Identifier: MIT
#pragma once

#include "common/evacuator.h"
#include "common/plan_base.h"
#include "heaplab/heap/copy_space.h"
#include "heaplab/heap/old_space.h"

namespace heaplab::gc {

/// The default plan, V8's: a copying young space, a mark-sweep old space, large objects apart.
///
///   minor (Scavenge)    young survivors are copied; those that survive twice are promoted (once,
///                       while most of the young space keeps surviving: adapt_tenuring)
///   major (Mark-Sweep)  a scavenge that promotes everything, then marking, then lazy sweeping.
///                       With the young space empty, no remembered slot can refer to a dead object
class GenerationalPlan final : public PlanBase {
 public:
  GenerationalPlan(Heap& heap, const HeapOptions& options);

  Object* allocate_slow(std::size_t bytes) override;
  Object* allocate_old(std::size_t bytes) override;
  void collect(CollectionKind kind, CollectionReason reason) override;
  void stress_move() override;
  HeapSizes sizes() const override;
  std::vector<SpaceStatistics> spaces() const override;
  std::uint64_t semi_space_capacity() const override { return capacity_blocks_ * block_bytes; }

 protected:
  std::uint64_t limited_bytes() const override { return old_.used_bytes() + large_.used_bytes(); }
  std::size_t reserve_blocks() const override { return memory_.copy_block_count(); }

 private:
  void scavenge(CollectionEvent& event, Promotion promotion);
  void mark_sweep(CollectionEvent& event);
  void visit_remembered(Evacuator<Outside::is_old>& evacuator);
  void observe_young_deaths();
  void observe_old_deaths();
  bool refill_young(std::size_t bytes);
  void adapt_tenuring(const CollectionEvent& event);
  void resize_young(const CollectionEvent& event);
  void set_capacity(std::size_t blocks);

  CopySpace young_;
  OldSpace old_;
  std::size_t initial_blocks_;
  std::size_t max_blocks_;
  std::size_t capacity_blocks_;
  std::uint64_t survived_since_resize_ = 0;
  unsigned high_survivals_ = 0;  ///< consecutive scavenges that most objects survived
  bool promotes_early_ = false;  ///< the next scavenge promotes whatever survives
  std::uint64_t clock_at_major_ = 0;
  std::uint64_t ns_at_major_ = 0;
};

std::unique_ptr<Collector> make_generational(Heap& heap, const HeapOptions& options);

}  // namespace heaplab::gc
