// SPDX-License-Identifier: MIT
#include <filesystem>

#include "heaplab/trace/allocation_summary.h"
#include "heaplab/trace/leak_patterns.h"
#include "heaptrack_counts.h"
#include "heaptrack_sites.h"
#include "heaptrack_tables.h"

namespace heaplab::trace {
namespace {

std::vector<std::string> patterns_of(const heaptrack::Tables& tables,
                                     const SummaryOptions& options) {
  std::vector<std::string> patterns = options.suppressions;
  if (options.builtin_suppressions) {
    patterns.insert(patterns.end(), builtin_leak_patterns().begin(), builtin_leak_patterns().end());
  }
  if (!options.embedded_suppressions) return patterns;
  for (const std::string& line : tables.suppressions) {
    std::string pattern = leak_pattern_of_line(line);
    if (!pattern.empty()) patterns.push_back(std::move(pattern));
  }
  return patterns;
}

AllocationSummary summary_of(const heaptrack::Tables& tables, heaptrack::Counts& counts,
                             const SummaryOptions& options) {
  AllocationSummary result;
  const std::vector<heaptrack::InfoCounts> infos = counts.finish();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    result.total.allocations += infos[i].allocations;
    result.total.temporary += infos[i].temporary;
    result.total.leaked_bytes += infos[i].live * tables.infos[i].bytes;
  }
  result.total.peak_bytes = counts.peak_bytes();
  result.peak_ms = counts.peak_ms();
  result.time_ms = counts.time_ms();
  result.peak_rss_bytes = counts.peak_rss_bytes();
  result.unknown_frees = counts.unknown_frees();
  result.command = tables.command_line;
  heaptrack::Sites sites(tables);
  sites.add(infos);
  result.suppressed_bytes = sites.suppress(patterns_of(tables, options));
  result.total.leaked_bytes -= result.suppressed_bytes;
  sites.merge();
  result.sites = sites.site_count();
  result.stacks = sites.stack_count();
  const auto top = [&](std::uint64_t AllocationCost::*cost) {
    return sites.top(cost, options.sites, options.stacks);
  };
  result.by_allocations = top(&AllocationCost::allocations);
  result.by_temporary = top(&AllocationCost::temporary);
  result.by_peak = top(&AllocationCost::peak_bytes);
  result.by_leaked = top(&AllocationCost::leaked_bytes);
  return result;
}

}  // namespace

std::optional<AllocationSummary> summarize_allocations(const std::string& path,
                                                       const SummaryOptions& options) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  if (!heaptrack::is_heaptrack(first_line(path))) return std::nullopt;
  TextLines lines(path);
  heaptrack::Tables tables(lines);
  heaptrack::Counts counts(lines, tables);
  heaptrack::read(lines, tables, counts);
  AllocationSummary result = summary_of(tables, counts, options);
  result.extent = lines.extent();
  return result;
}

}  // namespace heaplab::trace
