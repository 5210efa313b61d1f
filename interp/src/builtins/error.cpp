// SPDX-License-Identifier: MIT
// Error and its kinds.
#include "install.h"
#include "support.h"

namespace heaplab::interp::builtins {

namespace {

// `message` and `cause` as the standard installs them, then the stack.
Value make_error(Runtime& runtime, Arguments& args, Intrinsic fallback, std::uint32_t message) {
  const Value new_target = args.is_construct() ? args.new_target() : args.callee();
  JSObject* prototype = prototype_for_construct(runtime, new_target, runtime.intrinsic(fallback));
  Rooted<JSObject> error(runtime, new_exotic<JSError>(runtime, HeapType::Error, prototype));
  const CommonAtoms& atoms = runtime.atoms();
  if (!args[message].is_undefined()) {
    RootedValue text(runtime, Value(to_string(runtime, args[message])));
    define(runtime, error.get(), PropertyKey(atoms.message), text, kHidden);
  }
  if (args[message + 1].is_object() &&
      has_property(runtime, args[message + 1].as_object(), PropertyKey(atoms.cause))) {
    RootedValue cause(runtime, get_named(runtime, args[message + 1], atoms.cause));
    define(runtime, error.get(), PropertyKey(atoms.cause), cause, kHidden);
  }
  // As in V8, the constructors of derived classes are no part of the trace.
  capture_stack(runtime, error.get(), args.is_construct() ? args.new_target() : args.callee());
  return error.value();
}

template <Intrinsic prototype>
Value error_constructor(Runtime& runtime, Arguments& args) {
  return make_error(runtime, args, prototype, 0);
}

Value aggregate_error_constructor(Runtime& runtime, Arguments& args) {
  RootedValue error(runtime, make_error(runtime, args, Intrinsic::AggregateErrorPrototype, 1));
  RootedValues list(runtime);
  iterate_to_list(runtime, args[0], &list);
  RootedValue errors(runtime, Value(array_of(runtime, list)));
  define(runtime, error.get().as_object(), PropertyKey(runtime.atoms().errors), errors, kHidden);
  return error.get();
}

Value error_capture_stack_trace(Runtime& runtime, Arguments& args) {
  if (!args[0].is_object()) {
    throw_type_error(runtime, "Invalid argument");
  }
  capture_stack(runtime, args[0].as_object(), args[1]);
  return Value::undefined();
}

Value error_to_string(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_object()) {
    throw_type_error(runtime, "Error.prototype.toString requires that 'this' be a JSReceiver");
  }
  const CommonAtoms& atoms = runtime.atoms();
  RootedValue name(runtime, get_named(runtime, args.this_value(), atoms.name));
  name = name.get().is_undefined() ? text_value(runtime, "Error") : Value(to_string(runtime, name));
  RootedValue message(runtime, get_named(runtime, args.this_value(), atoms.message));
  message = message.get().is_undefined() ? Value(atoms.empty) : Value(to_string(runtime, message));
  if (name.get().as_string()->length() == 0) return message;
  if (message.get().as_string()->length() == 0) return name;
  Rooted<String> separator(runtime, new_string_latin1(runtime, ": "));
  Rooted<String> head(runtime, concat(runtime, name.get().as_string(), separator.get()));
  return concat(runtime, head.get(), message.get().as_string());
}

const NativeInfo error_info{"Error", 1, error_constructor<Intrinsic::ErrorPrototype>, true};
const NativeInfo capture_info[] = {{"captureStackTrace", 2, error_capture_stack_trace}};
const NativeInfo prototype_methods[] = {{"toString", 0, error_to_string}};

struct Kind {
  NativeInfo info;
  Intrinsic prototype;
};
#define ERROR_KIND(name) \
  { {#name, 1, error_constructor<Intrinsic::name##Prototype>, true}, Intrinsic::name##Prototype }
const Kind kinds[] = {
    ERROR_KIND(TypeError),
    ERROR_KIND(RangeError),
    ERROR_KIND(ReferenceError),
    ERROR_KIND(SyntaxError),
    ERROR_KIND(EvalError),
    ERROR_KIND(URIError),
    {{"AggregateError", 2, aggregate_error_constructor, true}, Intrinsic::AggregateErrorPrototype},
};
#undef ERROR_KIND

void name_prototype(Runtime& runtime, Intrinsic which, const char* name) {
  RootedValue text(runtime, text_value(runtime, name));
  define(runtime, runtime.intrinsic(which), PropertyKey(runtime.atoms().name), text, kHidden);
  define(runtime, runtime.intrinsic(which), PropertyKey(runtime.atoms().message),
         Value(runtime.atoms().empty), kHidden);
}

}  // namespace

void install_error(Runtime& runtime) {
  Rooted<JSObject> error(
      runtime, define_class(runtime, error_info, runtime.intrinsic(Intrinsic::ErrorPrototype)));
  runtime.set_intrinsic(Intrinsic::ErrorConstructor, error.get());
  define_methods(runtime, error.get(), capture_info);
  define(runtime, error.get(), PropertyKey(runtime.atoms().stackTraceLimit),
         Value::number(runtime.options().stack_trace_limit));
  name_prototype(runtime, Intrinsic::ErrorPrototype, "Error");
  define_methods(runtime, runtime.intrinsic(Intrinsic::ErrorPrototype), prototype_methods);
  for (const Kind& kind : kinds) {
    Rooted<JSObject> made(runtime,
                          define_class(runtime, kind.info, runtime.intrinsic(kind.prototype)));
    set_prototype(runtime, made.get(), error.get());
    name_prototype(runtime, kind.prototype, kind.info.name);
  }
}

}  // namespace heaplab::interp::builtins
