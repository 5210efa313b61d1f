// SPDX-License-Identifier: MIT
// Throwing, error objects, and V8's stack format.
//
// An error remembers its stack as a list [header or undefined, (type name, template id, pc, kind,
// function name)*], which becomes text when somebody reads `stack`. As in V8, the first line is
// what the error says of itself at that moment.

#include "heaplab/interp/error.h"

#include <fmt/format.h>

#include <algorithm>

#include "heaplab/interp/operations.h"
#include "heaplab/interp/source.h"
#include "vm/machine.h"
#include "vm/promise_reaction.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr std::uint32_t frame_words = 5;
enum FrameKind : std::int32_t { kPlain, kConstruct, kAsync };

Intrinsic prototype_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::TypeError:
      return Intrinsic::TypeErrorPrototype;
    case ErrorKind::RangeError:
      return Intrinsic::RangeErrorPrototype;
    case ErrorKind::ReferenceError:
      return Intrinsic::ReferenceErrorPrototype;
    case ErrorKind::SyntaxError:
      return Intrinsic::SyntaxErrorPrototype;
    case ErrorKind::EvalError:
      return Intrinsic::EvalErrorPrototype;
    case ErrorKind::URIError:
      return Intrinsic::URIErrorPrototype;
    default:
      return Intrinsic::ErrorPrototype;
  }
}

/// A data property anywhere on the chain, without running guest code; the hole if there is none.
Value peek(const Runtime& runtime, JSObject* object, PropertyKey key) {
  const PropertyRef ref = find(runtime, object, key);
  return ref.where == PropertyRef::Where::slot && !ref.is_accessor() ? ref.value : Value::hole();
}

/// The value of a getter, run to its end whatever it throws; the hole if it throws. May collect.
Value ask_getter(Runtime& runtime, const Rooted<JSObject>& object, PropertyKey key) {
  const PropertyRef ref = find(runtime, object.get(), key);
  if (ref.where != PropertyRef::Where::slot || !ref.is_accessor()) return Value::hole();
  const RootedValue pending(runtime, runtime.exception());
  Value answer = Value::hole();
  try {
    answer = get(runtime, object.get(), key, object.value());
  } catch (const ScriptException&) {
    runtime.take_exception();
  }
  runtime.set_exception(pending);
  return answer;
}

/// "TypeError: message", as the error says at this moment. Never collects.
std::string stack_header(const Runtime& runtime, JSObject* error, Value getter_name) {
  std::string text = "Error";
  const Value name = getter_name.is_string()
                         ? getter_name
                         : peek(runtime, error, PropertyKey(runtime.atoms().name));
  if (name.is_string()) text = to_utf8(name.as_string());
  const Value message = peek(runtime, error, PropertyKey(runtime.atoms().message));
  if (message.is_string() && message.as_string()->length() > 0) {
    const std::string m = to_utf8(message.as_string());
    text = text.empty() ? m : text + ": " + m;
  }
  return text;
}

/// The class of a method's receiver, "Foo" in "at Foo.bar", or undefined for plain calls.
Value receiver_type(Runtime& runtime, const Frame& frame) {
  const Value receiver = frame.base[kThisRegister];
  const FunctionTemplate& function = *frame.code->source;
  if (!receiver.is_object() || receiver == Value(runtime.global()) || function.is_arrow()) {
    return Value::undefined();
  }
  if (receiver.is_callable()) {
    auto* parent = as_if<JSFunction>(receiver, HeapType::Function);
    if (!parent || !parent->code_->is_class) return Value(runtime.atoms().function_type_name);
    return Value(runtime.atom_table().intern(parent->code_->source->name));
  }
  const Value constructor =
      peek(runtime, receiver.as_object(), PropertyKey(runtime.atoms().constructor));
  if (!constructor.is_callable()) return Value(runtime.atoms().object_type_name);
  const PropertyRef name =
      find_own(runtime, constructor.as_object(), PropertyKey(runtime.atoms().name));
  if (name.where == PropertyRef::Where::slot && name.value.is_string()) return name.value;
  // Not made yet: the template has the name.
  if (auto* f = as_if<JSFunction>(constructor, HeapType::Function)) {
    return Value(runtime.atom_table().intern(f->code_->source->name));
  }
  return Value(runtime.atoms().object_type_name);
}

