// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "heaplab/trace/allocation_summary.h"
#include "heaptrack_counts.h"
#include "heaptrack_tables.h"
#include "symbols.h"

namespace heaplab::trace::heaptrack {

/// Puts what was counted for each allocation info together by stack and by site, as
/// heaptrack_print does.
class Sites {
 public:
  explicit Sites(const Tables& tables);

  void add(const std::vector<InfoCounts>& counts);
  /// Takes away what leaked along a stack with a frame that matches; returns how much.
  std::uint64_t suppress(const std::vector<std::string>& patterns);
  void merge();

  std::size_t site_count() const { return sites_.size(); }
  std::size_t stack_count() const { return stacks_.size(); }
  /// The sites with most of one cost.
  std::vector<AllocationSite> top(std::uint64_t AllocationCost::*cost, std::size_t most_sites,
                                  std::size_t most_stacks);

 private:
  struct StackTotal {
    AllocationCost cost;
    std::uint32_t stack = 0;
  };
  struct SiteTotal {
    AllocationCost cost;
    std::uint32_t instruction = 0;
    std::vector<std::uint32_t> stacks;  ///< in stacks_
  };
  using Names = std::vector<CodeLocation>;

  /// The function the instruction is in, then those it was inlined into.
  const Names& names(std::uint32_t instruction);
  Names find_names(const Instruction& instruction);
  /// The stack node of the call that is not `operator new`.
  std::uint32_t without_operator_new(std::uint32_t stack);
  bool matches(std::uint32_t instruction, const std::vector<std::string>& patterns);
  std::vector<CodeLocation> frames(std::uint32_t stack);

  const Tables& tables_;
  Symbols symbols_;
  std::vector<std::unique_ptr<Names>> names_;  ///< by instruction, once asked for
  std::vector<StackTotal> stacks_;
  std::vector<SiteTotal> sites_;
};

}  // namespace heaplab::trace::heaptrack
