// SPDX-License-Identifier: MIT
#pragma once

#include <boost/container/vector.hpp>
#include <unordered_map>

#include "heaplab/heap/heap.h"
#include "heaplab/heap/visit.h"

// Weak slots and ephemerons, the same for every tracer.
//
// A tracer reports each object with a weak part once (add_host). When its worklist is empty:
//
//   resolve_ephemerons   for every pair (k, v) of every live table: k is alive -> trace v;
//                        otherwise v waits for k in `waiting`. From then on the tracer reports
//                        every object it finds alive (found_alive), which releases what waits for
//                        it. What was released is traced from a loop, not from found_alive: a
//                        chain of ephemerons must not become a chain of C++ calls.
//   clear_dead           weak slots of dead objects, and pairs whose key is dead, are cleared;
//                        survivors' slots are updated to where they are now.
//
// Each pair is looked at once and each waiting value released once: linear, unlike the fixpoint
// over all tables (Hayes 1997), on chains of ephemerons of any length.
//
// A tracer provides
//   Object* survivor(Object*)      the object's address now, null if not (yet) found alive
//   void word(std::uint64_t*)      trace one strong slot
//   void drain()                   trace until its worklist is empty
//   bool still_young(Object*)      generational tracers: the survivor is young

namespace heaplab::gc {

template <class Tracer>
class WeakProcessing {
 public:
  WeakProcessing(Heap& heap, Tracer& tracer) : heap_(heap), tracer_(tracer) {}

  void add_host(Object* host) { hosts_.push_back(host); }
  bool watching() const { return !waiting_.empty(); }

  void resolve_ephemerons() {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      Object* host = hosts_[i];
      const TypeLayout& layout = heap_.layout(host->type_id());
      if (layout.elements != ElementKind::ephemeron_words) continue;
      Resolver resolver{*this};
      visit_weak_slots(host, layout, resolver);
      trace_released();
    }
  }

  /// `object` (by the address its referrers still use) was just found alive.
  /// Rare, and called from the innermost loops: not inlined there.
  [[gnu::noinline]] void found_alive(RefBits object) {
    auto [first, last] = waiting_.equal_range(object);
    for (auto it = first; it != last; ++it) released_.push_back(it->second);
    waiting_.erase(first, last);
  }

  void clear_dead() {
    for (Object* host : hosts_) {
      const TypeLayout& layout = heap_.layout(host->type_id());
      Clearer clearer{*this};
      visit_weak_slots(host, layout, clearer);
      if (clearer.cleared && heap_.type_of(*host).notify_cleared) heap_.cleared().push_back(host);
      remember(host, clearer.refers_to_young);
    }
  }

 private:
  struct Resolver {
    WeakProcessing& self;
    void weak_ref(RefBits*) {}
    void weak_word(std::uint64_t*) {}
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      if (!Word::is_reference(*value)) return;
      if (!Word::is_reference(*key) || self.tracer_.survivor(Word(*key).object())) {
        self.tracer_.word(value);
      } else {
        self.waiting_.emplace(compress(Word(*key).object()), value);
      }
    }
  };

  struct Clearer {
    WeakProcessing& self;
    bool cleared = false;
    bool refers_to_young = false;

    Object* update(Object* target) {
      Object* survivor = self.tracer_.survivor(target);
      cleared |= survivor == nullptr;
      refers_to_young |= survivor && self.heap_.is_young(survivor);
      return survivor;
    }
    void weak_ref(RefBits* slot) {
      if (*slot) *slot = compress(update(decompress(*slot)));
    }
    void weak_word(std::uint64_t* slot) {
      if (!Word::is_reference(*slot)) return;
      Object* survivor = update(Word(*slot).object());
      *slot = survivor ? Word(survivor).bits() : Word::cleared().bits();
    }
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      if (Word::is_reference(*key)) {
        weak_word(key);
        if (*key == Word::cleared().bits()) *value = Word::cleared().bits();
      }
      // The value was traced as a strong slot and is up to date.
      if (Word::is_reference(*value)) refers_to_young |= self.heap_.is_young(Word(*value).object());
    }
  };

  void trace_released() {
    tracer_.drain();
    while (!released_.empty()) {
      std::uint64_t* value = released_.back();
      released_.pop_back();
      tracer_.word(value);
      if (released_.empty()) tracer_.drain();
    }
  }

  // Old hosts of weak references to young objects are what the next scavenge has to look at.
  void remember(Object* host, bool refers_to_young) {
    const bool listed = refers_to_young && !heap_.is_young(host);
    const std::uint64_t flag = Object::weak_remembered_flag;
    host->set_header(listed ? host->header() | flag : host->header() & ~flag);
    if (listed) heap_.remembered_weak_hosts().push_back(host);
  }

  Heap& heap_;
  Tracer& tracer_;
  boost::container::vector<Object*> hosts_;
  std::unordered_multimap<RefBits, std::uint64_t*> waiting_;
  boost::container::vector<std::uint64_t*> released_;  ///< values whose key was found alive
};

}  // namespace heaplab::gc
