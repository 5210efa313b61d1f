// SPDX-License-Identifier: MIT
// Generator objects, async generators and their request queues, and sync iterators for `for await`.

#include "heaplab/interp/generator.h"

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/array_iterator.h"
#include "vm/machine.h"
#include "vm/promise_reaction.h"
#include "vm/property_access.h"

namespace heaplab::interp {

// ---- Sync generators --------------------------------------------------------------------------

Value resume_generator(Runtime& runtime, JSGenerator* generator, ResumeMode mode, Value value) {
  switch (generator->state()) {
    case GeneratorState::running:
      throw_type_error(runtime, "Generator is already running");
    case GeneratorState::suspended_start:
      if (mode == ResumeMode::next) break;
      generator->set_state(GeneratorState::completed);
      runtime.heap().write(generator, generator->frame_, nullptr);
      [[fallthrough]];
    case GeneratorState::completed:
      if (mode == ResumeMode::throw_) throw_value(runtime, value);
      return Value(new_iterator_result(
          runtime, mode == ResumeMode::return_ ? value : Value::undefined(), true));
    default:
      break;
  }
  return runtime.machine().resume(generator, mode, value);
}

namespace {

Value generator_method(Runtime& runtime, Arguments& args, ResumeMode mode, const char* name) {
  auto* generator = as_if<JSGenerator>(args.this_value(), HeapType::Generator);
  if (!generator) {
    throw_type_error(
        runtime, fmt::format("Method [Generator].prototype.{} called on incompatible receiver {}",
                             name, describe_for_error(runtime, args.this_value())));
  }
  return resume_generator(runtime, generator, mode, args[0]);
}

Value generator_next(Runtime& runtime, Arguments& args) {
  return generator_method(runtime, args, ResumeMode::next, "next");
}
Value generator_return(Runtime& runtime, Arguments& args) {
  return generator_method(runtime, args, ResumeMode::return_, "return");
}
Value generator_throw(Runtime& runtime, Arguments& args) {
  return generator_method(runtime, args, ResumeMode::throw_, "throw");
}
Value return_this(Runtime&, Arguments& args) { return args.this_value(); }

constexpr NativeInfo generator_next_info{"next", 1, generator_next};
constexpr NativeInfo generator_methods[] = {{"return", 1, generator_return},
                                            {"throw", 1, generator_throw}};
constexpr NativeInfo iterator_methods[] = {{"[Symbol.iterator]", 0, return_this}};
constexpr NativeInfo async_iterator_methods[] = {{"[Symbol.asyncIterator]", 0, return_this}};

}  // namespace

// ---- Await ------------------------------------------------------------------------------------

void await_value(Runtime& runtime, JSGenerator* waiting, Value value) {
  Rooted<JSGenerator> generator(runtime, waiting);
  JSPromise* promise = promise_resolve(runtime, value);
  add_reaction(runtime, promise, ReactionKind::await, Value::undefined(), Value::undefined(),
               generator.value());
}

namespace {
void run_async_generator(Runtime& runtime, Rooted<JSAsyncGenerator>& generator, ResumeMode mode,
                         Value value);
void drain_requests(Runtime& runtime, Rooted<JSAsyncGenerator>& generator);
}  // namespace

void resume_await(Runtime& runtime, JSGenerator* waiting, ResumeMode mode, Value value) {
  if (has_type(waiting, HeapType::AsyncGenerator)) {
    Rooted<JSAsyncGenerator> generator(runtime, static_cast<JSAsyncGenerator*>(waiting));
    run_async_generator(runtime, generator, mode, value);
    drain_requests(runtime, generator);
    return;
  }
  runtime.machine().resume(waiting, mode, value);
}

// ---- Async generators -------------------------------------------------------------------------
//
// Requests wait in a queue. The frame runs for the request at its head; `yield` and the end of the
// function settle that request and look at the next one.

namespace {

/// Removes the request at the head and returns its promise.
JSPromise* take_request(Runtime& runtime, JSAsyncGenerator* generator) {
  AsyncRequest* request = generator->first_request_.get();
  runtime.heap().write(generator, generator->first_request_, request->next_.get());
  if (!request->next_) runtime.heap().write(generator, generator->last_request_, nullptr);
  return Value::from(request->promise_).as<JSPromise>();
}

void settle_request(Runtime& runtime, Rooted<JSAsyncGenerator>& generator, Value value, bool done) {
  RootedValue v(runtime, value);
  Rooted<JSPromise> promise(runtime, take_request(runtime, generator.get()));
  const Value result(new_iterator_result(runtime, v, done));
  resolve_promise(runtime, promise.get(), result);
}

void reject_request(Runtime& runtime, Rooted<JSAsyncGenerator>& generator, Value reason) {
  RootedValue r(runtime, reason);
  reject_promise(runtime, take_request(runtime, generator.get()), r);
}

/// Runs the frame until it yields, ends or awaits, and settles the request it ran for.
void run_async_generator(Runtime& runtime, Rooted<JSAsyncGenerator>& generator, ResumeMode mode,
                         Value value) {
  try {
    const Value result = runtime.machine().resume(generator.get(), mode, value);
    switch (generator->state()) {
      case GeneratorState::suspended_yield:
        settle_request(runtime, generator, result, false);
        break;
      case GeneratorState::completed:
        settle_request(runtime, generator, result, true);
        break;
      default:
        break;  // awaiting: still running for the same request
    }
  } catch (const ScriptException&) {
    reject_request(runtime, generator, runtime.take_exception());
  }
}

/// return(v) on a generator that is over (or never began): v is awaited first.
void await_return(Runtime& runtime, Rooted<JSAsyncGenerator>& generator, Value value) {
  generator->set_state(GeneratorState::awaiting_return);
  try {
    JSPromise* promise = promise_resolve(runtime, value);
    add_reaction(runtime, promise, ReactionKind::async_return, Value::undefined(),
                 Value::undefined(), generator.value());
  } catch (const ScriptException&) {
    generator->set_state(GeneratorState::completed);
    reject_request(runtime, generator, runtime.take_exception());
  }
}

void drain_requests(Runtime& runtime, Rooted<JSAsyncGenerator>& generator) {
  while (generator->first_request_) {
    AsyncRequest* request = generator->first_request_.get();
    const auto mode = static_cast<ResumeMode>(request->payload());
    const Value value = Value::from(request->value_);
    const GeneratorState state = generator->state();
    if (state == GeneratorState::running || state == GeneratorState::awaiting_return) return;
    if (state == GeneratorState::suspended_start && mode != ResumeMode::next) {
      generator->set_state(GeneratorState::completed);
      runtime.heap().write(generator.get(), generator->frame_, nullptr);
    }
    if (generator->state() != GeneratorState::completed) {
      run_async_generator(runtime, generator, mode, value);
    } else if (mode == ResumeMode::next) {
      settle_request(runtime, generator, Value::undefined(), true);
    } else if (mode == ResumeMode::throw_) {
      reject_request(runtime, generator, value);
    } else {
      await_return(runtime, generator, value);
    }
  }
}

}  // namespace

void async_generator_returned(Runtime& runtime, JSAsyncGenerator* generator_arg, bool fulfilled,
                              Value value) {
  Rooted<JSAsyncGenerator> generator(runtime, generator_arg);
  generator->set_state(GeneratorState::completed);
  if (fulfilled) {
    settle_request(runtime, generator, value, true);
  } else {
    reject_request(runtime, generator, value);
  }
  drain_requests(runtime, generator);
}

Value async_generator_request(Runtime& runtime, JSAsyncGenerator* generator_arg, ResumeMode mode,
                              Value value_arg) {
  Rooted<JSAsyncGenerator> generator(runtime, generator_arg);
  RootedValue value(runtime, value_arg);
  Rooted<JSPromise> promise(runtime, new_promise(runtime));
  Heap& heap = runtime.heap();
  auto* request = heap.allocate<AsyncRequest>(type_id(HeapType::AsyncRequest),
                                              static_cast<std::uint32_t>(mode));
  heap.write(request, request->value_, value.get().word());
  heap.write(request, request->promise_, promise.value().word());
  if (AsyncRequest* last = generator->last_request_.get()) {
    heap.write(last, last->next_, request);
  } else {
    heap.write(generator.get(), generator->first_request_, request);
  }
  heap.write(generator.get(), generator->last_request_, request);
  drain_requests(runtime, generator);
  return promise.value();
}

namespace {

Value async_generator_method(Runtime& runtime, Arguments& args, ResumeMode mode, const char* name) {
  auto* generator = as_if<JSAsyncGenerator>(args.this_value(), HeapType::AsyncGenerator);
  if (generator) return async_generator_request(runtime, generator, mode, args[0]);
  RootedValue error(
      runtime,
      Value(new_error(
          runtime, ErrorKind::TypeError,
          fmt::format("Method [AsyncGenerator].prototype.{} called on incompatible receiver {}",
                      name, describe_for_error(runtime, args.this_value())))));
  Rooted<JSPromise> promise(runtime, new_promise(runtime));
  reject_promise(runtime, promise.get(), error);
  return promise.value();
}

Value async_next(Runtime& runtime, Arguments& args) {
  return async_generator_method(runtime, args, ResumeMode::next, "next");
}
Value async_return(Runtime& runtime, Arguments& args) {
  return async_generator_method(runtime, args, ResumeMode::return_, "return");
}
Value async_throw(Runtime& runtime, Arguments& args) {
  return async_generator_method(runtime, args, ResumeMode::throw_, "throw");
}

constexpr NativeInfo async_generator_methods[] = {
    {"next", 1, async_next}, {"return", 1, async_return}, {"throw", 1, async_throw}};

// ---- Sync iterators under `for await` ---------------------------------------------------------

class JSAsyncFromSyncIterator : public JSObject {
 public:
  Word iterator_;
  Word next_;
};

Value unwrap_value(Runtime& runtime, Arguments& args) {
  const bool done = args.callee().as<JSNativeFunction>()->captured(0).is_true();
  return Value(new_iterator_result(runtime, args[0], done));
}
Value close_and_rethrow(Runtime& runtime, Arguments& args) {
  RootedValue iterator(runtime, args.callee().as<JSNativeFunction>()->captured(0));
  try {
    const Value method = get_method(runtime, iterator, PropertyKey(runtime.atoms().return_));
    if (!method.is_undefined()) call(runtime, method, iterator);
  } catch (const ScriptException&) {
    runtime.take_exception();
  }
  throw_value(runtime, args[0]);
}
constexpr NativeInfo unwrap_info{"", 1, unwrap_value};
constexpr NativeInfo close_info{"", 1, close_and_rethrow};

/// A promise for {value: await result.value, done: result.done}. `close`: a rejected value closes
/// the iterator.
Value continue_with(Runtime& runtime, Value result_arg, Value iterator_arg, bool close) {
  RootedValue result(runtime, result_arg);
  RootedValue iterator(runtime, iterator_arg);
  if (!result.get().is_object()) {
    throw_type_error(runtime, fmt::format("Iterator result {} is not an object",
                                          describe_for_error(runtime, result)));
  }
  const bool done = to_boolean(get_named(runtime, result, runtime.atoms().done));
  const Value value = get_named(runtime, result, runtime.atoms().value);
  Rooted<JSPromise> inner(runtime, promise_resolve(runtime, value));
  Rooted<JSPromise> outer(runtime, new_promise(runtime));
  const Value flag[] = {Value::boolean(done)};
  RootedValue unwrap(runtime, Value(new_native_function(runtime, unwrap_info, flag)));
  RootedValue on_rejected(runtime);
  if (close && !done) {
    const Value captured[] = {iterator.get()};
    on_rejected = Value(new_native_function(runtime, close_info, captured));
  }
  promise_then(runtime, inner.get(), unwrap, on_rejected, outer.get());
  return outer.value();
}

enum class Step { next, return_, throw_ };

Value wrapped_step(Runtime& runtime, Arguments& args, Step step) {
  auto* wrapper = args.this_value().as<JSAsyncFromSyncIterator>();
  RootedValue iterator(runtime, Value::from(wrapper->iterator_));
  Rooted<JSPromise> failed(runtime);
  try {
    Value method = Value::from(wrapper->next_);
    if (step != Step::next) {
      const CommonAtoms& atoms = runtime.atoms();
      method = get_method(runtime, iterator,
                          PropertyKey(step == Step::return_ ? atoms.return_ : atoms.throw_));
      if (method.is_undefined() && step == Step::return_) {
        const Value result(new_iterator_result(runtime, args[0], true));
        return Value(promise_resolve(runtime, result));
      }
      if (method.is_undefined()) throw_value(runtime, args[0]);
    }
    const Value result = args.count() > 0 ? call(runtime, method, iterator, {args[0]})
                                          : call(runtime, method, iterator);
    return continue_with(runtime, result, iterator, step == Step::next);
  } catch (const ScriptException&) {
    RootedValue reason(runtime, runtime.take_exception());
    failed = new_promise(runtime);
    reject_promise(runtime, failed.get(), reason);
    return failed.value();
  }
}

Value wrapped_next(Runtime& runtime, Arguments& args) {
  return wrapped_step(runtime, args, Step::next);
}
Value wrapped_return(Runtime& runtime, Arguments& args) {
  return wrapped_step(runtime, args, Step::return_);
}
Value wrapped_throw(Runtime& runtime, Arguments& args) {
  return wrapped_step(runtime, args, Step::throw_);
}

constexpr NativeInfo wrapper_methods[] = {
    {"next", 1, wrapped_next}, {"return", 1, wrapped_return}, {"throw", 1, wrapped_throw}};

Value refuse_source_text(Runtime& runtime, Arguments&) {
  throw_type_error(runtime, "functions from text are not supported by heaplab run");
}
constexpr NativeInfo async_function_info{"AsyncFunction", 1, refuse_source_text, true};
constexpr NativeInfo generator_function_info{"GeneratorFunction", 1, refuse_source_text, true};
constexpr NativeInfo async_generator_function_info{"AsyncGeneratorFunction", 1, refuse_source_text,
                                                   true};

/// `constructor` of a kind of function: what names it in reports.
void define_function_constructor(Runtime& runtime, Intrinsic prototype, const NativeInfo& info) {
  Rooted<JSObject> constructor(runtime, new_native_function(runtime, info));
  define(runtime, constructor.get(), PropertyKey(runtime.atoms().prototype),
         Value(runtime.intrinsic(prototype)), kNone);
  define(runtime, runtime.intrinsic(prototype), PropertyKey(runtime.atoms().constructor),
         constructor.value(), kConfigurable);
}

void define_tag(Runtime& runtime, Intrinsic which, std::string_view tag) {
  RootedValue text(runtime, Value(new_string_latin1(runtime, tag)));
  define(runtime, runtime.intrinsic(which), PropertyKey(runtime.atoms().symbol_to_string_tag), text,
         kConfigurable);
}

/// GeneratorFunction.prototype.prototype and back.
void link_prototypes(Runtime& runtime, Intrinsic function_prototype, Intrinsic prototype) {
  const CommonAtoms& atoms = runtime.atoms();
  define(runtime, runtime.intrinsic(function_prototype), PropertyKey(atoms.prototype),
         Value(runtime.intrinsic(prototype)), kConfigurable);
  define(runtime, runtime.intrinsic(prototype), PropertyKey(runtime.atoms().constructor),
         Value(runtime.intrinsic(function_prototype)), kConfigurable);
}

}  // namespace

JSObject* new_async_from_sync_iterator(Runtime& runtime, Value iterator, Value next) {
  RootedValue i(runtime, iterator);
  RootedValue n(runtime, next);
  auto* wrapper = new_exotic<JSAsyncFromSyncIterator>(
      runtime, HeapType::AsyncFromSyncIterator,
      runtime.intrinsic(Intrinsic::AsyncFromSyncIteratorPrototype));
  runtime.heap().write(wrapper, wrapper->iterator_, i.get().word());
  runtime.heap().write(wrapper, wrapper->next_, n.get().word());
  return wrapper;
}

void install_generators(Runtime& runtime) {
  define_methods(runtime, runtime.intrinsic(Intrinsic::IteratorPrototype), iterator_methods);
  define_methods(runtime, runtime.intrinsic(Intrinsic::AsyncIteratorPrototype),
                 async_iterator_methods);
  JSObject* next = define_method(runtime, runtime.intrinsic(Intrinsic::GeneratorPrototype),
                                 PropertyKey(runtime.atoms().next), generator_next_info);
  runtime.set_intrinsic(Intrinsic::GeneratorNext, next);
  define_methods(runtime, runtime.intrinsic(Intrinsic::GeneratorPrototype), generator_methods);
  define_methods(runtime, runtime.intrinsic(Intrinsic::AsyncGeneratorPrototype),
                 async_generator_methods);
  define_methods(runtime, runtime.intrinsic(Intrinsic::AsyncFromSyncIteratorPrototype),
                 wrapper_methods);
  link_prototypes(runtime, Intrinsic::GeneratorFunctionPrototype, Intrinsic::GeneratorPrototype);
  link_prototypes(runtime, Intrinsic::AsyncGeneratorFunctionPrototype,
                  Intrinsic::AsyncGeneratorPrototype);
  define_function_constructor(runtime, Intrinsic::AsyncFunctionPrototype, async_function_info);
  define_function_constructor(runtime, Intrinsic::GeneratorFunctionPrototype,
                              generator_function_info);
  define_function_constructor(runtime, Intrinsic::AsyncGeneratorFunctionPrototype,
                              async_generator_function_info);
  define_tag(runtime, Intrinsic::GeneratorPrototype, "Generator");
  define_tag(runtime, Intrinsic::AsyncGeneratorPrototype, "AsyncGenerator");
  define_tag(runtime, Intrinsic::GeneratorFunctionPrototype, "GeneratorFunction");
  define_tag(runtime, Intrinsic::AsyncFunctionPrototype, "AsyncFunction");
  define_tag(runtime, Intrinsic::AsyncGeneratorFunctionPrototype, "AsyncGeneratorFunction");
  install_array_iterator(runtime);
}

}  // namespace heaplab::interp
