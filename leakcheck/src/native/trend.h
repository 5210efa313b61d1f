// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "history.h"

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

/// A vector that is doubled when it is full grows in few steps, ever further apart, however evenly
/// it is filled. What was in it is known when it was full: at each step.
struct Staircase {
  std::size_t steps = 0;  ///< 0: it does not grow in steps
  /// What is in it grows as fast as before, and the next step is not overdue: neither in time nor
  /// in allocations, for both pass unevenly.
  bool goes_on = false;
};
/// `values`: how large it was in each slice; `steps`: when it was full, in order, each larger than
/// the one before.
Staircase staircase(const std::vector<double>& values, const std::vector<Step>& steps);

}  // namespace heaplab::leakcheck::native
