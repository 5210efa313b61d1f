// SPDX-License-Identifier: MIT
#include "replay/measure.h"

#include <fcntl.h>
#include <mimalloc.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace heaplab::trace {
namespace {

std::uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

ReplayTime time_now() { return {clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_THREAD_CPUTIME_ID)}; }

ReplayTime operator-(const ReplayTime& a, const ReplayTime& b) {
  return {a.wall_ns - std::min(a.wall_ns, b.wall_ns), a.cpu_ns - std::min(a.cpu_ns, b.cpu_ns)};
}
ReplayTime& operator+=(ReplayTime& a, const ReplayTime& b) {
  a.wall_ns += b.wall_ns;
  a.cpu_ns += b.cpu_ns;
  return a;
}

FootprintMeter::FootprintMeter(std::uint64_t total_bytes, std::uint64_t samples)
    : settled_(settle()),
      step_(static_cast<std::int64_t>(total_bytes / std::max<std::uint64_t>(samples, 1))),
      until_due_(step_),
      file_(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC)),
      at_first_(resident()) {}

FootprintMeter::~FootprintMeter() {
  if (file_ >= 0) ::close(file_);
}

/// mimalloc gives memory back some time after it was freed. That shall not be while we measure.
bool FootprintMeter::settle() {
  mi_collect(true);
  return true;
}

/// 0 on systems without /proc.
std::uint64_t FootprintMeter::resident() const {
  char text[128];
  const ssize_t count = file_ < 0 ? 0 : ::pread(file_, text, sizeof text, 0);
  if (count <= 0) return 0;
  const char* end = text + count;
  const char* second = std::find(static_cast<const char*>(text), end, ' ');
  std::uint64_t pages = 0;
  if (second != end) std::from_chars(second + 1, end, pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void FootprintMeter::sample(ReplayResult& result, std::uint64_t clock, std::uint64_t committed) {
  const std::uint64_t now = resident();
  const std::uint64_t grown = now - std::min(now, at_first_);
  result.footprint.push_back({clock, committed, grown});
  result.peak_committed = std::max(result.peak_committed, committed);
  result.peak_resident = std::max(result.peak_resident, grown);
}

}  // namespace heaplab::trace
