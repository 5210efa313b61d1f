// SPDX-License-Identifier: MIT
// heaplab plans: the collectors that --gc= knows.
#include <fmt/format.h>

#include "heaplab/gc/make_heap.h"
#include "verbs.h"

namespace heaplab::cli {

void add_plans(CLI::App& app, int& status) {
  CLI::App* verb = app.add_subcommand("plans", "List the collectors that run --gc= knows");
  verb->callback([&status] {
    bool first = true;
    for (const gc::PlanInfo& plan : gc::plans()) {
      fmt::print("{:<14}{}{}\n", plan.name, plan.summary, first ? " (default)" : "");
      first = false;
    }
    status = 0;
  });
}

}  // namespace heaplab::cli
