// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace heaplab {

inline constexpr std::size_t KiB = 1024;
inline constexpr std::size_t MiB = 1024 * KiB;
inline constexpr std::size_t GiB = 1024 * MiB;

/// What a heap is made with. Sizes in bytes.
struct HeapOptions {
  std::string plan = "generational";  ///< see gc::plan_names()

  /// Old space and large objects may hold this much live data; 0: a quarter of the machine's
  /// memory, at most 4 GiB. The semispace plan takes it as the limit of its whole heap.
  std::size_t max_old_space_bytes = 0;
  std::size_t initial_semi_space_bytes = 1 * MiB;
  std::size_t max_semi_space_bytes = 16 * MiB;
  /// The first limit at which a major collection starts; 0: by policy.
  std::size_t initial_old_limit_bytes = 0;
  /// The limit never grows or shrinks by measured speed: the growing factor is this. 0: V8's
  /// formula. Set it for runs that must be reproducible collection by collection. Infinity: the
  /// limit is max_old_space_bytes from the start, and memory is collected only when it is full
  /// (see gc::fixed_size).
  double fixed_growing_factor = 0;

  /// Walk and check the whole heap before and after each collection.
  bool verify = false;
  /// Collect at every k-th allocation; 0: never. Minor and major take turns (every 8th is major).
  std::uint64_t stress_gc_interval = 0;
  /// Move every movable object at every k-th allocation; 0: never.
  std::uint64_t stress_move_interval = 0;
  /// Fill freed memory with a pattern that is no valid object. Implied by the stress modes.
  bool poison = false;

  /// Called when live data comes near max_old_space_bytes, with the current and the initial limit;
  /// returns the new limit (the same: no more memory), at most twice the initial one. May not
  /// allocate on this heap.
  std::function<std::size_t(std::size_t current, std::size_t initial)> near_limit;
};

}  // namespace heaplab
