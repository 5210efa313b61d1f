// SPDX-License-Identifier: MIT
// setTimeout and its kin. The queue is the event loop's; a Timeout object carries the callback, its
// arguments and the loop's id for it, and is what a heap snapshot shows as holding the closure.
#include "heaplab/interp/event_loop.h"

#include "install.h"
#include "support.h"
#include "vm/property_access.h"

namespace heaplab::interp::builtins {

namespace {

struct TimerState {
  Value id_name = Value::undefined();  ///< private name of the loop's id
  Value timeout_prototype = Value::undefined();
  Value immediate_prototype = Value::undefined();
};

TimerState& timers(Runtime& runtime) { return runtime.state<TimerState>(); }

// The loop's id of a Timeout, an Immediate, or what Number(timeout) gave; 0: none.
EventLoop::Id id_of(Runtime& runtime, Value timer) {
  if (timer.is_object()) {
    const PropertyRef found =
        find_own(runtime, timer.as_object(), PropertyKey(timers(runtime).id_name.as_symbol()));
    return found.found() ? static_cast<EventLoop::Id>(found.value.as_number()) : 0;
  }
  if (timer.is_number()) return static_cast<EventLoop::Id>(std::max(0.0, timer.as_number()));
  if (timer.is_string()) {
    const double number = string_to_number(timer.as_string());
    return number > 0 ? static_cast<EventLoop::Id>(number) : 0;
  }
  return 0;
}

void set_field(Runtime& runtime, const Rooted<JSObject>& object, const char* name, Value value) {
  define_value(runtime, object.get(), name, value, kAll);
}

// The callback's arguments as an array, or undefined if there are none.
Value argument_list(Runtime& runtime, Arguments& args, std::uint32_t first) {
  if (args.count() <= first) return Value::undefined();
  return new_array_from(runtime, args.from(first));
}

void call_with_list(Runtime& runtime, Value callback_arg, Value receiver_arg, Value list_arg) {
  RootedValue callback(runtime, callback_arg);
  RootedValue receiver(runtime, receiver_arg);
  RootedValues list(runtime);
  list_from_array_like(runtime, list_arg, &list);
  call(runtime, callback, receiver, list.span());
}

void fire_timeout(Runtime& runtime, Value object) {
  Rooted<JSObject> timeout(runtime, object.as_object());
  RootedValue callback(runtime, get_property(runtime, timeout.value(), "_onTimeout"));
  RootedValue list(runtime, get_property(runtime, timeout.value(), "_timerArgs"));
  const Value repeat = get_property(runtime, timeout.value(), "_repeat");
  if (repeat.is_null()) set_field(runtime, timeout, "_destroyed", Value::boolean(true));
  if (callback.get().is_callable()) call_with_list(runtime, callback, timeout.value(), list);
}

void fire_immediate(Runtime& runtime, Value object) {
  Rooted<JSObject> immediate(runtime, object.as_object());
  RootedValue callback(runtime, get_property(runtime, immediate.value(), "_onImmediate"));
  RootedValue list(runtime, get_property(runtime, immediate.value(), "_argv"));
  set_field(runtime, immediate, "_destroyed", Value::boolean(true));
  if (callback.get().is_callable()) call_with_list(runtime, callback, immediate.value(), list);
}

void remember_id(Runtime& runtime, const Rooted<JSObject>& timer, EventLoop::Id id) {
  add_property(runtime, timer.get(), PropertyKey(timers(runtime).id_name.as_symbol()),
               Value::number(static_cast<std::uint64_t>(id)), kWritable);
}

void require_callback(Runtime& runtime, Value callback) {
  if (!callback.is_callable()) {
    throw_invalid_argument(runtime, "callback", "of type function", callback);
  }
}

Value start_timer(Runtime& runtime, Arguments& args, bool repeat) {
  require_callback(runtime, args[0]);
  double delay = args[1].is_undefined() ? 1 : to_number(runtime, args[1]);
  if (!(delay >= 1 && delay <= 2147483647.0)) delay = 1;
  delay = std::floor(delay);
  Rooted<JSObject> timeout(runtime, new_object_with_prototype(
                                        runtime, timers(runtime).timeout_prototype.as_object(), 6));
  set_field(runtime, timeout, "_idleTimeout", Value::number(delay));
  set_field(runtime, timeout, "_onTimeout", args[0]);
  RootedValue list(runtime, argument_list(runtime, args, 2));
  set_field(runtime, timeout, "_timerArgs", list);
  set_field(runtime, timeout, "_repeat", repeat ? Value::number(delay) : Value::null());
  set_field(runtime, timeout, "_destroyed", Value::boolean(false));
  const EventLoop::Id id =
      runtime.event_loop().add_timer(delay, repeat, timeout.value(), fire_timeout);
  remember_id(runtime, timeout, id);
  return timeout.value();
}

Value set_timeout(Runtime& runtime, Arguments& args) { return start_timer(runtime, args, false); }
Value set_interval(Runtime& runtime, Arguments& args) { return start_timer(runtime, args, true); }

Value set_immediate(Runtime& runtime, Arguments& args) {
  require_callback(runtime, args[0]);
  Rooted<JSObject> immediate(
      runtime,
      new_object_with_prototype(runtime, timers(runtime).immediate_prototype.as_object(), 4));
  set_field(runtime, immediate, "_onImmediate", args[0]);
  RootedValue list(runtime, argument_list(runtime, args, 1));
  set_field(runtime, immediate, "_argv", list);
  set_field(runtime, immediate, "_destroyed", Value::boolean(false));
  const EventLoop::Id id = runtime.event_loop().add_immediate(immediate.value(), fire_immediate);
  remember_id(runtime, immediate, id);
  return immediate.value();
}

Value clear_timer(Runtime& runtime, Arguments& args) {
  const EventLoop::Id id = id_of(runtime, args[0]);
  if (id == 0) return Value::undefined();
  runtime.event_loop().clear(id);
  if (args[0].is_object()) {
    Rooted<JSObject> timer(runtime, args[0].as_object());
    set_field(runtime, timer, "_destroyed", Value::boolean(true));
  }
  return Value::undefined();
}

Value timer_ref(Runtime& runtime, Arguments& args) {
  runtime.event_loop().set_ref(id_of(runtime, args.this_value()), true);
  return args.this_value();
}
Value timer_unref(Runtime& runtime, Arguments& args) {
  runtime.event_loop().set_ref(id_of(runtime, args.this_value()), false);
  return args.this_value();
}
Value timer_has_ref(Runtime& runtime, Arguments& args) {
  return Value::boolean(runtime.event_loop().has_ref(id_of(runtime, args.this_value())));
}
Value timer_refresh(Runtime& runtime, Arguments& args) {
  runtime.event_loop().refresh_timer(id_of(runtime, args.this_value()));
  return args.this_value();
}
Value timer_close(Runtime& runtime, Arguments& args) {
  runtime.event_loop().clear(id_of(runtime, args.this_value()));
  return args.this_value();
}
Value timer_to_primitive(Runtime& runtime, Arguments& args) {
  return Value::number(static_cast<std::uint64_t>(id_of(runtime, args.this_value())));
}

Value queue_microtask(Runtime& runtime, Arguments& args) {
  require_callback(runtime, args[0]);
  runtime.event_loop().add_microtask(args[0]);
  return Value::undefined();
}

// Only the runtime makes these objects.
Value no_constructor(Runtime& runtime, Arguments&) {
  throw_type_error(runtime, "Illegal constructor");
}

const NativeInfo timeout_info{"Timeout", 0, no_constructor, true};
const NativeInfo immediate_info{"Immediate", 0, no_constructor, true};
const NativeInfo globals[] = {
    {"setTimeout", 2, set_timeout},         {"setInterval", 2, set_interval},
    {"setImmediate", 1, set_immediate},     {"clearTimeout", 1, clear_timer},
    {"clearInterval", 1, clear_timer},      {"clearImmediate", 1, clear_timer},
    {"queueMicrotask", 1, queue_microtask},
};
const NativeInfo shared_methods[] = {
    {"ref", 0, timer_ref}, {"unref", 0, timer_unref}, {"hasRef", 0, timer_has_ref}};
const NativeInfo timeout_methods[] = {{"refresh", 0, timer_refresh}, {"close", 0, timer_close}};
const NativeInfo to_primitive_info{"[Symbol.toPrimitive]", 0, timer_to_primitive};

// A prototype whose constructor has that name but is no global.
Value make_prototype(Runtime& runtime, const NativeInfo& info) {
  Rooted<JSObject> prototype(runtime, new_object(runtime));
  RootedValue constructor(runtime, Value(new_native_function(runtime, info)));
  define(runtime, prototype.get(), PropertyKey(runtime.atoms().constructor), constructor, kHidden);
  define(runtime, constructor.get().as_object(), PropertyKey(runtime.atoms().prototype),
         prototype.value(), kNone);
  define_methods(runtime, prototype.get(), shared_methods);
  return prototype.value();
}

}  // namespace

void install_timers(Runtime& runtime) {
  TimerState& state = timers(runtime);
  runtime.add_named_root("timer id name", &state.id_name);
  runtime.add_named_root("Timeout.prototype", &state.timeout_prototype);
  runtime.add_named_root("Immediate.prototype", &state.immediate_prototype);
  Rooted<String> name(runtime, new_string_latin1(runtime, "#timerId"));
  state.id_name = Value(new_private_name(runtime, name.get()));
  state.timeout_prototype = make_prototype(runtime, timeout_info);
  define_methods(runtime, state.timeout_prototype.as_object(), timeout_methods);
  define_method(runtime, state.timeout_prototype.as_object(),
                PropertyKey(runtime.atoms().symbol_to_primitive), to_primitive_info);
  state.immediate_prototype = make_prototype(runtime, immediate_info);
  define_methods(runtime, runtime.global(), globals);
}

}  // namespace heaplab::interp::builtins
