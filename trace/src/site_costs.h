// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heaplab/trace/allocation_summary.h"

namespace heaplab::trace {

/// Call stacks as nodes of a tree, from 1: each is a place in the code, and who called it.
class CallTree {
 public:
  virtual ~CallTree() = default;
  virtual std::size_t node_count() const = 0;
  virtual std::size_t place_count() const = 0;
  virtual std::uint32_t parent(std::uint32_t node) const = 0;
  virtual std::uint32_t place(std::uint32_t node) const = 0;
  /// The function the place is in, then those it was inlined into; at least one.
  virtual const std::vector<CodeLocation>& names(std::uint32_t place) = 0;
};

/// Puts what was counted for each stack together by site. heaptrack_print puts it together this way
/// with SiteRule::caller.
class SiteCosts {
 public:
  SiteCosts(CallTree& tree, SiteRule rule) : tree_(tree), rule_(rule) {}

  /// In the order in which sites of equal cost are to be listed.
  void add(std::uint32_t stack, const AllocationCost& cost);
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
  /// A function of a stack: one of those at a node's place.
  struct Spot {
    std::uint32_t node = 0;
    std::size_t function = 0;
  };
  struct SiteTotal {
    AllocationCost cost;
    Spot spot;
    std::vector<std::uint32_t> stacks;  ///< in stacks_
  };

  Spot site_of(std::uint32_t stack);
  /// The node of the call that is not `operator new`.
  std::uint32_t without_operator_new(std::uint32_t stack);
  const CodeLocation& at(Spot spot) { return tree_.names(tree_.place(spot.node))[spot.function]; }
  bool matches(std::uint32_t place, const std::vector<std::string>& patterns);
  std::vector<CodeLocation> frames(std::uint32_t stack);

  CallTree& tree_;
  SiteRule rule_;
  std::vector<std::uint32_t> total_of_stack_;  ///< in stacks_, plus one
  std::vector<StackTotal> stacks_;
  std::vector<SiteTotal> sites_;
};

/// Fills the lists of a summary whose totals are there, and takes suppressed leaks from them.
void list_sites(SiteCosts& sites, const std::vector<std::string>& suppressions,
                const SummaryOptions& options, AllocationSummary& summary);
/// The patterns the options ask for; `embedded` are lines of the recording itself.
std::vector<std::string> leak_patterns(const std::vector<std::string>& embedded,
                                       const SummaryOptions& options);

}  // namespace heaplab::trace
