// SPDX-License-Identifier: MIT
#pragma once

#include <mimalloc.h>

#include <new>

#include "heaplab/heap/object.h"

namespace heaplab::gc {

/// A stack of object references, 4 bytes each, in the collector's own memory.
class Worklist {
 public:
  Worklist() = default;
  ~Worklist() { mi_free(items_); }
  Worklist(const Worklist&) = delete;
  Worklist& operator=(const Worklist&) = delete;

  void push(const Object* object) { push(compress(object)); }
  void push(RefBits bits) {
    if (size_ == capacity_) [[unlikely]] {
      grow();
    }
    items_[size_++] = bits;
  }
  bool empty() const { return size_ == 0; }
  RefBits pop() { return items_[--size_]; }
  std::size_t size() const { return size_; }

 private:
  // Not a vector: growing must not fill the new half, which may be a hundred megabytes.
  [[gnu::noinline]] void grow() {
    const std::size_t wanted = capacity_ ? capacity_ * 2 : 1024;
    void* items = mi_reallocn(items_, wanted, sizeof(RefBits));
    if (!items) throw std::bad_alloc();
    items_ = static_cast<RefBits*>(items);
    capacity_ = wanted;
  }

  RefBits* items_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace heaplab::gc
