// SPDX-License-Identifier: MIT
// No collector at all: a pointer that moves up, and scopes that move it back. This is the limit a
// collector is measured against: it knows every lifetime in advance and pays nothing to find it.
// Workloads whose deaths are not scoped (churn) simply never get memory back.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>

namespace memory {

inline char* top = nullptr;
inline char* limit = nullptr;

inline void start() {
  constexpr size_t kReserved = size_t{1} << 36;  // address space; pages are committed when touched
  void* base = mmap(nullptr, kReserved, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (base == MAP_FAILED) {
    std::perror("mmap");
    std::exit(1);
  }
  top = static_cast<char*>(base);
  limit = top + kReserved;
}

inline void* allocate(size_t bytes) {
  char* result = top;
  if (static_cast<size_t>(limit - result) < bytes) std::abort();
  top = result + bytes;
  return result;
}

template <typename T, typename... Args>
T* make(Args... args) {
  return new (allocate(sizeof(T))) T{args...};
}

template <typename T>
T* make_array(size_t length) {
  return static_cast<T*>(allocate(length * sizeof(T)));  // fresh pages are zero
}

inline constexpr bool kFreesByHand = false;
inline void release(void*) {}

class Scope {
 public:
  Scope() : saved_(top) {}
  ~Scope() { top = saved_; }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  char* saved_;
};

inline void finish() {}

}  // namespace memory
