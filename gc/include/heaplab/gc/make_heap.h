// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "heaplab/heap/heap.h"

namespace heaplab::gc {

/// One collector plan, as `--gc=` and `--help` name it.
struct PlanInfo {
  std::string_view name;
  std::string_view summary;
};
/// All plans, the default first.
std::span<const PlanInfo> plans();

/// Options for a heap of a controlled size, as in the literature: `bytes` are all that the plan may
/// take, copy reserve included; it collects when they are full and never resizes. No clock has any
/// influence: the same program collects at the same bytes each time.
///   generational   an eighth for each half of the young space (256 KiB to 16 MiB), the rest old
///   semispace      a half for each space
///   marksweep      everything
/// Less than least_fixed_size() becomes that. Both throw std::invalid_argument for an unknown plan.
HeapOptions fixed_size(std::string_view plan, std::size_t bytes);
std::size_t least_fixed_size(std::string_view plan);

/// Makes a heap with the plan that options.plan names. Throws std::invalid_argument for an unknown
/// plan or inconsistent options, std::system_error if memory cannot be reserved.
std::unique_ptr<Heap> make_heap(const HeapOptions& options = {});

}  // namespace heaplab::gc
