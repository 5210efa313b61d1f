// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/interp/function.h"
#include "heaplab/interp/object.h"

namespace heaplab::interp {

/// The registers of a frame that is not running. `pc_` is the offset of the instruction that
/// suspended it.
class SuspendedFrame : public Object {  // elements: words, one per register
 public:
  FunctionCode* code_ = nullptr;
  std::uint32_t pc_ = 0;
  std::uint32_t padding_ = 0;
  Word* registers() { return reinterpret_cast<Word*>(this + 1); }
};

enum class GeneratorState : std::uint32_t {
  suspended_start,
  suspended_yield,
  running,
  awaiting_return,  ///< async generators: return(v) waits for v
  completed,
};

/// How a suspended frame goes on.
enum class ResumeMode : std::uint32_t { next, throw_, return_ };

/// A generator object; also, never seen by scripts, what an async function is while it waits.
class JSGenerator : public JSObject {
 public:
  GeneratorState state() const { return static_cast<GeneratorState>(payload()); }
  void set_state(GeneratorState state) { set_payload(static_cast<std::uint32_t>(state)); }
  Word promise_;  ///< of an async function
  Ref<SuspendedFrame> frame_;
  std::uint32_t padding_ = 0;
};

/// One call of next(), throw() or return() on an async generator, waiting for its turn.
class AsyncRequest : public Object {  // payload: ResumeMode
 public:
  Word value_;
  Word promise_;
  Ref<AsyncRequest> next_;
  std::uint32_t padding_ = 0;
};

class JSAsyncGenerator : public JSGenerator {
 public:
  Ref<AsyncRequest> first_request_;
  Ref<AsyncRequest> last_request_;
};

/// \name Run guest code; may collect.
/// @{
/// generator.next(value) and its kin: an iterator result.
Value resume_generator(Runtime& runtime, JSGenerator* generator, ResumeMode mode, Value value);
/// Queues a request and returns its promise.
Value async_generator_request(Runtime& runtime, JSAsyncGenerator* generator, ResumeMode mode,
                              Value value);
/// Goes on after `await`.
void resume_await(Runtime& runtime, JSGenerator* waiting, ResumeMode mode, Value value);
/// Arranges for resume_await once `value` is settled. May throw what promise_resolve throws.
void await_value(Runtime& runtime, JSGenerator* waiting, Value value);
/// @}

/// Fills in the prototypes of generators and async iterators.
void install_generators(Runtime& runtime);

}  // namespace heaplab::interp
