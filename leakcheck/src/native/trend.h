// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace heaplab::leakcheck::native {

/// Mann and Kendall's test for a trend in a series: of all pairs, do more rise than fall than
/// chance would have it? Ties are allowed for.
struct MannKendall {
  double tau = 0;  ///< -1 … 1: pairs that rise less pairs that fall, of all
  double z = 0;    ///< in standard deviations; above 2.33 is chance in one of a hundred series
};
MannKendall mann_kendall(const std::vector<double>& values);

/// Theil and Sen's slope: the median of the slopes of all pairs; a few odd values do not move it.
double theil_sen(const std::vector<double>& values);

}  // namespace heaplab::leakcheck::native
