// SPDX-License-Identifier: MIT
// process. Its EventEmitter part is JavaScript (internal:process) and is loaded when it is first
// used; see emitter_names.
#include <chrono>

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "heaplab/interp/builtins.h"
#include "install.h"
#include "memory_usage.h"
#include "modules.h"
#include "support.h"

extern char** environ;

namespace heaplab::interp {
namespace builtins {

namespace {

using Clock = std::chrono::steady_clock;

struct ProcessState {
  Clock::time_point start = Clock::now();
  bool emitter_loaded = false;
  bool exiting = false;
};

ProcessState& state_of(Runtime& runtime) { return runtime.state<ProcessState>(); }
Value process_value(Runtime& runtime) { return Value(runtime.intrinsic(Intrinsic::ProcessObject)); }

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
      .count();
}

Value process_hrtime(Runtime& runtime, Arguments& args) {
  std::int64_t seconds = now_ns() / 1'000'000'000;
  std::int64_t nanoseconds = now_ns() % 1'000'000'000;
  if (!args[0].is_undefined()) {
    if (!is_array(args[0])) {
      throw_invalid_argument(runtime, "time", "an instance of Array", args[0]);
    }
    seconds -= static_cast<std::int64_t>(to_number(runtime, get_index(runtime, args[0], 0)));
    nanoseconds -= static_cast<std::int64_t>(to_number(runtime, get_index(runtime, args[0], 1)));
    if (nanoseconds < 0) {
      --seconds;
      nanoseconds += 1'000'000'000;
    }
  }
  const Value pair[] = {Value::number(seconds), Value::number(nanoseconds)};
  return new_array_from(runtime, pair);
}

Value process_hrtime_bigint(Runtime& runtime, Arguments&) {
  throw_type_error(runtime,
                   "process.hrtime.bigint() needs BigInt, which heaplab run does not support; use "
                   "process.hrtime() or performance.now()");
}

Value process_uptime(Runtime& runtime, Arguments&) {
  const std::chrono::duration<double> up = Clock::now() - state_of(runtime).start;
  return Value::number(up.count());
}

Value process_memory_usage(Runtime& runtime, Arguments&) {
  const MemoryUsage usage = memory_usage(runtime);
  const std::pair<const char*, std::uint64_t> fields[] = {{"rss", usage.rss},
                                                          {"heapTotal", usage.heap_total},
                                                          {"heapUsed", usage.heap_used},
                                                          {"external", usage.external},
                                                          {"arrayBuffers", usage.array_buffers}};
  Rooted<JSObject> result(runtime, new_object(runtime, 5));
  for (const auto& [name, bytes] : fields) {
    define_value(runtime, result.get(), name, Value::number(bytes), kAll);
  }
  return result.value();
}

Value process_rss(Runtime&, Arguments&) { return Value::number(resident_bytes()); }

Value process_cpu_usage(Runtime& runtime, Arguments& args) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  double user = micros(usage.ru_utime);
  double system = micros(usage.ru_stime);
  if (args[0].is_object()) {
    user -= to_number(runtime, get_property(runtime, args[0], "user"));
    system -= to_number(runtime, get_property(runtime, args[0], "system"));
  }
  Rooted<JSObject> result(runtime, new_object(runtime, 2));
  define_value(runtime, result.get(), "user", Value::number(user), kAll);
  define_value(runtime, result.get(), "system", Value::number(system), kAll);
  return result.value();
}

Value process_cwd(Runtime& runtime, Arguments&) {
  char buffer[4096];
  if (getcwd(buffer, sizeof(buffer)) == nullptr) {
    throw_error(runtime, ErrorKind::Error, "ENOENT: process.cwd failed");
  }
  return text_value(runtime, buffer);
}

Value process_next_tick(Runtime& runtime, Arguments& args) {
  if (!args[0].is_callable()) {
    throw_invalid_argument(runtime, "callback", "of type function", args[0]);
  }
  runtime.event_loop().add_tick(args[0], args.from(1));
  return Value::undefined();
}

int exit_code_of(Runtime& runtime, Value value) {
  if (value.is_nullish()) return 0;
  const bool numeric_text = value.is_string() && value.as_string()->length() > 0 &&
                            std::isfinite(string_to_number(value.as_string()));
  if (!value.is_number() && !numeric_text) {
    throw_invalid_argument(runtime, "code", "of type number", value);
  }
  return to_int32(runtime, value);
}

Value process_exit(Runtime& runtime, Arguments& args) {
  if (!args[0].is_undefined()) {
    exit_code_of(runtime, args[0]);  // checks it
    set(runtime, process_value(runtime), runtime.key("exitCode"), args[0]);
  }
  throw ExitRequest{emit_exit(runtime, 0)};
}

Value process_abort(Runtime& runtime, Arguments&) {
  runtime.write_error("process.abort() was called\n");
  throw ExitRequest{134};
}

Value process_umask(Runtime&, Arguments&) { return Value::integer(022); }

template <bool to_error>
Value stream_write(Runtime& runtime, Arguments& args) {
  std::string text;
  if (args[0].is_string()) {
    text = to_utf8(args[0].as_string());
  } else if (!append_bytes(args[0], &text)) {
    throw_invalid_argument(runtime, "chunk",
                           "of type string or an instance of Buffer or Uint8Array", args[0]);
  }
  if (to_error) {
    runtime.write_error(text);
  } else {
    runtime.write_out(text);
  }
  const Value last = args.count() > 1 ? args[args.count() - 1] : Value::undefined();
  if (last.is_callable()) runtime.event_loop().add_tick(last, {});
  return Value::boolean(true);
}

// Loads the emitter half of process, then calls what was asked for. captured: the method's name
Value emitter_method(Runtime& runtime, Arguments& args) {
  RootedValue name(runtime, static_cast<JSNativeFunction*>(args.callee().as_object())->captured(0));
  if (!state_of(runtime).emitter_loaded) {
    state_of(runtime).emitter_loaded = true;
    RootedValue setup(runtime, embedded_function(runtime, "internal:process", "setup"));
    call(runtime, setup, Value::undefined(), {process_value(runtime)});
  }
  const PropertyKey key = to_property_key(runtime, name);
  const Value method = get(runtime, process_value(runtime), key);
  return call(runtime, method, process_value(runtime), args.all());
}

const NativeInfo emitter_info{"", 0, emitter_method};
constexpr const char* emitter_names[] = {"on",           "addListener",     "once",
                                         "off",          "removeListener",  "removeAllListeners",
                                         "emit",         "listeners",       "listenerCount",
                                         "eventNames",   "prependListener", "prependOnceListener",
                                         "rawListeners", "setMaxListeners", "getMaxListeners",
                                         "emitWarning"};

const NativeInfo methods[] = {
    {"uptime", 0, process_uptime}, {"cpuUsage", 1, process_cpu_usage},
    {"cwd", 0, process_cwd},       {"nextTick", 1, process_next_tick},
    {"exit", 1, process_exit},     {"abort", 0, process_abort},
    {"umask", 1, process_umask},
};
const NativeInfo hrtime_info{"hrtime", 1, process_hrtime};
const NativeInfo hrtime_methods[] = {{"bigint", 0, process_hrtime_bigint}};
const NativeInfo memory_info{"memoryUsage", 0, process_memory_usage};
const NativeInfo memory_methods[] = {{"rss", 0, process_rss}};
const NativeInfo out_methods[] = {{"write", 2, stream_write<false>}};
const NativeInfo error_methods[] = {{"write", 2, stream_write<true>}};

class ProcessBuilder {
 public:
  explicit ProcessBuilder(Runtime& runtime)
      : runtime_(runtime), process_(runtime, new_object(runtime, 16)) {}

