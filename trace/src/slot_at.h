// SPDX-License-Identifier: MIT
#pragma once

#include "contexts.h"
#include "heaplab/heap/type.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

inline bool is_ref(SlotKind kind) { return kind == SlotKind::ref || kind == SlotKind::weak_ref; }
inline bool is_weak(SlotKind kind) {
  return kind == SlotKind::weak_ref || kind == SlotKind::weak_word;
}

/// The slot so many bytes from an object's start.
inline Slot slot_at(const TypeLayout& layout, std::size_t offset) {
  Slot slot;
  if (layout.is_variable() && offset >= layout.fixed_bytes) {
    const std::size_t element = offset - layout.fixed_bytes;
    const ElementKind kind = layout.elements;
    slot.index = static_cast<std::uint32_t>(element >> layout.element_shift);
    slot.in_elements = true;
    slot.is_value = kind == ElementKind::ephemeron_words && (element & 8) != 0;
    slot.is_weak = kind == ElementKind::weak_refs || kind == ElementKind::weak_words ||
                   (kind == ElementKind::ephemeron_words && (element & 8) == 0);
    return slot;
  }
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    const std::size_t bytes = is_ref(run.kind) ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
    if (offset >= run.offset && offset < run.offset + run.count * bytes) {
      slot.index += static_cast<std::uint32_t>((offset - run.offset) / bytes);
      slot.is_weak = is_weak(run.kind);
      return slot;
    }
    slot.index += run.count;
  }
  return slot;
}

}  // namespace heaplab::trace