std::uint32_t pc_of(const Frame& frame) {
  return static_cast<std::uint32_t>(frame.pc - frame.code->source->code.data());
}

void push_frame(RootedValues& list, Value type, std::uint32_t id, std::uint32_t pc, FrameKind kind,
                Value name = Value::undefined()) {
  list.push_back(type);
  list.push_back(Value::number(id));
  list.push_back(Value::number(pc));
  list.push_back(Value::integer(kind));
  list.push_back(name);
}

/// The `name` a function was given at run time (computed keys), or undefined.
Value given_name(const Runtime& runtime, const Frame& frame) {
  const Value callee = frame.base[kCalleeRegister];
  if (!callee.is_callable()) return Value::undefined();
  const PropertyRef ref = find_own(runtime, callee.as_object(), PropertyKey(runtime.atoms().name));
  const bool plain = ref.where == PropertyRef::Where::slot && ref.value.is_string();
  return plain && ref.value.as_string()->length() > 0 ? ref.value : Value::undefined();
}

/// The name of a property of `receiver` that holds `function`, if there is one such: "handler" in
/// "at Server.onRequest [as handler]". Never collects.
Value method_name(const Runtime& runtime, JSObject* receiver, Value function) {
  constexpr std::uint32_t most = 200;  // properties looked at: a trace must stay cheap
  Value found = Value::undefined();
  std::uint32_t looked_at = 0;
  for (JSObject* object = receiver; object; object = object->prototype()) {
    const Shape* shape = object->shape();
    for (std::uint32_t i = 0; i < shape->property_count_ && ++looked_at < most; ++i) {
      const Value key = Value::from(shape->table_->entries()[i].key);
      if (!key.is_string()) continue;
      const PropertyRef ref = find_own(runtime, object, PropertyKey(key.as_string()));
      if (ref.where != PropertyRef::Where::slot || ref.is_accessor() || ref.value != function) {
        continue;
      }
      if (!found.is_undefined()) return Value::undefined();
      found = key;
    }
  }
  return found;
}

/// The name to show for a method that its receiver knows by another: "timer [as _onTimeout]".
/// `given` if there is no other. May collect.
Value name_as_called(Runtime& runtime, const Frame& frame, Value given) {
  const Value receiver = frame.base[kThisRegister];
  const FunctionTemplate& function = *frame.code->source;
  const std::string own =
      given.is_string() ? to_utf8(given.as_string()) : utf16_to_utf8(function.name);
  if (!receiver.is_object() || own.find(' ') != std::string::npos) return given;
  const Value key = method_name(runtime, receiver.as_object(), frame.base[kCalleeRegister]);
  if (!key.is_string()) return given;
  const std::string name = to_utf8(key.as_string());
  if (own == name) return given;
  return Value(new_string_utf8(runtime, own.empty() ? name : own + " [as " + name + "]"));
}

/// "Array" in "at Array.map (<anonymous>)": the kinds of receivers whose native methods call back
/// or complain.
std::string native_receiver(const Runtime& runtime, Value receiver) {
  if (receiver.is_number()) return "Number";
  if (!receiver.is_reference()) return "";
  switch (heap_type(receiver.as_reference())) {
    case HeapType::Array:
      return "Array";
    case HeapType::Map:
      return "Map";
    case HeapType::Set:
      return "Set";
    case HeapType::Generator: {
      const SuspendedFrame* frame = receiver.as<JSGenerator>()->frame_.get();
      const std::string name = frame ? utf16_to_utf8(frame->code_->source->name) : "";
      return name.empty() ? "Generator" : name;
    }
    case HeapType::NativeFunction:
      return "Function";
    case HeapType::Object: {
      const Value tag =
          peek(runtime, receiver.as_object(), PropertyKey(runtime.atoms().symbol_to_string_tag));
      return tag.is_string() ? to_utf8(tag.as_string()) : "";
    }
    default:
      return receiver.is_string() ? "String" : "";
  }
}

