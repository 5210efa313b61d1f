// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>

#include "heaplab/trace/merlin.h"

namespace heaplab::trace {

/// Tells births and deaths by the bytes clock. Merlin tells deaths later than they were, in their
/// order, so births wait for the deaths that came after them.
class InOrder : public LifeVisitor {
 public:
  void on_birth(const Allocation& a) final { waiting_.push_back(a); }
  void on_life(const Life& life) final {
    if (life.survived()) return;
    bear_until(life.death_clock);
    died(life);
  }
  /// After the last life.
  void finish() { bear_until(~std::uint64_t{0}); }

 protected:
  virtual void born(const Allocation& a) = 0;
  virtual void died(const Life& life) = 0;

 private:
  /// What was born at `clock` itself came after what died then: births advance the clock.
  void bear_until(std::uint64_t clock) {
    while (!waiting_.empty() && (waiting_.front().clock < clock || waiting_.front().adopted)) {
      born(waiting_.front());
      waiting_.pop_front();
    }
  }

  std::deque<Allocation> waiting_;
};

/// Whether a recording that does not say when objects die lets it be computed. Learns what the
/// recording knows.
inline bool can_compute_deaths(RecordingSource& source) {
  source.learn();
  const Knowledge knows = source.knowledge();
  return knows.writes && knows.root_granularity != 0 && knows.sampling_bytes == 0 &&
         knows.deaths != Deaths::exact;
}

}  // namespace heaplab::trace
