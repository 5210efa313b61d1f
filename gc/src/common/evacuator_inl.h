// SPDX-License-Identifier: MIT
#pragma once

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "common/evacuator.h"

namespace heaplab::gc {

template <Outside outside>
inline Object* Evacuator<outside>::evacuate(Object* from) {
  const TypeLayout& layout = layouts_[from->type_id()];
  const std::size_t bytes = layout.object_bytes(*from);
  Object* to = nullptr;
  if (should_promote(from)) {
    to = promote(bytes, layout);
  } else if (static_cast<std::size_t>(limit_ - top_) >= bytes) [[likely]] {
    to = reinterpret_cast<Object*>(top_);
    top_ += bytes;
    copied_bytes_ += bytes;
  } else {
    to = copy_slow(bytes, layout);
  }
  copy(to, from, bytes);
  from->forward_to(to);
  if (observed_) [[unlikely]] {
    heap_.observe_move(from, to, bytes);
  }
  if (weak_.watching()) [[unlikely]] {
    weak_.found_alive(compress(from));
  }
  return to;
}

template <Outside outside>
inline Object* Evacuator<outside>::promote(std::size_t bytes, const TypeLayout& layout) {
  Object* to = old_space_->allocate(bytes);
  if (!to) out_of_address_space();
  promoted_bytes_ += bytes;
  if (layout.has_slots()) waiting_.push(to);
  return to;
}

template <Outside outside>
[[gnu::noinline]] Object* Evacuator<outside>::copy_slow(std::size_t bytes,
                                                        const TypeLayout& layout) {
  space_.set_top(top_);
  const CopySpace::Region region = space_.take_block();
  if (!region.top) {
    // Everything survived and the pool is empty: promoting early is always right.
    if (old_space_) return promote(bytes, layout);
    out_of_address_space();
  }
  top_ = region.top + bytes;
  limit_ = region.limit;
  copied_bytes_ += bytes;
  return reinterpret_cast<Object*>(region.top);
}

template <Outside outside>
void Evacuator<outside>::mark_large(RefBits bits) {
  Object* object = decompress(bits);
  if (!memory_.marks().test_and_set(object)) return;
  marked_bytes_ += layouts_[object->type_id()].object_bytes(*object);
  waiting_.push(bits);
  if (weak_.watching()) weak_.found_alive(bits);
}

// Scans copies until scan meets top; false if there was nothing to do.
template <Outside outside>
bool Evacuator<outside>::scan_copies() {
  bool any = false;
  while (scan_block_ < space_.current_count()) {
    const std::uint32_t block = space_.current()[scan_block_];
    if (!scan_) scan_ = space_.block_start(block);
    // The newest block's end is top_ and moves while we scan.
    const auto end = [&] {
      return scan_block_ + 1 == space_.current_count() ? top_ : space_.block_top(block);
    };
    while (scan_ < end()) {
      auto* object = reinterpret_cast<Object*>(scan_);
      const TypeLayout& layout = layouts_[object->type_id()];
      scan_ += layout.object_bytes(*object);
      visit_slots(object, layout, *this);
      any = true;
    }
    if (scan_block_ + 1 == space_.current_count()) return any;
    ++scan_block_;
    scan_ = nullptr;
  }
  return any;
}

template <Outside outside>
void Evacuator<outside>::scan_waiting() {
  PromotedSlots promoted{*this};
  while (!waiting_.empty()) {
    Object* object = decompress(waiting_.pop());
    const TypeLayout& layout = layouts_[object->type_id()];
    if constexpr (outside == Outside::is_large) {
      visit_slots(object, layout, *this);
    } else {
      visit_slots(object, layout, promoted);
    }
  }
}

template <Outside outside>
inline void Evacuator<outside>::update(std::uintptr_t tagged_slot) {
  void* slot = reinterpret_cast<void*>(tagged_slot & ~std::uintptr_t{3});
  RefBits target;
  if (tagged_slot & is_word) {
    auto* word = static_cast<std::uint64_t*>(slot);
    target = visit(compress_word(*word));
    *word = address_of(decompress(target));
  } else {
    auto* ref = static_cast<RefBits*>(slot);
    target = visit(*ref);
    *ref = target;
  }
  if (outside == Outside::is_old && (tagged_slot & host_is_old) && in_space(target)) {
    if (tagged_slot & is_word) {
      heap_.remembered().insert_word(static_cast<std::uint64_t*>(slot));
    } else {
      heap_.remembered().insert_ref(static_cast<RefBits*>(slot));
    }
  }
}

template <Outside outside>
bool Evacuator<outside>::flush_queue() {
  bool any = false;
  for (std::uintptr_t& entry : queue_) {
    const std::uintptr_t slot = std::exchange(entry, 0);
    if (!slot) continue;
    any = true;
    update(slot);
  }
  return any;
}

template <Outside outside>
void Evacuator<outside>::drain() {
  do {
    scan_waiting();
  } while (scan_copies() || !waiting_.empty() || flush_queue());
}

template <Outside outside>
void Evacuator<outside>::out_of_address_space() {
  std::fputs("heaplab: the heap's address range is exhausted in the middle of a collection\n",
             stderr);
  std::abort();
}

}  // namespace heaplab::gc
