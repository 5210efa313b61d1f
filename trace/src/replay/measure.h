// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/trace/replay.h"

namespace heaplab::trace {

ReplayTime time_now();  ///< the clock on the wall, and this thread's processor time
ReplayTime operator-(const ReplayTime& a, const ReplayTime& b);
ReplayTime& operator+=(ReplayTime& a, const ReplayTime& b);

/// Looks at what the process takes, every so many allocated bytes.
class FootprintMeter {
 public:
  FootprintMeter(std::uint64_t total_bytes, std::uint64_t samples);
  ~FootprintMeter();
  FootprintMeter(const FootprintMeter&) = delete;
  FootprintMeter& operator=(const FootprintMeter&) = delete;

  /// To be called at each allocation; true: it is time for a sample.
  bool is_due(std::uint64_t bytes) {
    until_due_ -= static_cast<std::int64_t>(bytes);
    if (until_due_ >= 0) [[likely]]
      return false;
    until_due_ = step_;
    return true;
  }
  void sample(ReplayResult& result, std::uint64_t clock, std::uint64_t committed);

 private:
  static bool settle();
  std::uint64_t resident() const;

  bool settled_;  ///< first of all
  std::int64_t step_;
  std::int64_t until_due_;
  int file_;
  std::uint64_t at_first_;
};

}  // namespace heaplab::trace
