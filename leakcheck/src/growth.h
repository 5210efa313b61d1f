// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/leakcheck/report.h"

// Does a number grow without end? The whole of the statistics, apart from any heap.
//
// A leak's number only goes up, and still does at the end. Data in use goes up and down, or goes up
// and stops. Samples are taken at odd moments, so single values are not trusted: the time in which
// the thing existed is cut in three, and the least value of each part is compared.

namespace heaplab::leakcheck {

enum class Trend {
  none,       ///< did not grow to speak of
  falls,      ///< grew and shrank again: data that comes and goes
  settled,    ///< grew and stopped: a table that is full, a warm-up
  too_short,  ///< grew, but for too few rounds to tell
  grows       ///< grew all along and still does
};

struct Judgement {
  Trend trend = Trend::none;
  double per_round = 0;   ///< average growth while it existed
  double steadiness = 0;  ///< 0 … 1: how even the growth is; part of the confidence
};

/// `values`: one per round, 0 before the thing existed.
Judgement judge(const std::vector<double>& values);

/// What grows is counted in references, and a thing can have several from its container: an entry
/// of a Map has a key as well, an array refers to an element and so does its store. Turns such
/// counts into things, of which there are `things` in the end.
void count_things(Growth& growth, std::uint64_t things);

}  // namespace heaplab::leakcheck