bool traced_constructor(std::string_view name) {
  for (const std::string_view known : {"Promise", "Map", "Set", "WeakMap", "WeakSet"}) {
    if (name == known) return true;
  }
  return false;
}

/// What V8 does without a frame.
bool untraced(std::string_view name) {
  for (const std::string_view known : {"call", "apply", "bind", "captureStackTrace"}) {
    if (name == known) return true;
  }
  return false;
}

/// Native functions that a reader of the trace knows: methods of collections, `new Promise`.
void push_native_frame(Runtime& runtime, RootedValues& list, const Frame& frame) {
  const auto* callee =
      as_if<JSNativeFunction>(frame.base[kCalleeRegister], HeapType::NativeFunction);
  if (!callee) return;
  const std::string name = callee->info_->name;
  const std::string owner = native_receiver(runtime, frame.base[kThisRegister]);
  const bool constructing = !frame.new_target.is_undefined();
  if (name.empty() || (constructing ? !traced_constructor(name) : owner.empty())) return;
  if (!constructing && untraced(name)) return;
  const std::string text = constructing ? "new " + name : owner + "." + name;
  const Value line(new_string_utf8(runtime, text));
  push_frame(list, Value::undefined(), AllocationSite::no_template, 0, kPlain, line);
}

/// Who waits, through `await`, for the frame that runs: "at async f". Never collects.
void push_async_callers(RootedValues& list, const Frame& outermost, std::size_t limit) {
  Value generator = outermost.generator;
  while (!generator.is_undefined() && list.size() / frame_words < limit) {
    const Value promise = Value::from(generator.as<JSGenerator>()->promise_);
    if (!has_promise_type(promise)) return;
    auto* reaction = static_cast<PromiseReaction*>(promise.as<JSPromise>()->first_reaction_.get());
    if (!reaction || reaction->kind() != ReactionKind::await) return;
    generator = Value::from(reaction->derived_);
    const SuspendedFrame* frame = generator.as<JSGenerator>()->frame_.get();
    if (!frame) return;
    push_frame(list, Value::undefined(), frame->code_->id, frame->pc_, kAsync);
  }
}

std::size_t trace_limit(const Runtime& runtime) {
  JSObject* constructor = runtime.intrinsic(Intrinsic::ErrorConstructor);
  if (!constructor) return runtime.options().stack_trace_limit;
  const Value limit = peek(runtime, constructor, PropertyKey(runtime.atoms().stackTraceLimit));
  if (!limit.is_number()) return runtime.options().stack_trace_limit;
  return static_cast<std::size_t>(std::clamp(limit.as_number(), 0.0, 10000.0));
}

void collect_frames(Runtime& runtime, Value below_arg, RootedValues& list) {
  const std::size_t limit = trace_limit(runtime);
  RootedValue below(runtime, below_arg);
  const Machine& machine = runtime.machine();
  bool skipping = below.get().is_callable();
  const Frame* outermost = nullptr;
  for (const Frame* frame = machine.top(); frame > machine.bottom(); --frame) {
    if (frame->code) outermost = frame;
    if (skipping) {
      if (frame->base[kCalleeRegister] == below.get()) skipping = false;
      continue;
    }
    if (list.size() / frame_words >= limit) continue;
    if (!frame->code) {
      push_native_frame(runtime, list, *frame);
      continue;
    }
    RootedValue type(runtime, receiver_type(runtime, *frame));
    const bool constructing = frame->flags & Frame::called_by_new;
    Value name = given_name(runtime, *frame);
    if (type.get().is_string() && !constructing) name = name_as_called(runtime, *frame, name);
    push_frame(list, type, frame->code->id, pc_of(*frame), constructing ? kConstruct : kPlain,
               name);
  }
  if (outermost && !skipping) push_async_callers(list, *outermost, limit);
}

