// SPDX-License-Identifier: MIT
// heaplab run: runs a program and watches its heap.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
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
#include "sizes.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

struct RunOptions {
  std::string plan;
  std::string max_old;
  std::string max_semi;
  bool expose_gc = false;
  std::string trace_gc;
  std::string stress_gc;
  std::string stress_move;
  bool verify = false;
  std::string memory_file;
  std::uint64_t memory_interval_ms = 50;
  bool live = false;
  bool print_bytecode = false;
  std::string record_file;
  std::string record_roots;
  std::string record_sample;
  bool record_uses = false;
  std::vector<std::string> snapshots;
  std::string script;
  std::vector<std::string> arguments;
};

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

std::uint64_t parse_every(const std::string& text, const char* option) {
  if (text.empty()) return 0;
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value == 0) {
    throw UsageError(fmt::format("{}={}: expected a number from 1 (every so many allocations)",
                                 option, printable(text)));
  }
  return value;
}

void check_plan(const std::string& plan) {
  std::vector<std::string> names;
  for (const gc::PlanInfo& info : gc::plans()) names.emplace_back(info.name);
  if (std::find(names.begin(), names.end(), plan) != names.end()) return;
  throw UsageError(fmt::format("there is no collector plan {}{} (heaplab plans lists them)",
                               printable(plan), did_you_mean(plan, names)));
}

HeapOptions heap_options(const RunOptions& options) {
  HeapOptions heap;
  if (!options.plan.empty()) {
    check_plan(options.plan);
    heap.plan = options.plan;
  }
  if (!options.max_old.empty()) {
    heap.max_old_space_bytes =
        parse_size(options.max_old, "--max-old-space-size", MiB, 32 * GiB, MiB);
  }
  if (!options.max_semi.empty()) {
    heap.max_semi_space_bytes =
        parse_size(options.max_semi, "--max-semi-space-size", MiB, GiB, MiB);
    heap.initial_semi_space_bytes =
        std::min(heap.initial_semi_space_bytes, heap.max_semi_space_bytes);
  }
  heap.verify = options.verify;
  heap.stress_gc_interval = parse_every(options.stress_gc, "--stress-gc");
  heap.stress_move_interval = parse_every(options.stress_move, "--stress-move");
  return heap;
}

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

trace::RecorderOptions recorder_options(const RunOptions& options) {
  trace::RecorderOptions recording;
  recording.path = options.record_file;
  recording.last_uses = options.record_uses;
  if (!options.record_roots.empty()) {
    recording.root_granularity_bytes = parse_size(options.record_roots, "--record-roots");
  }
  if (!options.record_sample.empty()) {
    recording.sampling_bytes =
        parse_size(options.record_sample, "--record-sample", 1, std::uint64_t{1} << 40);
  }
  return recording;
}

