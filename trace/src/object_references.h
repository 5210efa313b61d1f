// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "slot_at.h"

namespace heaplab::trace {

/// Calls visit(code, RefBits) for every reference in an object, strong or weak; code as slot_code
/// gives it. `object` may be a copy of one. Its slots are those of visit.h; here each comes with
/// its number, and that costs no search.
template <class Visit>
class ReferenceVisit {
 public:
  ReferenceVisit(const Object* object, const TypeLayout& layout, Visit& visit)
      : object_(object), layout_(layout), visit_(visit) {}

  void run() {
    std::uint64_t code = 0;
    for (unsigned i = 0; i < layout_.run_count; ++i) {
      const SlotRun& run = layout_.runs[i];
      const std::uint64_t flags = is_weak(run.kind) ? weak_flag : 0;
      if (is_ref(run.kind)) {
        refs(run.offset, run.count, code | flags);
      } else {
        words(run.offset, run.count, code | flags, sizeof(std::uint64_t));
      }
      code += run.count * next_index;
    }
    const std::size_t start = layout_.fixed_bytes;
    switch (layout_.elements) {
      case ElementKind::words:
        return words(start, object_->length(), element_flag, sizeof(std::uint64_t));
      case ElementKind::refs:
        return refs(start, object_->length(), element_flag);
      case ElementKind::weak_words:
        return words(start, object_->length(), element_flag | weak_flag, sizeof(std::uint64_t));
      case ElementKind::weak_refs:
        return refs(start, object_->length(), element_flag | weak_flag);
      case ElementKind::ephemeron_words:
        words(start, object_->length(), element_flag | weak_flag, pair_bytes);
        return words(start + pair_bytes / 2, object_->length(), element_flag | value_flag,
                     pair_bytes);
      default:
        return;
    }
  }

 private:
  static constexpr std::uint64_t value_flag = 1, element_flag = 2, weak_flag = 4, next_index = 8;
  static constexpr std::size_t pair_bytes = 2 * sizeof(std::uint64_t);

  template <class Number>
  Number number_at(std::size_t offset) const {
    return *reinterpret_cast<const Number*>(object_->bytes() + offset);
  }
  void refs(std::size_t offset, std::size_t count, std::uint64_t code) {
    for (; count != 0; --count, offset += sizeof(RefBits), code += next_index) {
      const auto target = number_at<RefBits>(offset);
      if (target != 0) visit_(code, target);
    }
  }
  void words(std::size_t offset, std::size_t count, std::uint64_t code, std::size_t step) {
    for (; count != 0; --count, offset += step, code += next_index) {
      const auto bits = number_at<std::uint64_t>(offset);
      if (Word::is_reference(bits)) visit_(code, compress(Word(bits).object()));
    }
  }

  const Object* object_;
  const TypeLayout& layout_;
  Visit& visit_;
};

template <class Visit>
void for_each_reference(const Object* object, const TypeLayout& layout, Visit visit) {
  ReferenceVisit<Visit>(object, layout, visit).run();
}

}  // namespace heaplab::trace
