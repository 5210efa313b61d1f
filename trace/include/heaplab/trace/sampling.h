// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>

namespace heaplab::trace {

/// How many allocations one in a sample stands for. Where each byte is chosen with the chance 1 /
/// R, an object of s bytes is in the sample with the chance 1 - exp(-s/R), as in tcmalloc's heap
/// profiles: dividing by it makes the sums right on average, small objects and large.
class SampleScale {
 public:
  /// 0: each allocation is there, and stands for itself.
  explicit SampleScale(std::uint64_t sampling_bytes = 0)
      : interval_(static_cast<double>(sampling_bytes)) {}

  /// Whole numbers whose sum is right: what one lost in rounding the next has more.
  std::uint64_t count(std::uint64_t bytes) {
    if (interval_ == 0 || bytes == 0) return 1;
    carry_ += -1 / std::expm1(-static_cast<double>(bytes) / interval_);
    const double whole = std::floor(carry_);
    carry_ -= whole;
    return static_cast<std::uint64_t>(whole);
  }

 private:
  double interval_;
  double carry_ = 0;
};

}  // namespace heaplab::trace
