// SPDX-License-Identifier: MIT
#pragma once

#include <cstring>

#include "common/weak_processing.h"
#include "common/worklist.h"
#include "heaplab/heap/copy_space.h"
#include "heaplab/heap/heap.h"
#include "heaplab/heap/old_space.h"

// Copying collection (Cheney 1970) out of a CopySpace, after CopySpace::flip.
//
// Survivors go to fresh blocks of the space, or to the old space when they are to be promoted.
// Copies in the space are their own worklist: everything before `scan` is finished, everything from
// there to `top` still has slots into from-space. Promoted objects and marked large objects lie
// elsewhere and wait on an explicit stack.
//
// A slot is not updated when it is met but some slots later, when the prefetched header of its
// target has arrived: most of a scavenge is cache misses on those headers (compare Cher, Hosking &
// Vitek 2004, for marking).
//
//        current block(s)    | scanned | copied, not scanned | free |
//                                   scan ^               top ^

namespace heaplab::gc {

enum class Promotion : std::uint8_t {
  by_age,  ///< what survives its second collection
  all,     ///< everything: empties the space
  none     ///< nothing, as long as there is room to copy
};

/// What lies outside the copying space.
enum class Outside : std::uint8_t {
  is_old,   ///< old objects: alive, not looked at (a scavenge)
  is_large  ///< large objects: to be marked and traced as well (a full copying collection)
};

template <Outside outside>
class Evacuator final : public RootVisitor, public Liveness {
 public:
  /// `old_space` may be null if nothing is ever promoted.
  Evacuator(Heap& heap, HeapMemory& memory, CopySpace& space, OldSpace* old_space,
            Promotion promotion)
      : heap_(heap),
        memory_(memory),
        space_(space),
        old_space_(old_space),
        promotion_(promotion),
        layouts_(heap.layouts()),
        first_(compress(reinterpret_cast<Object*>(memory.base()))),
        count_(static_cast<RefBits>(memory.copy_block_count() * block_bytes / granule_bytes)),
        observed_(heap.observer() != nullptr),
        weak_(heap, *this) {}

  // Roots.
  void object(Object** slot) override {
    if (*slot) *slot = decompress(visit(compress(*slot)));
  }
  void words(std::uint64_t* begin, std::uint64_t* end) override {
    for (; begin != end; ++begin) word(begin);
  }

  // Slots of objects in the copying space: nothing to remember.
  void ref(RefBits* slot) { enqueue_ref(slot, 0); }
  void word(std::uint64_t* slot) { enqueue_word(slot, 0); }
  void weak_part(Object* object) { weak_.add_host(object); }

  /// Slots of old objects: remembered (again) if their target stays in the copying space.
  void remembered_ref(RefBits* slot) { enqueue_ref(slot, host_is_old); }
  void remembered_word(std::uint64_t* slot) { enqueue_word(slot, host_is_old); }

  void drain();
  void add_weak_host(Object* host) { weak_.add_host(host); }
  void resolve_ephemerons() { weak_.resolve_ephemerons(); }
  void clear_dead() { weak_.clear_dead(); }
  /// Ends copying: tells the space how far its newest block is filled.
  void finish() { space_.set_top(top_); }

  Object* survivor(Object* object) const override {
    if (!in_space(compress(object))) {
      return outside == Outside::is_old || memory_.marks().test(object) ? object : nullptr;
    }
    if (object->is_forwarded()) return object->forwarding_address();
    return space_.is_in_from(object) ? nullptr : object;
  }
  bool minor() const override { return outside == Outside::is_old; }

  std::uint64_t copied_bytes() const { return copied_bytes_; }
  std::uint64_t promoted_bytes() const { return promoted_bytes_; }
  std::uint64_t marked_bytes() const { return marked_bytes_; }

 private:
  struct PromotedSlots {
    Evacuator& self;
    void ref(RefBits* slot) { self.remembered_ref(slot); }
    void word(std::uint64_t* slot) { self.remembered_word(slot); }
    void weak_part(Object* object) { self.weak_part(object); }
  };

