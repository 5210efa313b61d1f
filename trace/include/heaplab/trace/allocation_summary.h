// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// What allocations of one kind added up to.
struct AllocationCost {
  std::uint64_t allocations = 0;   ///< calls
  std::uint64_t temporary = 0;     ///< of them, those freed by the very next event
  std::uint64_t peak_bytes = 0;    ///< live when all together were at their peak
  std::uint64_t leaked_bytes = 0;  ///< never freed

  AllocationCost& operator+=(const AllocationCost& other);
};

/// A function on a call stack, as far as its names are known.
struct CodeLocation {
  std::uint64_t address = 0;
  std::string function;  ///< "" if it has no name
  std::string file;
  std::uint32_t line = 0;
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

/// A function and line that calls an allocation function (not `operator new`, but who called it).
struct AllocationSite {
  CodeLocation place;
  AllocationCost cost;
  std::uint64_t stacks = 0;
  std::vector<AllocationStack> top_stacks;
};

/// What heaptrack_print says of a heaptrack file, number for number.
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
  std::string command;
  Extent extent;
};

struct SummaryOptions {
  std::size_t sites = 10;  ///< of each list
  std::size_t stacks = 5;  ///< of each site
  /// Leaks that match are not counted: function, file or module of any frame.
  std::vector<std::string> suppressions;
  bool builtin_suppressions = true;
  bool embedded_suppressions = true;
};

/// Adds up a heaptrack file in one pass, in memory for its tables and, of raw files, what is alive;
/// nothing if it is another kind of file. Throws InputError.
std::optional<AllocationSummary> summarize_allocations(const std::string& path,
                                                       const SummaryOptions& options = {});

}  // namespace heaplab::trace
