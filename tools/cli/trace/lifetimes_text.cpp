// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "heaplab/support/chart.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "lifetimes.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

using trace::LifetimeReport;

constexpr std::size_t chart_columns = 60;
constexpr std::size_t chart_rows = 8;

std::string precision_in_words(const trace::Mortality& mortality) {
  switch (mortality.precision) {
    case trace::DeathPrecision::exact:
      return "exact: the program frees";
    case trace::DeathPrecision::roots:
      return mortality.root_granularity <= 1
                 ? "exact (Merlin; roots at each allocation)"
                 : "exact to " + format_bytes(mortality.root_granularity) +
                       " (Merlin; the distance of root records: `heaplab run "
                       "--record-roots=1` makes them exact)";
    case trace::DeathPrecision::collections:
      return "late: found dead at collections, died some time before";
    default:
      return "unknown";
  }
}

void print_head(const trace::RecordingSource& source, const LifetimeReport& report,
                const Painter& paint) {
  fmt::print("{} {}\n", paint.bold("lifetimes"), printable(source.path()));
  fmt::print("  allocated  {} in {}\n", format_bytes(report.allocated_bytes),
             format_quantity(report.objects, "object"));
  if (report.adopted != 0) {
    fmt::print("  older      {}, left out: nobody knows when they were born\n",
               format_quantity(report.adopted, "object"));
  }
  fmt::print("  at the end {} in {} alive\n", format_bytes(report.survivor_bytes),
             format_quantity(report.survivors, "object"));
  fmt::print("  deaths     {}\n", precision_in_words(report.mortality));
  const trace::Extent& extent = report.mortality.extent;
  if (!extent.note.empty()) fmt::print("  note       {}\n", extent.note);
  if (report.mortality.contradictions != 0) {
    fmt::print(
        "  {}       {} on objects that were dead by then, the first is event {}: not all roots "
        "or writes are recorded\n",
        paint.colour(Colour::yellow, "note"),
        format_quantity(report.mortality.contradictions, "event"),
        report.mortality.first_contradiction);
  }
}

/// The part of the curve that stands on a quarter of what was allocated or more: how long what came
/// at the very start lives says little of the rest.
std::vector<trace::SurvivalPoint> well_founded(const LifetimeReport& report) {
  std::vector<trace::SurvivalPoint> points = report.survival;
  const std::uint64_t distance = report.mortality.root_granularity;
  std::erase_if(points, [&](const trace::SurvivalPoint& point) {
    return point.watched_bytes < report.allocated_bytes / 4 ||
           (distance > 1 && point.age < distance);
  });
  return points;
}

void print_survival(const LifetimeReport& report, const Painter& paint) {
  const std::vector<trace::SurvivalPoint> points = well_founded(report);
  fmt::print("\n{}: of what was allocated, how much is alive after so many bytes more\n",
             paint.bold("Survival"));
  if (points.size() < 2) {
    fmt::print("  the recording is too short for a curve\n");
    return;
  }
  std::vector<double> shares;
  for (const auto& point : points) shares.push_back(point.share());
  const auto rows = area_chart(shares, 1, chart_columns, chart_rows);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const char* label = row == 0 ? "100%" : row == chart_rows / 2 ? " 50%" : "    ";
    fmt::print("  {} ┤{}\n", label, rows[row]);
  }
  const std::string left = format_bytes(points.front().age);
  const std::string middle = format_bytes(points[points.size() / 2].age);
  const std::string right = format_bytes(points.back().age);
  fmt::print("       └{:─<{}}\n", "", chart_columns);
  fmt::print("        {}{}{}  (age)\n", pad_to_width(left, chart_columns / 2), middle,
             pad_to_width(right, chart_columns / 2 - display_width(middle), Align::right));
  fmt::print("  {:>9}  {:>8}  {:>8}  {}\n", "age", "alive", "dead",
             "die before they are twice as old");
  for (std::size_t i = 0; i < points.size(); i += 8) {
    const std::size_t twice = std::min(i + 4, points.size() - 1);
    const double share = points[i].share();
    fmt::print(
        "  {:>9}  {:>8}  {:>8}  {:>8}\n", format_bytes(points[i].age), format_percent(share, 1),
        format_percent(1 - share, 1),
        twice < i + 4 ? "–" : format_percent(std::max(0.0, share - points[twice].share()), share));
  }
}

