// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include "heaplab/interp/runtime.h"

namespace heaplab::interp::builtins {

/// process.memoryUsage(): bytes.
struct MemoryUsage {
  std::uint64_t rss = 0;
  std::uint64_t heap_total = 0;
  std::uint64_t heap_used = 0;
  std::uint64_t external = 0;
  std::uint64_t array_buffers = 0;
};
MemoryUsage memory_usage(Runtime& runtime);
/// From the system; never collects.
std::uint64_t resident_bytes();

/// Appends the bytes of a typed array, Buffer or DataView; false if it is none. Never collects.
bool append_bytes(Value value, std::string* out);

}  // namespace heaplab::interp::builtins
