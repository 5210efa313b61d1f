// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include "snapshot/digits.h"

// Numbers by sixteens, for processors with AVX-512 and its byte permutations (VBMI, VBMI2).

#if defined(HEAPLAB_VECTOR_DIGITS)

#define HEAPLAB_AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,popcnt")))

namespace heaplab::inspector::digits {

/// `values` and `starts` have room for this many more than `most`.
inline constexpr std::size_t wide_slack = 64;

/// The numbers in [text, limit), and where they start, counted from `text`, which is where one
/// does: in whole steps of 64 bytes, until something is not "digits, comma, digits" (a line end may
/// be before the comma) or no 32-bit number, or `most` were found or a few more. Returns how many;
/// another starts behind them, at `starts[count]`.
std::size_t take_numbers(const char* text, const char* limit, std::uint32_t* values,
                         std::uint32_t* starts, std::size_t most);

}  // namespace heaplab::inspector::digits
#endif
