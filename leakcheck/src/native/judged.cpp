// SPDX-License-Identifier: MIT
#include "judged.h"

#include <algorithm>
#include <cmath>

namespace heaplab::leakcheck::native {
namespace {

using trace::StackId;

/// Chance makes a series of equal numbers rise like this once in a hundred times.
constexpr double significant_z = 2.33;
/// What grows in the second half of the run by less than this share of the first fills up.
constexpr double still_as_fast = 0.2;
/// What came in the start-up to so many times what came later comes to rest, unless the last third
/// of the run adds nearly as much as the one before.
constexpr double mostly_at_start = 1.5;
constexpr double evenly = 0.75;
/// What is put away at the end to this share was not lost.
constexpr double freed_at_exit = 0.9;
/// More of the growth than this is what blocks became larger by.
constexpr double mostly_replaced = 0.5;
/// Not more blocks than at the start, but for these.
constexpr std::uint64_t few_blocks = 8;
/// How even the growth of what grows in steps can be called.
constexpr double steadiness_of_steps = 0.3;

/// Two curves, each in parts of its last value, are the same if they are nowhere further apart.
constexpr double in_step = 0.04;
constexpr double same_number = 0.02;
constexpr double most_parts_of_one = 8;

/// Most came in the start-up, and of what comes after less and less: it fills up, unevenly.
bool comes_to_rest(const std::vector<double>& floors) {
  const std::size_t start = startup_slices(floors.size());
  const std::size_t third = (floors.size() - std::min(start, floors.size())) / 3;
  if (third < 2) return false;
  const double before = floors[start];
  const double middle = floors[start + 2 * third] - floors[start + third];
  const double last = floors.back() - floors[floors.size() - 1 - third];
  return before > mostly_at_start * (floors.back() - before) && last < evenly * middle;
}

/// Where slices are numbers of allocations, what grew with each of them may have done so in a
/// short while at the start. If half of the time is known, see what came after it.
bool stands_still_in_time(const History& history, const Group& group, double growth) {
  if (history.by_time || !history.half_time_known) return false;
  double later = 0;
  for (const StackId id : group.stacks) {
    later += static_cast<double>(history.stacks[id].working_bytes) -
             static_cast<double>(history.stacks[id].half_time_bytes);
  }
  return later < still_as_fast * growth;
}

/// What fills up grows ever more slowly: the second half is compared with the first, by their
/// growth and by their typical slope.
bool slows_down(const std::vector<double>& steady) {
  if (steady.size() < 8) return false;
  const auto middle = steady.begin() + static_cast<std::ptrdiff_t>(steady.size() / 2);
  const std::vector<double> first(steady.begin(), middle + 1);
  const std::vector<double> second(middle, steady.end());
  const double before = first.back() - first.front();
  const double after = second.back() - second.front();
  return after < still_as_fast * before && theil_sen(second) <= still_as_fast * theil_sen(first);
}

/// `more` is a stack's history, or a sum of some.
template <class Part>
void add_to(Totals& sum, const Part& more) {
  sum.allocations += more.allocations;
  sum.frees += more.frees;
  sum.alive_objects += more.alive_objects;
  sum.alive_bytes += more.alive_bytes;
  sum.working_objects += more.working_objects;
  sum.working_bytes += more.working_bytes;
  sum.working_frees += more.working_frees;
  sum.start_objects += more.start_objects;
  sum.replaced_bytes += more.replaced_bytes;
}

Totals totals_of(const History& history, const Group& group) {
  Totals result;
  for (const StackId id : group.stacks) add_to(result, history.stacks[id]);
  return result;
}

/// Of all stacks together: when there was a block larger than any before.
std::vector<Step> steps_of(const History& history, const Group& group) {
  std::vector<Step> all;
  for (const StackId id : group.stacks) {
    for (const Step& step : history.stacks[id].steps) {
      if (step.slice <= history.slices) all.push_back(step);
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Step& a, const Step& b) { return a.slice < b.slice; });
  std::vector<Step> result;
  for (const Step& step : all) {
    const bool is_record = result.empty() || (step.bytes > result.back().bytes &&
                                              step.full_bytes > result.back().full_bytes);
    if (is_record) result.push_back(step);
  }
  return result;
}

/// Whether the group's function is called by another, with nothing but libraries in between.
bool is_called_by(Functions& functions, const Group& group, FunctionId caller) {
  const auto& calls = functions.calls(group.stack);
  auto call = std::find_if(calls.begin(), calls.end(), [&](const Functions::Call& entry) {
    return entry.function == group.function;
  });
  if (call == calls.end()) return false;
  do {
    ++call;
  } while (call != calls.end() && call->role == Role::library);
  return call != calls.end() && call->function == caller;
}

/// Between the culprit and the allocation lies a container: its nodes, its table, its vector.
bool is_container(Functions& functions, const Group& group) {
  for (const Functions::Call& call : functions.calls(group.stack)) {
    if (call.function == group.function) return false;
    const std::string& name = functions.name(call.function);
    if (is_standard_library(name) && !name.starts_with("operator new") &&
        !name.starts_with("std::__cxx11::basic_string") && !is_allocator(name)) {
      return true;
    }
  }
  return false;
}

bool grew_in_step(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size() || a.empty() || a.back() <= 0 || b.back() <= 0) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] / a.back() - b[i] / b.back()) > in_step) return false;
  }
  return true;
}

