// SPDX-License-Identifier: MIT
// heaplab leaks: the verdict over a recording.
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/print.h"
#include "heaplab/support/error.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

struct LeaksOptions {
  std::string file;
  std::string format = "text";
  bool fail_on_leak = false;
  leakcheck::Options analysis;
};

int leaks(const LeaksOptions& options) {
  const leakcheck::Report report = leakcheck::analyse(options.file, options.analysis);
  if (options.format == "json") {
    fmt::print("{}", leakcheck::to_json(report));
  } else {
    const Painter paint(STDOUT_FILENO);
    fmt::print("{}", leakcheck::to_text(report, paint, terminal_width(STDOUT_FILENO, 100)));
  }
  const bool found = options.fail_on_leak && !report.leaks.empty();
  return exit_code(found ? ExitStatus::found : ExitStatus::done);
}

}  // namespace

void add_leaks(CLI::App& app, int& status) {
  auto options = std::make_shared<LeaksOptions>();
  CLI::App* verb = app.add_subcommand("leaks", "Say what leaks in a recording, who holds it, why");
  verb->add_option("FILE", options->file, "A recording, made with heaplab run --record=FILE")
      ->required();
  verb->add_option("--format", options->format, "text, or json (schema heaplab-leaks/1)")
      ->check(CLI::IsMember({"text", "json"}));
  verb->add_flag("--fail-on-leak", options->fail_on_leak, "Exit with 1 if something leaks");
  verb->add_option("--rounds", options->analysis.max_rounds,
                   "Look at this many checkpoints at most (default 24)")
      ->check(CLI::Range(2, 1000));
  verb->footer(R"(Examples:
  heaplab run --record=app.heaprec app.js && heaplab leaks app.heaprec
  heaplab leaks --format=json app.heaprec | jq '.leaks[0].culprit'
  heaplab leaks --fail-on-leak app.heaprec       # in a test

A script that marks its rounds with performance.mark() is judged round by round.
Exit status: 0 analysed, 1 a leak was found (with --fail-on-leak), 2 bad input.)");
  verb->callback([options, &status] { status = leaks(*options); });
}

}  // namespace heaplab::cli