/// What would be asked for in vain.
void check_combinations(const CLI::App& verb) {
  const auto given = [&](const char* option) { return verb.count(option) > 0; };
  for (const char* option : {"--record-roots", "--record-sample", "--record-uses"}) {
    if (given(option) && !given("--record")) {
      throw UsageError(fmt::format("run: {} says how to record: --record=FILE is missing", option));
    }
  }
  if (given("--record-roots") && given("--record-sample")) {
    throw UsageError(
        "run: --record-roots has no effect with --record-sample: a sample has no roots");
  }
  if (given("--memory-interval") && !given("--memory") && !given("--live") && !given("--record")) {
    throw UsageError("run: --memory-interval has no effect without --memory, --live or --record");
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

std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

/// Options end at the script; what follows is the script's.
void take_script(const CLI::App& verb, RunOptions& options) {
  std::vector<std::string> rest = verb.remaining();
  if (!rest.empty() && rest.front() == "--") rest.erase(rest.begin());
  if (rest.empty()) {
    throw UsageError("run: which script? (heaplab run [OPTIONS] SCRIPT [ARGUMENTS])");
  }
  if (rest.front().size() > 1 && rest.front().front() == '-' &&
      !std::filesystem::exists(rest.front())) {
    const std::string name = rest.front().substr(0, rest.front().find('='));
    throw UsageError(fmt::format("run has no option {}{} (see heaplab run --help)", printable(name),
                                 did_you_mean(name, option_names(verb))));
  }
  options.script = rest.front();
  options.arguments.assign(rest.begin() + 1, rest.end());
}

void add_heap_options(CLI::App& verb, RunOptions& options) {
  const std::string heap = "Heap";
  verb.add_option("--gc", options.plan, "The collector: heaplab plans lists them")
      ->type_name("PLAN")
      ->group(heap);
  verb.add_option("--max-old-space-size", options.max_old,
                  "Limit of long-lived memory, in MiB, as in Node, or with a unit (64M)")
      ->type_name("MB")
      ->group(heap);
  verb.add_option("--max-semi-space-size", options.max_semi,
                  "Limit of one half of the young space, in MiB, or with a unit (16)")
      ->type_name("MB")
      ->group(heap);
  verb.add_flag("--expose-gc,--expose_gc", options.expose_gc, "Give the script a function gc()")
      ->group(heap);
}

void add_watching_options(CLI::App& verb, RunOptions& options) {
  const std::string watching = "Watching";
  verb.add_flag("--trace-gc{text},--trace_gc{text}", options.trace_gc,
                "Print a line per collection in V8's format; --trace-gc=json: JSON lines")
      ->group(watching);
  verb.add_option("--memory", options.memory_file,
                  "Write process.memoryUsage() as JSON lines: at intervals, before and after each "
                  "collection, at exit")
      ->type_name("FILE")
      ->group(watching);
  verb.add_option("--memory-interval", options.memory_interval_ms,
                  "Milliseconds between two snapshots (50)")
      ->type_name("MS")
      ->check(CLI::Range(1, 1'000'000))
      ->group(watching);
  verb.add_flag("--live", options.live, "Show memory in one line that changes, on a terminal")
      ->group(watching);
  verb.add_option("--record", options.record_file,
                  "Record every allocation, for heaplab leaks and heaplab trace")
      ->type_name("FILE")
      ->group(watching);
  verb.add_option("--record-roots", options.record_roots,
                  "Record how the roots changed whenever this much was allocated (64K): the "
                  "smaller, the more exact are lifetimes; 1: at each allocation; 0: never")
      ->type_name("SIZE")
      ->group(watching);
  verb.add_option("--record-sample", options.record_sample,
                  "For long runs: record one allocation in so many bytes, chosen at random, and no "
                  "pointer writes")
      ->type_name("SIZE")
      ->group(watching);
  verb.add_flag("--record-uses", options.record_uses,
                "Record when each object was last used, for heaplab replay --explicit")
      ->group(watching);
  verb.add_option("--heapsnapshot", options.snapshots,
                  "Write a V8 heap snapshot, for heaplab inspect and Chrome DevTools, when the "
                  "program ends, or at another moment: @exit, @signal (SIGUSR2), "
                  "@near-heap-limit (once), @before-gc, @after-gc (full collections; FILE.1, "
                  "FILE.2, …, at most 10). May be given several times")
      ->type_name("FILE[@MOMENT]")
      ->take_all()
      ->allow_extra_args(false)  // or it would take the script as well
      ->group(watching);
}

void add_checking_options(CLI::App& verb, RunOptions& options) {
  const std::string checking = "Checking the heap itself";
  verb.add_flag("--verify-heap,--verify_heap", options.verify,
                "Check every object before and after each collection")
      ->group(checking);
  verb.add_flag("--print-bytecode", options.print_bytecode,
                "Print what the script compiles to, then run it")
      ->group(checking);
  verb.add_flag("--stress-gc{1}", options.stress_gc,
                "Collect at every allocation; --stress-gc=K: at every K-th")
      ->group(checking);
  verb.add_flag("--stress-move{1}", options.stress_move,
                "Move every object at every allocation; --stress-move=K: at every K-th")
      ->group(checking);
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* verb = app.add_subcommand(
      "run", "Run a JavaScript program: heaplab run [OPTIONS] SCRIPT [ARGUMENTS]");
  verb->prefix_command();
  verb->option_defaults()->take_last();
  add_heap_options(*verb, *options);
  add_watching_options(*verb, *options);
  add_checking_options(*verb, *options);
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
    check_combinations(*verb);
    take_script(*verb, *options);
    check_script(options->script);
    if (options->print_bytecode) print_bytecode(options->script);
    Run run(*options);
    status = run.execute();
  });
}

}  // namespace heaplab::cli
