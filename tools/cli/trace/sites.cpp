// SPDX-License-Identifier: MIT
// heaplab trace sites: who allocates most in a recording.
#include "sites.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "inspect/table.h"
#include "trace.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

using trace::AllocationCost;
using trace::AllocationSite;
using trace::AllocationStack;
using trace::AllocationSummary;
using trace::CodeLocation;

struct Options {
  std::string file;
  std::string format = "text";
  std::vector<std::string> lists;
  trace::SummaryOptions summary;
  bool all_leaks = false;
  bool program = false;
  std::size_t frames = 8;
};

struct List {
  const char* name;
  const char* title;
  std::vector<AllocationSite> AllocationSummary::*sites;
};
constexpr List lists[] = {
    {"allocations", "Most calls to allocation functions", &AllocationSummary::by_allocations},
    {"peak", "Most memory at the peak", &AllocationSummary::by_peak},
    {"leaked", "Most memory never freed", &AllocationSummary::by_leaked},
    {"temporary", "Most temporary allocations", &AllocationSummary::by_temporary}};

/// What a recording can tell, and in which words.
struct Known {
  explicit Known(const AllocationSummary& summary)
      : events(summary.profiles == 0),
        frees(events && summary.precision == trace::DeathPrecision::exact),
        deaths(events && summary.precision != trace::DeathPrecision::none),
        calls(frees ? "call" : "object"),
        left(frees ? "leaked" : "left") {}
  bool has(const std::string& list) const {
    if (list == "allocations") return events;
    if (list == "temporary") return frees;
    return list == "leaked" ? deaths || !events : deaths;
  }
  std::string title(const List& list) const {
    if (list.name == std::string("allocations") && !frees) return "Most objects allocated";
    if (list.name != std::string("leaked") || frees) return list.title;
    return events ? "Most memory alive at the end"
                  : "Most memory alive, as the last profile estimates";
  }
  bool events, frees, deaths;
  const char* calls;
  const char* left;
};

bool is_chosen(const Options& options, const std::string& list) {
  return options.lists.empty() ||
         std::find(options.lists.begin(), options.lists.end(), list) != options.lists.end();
}

/// `std::map<…>::insert` for `std::map<int, std::string, std::less<int>>::insert`.
std::string without_template_arguments(const std::string& name) {
  std::string result;
  int depth = 0;
  for (const char c : name) {
    const bool is_operator = depth == 0 && result.ends_with("operator");
    if (c == '<' && !is_operator && depth++ == 0) result += "<…";
    if (c == '>' && !is_operator && depth > 0 && --depth > 0) continue;
    if (depth == 0) result += c;
  }
  return result;
}

std::string cost_text(const AllocationCost& cost, const Known& known) {
  if (!known.events) return format_bytes(cost.leaked_bytes);
  std::string text = format_quantity(cost.allocations, known.calls);
  if (known.frees) text += fmt::format(", {} temporary", format_count(cost.temporary));
  if (!known.deaths) return text;
  return text + fmt::format(", {} at the peak, {} {}", format_bytes(cost.peak_bytes),
                            format_bytes(cost.leaked_bytes), known.left);
}

void print_frames(const AllocationStack& stack, const Options& options, const Known& known,
                  const Painter& paint, std::size_t columns) {
  fmt::print("     {}\n", paint.dim(cost_text(stack.cost, known)));
  // The first frame is the site itself.
  const std::size_t end = std::min(stack.frames.size(), options.frames + 1);
  for (std::size_t i = 1; i < end; ++i) {
    const CodeLocation& frame = stack.frames[i];
    const std::string name = printable(without_template_arguments(frame.name()));
    const std::string line = fmt::format("       {}  {}", name, printable(frame.where()));
    fmt::print("{}\n", truncate_to_width(line, columns));
  }
  if (stack.frames.size() > end) {
    fmt::print("       {}\n",
               paint.dim(fmt::format("{} more (--frames)", stack.frames.size() - end)));
  }
}

void print_list(const List& list, const Options& options, const AllocationSummary& summary,
                const Painter& paint, std::size_t columns) {
  const Known known(summary);
  fmt::print("\n{}\n", paint.bold(known.title(list)));
  const auto& sites = summary.*list.sites;
  if (sites.empty()) fmt::print("  none\n");
  for (const AllocationSite& site : sites) {
    fmt::print("  {}  {}\n", paint.bold(printable(without_template_arguments(site.place.name()))),
               printable(site.place.where()));
    fmt::print("   {}\n", cost_text(site.cost, known));
    for (const AllocationStack& stack : site.top_stacks)
      print_frames(stack, options, known, paint, columns);
    if (site.stacks > site.top_stacks.size() && !site.top_stacks.empty()) {
      fmt::print("     {}\n", paint.dim(fmt::format(
                                  "and {} more (--stacks)",
                                  format_quantity(site.stacks - site.top_stacks.size(), "stack"))));
    }
  }
}

