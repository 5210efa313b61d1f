// SPDX-License-Identifier: MIT
#include "heaplab/interp/event_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "heaplab/interp/builtins.h"
#include "heaplab/interp/error.h"
#include "heaplab/interp/promise.h"
#include "heaplab/interp/runtime.h"

namespace heaplab::interp {
namespace {

constexpr double longest_delay_ms = 2147483647;
/// How long a wait for a timer may go without looking whether somebody wants to interrupt.
constexpr std::uint64_t wait_slice_ms = 5;

std::uint64_t delay_of(double ms) {
  if (!(ms >= 1 && ms <= longest_delay_ms)) return 1;
  return static_cast<std::uint64_t>(ms);
}

}  // namespace

EventLoop::EventLoop(Runtime& runtime) : runtime_(runtime) {
  runtime.heap().add_root_provider(this);
  loop_time_ms_ = now_ms();
}

EventLoop::~EventLoop() { runtime_.heap().remove_root_provider(this); }

std::uint64_t EventLoop::now_ms() const {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(
      duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

// ---- Timers -----------------------------------------------------------------------------------

EventLoop::Id EventLoop::add_timer(double delay_ms, bool repeat, Value object,
                                   TimerHandler handler) {
  const Id id = next_id_++;
  Timer timer;
  timer.period_ms = delay_of(delay_ms);
  timer.due_ms = loop_time_ms_ + timer.period_ms;
  timer.order = next_order_++;
  timer.repeat = repeat;
  timer.object = object;
  timer.handler = handler;
  timer_queue_.emplace(TimerOrder{timer.due_ms, timer.order}, id);
  timers_.emplace(id, timer);
  return id;
}

void EventLoop::refresh_timer(Id id) {
  const auto found = timers_.find(id);
  if (found == timers_.end()) return;
  Timer& timer = found->second;
  timer_queue_.erase({timer.due_ms, timer.order});
  timer.due_ms = loop_time_ms_ + timer.period_ms;
  timer.order = next_order_++;
  timer_queue_.emplace(TimerOrder{timer.due_ms, timer.order}, id);
}

EventLoop::Id EventLoop::add_immediate(Value object, TimerHandler handler) {
  const Id id = next_id_++;
  immediates_.push_back({id, true, object, handler});
  return id;
}

void EventLoop::clear(Id id) {
  if (const auto found = timers_.find(id); found != timers_.end()) {
    timer_queue_.erase({found->second.due_ms, found->second.order});
    timers_.erase(found);
    return;
  }
  const auto is_it = [id](const Immediate& immediate) { return immediate.id == id; };
  const auto immediate = std::find_if(immediates_.begin(), immediates_.end(), is_it);
  if (immediate != immediates_.end()) immediates_.erase(immediate);
}

void EventLoop::set_ref(Id id, bool referenced) {
  if (const auto found = timers_.find(id); found != timers_.end()) {
    found->second.referenced = referenced;
  }
  for (Immediate& immediate : immediates_) {
    if (immediate.id == id) immediate.referenced = referenced;
  }
}

bool EventLoop::has_ref(Id id) const {
  if (const auto found = timers_.find(id); found != timers_.end()) return found->second.referenced;
  return std::any_of(immediates_.begin(), immediates_.end(), [id](const Immediate& immediate) {
    return immediate.id == id && immediate.referenced;
  });
}

bool EventLoop::is_pending(Id id) const {
  return timers_.count(id) > 0 ||
         std::any_of(immediates_.begin(), immediates_.end(),
                     [id](const Immediate& immediate) { return immediate.id == id; });
}

// ---- Jobs -------------------------------------------------------------------------------------

EventLoop::Job EventLoop::make_job(Value callback, std::span<const Value> args) {
  Job job;
  job.values[0] = callback;
  job.count = static_cast<std::uint32_t>(args.size());
  if (args.size() <= 2) {
    std::copy(args.begin(), args.end(), job.values + 1);
  } else {
    job.more.assign(args.begin(), args.end());
  }
  return job;
}

void EventLoop::add_tick(Value callback, std::span<const Value> args) {
  ticks_.push_back(make_job(callback, args));
}

void EventLoop::add_microtask(Value callback, std::span<const Value> args) {
  microtasks_.push_back(make_job(callback, args));
}

namespace {
EventLoop::NativeJob checked(EventLoop::NativeJob job) {
  assert(job && "a native job needs a function");
  return job;
}
}  // namespace

void EventLoop::add_native_microtask(NativeJob job, Value a, Value b, Value c) {
  Job& added = microtasks_.emplace_back();
  added.native = checked(job);
  added.values[0] = a;
  added.values[1] = b;
  added.values[2] = c;
}

void EventLoop::add_macrotask(NativeJob job, Value a, Value b, Value c) {
  Job& added = macrotasks_.emplace_back();
  added.native = checked(job);
  added.values[0] = a;
  added.values[1] = b;
  added.values[2] = c;
}

void EventLoop::run_job(Job& job) {
  // The job has left its queue: its values are roots here.
  RootedValues values(runtime_);
  values.vector().assign(std::begin(job.values), std::end(job.values));
  if (job.native) {
    job.native(runtime_, values[0], values[1], values[2]);
    return;
  }
  if (job.count <= 2) {
    call(runtime_, values[0], Value::undefined(), values.span().subspan(1, job.count));
    return;
  }
  RootedValues args(runtime_);
  args.vector() = std::move(job.more);
  call(runtime_, values[0], Value::undefined(), args.span());
}

/// Runs one job; what it throws goes to process.on('uncaughtException'), or on.
void EventLoop::run_guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const ScriptException&) {
    RootedValue error(runtime_, runtime_.exception());
    const AllocationSite site = runtime_.throw_site();
    if (emit_uncaught_exception(runtime_, error)) return;
    runtime_.set_exception(error);
    runtime_.set_throw_site(site);
    throw;
  }
}

void EventLoop::run_microtasks() {
  while (!microtasks_.empty()) {
    Job job = std::move(microtasks_.front());
    microtasks_.pop_front();
    run_guarded([&] { run_job(job); });
  }
}

void EventLoop::check_rejections() {
  std::vector<Value>& pending = runtime_.pending_rejections();
  while (!pending.empty()) {
    Rooted<JSPromise> promise(runtime_, pending.front().as<JSPromise>());
    pending.erase(pending.begin());
    if (promise->is_handled()) continue;
    RootedValue reason(runtime_, Value::from(promise->result_));
    if (emit_unhandled_rejection(runtime_, reason, promise.value())) continue;
    run_guarded([&] {
      runtime_.set_exception(reason);
      runtime_.note_rejection(reason);
      throw ScriptException{};
    });
  }
}

/// As Node: all ticks, then all microtasks, until there are neither.
void EventLoop::drain() {
  do {
    do {
      while (!ticks_.empty()) {
        Job job = std::move(ticks_.front());
        ticks_.pop_front();
        run_guarded([&] { run_job(job); });
      }
      run_microtasks();
    } while (!ticks_.empty());
    check_rejections();
  } while (!ticks_.empty() || !microtasks_.empty());
  runtime_.clear_kept_objects();
}

// ---- The loop ---------------------------------------------------------------------------------

void EventLoop::fire(Value object, TimerHandler handler) {
  RootedValue root(runtime_, object);
  run_guarded([&] { handler(runtime_, root); });
  drain();
}

bool EventLoop::run_timers() {
  bool any = false;
  const std::uint64_t now = loop_time_ms_;
  while (!timer_queue_.empty() && timer_queue_.begin()->first.first <= now) {
    const Id id = timer_queue_.begin()->second;
    timer_queue_.erase(timer_queue_.begin());
    Timer& timer = timers_.at(id);
    const Value object = timer.object;
    const TimerHandler handler = timer.handler;
    const bool repeat = timer.repeat;
    if (repeat) {
      // Back in the queue only after it ran, unless it cleared itself; out of reach until then.
      timer.due_ms = 0;
      timer.order = 0;
    } else {
      timers_.erase(id);
    }
    any = true;
    fire(object, handler);
    if (repeat && timers_.count(id) > 0 && timers_.at(id).order == 0) {
      loop_time_ms_ = now_ms();
      refresh_timer(id);
    }
  }
  return any;
}

bool EventLoop::run_immediates() {
  // Those added meanwhile wait for the next turn.
  const std::size_t count = immediates_.size();
  const Id last = count > 0 ? immediates_.back().id : 0;
  while (!immediates_.empty() && immediates_.front().id <= last) {
    const Immediate immediate = immediates_.front();
    immediates_.pop_front();
    fire(immediate.object, immediate.handler);
  }
  return count > 0;
}

bool EventLoop::run_macrotask() {
  if (macrotasks_.empty()) return false;
  Job job = std::move(macrotasks_.front());
  macrotasks_.pop_front();
  run_guarded([&] { run_job(job); });
  drain();
  return true;
}

bool EventLoop::anything_referenced() const {
  if (!macrotasks_.empty()) return true;
  for (const Immediate& immediate : immediates_) {
    if (immediate.referenced) return true;
  }
  for (const auto& [id, timer] : timers_) {
    if (timer.referenced) return true;
  }
  return false;
}

bool EventLoop::has_work() const {
  return !ticks_.empty() || !microtasks_.empty() || anything_referenced();
}

void EventLoop::wait_for_timer() {
  while (!timer_queue_.empty()) {
    if (runtime_.interrupt_requested()) runtime_.handle_interrupt();
    const std::uint64_t due = timer_queue_.begin()->first.first;
    const std::uint64_t now = now_ms();
    if (now >= due) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(due - now, wait_slice_ms)));
  }
}

