// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "heaplab/trace/merlin.h"

namespace heaplab::trace {

/// What allocations of one kind added up to.
struct AllocationCost {
  std::uint64_t allocations = 0;   ///< calls
  std::uint64_t temporary = 0;     ///< of them, those freed by the very next event
  std::uint64_t peak_bytes = 0;    ///< live when all together were at their peak
  std::uint64_t leaked_bytes = 0;  ///< alive at the end: never freed, or not found dead

  AllocationCost& operator+=(const AllocationCost& other);
};

/// A function on a call stack, as far as its names are known.
struct CodeLocation {
  std::uint64_t address = 0;
  std::string function;  ///< "" if it has no name
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string module;  ///< executable or library

  /// "store", or "0x4010".
  std::string name() const;
  /// "store.c:12", or "libstore.so".
  std::string where() const;
};

/// Calls to allocation functions from one place by one way.
struct AllocationStack {
  AllocationCost cost;
  std::uint32_t stack = 0;  ///< of the file, from 1; 0: unknown
  /// The place first, then its callers up to main.
  std::vector<CodeLocation> frames;
};

/// A function and line that allocates, as SiteRule says.
struct AllocationSite {
  CodeLocation place;
  AllocationCost cost;
  std::uint64_t stacks = 0;
  std::vector<AllocationStack> top_stacks;
};

/// Who allocates, in any recording; of a heaptrack file, what heaptrack_print says of it, number
/// for number. What `knows` does not know is 0 here: temporary allocations need exact deaths, peaks
/// and what leaked need deaths.
struct AllocationSummary {
  AllocationCost total;
  std::uint64_t peak_ms = 0;  ///< when it was
  std::uint64_t time_ms = 0;
  std::uint64_t peak_rss_bytes = 0;
  std::uint64_t suppressed_bytes = 0;  ///< leaked, but known leaks; not in total
  std::uint64_t unknown_frees = 0;     ///< of what was not allocated; left out
  std::uint64_t sites = 0;
  std::uint64_t stacks = 0;
  std::vector<AllocationSite> by_allocations;
  std::vector<AllocationSite> by_temporary;
  std::vector<AllocationSite> by_peak;
  std::vector<AllocationSite> by_leaked;
  /// Estimates of the last of so many profiles, in a recording without allocations: only what is
  /// alive (`leaked_bytes`) is known.
  std::uint64_t profiles = 0;
  std::string command;
  std::string format;
  Knowledge knows;
  /// Of peaks and what is left. Where a recording has writes and roots, deaths are computed.
  DeathPrecision precision = DeathPrecision::none;
  std::uint64_t root_granularity = 0;  ///< bytes, for DeathPrecision::roots
  Extent extent;
};

/// Which function of a stack is its site.
enum class SiteRule : std::uint8_t {
  caller,  ///< who called `operator new` or malloc, as heaptrack_print has it
  program  ///< the first that does not only hand memory out: SiteFinder's
};

struct SummaryOptions {
  std::size_t sites = 10;  ///< of each list
  std::size_t stacks = 5;  ///< of each site
  SiteRule rule = SiteRule::caller;
  /// Leaks that match are not counted: function, file or module of any frame.
  std::vector<std::string> suppressions;
  bool builtin_suppressions = true;
  bool embedded_suppressions = true;
};

/// Adds up any recording: in one pass; in two where deaths are computed. Memory: its tables and,
/// unless it is a heaptrack file that has no pointers, what is alive (where deaths are computed, as
/// tell_lives). `progress` (may be empty) is told the offset in the file, except of heaptrack
/// files. Throws InputError.
AllocationSummary summarize_allocations(const std::string& path, const SummaryOptions& options = {},
                                        const std::function<void(std::uint64_t)>& progress = {});

}  // namespace heaplab::trace
