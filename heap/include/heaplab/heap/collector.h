// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "heaplab/heap/events.h"
#include "heaplab/heap/heap_memory.h"
#include "heaplab/heap/object.h"
#include "heaplab/heap/roots.h"

namespace heaplab {

/// One space, as v8.getHeapSpaceStatistics() reports it. Bytes.
struct SpaceStatistics {
  std::string_view name;        ///< "new_space", "old_space", "large_object_space"
  std::uint64_t size = 0;       ///< committed
  std::uint64_t used = 0;       ///< in objects
  std::uint64_t available = 0;  ///< free within size
  std::uint64_t physical = 0;   ///< touched
};

/// A plan: the spaces of a heap and what is done to them. One per heap; see gc/ for the three that
/// exist and CONTRIBUTING.md for how to add one.
class Collector {
 public:
  virtual ~Collector() = default;

  /// Room for one object after the bump region was exhausted; may collect. The region
  /// [Heap::top, Heap::limit) may be replaced. `bytes` is a multiple of 8. Large objects come here
  /// too. Throws OutOfMemory.
  virtual Object* allocate_slow(std::size_t bytes) = 0;
  /// Room in the space where long-lived objects live; may collect. Throws OutOfMemory.
  virtual Object* allocate_old(std::size_t bytes) = 0;

  /// `kind` is a wish: plans without generations always collect everything.
  virtual void collect(CollectionKind kind, CollectionReason reason) = 0;
  /// Move everything that can move, promote nothing if that can be avoided.
  virtual void stress_move() = 0;

  virtual HeapSizes sizes() const = 0;
  virtual std::vector<SpaceStatistics> spaces() const = 0;
  /// The address range this plan manages.
  virtual const HeapMemory& memory() const = 0;
  /// The current limit at which a major collection starts.
  virtual std::uint64_t old_limit() const = 0;
  /// The hard limit of live data; rises if the near-limit callback says so.
  virtual std::uint64_t hard_limit() const = 0;
  /// Capacity of one semispace; 0 for plans without one.
  virtual std::uint64_t semi_space_capacity() const = 0;
  /// Heap::external_bytes() grew; may collect.
  virtual void external_grew() = 0;
};

}  // namespace heaplab
