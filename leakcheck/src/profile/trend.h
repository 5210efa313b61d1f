// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "../growth.h"

// Does an estimate grow without end? Profiles are samples, so a number moves a little by chance,
// and a program that starts allocates what it keeps. Hence: the start-up is told apart and left
// out; what is left must rise by the Mann-Kendall test (a rank test: no shape is assumed) and must
// be growth by the rules for all recordings (growth.h); and it must be worth several samples.

namespace heaplab::leakcheck::profile {

/// The round in which the start-up is over: where the totals turn from steep to less steep. 0 if
/// they do not.
std::size_t end_of_start_up(std::span<const double> seconds, std::span<const double> totals);

/// How far the number of pairs that rise is above chance, in standard deviations.
double mann_kendall(std::span<const double> values);

struct Verdict {
  Judgement judgement;
  double z = 0;       ///< of the Mann-Kendall test
  double growth = 0;  ///< bytes, from the first value to the last
};

/// `values`: after the start-up. `sampling_bytes`: one sample stands for so many.
Verdict judge_estimates(std::span<const double> values, double sampling_bytes);

}  // namespace heaplab::leakcheck::profile
