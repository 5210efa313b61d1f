// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "series/containers.h"

// Does a container leak? What there is to tell by:
//
//  - births: a leak has kept things from every round; a cache that turns over only young ones, a
//    table that is full only old ones;
//  - the number of its contents in each round, if it was there: a leak's only rises;
//  - losses: of what was in it in earlier rounds, how much is still there now. A leak loses
//  nothing.

namespace heaplab::leakcheck::series {

enum class Verdict {
  leaks,
  small,     ///< too little to matter
  settled,   ///< it stopped growing
  turnover,  ///< what it holds comes and goes
  once,      ///< it grew in one round only
  few,       ///< it grew by so few things that it may be chance
  slowing,   ///< it grows less and less: something that fills up
  replaced,  ///< it has new things, but the heap has no more of them than before
  moment     ///< what it holds goes when the running job ends
};

struct Trend {
  Verdict verdict = Verdict::small;
  std::vector<double> steps;        ///< bytes added in each interval and still there
  std::vector<double> new_objects;  ///< the same in objects
  std::vector<double> contents;     ///< references by round; empty if they are not known
  double kept = -1;                 ///< share of earlier contents that are still there; -1: unknown
  double evenness = 0;              ///< 0 … 1
  std::uint64_t bytes = 0;          ///< the sum of the steps
};

struct TrendOptions {
  double least_bytes = 0;
  /// The last snapshot was taken when the work was over: what stays from before it counts, and
  /// nothing need be added after.
  bool ends_idle = false;
};

/// One for each container.
std::vector<Trend> judge(const Series& series, const Containers& containers,
                         const TrendOptions& options);

}  // namespace heaplab::leakcheck::series
