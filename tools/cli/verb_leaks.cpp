// SPDX-License-Identifier: MIT
// heaplab leaks: the verdict over a recording, or over heap snapshots.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/leakcheck/snapshots.h"
#include "heaplab/support/error.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/leak_patterns.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

struct LeaksOptions {
  std::vector<std::string> files;
  std::string format = "text";
  bool fail_on_leak = false;
  std::vector<std::string> ignored;
  std::string suppressions;
  bool rounds_given = false;
  leakcheck::Options analysis;
  leakcheck::SnapshotOptions snapshots;
};

/// The files by what they are.
struct Inputs {
  std::vector<std::string> recordings, snapshots, java_dumps, profiles, memory_logs;
};

Inputs sort_out(const std::vector<std::string>& files) {
  Inputs inputs;
  for (const std::string& file : files) {
    switch (leakcheck::kind_of_file(file)) {
      case leakcheck::FileKind::recording:
        inputs.recordings.push_back(file);
        break;
      case leakcheck::FileKind::snapshot:
        inputs.snapshots.push_back(file);
        break;
      case leakcheck::FileKind::java_dump:
        inputs.java_dumps.push_back(file);
        break;
      case leakcheck::FileKind::heap_profile:
        inputs.profiles.push_back(file);
        break;
      case leakcheck::FileKind::memory_log:
        inputs.memory_logs.push_back(file);
        break;
    }
  }
  if (!inputs.profiles.empty() && inputs.profiles.size() < files.size()) {
    throw UsageError("leaks judges heap profiles by themselves: leave the other files out");
  }
  if (inputs.recordings.size() > 1) {
    throw UsageError("leaks judges one recording at a time: it has all rounds in it");
  }
  if (!inputs.snapshots.empty() && !inputs.java_dumps.empty()) {
    throw UsageError("leaks judges heap snapshots of V8 or Java heap dumps, not both at once");
  }
  if (inputs.snapshots.empty()) inputs.snapshots = std::move(inputs.java_dumps);
  if (!inputs.recordings.empty() && !inputs.snapshots.empty()) {
    throw UsageError("leaks judges a recording or heap snapshots, not both at once");
  }
  if (inputs.recordings.empty() && inputs.snapshots.empty() && inputs.profiles.empty()) {
    throw UsageError("a memory log says how much memory is used, not by what: add heap snapshots");
  }
  return inputs;
}

leakcheck::Report judge(const LeaksOptions& options) {
  const Inputs inputs = sort_out(options.files);
  if (options.rounds_given && inputs.recordings.empty()) {
    throw UsageError("leaks: --rounds is for a recording: each snapshot is a round");
  }
  if (!inputs.profiles.empty()) {
    return leakcheck::analyse_profiles(inputs.profiles, options.analysis);
  }
  if (!inputs.recordings.empty()) {
    return leakcheck::analyse(inputs.recordings.front(), options.analysis, options.snapshots);
  }
  return leakcheck::analyse_snapshots(inputs.snapshots, inputs.memory_logs, options.snapshots);
}

int leaks(LeaksOptions& options) {
  options.snapshots.progress = isatty(STDERR_FILENO) != 0;
  if (!options.suppressions.empty()) {
    for (std::string& pattern : leakcheck::read_suppressions(options.suppressions)) {
      options.ignored.push_back(std::move(pattern));
    }
  }
  for (const std::string& pattern : options.ignored) {
    std::string stacks = trace::leak_pattern_of_line(pattern);
    if (!stacks.empty()) options.analysis.suppressed_stacks.push_back(std::move(stacks));
  }
  leakcheck::Report report = judge(options);
  leakcheck::suppress(report, options.ignored);
  if (options.format == "json") {
    fmt::print("{}", leakcheck::to_json(report));
  } else if (options.format == "sarif") {
    fmt::print("{}", leakcheck::to_sarif(report, HEAPLAB_VERSION));
  } else {
    const Painter paint(STDOUT_FILENO);
    fmt::print("{}", leakcheck::to_text(report, paint, terminal_width(STDOUT_FILENO, 100)));
  }
  if (!report.complete && !report.note.empty()) {
    fmt::print(stderr, "heaplab: {}: {}\n", printable(report.file), printable(report.note));
  }
  const bool found = options.fail_on_leak && !report.leaks.empty() && !report.has_only_suspects();
  return exit_code(found ? ExitStatus::found : ExitStatus::done);
}

}  // namespace

void add_leaks(CLI::App& app, int& status) {
  auto options = std::make_shared<LeaksOptions>();
  CLI::App* verb = app.add_subcommand(
      "leaks", "Say what leaks in heap snapshots or a recording, who holds it, why");
  verb->add_option(
          "FILE", options->files,
          "Heap snapshots of one process (.heapsnapshot, .heaptimeline, Java's .hprof; plain, "
          ".gz, .zst; best three or more), or one recording (heaplab run --record=FILE; "
          "heaptrack's of a "
          "native program, raw or interpreted; glibc's mtrace), or V8's .heapprofile files, in "
          "the order in which they were taken; memory logs "
          "(heaplab run --memory=FILE) besides")
      ->required();
  verb->add_option("--format", options->format,
                   "text, json (schema heaplab-leaks/1), or sarif (2.1.0)")
      ->check(CLI::IsMember({"text", "json", "sarif"}));
  verb->add_flag("--fail-on-leak", options->fail_on_leak,
                 "Exit with 1 if something leaks (a suspect is not enough)");
  verb->add_option("--ignore", options->ignored,
                   "Leave out findings whose path, type or file contains PATTERN (with * and ?)")
      ->type_name("PATTERN")
      ->allow_extra_args(false);
  verb->add_option("--suppressions", options->suppressions,
                   "A file of such patterns, one a line, # begins a comment; leak:PATTERN as in "
                   "LeakSanitizer's files leaves out call stacks");
  verb->add_flag("--ends-idle", options->snapshots.ends_idle,
                 "The last snapshot was taken when the load was over (baseline, target, final): "
                 "judge what stayed");
  verb->add_option("--rounds", options->analysis.max_rounds,
                   "Of a recording, look at this many checkpoints at most (default 24)")
      ->check(CLI::Range(2, 1000));
  verb->footer(R"(Examples:
  heaplab leaks s1.heapsnapshot s2.heapsnapshot s3.heapsnapshot
  heaplab run --record=app.heaprec app.js && heaplab leaks app.heaprec
  heaptrack -o app ./app && heaplab leaks app.zst
  heaplab leaks --format=json *.heapsnapshot | jq '.leaks[0].culprit'
  heaplab leaks --fail-on-leak --ignore='cache*' *.heapsnapshot       # in a test

Take snapshots of the same process under the same load: after the warm-up, later, later still. Which
came first is found out. One snapshot gives suspects, two what grew, three or more a verdict. A
script that marks its rounds with performance.mark() is judged round by round in a recording.
Exit status: 0 analysed, 1 a leak was found (with --fail-on-leak), 2 bad input.)");
  verb->callback([verb, options, &status] {
    options->rounds_given = verb->count("--rounds") > 0;
    status = leaks(*options);
  });
}

}  // namespace heaplab::cli
