// SPDX-License-Identifier: MIT
#include "heaptrack_summary.h"

#include "heaptrack_calls.h"
#include "heaptrack_counts.h"
#include "heaptrack_tables.h"

namespace heaplab::trace::heaptrack {
namespace {

AllocationSummary summary_of(const Tables& tables, Counts& counts, const SummaryOptions& options) {
  AllocationSummary result;
  Calls calls(tables);
  SiteCosts sites(calls, options.rule);
  const std::vector<InfoCounts> infos = counts.finish();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    const AllocationInfo& info = tables.infos[i];
    AllocationCost cost;
    cost.allocations = infos[i].allocations;
    cost.temporary = infos[i].temporary;
    cost.peak_bytes = infos[i].live_at_peak * info.bytes;
    cost.leaked_bytes = infos[i].live * info.bytes;
    sites.add(info.stack, cost);
    result.total += cost;
  }
  result.peak_ms = counts.peak_ms();
  result.time_ms = counts.time_ms();
  result.peak_rss_bytes = counts.peak_rss_bytes();
  result.unknown_frees = counts.unknown_frees();
  result.command = tables.command_line;
  list_sites(sites, leak_patterns(tables.suppressions, options), options, result);
  result.total.peak_bytes = counts.peak_bytes();
  return result;
}

}  // namespace

AllocationSummary summarize(const std::string& path, const SummaryOptions& options) {
  TextLines lines(path);
  Tables tables(lines);
  Counts counts(lines, tables);
  read(lines, tables, counts);
  AllocationSummary result = summary_of(tables, counts, options);
  result.format = "heaptrack";
  result.knows.deaths = Deaths::exact;
  result.precision = DeathPrecision::exact;
  result.knows.times = true;
  result.knows.identity = tables.events != Events::indices;
  result.extent = extent_of(lines, tables);
  return result;
}

}  // namespace heaplab::trace::heaptrack
