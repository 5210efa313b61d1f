// SPDX-License-Identifier: MIT
#include "heaplab/heap/type.h"

#include <algorithm>
#include <stdexcept>

namespace heaplab {
namespace {

constexpr std::size_t slot_bytes(SlotKind kind) {
  return kind == SlotKind::ref || kind == SlotKind::weak_ref ? sizeof(RefBits) : sizeof(Word);
}
constexpr bool is_weak(SlotKind kind) {
  return kind == SlotKind::weak_ref || kind == SlotKind::weak_word;
}
constexpr bool is_weak(ElementKind kind) {
  return kind == ElementKind::weak_refs || kind == ElementKind::weak_words ||
         kind == ElementKind::ephemeron_words;
}

std::uint8_t element_shift(ElementKind kind) {
  switch (kind) {
    case ElementKind::none:
    case ElementKind::bytes:
      return 0;
    case ElementKind::bytes2:
      return 1;
    case ElementKind::bytes4:
    case ElementKind::refs:
    case ElementKind::weak_refs:
      return 2;
    case ElementKind::bytes8:
    case ElementKind::words:
    case ElementKind::weak_words:
      return 3;
    case ElementKind::ephemeron_words:
      return 4;
  }
  return 0;
}

[[noreturn]] void reject(const TypeDescriptor& descriptor, const char* what) {
  throw std::invalid_argument("type '" + descriptor.name + "': " + what);
}

void check_run(const TypeDescriptor& descriptor, const SlotRun& run) {
  const std::size_t size = slot_bytes(run.kind);
  if (run.offset % size != 0) reject(descriptor, "a slot run is not aligned to its slots");
  if (run.offset < sizeof(Object)) reject(descriptor, "a slot run overlaps the header");
  if (run.offset + run.count * size > descriptor.fixed_bytes) {
    reject(descriptor, "a slot run ends after fixed_bytes");
  }
}

}  // namespace

TypeLayout make_layout(const TypeDescriptor& descriptor) {
  const bool variable = descriptor.elements != ElementKind::none;
  if (descriptor.fixed_bytes % granule_bytes != 0) {
    reject(descriptor, "fixed_bytes is not a multiple of 8");
  }
  if (descriptor.fixed_bytes < (variable ? sizeof(Object) : minimum_object_bytes)) {
    reject(descriptor, "fixed_bytes is too small");
  }
  if (descriptor.fixed_bytes > UINT16_MAX) reject(descriptor, "fixed_bytes exceeds 65535");
  if (descriptor.runs.size() > TypeDescriptor::max_runs) reject(descriptor, "too many slot runs");

  TypeLayout layout;
  layout.fixed_bytes = descriptor.fixed_bytes;
  layout.elements = descriptor.elements;
  layout.element_shift = element_shift(descriptor.elements);
  layout.has_weak = is_weak(descriptor.elements);

  std::vector<SlotRun> runs = descriptor.runs;
  std::erase_if(runs, [](const SlotRun& run) { return run.count == 0; });
  std::sort(runs.begin(), runs.end(),
            [](const SlotRun& a, const SlotRun& b) { return a.offset < b.offset; });
  std::size_t end = 0;
  for (const SlotRun& run : runs) {
    check_run(descriptor, run);
    if (run.offset < end) reject(descriptor, "slot runs overlap");
    end = run.offset + run.count * slot_bytes(run.kind);
    layout.has_weak |= is_weak(run.kind);
    layout.runs[layout.run_count++] = run;
  }
  return layout;
}

}  // namespace heaplab
