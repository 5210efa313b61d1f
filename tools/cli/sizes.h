// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace heaplab::cli {

/// A size as typed after an option: 65536, 64K, 1.5MiB. `unit` is what a number without one counts
/// (Node's options: MiB). Throws UsageError, which names the option, if it is no size or outside.
std::uint64_t parse_size(const std::string& text, const char* option, std::uint64_t least = 0,
                         std::uint64_t most = std::numeric_limits<std::uint64_t>::max(),
                         std::uint64_t unit = 1);

}  // namespace heaplab::cli
