// SPDX-License-Identifier: MIT
// Calls: windows, frames, native functions, construction.

#include "heaplab/interp/call.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <system_error>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/machine.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

constexpr std::size_t stack_values = std::size_t{1} << 20;
constexpr std::uint32_t max_arguments = 120'000;
constexpr std::uint32_t max_instance_slots = 32;

}  // namespace

Machine::Machine(Runtime& runtime) : runtime_(runtime), heap_(runtime.heap()) {
  const std::size_t frame_count = runtime.options().max_frames + 2;
  const std::size_t value_bytes = stack_values * sizeof(Value);
  reserved_bytes_ = value_bytes + frame_count * sizeof(Frame);
  void* memory = mmap(nullptr, reserved_bytes_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "cannot reserve the guest stack");
  }
  stack_ = static_cast<Value*>(memory);
  stack_end_ = stack_ + stack_values;
  frames_ = reinterpret_cast<Frame*>(stack_end_);
  frames_end_ = frames_ + frame_count;
  frame_ = frames_;
  *frame_ = Frame{};
  frame_->base = frame_->end = stack_;  // the bottom: C++ outside any call
  heap_.add_root_provider(this);
}

Machine::~Machine() {
  heap_.remove_root_provider(this);
  munmap(stack_, reserved_bytes_);
}

void Machine::throw_stack_overflow() {
  throw_error(runtime_, ErrorKind::RangeError, "Maximum call stack size exceeded");
}

void Machine::throw_not_callable(Value callee, const char* what) {
  std::string text;
  if (frame_->code) {
    const auto pc = static_cast<std::uint32_t>(frame_->pc - frame_->code->source->code.data());
    text = utf16_to_utf8(frame_->code->source->error_text(pc));
  }
  if (text.empty()) text = describe_for_error(runtime_, callee);
  throw_type_error(runtime_, fmt::format("{} is not a {}", text, what));
}

void Machine::check_callable_class(JSFunction* function) {
  if (function->code_->source->is_class_constructor()) {
    const std::string name = function_name(function);
    throw_type_error(runtime_, fmt::format("Class constructor{} cannot be invoked without 'new'",
                                           name.empty() ? "s" : " " + name));
  }
}

void Machine::super_constructor(Value* window) {
  JSObject* parent = window[0].as_object()->prototype();
  if (!parent || !is_constructor(Value(parent))) {
    // V8 calls whatever has no name "null", Function.prototype (extends null) included.
    std::string super = parent && Value(parent).is_callable() ? function_name(parent) : "";
    if (super.empty()) super = "null";
    const std::string name = function_name(window[0].as_object());
    throw_type_error(runtime_, fmt::format("Super constructor {} of {} is not a constructor", super,
                                           name.empty() ? "anonymous class" : name));
  }
  window[0] = Value(parent);
}

// ---- Windows ----------------------------------------------------------------------------------

Value* Machine::open_window(Value callee, Value this_value, std::span<const Value> args) {
  Value* window = free_top();
  if (args.size() > max_arguments || window + args.size() + 2 > stack_end_) throw_stack_overflow();
  window[0] = callee;
  window[1] = this_value;
  std::copy(args.begin(), args.end(), window + 2);
  return window;
}

/// A call of a bound function becomes a call of its target. Returns the argument count.
std::uint32_t Machine::unpack_bound(Value* window, std::uint32_t count, Value* new_target) {
  auto* bound = window[0].as<JSBoundFunction>();
  const std::uint32_t extra = bound->length();
  if (window + count + extra + 2 > stack_end_) throw_stack_overflow();
  std::copy_backward(window + 2, window + 2 + count, window + 2 + count + extra);
  for (std::uint32_t i = 0; i < extra; ++i) window[2 + i] = Value::from(bound->bound()[i]);
  if (*new_target == window[0]) *new_target = Value::from(bound->target_);
  window[0] = Value::from(bound->target_);
  window[1] = Value::from(bound->this_);
  return count + extra;
}

/// Replaces the array in window[2] by its elements. Returns the argument count.
std::uint32_t Machine::spread_window(Value* window) {
  const JSObject* array = window[2].as_object();
  const std::uint32_t count = array->length_;
  if (count > max_arguments || window + count + 2 > stack_end_) throw_stack_overflow();
  for (std::uint32_t i = count; i-- > 0;) {
    const Value value = dense_element(array, i);
    window[2 + i] = value.is_hole() ? Value::undefined() : value;
  }
  return count;
}

// ---- Calls from C++ ---------------------------------------------------------------------------

Value Machine::call(Value callee, Value this_value, std::span<const Value> args) {
  Value* window = open_window(callee, this_value, args);
  return call_window(window, static_cast<std::uint32_t>(args.size()));
}

