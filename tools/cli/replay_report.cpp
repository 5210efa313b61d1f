// SPDX-License-Identifier: MIT
#include "replay_report.h"

#include <fmt/format.h>

#include "heaplab/support/chart.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"

namespace heaplab::cli {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t label_columns = 13;
constexpr std::size_t chart_columns = 50;

double number(const Json& value) { return value.get<double>(); }
std::uint64_t count(const Json& value) { return value.get<std::uint64_t>(); }
std::string seconds(const Json& ns) { return format_duration(number(ns) / 1e9); }
std::string bytes(const Json& value) { return format_bytes(count(value)); }
std::string millions(const Json& per_second) {
  return fmt::format("{:.1f} million/s", number(per_second) / 1e6);
}

void row(const Painter& paint, const char* label, const std::string& value) {
  fmt::print("  {}{}\n", paint.dim(pad_to_width(label, label_columns)), value);
}

/// "generational, 24 MiB (2 × its minimum of 12 MiB)"
std::string title(const Json& run) {
  std::string text = run["system"].get<std::string>();
  if (!run["heap_bytes"].is_null()) text += ", " + bytes(run["heap_bytes"]);
  if (!run["heap_multiple"].is_null()) {
    text += fmt::format(" ({:g} × its minimum of {})", number(run["heap_multiple"]),
                        bytes(run["minimum_heap_bytes"]));
  }
  return text;
}

void print_program(const Json& report, const Painter& paint) {
  const Json& program = report["program"];
  fmt::print("{} {}\n", paint.bold("replay"), printable(report["file"].get<std::string>()));
  row(paint, "recording",
      fmt::format("{}; {} allocated, at most {} alive at once",
                  format_quantity(count(program["objects"]), "object"), bytes(program["bytes"]),
                  bytes(program["peak_live_bytes"])));
  row(paint, "events",
      fmt::format("{}, of them {} and {}; prepared in {}", format_count(count(program["events"])),
                  format_quantity(count(program["stores"]), "store"),
                  format_quantity(count(program["deaths"]), "death"),
                  seconds(program["prepare_ns"])));
  for (const Json& note : program["notes"]) row(paint, "note", note.get<std::string>());
  row(paint, "replayer",
      fmt::format("{} by itself ({}), taken out of the times below",
                  seconds(report["replayer"]["wall_ns"]),
                  millions(report["replayer"]["events_per_s"])));
}

/// "±120 µs": of one run, only the replayer's own error is known.
std::string plus_minus(const Json& run, const char* clock) {
  return "±" + seconds(run["plus_minus"][clock]) +
         (count(run["runs"]["count"]) == 1 ? " or more" : "");
}

void print_times(const Json& run, const Json& replayer, const Painter& paint) {
  const bool collects = !run["heap_bytes"].is_null();
  const auto share = [&](const char* clock) {
    const std::string part = seconds(run["net"][clock]) + " " + plus_minus(run, clock);
    if (!collects) return part;
    return fmt::format("{} = {} mutator + {} collector ({})", part, seconds(run["mutator"][clock]),
                       seconds(run["collector"][clock]),
                       format_percent(number(run["collector"][clock]), number(run["net"][clock])));
  };
  row(paint, "time", share("wall_ns"));
  row(paint, "processor", share("cpu_ns"));
  const std::uint64_t runs = count(run["runs"]["count"]);
  row(paint, "runs",
      runs == 1 ? std::string("1; how much times vary is not known: --runs=5 tells")
                : fmt::format("the best of {} by processor time; their median took {} with the "
                              "replayer, this one {}",
                              runs, seconds(run["runs"]["cpu_ns"]["median"]),
                              seconds(run["total"]["cpu_ns"])));
  if (run["mutator_is_noise"]["cpu_ns"]) {
    row(paint, "note",
        fmt::format("{} is less than what can be told from the replayer's own {} (±{}): take a "
                    "longer recording or more --runs",
                    collects ? "the mutator's time" : "this time", seconds(replayer["cpu_ns"]),
                    seconds(run["plus_minus"]["cpu_ns"])));
  }
  row(paint, "rate", millions(run["events_per_s"]) + ", the replayer's own cost included");
}

void print_pauses(const Json& run, const Painter& paint) {
  const Json& pauses = run["pauses"];
  if (count(pauses["count"]) == 0) return row(paint, "collections", "none");
  std::uint64_t majors = 0;
  for (const Json& collection : run["collections"]) majors += collection["kind"] == "major" ? 1 : 0;
  row(paint, "collections",
      fmt::format("{} minor, {} major", format_count(count(pauses["count"]) - majors),
                  format_count(majors)));
  row(paint, "pauses",
      fmt::format("median {}, 90% {}, 99% {}, longest {}", seconds(pauses["p50_ns"]),
                  seconds(pauses["p90_ns"]), seconds(pauses["p99_ns"]), seconds(pauses["max_ns"])));
}

void print_footprint(const Json& run, const Painter& paint) {
  const Json& footprint = run["footprint"];
  std::vector<double> values;
  for (const Json& sample : footprint["samples"]) values.push_back(number(sample[2]));
  std::string text =
      fmt::format("{}  peak {}, average {}", sparkline(values, chart_columns),
                  bytes(footprint["peak_resident"]), bytes(footprint["average_resident"]));
  if (count(footprint["peak_committed"]) != 0) {
    text += fmt::format("; the heap committed {}", bytes(footprint["peak_committed"]));
  }
  row(paint, "footprint", text);
}

void print_checks(const Json& run, const Painter& paint) {
  if (run["heap_bytes"].is_null()) {
    return row(paint, "freed", format_quantity(count(run["frees"]), "object"));
  }
  if (run["problems"].empty()) {
    return row(paint, "checked",
               fmt::format("{} after collections: exactly those that are alive by the recording",
                           format_quantity(count(run["checked_objects"]), "object")));
  }
  for (const Json& problem : run["problems"]) {
    row(paint, "wrong", paint.bold(problem.get<std::string>()));
  }
}

void print_run(const Json& run, const Json& replayer, const Painter& paint) {
  fmt::print("\n{}\n", paint.bold(title(run)));
  if (!run["completed"]) {
    row(paint, "failed", run["failure"].get<std::string>());
    return print_checks(run, paint);
  }
  print_times(run, replayer, paint);
  if (!run["heap_bytes"].is_null()) print_pauses(run, paint);
  print_footprint(run, paint);
  print_checks(run, paint);
}

/// What the signs in the table mean, of those that are there.
void print_legend(const Json& runs, const Painter& paint) {
  const Json* some = nullptr;
  bool is_noise = false;
  for (const Json& run : runs) {
    if (!run["completed"]) continue;
    some = &run;
    is_noise |= run["mutator_is_noise"]["cpu_ns"].get<bool>();
  }
  if (some == nullptr) return;
  const std::uint64_t times = count((*some)["runs"]["count"]);
  fmt::print("\n{}\n",
             paint.dim(times == 1 ? "CPU: of one run; how much it varies is not known (>): "
                                    "--runs=5 tells"
                                  : fmt::format("CPU: of the best of {} runs; ± what the median "
                                                "has more",
                                                times)));
  if (is_noise) {
    fmt::print("{}\n", paint.dim("?: what is not the collector's is less than can be told from the "
                                 "replayer's own cost"));
  }
}

void print_table(const Json& runs, const Painter& paint) {
  fmt::print("\n{}\n", paint.dim(fmt::format("{:14}{:>10}{:>8}{:>11}{:>10}{:>11}{:>11}{:>12}{:>11}",
                                             "system", "heap", "× min", "CPU", "±", "collector",
                                             "longest", "footprint", "average")));
  for (const Json& run : runs) {
    const bool collects = !run["heap_bytes"].is_null();
    std::string line = fmt::format(
        "{:14}{:>10}{:>8}", run["system"].get<std::string>(),
        collects ? bytes(run["heap_bytes"]) : "",
        run["heap_multiple"].is_null() ? "" : fmt::format("{:g}", number(run["heap_multiple"])));
    if (run["completed"]) {
      const auto cell = [&](const std::string& text, std::size_t columns) {
        const std::size_t width = display_width(text);
        line += std::string(columns - std::min(width, columns), ' ') + text;
      };
      const bool is_noise = run["mutator_is_noise"]["cpu_ns"].get<bool>();
      cell(seconds(run["net"]["cpu_ns"]) + (is_noise ? "?" : ""), 11);
      cell((count(run["runs"]["count"]) == 1 ? ">" : "") + seconds(run["plus_minus"]["cpu_ns"]),
           10);
      cell(collects ? seconds(run["collector"]["cpu_ns"]) : "", 11);
      cell(collects ? seconds(run["pauses"]["max_ns"]) : "", 11);
      cell(bytes(run["footprint"]["peak_resident"]), 12);
      cell(bytes(run["footprint"]["average_resident"]), 11);
    } else {
      line += "  out of memory";
    }
    fmt::print("{}\n", line);
    for (const Json& problem : run["problems"]) {
      fmt::print("  {}\n", paint.bold(problem.get<std::string>()));
    }
  }
  print_legend(runs, paint);
}

}  // namespace

Json to_json(const trace::ReplaySummary& s) {
  return {{"events", s.events},
          {"objects", s.objects},
          {"bytes", s.bytes},
          {"stores", s.stores},
          {"deaths", s.deaths},
          {"peak_live_bytes", s.peak_live_bytes},
          {"peak_live_objects", s.peak_live_objects},
          {"end_live_bytes", s.end_live_bytes},
          {"end_live_objects", s.end_live_objects},
          {"program_bytes", s.program_bytes},
          {"contradictions", s.contradictions},
          {"revived", s.revived},
          {"has_graph", s.has_graph},
          {"adds_headers", s.adds_headers},
          {"notes", s.notes}};
}

void print_replay(const Json& report, const Painter& paint) {
  print_program(report, paint);
  const Json& runs = report["runs"];
  if (runs.size() > 1) return print_table(runs, paint);
  for (const Json& run : runs) print_run(run, report["replayer"], paint);
}

}  // namespace heaplab::cli
