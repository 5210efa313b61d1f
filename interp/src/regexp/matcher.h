// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "regexp/program.h"

namespace heaplab::interp::regexp {

enum class Outcome { matched, no_match, too_complex };

/// Looks for a match from `start` on, or only there if `anchored`. \post matched: start and end of
/// the match and of each group are in `bounds`, ~0 where a group took no part.
Outcome run_program(const Program& program, std::u16string_view text, std::size_t start,
                    bool anchored, std::vector<std::size_t>& bounds);

}  // namespace heaplab::interp::regexp
