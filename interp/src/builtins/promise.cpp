// SPDX-License-Identifier: MIT
// Promise: constructor, combinators, and then/catch/finally for users. The state machine is the
// VM's (promise.h).
#include "heaplab/interp/promise.h"

#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

JSPromise* this_promise(Runtime& runtime, const Arguments& args, const char* method) {
  return this_as<JSPromise>(runtime, args, HeapType::Promise, method);
}

Value promise_constructor(Runtime& runtime, Arguments& args) {
  if (!args.is_construct()) {
    throw_type_error(runtime, "Promise constructor cannot be invoked without 'new'");
  }
  if (!args[0].is_callable()) {
    throw_type_error(
        runtime, "Promise resolver " + describe_for_error(runtime, args[0]) + " is not a function");
  }
  JSObject* fallback = runtime.intrinsic(Intrinsic::PromisePrototype);
  Rooted<JSPromise> promise(runtime, new_promise(runtime));
  if (args.new_target() != args.callee()) {
    fallback = runtime.intrinsic(Intrinsic::PromisePrototype);
    JSObject* prototype = prototype_for_construct(runtime, args.new_target(), fallback);
    set_prototype(runtime, promise.get(), prototype);
  }
  RootedValue resolve(runtime);
  RootedValue reject(runtime);
  new_resolving_functions(runtime, promise.get(), &resolve, &reject);
  try {
    call(runtime, args[0], Value::undefined(), {resolve.get(), reject.get()});
  } catch (const ScriptException&) {
    RootedValue error(runtime, runtime.take_exception());
    call(runtime, reject, Value::undefined(), {error.get()});
  }
  return promise.value();
}

// A promise made by `constructor`, with the functions that settle it.
class Capability {
 public:
  Capability(Runtime& runtime, Value constructor)
      : runtime_(runtime), promise_(runtime), resolve_(runtime), reject_(runtime) {
    if (constructor == Value(runtime.intrinsic(Intrinsic::PromiseConstructor))) {
      promise_ = Value(new_promise(runtime));
      new_resolving_functions(runtime, promise_.get().as<JSPromise>(), &resolve_, &reject_);
      return;
    }
    if (!is_constructor(constructor)) {
      throw_type_error(runtime, describe_for_error(runtime, constructor) + " is not a constructor");
    }
    make_custom(constructor);
  }

  Value promise() const { return promise_; }
  Value resolve_function() const { return resolve_; }
  Value reject_function() const { return reject_; }
  void resolve(Value value) { call(runtime_, resolve_, Value::undefined(), {value}); }
  void reject(Value reason) { call(runtime_, reject_, Value::undefined(), {reason}); }

 private:
  static Value executor(Runtime& runtime, Arguments& args) {
    auto* self = static_cast<JSNativeFunction*>(args.callee().as_object());
    Rooted<JSObject> holder(runtime, self->captured(0).as_object());
    define(runtime, holder.get(), PropertyKey::index(0), args[0]);
    define(runtime, holder.get(), PropertyKey::index(1), args[1]);
    return Value::undefined();
  }

  void make_custom(Value constructor_arg) {
    static const NativeInfo info{"", 2, executor};
    RootedValue constructor(runtime_, constructor_arg);
    RootedValue holder(runtime_, Value(new_array(runtime_)));
    const Value captured[] = {holder.get()};
    RootedValue function(runtime_, Value(new_native_function(runtime_, info, captured)));
    const Value argument = function.get();
    promise_ = construct(runtime_, constructor, std::span<const Value>(&argument, 1));
    resolve_ = get_index(runtime_, holder, 0);
    reject_ = get_index(runtime_, holder, 1);
    if (!resolve_.get().is_callable() || !reject_.get().is_callable()) {
      throw_type_error(runtime_, "Promise resolve or reject function is not callable");
    }
  }

  Runtime& runtime_;
  RootedValue promise_;
  RootedValue resolve_;
  RootedValue reject_;
};

Value promise_resolve_method(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_type_error(runtime, "PromiseResolve called on non-object");
  }
  if (args.this_value() == Value(runtime.intrinsic(Intrinsic::PromiseConstructor))) {
    return promise_resolve(runtime, args[0]);
  }
  if (as_if<JSPromise>(args[0], HeapType::Promise)) {
    const Value constructor = get_named(runtime, args[0], runtime.atoms().constructor);
    if (constructor == args.this_value()) return args[0];
  }
  Capability capability(runtime, args.this_value());
  capability.resolve(args[0]);
  return capability.promise();
}

Value promise_reject_method(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_type_error(runtime, "PromiseReject called on non-object");
  }
  Capability capability(runtime, args.this_value());
  capability.reject(args[0]);
  return capability.promise();
}

// ---- all, allSettled, any, race

enum class Combinator { all, all_settled, any };