  void put(const char* name, Value value) {
    define_value(runtime_, process_.get(), name, value, kAll);
  }
  void put_text(const char* name, std::string_view text) {
    RootedValue value(runtime_, text_value(runtime_, text));
    put(name, value);
  }

  void put_arguments() {
    const RuntimeOptions& options = runtime_.options();
    RootedValues argv(runtime_);
    argv.push_back(text_value(runtime_, options.executable_path));
    if (!options.script_path.empty()) {
      argv.push_back(text_value(runtime_, options.script_path));
    }
    for (const std::string& argument : options.argv) {
      argv.push_back(text_value(runtime_, argument));
    }
    RootedValue list(runtime_, Value(array_of(runtime_, argv)));
    put("argv", list);
    RootedValues exec(runtime_);
    if (options.expose_gc) exec.push_back(text_value(runtime_, "--expose-gc"));
    RootedValue exec_list(runtime_, Value(array_of(runtime_, exec)));
    put("execArgv", exec_list);
    put_text("execPath", options.executable_path);
    put_text("argv0", "node");
  }

  void put_environment() {
    Rooted<JSObject> env(runtime_, new_object(runtime_, 0));
    for (char** entry = environ; entry && *entry; ++entry) {
      const std::string_view text(*entry);
      const std::size_t equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      RootedValue name(runtime_, text_value(runtime_, text.substr(0, equals)));
      RootedValue value(runtime_, text_value(runtime_, text.substr(equals + 1)));
      const PropertyKey key = to_property_key(runtime_, name);
      define(runtime_, env.get(), key, value);
    }
    put("env", env.value());
  }

