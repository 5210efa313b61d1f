// SPDX-License-Identifier: MIT
#pragma once

#include "common/evacuator.h"
#include "common/plan_base.h"
#include "heaplab/heap/copy_space.h"

namespace heaplab::gc {

/// Semispace copying without generations: every collection copies everything that is not large.
class SemispacePlan final : public PlanBase {
 public:
  SemispacePlan(Heap& heap, const HeapOptions& options);

  Object* allocate_slow(std::size_t bytes) override;
  Object* allocate_old(std::size_t bytes) override { return allocate_in_region(bytes); }
  void collect(CollectionKind kind, CollectionReason reason) override;
  void stress_move() override { collect(CollectionKind::major, CollectionReason::stress); }
  HeapSizes sizes() const override;
  std::vector<SpaceStatistics> spaces() const override;
  std::uint64_t semi_space_capacity() const override { return policy_.limit(); }

 protected:
  std::uint64_t limited_bytes() const override {
    return space_.used_bytes(heap_.top()) + large_.used_bytes();
  }

 private:
  bool refill(std::size_t bytes);
  void copy_everything(CollectionEvent& event);
  void observe_deaths();

  CopySpace space_;
};

std::unique_ptr<Collector> make_semispace(Heap& heap, const HeapOptions& options);

}  // namespace heaplab::gc
