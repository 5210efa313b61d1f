// SPDX-License-Identifier: MIT
#include "site_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "heaplab/trace/allocation_site.h"
#include "heaplab/trace/leak_patterns.h"

namespace heaplab::trace {
namespace {

constexpr std::array operators_new = {"operator new(unsigned long)",
                                      "operator new[](unsigned long)", "operator new(unsigned int)",
                                      "operator new[](unsigned int)"};
/// What calls these is of no interest.
constexpr std::array outermost = {"main", "__libc_start_main",
                                  "__static_initialization_and_destruction_0"};

template <std::size_t N>
bool is_one_of(const std::string& name, const std::array<const char*, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

AllocationCost& AllocationCost::operator+=(const AllocationCost& other) {
  allocations += other.allocations;
  temporary += other.temporary;
  peak_bytes += other.peak_bytes;
  leaked_bytes += other.leaked_bytes;
  return *this;
}

std::string CodeLocation::name() const {
  if (!function.empty()) return function;
  if (address != 0) return fmt::format("{:#x}", address);
  return file.empty() ? "(no site recorded)" : "(unnamed)";
}

std::string CodeLocation::where() const {
  if (file.empty()) return module;
  if (line == 0) return file;
  return column == 0 ? fmt::format("{}:{}", file, line)
                     : fmt::format("{}:{}:{}", file, line, column);
}

void SiteCosts::add(std::uint32_t stack, const AllocationCost& cost) {
  if (stack >= total_of_stack_.size()) total_of_stack_.resize(tree_.node_count());
  std::uint32_t& total = total_of_stack_[stack];
  if (total == 0) {
    stacks_.push_back({AllocationCost(), stack});
    total = static_cast<std::uint32_t>(stacks_.size());
  }
  stacks_[total - 1].cost += cost;
}

std::uint64_t SiteCosts::suppress(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return 0;
  constexpr char unknown = 0;
  constexpr char no = 1;
  constexpr char yes = 2;
  std::vector<char> place_matches(tree_.place_count(), unknown);
  std::uint64_t suppressed = 0;
  for (StackTotal& total : stacks_) {
    if (total.cost.leaked_bytes == 0) continue;
    for (std::uint32_t node = total.stack; node != 0; node = tree_.parent(node)) {
      const std::uint32_t place = tree_.place(node);
      char& match = place_matches[place];
      if (match == unknown) match = matches(place, patterns) ? yes : no;
      if (match == yes) {
        suppressed += std::exchange(total.cost.leaked_bytes, 0);
        break;
      }
    }
  }
  return suppressed;
}

bool SiteCosts::matches(std::uint32_t place, const std::vector<std::string>& patterns) {
  const std::vector<CodeLocation>& all = tree_.names(place);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return std::any_of(all.begin(), all.end(), [&](const CodeLocation& location) {
      return matches_leak_pattern(pattern, location.function) ||
             matches_leak_pattern(pattern, location.file) ||
             matches_leak_pattern(pattern, location.module);
    });
  });
}

/// What has the same function, file and line is one site; what has no name, one of its module.
void SiteCosts::merge() {
  using Key = std::tuple<std::string, std::string, std::string, std::uint32_t, std::uint32_t>;
  std::map<Key, std::size_t> site_of_place;
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    const Spot spot = site_of(stacks_[i].stack);
    const CodeLocation& place = at(spot);
    const auto [entry, is_new] = site_of_place.try_emplace(
        Key(place.module, place.function, place.file, place.line, place.column), sites_.size());
    if (is_new) sites_.push_back({AllocationCost(), spot, {}});
    SiteTotal& site = sites_[entry->second];
    site.cost += stacks_[i].cost;
    site.stacks.push_back(static_cast<std::uint32_t>(i));
  }
}