// State that the element functions of one call share: an array [values, left to settle, resolve or
// reject function]. Elements capture it and their own index.
struct Shared {
  enum Slot : std::uint32_t { values = 0, remaining = 1, finish = 2 };
};

Value shared_slot(Value shared, Shared::Slot slot) {
  return dense_element(shared.as_object(), slot);
}

// One fewer left; true if that was the last.
bool count_down(Runtime& runtime, Value shared) {
  const Value left = Value::integer(shared_slot(shared, Shared::remaining).as_int() - 1);
  set_dense_element(runtime, shared.as_object(), Shared::remaining, left);
  return left.as_int() == 0;
}

void finish(Runtime& runtime, Value shared_arg, bool as_errors) {
  RootedValue shared(runtime, shared_arg);
  RootedValue result(runtime, shared_slot(shared, Shared::values));
  if (as_errors) {
    RootedValue error(runtime,
                      Value(new_error(runtime, ErrorKind::Error, "All promises were rejected")));
    set_prototype(runtime, error.get().as_object(),
                  runtime.intrinsic(Intrinsic::AggregateErrorPrototype));
    capture_stack(runtime, error.get().as_object(), Value::undefined());
    define(runtime, error.get().as_object(), PropertyKey(runtime.atoms().errors), result, kHidden);
    result = error.get();
  }
  call(runtime, shared_slot(shared, Shared::finish), Value::undefined(), {result.get()});
}

Value settled_record(Runtime& runtime, Value value_arg, bool fulfilled) {
  RootedValue value(runtime, value_arg);
  Rooted<JSObject> record(runtime, new_object(runtime, 2));
  const CommonAtoms& atoms = runtime.atoms();
  define(runtime, record.get(), PropertyKey(atoms.status),
         Value(fulfilled ? atoms.fulfilled : atoms.rejected));
  define(runtime, record.get(), PropertyKey(fulfilled ? atoms.value : atoms.reason), value);
  return record.value();
}

// captured: shared state, index, called already?
template <Combinator combinator, bool fulfilled>
Value settle_element(Runtime& runtime, Arguments& args) {
  const auto self = [&] { return static_cast<JSNativeFunction*>(args.callee().as_object()); };
  RootedValue shared(runtime, self()->captured(0));
  const auto index = static_cast<std::uint32_t>(self()->captured(1).as_int());
  RootedValue values(runtime, shared_slot(shared, Shared::values));
  if (self()->captured(2).is_true()) return Value::undefined();
  self()->captured()[2] = Value::boolean(true).word();  // no reference: no barrier
  RootedValue value(runtime, args[0]);
  if (combinator == Combinator::all_settled) {
    value = settled_record(runtime, value, fulfilled);
  }
  define(runtime, values.get().as_object(), PropertyKey::index(index), value);
  if (count_down(runtime, shared)) finish(runtime, shared, combinator == Combinator::any);
  return Value::undefined();
}

const NativeInfo all_fulfilled{"", 1, settle_element<Combinator::all, true>};
const NativeInfo settled_fulfilled{"", 1, settle_element<Combinator::all_settled, true>};
const NativeInfo settled_rejected{"", 1, settle_element<Combinator::all_settled, false>};
const NativeInfo any_rejected{"", 1, settle_element<Combinator::any, false>};

Value element_function(Runtime& runtime, const NativeInfo& info, Value shared, std::int32_t index) {
  const Value captured[] = {shared, Value::integer(index), Value::boolean(false)};
  return new_native_function(runtime, info, captured);
}

// resolve(item).then(on_fulfilled, on_rejected), through the guest's own functions.
void subscribe(Runtime& runtime, Value constructor, Value resolver, Value item, Value on_fulfilled,
               Value on_rejected) {
  RootedValue fulfilled(runtime, on_fulfilled);
  RootedValue rejected(runtime, on_rejected);
  RootedValue next(runtime, call(runtime, resolver, constructor, {item}));
  const Value then = get_named(runtime, next, runtime.atoms().then);
  call(runtime, then, next, {fulfilled.get(), rejected.get()});
}

Value resolver_of(Runtime& runtime, Value constructor) {
  const Value resolver = get_named(runtime, constructor, runtime.atoms().resolve);
  if (!resolver.is_callable()) {
    throw_type_error(runtime, "Promise resolve or reject function is not callable");
  }
  return resolver;
}

