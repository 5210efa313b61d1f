// SPDX-License-Identifier: MIT
#include "heaptrack_sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "heaplab/trace/leak_patterns.h"

namespace heaplab::trace {

AllocationCost& AllocationCost::operator+=(const AllocationCost& other) {
  allocations += other.allocations;
  temporary += other.temporary;
  peak_bytes += other.peak_bytes;
  leaked_bytes += other.leaked_bytes;
  return *this;
}

std::string CodeLocation::name() const {
  return function.empty() ? fmt::format("{:#x}", address) : function;
}

std::string CodeLocation::where() const {
  if (!file.empty()) return fmt::format("{}:{}", file, line);
  return module;
}

namespace heaptrack {
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

Sites::Sites(const Tables& tables) : tables_(tables), names_(tables.instructions.size()) {}

void Sites::add(const std::vector<InfoCounts>& counts) {
  std::vector<std::uint32_t> total_of_stack(tables_.stacks.size(), 0);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const AllocationInfo& info = tables_.infos[i];
    std::uint32_t& total = total_of_stack[info.stack];
    if (total == 0) {
      stacks_.push_back({AllocationCost(), info.stack});
      total = static_cast<std::uint32_t>(stacks_.size());
    }
    AllocationCost cost;
    cost.allocations = counts[i].allocations;
    cost.temporary = counts[i].temporary;
    cost.peak_bytes = counts[i].live_at_peak * info.bytes;
    cost.leaked_bytes = counts[i].live * info.bytes;
    stacks_[total - 1].cost += cost;
  }
}

std::uint64_t Sites::suppress(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return 0;
  constexpr char unknown = 0;
  constexpr char no = 1;
  constexpr char yes = 2;
  std::vector<char> instruction_matches(tables_.instructions.size(), unknown);
  std::uint64_t suppressed = 0;
  for (StackTotal& total : stacks_) {
    if (total.cost.leaked_bytes == 0) continue;
    for (std::uint32_t node = total.stack; node != 0;) {
      const std::uint32_t instruction = tables_.stacks[node].instruction;
      char& match = instruction_matches[instruction];
      if (match == unknown) match = matches(instruction, patterns) ? yes : no;
      if (match == yes) {
        suppressed += std::exchange(total.cost.leaked_bytes, 0);
        break;
      }
      node = tables_.stacks[node].parent;
    }
  }
  return suppressed;
}

bool Sites::matches(std::uint32_t instruction, const std::vector<std::string>& patterns) {
  const Names& all = names(instruction);
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
    return std::any_of(all.begin(), all.end(), [&](const CodeLocation& place) {
      return matches_leak_pattern(pattern, place.function) ||
             matches_leak_pattern(pattern, place.file) ||
             matches_leak_pattern(pattern, place.module);
    });
  });
}

/// What has the same function, file and line is one site; what has no name, one of its module.
void Sites::merge() {
  using Key = std::tuple<std::string, std::string, std::string, std::uint32_t>;
  std::map<Key, std::size_t> site_of_place;
  for (std::size_t i = 0; i < stacks_.size(); ++i) {
    const std::uint32_t node = without_operator_new(stacks_[i].stack);
    const std::uint32_t instruction = tables_.stacks[node].instruction;
    const CodeLocation& place = names(instruction).front();
    const auto [entry, is_new] = site_of_place.try_emplace(
        Key(place.module, place.function, place.file, place.line), sites_.size());
    if (is_new) sites_.push_back({AllocationCost(), instruction, {}});
    SiteTotal& site = sites_[entry->second];
    site.cost += stacks_[i].cost;
    site.stacks.push_back(static_cast<std::uint32_t>(i));
  }
}

std::uint32_t Sites::without_operator_new(std::uint32_t stack) {
  while (stack != 0 &&
         is_one_of(names(tables_.stacks[stack].instruction).front().function, operators_new)) {
    stack = tables_.stacks[stack].parent;
  }
  return stack;
}

const Sites::Names& Sites::names(std::uint32_t instruction) {
  std::unique_ptr<Names>& entry = names_[instruction];
  if (!entry) entry = std::make_unique<Names>(find_names(tables_.instructions[instruction]));
  return *entry;
}

Sites::Names Sites::find_names(const Instruction& instruction) {
  Names result;
  if (tables_.raw) {
    const Module& module = tables_.modules[instruction.module];
    Symbols::Segments segments;
    for (const Module::Segment& segment : module.segments) {
      segments.emplace_back(segment.start, segment.bytes);
    }
    for (Symbol& symbol : symbols_.find(module.file, segments, instruction.address - module.base)) {
      result.push_back({instruction.address, std::move(symbol.function), std::move(symbol.file),
                        symbol.line, module.file});
    }
    if (result.empty()) result.push_back({instruction.address, "", "", 0, module.file});
    return result;
  }
  const auto add = [&](const CodePlace& place) {
    result.push_back({instruction.address, tables_.strings[place.function],
                      tables_.strings[place.file], place.line,
                      tables_.strings[instruction.module]});
  };
  add(instruction.place);
  for (std::uint32_t i = 0; i < instruction.inlined_count; ++i) {
    add(tables_.inlined[instruction.first_inlined + i]);
  }
  return result;
}

std::vector<CodeLocation> Sites::frames(std::uint32_t stack) {
  std::vector<CodeLocation> result;
  for (std::uint32_t node = without_operator_new(stack); node != 0;) {
    const std::uint32_t instruction = tables_.stacks[node].instruction;
    const Names& all = names(instruction);
    result.insert(result.end(), all.begin(), all.end());
    if (is_one_of(all.front().function, outermost)) break;
    node = without_operator_new(tables_.stacks[node].parent);
  }
  return result;
}

std::vector<AllocationSite> Sites::top(std::uint64_t AllocationCost::*cost, std::size_t most_sites,
                                       std::size_t most_stacks) {
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
    entry.place = names(site.instruction).front();
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

}  // namespace heaptrack
}  // namespace heaplab::trace
