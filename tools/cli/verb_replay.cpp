// SPDX-License-Identifier: MIT
// heaplab replay: what a recorded program did, again, on a heap of one's choice.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>

#include "heaplab/gc/make_heap.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/progress.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "replay_report.h"
#include "replay_runs.h"
#include "suggest.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned least_replayer_runs = 5;

struct ReplayOptions {
  std::string file;
  std::vector<std::string> plans;
  std::vector<std::string> heaps;
  std::vector<double> multiples;
  std::vector<std::string> explicits;
  std::string minimum;
  std::string oracle = "reachability";
  bool check = false;
  bool verify_heap = false;
  unsigned runs = 1;
  std::string format = "text";
};

std::uint64_t parse_size(const std::string& text, const char* option) {
  const auto bytes = parse_bytes(text);
  if (!bytes || *bytes == 0 || *bytes > 16 * GiB) {
    throw UsageError(fmt::format("{}={}: expected a size up to 16G, as in {}=64M", option,
                                 printable(text), option));
  }
  return *bytes;
}

std::vector<std::string> chosen_plans(const ReplayOptions& options) {
  std::vector<std::string> names;
  for (const gc::PlanInfo& info : gc::plans()) names.emplace_back(info.name);
  if (options.plans.size() == 1 && options.plans.front() == "all") return names;
  if (options.plans.empty()) return {names.front()};
  for (const std::string& plan : options.plans) {
    if (std::find(names.begin(), names.end(), plan) != names.end()) continue;
    throw UsageError(fmt::format("there is no collector plan {}{} (heaplab plans lists them)",
                                 printable(plan), did_you_mean(plan, names)));
  }
  return options.plans;
}

void check_options(const ReplayOptions& options) {
  if (options.heaps.empty() && options.multiples.empty() && options.explicits.empty()) {
    throw UsageError(
        "replay: how large is the heap? --heap=64M, --heap-multiple=2 (of the smallest in which "
        "the program runs), or no heap: --explicit=mimalloc");
  }
  if (options.file == "-") {
    throw UsageError("replay reads a recording several times; standard input can be read once");
  }
  const bool has_heap = !options.heaps.empty() || !options.multiples.empty();
  if (options.oracle == "last-use" && has_heap) {
    throw UsageError(
        "--oracle=last-use is for --explicit: a collector cannot take what the "
        "program can still reach");
  }
  for (const double multiple : options.multiples) {
    if (std::isfinite(multiple) && multiple >= 1 && multiple <= 1000) continue;
    throw UsageError("--heap-multiple: expected numbers from 1 to 1000");
  }
  const std::vector<std::string> plans = chosen_plans(options);
  for (const std::string& heap : options.heaps) {
    const std::uint64_t bytes = parse_size(heap, "--heap");
    for (const std::string& plan : plans) {
      if (bytes >= gc::least_fixed_size(plan)) continue;
      throw UsageError(fmt::format("--heap={}: {} needs {} at least", printable(heap), plan,
                                   format_bytes(gc::least_fixed_size(plan))));
    }
  }
  if (!options.minimum.empty()) parse_size(options.minimum, "--minimum");
}

/// Reads the recording, with a line of progress for each of its passes.
class Preparation {
 public:
  explicit Preparation(const ReplayOptions& options) : options_(options) {
    std::error_code error;
    const auto size = std::filesystem::file_size(options.file, error);
    size_ = error ? 0 : size;
  }
  /// In a process of its own: what it leaves in memory would be in the way of the replays.
  trace::ReplayProgram run() {
    const int file = trace::ReplayProgram::make_file();
    const Json answer = in_own_process([&]() -> Json {
      try {
        compile_into(file);
        return {};
      } catch (const InputError& error) {
        return error.what();
      }
    });
    if (answer.is_string()) throw UsageError(answer.get<std::string>());
    trace::ReplayProgram program = trace::ReplayProgram::load(file);
    ::close(file);
    return program;
  }

 private:
  void compile_into(int file) {
    const auto source = trace::open_recording(options_.file);
    trace::CompileOptions compile;
    compile.file = file;
    if (options_.oracle == "last-use") compile.oracle = trace::Oracle::last_use;
    compile.progress = [this](const char* step, std::uint64_t offset) {
      if (step != step_) progress_.emplace(step_ = step, size_);
      progress_->update(offset);
    };
    trace::compile_replay(*source, compile).save();
    progress_.reset();
  }

