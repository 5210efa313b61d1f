// SPDX-License-Identifier: MIT
#include "common/marker.h"

namespace heaplab::gc {
namespace {

constexpr std::size_t queue_length = 16;  // a power of two

}  // namespace

void Marker::mark(Object* object) {
  if (marks_.test(object)) return;
  const TypeLayout& layout = layouts_[object->type_id()];
  const std::size_t bytes = layout.object_bytes(*object);
  if (bytes > large_object_bytes) [[unlikely]] {
    marks_.set(object);
  } else {
    marks_.set_range(object, bytes / granule_bytes);
    old_space_.count_marked(object, bytes);
  }
  marked_bytes_ += bytes;
  if (weak_.watching()) [[unlikely]] {
    weak_.found_alive(compress(object));
  }
  visit_slots(object, layout, *this);
}

void Marker::drain() {
  RefBits queue[queue_length] = {};
  std::size_t waiting = 0;
  std::size_t position = 0;
  for (;;) {
    RefBits next = 0;
    if (!stack_.empty()) {
      next = stack_.pop();
      Object* object = decompress(next);
      __builtin_prefetch(object);
      marks_.prefetch(object);
      ++waiting;
    } else if (waiting == 0) {
      return;
    }
    position = (position + 1) % queue_length;
    const RefBits due = queue[position];
    queue[position] = next;
    if (due) {
      --waiting;
      mark(decompress(due));
    }
  }
}

}  // namespace heaplab::gc
