// SPDX-License-Identifier: MIT
// The promise state machine. Ticks are counted as the standard counts them: `await p` and `p.then`
// on a native promise take one, resolving a promise with a promise takes two more.

#include "heaplab/interp/promise.h"

#include "heaplab/interp/error.h"
#include "heaplab/interp/generator.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "vm/promise_reaction.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

/// Runs what a settled promise owes one reaction. `reaction` and `argument` come rooted from the
/// job queue.
void run_handlers(Runtime& runtime, Value reaction_value, Value argument, bool fulfilled) {
  Rooted<PromiseReaction> reaction(runtime, reaction_value.as<PromiseReaction>());
  const Value handler = Value::from(fulfilled ? reaction->on_fulfilled_ : reaction->on_rejected_);
  const Value derived_value = Value::from(reaction->derived_);
  Rooted<JSPromise> derived(runtime,
                            derived_value.is_undefined() ? nullptr : derived_value.as<JSPromise>());
  if (!handler.is_callable()) {
    if (!derived) return;
    if (fulfilled) {
      resolve_promise(runtime, derived.get(), argument);
    } else {
      reject_promise(runtime, derived.get(), argument);
    }
    return;
  }
  try {
    const Value result = call(runtime, handler, Value::undefined(), {argument});
    if (derived) resolve_promise(runtime, derived.get(), result);
  } catch (const ScriptException&) {
    const Value reason = runtime.take_exception();
    if (derived) reject_promise(runtime, derived.get(), reason);
  }
}

void reaction_job(Runtime& runtime, Value reaction_value, Value argument, Value fulfilled_value) {
  auto* reaction = reaction_value.as<PromiseReaction>();
  const bool fulfilled = fulfilled_value.is_true();
  switch (reaction->kind()) {
    case ReactionKind::handlers:
      run_handlers(runtime, reaction_value, argument, fulfilled);
      break;
    case ReactionKind::await:
      resume_await(runtime, Value::from(reaction->derived_).as<JSGenerator>(),
                   fulfilled ? ResumeMode::next : ResumeMode::throw_, argument);
      break;
    case ReactionKind::async_return:
      async_generator_returned(runtime, Value::from(reaction->derived_).as<JSAsyncGenerator>(),
                               fulfilled, argument);
      break;
  }
}

void schedule(Runtime& runtime, PromiseReaction* reaction, Value argument, bool fulfilled) {
  runtime.event_loop().add_native_microtask(reaction_job, Value(reaction), argument,
                                            Value::boolean(fulfilled));
}

void settle(Runtime& runtime, JSPromise* promise, PromiseState state, Value result) {
  if (promise->state() != PromiseState::pending) return;
  Object* reaction = promise->first_reaction_.get();
  promise->set_payload(static_cast<std::uint32_t>(state));
  runtime.heap().write(promise, promise->result_, result.word());
  runtime.heap().write(promise, promise->first_reaction_, nullptr);
  runtime.heap().write(promise, promise->last_reaction_, nullptr);
  if (state == PromiseState::rejected && !promise->is_handled()) {
    runtime.pending_rejections().push_back(Value(promise));
  }
  for (; reaction; reaction = static_cast<PromiseReaction*>(reaction)->next_.get()) {
    schedule(runtime, static_cast<PromiseReaction*>(reaction), result,
             state == PromiseState::fulfilled);
  }
}

/// The job that follows a thenable: then.call(thenable, resolve, reject).
void thenable_job(Runtime& runtime, Value promise_value, Value thenable, Value then) {
  Rooted<JSPromise> promise(runtime, promise_value.as<JSPromise>());
  RootedValue target(runtime, thenable);
  RootedValue method(runtime, then);
  RootedValue resolve(runtime);
  RootedValue reject(runtime);
  new_resolving_functions(runtime, promise.get(), &resolve, &reject);
  try {
    call(runtime, method, target, {resolve.get(), reject.get()});
  } catch (const ScriptException&) {
    const Value reason = runtime.take_exception();
    call(runtime, reject, Value::undefined(), {reason});
  }
}

// The two functions share a one-word array: [already resolved?].
constexpr std::uint32_t captured_promise = 0;
constexpr std::uint32_t captured_state = 1;

bool first_settlement(Arguments& args) {
  auto* state = args.callee().as<JSNativeFunction>()->captured(captured_state).as<WordArray>();
  if (state->get(0).is_true()) return false;
  state->words()[0] = Value::boolean(true).word();
  return true;
}

JSPromise* settled_promise(Arguments& args) {
  return args.callee().as<JSNativeFunction>()->captured(captured_promise).as<JSPromise>();
}

Value resolve_function(Runtime& runtime, Arguments& args) {
  if (first_settlement(args)) resolve_promise(runtime, settled_promise(args), args[0]);
  return Value::undefined();
}

Value reject_function(Runtime& runtime, Arguments& args) {
  if (first_settlement(args)) reject_promise(runtime, settled_promise(args), args[0]);
  return Value::undefined();
}

constexpr NativeInfo resolve_info{"", 1, resolve_function};
constexpr NativeInfo reject_info{"", 1, reject_function};

}  // namespace

JSPromise* new_promise(Runtime& runtime) {
  return new_exotic<JSPromise>(runtime, HeapType::Promise,
                               runtime.intrinsic(Intrinsic::PromisePrototype));
}

void resolve_promise(Runtime& runtime, JSPromise* promise_arg, Value resolution) {
  if (promise_arg->state() != PromiseState::pending) return;
  if (!resolution.is_object()) {
    settle(runtime, promise_arg, PromiseState::fulfilled, resolution);
    return;
  }
  Rooted<JSPromise> promise(runtime, promise_arg);
  RootedValue value(runtime, resolution);
  if (resolution == Value(promise_arg)) {
    const Value error(
        new_error(runtime, ErrorKind::TypeError, "Chaining cycle detected for promise #<Promise>"));
    reject_promise(runtime, promise.get(), error);
    return;
  }
  Value then;
  try {
    then = get_named(runtime, value, runtime.atoms().then);
  } catch (const ScriptException&) {
    reject_promise(runtime, promise.get(), runtime.take_exception());
    return;
  }
  if (!then.is_callable()) {
    settle(runtime, promise.get(), PromiseState::fulfilled, value);
    return;
  }
  runtime.event_loop().add_native_microtask(thenable_job, promise.value(), value, then);
}

void reject_promise(Runtime& runtime, JSPromise* promise, Value reason) {
  settle(runtime, promise, PromiseState::rejected, reason);
}

JSPromise* promise_resolve(Runtime& runtime, Value value) {
  RootedValue v(runtime, value);
  if (has_promise_type(value)) {
    const Value constructor = get_named(runtime, value, runtime.atoms().constructor);
    if (constructor == Value(runtime.intrinsic(Intrinsic::PromiseConstructor))) {
      return v.get().as<JSPromise>();
    }
  }
  Rooted<JSPromise> promise(runtime, new_promise(runtime));
  resolve_promise(runtime, promise.get(), v);
  return promise.get();
}

void add_reaction(Runtime& runtime, JSPromise* promise_arg, ReactionKind kind, Value on_fulfilled,
                  Value on_rejected, Value derived) {
  Rooted<JSPromise> promise(runtime, promise_arg);
  RootedValue f(runtime, on_fulfilled);
  RootedValue r(runtime, on_rejected);
  RootedValue d(runtime, derived);
  Heap& heap = runtime.heap();
  auto* reaction = heap.allocate<PromiseReaction>(type_id(HeapType::PromiseReaction),
                                                  static_cast<std::uint32_t>(kind));
  heap.write(reaction, reaction->on_fulfilled_, f.get().word());
  heap.write(reaction, reaction->on_rejected_, r.get().word());
  heap.write(reaction, reaction->derived_, d.get().word());
  if (promise->state() == PromiseState::pending) {
    if (auto* last = static_cast<PromiseReaction*>(promise->last_reaction_.get())) {
      heap.write(last, last->next_, reaction);
    } else {
      heap.write(promise.get(), promise->first_reaction_, static_cast<Object*>(reaction));
    }
    heap.write(promise.get(), promise->last_reaction_, static_cast<Object*>(reaction));
  } else {
    schedule(runtime, reaction, Value::from(promise->result_),
             promise->state() == PromiseState::fulfilled);
  }
  mark_handled(runtime, promise.get());
}

void promise_then(Runtime& runtime, JSPromise* promise, Value on_fulfilled, Value on_rejected,
                  JSPromise* derived) {
  add_reaction(runtime, promise, ReactionKind::handlers, on_fulfilled, on_rejected,
               derived ? Value(derived) : Value::undefined());
}

void mark_handled(Runtime& /*runtime*/, JSPromise* promise) {
  promise->set_flag(JSObject::class_flag, true);
}

void new_resolving_functions(Runtime& runtime, JSPromise* promise_arg, RootedValue* resolve,
                             RootedValue* reject) {
  Rooted<JSPromise> promise(runtime, promise_arg);
  Rooted<WordArray> state(
      runtime, runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray), 1));
  const Value for_resolve[] = {promise.value(), state.value()};
  *resolve = Value(new_native_function(runtime, resolve_info, for_resolve));
  const Value for_reject[] = {promise.value(), state.value()};
  *reject = Value(new_native_function(runtime, reject_info, for_reject));
}

}  // namespace heaplab::interp
