// SPDX-License-Identifier: MIT
#include "heaplab/gc/make_heap.h"

#include <array>
#include <stdexcept>
#include <string>

#include "generational/plan.h"
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

}  // namespace

std::span<const PlanInfo> plans() { return plan_table; }

std::unique_ptr<Heap> make_heap(const HeapOptions& options) {
  std::string known;
  for (std::size_t i = 0; i < plan_table.size(); ++i) {
    if (plan_table[i].name == options.plan) return std::make_unique<Heap>(options, factories[i]);
    known += (i ? ", " : "") + std::string(plan_table[i].name);
  }
  throw std::invalid_argument("unknown collector plan '" + options.plan + "' (known: " + known +
                              ")");
}

}  // namespace heaplab::gc