Value Machine::call_window(Value* window, std::uint32_t count) {
  Value none = Value::undefined();
  while (true) {
    const Value callee = window[0];
    if (!callee.is_callable()) throw_not_callable(callee, "function");
    switch (heap_type(callee.as_reference())) {
      case HeapType::BoundFunction:
        count = unpack_bound(window, count, &none);
        continue;
      case HeapType::NativeFunction:
        return call_native(window, count, none);
      default: {
        check_callable_class(callee.as<JSFunction>());
        const Depth depth(*this);
        push_frame(window, count, none, Frame::entry);
        return run();
      }
    }
  }
}

Value Machine::construct(Value callee, std::span<const Value> args, Value new_target) {
  Value* window = open_window(callee, Value::undefined(), args);
  return construct_window(window, static_cast<std::uint32_t>(args.size()),
                          new_target.is_undefined() ? callee : new_target);
}

Value Machine::construct_window(Value* window, std::uint32_t count, Value new_target) {
  if (!is_constructor(window[0])) throw_not_callable(window[0], "constructor");
  while (has_type(window[0].as_reference(), HeapType::BoundFunction)) {
    count = unpack_bound(window, count, &new_target);
  }
  if (has_type(window[0].as_reference(), HeapType::NativeFunction)) {
    return call_native(window, count, new_target);
  }
  const Depth depth(*this);
  push_frame(window, count, new_target, Frame::entry | Frame::called_by_new);
  return run();
}

Value Machine::call_native(Value* window, std::uint32_t count, Value new_target) {
  const Depth depth(*this);
  if (frame_ + 1 >= frames_end_) throw_stack_overflow();
  Frame* frame = ++frame_;
  *frame = Frame{};
  frame->base = window;
  frame->end = window + 2 + count;
  frame->new_target = new_target;
  Arguments args(window, count, &frame->new_target);
  return window[0].as<JSNativeFunction>()->info_->code(runtime_, args);
}

// ---- Frames of guest functions ----------------------------------------------------------------

void Machine::push_frame(Value* window, std::uint32_t count, Value new_target, std::uint8_t flags) {
  FunctionCode* code = window[0].as<JSFunction>()->code_;
  Frame* frame = frame_ + 1;
  if (frame >= frames_end_ ||
      window + std::max<std::uint32_t>(code->source->register_count, count + 2) + 64 > stack_end_) {
    throw_stack_overflow();
  }
  frame->pc = code->source->code.data();
  frame->base = window;
  frame->end = window + 2 + count;
  frame->code = code;
  frame->new_target = new_target;
  frame->generator = Value::undefined();
  frame->flags = flags;
  frame_ = frame;
  enter_frame(count);
}

/// Everything opcodes.def promises a function finds when it starts.
void Machine::enter_frame(std::uint32_t count) {
  Frame& frame = *frame_;
  const FunctionTemplate& function = *frame.code->source;
  if (!frame.code->prepared) runtime_.prepare(*frame.code);
  Value* regs = frame.base;
  const std::uint32_t parameters = function.parameter_count;
  for (std::uint32_t i = count; i < parameters; ++i) regs[2 + i] = Value::undefined();
  frame.end = regs + 2 + std::max(count, parameters);
  if (frame.flags & Frame::called_by_new) {
    make_this();
  } else if (!function.strict && function.uses_this && !function.is_arrow() &&
             !regs[1].is_object()) {
    regs[1] = regs[1].is_nullish() ? Value(runtime_.global()) : Value(to_object(runtime_, regs[1]));
  }
  RootedValue rest(runtime_);
  RootedValue arguments(runtime_);
  if (function.rest_register != kNoRegister) [[unlikely]] {
    const std::uint32_t extra = count > parameters ? count - parameters : 0;
    rest = new_array_from(runtime_, {regs + 2 + parameters, extra});
  }
  if (function.arguments_register != kNoRegister) [[unlikely]] {
    arguments = new_arguments_object(runtime_, {regs + 2, count});
  }
  Value* end = regs + function.register_count;
  for (Value* r = regs + 2 + parameters; r < end; ++r) *r = Value::undefined();
  if (function.rest_register != kNoRegister) regs[function.rest_register] = rest;
  if (function.arguments_register != kNoRegister) regs[function.arguments_register] = arguments;
  frame.end = end;
}

/// r1 of a construct frame: the hole in derived constructors, else a new object.
void Machine::make_this() {
  Frame& frame = *frame_;
  if (frame.code->source->kind == FunctionKind::DerivedConstructor) {
    frame.base[1] = Value::hole();
    return;
  }
  frame.base[1] = Value::undefined();
  Shape* shape = instance_shape(frame.new_target);
  frame.base[1] = new_object_of_shape(runtime_, shape);
}

