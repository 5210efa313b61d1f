// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "../growth.h"
#include "culprits.h"
#include "history.h"
#include "trend.h"

namespace heaplab::leakcheck::native {

/// Sums over the stacks of a group.
struct Totals {
  std::uint64_t allocations = 0, frees = 0, alive_objects = 0, alive_bytes = 0;
  std::uint64_t working_objects = 0, working_bytes = 0, working_frees = 0, start_objects = 0;
  std::int64_t replaced_bytes = 0;

  /// Nearly all that the program held while it worked is freed when it ends.
  bool is_put_away() const;
};

/// Something that belongs to a leak: the nodes of the table that holds what leaks, or what each of
/// the things that leak consists of.
struct Part {
  Group group;
  Totals totals;
};

/// What one function keeps, and whether it leaks.
struct Judged {
  Group group;
  std::vector<Part> parts;  ///< of other functions; their numbers are in those below
  std::vector<double> floors;
  Judgement judgement;
  MannKendall test;
  Staircase stairs;
  Totals totals;
  double growth = 0;
  double slope = 0;

  bool is_leak() const;
  /// Its growth is blocks that were replaced by larger ones, not more blocks.
  bool grows_by_replacement() const;
};

Judged judge_group(const History& history, Group group);

/// Makes one of those that are: that have as many blocks (or a multiple), grew in step, and of
/// which one function calls the other, or one allocates a container of the standard library. The
/// first of each lot, which grew most, stays.
void unite_parts(Functions& functions, std::vector<Judged>& leaks);

}  // namespace heaplab::leakcheck::native
