// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/generator.h"
#include "heaplab/interp/promise.h"

namespace heaplab::interp {

enum class ReactionKind : std::uint32_t {
  handlers,      ///< then(): call a function, settle the derived promise
  await,         ///< go on with the suspended frame in derived_
  async_return,  ///< a completed async generator waited for the value of return(v)
};

/// What a promise will do once it is settled.
class PromiseReaction : public Object {  // payload: ReactionKind
 public:
  ReactionKind kind() const { return static_cast<ReactionKind>(payload()); }
  Word on_fulfilled_;
  Word on_rejected_;
  Word derived_;  ///< promise, generator, or undefined
  Ref<PromiseReaction> next_;
  std::uint32_t padding_ = 0;
};

inline bool has_promise_type(Value value) {
  return value.is_reference() && has_type(value.as_reference(), HeapType::Promise);
}

/// May collect.
void add_reaction(Runtime& runtime, JSPromise* promise, ReactionKind kind, Value on_fulfilled,
                  Value on_rejected, Value derived);
void async_generator_returned(Runtime& runtime, JSAsyncGenerator* generator, bool fulfilled,
                              Value value);

}  // namespace heaplab::interp