Json if_known(bool known, std::uint64_t number) { return known ? Json(number) : Json(nullptr); }

Json json(const AllocationCost& cost, const Known& known) {
  return {{"allocations", if_known(known.events, cost.allocations)},
          {"temporary", if_known(known.frees, cost.temporary)},
          {"peak_bytes", if_known(known.deaths, cost.peak_bytes)},
          {"leaked_bytes", if_known(known.has("leaked"), cost.leaked_bytes)}};
}

Json json(const CodeLocation& place) {
  return {{"function", place.function.empty() ? Json(nullptr) : Json(place.function)},
          {"file", place.file.empty() ? Json(nullptr) : Json(place.file)},
          {"line", place.line},
          {"column", place.column},
          {"module", place.module},
          {"address", fmt::format("{:#x}", place.address)}};
}

Json json(const AllocationSite& site, const Known& known) {
  Json stacks = Json::array();
  for (const AllocationStack& stack : site.top_stacks) {
    Json frames = Json::array();
    for (const CodeLocation& frame : stack.frames) frames.push_back(json(frame));
    stacks.push_back({{"cost", json(stack.cost, known)}, {"frames", std::move(frames)}});
  }
  return {{"place", json(site.place)},
          {"cost", json(site.cost, known)},
          {"stack_count", site.stacks},
          {"stacks", std::move(stacks)}};
}

void print_json(const Options& options, const AllocationSummary& summary) {
  const Known known(summary);
  Json result = {{"schema", "heaplab-sites/1"},
                 {"file", options.file},
                 {"format", summary.format},
                 {"complete", complete_json(summary.extent)}};
  if (!summary.extent.note.empty()) result["note"] = summary.extent.note;
  result["knows"] = knowledge_json(summary.knows);
  result["precision"] = trace::to_string(summary.precision);
  result["root_granularity_bytes"] = summary.root_granularity;
  result["sites_are"] = options.program ? "functions of the program" : "callers";
  result["profiles"] = summary.profiles;
  result["total"] = totals_json(summary);
  for (const List& list : lists) {
    if (!is_chosen(options, list.name)) continue;
    Json sites = Json::array();
    for (const AllocationSite& site : summary.*list.sites) sites.push_back(json(site, known));
    result[fmt::format("by_{}", list.name)] = std::move(sites);
  }
  print(result);
}

void print_text(const Options& options, const AllocationSummary& summary) {
  const Painter paint(STDOUT_FILENO);
  const std::size_t columns =
      isatty(STDOUT_FILENO) != 0 ? inspect::output_width() : std::size_t{1} << 30;
  const Known known(summary);
  fmt::print("{} {}\n", paint.bold("allocations of"),
             printable(summary.command.empty() ? options.file : summary.command));
  print_totals(summary);
  if (known.frees && !options.program) {
    fmt::print("  {}\n", paint.dim("sites are who called operator new or malloc, as in "
                                   "heaptrack_print; --program names the program's functions"));
  }
  for (const List& list : lists) {
    if (!is_chosen(options, list.name)) continue;
    if (known.has(list.name)) {
      print_list(list, options, summary, paint, columns);
    } else if (!options.lists.empty()) {
      fmt::print("\n{}\n  unknown: this recording does not say {}\n", paint.bold(list.title),
                 known.events ? "when objects die" : "what was allocated, only what is alive");
    }
  }
}

void sites(Options& options) {
  options.summary.builtin_suppressions = !options.all_leaks;
  options.summary.embedded_suppressions = !options.all_leaks;
  if (options.program) options.summary.rule = trace::SiteRule::program;
  AllocationSummary summary;
  {
    ReadingBar bar(options.file);
    summary = trace::summarize_allocations(options.file, options.summary,
                                           [&](std::uint64_t offset) { bar(offset); });
  }
  options.format == "json" ? print_json(options, summary) : print_text(options, summary);
  if (!summary.extent.note.empty()) {
    fmt::print(stderr, "heaplab: {}: {}\n", printable(options.file), summary.extent.note);
  }
}

}  // namespace