  const ReplayOptions& options_;
  std::uint64_t size_ = 0;
  const char* step_ = nullptr;
  std::optional<Progress> progress_;
};

/// All runs, and what they say together.
class Session {
 public:
  explicit Session(const ReplayOptions& options) : options_(options) {}

  Json run() {
    const auto start = std::chrono::steady_clock::now();
    program_ = Preparation(options_).run();
    const std::chrono::nanoseconds prepared = std::chrono::steady_clock::now() - start;
    Json program = to_json(program_.summary());
    program["prepare_ns"] = prepared.count();
    measure_replayer();
    Json runs = Json::array();
    for (const std::string& allocator : options_.explicits) runs.push_back(run_once(allocator));
    for (const std::string& plan : chosen_plans(options_)) add_runs_of(plan, runs);
    return {{"schema", "heaplab-replay/1"},  {"file", options_.file}, {"oracle", options_.oracle},
            {"program", std::move(program)}, {"replayer", replayer_}, {"runs", std::move(runs)}};
  }

 private:
  /// What it costs is the least of several runs, on each clock: the rest is what disturbed them.
  void measure_replayer() {
    line_.show("measuring the replayer itself");
    const Json nothing =
        run_replay(program_, {.system = "", .runs = std::max(least_replayer_runs, options_.runs)});
    const Json& runs = nothing["runs"];
    replayer_ = {{"wall_ns", runs["wall_ns"]["min"]}, {"cpu_ns", runs["cpu_ns"]["min"]}};
    replayer_["events_per_s"] = rate(replayer_["wall_ns"]);
    replayer_["runs"] = runs;
    line_.erase();
  }

  double rate(const Json& wall_ns) const {
    const double seconds = std::max(wall_ns.get<double>(), 1.0) / 1e9;
    return static_cast<double>(program_.summary().events) / seconds;
  }

  void add_runs_of(const std::string& plan, Json& runs) {
    for (const std::string& heap : options_.heaps) {
      runs.push_back(run_once(plan, parse_size(heap, "--heap")));
    }
    if (options_.multiples.empty()) return;
    const std::uint64_t minimum = minimum_of(plan);
    for (const double multiple : options_.multiples) {
      const auto bytes = static_cast<std::uint64_t>(static_cast<double>(minimum) * multiple);
      runs.push_back(run_once(plan, bytes, multiple, minimum));
    }
  }

  std::uint64_t minimum_of(const std::string& plan) {
    if (!options_.minimum.empty()) return parse_size(options_.minimum, "--minimum");
    const std::uint64_t minimum = find_minimum_heap(program_, plan, [&](std::uint64_t bytes) {
      line_.show(fmt::format("smallest heap for {}: trying {}", plan, format_bytes(bytes)));
    });
    line_.erase();
    return minimum;
  }

  Json run_once(const std::string& system, std::uint64_t heap_bytes = 0, double multiple = 0,
                std::uint64_t minimum = 0) {
    const std::string size = heap_bytes != 0 ? " in " + format_bytes(heap_bytes) : "";
    line_.show(fmt::format("replaying with {}{}", system, size));
    Json run = {{"system", system},
                {"heap_bytes", heap_bytes ? Json(heap_bytes) : Json()},
                {"heap_multiple", multiple != 0 ? Json(multiple) : Json()},
                {"minimum_heap_bytes", minimum ? Json(minimum) : Json()}};
    Json result = run_replay(program_, {.system = system,
                                        .heap_bytes = heap_bytes,
                                        .check = options_.check,
                                        .verify_heap = options_.verify_heap,
                                        .runs = options_.runs});
    line_.erase();
    add_net_times(result);
    run.update(result);
    return run;
  }

