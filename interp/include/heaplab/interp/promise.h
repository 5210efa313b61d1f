// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/object.h"

// Promises: the state machine and the microtask order are the VM's (await and async functions need
// them); Promise.all and the like are built on the functions below.

namespace heaplab::interp {

enum class PromiseState : std::uint32_t { pending, fulfilled, rejected };

class JSPromise : public JSObject {  // payload: PromiseState
 public:
  PromiseState state() const { return static_cast<PromiseState>(payload()); }
  bool is_handled() const { return flag(JSObject::class_flag); }
  Word result_;                 ///< value or reason; the hole while pending
  Ref<Object> first_reaction_;  ///< a list of PromiseReaction, oldest first
  Ref<Object> last_reaction_;
};

/// \name May collect; those marked * run guest code.
/// @{
JSPromise* new_promise(Runtime& runtime);
/// The promise's resolve function: a thenable is followed (one extra tick, as the standard says).
/// Does not throw: a throwing `then` getter rejects. *
void resolve_promise(Runtime& runtime, JSPromise* promise, Value resolution);
void reject_promise(Runtime& runtime, JSPromise* promise, Value reason);
/// PromiseResolve(%Promise%, value): the value itself if it is a native promise. *
JSPromise* promise_resolve(Runtime& runtime, Value value);
/// PerformPromiseThen with plain functions or undefined. `derived`: the promise the handlers'
/// result settles, or null if nobody looks at it.
void promise_then(Runtime& runtime, JSPromise* promise, Value on_fulfilled, Value on_rejected,
                  JSPromise* derived);
/// The two functions a Promise executor gets.
void new_resolving_functions(Runtime& runtime, JSPromise* promise, RootedValue* resolve,
                             RootedValue* reject);
void mark_handled(Runtime& runtime, JSPromise* promise);
/// @}

}  // namespace heaplab::interp
