// SPDX-License-Identifier: MIT
// Slow paths of the property instructions, private names, and what the instructions throw.

#include <fmt/format.h>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "heaplab/interp/source.h"
#include "vm/handlers.h"
#include "vm/machine.h"
#include "vm/property_access.h"

namespace heaplab::interp {

std::string caller_text(Runtime& runtime) {
  const Frame* frame = runtime.machine().top();
  while (frame > runtime.machine().bottom() && !frame->code) --frame;
  if (frame <= runtime.machine().bottom()) return "";
  const auto pc = static_cast<std::uint32_t>(frame->pc - frame->code->source->code.data());
  return utf16_to_utf8(frame->code->source->error_text(pc));
}

}  // namespace heaplab::interp

namespace heaplab::interp::handlers {

// ---- Keyed access -----------------------------------------------------------------------------

Value get_keyed(Runtime& runtime, Value object, Value key) {
  if (object.is_string() && key.is_int()) {
    const auto index = static_cast<std::uint32_t>(key.as_int());
    String* string = object.as_string();
    if (index < string->length()) return string_from_char(runtime, char_at(string, index));
  }
  if (object.is_nullish()) {
    if (key.is_symbol()) throw_unreadable(runtime, object, PropertyKey(key.as_symbol()));
    const std::string name = key.is_object() ? "" : to_utf8(to_string(runtime, key));
    const std::string reading = key.is_object() ? "" : fmt::format(" (reading '{}')", name);
    throw_type_error(runtime, fmt::format("Cannot read properties of {}{}",
                                          object.is_null() ? "null" : "undefined", reading));
  }
  RootedValue target(runtime, object);
  const PropertyKey k = to_property_key(runtime, key);
  return get(runtime, target, k);
}

void set_keyed(Runtime& runtime, Value object, Value key, Value value, bool strict) {
  RootedValue target(runtime, object);
  RootedValue v(runtime, value);
  if (object.is_nullish()) {
    const PropertyKey k = to_property_key(runtime, key);
    set(runtime, target, k, v);
    return;
  }
  RootedValue k(runtime, to_property_key(runtime, key).to_rootable());
  const PropertyKey name = PropertyKey::from_value(k);
  if (target.get().is_object()) {
    // A new name on a plain object: the usual way to fill a map.
    JSObject* plain = target.get().as_object();
    if (has_type(plain, HeapType::Object) && !name.is_index() && plain->is_extensible() &&
        find(runtime, plain, name).where == PropertyRef::Where::none) {
      add_property(runtime, plain, name, v, kAll, true);
      return;
    }
    if (!try_set(runtime, plain, name, v, target) && strict) {
      throw_failed_set(runtime, target, PropertyKey::from_value(k));
    }
    return;
  }
  JSObject* prototype = runtime.primitive_prototype(target);
  if (!try_set(runtime, prototype, name, v, target) && strict) {
    throw_failed_set(runtime, target, PropertyKey::from_value(k));
  }
}

namespace {

bool delete_checked(Runtime& runtime, Value object, PropertyKey key, bool strict) {
  RootedValue target(runtime, object);
  RootedValue k(runtime, key.to_rootable());
  Rooted<JSObject> holder(runtime, to_object(runtime, object));
  const bool deleted = delete_property(runtime, holder.get(), PropertyKey::from_value(k));
  if (!deleted && strict) {
    throw_type_error(runtime, fmt::format("Cannot delete property '{}' of {}",
                                          key_text(PropertyKey::from_value(k)),
                                          describe_for_error(runtime, target)));
  }
  return deleted;
}

}  // namespace

bool delete_named(Runtime& runtime, Value object, String* name, bool strict) {
  return delete_checked(runtime, object, PropertyKey(name), strict);
}

bool delete_keyed(Runtime& runtime, Value object, Value key, bool strict) {
  RootedValue target(runtime, object);
  const PropertyKey k = to_property_key(runtime, key);
  return delete_checked(runtime, target, k, strict);
}

namespace {

/// Where `super.x` looks. May be null.
JSObject* super_base(Runtime& runtime, Value function) {
  JSObject* home = function.as<JSFunction>()->home_object_.get();
  if (!home) throw_error(runtime, ErrorKind::SyntaxError, "'super' keyword unexpected here");
  return home->prototype();
}

}  // namespace

Value get_super(Runtime& runtime, Value function, Value key, Value receiver) {
  RootedValue f(runtime, function);
  RootedValue r(runtime, receiver);
  const PropertyKey k = to_property_key(runtime, key);
  JSObject* base = super_base(runtime, f);
  return base ? get(runtime, base, k, r) : Value::undefined();
}

void set_super(Runtime& runtime, Value function, Value key, Value receiver, Value value,
               bool strict) {
  RootedValue f(runtime, function);
  RootedValue r(runtime, receiver);
  RootedValue v(runtime, value);
  RootedValue k(runtime, to_property_key(runtime, key).to_rootable());
  JSObject* base = super_base(runtime, f);
  if (!base) base = r.get().as_object();
  if (!try_set(runtime, base, PropertyKey::from_value(k), v, r) && strict) {
    throw_failed_set(runtime, r, PropertyKey::from_value(k));
  }
}

// ---- Definitions ------------------------------------------------------------------------------

void define_keyed(Runtime& runtime, Value object, Value key, Value value) {
  Rooted<JSObject> target(runtime, object.as_object());
  RootedValue v(runtime, value);
  const PropertyKey k = to_property_key(runtime, key);
  define(runtime, target.get(), k, v);
}

void define_method(Runtime& runtime, Value object, Value key, Value function, CodeUnit flags) {
  Rooted<JSObject> target(runtime, object.as_object());
  RootedValue f(runtime, function);
  RootedValue k(runtime, to_property_key(runtime, key).to_rootable());
  const std::uint8_t enumerable = flags & kDefineEnumerable ? kEnumerable : kNone;
  const PropertyKey name = PropertyKey::from_value(k);
  if ((flags & kDefineKindMask) == kDefineValue) {
    define(runtime, target.get(), name, f,
           static_cast<std::uint8_t>(kWritable | kConfigurable | enumerable));
    return;
  }
  PropertyDescriptor descriptor;
  ((flags & kDefineKindMask) == kDefineGetter ? descriptor.getter : descriptor.setter) = f.get();
  descriptor.enumerable = enumerable != 0;
  descriptor.configurable = true;
  if (!define_own_property(runtime, target.get(), name, descriptor)) {
    throw_type_error(
        runtime, fmt::format("Cannot redefine property: {}", key_text(PropertyKey::from_value(k))));
  }
}

void set_literal_prototype(Runtime& runtime, Value object, Value prototype) {
  if (prototype.is_null()) {
    set_prototype(runtime, object.as_object(), nullptr);
  } else if (prototype.is_object()) {
    set_prototype(runtime, object.as_object(), prototype.as_object());
  }
}

void set_function_name(Runtime& runtime, Value function, Value key, CodeUnit flags) {
  Rooted<JSObject> target(runtime, function.as_object());
  RootedValue k(runtime, to_property_key(runtime, key).to_rootable());
  const PropertyKey name = PropertyKey::from_value(k);
  std::string text = key_text(name);
  if (name.is_symbol() && !name.is_private()) {
    // Symbol(description) names a function "[description]".
    const Value description = Value::from(name.symbol()->description_);
    text = description.is_string() ? "[" + to_utf8(description.as_string()) + "]" : "";
  }
  if ((flags & kDefineKindMask) == kDefineGetter) text = "get " + text;
  if ((flags & kDefineKindMask) == kDefineSetter) text = "set " + text;
  RootedValue value(runtime, Value(new_string_utf8(runtime, text)));
  define(runtime, target.get(), PropertyKey(runtime.atoms().name), value, kConfigurable);
}

void copy_properties(Runtime& runtime, Value target, Value source, std::span<const Value> except) {
  if (source.is_nullish()) return;
  RootedValue to(runtime, target);
  Rooted<JSObject> from(runtime, to_object(runtime, source));
  RootedValues skipped(runtime);
  for (const Value key : except) {
    const PropertyKey k = to_property_key(runtime, key);
    skipped.push_back(k.to_rootable());
  }
  RootedValues keys(runtime);
  own_keys(runtime, from.get(), {true, true, true}, &keys);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    RootedValue key(runtime, to_property_key(runtime, keys[i]).to_rootable());
    bool skip = false;
    for (std::size_t s = 0; s < skipped.size(); ++s) skip |= skipped[s] == key.get();
    if (skip || !has_own_property(runtime, from.get(), PropertyKey::from_value(key))) continue;
    const Value value = get(runtime, from.get(), PropertyKey::from_value(key), from.value());
    define(runtime, to.get().as_object(), PropertyKey::from_value(key), value);
  }
}