void print_totals(const AllocationSummary& summary) {
  const Painter paint(STDOUT_FILENO);
  const auto row = [&](const char* label, const std::string& value) {
    fmt::print("  {}{}\n", paint.dim(pad_to_width(label, 18)), value);
  };
  const auto seconds = [](std::uint64_t ms) {
    return format_duration(static_cast<double>(ms) / 1e3);
  };
  const Known known(summary);
  const AllocationCost& total = summary.total;
  if (known.events) row(known.frees ? "calls" : "objects", format_count(total.allocations));
  if (summary.knows.sampling_bytes != 0 && known.events) {
    row("sample", fmt::format("one allocation in {}; sums are estimates, peaks are the sample's",
                              format_bytes(summary.knows.sampling_bytes)));
  }
  if (known.frees) row("temporary", format_count(total.temporary));
  if (known.deaths) {
    row("peak", summary.knows.times ? fmt::format("{} after {}", format_bytes(total.peak_bytes),
                                                  seconds(summary.peak_ms))
                                    : format_bytes(total.peak_bytes));
  }
  if (summary.peak_rss_bytes > 0) row("peak RSS", format_bytes(summary.peak_rss_bytes));
  if (known.has("leaked")) {
    row(known.frees ? "leaked" : "alive at the end",
        summary.suppressed_bytes == 0
            ? format_bytes(total.leaked_bytes)
            : fmt::format("{}, and {} of known leaks", format_bytes(total.leaked_bytes),
                          format_bytes(summary.suppressed_bytes)));
  }
  if (known.events && !known.frees) {
    row("deaths", deaths_text(summary.precision, summary.root_granularity));
  }
  if (known.events && summary.knows.times) row("run time", seconds(summary.time_ms));
  if (summary.unknown_frees > 0) row("unknown frees", format_count(summary.unknown_frees));
  if (!summary.extent.note.empty()) row("note", summary.extent.note);
}

Json totals_json(const AllocationSummary& summary) {
  const Known known(summary);
  const bool times = summary.knows.times && known.events;
  return {{"allocations", if_known(known.events, summary.total.allocations)},
          {"temporary", if_known(known.frees, summary.total.temporary)},
          {"peak_bytes", if_known(known.deaths, summary.total.peak_bytes)},
          {"peak_ms", if_known(known.deaths && times, summary.peak_ms)},
          {"leaked_bytes", if_known(known.has("leaked"), summary.total.leaked_bytes)},
          {"suppressed_bytes", summary.suppressed_bytes},
          {"peak_rss_bytes", summary.peak_rss_bytes},
          {"time_ms", if_known(times, summary.time_ms)},
          {"unknown_frees", summary.unknown_frees},
          {"sites", summary.sites},
          {"stacks", summary.stacks}};
}

void add_trace_sites(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("sites", "Who allocates most: calls, peak, leaked, temporary");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  verb->add_option("--by", options->lists,
                   "Only this list (repeatable): allocations, peak, leaked, temporary")
      ->check(CLI::IsMember({"allocations", "peak", "leaked", "temporary"}))
      ->allow_extra_args(false);
  add_limit(*verb, options->summary.sites, "Sites of each list");
  verb->add_flag("--program", options->program,
                 "A site is the first function that does not only hand memory out (operator new, "
                 "std::vector, xmalloc), as in heaplab trace info; else who called operator new or "
                 "malloc, as in heaptrack_print");
  verb->add_option("--stacks", options->summary.stacks, "Call stacks of each site (default 5)")
      ->check(CLI::Range(0, 1000000));
  verb->add_option("--frames", options->frames, "Callers shown of each stack (default 8)")
      ->check(CLI::Range(0, 1000000));
  verb->add_flag("--all-leaks", options->all_leaks,
                 "Count known leaks of system libraries, and those the program itself excuses");
  add_format(*verb, options->format, "heaplab-sites/1");
  verb->footer(R"(Examples:
  heaptrack -o app ./app && heaplab trace sites app.zst
  heaplab trace sites app.zst --by=leaked --limit=3 --stacks=1
  heaplab trace sites app.zst --program
  heaplab trace sites app.heaprec --format=json | jq '.by_peak[0].place'

Of heaptrack's files the figures are those of heaptrack_print. Temporary is what was freed by the
very next event. What a recording does not know (most formats: when something was freed) is left out.)");
  verb->callback([verb, options, &status] {
    if (verb->count("--frames") > 0 && options->format == "json") {
      throw UsageError("trace sites: --frames has no effect with --format=json: stacks are whole");
    }
    sites(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli
