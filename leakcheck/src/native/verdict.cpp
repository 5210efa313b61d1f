// SPDX-License-Identifier: MIT
#include "verdict.h"

#include <algorithm>

#include "culprits.h"
#include "describe.h"
#include "functions.h"
#include "history.h"
#include "judged.h"
#include "remarks.h"
#include "suppressed.h"

namespace heaplab::leakcheck::native {
namespace {

/// A leak explains this share of all growth, and this share of what is alive.
constexpr double least_growth_share = 0.04;
constexpr double least_live_share = 0.001;

void judge_all(const History& history, const Options& options, Functions& functions,
               const Describer& describer, Report& report) {
  std::vector<Judged> leaking;
  std::vector<Judged> others;
  double total_growth = 0;
  for (Group& group : find_culprits(history, functions)) {
    Judged judged = judge_group(history, std::move(group));
    total_growth += judged.growth;
    (judged.is_leak() ? leaking : others).push_back(std::move(judged));
  }
  const auto grew_more = [](const Judged& a, const Judged& b) { return a.growth > b.growth; };
  std::stable_sort(leaking.begin(), leaking.end(), grew_more);
  unite_parts(functions, leaking);
  std::stable_sort(leaking.begin(), leaking.end(), grew_more);

  const double alive = history.alive_by_slice.empty() ? 0 : history.alive_by_slice.back();
  const double least = std::max({static_cast<double>(options.least_bytes),
                                 least_growth_share * total_growth, least_live_share * alive});
  for (Judged& judged : leaking) {
    if (judged.growth >= least) {
      report.leaks.push_back(describer.leak(judged, total_growth));
    } else {
      others.push_back(std::move(judged));
    }
  }
  std::stable_sort(others.begin(), others.end(), grew_more);
  for (const Judged& judged : others) {
    const bool is_kept = static_cast<double>(judged.totals.alive_bytes) >= least;
    if (judged.growth >= least || is_kept) {
      report.grew_but_not_leaking.push_back(describer.grown(judged, least));
    }
  }
}

}  // namespace

bool can_judge(const trace::RecordingSource& source) {
  return source.knowledge().deaths != trace::Deaths::none;
}

void analyse(trace::RecordingSource& source, const Options& options, Report& report) {
  History history = read_history(source);
  report.file = source.path();
  report.program = source.info("program");
  report.complete = history.extent.complete;
  report.end_is_told = history.extent.end_is_told;
  report.note = history.extent.note;
  report.allocated_bytes = history.allocated_bytes;
  report.allocated_objects = history.allocations;
  report.slices = history.slices;
  report.rounds = history.slices;
  report.slices_by_time = history.by_time;
  report.live_bytes = history.slices > 0 ? history.working_bytes : history.alive_bytes;
  report.exit_live_bytes = history.alive_bytes;
  report.live_by_round = history.alive_by_slice;
  Functions functions(source.tables());
  const std::uint64_t excused = take_out_suppressed(source, options.suppressed_stacks, history);
  judge_all(history, options, functions, Describer(source, history, functions), report);
  add_remarks(history, functions, excused, report);
}

}  // namespace heaplab::leakcheck::native