/// The shape instances of new_target start with. May run guest code (a `prototype` getter).
Shape* Machine::instance_shape(Value new_target) {
  auto* function = as_if<JSFunction>(new_target, HeapType::Function);
  if (function && function->instance_shape_) return function->instance_shape_.get();
  RootedValue target(runtime_, new_target);
  // What the getter throws is not for a `try` with which the constructor's body begins.
  Frame& entered = *frame_;
  entered.flags |= Frame::entering;
  JSObject* prototype =
      prototype_for_construct(runtime_, new_target, runtime_.intrinsic(Intrinsic::ObjectPrototype));
  entered.flags &= static_cast<std::uint8_t>(~Frame::entering);
  function = as_if<JSFunction>(target, HeapType::Function);
  const std::uint32_t slots = function ? function->code_->instance_slots : 4;
  Shape* shape = root_shape(runtime_, prototype, slots);
  function = as_if<JSFunction>(target, HeapType::Function);
  if (function) {
    // Only a data property is known to stay what it is until somebody writes it.
    const PropertyRef ref = find_own(runtime_, function, PropertyKey(runtime_.atoms().prototype));
    if (ref.where == PropertyRef::Where::slot && !ref.is_accessor()) {
      heap_.write(function, function->instance_shape_, shape);
    }
  }
  return shape;
}

/// Sizes the next instances' in-object room by what this one came to need.
void Machine::learn_instance_slots(const Frame& frame, Value result) {
  auto* function = as_if<JSFunction>(frame.new_target, HeapType::Function);
  if (!function || !has_type(result.as_reference(), HeapType::Object)) return;
  const Shape* shape = result.as_object()->shape();
  FunctionCode& code = *function->code_;
  const std::uint32_t used = std::min(shape->slot_count_, max_instance_slots);
  if (shape->is_dictionary() || shape->inline_capacity_ != code.instance_slots) return;
  const bool first = !code.instance_slots_known;
  code.instance_slots_known = true;
  if (used > code.instance_slots || (first && used < code.instance_slots)) {
    code.instance_slots = static_cast<std::uint8_t>(used);
    heap_.write(function, function->instance_shape_, nullptr);
  }
}

// ---- Roots ------------------------------------------------------------------------------------

void Machine::visit_roots(RootVisitor& visitor) {
  Value* highest = frame_->end;
  for (Frame* frame = frames_; frame <= frame_; ++frame) {
    highest = std::max(highest, frame->end);
    auto* extra = reinterpret_cast<std::uint64_t*>(&frame->new_target);
    static_assert(offsetof(Frame, generator) == offsetof(Frame, new_target) + sizeof(Value));
    visitor.words(extra, extra + 2);
  }
  std::fill(frame_->end, highest, Value::undefined());
  if (visitor.wants_names()) {
    name_frame_roots(visitor);
    return;
  }
  visitor.words(reinterpret_cast<std::uint64_t*>(stack_),
                reinterpret_cast<std::uint64_t*>(frame_->end));
}

/// For people: each frame's registers under the function's name and place.
void Machine::name_frame_roots(RootVisitor& visitor) {
  for (Frame* frame = frames_ + 1; frame <= frame_; ++frame) {
    Value* end =
        frame < frame_ ? std::max(frame->base, std::min(frame->end, frame[1].base)) : frame->end;
    if (!frame->code) {
      visitor.name("arguments of a native function");
      visitor.words(reinterpret_cast<std::uint64_t*>(frame->base),
                    reinterpret_cast<std::uint64_t*>(end));
      continue;
    }
    const FunctionTemplate& function = *frame->code->source;
    const auto pc = static_cast<std::uint32_t>(frame->pc - function.code.data());
    const LineColumn at = function.position_at(pc);
    const std::string place =
        fmt::format("({}:{}:{})", function.source->name(), at.line, at.column);
    for (Value* r = frame->base; r < end; ++r) {
      const auto name =
          std::find_if(function.register_names.begin(), function.register_names.end(),
                       [&](const auto& entry) { return frame->base + entry.reg == r; });
      visitor.name(name == function.register_names.end()
                       ? "stack frame " + place
                       : fmt::format("{} {}", utf16_to_utf8(name->name), place));
      visitor.words(reinterpret_cast<std::uint64_t*>(r), reinterpret_cast<std::uint64_t*>(r + 1));
    }
  }
}

// ---- The public face --------------------------------------------------------------------------

Value call(Runtime& runtime, Value callee, Value this_value, std::span<const Value> args) {
  return runtime.machine().call(callee, this_value, args);
}

Value construct(Runtime& runtime, Value callee, std::span<const Value> args, Value new_target) {
  return runtime.machine().construct(callee, args, new_target);
}

}  // namespace heaplab::interp