void EventLoop::run() {
  drain();
  while (true) {
    for (const TurnHook hook : hooks_) hook(runtime_);
    if (!anything_referenced()) return;
    if (immediates_.empty() && macrotasks_.empty()) wait_for_timer();
    loop_time_ms_ = now_ms();
    run_timers();
    run_immediates();
    while (run_macrotask()) {
    }
  }
}

// ---- Roots ------------------------------------------------------------------------------------

void EventLoop::visit_roots(RootVisitor& visitor) {
  const auto one = [&visitor](Value& value) {
    auto* slot = reinterpret_cast<std::uint64_t*>(&value);
    visitor.words(slot, slot + 1);
  };
  const auto name = [&visitor](std::string_view text) {
    if (visitor.wants_names()) visitor.name(text);
  };
  name("timer");
  for (auto& [id, timer] : timers_) one(timer.object);
  name("immediate");
  for (Immediate& immediate : immediates_) one(immediate.object);
  const auto jobs = [&](std::deque<Job>& queue, std::string_view what) {
    name(what);
    for (Job& job : queue) {
      for (Value& value : job.values) one(value);
      for (Value& value : job.more) one(value);
    }
  };
  jobs(ticks_, "nextTick");
  jobs(microtasks_, "microtask");
  jobs(macrotasks_, "finalization callback");
}

}  // namespace heaplab::interp
