// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/heap/object.h"

namespace heaplab {

/// When the program last used each object. A recorder owns it and keeps it in step with the objects
/// that move; a language that knows when objects are used marks them: one store.
///
/// One number for every 16 bytes of the cage, for no two objects start in the same 16.
struct AccessTable {
  static constexpr std::size_t cell_bytes = minimum_object_bytes;

  std::uint32_t* last_use = nullptr;
  std::uint32_t now = 0;  ///< the owner's clock, in the owner's unit

  static std::size_t cell(const Object* object) {
    return (address_of(object) - cage_base) / cell_bytes;
  }
  void touch(const Object* object) { last_use[cell(object)] = now; }
};

}  // namespace heaplab
