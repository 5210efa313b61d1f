// SPDX-License-Identifier: MIT
// Function.prototype. The Function constructor itself only refuses: guest programs cannot make code
// from text here.
#include "install.h"
#include "support.h"
#include "vm/property_access.h"

namespace heaplab::interp::builtins {

namespace {

Value function_constructor(Runtime& runtime, Arguments&) {
  throw_type_error(runtime, "Function(...) from text is not supported by heaplab run");
}

/// "a number", "an object", "undefined"
std::string with_article(const std::string& type) {
  if (type == "undefined") return type;
  return (type == "object" ? "an " : "a ") + type;
}

Value function_call(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_callable()) {
    const std::string source = caller_text(runtime);
    throw_type_error(runtime,
                     (source.empty() ? "Function.prototype.call" : source) + " is not a function");
  }
  return call(runtime, args.this_value(), args[0], args.from(1));
}

Value function_apply(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_callable()) {
    throw_type_error(runtime, "Function.prototype.apply was called on " +
                                  describe_for_error(runtime, args.this_value()) + ", which is " +
                                  with_article(to_utf8(type_of(runtime, args.this_value()))) +
                                  " and not a function");
  }
  RootedValues list(runtime);
  list_from_array_like(runtime, args[1], &list);
  return call(runtime, args.this_value(), args[0], list.span());
}

Value function_bind(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_callable()) {
    throw_type_error(runtime, "Bind must be called on a function");
  }
  const CommonAtoms& atoms = runtime.atoms();
  Rooted<JSBoundFunction> bound(
      runtime, new_bound_function(runtime, args.this_value().as_object(), args[0], args.from(1)));
  double length = 0;
  if (has_own_property(runtime, args.this_value().as_object(), PropertyKey(atoms.length))) {
    const Value declared = get_named(runtime, args.this_value(), atoms.length);
    const double given = args.count() > 1 ? args.count() - 1 : 0;
    if (declared.is_number()) length = std::max(0.0, to_integer(runtime, declared) - given);
  }
  define(runtime, bound.get(), PropertyKey(atoms.length), Value::number(length), kConfigurable);
  RootedValue name(runtime, get_named(runtime, args.this_value(), atoms.name));
  if (!name.get().is_string()) name = Value(atoms.empty);
  Rooted<String> prefix(runtime, new_string_latin1(runtime, "bound "));
  RootedValue full(runtime, Value(concat(runtime, prefix.get(), name.get().as_string())));
  define(runtime, bound.get(), PropertyKey(atoms.name), full, kConfigurable);
  return bound.value();
}

Value function_to_string(Runtime& runtime, Arguments& args) {
  if (!args.this_value().is_callable()) {
    throw_type_error(runtime, "Function.prototype.toString requires that 'this' be a Function");
  }
  return text_value(runtime, function_source(args.this_value().as_object()));
}

Value function_has_instance(Runtime& runtime, Arguments& args) {
  return Value::boolean(ordinary_has_instance(runtime, args.this_value(), args[0]));
}

const NativeInfo constructor_info{"Function", 1, function_constructor, true};
// Not global: a program finds them as the constructor of its functions.
const NativeInfo async_info{"AsyncFunction", 1, function_constructor, true};
const NativeInfo generator_info{"GeneratorFunction", 1, function_constructor, true};
const NativeInfo async_generator_info{"AsyncGeneratorFunction", 1, function_constructor, true};
const NativeInfo methods[] = {
    {"apply", 2, function_apply},
    {"bind", 1, function_bind},
    {"call", 1, function_call},
    {"toString", 0, function_to_string},
};
const NativeInfo has_instance_info{"[Symbol.hasInstance]", 1, function_has_instance};

void define_function_kind(Runtime& runtime, const NativeInfo& info, Intrinsic prototype) {
  RootedValue constructor(runtime, Value(new_native_function(runtime, info)));
  const CommonAtoms& atoms = runtime.atoms();
  define(runtime, constructor.get().as_object(), PropertyKey(atoms.prototype),
         Value(runtime.intrinsic(prototype)), kNone);
  define(runtime, runtime.intrinsic(prototype), PropertyKey(atoms.constructor), constructor,
         kConfigurable);
}

}  // namespace

void list_from_array_like(Runtime& runtime, Value source, RootedValues* out) {
  if (source.is_nullish()) return;
  if (!source.is_object()) {
    throw_type_error(runtime, "CreateListFromArrayLike called on non-object");
  }
  RootedValue from(runtime, source);
  const std::uint64_t length = length_of(runtime, from);
  if (length > 120'000) throw_range_error(runtime, "Maximum call stack size exceeded");
  for (std::uint64_t i = 0; i < length; ++i) out->push_back(get_index(runtime, from, i));
}

void install_function(Runtime& runtime) {
  define_class(runtime, constructor_info, runtime.intrinsic(Intrinsic::FunctionPrototype));
  define_methods(runtime, runtime.intrinsic(Intrinsic::FunctionPrototype), methods);
  Rooted<JSNativeFunction> has_instance(runtime, new_native_function(runtime, has_instance_info));
  define(runtime, runtime.intrinsic(Intrinsic::FunctionPrototype),
         PropertyKey(runtime.atoms().symbol_has_instance), has_instance.value(), kNone);
  define_function_kind(runtime, async_info, Intrinsic::AsyncFunctionPrototype);
  define_function_kind(runtime, generator_info, Intrinsic::GeneratorFunctionPrototype);
  define_function_kind(runtime, async_generator_info, Intrinsic::AsyncGeneratorFunctionPrototype);
}

}  // namespace heaplab::interp::builtins
