// SPDX-License-Identifier: MIT
// heaplab run: runs a program and watches its heap.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "heap_snapshots.h"
#include "heaplab/gc/make_heap.h"
#include "heaplab/gc/trace_gc.h"
#include "heaplab/interp/compiler.h"
#include "heaplab/interp/disassembler.h"
#include "heaplab/interp/runtime.h"
#include "heaplab/support/error.h"
#include "heaplab/support/file.h"
#include "heaplab/support/text.h"
#include "memory_log.h"
#include "observation.h"
#include "run_options.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

/// Asks the running program for an interrupt every so often. The sample itself is taken by the
/// program's own thread, at a safe place.
class Ticker {
 public:
  Ticker(interp::Runtime& runtime, std::uint64_t interval_ms)
      : thread_([this, &runtime, interval_ms] {
          std::unique_lock lock(mutex_);
          const auto interval = std::chrono::milliseconds(interval_ms);
          while (!stop_.wait_for(lock, interval, [this] { return stopping_; })) {
            runtime.request_interrupt();
          }
        }) {}
  ~Ticker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    stop_.notify_all();
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

std::string executable_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string("heaplab") : path.string();
}

interp::RuntimeOptions runtime_options(const RunOptions& options, LiveMemory* live) {
  interp::RuntimeOptions runtime;
  runtime.argv = options.arguments;
  runtime.script_path = std::filesystem::absolute(options.script).lexically_normal().string();
  runtime.executable_path = executable_path();
  runtime.expose_gc = options.expose_gc;
  if (live != nullptr && live->visible()) {
    // The program's output and the live line share a terminal.
    runtime.write_out = [live](std::string_view text) {
      live->erase();
      std::fwrite(text.data(), 1, text.size(), stdout);
      std::fflush(stdout);
    };
    runtime.write_error = [live](std::string_view text) {
      live->erase();
      std::fwrite(text.data(), 1, text.size(), stderr);
    };
  }
  return runtime;
}

std::vector<SnapshotRequest> snapshot_requests(const RunOptions& options) {
  std::vector<SnapshotRequest> requests;
  for (const std::string& text : options.snapshots) {
    requests.push_back(parse_snapshot_request(text));
    check_snapshot_file(requests.back().file);
  }
  return requests;
}

void check_script(const std::string& script) {
  std::error_code error;
  const auto status = std::filesystem::status(script, error);
  if (!std::filesystem::exists(status)) throw InputError(script, "there is no such script");
  if (std::filesystem::is_directory(status)) throw InputError(script, "this is a folder");
}

/// Shows what the script compiles to; a script that does not compile says so when it is run.
void print_bytecode(const std::string& script) {
  try {
    const auto source = interp::Source::from_utf8(script, read_text_file(script));
    fmt::print("{}", interp::disassemble(*interp::compile_module(source)));
    std::fflush(stdout);
  } catch (const interp::SyntaxError&) {
  }
}

/// One run: the heap, the runtime, and everything that watches them, in the order in which they
/// must go away again.
class Run {
 public:
  explicit Run(const RunOptions& options)
      : options_(options),
        requests_(snapshot_requests(options)),
        heap_(gc::make_heap(heap_options(options))),
        log_(*heap_) {
    if (!options.trace_gc.empty()) add_trace_gc();
    if (!options.memory_file.empty()) log_.add_sink(json_lines_sink(options.memory_file));
    if (options.live) add_live();
    runtime_ = std::make_unique<interp::Runtime>(
        *heap_, runtime_options(options, live_ ? &*live_ : nullptr));
    interp::install_builtins(*runtime_);
    if (!options.record_file.empty()) start_recording();
    snapshots_.emplace(*runtime_, std::move(requests_), observation_ ? &*observation_ : nullptr);
    runtime_->set_interrupt_handler([this] {
      snapshots_->handle_interrupt();
      log_.sample("interval");
    });
  }

  int execute() {
    int status = 0;
    {
      std::optional<Ticker> ticker;
      if (is_watched()) ticker.emplace(*runtime_, options_.memory_interval_ms);
      status = run_script();
    }
    if (live_) live_->erase();
    log_.sample("exit");
    snapshots_->handle_exit();
    finish_recording();
    return status == 0 && !snapshots_->complete() ? exit_code(ExitStatus::bad_input) : status;
  }

