// SPDX-License-Identifier: MIT
// Numbers about memory and collections: what v8, perf_hooks and os report.
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>

#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "heaplab/heap/collector.h"
#include "heaplab/interp/builtins.h"
#include "memory_usage.h"
#include "modules.h"
#include "support.h"

namespace heaplab::interp {
namespace builtins {

std::uint64_t resident_bytes() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  unsigned long size = 0;
  unsigned long resident = 0;
  const int read = std::fscanf(file, "%lu %lu", &size, &resident);
  std::fclose(file);
  return read == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

MemoryUsage memory_usage(Runtime& runtime) {
  const HeapSizes sizes = runtime.heap().sizes();
  MemoryUsage usage;
  usage.rss = resident_bytes();
  usage.heap_total = sizes.committed;
  usage.heap_used = sizes.used;
  usage.external = runtime.heap().external_bytes();
  usage.array_buffers = static_cast<std::uint64_t>(*runtime.array_buffer_total());
  return usage;
}

namespace {

struct Entry {
  const char* name;
  std::uint64_t value;
};

Value object_of(Runtime& runtime, std::span<const Entry> entries) {
  Rooted<JSObject> result(runtime, new_object(runtime, static_cast<std::uint32_t>(entries.size())));
  for (const Entry& entry : entries) {
    define_value(runtime, result.get(), entry.name, Value::number(entry.value), kAll);
  }
  return result.value();
}

// As Node: the hard limit of the old space plus three semispaces.
std::uint64_t heap_size_limit(const Collector& collector) {
  return collector.hard_limit() + 3 * collector.semi_space_capacity();
}

Value heap_statistics(Runtime& runtime, Arguments&) {
  const HeapSizes sizes = runtime.heap().sizes();
  const Collector& collector = runtime.heap().collector();
  std::uint64_t physical = 0;
  for (const SpaceStatistics& space : collector.spaces()) physical += space.physical;
  const std::uint64_t limit = heap_size_limit(collector);
  // Keys without a counterpart here are zero: there is no executable memory, no zapping, and
  // handles live on the native stack.
  const Entry entries[] = {
      {"total_heap_size", sizes.committed},
      {"total_heap_size_executable", 0},
      {"total_physical_size", physical},
      {"total_available_size", limit > sizes.used ? limit - sizes.used : 0},
      {"used_heap_size", sizes.used},
      {"heap_size_limit", limit},
      {"malloced_memory", 0},
      {"peak_malloced_memory", 0},
      {"does_zap_garbage", runtime.heap().options().poison ? 1u : 0u},
      {"number_of_native_contexts", 1},
      {"number_of_detached_contexts", 0},
      {"total_global_handles_size", 0},
      {"used_global_handles_size", 0},
      {"external_memory", runtime.heap().external_bytes()},
  };
  return object_of(runtime, entries);
}

Value heap_space_statistics(Runtime& runtime, Arguments&) {
  RootedValues spaces(runtime);
  for (const SpaceStatistics& space : runtime.heap().collector().spaces()) {
    const Entry entries[] = {
        {"space_size", space.size},
        {"space_used_size", space.used},
        {"space_available_size", space.available},
        {"physical_space_size", space.physical},
    };
    Rooted<JSObject> object(runtime, new_object(runtime, 5));
    RootedValue name(runtime, text_value(runtime, space.name));
    define_value(runtime, object.get(), "space_name", name, kAll);
    for (const Entry& entry : entries) {
      define_value(runtime, object.get(), entry.name, Value::number(entry.value), kAll);
    }
    spaces.push_back(object.value());
  }
  return array_of(runtime, spaces);
}

// ---- performance

// Collections since somebody asked for 'gc' entries.
class GcLog : public HeapListener {
 public:
  explicit GcLog(Runtime& runtime) : heap_(runtime.heap()) { heap_.add_listener(this); }
  ~GcLog() override { heap_.remove_listener(this); }
  void on_collection_end(const Heap& heap, const CollectionEvent& event) override {
    (void)heap;
    if (events_.size() < most) events_.push_back(event);
  }
  std::vector<CollectionEvent> take() { return std::move(events_); }

