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

/// SARIF 2.1.0, for code-scanning services: a result for each leak, at its place in the source.
std::string to_sarif(const Report& report, const std::string& version);

}  // namespace heaplab::leakcheck
