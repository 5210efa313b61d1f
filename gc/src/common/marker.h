// SPDX-License-Identifier: MIT
#pragma once

#include "common/weak_processing.h"
#include "common/worklist.h"
#include "heaplab/heap/heap.h"
#include "heaplab/heap/old_space.h"

namespace heaplab::gc {

/// Marks everything reachable that does not move: old space and large objects.
///
/// Depth first over an explicit stack of 4-byte references. A popped reference is first prefetched
/// and waits in a short queue until its header and mark bits have arrived (Cher, Hosking & Vitek
/// 2004): without it, marking is one cache miss after another.
class Marker final : public RootVisitor, public Liveness {
 public:
  Marker(Heap& heap, SideBitmap& marks, OldSpace& old_space)
      : marks_(marks), old_space_(old_space), layouts_(heap.layouts()), weak_(heap, *this) {}

  // Roots.
  void object(Object** slot) override {
    if (*slot) stack_.push(*slot);
  }
  void words(std::uint64_t* begin, std::uint64_t* end) override {
    for (; begin != end; ++begin) word(begin);
  }

  // Slots of objects (visit.h).
  void ref(RefBits* slot) {
    if (*slot) stack_.push(*slot);
  }
  void word(std::uint64_t* slot) {
    if (Word::is_reference(*slot)) stack_.push(compress(Word(*slot).object()));
  }
  void weak_part(Object* object) { weak_.add_host(object); }

  void drain();
  void resolve_ephemerons() { weak_.resolve_ephemerons(); }
  void clear_dead() { weak_.clear_dead(); }

  Object* survivor(Object* object) const override { return marks_.test(object) ? object : nullptr; }
  bool minor() const override { return false; }
  std::uint64_t marked_bytes() const { return marked_bytes_; }

 private:
  void mark(Object* object);

  SideBitmap& marks_;
  OldSpace& old_space_;
  const TypeLayout* layouts_;
  Worklist stack_;
  WeakProcessing<Marker> weak_;
  std::uint64_t marked_bytes_ = 0;
};

}  // namespace heaplab::gc
