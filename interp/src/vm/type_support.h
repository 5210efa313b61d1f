// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/type.h"
#include "heaplab/interp/object.h"

// Helpers to describe heap types: see heap_types.h.

namespace heaplab::interp {

/// Registers a type and checks that its id is the enum's.
void add_type(Heap& heap, HeapType type, const TypeDescriptor& descriptor);

/// The slots of the JSObject part: shape, properties, elements.
inline constexpr std::uint32_t jsobject_slot_count = 3;
/// A fixed-size object type; add the runs of your own fields.
TypeDescriptor jsobject_descriptor(const char* name, std::size_t bytes);
EdgeLabel jsobject_edge_label(const Object& object, SlotPosition position);
/// The name of the object's class: its prototype's constructor.
std::string jsobject_class_name(const Object& object);

}  // namespace heaplab::interp
