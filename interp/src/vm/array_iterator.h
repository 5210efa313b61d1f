// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/operations.h"

namespace heaplab::interp {

/// What Array.prototype.values() and its kin return. payload: IterationKind
class JSArrayIterator : public JSObject {
 public:
  Word target_;  ///< undefined once exhausted
  std::uint64_t index_ = 0;
};

/// If `iterator` is a genuine array iterator and `next` its own method: steps it and says true;
/// `value` is the hole at the end. May run guest code for odd targets.
bool array_iterator_step(Runtime& runtime, Value iterator, Value next, Value* value);
void set_array_iterator_index(JSObject* iterator, std::uint32_t index);
void install_array_iterator(Runtime& runtime);

/// Wraps a sync iterator for `for await`.
JSObject* new_async_from_sync_iterator(Runtime& runtime, Value iterator, Value next);
void install_async_from_sync_iterator(Runtime& runtime);

}  // namespace heaplab::interp
