// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "heaplab/heap/object.h"

namespace heaplab {

/// When the program last used each object. A recorder owns it and keeps it in step with the objects
/// that move; a language that knows when objects are used marks them: one store.
///
/// One cell for every 16 bytes of the cage, for no two objects start in the same 16.
struct AccessTable {
  static constexpr std::size_t cell_bytes = minimum_object_bytes;
  struct Cell {
    std::uint32_t last_use;
    std::uint32_t note;  ///< what the owner knows of the object until it is written; 0: nothing
  };

  Cell* cells = nullptr;
  std::uint32_t now = 0;  ///< the owner's clock, in the owner's unit

  Cell& of(const Object* object) const {
    return cells[(address_of(object) - cage_base) / cell_bytes];
  }
  void touch(const Object* object) { of(object).last_use = now; }
  void touch_for_write(const Object* object) { of(object) = {now, 0}; }
};

}  // namespace heaplab
