// SPDX-License-Identifier: MIT
// heaplab trace sites: who allocates most in a recording of a native program.
#include "sites.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

using trace::AllocationCost;
using trace::AllocationSite;
using trace::AllocationStack;
using trace::AllocationSummary;
using trace::CodeLocation;
using Json = nlohmann::ordered_json;

struct Options {
  std::string file;
  std::string format = "text";
  std::vector<std::string> lists;
  trace::SummaryOptions summary;
  bool all_leaks = false;
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

std::string cost_text(const AllocationCost& cost) {
  return fmt::format("{}, {} temporary, {} at the peak, {} leaked",
                     format_quantity(cost.allocations, "call"), format_count(cost.temporary),
                     format_bytes(cost.peak_bytes), format_bytes(cost.leaked_bytes));
}

void print_frames(const AllocationStack& stack, const Options& options, const Painter& paint,
                  std::size_t columns) {
  fmt::print("     {}\n", paint.dim(cost_text(stack.cost)));
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
  fmt::print("\n{}\n", paint.bold(list.title));
  const auto& sites = summary.*list.sites;
  if (sites.empty()) fmt::print("  none\n");
  for (const AllocationSite& site : sites) {
    fmt::print("  {}  {}\n", paint.bold(printable(without_template_arguments(site.place.name()))),
               printable(site.place.where()));
    fmt::print("   {}\n", cost_text(site.cost));
    for (const AllocationStack& stack : site.top_stacks)
      print_frames(stack, options, paint, columns);
    if (site.stacks > site.top_stacks.size() && !site.top_stacks.empty()) {
      fmt::print("     {}\n", paint.dim(fmt::format(
                                  "and {} more (--stacks)",
                                  format_quantity(site.stacks - site.top_stacks.size(), "stack"))));
    }
  }
}

Json json(const AllocationCost& cost) {
  return {{"allocations", cost.allocations},
          {"temporary", cost.temporary},
          {"peak_bytes", cost.peak_bytes},
          {"leaked_bytes", cost.leaked_bytes}};
}

Json json(const CodeLocation& place) {
  return {{"function", place.function.empty() ? Json(nullptr) : Json(place.function)},
          {"file", place.file.empty() ? Json(nullptr) : Json(place.file)},
          {"line", place.line},
          {"module", place.module},
          {"address", fmt::format("{:#x}", place.address)}};
}

Json json(const AllocationSite& site) {
  Json stacks = Json::array();
  for (const AllocationStack& stack : site.top_stacks) {
    Json frames = Json::array();
    for (const CodeLocation& frame : stack.frames) frames.push_back(json(frame));
    stacks.push_back({{"cost", json(stack.cost)}, {"frames", std::move(frames)}});
  }
  return {{"place", json(site.place)},
          {"cost", json(site.cost)},
          {"stack_count", site.stacks},
          {"stacks", std::move(stacks)}};
}

void print_json(const Options& options, const AllocationSummary& summary) {
  Json result = {{"schema", "heaplab-sites/1"}, {"file", options.file}};
  result["complete"] = summary.extent.complete;
  if (!summary.extent.note.empty()) result["note"] = summary.extent.note;
  result["total"] = totals_json(summary);
  for (const List& list : lists) {
    if (!is_chosen(options, list.name)) continue;
    Json sites = Json::array();
    for (const AllocationSite& site : summary.*list.sites) sites.push_back(json(site));
    result[fmt::format("by_{}", list.name)] = std::move(sites);
  }
  fmt::print("{}\n", result.dump(2, ' ', false, Json::error_handler_t::replace));
}

void print_text(const Options& options, const AllocationSummary& summary) {
  const Painter paint(STDOUT_FILENO);
  const std::size_t columns = terminal_width(STDOUT_FILENO, 100);
  fmt::print("{} {}\n", paint.bold("allocations of"), printable(summary.command));
  print_totals(summary);
  for (const List& list : lists) {
    if (is_chosen(options, list.name)) print_list(list, options, summary, paint, columns);
  }
}

void sites(Options& options) {
  options.summary.builtin_suppressions = !options.all_leaks;
  options.summary.embedded_suppressions = !options.all_leaks;
  const auto summary = trace::summarize_allocations(options.file, options.summary);
  if (!summary) {
    throw InputError(options.file, "sites are told of heaptrack's files; see heaplab trace info");
  }
  options.format == "json" ? print_json(options, *summary) : print_text(options, *summary);
}

}  // namespace