 private:
  static constexpr std::size_t most = 100'000;
  Heap& heap_;
  std::vector<CollectionEvent> events_;
};

struct PerformanceState {
  std::chrono::steady_clock::time_point origin = std::chrono::steady_clock::now();
  double origin_unix_ms =
      std::chrono::duration<double, std::milli>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  std::uint64_t origin_heap_ns = 0;
  std::function<void(std::string_view)> on_mark;
  std::unique_ptr<GcLog> log;
};

PerformanceState& performance(Runtime& runtime) { return runtime.state<PerformanceState>(); }

Value performance_now(Runtime& runtime, Arguments&) {
  const std::chrono::duration<double, std::milli> since =
      std::chrono::steady_clock::now() - performance(runtime).origin;
  return Value::number(since.count());
}

Value time_origin(Runtime& runtime, Arguments&) {
  return Value::number(performance(runtime).origin_unix_ms);
}

Value announce_mark(Runtime& runtime, Arguments& args) {
  const std::string name = to_text(runtime, args[0]);
  if (performance(runtime).on_mark) performance(runtime).on_mark(name);
  return Value::undefined();
}

Value observe_collections(Runtime& runtime, Arguments& args) {
  auto& log = performance(runtime).log;
  if (!to_boolean(args[0])) {
    log.reset();
  } else if (!log) {
    log = std::make_unique<GcLog>(runtime);
  }
  return Value::undefined();
}

// [start ms, duration ms, kind, flags] of each collection since the last call.
Value take_collections(Runtime& runtime, Arguments&) {
  RootedValues list(runtime);
  auto& state = performance(runtime);
  if (!state.log) return array_of(runtime, list);
  const std::int64_t now_ns = static_cast<std::int64_t>(runtime.heap().now_ns());
  const std::chrono::duration<double, std::milli> since =
      std::chrono::steady_clock::now() - state.origin;
  for (const CollectionEvent& event : state.log->take()) {
    const double age_ms =
        static_cast<double>(now_ns - static_cast<std::int64_t>(event.start_ns)) / 1e6;
    const bool minor = event.kind == CollectionKind::minor;
    const bool forced = event.reason == CollectionReason::requested;
    const Value fields[] = {Value::number(since.count() - age_ms),
                            Value::number(static_cast<double>(event.end_ns - event.start_ns) / 1e6),
                            Value::integer(minor ? 1 : 4), Value::integer(forced ? 4 : 0)};
    list.push_back(Value(new_array_from(runtime, fields)));
  }
  return array_of(runtime, list);
}

// ---- os

Value system_information(Runtime& runtime, Arguments&) {
  struct sysinfo memory {};
  sysinfo(&memory);
  utsname names{};
  uname(&names);
  Rooted<JSObject> result(runtime, new_object(runtime));
  const auto put_text = [&](const char* name, const char* text) {
    RootedValue value(runtime, text_value(runtime, text));
    define_value(runtime, result.get(), name, value, kAll);
  };
  const auto put = [&](const char* name, double number) {
    define_value(runtime, result.get(), name, Value::number(number), kAll);
  };
  put_text("hostname", names.nodename);
  put_text("release", names.release);
  put_text("version", names.version);
  put_text("type", names.sysname);
  put_text("machine", names.machine);
  put("totalmem", static_cast<double>(memory.totalram) * memory.mem_unit);
  put("freemem", static_cast<double>(memory.freeram) * memory.mem_unit);
  put("uptime", static_cast<double>(memory.uptime));
  put("cpus", static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)));
  double loads[3] = {};
  if (getloadavg(loads, 3) != 3) std::fill(std::begin(loads), std::end(loads), 0.0);
  put("load1", loads[0]);
  put("load5", loads[1]);
  put("load15", loads[2]);
  return result.value();
}

const NativeInfo functions[] = {
    {"heap_statistics", 0, heap_statistics},   {"heap_space_statistics", 0, heap_space_statistics},
    {"performance_now", 0, performance_now},   {"time_origin", 0, time_origin},
    {"announce_mark", 1, announce_mark},       {"observe_collections", 1, observe_collections},
    {"take_collections", 0, take_collections}, {"system_information", 0, system_information},
};

}  // namespace

void add_statistics_binding(Runtime& runtime, JSObject* binding) {
  define_methods(runtime, binding, functions);
}

}  // namespace builtins

void set_mark_hook(Runtime& runtime, std::function<void(std::string_view name)> hook) {
  builtins::performance(runtime).on_mark = std::move(hook);
}

}  // namespace heaplab::interp
