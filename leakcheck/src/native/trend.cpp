// SPDX-License-Identifier: MIT
#include "trend.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace heaplab::leakcheck::native {

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