SiteCosts::Spot SiteCosts::site_of(std::uint32_t stack) {
  if (rule_ == SiteRule::program) {
    for (std::uint32_t node = stack; node != 0; node = tree_.parent(node)) {
      const std::vector<CodeLocation>& all = tree_.names(tree_.place(node));
      const auto own = std::find_if(all.begin(), all.end(), [](const CodeLocation& location) {
        return !hands_memory_out(role_of(location.function, location.file, location.module));
      });
      if (own != all.end()) return {node, static_cast<std::size_t>(own - all.begin())};
    }
    return {stack, 0};
  }
  return {without_operator_new(stack), 0};
}

std::uint32_t SiteCosts::without_operator_new(std::uint32_t stack) {
  while (stack != 0 && is_one_of(at({stack, 0}).function, operators_new)) {
    stack = tree_.parent(stack);
  }
  return stack;
}

std::vector<CodeLocation> SiteCosts::frames(std::uint32_t stack) {
  std::vector<CodeLocation> result;
  Spot spot = site_of(stack);
  while (spot.node != 0) {
    const std::vector<CodeLocation>& all = tree_.names(tree_.place(spot.node));
    result.insert(result.end(), all.begin() + static_cast<std::ptrdiff_t>(spot.function),
                  all.end());
    if (is_one_of(all.front().function, outermost)) break;
    spot = {without_operator_new(tree_.parent(spot.node)), 0};
  }
  return result;
}

std::vector<AllocationSite> SiteCosts::top(std::uint64_t AllocationCost::*cost,
                                           std::size_t most_sites, std::size_t most_stacks) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < sites_.size(); ++i) {
    if (sites_[i].cost.*cost != 0) order.push_back(i);
  }
  // What costs the same stays in the order of the file.
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return sites_[a].cost.*cost > sites_[b].cost.*cost;
  });
  order.resize(std::min(order.size(), most_sites));
  std::vector<AllocationSite> result;
  for (const std::uint32_t number : order) {
    const SiteTotal& site = sites_[number];
    AllocationSite entry;
    entry.place = at(site.spot);
    entry.cost = site.cost;
    entry.stacks = site.stacks.size();
    std::vector<std::uint32_t> stacks = site.stacks;
    std::stable_sort(stacks.begin(), stacks.end(), [&](std::uint32_t a, std::uint32_t b) {
      return stacks_[a].cost.*cost > stacks_[b].cost.*cost;
    });
    for (const std::uint32_t stack : stacks) {
      if (entry.top_stacks.size() == most_stacks || stacks_[stack].cost.*cost == 0) break;
      entry.top_stacks.push_back(
          {stacks_[stack].cost, stacks_[stack].stack, frames(stacks_[stack].stack)});
    }
    result.push_back(std::move(entry));
  }
  return result;
}

std::vector<std::string> leak_patterns(const std::vector<std::string>& embedded,
                                       const SummaryOptions& options) {
  std::vector<std::string> patterns = options.suppressions;
  if (options.builtin_suppressions) {
    patterns.insert(patterns.end(), builtin_leak_patterns().begin(), builtin_leak_patterns().end());
  }
  if (!options.embedded_suppressions) return patterns;
  for (const std::string& line : embedded) {
    std::string pattern = leak_pattern_of_line(line);
    if (!pattern.empty()) patterns.push_back(std::move(pattern));
  }
  return patterns;
}

void list_sites(SiteCosts& sites, const std::vector<std::string>& suppressions,
                const SummaryOptions& options, AllocationSummary& summary) {
  summary.suppressed_bytes = sites.suppress(suppressions);
  summary.total.leaked_bytes -= summary.suppressed_bytes;
  sites.merge();
  summary.sites = sites.site_count();
  summary.stacks = sites.stack_count();
  const auto top = [&](std::uint64_t AllocationCost::*cost) {
    return sites.top(cost, options.sites, options.stacks);
  };
  summary.by_allocations = top(&AllocationCost::allocations);
  summary.by_temporary = top(&AllocationCost::temporary);
  summary.by_peak = top(&AllocationCost::peak_bytes);
  summary.by_leaked = top(&AllocationCost::leaked_bytes);
}

}  // namespace heaplab::trace
