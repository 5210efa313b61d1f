// SPDX-License-Identifier: MIT
#include "heaplab/gc/make_heap.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <string>

#include "generational/plan.h"
#include "heaplab/heap/block.h"
#include "marksweep/plan.h"
#include "semispace/plan.h"

namespace heaplab::gc {
namespace {

// The table of plans: a new collector is one more line here.
constexpr std::array plan_table = {
    PlanInfo{"generational", "copying young space, mark-sweep old space (V8's arrangement)"},
    PlanInfo{"semispace", "copies everything at every collection, no generations"},
    PlanInfo{"marksweep", "marks and sweeps, nothing moves, no generations"},
};
constexpr Heap::CollectorFactory factories[] = {make_generational, make_semispace, make_marksweep};
static_assert(std::size(factories) == plan_table.size());

// How each divides a heap of a fixed size.
void divide_generational(HeapOptions& options, std::size_t bytes) {
  const std::size_t semi_space =
      std::clamp(bytes / 8 / block_bytes * block_bytes, block_bytes, 16 * MiB);
  options.initial_semi_space_bytes = options.max_semi_space_bytes = semi_space;
  options.max_old_space_bytes = std::max(bytes, 3 * block_bytes) - 2 * semi_space;
}
void divide_semispace(HeapOptions& options, std::size_t bytes) {
  options.max_old_space_bytes = std::max(bytes / 2, block_bytes);
}
void divide_nothing(HeapOptions& options, std::size_t bytes) {
  options.max_old_space_bytes = std::max(bytes, block_bytes);
}
// What each takes at least, as it divides.
constexpr std::size_t least_sizes[] = {3 * block_bytes, 2 * block_bytes, block_bytes};
static_assert(std::size(least_sizes) == plan_table.size());
constexpr void (*dividers[])(HeapOptions&, std::size_t) = {divide_generational, divide_semispace,
                                                           divide_nothing};
static_assert(std::size(dividers) == plan_table.size());

std::size_t plan_index(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < plan_table.size(); ++i) {
    if (plan_table[i].name == name) return i;
    known += (i ? ", " : "") + std::string(plan_table[i].name);
  }
  throw std::invalid_argument("unknown collector plan '" + std::string(name) +
                              "' (known: " + known + ")");
}

}  // namespace

std::span<const PlanInfo> plans() { return plan_table; }

HeapOptions fixed_size(std::string_view plan, std::size_t bytes) {
  HeapOptions options;
  options.plan = plan;
  options.fixed_growing_factor = std::numeric_limits<double>::infinity();
  dividers[plan_index(plan)](options, bytes);
  return options;
}

std::size_t least_fixed_size(std::string_view plan) { return least_sizes[plan_index(plan)]; }

std::unique_ptr<Heap> make_heap(const HeapOptions& options) {
  return std::make_unique<Heap>(options, factories[plan_index(options.plan)]);
}

}  // namespace heaplab::gc
