// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/object.h"
#include "heaplab/heap/type.h"

// The one enumeration of an object's outgoing slots. A visitor is any object with
//   void ref(RefBits* slot)           a strong 4-byte slot (may be null)
//   void word(std::uint64_t* slot)    a strong 8-byte slot (may be anything)
//   void weak_part(Object*)           called once if the object has weak slots or ephemerons; those
//                                     are then visited with visit_weak_slots
// The functions are templates so that each collector gets its own loop without an indirect call.

namespace heaplab {

template <class Visitor>
inline void visit_run(std::byte* start, SlotKind kind, std::size_t count, Visitor& visitor) {
  if (kind == SlotKind::ref) {
    auto* slot = reinterpret_cast<RefBits*>(start);
    for (auto* end = slot + count; slot != end; ++slot) visitor.ref(slot);
  } else if (kind == SlotKind::word) {
    auto* slot = reinterpret_cast<std::uint64_t*>(start);
    for (auto* end = slot + count; slot != end; ++slot) visitor.word(slot);
  }
}

/// Strong slots in address order, then weak_part() if there is one.
template <class Visitor>
inline void visit_slots(Object* object, const TypeLayout& layout, Visitor& visitor) {
  std::byte* start = object->bytes();
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    visit_run(start + run.offset, run.kind, run.count, visitor);
  }
  if (layout.elements == ElementKind::words) {
    visit_run(start + layout.fixed_bytes, SlotKind::word, object->length(), visitor);
  } else if (layout.elements == ElementKind::refs) {
    visit_run(start + layout.fixed_bytes, SlotKind::ref, object->length(), visitor);
  }
  if (layout.has_weak) [[unlikely]] {
    visitor.weak_part(object);
  }
}

/// The weak slots and ephemerons of an object. A visitor has
///   void weak_ref(RefBits*), void weak_word(std::uint64_t*),
///   void ephemeron(std::uint64_t* key, std::uint64_t* value).
template <class Visitor>
inline void visit_weak_slots(Object* object, const TypeLayout& layout, Visitor& visitor) {
  std::byte* start = object->bytes();
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    for (unsigned k = 0; k < run.count; ++k) {
      if (run.kind == SlotKind::weak_ref) {
        visitor.weak_ref(reinterpret_cast<RefBits*>(start + run.offset) + k);
      } else if (run.kind == SlotKind::weak_word) {
        visitor.weak_word(reinterpret_cast<std::uint64_t*>(start + run.offset) + k);
      }
    }
  }
  std::byte* elements = start + layout.fixed_bytes;
  const std::size_t length = layout.is_variable() ? object->length() : 0;
  if (layout.elements == ElementKind::weak_refs) {
    for (std::size_t i = 0; i < length; ++i) {
      visitor.weak_ref(reinterpret_cast<RefBits*>(elements) + i);
    }
  } else if (layout.elements == ElementKind::weak_words) {
    for (std::size_t i = 0; i < length; ++i) {
      visitor.weak_word(reinterpret_cast<std::uint64_t*>(elements) + i);
    }
  } else if (layout.elements == ElementKind::ephemeron_words) {
    auto* words = reinterpret_cast<std::uint64_t*>(elements);
    for (std::size_t i = 0; i < length; ++i) visitor.ephemeron(words + 2 * i, words + 2 * i + 1);
  }
}

}  // namespace heaplab
