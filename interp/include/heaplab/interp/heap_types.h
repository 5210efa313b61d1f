// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/object.h"

namespace heaplab {
class Heap;
}

namespace heaplab::interp {

/// Ids below are left to the heap itself; a Runtime makes its types' ids come out as the constants
/// here (and refuses a heap that already has other types in the way).
inline constexpr TypeId first_type_id = 16;

/// The interpreter's heap types: constants, not registered values, so that type tests in the hot
/// paths compare with an immediate.
enum class HeapType : TypeId {
  before_first = first_type_id - 1,
#define HEAP_TYPE(name) name,
#include "heaplab/interp/heap_types.def"
#undef HEAP_TYPE
  end
};

constexpr TypeId type_id(HeapType type) { return static_cast<TypeId>(type); }
inline HeapType heap_type(const Object* object) { return static_cast<HeapType>(object->type_id()); }
inline bool has_type(const Object* object, HeapType type) {
  return object->type_id() == type_id(type);
}
inline bool type_in(const Object* object, HeapType first, HeapType last) {
  return object->type_id() - type_id(first) <= type_id(last) - type_id(first);
}

/// Registers all types, so that their ids come out as the enum says. Called once by Runtime.
/// Throws std::logic_error if the heap has too many types already.
void register_types(Heap& heap);

// One part each, in this order: core, built-in internals, core objects, built-in objects.
void register_core_types(Heap& heap);
void register_core_object_types(Heap& heap);
void register_builtin_internal_types(Heap& heap);
void register_builtin_object_types(Heap& heap);

}  // namespace heaplab::interp
