// SPDX-License-Identifier: MIT
#include "heaplab/heap/roots.h"

#include <cassert>

#include "heaplab/heap/heap.h"

namespace heaplab {

HandleStack::HandleStack() {
  chunks_.push_back(new Chunk);
  top_ = chunks_[0]->data();
  end_ = top_ + chunk_slots;
}

HandleStack::~HandleStack() {
  for (Chunk* chunk : chunks_) delete chunk;
}

void HandleStack::next_chunk() {
  if (++chunk_ == chunks_.size()) chunks_.push_back(new Chunk);
  top_ = chunks_[chunk_]->data();
  end_ = top_ + chunk_slots;
}

void HandleStack::release(Mark mark) {
  assert(mark.chunk <= chunk_ && "handle scopes must be left in reverse order");
  // One spare chunk stays, so that a scope at a chunk's edge does not allocate again and again.
  while (chunks_.size() > mark.chunk + 2) {
    delete chunks_.back();
    chunks_.pop_back();
  }
  chunk_ = mark.chunk;
  top_ = mark.top;
  end_ = chunks_[chunk_]->data() + chunk_slots;
}

void HandleStack::visit(RootVisitor& visitor) {
  for (std::size_t i = 0; i <= chunk_; ++i) {
    Object** end = i == chunk_ ? top_ : chunks_[i]->data() + chunk_slots;
    for (Object** slot = chunks_[i]->data(); slot != end; ++slot) visitor.object(slot);
  }
}

std::size_t HandleStack::size() const {
  return chunk_ * chunk_slots + static_cast<std::size_t>(top_ - chunks_[chunk_]->data());
}

GlobalBase::GlobalBase(Heap& heap, Object* object)
    : object_(object), heap_(heap), previous_(nullptr), next_(heap.globals_) {
  if (next_) next_->previous_ = this;
  heap.globals_ = this;
}

GlobalBase::~GlobalBase() {
  if (previous_) {
    previous_->next_ = next_;
  } else {
    heap_.globals_ = next_;
  }
  if (next_) next_->previous_ = previous_;
}

}  // namespace heaplab