  /// Takes the replayer out of the times. What is left has the errors of both: how far the usual
  /// run is from the best. If more than everything would be taken out, nothing is left, and it is
  /// said.
  void add_net_times(Json& result) const {
    Json error, unmeasurable;
    for (const char* clock : {"wall_ns", "cpu_ns"}) {
      const auto total = result["total"][clock].get<std::uint64_t>();
      const std::uint64_t own = replayer_[clock].get<std::uint64_t>() +
                                result["replayer_in_collections"][clock].get<std::uint64_t>();
      const auto collector = result["collector"][clock].get<std::uint64_t>();
      const std::uint64_t net = std::max(total - std::min(total, own), collector);
      result["net"][clock] = net;
      result["mutator"][clock] = net - collector;
      const std::uint64_t plus_minus =
          spread(replayer_["runs"], clock) + spread(result["runs"], clock);
      error[clock] = plus_minus;
      unmeasurable[clock] = total < own + collector || net - collector < plus_minus;
    }
    result["plus_minus"] = std::move(error);
    result["mutator_is_noise"] = std::move(unmeasurable);
    result["events_per_s"] = rate(result["total"]["wall_ns"]);
  }
  static std::uint64_t spread(const Json& runs, const char* clock) {
    return runs[clock]["median"].get<std::uint64_t>() - runs[clock]["min"].get<std::uint64_t>();
  }

  const ReplayOptions& options_;
  trace::ReplayProgram program_;
  Json replayer_;
  LiveLine line_;
};

int status_of(const Json& report) {
  int status = 0;
  for (const Json& run : report["runs"]) {
    if (!run["problems"].empty()) return exit_code(ExitStatus::found);
    if (!run["completed"]) status = out_of_memory_status;
  }
  return status;
}

int replay(const ReplayOptions& options) {
  check_options(options);
  const Json report = Session(options).run();
  if (options.format == "json") {
    fmt::print("{}\n", report.dump(1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_replay(report, Painter(STDOUT_FILENO));
  }
  return status_of(report);
}

void add_options(CLI::App& verb, ReplayOptions& options) {
  verb.add_option("RECORDING", options.file, "What heaplab run --record, heaptrack, … wrote")
      ->required();
  verb.add_option("--gc", options.plans,
                  "The collector (heaplab plans lists them); several: a,b; all")
      ->type_name("PLAN")
      ->delimiter(',');
  verb.add_option("--heap", options.heaps,
                  "The heap's size, young space and copy reserve included; several: 32M,64M")
      ->type_name("SIZE")
      ->delimiter(',');
  verb.add_option("--heap-multiple", options.multiples,
                  "As a multiple of the smallest heap in which the collector gets through; that is "
                  "searched for first. Several: 1.5,2,4")
      ->type_name("X")
      ->delimiter(',');
  verb.add_option("--minimum", options.minimum, "The smallest heap, if you know it from before")
      ->type_name("SIZE");
  verb.add_option("--explicit", options.explicits,
                  "Free each object by hand when it dies, with malloc or mimalloc")
      ->delimiter(',')
      ->check(CLI::IsMember({"malloc", "mimalloc"}));
  verb.add_option("--oracle", options.oracle,
                  "When an object is freed by hand: reachability (at its exact death), or last-use "
                  "(after its last use, where that is recorded)")
      ->check(CLI::IsMember({"reachability", "last-use"}));
  verb.add_flag("--check", options.check,
                "Walk the heap after every collection, and after one more major one at the end: "
                "exactly the objects that are alive by the recording are there");
  verb.add_flag("--verify-heap", options.verify_heap,
                "Check every object before and after each collection");
  verb.add_option(
          "--runs", options.runs,
          "Replay so often; the run with the least processor time is shown, and how far the "
          "usual one is from it (±)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  verb.add_option("--format", options.format, "text or json (docs/replay.md)")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* verb = app.add_subcommand(
      "replay", "Repeat what a recorded program did, on a heap of your choice or with malloc");
  add_options(*verb, *options);
  verb->footer(
      R"(The same allocations, sizes, pointer writes and roots, from a recording of any program:

  heaplab run --record=app.heaprec app.js
  heaplab replay app.heaprec --gc=marksweep --heap=64M
  heaplab replay app.heaprec --gc=all --heap-multiple=1.5,2,4 --explicit=mimalloc
  heaplab replay heaptrack.app.1234.zst --explicit=malloc,mimalloc --heap-multiple=3

Times are without what the replayer itself costs, which is measured five times or more. One run says
little about times: with --runs=5 the best is shown, ± what the median has more. After each collection it is checked that what is
alive by the recording survived; --check looks at every object.

Exit status: 0; 1 if a collection took or left the wrong objects; 2 for a recording that cannot be
replayed; 134 when the heap is too small.)");
  verb->callback([options, &status] { status = replay(*options); });
}

}  // namespace heaplab::cli