void print_ages(const LifetimeReport& report, const Painter& paint) {
  fmt::print("\n{}: live bytes over the run, by age\n", paint.bold("Ages"));
  for (std::size_t group = trace::age_limits.size() + 1; group-- > 0;) {
    std::vector<double> values;
    std::uint64_t peak = 0;
    for (const auto& column : report.ages) {
      values.push_back(static_cast<double>(column.live_bytes[group]));
      peak = std::max(peak, column.live_bytes[group]);
    }
    if (peak == 0) continue;
    const std::string label =
        group == trace::age_limits.size() ? "older" : "< " + format_bytes(trace::age_limits[group]);
    fmt::print("  {:>9}  {}  peak {}\n", label,
               pad_to_width(sparkline(values, chart_columns), chart_columns), format_bytes(peak));
  }
}

void print_nurseries(const LifetimeReport& report, const Painter& paint) {
  fmt::print("\n{}: what a nursery of each size would have had to do\n", paint.bold("Nursery"));
  fmt::print("  {:>9}  {:>11}  {:>8}  {:>8}  {:>12}\n", "size", "collections", "copied", "promoted",
             report.pointers_known ? "remembered" : "");
  for (std::size_t i = report.first_judged; i < report.nurseries.size(); ++i) {
    const trace::NurserySize& size = report.nurseries[i];
    const std::string line =
        fmt::format("  {:>9}  {:>11}  {:>8}  {:>8}  {:>12}{}", format_bytes(size.bytes),
                    format_count(size.collections), format_percent(size.survival(), 1),
                    format_percent(static_cast<double>(size.promoted_bytes),
                                   static_cast<double>(size.allocated_bytes)),
                    report.pointers_known ? format_count(size.old_to_young) : "",
                    i == report.advised ? "  ← advised" : "");
    fmt::print("{}\n", i == report.advised ? paint.bold(line) : line);
  }
  fmt::print("  Advice: {}.\n", report.advice);
}

std::string lifetime_in_words(std::uint64_t lifetime) {
  return lifetime == trace::to_the_end ? "to the end" : format_bytes(lifetime);
}

template <class Name>
void print_groups(const char* title, const std::vector<trace::GroupLifetimes>& groups,
                  std::size_t top, const Painter& paint, Name name) {
  fmt::print("\n{}\n", paint.bold(title));
  fmt::print("  {:>10}  {:>11}  {:>10}  {:>10}  {:>7}\n", "bytes", "objects", "half live",
             "a tenth", "old");
  for (std::size_t i = 0; i < std::min(top, groups.size()); ++i) {
    const trace::GroupLifetimes& group = groups[i];
    fmt::print(
        "  {:>10}  {:>11}  {:>10}  {:>10}  {:>7}  {}\n", format_bytes(group.bytes),
        format_count(group.objects), lifetime_in_words(group.median_lifetime),
        lifetime_in_words(group.p90_lifetime),
        format_percent(static_cast<double>(group.old_bytes), static_cast<double>(group.bytes)),
        name(group.key));
  }
  if (groups.size() > top) fmt::print("  … and {} more (--limit)\n", groups.size() - top);
}

void print_pointers(const LifetimeReport& report, const Painter& paint) {
  const trace::PointerDirections& seen = report.pointers;
  const auto writes = static_cast<double>(seen.writes());
  fmt::print("\n{}\n", paint.bold("References stored"));
  fmt::print("  {:>12} into objects just made\n", format_count(seen.initialising));
  fmt::print("  {:>12} writes: {} old → young, {} young → old, {} to itself\n",
             format_count(seen.writes()),
             format_percent(static_cast<double>(seen.old_to_young), writes),
             format_percent(static_cast<double>(seen.young_to_old), writes),
             format_percent(static_cast<double>(seen.to_itself), writes));
}

}  // namespace

void print_lifetimes(const trace::RecordingSource& source, const LifetimeReport& report,
                     std::size_t top) {
  const Painter paint(STDOUT_FILENO);
  const trace::Tables& tables = source.tables();
  print_head(source, report, paint);
  print_survival(report, paint);
  print_ages(report, paint);
  print_nurseries(report, paint);
  const auto site = [&](std::uint32_t frame) { return printable(place_of_frame(tables, frame)); };
  print_groups("By type", report.types, top, paint, [&](std::uint32_t type) {
    const std::string& name = tables.type_name(type);
    return name.empty() ? std::string("(no type)") : printable(name);
  });
  print_groups("By site", report.sites, top, paint, site);
  if (!report.pretenure.empty()) {
    print_groups("Worth pretenuring: nearly all grow old, so copying them first is wasted",
                 report.pretenure, top, paint, site);
  }
  if (report.pointers_known) print_pointers(report, paint);
  fmt::print("\n{}\n", paint.dim("half live, a tenth: half of the bytes, a tenth of them, lived at "
                                 "least so long. old: outlived two\ncollections of the nursery."));
}

}  // namespace heaplab::cli
