// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace heaplab::inspector {

/// Asks for the cache line of `start[index]`, which need not exist.
template <typename T>
inline void prefetch(const T* start, std::size_t index) {
  const std::uintptr_t address = reinterpret_cast<std::uintptr_t>(start) + index * sizeof(T);
  __builtin_prefetch(reinterpret_cast<const void*>(address));
}

}  // namespace heaplab::inspector
