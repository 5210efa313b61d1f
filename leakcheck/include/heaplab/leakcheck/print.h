// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "heaplab/leakcheck/report.h"
#include "heaplab/support/terminal.h"

namespace heaplab::leakcheck {

/// For people. `columns` is the width to fill.
std::string to_text(const Report& report, const Painter& paint, std::size_t columns);

/// Schema heaplab-leaks/1, see README.md. Ends in a newline.
std::string to_json(const Report& report);

}  // namespace heaplab::leakcheck