  void put_versions() {
    put_text("version", "v20.20.2");
    Rooted<JSObject> versions(runtime_, new_object(runtime_));
    for (const auto& [name, text] :
         {std::pair("node", "20.20.2"), {"heaplab", "0.1.0"}, {"modules", "115"}}) {
      RootedValue value(runtime_, text_value(runtime_, text));
      define_value(runtime_, versions.get(), name, value, kAll);
    }
    put("versions", versions.value());
    Rooted<JSObject> release(runtime_, new_object(runtime_));
    RootedValue name(runtime_, text_value(runtime_, "node"));
    define_value(runtime_, release.get(), "name", name, kAll);
    put("release", release.value());
  }

  void put_function(const NativeInfo& info, std::span<const NativeInfo> more) {
    Rooted<JSObject> function(runtime_, new_native_function(runtime_, info));
    define_methods(runtime_, function.get(), more);
    put(info.name, function.value());
  }

  void put_stream(const char* name, int fd, std::span<const NativeInfo> stream_methods) {
    Rooted<JSObject> stream(runtime_, new_object(runtime_));
    define_methods(runtime_, stream.get(), stream_methods);
    define_value(runtime_, stream.get(), "fd", Value::integer(fd), kAll);
    define_value(runtime_, stream.get(), "writable", Value::boolean(true), kAll);
    if (isatty(fd)) define_value(runtime_, stream.get(), "isTTY", Value::boolean(true), kAll);
    put(name, stream.value());
  }

  void put_emitter() {
    for (const char* name : emitter_names) {
      RootedValue text(runtime_, text_value(runtime_, name));
      const Value captured[] = {text.get()};
      RootedValue function(runtime_, Value(new_native_function(runtime_, emitter_info, captured)));
      define_value(runtime_, process_.get(), name, function);
    }
  }

  JSObject* build() {
    define_tag(runtime_, process_.get(), "process");
    put_versions();
    put_text("arch", "x64");
    put_text("platform", "linux");
    put_text("title", "heaplab");
    put("pid", Value::integer(getpid()));
    put("ppid", Value::integer(getppid()));
    put("exitCode", Value::undefined());
    put_arguments();
    put_environment();
    define_methods(runtime_, process_.get(), methods);
    put_function(hrtime_info, hrtime_methods);
    put_function(memory_info, memory_methods);
    put_stream("stdout", 1, out_methods);
    put_stream("stderr", 2, error_methods);
    put_emitter();
    return process_.get();
  }

 private:
  Runtime& runtime_;
  Rooted<JSObject> process_;
};

// Emits if anybody can be listening. Returns true if a listener was called.
bool emit(Runtime& runtime, const char* event, std::span<const Value> values) {
  if (!state_of(runtime).emitter_loaded) return false;
  RootedValues args(runtime);
  args.vector().assign(values.begin(), values.end());
  Rooted<String> name(runtime, new_string_latin1(runtime, event));
  args.vector().insert(args.vector().begin(), name.value());
  const Value method = get_property(runtime, process_value(runtime), "emit");
  return to_boolean(call(runtime, method, process_value(runtime), args.span()));
}

int current_exit_code(Runtime& runtime, int otherwise) {
  RootedValue code(runtime, get_property(runtime, process_value(runtime), "exitCode"));
  return code.get().is_nullish() ? otherwise : exit_code_of(runtime, code);
}

}  // namespace

void install_process(Runtime& runtime) {
  state_of(runtime);  // the clock starts
  // Roots must nest: the builder, which has one, outlives no other made after it.
  ProcessBuilder builder(runtime);
  runtime.set_intrinsic(Intrinsic::ProcessObject, builder.build());
  define_global(runtime, "process", process_value(runtime));
}

}  // namespace builtins

bool emit_before_exit(Runtime& runtime) {
  const Value values[] = {Value::integer(builtins::current_exit_code(runtime, 0))};
  return builtins::emit(runtime, "beforeExit", values);
}

int emit_exit(Runtime& runtime, int code) {
  code = builtins::current_exit_code(runtime, code);
  auto& state = builtins::state_of(runtime);
  if (state.exiting) return code;
  state.exiting = true;
  const PropertyKey key = runtime.key("exitCode");
  if (code != 0) set(runtime, builtins::process_value(runtime), key, Value::integer(code));
  const Value values[] = {Value::integer(code)};
  builtins::emit(runtime, "exit", values);
  return builtins::current_exit_code(runtime, code);
}

bool emit_uncaught_exception(Runtime& runtime, Value error_arg) {
  RootedValue error(runtime, error_arg);
  RootedValue origin(runtime, builtins::text_value(runtime, "uncaughtException"));
  const Value values[] = {error.get(), origin.get()};
  return builtins::emit(runtime, "uncaughtException", values);
}

bool emit_unhandled_rejection(Runtime& runtime, Value reason, Value promise) {
  const Value values[] = {reason, promise};
  return builtins::emit(runtime, "unhandledRejection", values);
}

}  // namespace heaplab::interp