  // A slot in the queue is its address with these in the two lowest bits.
  static constexpr std::uintptr_t is_word = 1;
  static constexpr std::uintptr_t host_is_old = 2;

  void enqueue_ref(RefBits* slot, std::uintptr_t tag) {
    if (is_interesting(*slot)) enqueue(address_of(slot) | tag, *slot);
  }
  void enqueue_word(std::uint64_t* slot, std::uintptr_t tag) {
    if (!Word::is_reference(*slot)) return;
    const RefBits target = compress_word(*slot);
    if (is_interesting(target)) enqueue(address_of(slot) | tag | is_word, target);
  }
  bool is_interesting(RefBits target) const {
    return in_space(target) || (outside == Outside::is_large && target != 0);
  }
  // Each slot waits here while its target's header comes into the cache.
  void enqueue(std::uintptr_t slot, RefBits target) {
    // Small objects often lie across two cache lines.
    __builtin_prefetch(decompress(target), 1);
    __builtin_prefetch(decompress(target)->bytes() + 16, 1);
    const std::uintptr_t due = queue_[queue_position_];
    queue_[queue_position_] = slot;
    queue_position_ = (queue_position_ + 1) % queue_length;
    if (due) update(due);
  }
  bool flush_queue();
  void update(std::uintptr_t tagged_slot);

  static RefBits compress_word(std::uint64_t bits) { return compress(Word(bits).object()); }
  bool in_space(RefBits bits) const { return bits - first_ < count_; }

  // The new form of a non-null reference.
  RefBits visit(RefBits bits) {
    if (!in_space(bits)) {
      if constexpr (outside == Outside::is_large) mark_large(bits);
      return bits;
    }
    Object* from = decompress(bits);
    if (from->is_forwarded()) return compress(from->forwarding_address());
    if (!space_.is_in_from(from)) return bits;  // a root that was visited twice
    return compress(evacuate(from));
  }

  Object* evacuate(Object* from);
  Object* promote(std::size_t bytes, const TypeLayout& layout);
  Object* copy_slow(std::size_t bytes, const TypeLayout& layout);
  bool should_promote(const Object* from) const {
    return promotion_ == Promotion::all ||
           (promotion_ == Promotion::by_age && space_.has_survived(from));
  }
  void mark_large(RefBits bits);
  bool scan_copies();
  void scan_waiting();
  [[noreturn]] void out_of_address_space();

  // Most objects are a few words, for which a call of memcpy costs more than it does; a loop costs
  // more than two copies that overlap.
  static void copy(Object* to, const Object* from, std::size_t bytes) {
    const auto part = [&]<std::size_t size>(std::size_t offset) {
      std::memcpy(to->bytes() + offset, from->bytes() + offset, size);
    };
    static_assert(minimum_object_bytes == 16);
    part.template operator()<16>(0);
    if (bytes == 16) return;
    if (bytes <= 32) {
      part.template operator()<16>(bytes - 16);
    } else if (bytes <= 64) {
      part.template operator()<16>(16);
      part.template operator()<32>(bytes - 32);
    } else {
      std::memcpy(to->bytes() + 16, from->bytes() + 16, bytes - 16);
    }
  }

  Heap& heap_;
  HeapMemory& memory_;
  CopySpace& space_;
  OldSpace* old_space_;
  Promotion promotion_;
  const TypeLayout* layouts_;
  RefBits first_;
  RefBits count_;
  bool observed_;
  std::byte* top_ = nullptr;
  std::byte* limit_ = nullptr;
  std::size_t scan_block_ = 0;  ///< index into space_.current()
  std::byte* scan_ = nullptr;
  static constexpr std::size_t queue_length = 16;  ///< a power of two
  std::uintptr_t queue_[queue_length] = {};
  std::size_t queue_position_ = 0;
  Worklist waiting_;  ///< promoted or large, slots not yet visited
  WeakProcessing<Evacuator> weak_;
  std::uint64_t copied_bytes_ = 0;
  std::uint64_t promoted_bytes_ = 0;
  std::uint64_t marked_bytes_ = 0;
};

}  // namespace heaplab::gc

#include "common/evacuator_inl.h"
