// SPDX-License-Identifier: MIT
#include "common/growth_policy.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace heaplab::gc {
namespace {

constexpr double target_utilization = 0.97;
constexpr double min_factor = 1.1;
constexpr std::uint64_t min_growth_bytes = 8 * MiB;
constexpr std::uint64_t default_first_limit = 16 * MiB;

}  // namespace

std::size_t resolve_max_old_bytes(const HeapOptions& options) {
  if (options.max_old_space_bytes) return options.max_old_space_bytes;
  const auto memory = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
                      static_cast<std::size_t>(sysconf(_SC_PAGE_SIZE));
  return std::clamp<std::size_t>(memory / 4, 64 * MiB, 4 * GiB);
}

std::size_t reserved_old_bytes(const HeapOptions& options) {
  const std::size_t max = resolve_max_old_bytes(options);
  // The semispace plan reserves four times this, out of 28 GiB.
  const std::size_t fits = options.plan == "semispace" ? 6 * GiB : 12 * GiB;
  return std::min(options.near_limit ? 2 * max : max, fits);
}

GrowthPolicy::GrowthPolicy(const HeapOptions& options)
    : hard_limit_(resolve_max_old_bytes(options)),
      initial_hard_limit_(hard_limit_),
      fixed_factor_(options.fixed_growing_factor) {
  if (std::isinf(fixed_factor_)) {
    limit_ = hard_limit_;
    return;
  }
  const std::uint64_t first =
      options.initial_old_limit_bytes ? options.initial_old_limit_bytes : default_first_limit;
  limit_ = std::min(first, hard_limit_);
}

// V8 grows by at most 4 where memory is plenty and by 1.3 to 2 on small machines. Ours ends at 2.5:
// marking is cheap here, and on random-slot churn the peak falls from 193 to 145 MB for two more
// major collections (docs/decisions.md).
double GrowthPolicy::max_factor(std::uint64_t max_bytes) {
  constexpr double small = 256.0 * MiB;
  constexpr double large = 2048.0 * MiB;
  const auto bytes = static_cast<double>(max_bytes);
  if (bytes >= large) return 2.5;
  return 1.3 + (2.0 - 1.3) * std::clamp((bytes - small) / (large - small), 0.0, 1.0);
}

double GrowthPolicy::growing_factor(double collector_speed, double mutator_speed,
                                    double max_factor) {
  if (collector_speed <= 0 || mutator_speed <= 0) return max_factor;
  const double ratio = collector_speed / mutator_speed;
  const double a = ratio * (1 - target_utilization);
  const double b = a - target_utilization;
  // F = a / b; for b <= 0 no factor reaches the target.
  if (a >= b * max_factor) return max_factor;
  return std::max(a / b, min_factor);
}

void GrowthPolicy::update(const Measurement& m) {
  const double most = max_factor(hard_limit_);
  const auto speed = [](std::uint64_t bytes, std::uint64_t ns) {
    return ns == 0 ? 0.0 : static_cast<double>(bytes) / static_cast<double>(ns);
  };
  factor_ = fixed_factor_ != 0 ? fixed_factor_
                               : growing_factor(speed(m.traced_bytes, m.collection_ns),
                                                speed(m.grown_bytes, m.mutator_ns), most);
  if (std::isinf(factor_)) {
    limit_ = hard_limit_;
    return;
  }
  const auto grown = static_cast<std::uint64_t>(static_cast<double>(m.live_bytes) * factor_);
  const std::uint64_t wanted =
      std::max(grown, m.live_bytes + min_growth_bytes) + m.new_space_capacity;
  const std::uint64_t halfway = (m.live_bytes + hard_limit_) / 2;
  limit_ = std::max(std::min(wanted, halfway), m.live_bytes);
}

}  // namespace heaplab::gc