Value copy_properties_except(Runtime& runtime, Value source, std::span<const Value> except) {
  RootedValue from(runtime, source);
  RootedValue target(runtime, Value(new_object(runtime)));
  copy_properties(runtime, target, from, except);
  return target;
}

// ---- Private names ----------------------------------------------------------------------------

namespace {

/// The private property, or `none`.
PropertyRef find_private(Runtime& runtime, Value object, Value key) {
  if (!object.is_object()) return {};
  return find_own(runtime, object.as_object(), PropertyKey(key.as_symbol()));
}

std::string private_text(Value key) { return key_text(PropertyKey(key.as_symbol())); }

/// Header flag of a private name that names a method or accessor, beside those of Symbol::Flag.
constexpr unsigned private_method_flag = 2;

/// A private method or accessor is missing: the object is of another class than the running code.
[[noreturn]] void throw_wrong_receiver(Runtime& runtime) {
  std::string name = "anonymous";
  const Frame* frame = runtime.machine().top();
  auto* running = as_if<JSFunction>(frame->base[kCalleeRegister], HeapType::Function);
  JSObject* home = running ? running->home_object_.get() : nullptr;
  if (home && Value(home).is_callable()) {
    name = function_name(home);
  } else if (home) {
    const PropertyRef ref = find_own(runtime, home, PropertyKey(runtime.atoms().constructor));
    if (ref.found() && ref.value.is_callable()) name = function_name(ref.value.as_object());
  }
  throw_type_error(runtime, fmt::format("Receiver must be an instance of class {}", name));
}

}  // namespace

