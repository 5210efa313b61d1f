// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "heaplab/heap/roots.h"
#include "heaplab/interp/value.h"

namespace heaplab::interp {

class Runtime;

/// Calls a due timer or immediate. May collect, may throw ScriptException.
using TimerHandler = void (*)(Runtime& runtime, Value object);

/// Node's event loop as far as programs without I/O can tell: per turn the due timers, then the
/// immediates, then finalization callbacks; after each callback all nextTicks, then all microtasks,
/// until there are none. Ends when nothing that is referenced (see set_ref) is pending.
class EventLoop : public RootProvider {
 public:
  using Id = std::uint64_t;  ///< never 0

  explicit EventLoop(Runtime& runtime);
  ~EventLoop() override;

  /// \name Timers. `object` (a Timeout, kept alive until it fired or was cleared) is handed to
  /// `handler`. Delays are Node's: less than 1, more than 2^31-1, or NaN count as 1; fractions are
  /// dropped. Never collect.
  /// @{
  Id add_timer(double delay_ms, bool repeat, Value object, TimerHandler handler);
  void refresh_timer(Id id);
  Id add_immediate(Value object, TimerHandler handler);
  /// A timer or an immediate; unknown or fired ones are ignored.
  void clear(Id id);
  void set_ref(Id id, bool referenced);
  bool has_ref(Id id) const;
  bool is_pending(Id id) const;
  /// @}

  /// \name Jobs. Never collect.
  /// @{
  /// Calls `callback` with the arguments.
  void add_tick(Value callback, std::span<const Value> args);
  void add_microtask(Value callback, std::span<const Value> args = {});
  /// Runs C++ with two rooted values.
  using NativeJob = void (*)(Runtime& runtime, Value a, Value b, Value c);
  void add_native_microtask(NativeJob job, Value a, Value b = Value::undefined(),
                            Value c = Value::undefined());
  /// Runs as a macrotask of its own.
  void add_macrotask(NativeJob job, Value a, Value b = Value::undefined(),
                     Value c = Value::undefined());
  /// @}

  /// Runs until nothing is pending. May collect. Guest exceptions that nobody catches end it: they
  /// come out as ScriptException.
  void run();
  /// All nextTicks and microtasks, then unhandled rejections.
  void drain();

  /// Is anything pending that keeps the loop going?
  bool has_work() const;
  /// Runs `work`; what it throws goes to process.on('uncaughtException') if somebody listens, else
  /// on to the caller.
  void guard(const std::function<void()>& work) { run_guarded(work); }

  /// Called between macrotasks and in the main loop's waits: builtins that need a hook after each
  /// collection (FinalizationRegistry) put it here.
  using TurnHook = void (*)(Runtime& runtime);
  void add_turn_hook(TurnHook hook) { hooks_.push_back(hook); }

  void visit_roots(RootVisitor& visitor) override;
  std::string_view roots_name() const override { return "(Event loop)"; }

 private:
  friend class Runtime;
  struct Timer {
    std::uint64_t due_ms = 0;
    std::uint64_t order = 0;
    std::uint64_t period_ms = 0;
    bool repeat = false;
    bool referenced = true;
    Value object;
    TimerHandler handler = nullptr;
  };
  struct Immediate {
    Id id = 0;
    bool referenced = true;
    Value object;
    TimerHandler handler = nullptr;
  };
  struct Job {
    NativeJob native = nullptr;  ///< null: call values[0] with the rest
    std::vector<Value> more;     ///< arguments beyond the third
    Value values[3];
    std::uint32_t count = 0;
  };
  using TimerOrder = std::pair<std::uint64_t, std::uint64_t>;  // due, order

  bool run_timers();
  bool run_immediates();
  bool run_macrotask();
  void run_job(Job& job);
  void fire(Value object, TimerHandler handler);
  bool anything_referenced() const;
  void wait_for_timer();
  std::uint64_t now_ms() const;
  void run_microtasks();
  void run_guarded(const std::function<void()>& work);
  void check_rejections();
  Job make_job(Value callback, std::span<const Value> args);

  Runtime& runtime_;
  std::unordered_map<Id, Timer> timers_;
  std::map<TimerOrder, Id> timer_queue_;
  std::deque<Immediate> immediates_;
  std::deque<Job> ticks_;
  std::deque<Job> microtasks_;
  std::deque<Job> macrotasks_;
  std::vector<TurnHook> hooks_;
  Id next_id_ = 1;
  std::uint64_t next_order_ = 1;
  std::uint64_t loop_time_ms_ = 0;
};

}  // namespace heaplab::interp