 private:
  bool is_watched() const {
    return !options_.memory_file.empty() || options_.live || !options_.record_file.empty();
  }

  int run_script() {
    try {
      return interp::run_file(*runtime_, options_.script);
    } catch (const OutOfMemory& error) {
      if (live_) live_->erase();
      std::fflush(stdout);
      fmt::print(stderr, "{}\n", error.what());
      return out_of_memory_status;
    }
  }

  void add_trace_gc() {
    const bool json = options_.trace_gc == "json";
    if (!json && options_.trace_gc != "text") {
      throw UsageError(
          fmt::format("--trace-gc={}: expected json, or nothing", printable(options_.trace_gc)));
    }
    trace_gc_.emplace(stdout, json ? gc::TraceGc::Format::json : gc::TraceGc::Format::text);
    heap_->add_listener(&*trace_gc_);
  }

  void add_live() {
    live_.emplace();
    log_.add_sink(
        [this](const MemoryUsage& usage, std::uint64_t time_ns, std::string_view,
               const CollectionEvent* collection) { live_->show(usage, time_ns, collection); });
  }

  void start_recording() {
    try {
      const trace::RecorderOptions recording = recorder_options(options_);
      observation_.emplace(*runtime_, recording);
    } catch (const std::system_error& error) {
      throw InputError(options_.record_file, "cannot be written: " + error.code().message());
    }
    trace::Recorder& recorder = observation_->recorder();
    recorder.info("program",
                  std::filesystem::absolute(options_.script).lexically_normal().string());
    std::string arguments;
    for (const std::string& argument : options_.arguments) arguments += argument + "\n";
    recorder.info("arguments", arguments);
    recorder.info("recorder", "heaplab " HEAPLAB_VERSION);
    log_.add_sink([&recorder](const MemoryUsage& usage, std::uint64_t time_ns,
                              std::string_view event, const CollectionEvent*) {
      recorder.memory({time_ns, 0, usage.rss, usage.heap_total, usage.heap_used, usage.external,
                       usage.array_buffers},
                      event);
    });
  }

  void finish_recording() {
    if (!observation_) return;
    try {
      observation_->recorder().finish();
    } catch (const OutOfMemory&) {
      // The last collection did not fit; what was recorded before is in the file.
    }
    const std::string& error = observation_->recorder().error();
    if (!error.empty()) {
      fmt::print(stderr, "heaplab: the recording {} is not complete: {}\n",
                 printable(options_.record_file), error);
    }
  }

  const RunOptions& options_;
  std::vector<SnapshotRequest> requests_;
  std::unique_ptr<Heap> heap_;
  std::optional<gc::TraceGc> trace_gc_;
  std::optional<LiveMemory> live_;
  MemoryLog log_;
  std::unique_ptr<interp::Runtime> runtime_;
  std::optional<Observation> observation_;
  std::optional<HeapSnapshots> snapshots_;
};

}  // namespace

void add_run(CLI::App& app, int& status) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* verb = app.add_subcommand(
      "run", "Run a JavaScript program: heaplab run [OPTIONS] SCRIPT [ARGUMENTS]");
  verb->prefix_command();
  verb->option_defaults()->take_last();
  add_run_options(*verb, *options);
  verb->footer(
      R"(Options come before the script; what follows it is the script's own (process.argv).

Examples:
  heaplab run app.js --port=80
  heaplab run --expose-gc --trace-gc app.js
  heaplab run --memory=app.jsonl app.js && heaplab memory app.jsonl
  heaplab run --record=app.heaprec app.js && heaplab leaks app.heaprec
  heaplab run --heapsnapshot=app.heapsnapshot app.js
  heaplab run --heapsnapshot=app.heapsnapshot@signal app.js   # and: kill -USR2 PID
  heaplab run --max-old-space-size=64 --gc=marksweep app.js
  heaplab run --stress-move --verify-heap app.js     # a heap bug shows at once

Exit status: the script's own; 2 for wrong usage; 134 when the heap limit is reached.)");
  verb->callback([verb, options, &status] {
    check_run_options(*verb);
    take_script(*verb, *options);
    check_script(options->script);
    if (options->print_bytecode) print_bytecode(options->script);
    Run run(*options);
    status = run.execute();
  });
}

}  // namespace heaplab::cli