Value get_private(Runtime& runtime, Value object, Value key) {
  const PropertyRef ref = find_private(runtime, object, key);
  if (!ref.found()) {
    if (object.is_nullish()) throw_unreadable(runtime, object, PropertyKey(key.as_symbol()));
    if (key.as_symbol()->flag(private_method_flag)) throw_wrong_receiver(runtime);
    throw_type_error(runtime,
                     fmt::format("Cannot read private member {} from an object whose class did not "
                                 "declare it",
                                 private_text(key)));
  }
  if (!ref.is_accessor()) return ref.value;
  const Value getter = Value::from(ref.accessor()->getter_);
  if (getter.is_undefined()) {
    throw_type_error(runtime, fmt::format("'{}' was defined without a getter", private_text(key)));
  }
  return call(runtime, getter, object);
}

void set_private(Runtime& runtime, Value object, Value key, Value value) {
  const PropertyRef ref = find_private(runtime, object, key);
  const std::string name = private_text(key);
  if (object.is_nullish()) {
    throw_type_error(runtime, fmt::format("Cannot set properties of {} (setting '{}')",
                                          object.is_null() ? "null" : "undefined", name));
  }
  if (!ref.found()) {
    throw_type_error(runtime,
                     fmt::format("Cannot write private member {} to an object whose class did not "
                                 "declare it",
                                 name));
  }
  if (ref.is_accessor()) {
    const Value setter = Value::from(ref.accessor()->setter_);
    if (setter.is_undefined()) {
      throw_type_error(runtime, fmt::format("'{}' was defined without a setter", name));
    }
    call(runtime, setter, object, {value});
    return;
  }
  if (!(ref.flags & kWritable)) {
    throw_type_error(runtime, fmt::format("Private method '{}' is not writable", name));
  }
  overwrite(runtime, ref, value);
}

