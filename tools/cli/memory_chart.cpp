// SPDX-License-Identifier: MIT
#include "memory_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "heaplab/support/chart.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"

namespace heaplab::cli {
namespace {

constexpr std::size_t rows = 10;
constexpr std::size_t scale_columns = 11;
constexpr std::size_t most_majors_listed = 8;

std::string bytes(double value) {
  return format_bytes(static_cast<std::uint64_t>(std::max(value, 0.0)));
}

/// Puts samples taken at odd times into columns of equal time. A column shows its largest value, or
/// the value before it if nothing was measured in it.
class TimeAxis {
 public:
  TimeAxis(const std::vector<MemoryPoint>& points, std::size_t columns)
      : points_(points), columns_(columns), start_(points.front().time_ms) {
    span_ = std::max(points.back().time_ms - start_, 1e-3);
  }
  std::size_t column(double time_ms) const {
    const double share = (time_ms - start_) / span_;
    return std::min(columns_ - 1, static_cast<std::size_t>(share * static_cast<double>(columns_)));
  }
  std::vector<double> values(double MemoryPoint::*field) const {
    std::vector<double> result(columns_, -1);
    std::vector<double> last(columns_, 0);
    for (const MemoryPoint& point : points_) {
      const std::size_t at = column(point.time_ms);
      result[at] = std::max(result[at], point.*field);
      last[at] = point.*field;
    }
    double previous = points_.front().*field;
    for (std::size_t i = 0; i < columns_; ++i) {
      if (result[i] < 0) {
        result[i] = previous;
      } else {
        previous = last[i];
      }
    }
    return result;
  }

 private:
  const std::vector<MemoryPoint>& points_;
  std::size_t columns_;
  double start_;
  double span_;
};

std::string collection_marks(const std::vector<MemoryPoint>& points, const TimeAxis& axis,
                             std::size_t columns, const Painter& paint) {
  std::vector<int> marks(columns, 0);
  for (const MemoryPoint& point : points) {
    if (point.event != "after-gc") continue;
    int& mark = marks[axis.column(point.time_ms)];
    mark = std::max(mark, point.kind == "major" ? 2 : 1);
  }
  std::string line;
  for (const int mark : marks) {
    line += mark == 2 ? paint.colour(Colour::red, "▲") : mark == 1 ? paint.dim("·") : " ";
  }
  return line;
}

std::string curve(const std::string& name, const std::vector<double>& values, std::size_t columns,
                  const Painter& paint) {
  const double peak = *std::max_element(values.begin(), values.end());
  return fmt::format("{} {}  {}\n", paint.dim(pad_to_width(name, scale_columns - 1, Align::right)),
                     sparkline(values, columns), "peak " + bytes(peak));
}

/// "12.3 ms  major  23 MiB → 4.1 MiB", for the collections that matter most.
std::string majors(const std::vector<MemoryPoint>& points, const Painter& paint) {
  struct Collection {
    const MemoryPoint* before;
    const MemoryPoint* after;
  };
  std::vector<Collection> all;
  const MemoryPoint* before = nullptr;
  for (const MemoryPoint& point : points) {
    if (point.event == "before-gc") before = &point;
    if (point.event == "after-gc" && before != nullptr && point.kind == "major") {
      all.push_back({before, &point});
    }
  }
  std::string text;
  const std::size_t skipped = all.size() > most_majors_listed ? all.size() - most_majors_listed : 0;
  if (all.empty()) return text;
  text += paint.bold("Full collections, before → after") +
          (skipped ? fmt::format(" (the last {} of {})", most_majors_listed, all.size()) : "") +
          "\n";
  for (std::size_t i = skipped; i < all.size(); ++i) {
    text += fmt::format(
        "  {:>9}  heapUsed {:>9} → {:>9}  {}\n", format_duration(all[i].before->time_ms / 1000),
        bytes(all[i].before->heap_used), bytes(all[i].after->heap_used),
        paint.dim("freed " + bytes(all[i].before->heap_used - all[i].after->heap_used)));
  }
  return text;
}

std::string verdict(const std::vector<MemoryPoint>& points) {
  double peak = 0;
  std::size_t minor = 0, major = 0;
  const MemoryPoint* last_after = nullptr;
  for (const MemoryPoint& point : points) {
    peak = std::max(peak, point.heap_used);
    if (point.event != "after-gc") continue;
    ++(point.kind == "major" ? major : minor);
    if (point.kind == "major") last_after = &point;
  }
  std::string text = fmt::format("heapUsed peaked at {}; {} and {}", bytes(peak),
                                 format_quantity(minor, "minor collection"),
                                 format_quantity(major, "major collection"));
  if (last_after)
    text += fmt::format("; {} after the last major one", bytes(last_after->heap_used));
  return text + ".\n";
}

}  // namespace

std::string memory_chart(const std::vector<MemoryPoint>& points, const Painter& paint,
                         std::size_t columns) {
  const std::size_t width = std::max<std::size_t>(columns, 40) - scale_columns - 2;
  const TimeAxis axis(points, width);
  const std::vector<double> used = axis.values(&MemoryPoint::heap_used);
  const double top = *std::max_element(used.begin(), used.end()) * 1.02 + 1;
  const std::vector<std::string> area = area_chart(used, top, width, rows);

  std::string text = paint.bold("heapUsed") + "\n";
  for (std::size_t row = 0; row < area.size(); ++row) {
    const double level = top * static_cast<double>(rows - row) / static_cast<double>(rows);
    const std::string scale = row % 3 == 0 ? bytes(level) : "";
    text += paint.dim(pad_to_width(scale, scale_columns - 2, Align::right) + " ┤") +
            paint.colour(Colour::cyan, area[row]) + "\n";
  }
  text += paint.dim(std::string(scale_columns - 1, ' ') + "└");
  for (std::size_t i = 0; i < width; ++i) text += paint.dim("─");
  text += "\n" + paint.dim(pad_to_width("gc", scale_columns - 1, Align::right)) + " " +
          collection_marks(points, axis, width, paint) + "\n";
  const std::string end = format_duration((points.back().time_ms - points.front().time_ms) / 1000);
  text += std::string(scale_columns, ' ') + "0" +
          pad_to_width(end, width > 1 ? width - 1 : 0, Align::right) + "\n";
  text += paint.dim(std::string(scale_columns, ' ') + "· minor   ▲ major collection") + "\n\n";
  const std::size_t small = width > 20 ? width - 18 : width;
  text += curve("heapTotal", axis.values(&MemoryPoint::heap_total), small, paint);
  text += curve("rss", axis.values(&MemoryPoint::rss), small, paint);
  if (std::any_of(points.begin(), points.end(),
                  [](const MemoryPoint& p) { return p.external > 0; })) {
    text += curve("external", axis.values(&MemoryPoint::external), small, paint);
  }
  return text + "\n" + majors(points, paint) + verdict(points);
}

}  // namespace heaplab::cli
