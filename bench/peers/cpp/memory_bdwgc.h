// SPDX-License-Identifier: MIT
// The Boehm-Demers-Weiser conservative collector. Pauses are the collector's own start and end
// events.
#pragma once

#include <gc.h>

#include <chrono>
#include <new>
#include <type_traits>

#include "../../common/workload.h"

namespace memory {

using Clock = std::chrono::steady_clock;
inline Clock::time_point collection_start;
inline double longest_pause_ms = 0;

inline void on_event(GC_EventType event) {
  if (event == GC_EVENT_START) collection_start = Clock::now();
  if (event != GC_EVENT_END) return;
  const std::chrono::duration<double, std::milli> pause = Clock::now() - collection_start;
  if (pause.count() > longest_pause_ms) longest_pause_ms = pause.count();
}

inline void start() {
  GC_INIT();
  GC_set_on_collection_event(on_event);
}

// A type says `kHoldsReferences = false` and is then allocated where the marker need not look.
template <typename T, typename... Args>
T* make(Args... args) {
  void* place = T::kHoldsReferences ? GC_MALLOC(sizeof(T)) : GC_MALLOC_ATOMIC(sizeof(T));
  return new (place) T{args...};
}

template <typename T>
T* make_array(size_t length) {
  if constexpr (std::is_pointer_v<T>) {
    return static_cast<T*>(GC_MALLOC_IGNORE_OFF_PAGE(length * sizeof(T)));
  } else {
    T* array = static_cast<T*>(GC_MALLOC_ATOMIC_IGNORE_OFF_PAGE(length * sizeof(T)));
    for (size_t i = 0; i < length; ++i) array[i] = T{};
    return array;
  }
}

inline constexpr bool kFreesByHand = false;
inline void release(void*) {}

struct Scope {
  Scope() {}  // user-provided, so that an unused Scope is not a warning
};

inline void finish() {
  bench::print_measurement("collections", static_cast<double>(GC_get_gc_no()));
  bench::print_measurement("longest_pause_ms", longest_pause_ms);
}

}  // namespace memory
