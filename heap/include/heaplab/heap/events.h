// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/heap/object.h"

// The one event stream. `--trace-gc`, JSON lines, perf_hooks, statistics, recordings and notebooks
// are all listeners; the heap knows none of them. Times are nanoseconds of the monotonic clock
// since the heap was made. A listener may not allocate on the heap or collect, except in
// on_near_limit.

namespace heaplab {

class Heap;

enum class CollectionKind : std::uint8_t { minor, major };

enum class CollectionReason : std::uint8_t {
  allocation_failure,  ///< the nursery is full
  old_space_limit,     ///< old space and large objects reached their limit
  external_memory,     ///< off-heap bytes grew past their limit
  requested,           ///< Heap::collect, gc() in a script
  stress,              ///< --stress-gc, --stress-move
  last_resort          ///< an allocation failed after an ordinary collection
};
std::string_view to_string(CollectionKind kind);
/// V8's words where V8 has the reason: "allocation failure", "testing", …
std::string_view to_string(CollectionReason reason);

/// Byte counts of a heap at one moment. All in bytes.
struct HeapSizes {
  std::uint64_t used = 0;       ///< in objects, dead ones not yet collected included: heapUsed
  std::uint64_t committed = 0;  ///< sum of the spaces' sizes: heapTotal
  std::uint64_t external = 0;   ///< off-heap bytes owned by objects
  std::uint64_t young_used = 0;
  std::uint64_t old_used = 0;  ///< old space and large objects
  std::uint64_t large_used = 0;
};

enum class Phase : std::uint8_t {
  roots,
  remembered,
  trace,
  ephemerons,
  weak,
  evacuate,
  sweep,
  verify
};
inline constexpr std::size_t phase_count = 8;
std::string_view to_string(Phase phase);

struct CollectionEvent {
  std::uint64_t number = 0;  ///< 1 for the heap's first collection
  CollectionKind kind = CollectionKind::minor;
  CollectionReason reason = CollectionReason::requested;
  std::string_view collector;         ///< "Scavenge", "Mark-Sweep", "Semispace-Copy", …
  std::string_view collector_reason;  ///< why this kind, V8's second reason; may be empty
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;       ///< 0 in on_collection_start
  std::uint64_t external_ns = 0;  ///< spent in weak-root providers and other callbacks
  std::uint64_t phase_ns[phase_count] = {};
  HeapSizes before;
  HeapSizes after;
  std::uint64_t copied_bytes = 0;  ///< moved within the young space
  std::uint64_t promoted_bytes = 0;
  std::uint64_t marked_bytes = 0;            ///< live bytes that a marker found
  std::uint64_t freed_bytes = 0;             ///< dead bytes discovered
  std::uint64_t allocated_bytes = 0;         ///< the heap's bytes clock at the start
  double mutator_utilization = 1.0;          ///< average, as V8's "average mu"
  double current_mutator_utilization = 1.0;  ///< since the previous collection of this kind
};

/// Growth, limits and failures.
struct LimitEvent {
  enum class Kind : std::uint8_t {
    semi_space_resized,
    old_limit_changed,
    near_limit,
    out_of_memory
  };
  Kind kind;
  std::uint64_t old_value = 0;  ///< bytes
  std::uint64_t new_value = 0;  ///< bytes
};

/// Listens to collections. Every method has an empty default.
class HeapListener {
 public:
  virtual ~HeapListener() = default;
  virtual void on_collection_start(const Heap&, const CollectionEvent&) {}
  virtual void on_collection_end(const Heap&, const CollectionEvent&) {}
  virtual void on_limit(const Heap&, const LimitEvent&) {}
};

/// Sees every object: what a recorder or a profiler needs. While one is attached, every allocation
/// and most barriered stores take the slow path; attach none in production.
///
/// Stores into the newest object are not announced, whether through a barrier or not, until the
/// next allocation or collection begins, or until Heap::seal_newest: an observer that wants to know
/// what the object began with looks at it then.
class ObjectObserver {
 public:
  virtual ~ObjectObserver() = default;
  /// The object's header is set and its fields are zero. May not allocate on the heap.
  virtual void on_allocate(Object* /*object*/, std::size_t /*bytes*/) {}
  /// Before a store into a strong slot of `host`. A value that is no reference is null here.
  virtual void on_write(Object* /*host*/, const void* /*slot*/, Object* /*old_value*/,
                        Object* /*value*/) {}
  /// Before a store into a weak slot or an ephemeron of `host`.
  virtual void on_weak_write(Object* /*host*/, const void* /*slot*/, Object* /*old_value*/,
                             Object* /*value*/) {}
  /// A collection moved an object; both addresses are valid until on_collection_end.
  virtual void on_move(Object* /*from*/, Object* /*to*/, std::size_t /*bytes*/) {}
  /// A collection found objects of one block dead: bit i of word w stands for the object that
  /// started at block + (64 w + i) * granule_bytes. What they held may be gone already. Called
  /// before on_collection_end.
  virtual void on_deaths(std::byte* /*block*/, std::span<const std::uint64_t> /*starts*/) {}
};

/// Calls visit(Object*) for each bit of on_deaths, in address order.
template <class Visit>
void for_each_start(std::byte* block, std::span<const std::uint64_t> starts, Visit&& visit) {
  for (std::size_t i = 0; i < starts.size(); ++i) {
    for (std::uint64_t rest = starts[i]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::size_t>(__builtin_ctzll(rest));
      visit(reinterpret_cast<Object*>(block + (i * 64 + bit) * granule_bytes));
    }
  }
}

}  // namespace heaplab
