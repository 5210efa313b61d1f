// SPDX-License-Identifier: MIT
#pragma once

#include "contexts.h"
#include "heaplab/heap/type.h"
#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// A slot as the recording names it, and how to read it.
struct SlotAt {
  Slot slot;
  bool is_ref = false;   ///< a 4-byte Ref; otherwise an 8-byte Word
  bool is_slot = false;  ///< false: visit.h enumerates no slot there
};

inline bool is_ref(SlotKind kind) { return kind == SlotKind::ref || kind == SlotKind::weak_ref; }
inline bool is_weak(SlotKind kind) {
  return kind == SlotKind::weak_ref || kind == SlotKind::weak_word;
}

/// The slot so many bytes from an object's start.
inline SlotAt slot_at(const TypeLayout& layout, std::size_t offset) {
  SlotAt at;
  if (layout.is_variable() && offset >= layout.fixed_bytes) {
    const std::size_t element = offset - layout.fixed_bytes;
    const ElementKind kind = layout.elements;
    at.slot.index = static_cast<std::uint32_t>(element >> layout.element_shift);
    at.slot.in_elements = true;
    at.slot.is_value = kind == ElementKind::ephemeron_words && (element & 8) != 0;
    at.slot.is_weak = kind == ElementKind::weak_refs || kind == ElementKind::weak_words ||
                      (kind == ElementKind::ephemeron_words && (element & 8) == 0);
    at.is_ref = kind == ElementKind::refs || kind == ElementKind::weak_refs;
    at.is_slot = kind >= ElementKind::refs;
    return at;
  }
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    const std::size_t bytes = is_ref(run.kind) ? sizeof(std::uint32_t) : sizeof(std::uint64_t);
    if (offset >= run.offset && offset < run.offset + run.count * bytes) {
      at.slot.index += static_cast<std::uint32_t>((offset - run.offset) / bytes);
      at.slot.is_weak = is_weak(run.kind);
      at.is_ref = is_ref(run.kind);
      at.is_slot = true;
      return at;
    }
    at.slot.index += run.count;
  }
  return at;
}

}  // namespace heaplab::trace
