// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "heaplab/heap/object.h"

namespace heaplab::interp {

/// One remembered outcome of a property access: "an object of shape S has it there".
///
/// Shapes are held weakly: after a collection the Runtime updates or drops them. Nothing else is
/// held; a property found on a prototype is reached through the shape (`depth` prototypes up),
/// which stays right while Runtime::prototype_epoch() is what it was: every change to the named
/// properties of an object that serves as prototype gives a new epoch.
struct CacheEntry {
  /// No shape. Not 0, which is what strings and symbols have where objects have their shape.
  static constexpr RefBits no_shape = 1;

  RefBits shape = no_shape;
  RefBits new_shape = 0;  ///< adding a property: the object's shape afterwards
  std::uint32_t epoch = 0;
  std::uint16_t offset = 0;  ///< bytes from the start of the object or of its properties array
  std::uint8_t depth = 0;    ///< 0: own property
  std::uint8_t kind = 0;     ///< CacheKind
};
static_assert(sizeof(CacheEntry) == 16);

enum class CacheKind : std::uint8_t {
  inline_slot,   ///< the value is in the holder itself
  outside_slot,  ///< ... in its properties array
  getter_inline,
  getter_outside,
  absent,  ///< no such property (epoch-checked): undefined
  array_length,
  add_inline,  ///< SetNamed adds the property: new_shape
  add_outside,
};

/// An access site: the latest outcome first, up to three older ones behind it.
struct InlineCache {
  static constexpr unsigned more_count = 3;
  CacheEntry first;
  std::unique_ptr<CacheEntry[]> more;  ///< more_count entries, or null
};

}  // namespace heaplab::interp