std::string frame_line(Runtime& runtime, Value type, std::uint32_t id, std::uint32_t pc,
                       FrameKind kind, Value given) {
  const std::string given_text = given.is_string() ? to_utf8(given.as_string()) : "";
  if (id == AllocationSite::no_template) return "\n    at " + given_text + " (<anonymous>)";
  const SourceLocation at = runtime.resolve({id, pc});
  const std::string place = fmt::format("{}:{}:{}", at.file, at.line, at.column);
  std::string name = given_text.empty() ? at.function : given_text;
  const bool accessor = name.rfind("get ", 0) == 0 || name.rfind("set ", 0) == 0;
  if (accessor) {
    name += " [as " + name.substr(4) + "]";
  } else if (kind == kConstruct) {
    name = "new " + (name.empty() ? "<anonymous>" : name);
  } else if (type.is_string() && type.as_string()->length() > 0) {
    const std::string owner = to_utf8(type.as_string());
    // A name that says its class already ("Foo.bar") needs no prefix.
    if (name.empty()) name = "<anonymous>";
    if (name.rfind(owner + ".", 0) != 0) name = owner + "." + name;
  }
  if (kind == kAsync) {
    if (name.empty()) return "\n    at async " + place;
    name = "async " + name;
  }
  return name.empty() ? "\n    at " + place : fmt::format("\n    at {} ({})", name, place);
}

std::string format_stack(Runtime& runtime, const Rooted<JSObject>& object,
                         const WordArray* captured) {
  const Rooted<const WordArray> frames(runtime, captured);
  const Value header = captured->get(0);
  std::string text;
  if (header.is_string()) {
    text = to_utf8(header.as_string());
  } else {
    const Value name = ask_getter(runtime, object, PropertyKey(runtime.atoms().name));
    text = stack_header(runtime, object.get(), name);
  }
  captured = frames.get();
  for (std::uint32_t i = 1; i + frame_words <= captured->length(); i += frame_words) {
    text += frame_line(runtime, captured->get(i),
                       static_cast<std::uint32_t>(captured->get(i + 1).as_number()),
                       static_cast<std::uint32_t>(captured->get(i + 2).as_number()),
                       static_cast<FrameKind>(captured->get(i + 3).as_int()), captured->get(i + 4));
  }
  return text;
}

}  // namespace

void capture_stack(Runtime& runtime, JSObject* object, Value below) {
  Rooted<JSObject> target(runtime, object);
  RootedValues frames(runtime);
  collect_frames(runtime, below, frames);
  const auto count = static_cast<std::uint32_t>(frames.size());
  Rooted<WordArray> captured(
      runtime, runtime.heap().allocate_array<WordArray>(type_id(HeapType::WordArray), count + 1));
  captured->words()[0] = Value::undefined().word();
  for (std::uint32_t i = 0; i < count; ++i) {
    write_element(runtime.heap(), captured.get(), i + 1, frames[i]);
  }
  const PropertyKey key(runtime.atoms().stack);
  if (has_type(target.get(), HeapType::Error) && !shape_has(target->shape(), key)) {
    runtime.heap().write(target.get(), static_cast<JSError*>(target.get())->captured_,
                         captured.value().word());
    target->set_flag(JSObject::lazy_flag, true);
    return;
  }
  RootedValue text(runtime,
                   Value(new_string_utf8(runtime, format_stack(runtime, target, captured.get()))));
  define(runtime, target.get(), PropertyKey(runtime.atoms().stack), text, kHidden);
}

void materialize_stack(Runtime& runtime, JSError* error_arg) {
  Rooted<JSObject> error(runtime, error_arg);
  const Value captured = Value::from(error_arg->captured_);
  const std::string text = format_stack(runtime, error, captured.as<WordArray>());
  RootedValue stack(runtime, Value(new_string_utf8(runtime, text)));
  add_property(runtime, error.get(), PropertyKey(runtime.atoms().stack), stack, kHidden);
}

bool captured_site(const JSObject* error, AllocationSite* site) {
  if (!has_type(error, HeapType::Error)) return false;
  const Value captured = Value::from(static_cast<const JSError*>(error)->captured_);
  if (!captured.is_reference() || captured.as<WordArray>()->length() < 1 + frame_words)
    return false;
  site->template_id = static_cast<std::uint32_t>(captured.as<WordArray>()->get(2).as_number());
  site->pc = static_cast<std::uint32_t>(captured.as<WordArray>()->get(3).as_number());
  return true;
}

