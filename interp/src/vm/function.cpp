// SPDX-License-Identifier: MIT
#include "heaplab/interp/function.h"

#include <cstring>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/runtime.h"
#include "heaplab/interp/source.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

Intrinsic function_prototype_of(const FunctionTemplate& function) {
  if (function.is_generator) {
    return function.is_async ? Intrinsic::AsyncGeneratorFunctionPrototype
                             : Intrinsic::GeneratorFunctionPrototype;
  }
  return function.is_async ? Intrinsic::AsyncFunctionPrototype : Intrinsic::FunctionPrototype;
}

/// A native's key: "[Symbol.iterator]" is the symbol, "get size" the name of a getter for size.
PropertyKey native_key(Runtime& runtime, const NativeInfo& info) {
  constexpr std::string_view prefix = "[Symbol.";
  const std::string_view name(info.name);
  if (name.substr(0, prefix.size()) == prefix) {
    const std::string_view symbol = name.substr(1, name.size() - 2);
    const CommonAtoms& atoms = runtime.atoms();
#define ATOM(name)
#define ATOM_TEXT(name, text)
#define SYMBOL(name, text) \
  if (symbol == text) return PropertyKey(atoms.name);
#include "heaplab/interp/atoms.def"
#undef ATOM
#undef ATOM_TEXT
#undef SYMBOL
  }
  return runtime.key(name);
}

}  // namespace

JSFunction* new_function(Runtime& runtime, FunctionCode& code, Context* context_arg,
                         JSObject* home_object) {
  Rooted<Context> context(runtime, context_arg);
  Rooted<JSObject> home(runtime, home_object);
  const Intrinsic kind = function_prototype_of(*code.source);
  Shape* shape = kind == Intrinsic::FunctionPrototype
                     ? runtime.function_shape()
                     : root_shape(runtime, runtime.intrinsic(kind), 0);
  Rooted<Shape> s(runtime, shape);
  auto* function = runtime.heap().allocate<JSFunction>(type_id(HeapType::Function));
  // Fresh and small: no barriers needed.
  function->shape_.init(s.get());
  function->elements_.init(runtime.empty_elements());
  function->code_ = &code;
  function->context_.init(context.get());
  function->home_object_.init(home.get());
  function->set_flag(JSObject::lazy_flag, true);
  return function;
}

JSNativeFunction* new_native_function(Runtime& runtime, const NativeInfo& info,
                                      std::span<const Value> captured) {
  RootedValues values(runtime);
  values.vector().assign(captured.begin(), captured.end());
  auto* function = static_cast<JSNativeFunction*>(new_exotic_object(
      runtime, HeapType::NativeFunction, runtime.intrinsic(Intrinsic::FunctionPrototype),
      static_cast<std::uint32_t>(captured.size())));
  function->info_ = &info;
  for (std::size_t i = 0; i < values.size(); ++i) {
    runtime.heap().write(function, function->captured()[i], values[i].word());
  }
  function->set_flag(JSObject::lazy_flag, true);
  return function;
}

JSBoundFunction* new_bound_function(Runtime& runtime, JSObject* target, Value this_value,
                                    std::span<const Value> args) {
  RootedValues values(runtime);
  values.vector().assign(args.begin(), args.end());
  Rooted<JSObject> t(runtime, target);
  RootedValue self(runtime, this_value);
  auto* bound = static_cast<JSBoundFunction*>(
      new_exotic_object(runtime, HeapType::BoundFunction, target->prototype(),
                        static_cast<std::uint32_t>(args.size())));
  Heap& heap = runtime.heap();
  heap.write(bound, bound->target_, t.value().word());
  heap.write(bound, bound->this_, self.get().word());
  for (std::size_t i = 0; i < values.size(); ++i) {
    heap.write(bound, bound->bound()[i], values[i].word());
  }
  return bound;
}

JSObject* new_arguments_object(Runtime& runtime, std::span<const Value> args) {
  RootedValues values(runtime);
  values.vector().assign(args.begin(), args.end());
  const auto count = static_cast<std::uint32_t>(args.size());
  Rooted<JSObject> object(runtime,
                          new_exotic_object(runtime, HeapType::Arguments,
                                            runtime.intrinsic(Intrinsic::ObjectPrototype)));
  if (count > 0) reserve_elements(runtime, object.get(), count);
  for (std::uint32_t i = 0; i < count; ++i) {
    write_element(runtime.heap(), object->dense_elements(), i, values[i]);
  }
  object->length_ = count;
  add_property(runtime, object.get(), PropertyKey(runtime.atoms().length), Value::number(count),
               kHidden);
  add_property(runtime, object.get(), PropertyKey(runtime.atoms().symbol_iterator),
               Value(runtime.intrinsic(Intrinsic::ArrayPrototypeValues)), kHidden);
  return object.get();
}