bool has_private(Runtime& runtime, Value object, Value key) {
  if (!object.is_object()) {
    throw_type_error(
        runtime, fmt::format("Cannot use 'in' operator to search for '{}' in {}", private_text(key),
                             object.is_string() ? to_utf8(object.as_string())
                                                : describe_for_error(runtime, object)));
  }
  return find_private(runtime, object, key).found();
}

void define_private(Runtime& runtime, Value object, Value key, Value value, PrivateKind kind) {
  Rooted<JSObject> target(runtime, object.as_object());
  RootedValue k(runtime, key);
  RootedValue v(runtime, value);
  const PropertyRef ref = find_private(runtime, object, key);
  const bool accessor = kind == PrivateKind::Getter || kind == PrivateKind::Setter;
  if (kind != PrivateKind::Field) key.as_symbol()->set_flag(private_method_flag, true);
  const bool half_there =
      ref.found() && ref.is_accessor() && accessor &&
      Value::from(kind == PrivateKind::Getter ? ref.accessor()->getter_ : ref.accessor()->setter_)
          .is_undefined();
  if (ref.found() && !half_there) {
    throw_type_error(runtime,
                     fmt::format("Cannot initialize {} twice on the same object", private_text(k)));
  }
  if (half_there) {
    Accessor* pair = ref.accessor();
    runtime.heap().write(pair, kind == PrivateKind::Getter ? pair->getter_ : pair->setter_,
                         v.get().word());
    return;
  }
  if (accessor) {
    const bool getter = kind == PrivateKind::Getter;
    v = Value(new_accessor(runtime, getter ? v.get() : Value::undefined(),
                           getter ? Value::undefined() : v.get()));
    add_property(runtime, target.get(), PropertyKey(k.get().as_symbol()), v, kAccessor);
    return;
  }
  add_property(runtime, target.get(), PropertyKey(k.get().as_symbol()), v,
               kind == PrivateKind::Field ? kWritable : kNone);
}

// ---- Throwing ---------------------------------------------------------------------------------

std::string source_text(Runtime& runtime) {
  const Frame* frame = runtime.machine().top();
  if (!frame->code) return "";
  const auto pc = static_cast<std::uint32_t>(frame->pc - frame->code->source->code.data());
  return utf16_to_utf8(frame->code->source->error_text(pc));
}

std::string operand_text(Runtime& runtime, Value value) {
  const std::string text = source_text(runtime);
  return text.empty() ? describe_for_error(runtime, value) : text;
}

void throw_uninitialized(Runtime& runtime, Value name) {
  throw_error(runtime, ErrorKind::ReferenceError,
              fmt::format("Cannot access '{}' before initialization", to_utf8(name.as_string())));
}

void throw_this_uninitialized(Runtime& runtime) {
  throw_error(runtime, ErrorKind::ReferenceError,
              "Must call super constructor in derived class before accessing 'this' or returning "
              "from derived constructor");
}

void throw_constant(Runtime& runtime, ErrorKind kind, Value text) {
  throw_error(runtime, kind, to_utf8(text.as_string()));
}

void throw_if_nullish(Runtime& runtime, Value value) {
  throw_type_error(runtime,
                   fmt::format("Cannot destructure {} as it is {}.", operand_text(runtime, value),
                               value.is_null() ? "null" : "undefined"));
}

}  // namespace heaplab::interp::handlers