void start_all(Runtime& runtime, Arguments& args, Capability& capability, Combinator combinator) {
  RootedValue resolver(runtime, resolver_of(runtime, args.this_value()));
  RootedValue values(runtime, Value(new_array(runtime)));
  const bool is_any = combinator == Combinator::any;
  const Value parts[] = {values.get(), Value::integer(1),
                         is_any ? capability.reject_function() : capability.resolve_function()};
  RootedValue shared(runtime, Value(new_array_from(runtime, parts)));
  std::int32_t index = 0;
  require_iterable(runtime, args[0]);
  iterate(runtime, args[0], [&](Value item_value) {
    RootedValue item(runtime, item_value);
    define(runtime, values.get().as_object(), PropertyKey::index(static_cast<std::uint32_t>(index)),
           Value::undefined());
    const std::int32_t left = shared_slot(shared, Shared::remaining).as_int() + 1;
    set_dense_element(runtime, shared.get().as_object(), Shared::remaining, Value::integer(left));
    RootedValue on_fulfilled(runtime, capability.resolve_function());
    RootedValue on_rejected(runtime, capability.reject_function());
    if (combinator == Combinator::all) {
      on_fulfilled = element_function(runtime, all_fulfilled, shared, index);
    } else if (combinator == Combinator::all_settled) {
      on_fulfilled = element_function(runtime, settled_fulfilled, shared, index);
      on_rejected = element_function(runtime, settled_rejected, shared, index);
    } else {
      on_rejected = element_function(runtime, any_rejected, shared, index);
    }
    ++index;
    subscribe(runtime, args.this_value(), resolver, item, on_fulfilled, on_rejected);
    return true;
  });
  if (count_down(runtime, shared)) finish(runtime, shared, is_any);
}

// Runs `start`; what it throws rejects the promise.
template <class Start>
Value combine(Runtime& runtime, Arguments& args, const char* name, Start&& start) {
  if (!args.this_value().is_object()) {
    throw_type_error(runtime, std::string(name) + " called on non-object");
  }
  Capability capability(runtime, args.this_value());
  try {
    start(capability);
  } catch (const ScriptException&) {
    RootedValue error(runtime, runtime.take_exception());
    capability.reject(error);
  }
  return capability.promise();
}

template <Combinator combinator>
Value promise_combinator(Runtime& runtime, Arguments& args) {
  return combine(runtime, args, "Promise.all",
                 [&](Capability& capability) { start_all(runtime, args, capability, combinator); });
}

Value promise_race(Runtime& runtime, Arguments& args) {
  return combine(runtime, args, "Promise.race", [&](Capability& capability) {
    RootedValue resolver(runtime, resolver_of(runtime, args.this_value()));
    require_iterable(runtime, args[0]);
    iterate(runtime, args[0], [&](Value item) {
      subscribe(runtime, args.this_value(), resolver, item, capability.resolve_function(),
                capability.reject_function());
      return true;
    });
  });
}

// ---- then, catch, finally

// The constructor of promises derived from `promise` (Symbol.species).
Value species_of(Runtime& runtime, Value promise) {
  const Value standard = Value(runtime.intrinsic(Intrinsic::PromiseConstructor));
  if (promise.as_object()->prototype() == runtime.intrinsic(Intrinsic::PromisePrototype)) {
    return standard;
  }
  const Value constructor = get_named(runtime, promise, runtime.atoms().constructor);
  if (!constructor.is_object()) return Value(runtime.intrinsic(Intrinsic::PromiseConstructor));
  const Value species = get(runtime, constructor, PropertyKey(runtime.atoms().symbol_species));
  return species.is_nullish() ? Value(runtime.intrinsic(Intrinsic::PromiseConstructor)) : species;
}

// Settles a promise of a subclass with what the handler makes of the value.
// captured: handler (or undefined), resolve function, reject function, is it a rejection?
Value forward(Runtime& runtime, Arguments& args) {
  const auto captured = [&](std::uint32_t i) {
    return static_cast<JSNativeFunction*>(args.callee().as_object())->captured(i);
  };
  if (!captured(0).is_callable()) {
    call(runtime, captured(captured(3).is_true() ? 2 : 1), Value::undefined(), {args[0]});
    return Value::undefined();
  }
  RootedValue result(runtime);
  try {
    result = call(runtime, captured(0), Value::undefined(), {args[0]});
  } catch (const ScriptException&) {
    RootedValue error(runtime, runtime.take_exception());
    call(runtime, captured(2), Value::undefined(), {error.get()});
    return Value::undefined();
  }
  call(runtime, captured(1), Value::undefined(), {result.get()});
  return Value::undefined();
}

Value then_of_subclass(Runtime& runtime, Arguments& args, Value constructor) {
  static const NativeInfo info{"", 1, forward};
  Capability capability(runtime, constructor);
  const auto handler = [&](std::uint32_t which) {
    const Value captured[] = {args[which], capability.resolve_function(),
                              capability.reject_function(), Value::boolean(which == 1)};
    return Value(new_native_function(runtime, info, captured));
  };
  RootedValue on_fulfilled(runtime, handler(0));
  RootedValue on_rejected(runtime, handler(1));
  promise_then(runtime, args.this_value().as<JSPromise>(), on_fulfilled, on_rejected, nullptr);
  return capability.promise();
}

