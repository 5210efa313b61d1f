// SPDX-License-Identifier: MIT
// heaplab trace check: does a recording contradict itself?
#include "heaplab/trace/check.h"

#include <fmt/format.h>

#include "../inspect/table.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

struct Options {
  std::string file;
  std::string dialect;
  std::string format = "text";
};

Json to_json(const trace::RecordingSource& source, const trace::CheckReport& report) {
  Json problems = Json::array();
  for (const trace::Problem& p : report.problems) {
    const bool placed = !p.first.empty();
    problems.push_back({{"kind", p.kind},
                        {"count", p.count},
                        {"first", placed ? Json(p.first) : Json(nullptr)},
                        {"offset", placed ? Json(p.offset) : Json(nullptr)},
                        {"clock", placed ? Json(p.clock) : Json(nullptr)}});
  }
  Json remarks = Json::array();
  for (const trace::Remark& r : report.remarks) {
    remarks.push_back({{"kind", r.kind}, {"count", r.count}});
  }
  return {{"schema", "heaplab-trace-check/1"},
          {"file", source.path()},
          {"format", source.format()},
          {"ok", report.problems.empty()},
          {"complete", complete_json(report.extent)},
          {"objects", report.objects},
          {"adopted", report.adopted},
          {"writes", report.writes},
          {"deaths", report.deaths},
          {"reachability_checks", report.reachability_checks},
          {"checkpoints", report.checkpoints},
          {"checkpoint_nodes", report.checkpoint_nodes},
          {"knows", knowledge_json(source.knowledge())},
          {"problems", std::move(problems)},
          {"remarks", std::move(remarks)}};
}

void print_text(const trace::RecordingSource& source, const trace::CheckReport& report) {
  const Painter& paint = inspect::painter();
  fmt::print("{}: {}; {}, {}, {}, {} compared with the events before\n", printable(source.path()),
             report.problems.empty() ? paint.colour(Colour::green, "no contradictions")
                                     : paint.colour(Colour::red, "contradictions"),
             format_quantity(report.objects + report.adopted, "object"),
             format_quantity(report.writes, "write"), format_quantity(report.deaths, "death"),
             format_quantity(report.checkpoints, "checkpoint"));
  if (report.reachability_checks == 0) {
    fmt::print("  reachability was not looked at: {}\n",
               source.knowledge().writes ? "there are no roots, or no collections and checkpoints"
                                         : "this recording does not have all pointer writes");
  } else {
    fmt::print("  reachability was looked at {}\n",
               format_quantity(report.reachability_checks, "time"));
  }
  if (!report.extent.complete) {
    fmt::print("  as far as it goes: {}\n", printable(report.extent.note));
  } else if (!report.extent.end_is_told) {
    fmt::print("  whether it is complete {}\n", complete_text(report.extent));
  }
  for (const trace::Problem& p : report.problems) {
    fmt::print("  {:>10} × {}", format_count(p.count), p.kind);
    if (!p.first.empty()) {
      fmt::print("; the first: {} (block at {}, {} allocated)", printable(p.first), p.offset,
                 format_bytes(p.clock));
    }
    fmt::print("\n");
  }
  for (const trace::Remark& r : report.remarks) {
    fmt::print("  {:>10} × {}: no contradiction\n", format_count(r.count), r.kind);
  }
}

int check(const Options& options) {
  const auto source = open_input(options.file, options.dialect);
  trace::CheckReport report;
  {
    ReadingBar bar(options.file, "checking ");
    report = trace::check_recording(*source, [&](std::uint64_t offset) { bar(offset); });
  }
  options.format == "json" ? print(to_json(*source, report)) : print_text(*source, report);
  warn_if_incomplete(*source, report.extent);
  return exit_code(report.problems.empty() ? ExitStatus::done : ExitStatus::found);
}

}  // namespace

void add_trace_check(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("check", "Read all of a recording and look for contradictions");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  add_dialect(*verb, options->dialect);
  add_format(*verb, options->format, "heaplab-trace-check/1");
  verb->footer(
      R"(Checksums, and then what only the whole can tell: nothing happens to dead objects, clocks go
forward, what is found dead was unreachable, and checkpoints show the graph that the events
before have made. Of native programs: addresses allocated while something is there, or freed twice.
A free of what is not known is told, and no contradiction: the program may have begun to record
late. A recording that was cut off is checked as far as it goes. Status 0: nothing
contradicts; 1: it contradicts itself; 2: it cannot be read.

Example:
  heaplab trace check app.heaprec && echo sound)");
  verb->callback([options, &status] { status = check(*options); });
}

}  // namespace heaplab::cli
