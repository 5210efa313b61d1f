// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "heaplab/leakcheck/report.h"
#include "profile/history.h"
#include "profile/trend.h"

// From stacks to the places in a program that allocate what is kept.
//
// A site is a function: V8's sampler knows nothing finer. It is the innermost one of a stack that
// belongs to the program, not to the runtime (`Map.set`, `node:events`), whose growth is its
// caller's doing. V8 does not see functions that the optimiser has inlined, so what a function
// allocates moves to its caller as the program warms up: a callee that stopped growing and a caller
// that took over are one leak. Hence three passes, the first two from the innermost frames
// outwards:
//
//   1. For each site, over all stacks: what grows by itself is a finding, and its bytes are taken
//   out.
//   2. For each stack, with all it calls: what grows only together is a finding at the caller.
//   3. A finding and that of the function that calls it are one if they grow in step or one takes
//   over from the other: an object and its parts, or one leak that moves as it is inlined.

namespace heaplab::leakcheck::profile {

struct GrowingSite {
  Place place;
  std::uint64_t live_bytes = 0;  ///< in the end: of the place and what is called from it
  Verdict verdict;
  std::vector<double> values;  ///< live bytes by round, the start-up included
  std::vector<Site> sites;     ///< the place itself and those called from it, the largest first
  std::vector<std::string> callers;  ///< "handle (app.js:7:10)", the nearest first
};

/// How a function is named among `callers`.
std::string caller_text(const Place& place);

struct Sites {
  std::vector<GrowingSite> growing;   ///< the fastest first
  std::vector<GrowingSite> harmless;  ///< grew, but not like a leak
};

struct Thresholds {
  double least_bytes = 0;     ///< grown after the start-up
  double sampling_bytes = 0;  ///< one sample stands for so many
  std::size_t start_up = 0;   ///< the first round that counts
};

Sites judge_sites(const History& history, const trace::Tables& tables,
                  const Thresholds& thresholds);

}  // namespace heaplab::leakcheck::profile
