// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace heaplab {

/// Bytes for people, in binary units with three significant figures: `512 B`, `1.5 KiB`, `23.4
/// MiB`.
std::string format_bytes(std::uint64_t bytes);

/// The same with a sign, for growth: `+1.5 KiB`, `-3 MiB`, `0 B`.
std::string format_bytes_change(std::int64_t bytes);

/// Digits in groups of three: `1,234,567`.
std::string format_count(std::uint64_t count);

/// A span of time: `870 ns`, `3.2 µs`, `15.1 ms`, `2.34 s`, `3 min 05 s`.
/// \pre `seconds` is finite and not negative.
std::string format_duration(double seconds);

/// A share of a whole: `42.3%`; `0%` when the whole is nothing.
std::string format_percent(double part, double whole);

/// A size as people write it on a command line, in bytes: `64`, `64K`, `16MiB`, `1.5g`; units are
/// binary, letter case is free. Empty when `text` is not such a size or does not fit 64 bits.
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// `1 object`, `2 objects`; `plural` only when it is not `singular` + "s".
std::string format_quantity(std::uint64_t count, std::string_view singular,
                            std::string_view plural = {});

}  // namespace heaplab
