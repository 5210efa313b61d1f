// SPDX-License-Identifier: MIT
// mimalloc with every object freed by hand, at the moment it dies.
#pragma once

#include <mimalloc.h>

#include <new>

namespace memory {

inline void start() {}

template <typename T, typename... Args>
T* make(Args... args) {
  return new (mi_malloc(sizeof(T))) T{args...};
}

template <typename T>
T* make_array(size_t length) {
  return static_cast<T*>(mi_calloc(length, sizeof(T)));
}

inline constexpr bool kFreesByHand = true;
inline void release(void* object) { mi_free(object); }

struct Scope {
  Scope() {}  // user-provided, so that an unused Scope is not a warning
};

inline void finish() {}

}  // namespace memory
