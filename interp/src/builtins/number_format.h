// SPDX-License-Identifier: MIT
#pragma once

#include <string>

// Number.prototype's ways to print a finite or non-finite number. Pure functions.

namespace heaplab::interp::builtins {

std::string format_radix(double number, int radix);          ///< toString(radix), 2..36
std::string format_fixed(double number, int digits);         ///< toFixed, 0..100
std::string format_exponential(double number, int digits);   ///< toExponential; -1: as needed
std::string format_precision(double number, int precision);  ///< toPrecision, 1..100
std::string format_shortest(double number);                  ///< toString()
/// toLocaleString for en-US: thousands separated by commas, `minimum`..`maximum` decimals.
std::string format_grouped(double number, int minimum, int maximum);

}  // namespace heaplab::interp::builtins
