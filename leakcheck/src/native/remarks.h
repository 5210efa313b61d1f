// SPDX-License-Identifier: MIT
#pragma once

#include "functions.h"
#include "heaplab/leakcheck/report.h"
#include "history.h"

namespace heaplab::leakcheck::native {

/// What is no leak but worth knowing: functions that allocate only to free at once, memory that the
/// system sees grow while what is allocated does not, and what was never freed. `excused`: bytes of
/// suppressed leaks.
void add_remarks(const History& history, Functions& functions, std::uint64_t excused,
                 Report& report);

}  // namespace heaplab::leakcheck::native
