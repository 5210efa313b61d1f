// SPDX-License-Identifier: MIT
// Leaving frames other than by a plain return: exceptions, yield, await.

#include <algorithm>

#include "heaplab/interp/error.h"
#include "heaplab/interp/operations.h"
#include "vm/machine.h"
#include "vm/property_access.h"

namespace heaplab::interp {
namespace {

std::uint32_t pc_offset(const Frame& frame) {
  return static_cast<std::uint32_t>(frame.pc - frame.code->source->code.data());
}

const HandlerRange* find_handler(const Frame& frame) {
  if (frame.flags & Frame::entering) return nullptr;
  const std::uint32_t pc = pc_offset(frame);
  for (const HandlerRange& range : frame.code->source->handlers) {
    if (pc >= range.start && pc < range.end) return &range;
  }
  return nullptr;
}

bool is_async_function(const FunctionTemplate& function) {
  return function.is_async && !function.is_generator;
}

JSGenerator* generator_of(const Frame& frame) {
  return frame.generator.is_undefined() ? nullptr : frame.generator.as<JSGenerator>();
}

void complete(Runtime& runtime, JSGenerator* generator) {
  generator->set_state(GeneratorState::completed);
  runtime.heap().write(generator, generator->frame_, nullptr);
}

}  // namespace

// ---- Exceptions -------------------------------------------------------------------------------

void Machine::deliver(Frame& caller, Value result) {
  caller.base[caller.pc[1]] = result;
  caller.pc += opcode_length(static_cast<Opcode>(*caller.pc));
}

Machine::Unwound Machine::unwind(Value* result) {
  while (true) {
    Frame& frame = *frame_;
    if (const HandlerRange* range = find_handler(frame)) {
      frame.base[range->exception_register] = runtime_.take_exception();
      frame.pc = frame.code->source->code.data() + range->handler;
      return Unwound::handled;
    }
    const bool entry = (frame.flags & Frame::entry) != 0;
    if (is_async_function(*frame.code->source)) {
      const Value promise = fail(frame, runtime_.take_exception());
      --frame_;
      *result = promise;
      if (entry) return Unwound::finished;
      deliver(*frame_, promise);
      return Unwound::handled;
    }
    if (JSGenerator* generator = generator_of(frame)) complete(runtime_, generator);
    const bool for_of = (frame.flags & Frame::for_of) != 0;
    --frame_;
    if (entry) return Unwound::gone;
    if (for_of) frame_->base[frame_->pc[2]] = Value::undefined();
  }
}

// ---- Suspending -------------------------------------------------------------------------------

/// Copies the innermost frame's registers into the generator. May collect.
void Machine::save_frame(JSGenerator* generator_arg) {
  Rooted<JSGenerator> generator(runtime_, generator_arg);
  Frame& frame = *frame_;
  const std::uint32_t count = frame.code->source->register_count;
  if (!generator->frame_) {
    auto* saved = heap_.allocate_array<SuspendedFrame>(type_id(HeapType::SuspendedFrame), count);
    saved->code_ = frame.code;
    heap_.write(generator.get(), generator->frame_, saved);
  }
  SuspendedFrame* saved = generator->frame_.get();
  saved->pc_ = pc_offset(frame);
  heap_.copy_words(saved, saved->registers(), reinterpret_cast<const Word*>(frame.base), count);
}

Value Machine::initial_yield() {
  Frame& frame = *frame_;
  const bool async = frame.code->source->is_async;
  const Intrinsic fallback =
      async ? Intrinsic::AsyncGeneratorPrototype : Intrinsic::GeneratorPrototype;
  Rooted<JSObject> prototype(
      runtime_, prototype_for_construct(runtime_, frame.base[0], runtime_.intrinsic(fallback)));
  Rooted<JSGenerator> generator(
      runtime_,
      new_exotic<JSGenerator>(runtime_, async ? HeapType::AsyncGenerator : HeapType::Generator,
                              prototype.get()));
  save_frame(generator.get());
  generator->set_state(GeneratorState::suspended_start);
  return Value(generator.get());
}

Value Machine::suspend_yield(Value value_arg, bool wrap) {
  RootedValue value(runtime_, value_arg);
  Rooted<JSGenerator> generator(runtime_, generator_of(*frame_));
  save_frame(generator.get());
  generator->set_state(GeneratorState::suspended_yield);
  if (!wrap || has_type(generator.get(), HeapType::AsyncGenerator)) return value;
  return Value(new_iterator_result(runtime_, value, false));
}

/// Suspends an async frame until `awaited` is settled; what its caller gets, if it is still
/// waiting for something.
Value Machine::suspend_await(Value awaited) {
  Frame& frame = *frame_;
  Rooted<JSPromise> promise(runtime_, promise_resolve(runtime_, awaited));
  Rooted<JSGenerator> waiting(runtime_, generator_of(frame));
  if (!waiting) {
    waiting = new_exotic<JSGenerator>(runtime_, HeapType::Generator, nullptr);
    JSPromise* result = new_promise(runtime_);
    heap_.write(waiting.get(), waiting->promise_, Word(result));
    frame.generator = waiting.value();
  }
  save_frame(waiting.get());
  await_value(runtime_, waiting.get(), promise.value());
  return frame.flags & Frame::resumed ? Value::undefined() : Value::from(waiting->promise_);
}

Value Machine::finish(Frame& frame, Value value) {
  const FunctionTemplate& function = *frame.code->source;
  JSGenerator* generator = generator_of(frame);
  if (is_async_function(function)) {
    RootedValue v(runtime_, value);
    Rooted<JSPromise> promise(
        runtime_, generator ? Value::from(generator->promise_).as<JSPromise>() : nullptr);
    if (!promise) promise = new_promise(runtime_);
    if (generator_of(frame)) complete(runtime_, generator_of(frame));
    resolve_promise(runtime_, promise.get(), v);
    return frame.flags & Frame::resumed ? Value::undefined() : promise.value();
  }
  complete(runtime_, generator);
  if (function.is_async || (frame.flags & Frame::for_of)) return value;
  return Value(new_iterator_result(runtime_, value, true));
}

Value Machine::fail(Frame& frame, Value reason) {
  RootedValue r(runtime_, reason);
  JSGenerator* generator = generator_of(frame);
  Rooted<JSPromise> promise(runtime_,
                            generator ? Value::from(generator->promise_).as<JSPromise>() : nullptr);
  if (!promise) promise = new_promise(runtime_);
  if (generator_of(frame)) complete(runtime_, generator_of(frame));
  reject_promise(runtime_, promise.get(), r);
  return frame.flags & Frame::resumed ? Value::undefined() : promise.value();
}

// ---- Resuming ---------------------------------------------------------------------------------

bool Machine::push_resumed(JSGenerator* generator, ResumeMode mode, Value value,
                           std::uint8_t flags) {
  SuspendedFrame* saved = generator->frame_.get();
  const std::uint32_t count = saved->length();
  Value* base = free_top();
  if (frame_ + 1 >= frames_end_ || base + count + 64 > stack_end_) throw_stack_overflow();
  generator->set_state(GeneratorState::running);
  Frame& frame = *++frame_;
  frame = Frame{};
  frame.base = base;
  frame.end = base + count;
  frame.code = saved->code_;
  frame.pc = saved->code_->source->code.data() + saved->pc_;
  frame.generator = Value(generator);
  frame.flags = static_cast<std::uint8_t>(flags | Frame::resumed);
  for (std::uint32_t i = 0; i < count; ++i) base[i] = Value::from(saved->registers()[i]);
  if (mode == ResumeMode::throw_) {
    runtime_.set_exception(value);
    return false;
  }
  const auto op = static_cast<Opcode>(*frame.pc);
  if (op != Opcode::InitialYield) base[frame.pc[1]] = value;
  if (mode == ResumeMode::return_) {
    frame.pc += read_i32(frame.pc + 3);
  } else {
    frame.pc += opcode_length(op);
  }
  return true;
}

Value Machine::resume(JSGenerator* generator, ResumeMode mode, Value value) {
  const Depth depth(*this);
  const bool normal = push_resumed(generator, mode, value, Frame::entry);
  return run(!normal);
}

}  // namespace heaplab::interp
