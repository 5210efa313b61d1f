// SPDX-License-Identifier: MIT
#pragma once

#include "common/growth_policy.h"
#include "heaplab/heap/heap.h"
#include "heaplab/heap/large_space.h"
#include "heaplab/heap/old_space.h"
#include "heaplab/heap/verify.h"

namespace heaplab::gc {

/// What all plans share: memory, large objects, limits, and the frame around a collection (events,
/// verification, finalizers).
class PlanBase : public Collector {
 public:
  const HeapMemory& memory() const override { return memory_; }
  std::uint64_t old_limit() const override { return policy_.limit(); }
  std::uint64_t hard_limit() const override { return policy_.hard_limit(); }
  void external_grew() override;

 protected:
  PlanBase(Heap& heap, const HeapOptions& options)
      : heap_(heap), options_(options), large_(memory_), policy_(options) {}

  /// Adds the time until its destruction to one phase of an event.
  class PhaseTimer {
   public:
    PhaseTimer(const Heap& heap, CollectionEvent& event, Phase phase)
        : heap_(heap),
          total_(event.phase_ns[static_cast<std::size_t>(phase)]),
          start_(heap.now_ns()) {}
    ~PhaseTimer() { total_ += heap_.now_ns() - start_; }
    PhaseTimer(const PhaseTimer&) = delete;
    PhaseTimer& operator=(const PhaseTimer&) = delete;

   private:
    const Heap& heap_;
    std::uint64_t& total_;
    std::uint64_t start_;
  };

  /// Runs `body(event)` as one collection.
  template <class Body>
  void run_collection(CollectionKind kind, CollectionReason reason, std::string_view name,
                      std::string_view collector_reason, Body&& body) {
    const HeapDigest digest = verify_before();
    CollectionEvent event;
    event.kind = kind;
    event.reason = reason;
    event.collector = name;
    event.collector_reason = collector_reason;
    heap_.begin_collection(event);
    body(event);
    finish_event(event);
    verify_after(kind, digest);
    heap_.run_finalizers();
    if (kind == CollectionKind::major) update_external_limit();
  }

  /// Roots, trace and ephemerons with any tracer.
  template <class Tracer>
  void trace_with(CollectionEvent& event, Tracer& tracer) {
    {
      PhaseTimer timer(heap_, event, Phase::roots);
      heap_.visit_roots(tracer);
    }
    {
      PhaseTimer timer(heap_, event, Phase::trace);
      tracer.drain();
    }
    PhaseTimer timer(heap_, event, Phase::ephemerons);
    tracer.resolve_ephemerons();
  }
  /// Weak slots, finalizers and weak tables, once tracing has ended.
  template <class Tracer>
  void process_weak(CollectionEvent& event, Tracer& tracer) {
    PhaseTimer timer(heap_, event, Phase::weak);
    tracer.clear_dead();
    event.external_ns += heap_.process_weak_roots(tracer);
  }
  /// Marks everything reachable in `old_space` and among the large objects.
  void run_marking(CollectionEvent& event, OldSpace& old_space);
  /// Empty blocks worth keeping after a collection: none if somebody asked for it, otherwise what
  /// the program will fill again before the next one.
  std::size_t spare_blocks(const CollectionEvent& event) const;
  static SpaceStatistics space_row(std::string_view name, std::uint64_t size, std::uint64_t used) {
    return {name, size, used, size > used ? size - used : 0, size};
  }

  /// Live data that counts against the limits.
  virtual std::uint64_t limited_bytes() const = 0;
  /// Blocks that a collection may need while it runs; fewer free ones count as out of memory.
  virtual std::size_t reserve_blocks() const { return 0; }

  /// For plans without an old space of their own: an ordinary allocation that uses the rest of the
  /// region first.
  Object* allocate_in_region(std::size_t bytes);
  /// Room for one large object: collects when the limit is reached. Throws OutOfMemory.
  Object* allocate_large(std::size_t bytes);
  /// Makes sure `bytes` more are within the hard limit, collecting if not. Throws OutOfMemory.
  void ensure_room(std::size_t bytes) { ensure_room(bytes, bytes); }
  /// The same for room of another size than the object that needs it: `requested` is reported.
  void ensure_room(std::size_t bytes, std::size_t requested);
  /// Tells the policy about a major collection.
  void update_limits(const CollectionEvent& event, std::uint64_t new_space_capacity);
  /// Asks the embedder's callback for more; true if the limit rose.
  bool raise_limit();

  Heap& heap_;
  const HeapOptions& options_;
  HeapMemory memory_;
  LargeSpace large_;
  GrowthPolicy policy_;

 private:
  bool over_limit(std::size_t bytes) const;
  HeapDigest verify_before();
  void verify_after(CollectionKind kind, const HeapDigest& before);
  void finish_event(CollectionEvent& event);
  void update_external_limit();

  std::uint64_t external_limit_ = 64 * MiB;
  std::uint64_t last_major_end_ns_ = 0;
  std::uint64_t last_end_ns_[2] = {};
  std::uint64_t live_after_major_ = 0;
  unsigned crowded_majors_ = 0;  ///< consecutive majors that left hardly any room
  double average_utilization_ = 1.0;
  bool had_major_ = false;
};

}  // namespace heaplab::gc
