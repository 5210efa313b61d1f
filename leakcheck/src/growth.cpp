// SPDX-License-Identifier: MIT
#include "growth.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace heaplab::leakcheck {
namespace {

constexpr std::size_t least_rounds = 4;
/// Of all that was added, this much may have been taken away again.
constexpr double tolerated_decrease = 0.15;
/// The last third, and the last rounds of it, must add this share of what an even growth would have
/// added there.
constexpr double still_growing = 0.3;

double least(const std::vector<double>& values, std::size_t from, std::size_t to) {
  return *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(from),
                           values.begin() + static_cast<std::ptrdiff_t>(to));
}

}  // namespace

Judgement judge(const std::vector<double>& values) {
  Judgement result;
  std::size_t first = 0;
  while (first < values.size() && values[first] <= 0) ++first;
  if (first > 0) --first;  // the last 0 is where it began
  const std::size_t rounds = values.size() - first;
  if (first == values.size() || rounds < 2) return result;

  double up = 0, down = 0;
  for (std::size_t i = first + 1; i < values.size(); ++i) {
    const double change = values[i] - values[i - 1];
    (change > 0 ? up : down) += std::abs(change);
  }
  const double total = values.back() - values[first];
  result.per_round = total / static_cast<double>(rounds - 1);
  if (up <= 0) return result;
  if (down > tolerated_decrease * up) {
    result.trend = Trend::falls;
    return result;
  }
  if (rounds < least_rounds) {
    result.trend = Trend::too_short;
    return result;
  }
  // Three parts of equal length; the least of a part is its first value if all is monotone.
  const std::size_t third = rounds / 3;
  const double a = least(values, first, first + third);
  const double b = least(values, values.size() - 2 * third, values.size() - third);
  const double c = least(values, values.size() - third, values.size());
  const double even = total / 3;
  const std::size_t tail = std::max<std::size_t>(2, rounds / 5);
  const double in_tail = values.back() - values[values.size() - 1 - tail];
  const double even_in_tail = result.per_round * static_cast<double>(tail);
  const bool all_along = b > a && c > b;
  if (!all_along || c - b < still_growing * even || in_tail < still_growing * even_in_tail) {
    result.trend = total > 0 ? Trend::settled : Trend::falls;
    return result;
  }
  result.trend = Trend::grows;
  const double unevenness = std::abs((c - b) - even) / std::max(even, 1e-9);
  result.steadiness = std::clamp(1.0 - 0.5 * unevenness - down / up, 0.0, 1.0);
  return result;
}

void count_things(Growth& growth, std::uint64_t things) {
  if (growth.unit != "objects" || growth.values.empty() || things == 0) return;
  const double references = growth.values.back();
  const auto wanted = static_cast<double>(things);
  if (references <= wanted) return;
  for (double& value : growth.values) value *= wanted / references;
  growth.per_round *= wanted / references;
}

}  // namespace heaplab::leakcheck
