// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "heaplab/leakcheck/report.h"

// What a report says about each kind of leak: why the collector cannot take it, and what to do.

namespace heaplab::leakcheck {

std::string why_kept(const Leak& leak, bool grows);
std::string advice_for(const Leak& leak, bool grows);

}  // namespace heaplab::leakcheck
