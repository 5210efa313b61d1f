// SPDX-License-Identifier: MIT
// Slow paths of the instructions that create objects.

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/handlers.h"
#include "vm/property_access.h"

namespace heaplab::interp::handlers {

namespace {

/// The prototype of a class's prototype object: null for `extends null`.
JSObject* parent_prototype(Runtime& runtime, Value superclass) {
  if (superclass.is_null()) return nullptr;
  RootedValue parent(runtime, superclass);
  if (!is_constructor(superclass)) {
    throw_type_error(runtime, fmt::format("Class extends value {} is not a constructor or null",
                                          describe_for_error(runtime, superclass)));
  }
  const Value prototype = get_named(runtime, parent, runtime.atoms().prototype);
  if (!prototype.is_object() && !prototype.is_null()) {
    throw_type_error(runtime,
                     fmt::format("Class extends value does not have valid prototype property {}",
                                 describe_for_error(runtime, prototype)));
  }
  return prototype.is_null() ? nullptr : prototype.as_object();
}

}  // namespace

Value create_class(Runtime& runtime, FunctionCode& code, Value context, Value superclass,
                   bool has_superclass, Value* prototype_out) {
  RootedValue scope(runtime, context);
  RootedValue parent(runtime, superclass);
  Rooted<JSObject> prototype(runtime);
  prototype = has_superclass ? parent_prototype(runtime, superclass)
                             : runtime.intrinsic(Intrinsic::ObjectPrototype);
  prototype = new_object_with_prototype(runtime, prototype.get());
  Rooted<JSFunction> constructor(
      runtime,
      new_function(runtime, code, scope.get().is_hole() ? nullptr : scope.get().as<Context>(),
                   prototype.get()));
  if (parent.get().is_object()) {
    set_prototype(runtime, constructor.get(), parent.get().as_object());
  }
  constructor->set_flag(JSObject::lazy_flag, false);
  const CommonAtoms& atoms = runtime.atoms();
  add_property(runtime, constructor.get(), PropertyKey(atoms.length),
               Value::integer(code.source->length), kConfigurable);
  RootedValue name(runtime, Value(new_string(runtime, code.source->name)));
  add_property(runtime, constructor.get(), PropertyKey(runtime.atoms().name), name, kConfigurable);
  add_property(runtime, constructor.get(), PropertyKey(runtime.atoms().prototype),
               prototype.value(), kNone);
  add_property(runtime, prototype.get(), PropertyKey(runtime.atoms().constructor),
               constructor.value(), kHidden);
  *prototype_out = prototype.value();
  return constructor.value();
}

void initialize_fields(Runtime& runtime, Value instance, Value constructor) {
  Object* initializer = constructor.as<JSFunction>()->field_initializer_.get();
  if (initializer) call(runtime, Value(initializer), instance);
}

Value template_object(Runtime& runtime, FunctionCode& code, std::uint32_t index) {
  if (const Value known = code.objects->get(index); !known.is_hole()) return known;
  const TemplateStrings& strings = code.source->template_objects[index];
  Rooted<JSArray> cooked(runtime, new_array(runtime));
  Rooted<JSArray> raw(runtime, new_array(runtime));
  for (const TemplateStrings::Part& part : strings.parts) {
    String* text = new_string(runtime, part.raw);
    array_push(runtime, raw.get(), Value(text));
    const Value value =
        part.has_cooked ? Value(new_string(runtime, part.cooked)) : Value::undefined();
    array_push(runtime, cooked.get(), value);
  }
  define(runtime, cooked.get(), PropertyKey(runtime.atoms().raw), raw.value(), kNone);
  set_integrity(runtime, raw.get(), Integrity::frozen);
  set_integrity(runtime, cooked.get(), Integrity::frozen);
  runtime.heap().write(code.objects, code.objects->words()[index], cooked.value().word());
  return cooked.value();
}

Value regexp(Runtime& runtime, const RegExpLiteral& literal) {
  RootedValue pattern(runtime, Value(new_string(runtime, literal.pattern)));
  RootedValue flags(runtime, Value(new_string(runtime, literal.flags)));
  const Value constructor(runtime.intrinsic(Intrinsic::RegExpConstructor));
  const Value args[] = {pattern.get(), flags.get()};
  return construct(runtime, constructor, args);
}

Value create_context(Runtime& runtime, FunctionCode& code, std::uint32_t scope, Value parent_arg) {
  RootedValue parent(runtime, parent_arg);
  const ScopeInfo& info = code.source->scopes[scope];
  const auto count = static_cast<std::uint32_t>(info.names.size());
  auto* context = runtime.heap().allocate_array<Context>(type_id(HeapType::Context), count);
  context->scope_ = &info;
  context->owner_ = code.source;
  if (!parent.get().is_hole()) {
    runtime.heap().write(context, context->parent_, parent.get().as<Context>());
  }
  for (std::uint32_t i = 0; i < count; ++i) context->slots()[i] = Value::undefined().word();
  return Value(context);
}

Value copy_context(Runtime& runtime, Value context) {
  Rooted<Context> from(runtime, context.as<Context>());
  const std::uint32_t count = from->length();
  auto* copy = runtime.heap().allocate_array<Context>(type_id(HeapType::Context), count);
  copy->scope_ = from->scope_;
  copy->owner_ = from->owner_;
  runtime.heap().write(copy, copy->parent_, from->parent_.get());
  runtime.heap().copy_words(copy, copy->slots(), from->slots(), count);
  return Value(copy);
}

void array_spread(Runtime& runtime, Value array, Value iterable) {
  Rooted<JSArray> target(runtime, array.as<JSArray>());
  iterate(runtime, iterable, [&](Value value) {
    array_push(runtime, target.get(), value);
    return true;
  });
}

}  // namespace heaplab::interp::handlers
