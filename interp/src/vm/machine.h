// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "heaplab/interp/generator.h"
#include "heaplab/interp/promise.h"
#include "heaplab/interp/runtime.h"

// The call stack. Registers of all frames are one run of Values in reserved memory; a callee's r0
// is its caller's window base, so calls copy nothing. Frame records lie in an array of their own.
//
//   frame(n):    base .. end          end <= limit of the reservation
//   frame(n+1):  base within frame(n)'s registers (a call) or at frame(n).end (C++ called)
//
// Roots are the values from the bottom to the end of the innermost frame. What lies above that but
// inside an outer frame was a dead window or temporary: visit_roots erases it, so that nothing
// stale is ever looked at again.

namespace heaplab::interp {

struct Frame {
  enum Flag : std::uint8_t {
    called_by_new = 1,  ///< called by `new`: a non-object result is replaced by r1
    entry = 2,          ///< C++ called: returning leaves the run loop
    for_of = 4,         ///< a generator resumed by ForOfNext: results are handed over unwrapped
    resumed = 8,        ///< the function was suspended before: its caller has its promise
    entering = 16,      ///< its first instruction has not begun: none of its handlers applies
  };
  const CodeUnit* pc = nullptr;  ///< start of the instruction that is running
  Value* base = nullptr;
  Value* end = nullptr;
  FunctionCode* code = nullptr;  ///< null: a native function
  Value new_target = Value::undefined();
  Value generator = Value::undefined();  ///< JSGenerator this frame belongs to, once suspended
  std::uint8_t flags = 0;
};

class Machine : public RootProvider {
 public:
  explicit Machine(Runtime& runtime);
  ~Machine() override;

  /// \name Called from C++. Run guest code; may collect.
  /// @{
  Value call(Value callee, Value this_value, std::span<const Value> args);
  Value construct(Value callee, std::span<const Value> args, Value new_target);
  /// Runs a suspended frame until it returns, yields or awaits.
  Value resume(JSGenerator* generator, ResumeMode mode, Value value);
  /// @}

  const Frame* top() const { return frame_; }
  const Frame* bottom() const { return frames_; }

  void visit_roots(RootVisitor& visitor) override;
  std::string_view roots_name() const override { return "(Stack roots)"; }

 private:
  friend class Handlers;
  friend class Runtime;
  class Depth;

  // call.cpp
  void name_frame_roots(RootVisitor& visitor);
  Value* free_top() const { return frame_->end; }
  Value* open_window(Value callee, Value this_value, std::span<const Value> args);
  Value call_window(Value* window, std::uint32_t count);
  Value construct_window(Value* window, std::uint32_t count, Value new_target);
  Value call_native(Value* window, std::uint32_t count, Value new_target);
  void push_frame(Value* window, std::uint32_t count, Value new_target, std::uint8_t flags);
  void enter_frame(std::uint32_t count);
  void make_this();
  void learn_instance_slots(const Frame& frame, Value result);
  Shape* instance_shape(Value new_target);
  std::uint32_t unpack_bound(Value* window, std::uint32_t count, Value* new_target);
  std::uint32_t spread_window(Value* window);
  [[noreturn]] void throw_stack_overflow();
  [[noreturn]] void throw_not_callable(Value callee, const char* what);
  void check_callable_class(JSFunction* function);
  /// Replaces the running constructor in window[0] by the one super() calls.
  void super_constructor(Value* window);

  // run_loop.cpp
  Value run(bool throwing = false);
  /// Runs until the entry frame returns (true) or an exception left it (false).
  /// There are two loops, so that the ordinary one pays nothing for an AccessTable.
  template <bool observed>
  bool dispatch(Value* result);

  // unwind.cpp
  /// What became of the exception: a handler will run (frame_ is its frame), the entry frame ended
  /// with a value (an async function's promise), or it left the entry frame.
  enum class Unwound : std::uint8_t { handled, finished, gone };
  Unwound unwind(Value* result);
  /// Writes a finished callee's result where the caller's instruction wants it, and steps over it.
  static void deliver(Frame& caller, Value result);

  // suspend.cpp
  void save_frame(JSGenerator* generator);
  Value initial_yield();
  /// What a function that can be suspended gives its caller when it returns or fails.
  Value finish(Frame& frame, Value value);
  Value fail(Frame& frame, Value reason);
  Value suspend_await(Value awaited);
  Value suspend_yield(Value value, bool wrap);
  /// Puts a suspended frame back on the stack. False: it must continue by throwing.
  bool push_resumed(JSGenerator* generator, ResumeMode mode, Value value, std::uint8_t flags);

  Runtime& runtime_;
  Heap& heap_;
  Value* stack_ = nullptr;
  Value* stack_end_ = nullptr;
  Frame* frames_ = nullptr;
  Frame* frames_end_ = nullptr;
  Frame* frame_ = nullptr;  ///< innermost
  std::uint32_t native_depth_ = 0;
  std::size_t reserved_bytes_ = 0;
};

/// Restores the call stack when C++ leaves a call in any way, and bounds the native recursion.
class Machine::Depth {
 public:
  explicit Depth(Machine& machine) : machine_(machine), frame_(machine.frame_) {
    if (machine.native_depth_ >= machine.runtime_.options().max_native_depth) {
      machine.throw_stack_overflow();
    }
    ++machine.native_depth_;
  }
  ~Depth() {
    machine_.frame_ = frame_;
    --machine_.native_depth_;
  }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  Machine& machine_;
  Frame* frame_;
};

}  // namespace heaplab::interp
