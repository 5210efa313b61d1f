// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heaplab::cli {

/// The candidate nearest to what was typed, if it is near enough to be meant; else "".
std::string nearest(std::string_view typed, const std::vector<std::string>& candidates);

/// "; did you mean X?", or "".
std::string did_you_mean(std::string_view typed, const std::vector<std::string>& candidates);

}  // namespace heaplab::cli
