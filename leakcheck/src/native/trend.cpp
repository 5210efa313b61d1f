// SPDX-License-Identifier: MIT
#include "trend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace heaplab::leakcheck::native {
namespace {

/// A step makes this much of what is there.
constexpr double least_step = 0.1;
/// Steps are so much of all growth, or it does not grow by steps.
constexpr double nearly_all = 0.8;
constexpr double tolerated_fall = 0.1;
constexpr std::size_t least_steps = 3;
/// Before the last step it grew at this share of the rate before that at least.
constexpr double as_fast = 0.4;
/// Rates are looked at over so much of the time until then.
constexpr double long_before = 0.75;
/// What is in it would be so much more than the room there is, if it went on: it did not.
constexpr double overdue = 1.1;
/// What grows evenly takes a step in the second half of the time, if the factor is 2 at most.
constexpr double second_half = 0.45;

bool is_stepped(const std::vector<double>& values) {
  double risen = 0, fallen = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double rise = values[i] - values[i - 1];
    if (rise > least_step * values[i]) risen += rise;
    fallen += std::max(0.0, -rise);
  }
  const double growth = values.back() - values.front();
  return risen >= nearly_all * growth && fallen <= tolerated_fall * growth;
}

/// How full it was at a moment, 0 … 1.
struct Filling {
  double when = 0;
  double bytes = 0;
};

double rate_between(const Filling& from, const Filling& to) {
  return (to.bytes - from.bytes) / std::max(1e-9, to.when - from.when);
}

/// How fast it was filled until that moment: since the last one that was long before, or the start.
double rate_until(const std::vector<Filling>& full, std::size_t number) {
  std::size_t before = number;
  while (before > 0 && full[before].when > long_before * full[number].when) --before;
  const bool is_long = before < number && full[before].when <= long_before * full[number].when;
  return rate_between(is_long ? full[before] : Filling(), full[number]);
}

/// `full`: at each step; `room`: there was after the last one.
bool goes_on(const std::vector<Filling>& full, double room) {
  const Filling& last = full.back();
  const double rate = rate_until(full, full.size() - 1);
  const double by_now = last.bytes + std::min(rate, rate_between({}, last)) * (1 - last.when);
  return rate >= as_fast * rate_until(full, full.size() - 2) && last.when >= second_half &&
         by_now <= overdue * room;
}

}  // namespace

MannKendall mann_kendall(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  if (values.size() < 3) return {};
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      sum += values[j] > values[i] ? 1 : values[j] < values[i] ? -1 : 0;
    }
  }
  double variance = count * (count - 1) * (2 * count + 5);
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) ++end;
    const auto ties = static_cast<double>(end - i);
    variance -= ties * (ties - 1) * (2 * ties + 5);
    i = end;
  }
  MannKendall result;
  result.tau = 2 * sum / (count * (count - 1));
  if (variance > 0 && sum != 0) {
    result.z = (sum - (sum > 0 ? 1 : -1)) / std::sqrt(variance / 18);
  }
  return result;
}

Staircase staircase(const std::vector<double>& values, const std::vector<Step>& steps) {
  if (values.empty() || steps.size() < least_steps || !is_stepped(values)) return {};
  std::vector<Filling> by_slices, by_allocations;
  for (const Step& step : steps) {
    const auto bytes = static_cast<double>(step.full_bytes);
    by_slices.push_back({step.slice / static_cast<double>(values.size()), bytes});
    by_allocations.push_back({step.allocations, bytes});
  }
  const auto room = static_cast<double>(steps.back().bytes);
  return {steps.size(), goes_on(by_slices, room) && goes_on(by_allocations, room)};
}

double theil_sen(const std::vector<double>& values) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
    }
  }
  if (slopes.empty()) return 0;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
  std::nth_element(slopes.begin(), middle, slopes.end());
  return *middle;
}

}  // namespace heaplab::leakcheck::native