/// One of the numbers is a small multiple of the other.
bool are_multiples(std::uint64_t a, std::uint64_t b) {
  if (a == 0 || b == 0) return false;
  const double ratio = static_cast<double>(std::max(a, b)) / static_cast<double>(std::min(a, b));
  const double nearest = std::round(ratio);
  return nearest <= most_parts_of_one && std::abs(ratio - nearest) <= same_number * nearest;
}

bool belong_together(Functions& functions, const Judged& large, const Judged& small) {
  if (!grew_in_step(large.floors, small.floors) ||
      !are_multiples(large.totals.working_objects, small.totals.working_objects)) {
    return false;
  }
  return is_called_by(functions, small.group, large.group.function) ||
         is_called_by(functions, large.group, small.group.function) ||
         is_container(functions, large.group) || is_container(functions, small.group);
}

}  // namespace

bool Totals::is_put_away() const {
  return static_cast<double>(alive_bytes) <=
         (1 - freed_at_exit) * static_cast<double>(working_bytes);
}

bool Judged::is_leak() const { return judgement.trend == Trend::grows && test.z >= significant_z; }

bool Judged::grows_by_replacement() const {
  const std::uint64_t few_more = totals.start_objects + totals.start_objects / 2 + few_blocks;
  return totals.working_objects <= few_more &&
         static_cast<double>(totals.replaced_bytes) >= mostly_replaced * growth;
}

Judged judge_group(const History& history, Group group) {
  Judged result;
  result.floors = history.floors(group.stacks);
  result.totals = totals_of(history, group);
  const auto start =
      result.floors.begin() + static_cast<std::ptrdiff_t>(std::min(
                                  startup_slices(result.floors.size()), result.floors.size()));
  const std::vector<double> steady(start, result.floors.end());
  result.judgement = judge(steady);
  result.test = mann_kendall(steady);
  result.slope = theil_sen(steady);
  result.growth = growth_of(result.floors);
  if (result.grows_by_replacement())
    result.stairs = staircase(result.floors, steps_of(history, group));
  const bool grows = result.judgement.trend == Trend::grows;
  const bool settles = slows_down(steady) || comes_to_rest(result.floors) ||
                       stands_still_in_time(history, group, result.growth);
  if (result.stairs.steps > 0) {
    result.judgement.trend = result.stairs.goes_on ? Trend::grows : Trend::settled;
    result.judgement.steadiness = steadiness_of_steps;
    result.slope = result.growth / static_cast<double>(std::max<std::size_t>(1, steady.size() - 1));
  } else if (grows && settles) {
    result.judgement.trend = Trend::settled;
  }
  result.group = std::move(group);
  return result;
}

void unite_parts(Functions& functions, std::vector<Judged>& leaks) {
  std::vector<Judged> result;
  for (Judged& candidate : leaks) {
    const auto whole = std::find_if(result.begin(), result.end(), [&](const Judged& leak) {
      return belong_together(functions, leak, candidate);
    });
    if (whole == result.end()) {
      result.push_back(std::move(candidate));
      continue;
    }
    for (std::size_t i = 0; i < whole->floors.size(); ++i) whole->floors[i] += candidate.floors[i];
    whole->growth += candidate.growth;
    whole->slope += candidate.slope;
    add_to(whole->totals, candidate.totals);
    whole->parts.push_back({std::move(candidate.group), candidate.totals});
  }
  leaks = std::move(result);
}

}  // namespace heaplab::leakcheck::native
