// SPDX-License-Identifier: MIT
#include "run_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "heaplab/gc/make_heap.h"
#include "heaplab/support/text.h"
#include "sizes.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

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

std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
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

void add_run_options(CLI::App& verb, RunOptions& options) {
  add_heap_options(verb, options);
  add_watching_options(verb, options);
  add_checking_options(verb, options);
}

void check_run_options(const CLI::App& verb) {
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

}  // namespace heaplab::cli
