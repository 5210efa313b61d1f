// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/heap/options.h"

namespace heaplab::gc {

/// When the next major collection starts.
///
/// V8's rule: choose the growing factor so that the mutator gets the share MU = 0.97 of the time,
/// given how fast the collector marked (R = collector speed / mutator's growth speed):
///
///   F = R (1 - MU) / (R (1 - MU) - MU), clamped to [1.1, max factor]
///   limit = min(max(F * live, live + 8 MB) + new-space capacity, (live + max) / 2)
class GrowthPolicy {
 public:
  explicit GrowthPolicy(const HeapOptions& options);

  std::uint64_t limit() const { return limit_; }
  std::uint64_t hard_limit() const { return hard_limit_; }
  std::uint64_t initial_hard_limit() const { return initial_hard_limit_; }
  void raise_hard_limit(std::uint64_t bytes) { hard_limit_ = bytes; }
  /// Lets the limit be at least `bytes`, as far as the hard limit allows.
  void grow_limit(std::uint64_t bytes) {
    if (limit_ < bytes) limit_ = bytes < hard_limit_ ? bytes : hard_limit_;
  }

  struct Measurement {
    std::uint64_t live_bytes = 0;    ///< after the collection
    std::uint64_t traced_bytes = 0;  ///< how much the collector had to trace
    std::uint64_t collection_ns = 0;
    std::uint64_t grown_bytes = 0;  ///< by which the space grew since the last collection
    std::uint64_t mutator_ns = 0;   ///< since the last collection
    std::uint64_t new_space_capacity = 0;
  };
  /// Sets the next limit after a major collection.
  void update(const Measurement& measurement);
  /// The factor the last update used.
  double factor() const { return factor_; }

  static double max_factor(std::uint64_t max_bytes);
  static double growing_factor(double collector_speed, double mutator_speed, double max_factor);

 private:
  std::uint64_t limit_;
  std::uint64_t hard_limit_;
  std::uint64_t initial_hard_limit_;
  double fixed_factor_;
  double factor_ = 0;
};

/// options.max_old_space_bytes, or the default for this machine.
std::size_t resolve_max_old_bytes(const HeapOptions& options);
/// The most live data that address space is reserved for: what max_old_space_bytes may rise to.
/// Twice the limit if there is a near-limit callback; less than the limit where several times
/// the limit would not fit into the cage.
std::size_t reserved_old_bytes(const HeapOptions& options);

}  // namespace heaplab::gc
