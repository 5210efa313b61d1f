// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cassert>

#include "replay/program.h"

namespace heaplab::trace {
namespace {

std::uint64_t round_up(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }

bool is_many(std::uint32_t slots) { return slots > ShapeLayout::most_fixed_slots; }

/// What the elements are, and of how many bytes each.
struct Elements {
  ElementKind kind;
  std::uint32_t bytes;
};
Elements elements_of(const ReplayShape& shape) {
  if (shape.pairs > 0) return {ElementKind::ephemeron_words, 16};
  if (is_many(shape.strong)) return {ElementKind::refs, 4};
  if (is_many(shape.weak)) return {ElementKind::weak_refs, 4};
  return {ElementKind::bytes8, 8};
}

}  // namespace

bool can_lay_out(const ReplayShape& shape) {
  const int many =
      (is_many(shape.strong) ? 1 : 0) + (is_many(shape.weak) ? 1 : 0) + (shape.pairs > 0 ? 1 : 0);
  return many <= 1;
}

ShapeLayout lay_out(const ReplayShape& shape) {
  assert(can_lay_out(shape) && "a shape with two large kinds of slots");
  const Elements elements = elements_of(shape);
  ShapeLayout layout;
  std::uint32_t end = sizeof(Object);
  const auto add_run = [&](std::uint32_t count, SlotKind kind, std::uint32_t& offset) {
    offset = end;
    if (count == 0 || is_many(count)) return;
    layout.type.runs.push_back(
        {static_cast<std::uint16_t>(end), static_cast<std::uint16_t>(count), kind});
    end += count * static_cast<std::uint32_t>(sizeof(RefBits));
  };
  add_run(shape.strong, SlotKind::ref, layout.strong_offset);
  add_run(shape.weak, SlotKind::weak_ref, layout.weak_offset);
  const auto fixed = static_cast<std::uint32_t>(round_up(end));
  if (is_many(shape.strong)) layout.strong_offset = fixed;
  if (is_many(shape.weak)) layout.weak_offset = fixed;
  layout.pair_offset = fixed;
  layout.type.fixed_bytes = fixed;
  layout.type.elements = elements.kind;
  const std::uint64_t rest = shape.bytes > fixed ? shape.bytes - fixed : 0;
  const std::uint64_t needed =
      std::max<std::uint64_t>({shape.pairs, is_many(shape.strong) ? shape.strong : 0,
                               is_many(shape.weak) ? shape.weak : 0});
  layout.length = static_cast<std::uint32_t>(
      std::max<std::uint64_t>(needed, (rest + elements.bytes - 1) / elements.bytes));
  layout.bytes = std::max<std::uint64_t>(
      round_up(fixed + std::uint64_t{layout.length} * elements.bytes), minimum_object_bytes);
  return layout;
}

}  // namespace heaplab::trace