namespace {

void materialize_native(Runtime& runtime, Rooted<JSObject>& function) {
  const NativeInfo& info = *static_cast<JSNativeFunction*>(function.get())->info_;
  add_property(runtime, function.get(), PropertyKey(runtime.atoms().length),
               Value::integer(info.length), kConfigurable);
  RootedValue name(runtime, Value(new_string_utf8(runtime, info.name)));
  add_property(runtime, function.get(), PropertyKey(runtime.atoms().name), name, kConfigurable);
}

/// f.prototype of a constructor or a generator function.
void materialize_prototype(Runtime& runtime, Rooted<JSObject>& function) {
  const FunctionTemplate& source = *static_cast<JSFunction*>(function.get())->code_->source;
  Rooted<JSObject> prototype(runtime);
  if (source.is_generator) {
    prototype = new_object_with_prototype(
        runtime, runtime.intrinsic(source.is_async ? Intrinsic::AsyncGeneratorPrototype
                                                   : Intrinsic::GeneratorPrototype));
  } else {
    prototype = new_object(runtime);
    add_property(runtime, prototype.get(), PropertyKey(runtime.atoms().constructor),
                 function.value(), kHidden);
  }
  add_property(runtime, function.get(), PropertyKey(runtime.atoms().prototype), prototype.value(),
               kWritable);
}

}  // namespace

void materialize(Runtime& runtime, JSObject* object) {
  Rooted<JSObject> function(runtime, object);
  function->set_flag(JSObject::lazy_flag, false);
  if (has_type(object, HeapType::Error)) {
    materialize_stack(runtime, static_cast<JSError*>(object));
    return;
  }
  if (has_type(object, HeapType::NativeFunction)) {
    materialize_native(runtime, function);
    return;
  }
  const FunctionTemplate& source = *static_cast<JSFunction*>(object)->code_->source;
  add_property(runtime, function.get(), PropertyKey(runtime.atoms().length),
               Value::integer(source.length), kConfigurable);
  RootedValue name(runtime, Value(new_string(runtime, source.name)));
  add_property(runtime, function.get(), PropertyKey(runtime.atoms().name), name, kConfigurable);
  if (source.is_constructor() || source.is_generator) materialize_prototype(runtime, function);
}

JSObject* define_method(Runtime& runtime, JSObject* object, PropertyKey key,
                        const NativeInfo& info) {
  Rooted<JSObject> target(runtime, object);
  RootedValue k(runtime, key.to_rootable());
  Rooted<JSObject> function(runtime, new_native_function(runtime, info));
  define(runtime, target.get(), PropertyKey::from_value(k), function.value(), kHidden);
  return function.get();
}

void define_methods(Runtime& runtime, JSObject* object, std::span<const NativeInfo> methods) {
  Rooted<JSObject> target(runtime, object);
  for (const NativeInfo& info : methods) {
    const PropertyKey key = native_key(runtime, info);
    define_method(runtime, target.get(), key, info);
  }
}

void define_getter(Runtime& runtime, JSObject* object, PropertyKey key, const NativeInfo& getter,
                   const NativeInfo* setter) {
  Rooted<JSObject> target(runtime, object);
  RootedValue k(runtime, key.to_rootable());
  RootedValue g(runtime, Value(new_native_function(runtime, getter)));
  RootedValue s(runtime);
  if (setter) s = Value(new_native_function(runtime, *setter));
  define_accessor(runtime, target.get(), PropertyKey::from_value(k), g, s, kConfigurable);
}

JSObject* define_class(Runtime& runtime, const NativeInfo& info, JSObject* prototype_arg) {
  Rooted<JSObject> prototype(runtime, prototype_arg);
  Rooted<JSObject> constructor(runtime, new_native_function(runtime, info));
  define(runtime, constructor.get(), PropertyKey(runtime.atoms().prototype), prototype.value(),
         kNone);
  define(runtime, prototype.get(), PropertyKey(runtime.atoms().constructor), constructor.value(),
         kHidden);
  const PropertyKey name = runtime.key(info.name);
  define(runtime, runtime.global(), name, constructor.value(), kHidden);
  return constructor.get();
}

bool is_constructor(Value value) {
  if (!value.is_callable()) return false;
  switch (heap_type(value.as_reference())) {
    case HeapType::Function:
      return value.as<JSFunction>()->code_->is_constructor;
    case HeapType::NativeFunction:
      return value.as<JSNativeFunction>()->info_->is_constructor;
    default:
      return is_constructor(Value::from(value.as<JSBoundFunction>()->target_));
  }
}

std::string function_name(const JSObject* function) {
  const Shape* shape = function->shape();
  for (std::uint32_t i = 0; i < shape->property_count_; ++i) {
    const PropertyTable::Entry& entry = shape->table_->entries()[i];
    const Value key = Value::from(entry.key);
    if (!key.is_string() || !equals_ascii(key.as_string(), "name")) continue;
    if (entry_flags(entry) & kAccessor) return "";
    const Value name =
        Value::from(*slot_address(const_cast<JSObject*>(function), entry_slot(entry)));
    return name.is_string() ? to_utf8(name.as_string()) : "";
  }
  if (!function->flag(JSObject::lazy_flag)) return "";
  if (has_type(function, HeapType::NativeFunction)) {
    return static_cast<const JSNativeFunction*>(function)->info_->name;
  }
  return utf16_to_utf8(static_cast<const JSFunction*>(function)->code_->source->name);
}

std::string function_source(const JSObject* function) {
  if (has_type(function, HeapType::Function)) {
    const FunctionTemplate& source = *static_cast<const JSFunction*>(function)->code_->source;
    return utf16_to_utf8(source.source->text(source.start, source.end));
  }
  return "function " + function_name(function) + "() { [native code] }";
}

bool is_class_constructor(const JSObject* function) {
  return has_type(function, HeapType::Function) &&
         static_cast<const JSFunction*>(function)->code_->is_class;
}

}  // namespace heaplab::interp
