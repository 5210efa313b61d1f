// SPDX-License-Identifier: MIT
#pragma once

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

/// Makes a heap with the plan that options.plan names. Throws std::invalid_argument for an unknown
/// plan or inconsistent options, std::system_error if memory cannot be reserved.
std::unique_ptr<Heap> make_heap(const HeapOptions& options = {});

}  // namespace heaplab::gc