JSObject* new_error(Runtime& runtime, ErrorKind kind, std::string_view message) {
  const std::string copy(message);
  Rooted<JSObject> error(runtime, new_exotic<JSError>(runtime, HeapType::Error,
                                                      runtime.intrinsic(prototype_of(kind))));
  RootedValue text(runtime, Value(new_string_utf8(runtime, copy)));
  add_property(runtime, error.get(), PropertyKey(runtime.atoms().message), text, kHidden);
  capture_stack(runtime, error.get(), Value::undefined());
  return error.get();
}

void throw_value(Runtime& runtime, Value value) {
  runtime.set_exception(value);
  runtime.note_throw_site();
  throw ScriptException{};
}

void throw_error(Runtime& runtime, ErrorKind kind, std::string_view message) {
  throw_value(runtime, Value(new_error(runtime, kind, message)));
}

void throw_type_error(Runtime& runtime, std::string_view message) {
  throw_error(runtime, ErrorKind::TypeError, message);
}

void throw_range_error(Runtime& runtime, std::string_view message) {
  throw_error(runtime, ErrorKind::RangeError, message);
}

void throw_node_error(Runtime& runtime, ErrorKind kind, std::string_view code,
                      std::string_view message) {
  // Node shows the code in the stack's first line only: "TypeError [ERR_X]: message".
  const std::string code_text(code);
  Rooted<JSObject> error(runtime, new_error(runtime, kind, message));
  if (error->flag(JSObject::lazy_flag)) {
    const Value captured = Value::from(static_cast<JSError*>(error.get())->captured_);
    std::string header = stack_header(runtime, error.get(), Value::hole());
    header.insert(std::min(header.find(':'), header.size()), " [" + code_text + "]");
    Rooted<WordArray> list(runtime, captured.as<WordArray>());
    String* text = new_string_utf8(runtime, header);
    write_element(runtime.heap(), list.get(), 0, Value(text));
  }
  RootedValue text(runtime, Value(new_string_utf8(runtime, code_text)));
  add_property(runtime, error.get(), PropertyKey(runtime.atoms().code), text, kAll);
  throw_value(runtime, error.value());
}

namespace {

/// Whether its toString is Object.prototype's.
bool prints_as_object(const Runtime& runtime, JSObject* object) {
  const PropertyKey key(runtime.atoms().toString);
  const Value own = peek(runtime, object, key);
  JSObject* root = runtime.intrinsic(Intrinsic::ObjectPrototype);
  return root && own == peek(runtime, root, key);
}

/// As V8 describes what has a toString of its own, which an error message must not call.
std::string bare_description(const Runtime& runtime, Value value) {
  const Value tag =
      peek(runtime, value.as_object(), PropertyKey(runtime.atoms().symbol_to_string_tag));
  if (tag.is_string()) return "[object " + to_utf8(tag.as_string()) + "]";
  switch (heap_type(value.as_reference())) {
    case HeapType::Date:
      return "[object Date]";
    case HeapType::RegExp:
      return "[object RegExp]";
    default:
      return "[object Object]";
  }
}

}  // namespace

std::string describe_for_error(Runtime& runtime, Value value) {
  if (value.is_string()) return to_utf8(value.as_string());
  if (value.is_number()) return number_text(value);
  if (value.is_symbol()) return key_text(PropertyKey(value.as_symbol()));
  if (value.is_callable()) return function_source(value.as_object());
  if (is_array(value)) return "[object Array]";
  if (!value.is_object()) return to_utf8(to_string(runtime, value));  // undefined, null, booleans
  if (has_type(value.as_reference(), HeapType::Error)) {
    return stack_header(runtime, value.as_object(), Value::hole());
  }
  if (!prints_as_object(runtime, value.as_object())) return bare_description(runtime, value);
  const Value constructor =
      peek(runtime, value.as_object(), PropertyKey(runtime.atoms().constructor));
  const std::string name = constructor.is_callable() ? function_name(constructor.as_object()) : "";
  return name.empty() ? "#<Object>" : "#<" + name + ">";
}

}  // namespace heaplab::interp