Value promise_then_method(Runtime& runtime, Arguments& args) {
  this_promise(runtime, args, "Promise.prototype.then");
  RootedValue constructor(runtime, species_of(runtime, args.this_value()));
  if (constructor.get() != Value(runtime.intrinsic(Intrinsic::PromiseConstructor))) {
    return then_of_subclass(runtime, args, constructor);
  }
  Rooted<JSPromise> derived(runtime, new_promise(runtime));
  const Value fulfilled = args[0].is_callable() ? args[0] : Value::undefined();
  const Value rejected = args[1].is_callable() ? args[1] : Value::undefined();
  promise_then(runtime, args.this_value().as<JSPromise>(), fulfilled, rejected, derived.get());
  return derived.value();
}

Value promise_catch(Runtime& runtime, Arguments& args) {
  const Value then = get_named(runtime, args.this_value(), runtime.atoms().then);
  return call(runtime, then, args.this_value(), {Value::undefined(), args[0]});
}

Value return_captured(Runtime&, Arguments& args) {
  return static_cast<JSNativeFunction*>(args.callee().as_object())->captured(0);
}
Value throw_captured(Runtime& runtime, Arguments& args) {
  throw_value(runtime, static_cast<JSNativeFunction*>(args.callee().as_object())->captured(0));
}
const NativeInfo return_info{"", 0, return_captured};
const NativeInfo throw_info{"", 0, throw_captured};

// finally's handlers: call, wait for the result, then pass on what came in.
// captured: on_finally, constructor
template <bool fulfilled>
Value then_finally(Runtime& runtime, Arguments& args) {
  const auto captured = [&](std::uint32_t i) {
    return static_cast<JSNativeFunction*>(args.callee().as_object())->captured(i);
  };
  RootedValue result(runtime, call(runtime, captured(0), Value::undefined()));
  RootedValue resolver(runtime, get_named(runtime, captured(1), runtime.atoms().resolve));
  RootedValue promise(runtime, call(runtime, resolver, captured(1), {result.get()}));
  const Value passed[] = {args[0]};
  RootedValue pass_on(
      runtime, Value(new_native_function(runtime, fulfilled ? return_info : throw_info, passed)));
  const Value then = get_named(runtime, promise, runtime.atoms().then);
  return call(runtime, then, promise, {pass_on.get()});
}
const NativeInfo finally_fulfilled{"", 1, then_finally<true>};
const NativeInfo finally_rejected{"", 1, then_finally<false>};

Value promise_finally(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_type_error(runtime, "Promise.prototype.finally called on a non-object");
  }
  RootedValue on_fulfilled(runtime, args[0]);
  RootedValue on_rejected(runtime, args[0]);
  if (args[0].is_callable()) {
    RootedValue constructor(runtime, species_of(runtime, args.this_value()));
    const auto make = [&](const NativeInfo& info) {
      const Value captured[] = {args[0], constructor.get()};
      return Value(new_native_function(runtime, info, captured));
    };
    on_fulfilled = make(finally_fulfilled);
    on_rejected = make(finally_rejected);
  }
  const Value then = get_named(runtime, args.this_value(), runtime.atoms().then);
  return call(runtime, then, args.this_value(), {on_fulfilled.get(), on_rejected.get()});
}

Value species(Runtime&, Arguments& args) { return args.this_value(); }

const NativeInfo constructor_info{"Promise", 1, promise_constructor, true};
const NativeInfo statics[] = {
    {"all", 1, promise_combinator<Combinator::all>},
    {"allSettled", 1, promise_combinator<Combinator::all_settled>},
    {"any", 1, promise_combinator<Combinator::any>},
    {"race", 1, promise_race},
    {"resolve", 1, promise_resolve_method},
    {"reject", 1, promise_reject_method},
};
const NativeInfo methods[] = {
    {"then", 2, promise_then_method},
    {"catch", 1, promise_catch},
    {"finally", 1, promise_finally},
};
const NativeInfo species_info{"get [Symbol.species]", 0, species};

}  // namespace

void install_promise(Runtime& runtime) {
  const auto prototype = [&] { return runtime.intrinsic(Intrinsic::PromisePrototype); };
  Rooted<JSObject> constructor(runtime, define_class(runtime, constructor_info, prototype()));
  runtime.set_intrinsic(Intrinsic::PromiseConstructor, constructor.get());
  define_methods(runtime, constructor.get(), statics);
  define_getter(runtime, constructor.get(), PropertyKey(runtime.atoms().symbol_species),
                species_info);
  define_methods(runtime, prototype(), methods);
  define_tag(runtime, prototype(), "Promise");
  RootedValue then(runtime, get_named(runtime, Value(prototype()), runtime.atoms().then));
  runtime.set_intrinsic(Intrinsic::PromiseThen, then.get().as_object());
}

}  // namespace heaplab::interp::builtins