void print_totals(const AllocationSummary& summary) {
  const Painter paint(STDOUT_FILENO);
  const auto row = [&](const char* label, const std::string& value) {
    fmt::print("  {}{}\n", paint.dim(pad_to_width(label, 16)), value);
  };
  const auto seconds = [](std::uint64_t ms) {
    return format_duration(static_cast<double>(ms) / 1e3);
  };
  row("calls", format_count(summary.total.allocations));
  row("temporary", format_count(summary.total.temporary));
  row("peak",
      fmt::format("{} after {}", format_bytes(summary.total.peak_bytes), seconds(summary.peak_ms)));
  row("peak RSS", format_bytes(summary.peak_rss_bytes));
  row("leaked",
      summary.suppressed_bytes == 0
          ? format_bytes(summary.total.leaked_bytes)
          : fmt::format("{}, and {} of known leaks", format_bytes(summary.total.leaked_bytes),
                        format_bytes(summary.suppressed_bytes)));
  row("run time", seconds(summary.time_ms));
  if (summary.unknown_frees > 0) row("unknown frees", format_count(summary.unknown_frees));
  if (!summary.extent.note.empty()) row("note", summary.extent.note);
}

Json totals_json(const AllocationSummary& summary) {
  return {{"allocations", summary.total.allocations},
          {"temporary", summary.total.temporary},
          {"peak_bytes", summary.total.peak_bytes},
          {"peak_ms", summary.peak_ms},
          {"leaked_bytes", summary.total.leaked_bytes},
          {"suppressed_bytes", summary.suppressed_bytes},
          {"peak_rss_bytes", summary.peak_rss_bytes},
          {"time_ms", summary.time_ms},
          {"unknown_frees", summary.unknown_frees},
          {"sites", summary.sites},
          {"stacks", summary.stacks}};
}

void add_trace_sites(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = trace.add_subcommand(
      "sites", "Who allocates most in a native program: calls, peak, leaked, temporary");
  verb->add_option("FILE", options->file, "A file of heaptrack's, raw or interpreted (.gz, .zst)")
      ->required();
  verb->add_option("--by", options->lists,
                   "Only this list (repeatable): allocations, peak, leaked, temporary")
      ->check(CLI::IsMember({"allocations", "peak", "leaked", "temporary"}))
      ->allow_extra_args(false);
  verb->add_option("--limit", options->summary.sites, "Sites of each list (default 10)")
      ->check(CLI::Range(1, 1000000));
  verb->add_option("--stacks", options->summary.stacks, "Call stacks of each site (default 5)")
      ->check(CLI::Range(0, 1000000));
  verb->add_option("--frames", options->frames, "Callers shown of each stack (default 8)")
      ->check(CLI::Range(0, 1000000));
  verb->add_flag("--all-leaks", options->all_leaks,
                 "Count known leaks of system libraries, and those the program itself excuses");
  verb->add_option("--format", options->format, "text or json (schema heaplab-sites/1)")
      ->check(CLI::IsMember({"text", "json"}));
  verb->footer(R"(Examples:
  heaptrack -o app ./app && heaplab trace sites app.zst
  heaplab trace sites app.zst --by=leaked --limit=3 --stacks=1
  heaplab trace sites app.zst --format=json | jq '.by_peak[0].place'

The figures are those of heaptrack_print. Temporary is what was freed by the very next event.)");
  verb->callback([options, &status] {
    sites(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli
