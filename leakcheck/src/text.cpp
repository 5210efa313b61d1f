// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "heaplab/leakcheck/print.h"
#include "heaplab/support/chart.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"

namespace heaplab::leakcheck {
namespace {

constexpr std::size_t chart_columns = 24;
constexpr std::size_t most_grown_shown = 5;
constexpr std::size_t most_calls_shown = 8;

/// Breaks text at spaces; every line but the first is indented.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t columns) {
  std::string result;
  std::size_t used = indent;
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t end = text.find(' ', start);
    if (end == std::string::npos) end = text.size();
    const std::string word = text.substr(start, end - start);
    const std::size_t width = display_width(word);
    if (used > indent && used + 1 + width > columns) {
      result += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      result += ' ';
      ++used;
    }
    result += word;
    used += width;
    start = end + 1;
  }
  return result;
}

class TextReport {
 public:
  TextReport(const Report& report, const Painter& paint, std::size_t columns)
      : report_(report), paint_(paint), columns_(std::max<std::size_t>(columns, 50)) {}

  std::string run() {
    heading();
    for (std::size_t i = 0; i < report_.leaks.size(); ++i) leak(report_.leaks[i], i + 1);
    if (report_.leaks.empty()) no_leak();
    grown();
    remarks();
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { out_ += text + "\n"; }
  void field(std::string_view label, const std::string& text) {
    constexpr std::size_t indent = 15;
    line("  " + paint_.dim(pad_to_width(label, indent - 2)) + wrapped(text, indent, columns_));
  }

  void heading() {
    if (!report_.inputs.empty()) {
      files();
      return;
    }
    line(fmt::format("{} {}", paint_.bold("heaplab leaks"), printable(report_.file)));
    line(paint_.dim(report_.slices > 0     ? slices()
                    : report_.profiles > 0 ? profiles()
                                           : allocations()));
    if (!report_.live_by_round.empty()) {
      line(fmt::format("live memory  {}  {}{}", sparkline(report_.live_by_round, chart_columns),
                       format_bytes(report_.live_bytes), report_.slices > 0 ? at_the_end() : ""));
    }
    several_heaps();
    if (!report_.note.empty())
      line(paint_.colour(Colour::yellow, "note: " + printable(report_.note)));
    if (report_.rounds < 4 && !report_.judged_nothing) {
      line(paint_.colour(Colour::yellow,
                         "note: fewer than 4 rounds were recorded, so growth cannot be judged; let "
                         "the program run longer"));
    }
    line("");
  }

  std::string slices() const {
    return fmt::format("{}{} allocated in {}, looked at in {} parts of equal {}",
                       report_.program.empty() ? "" : printable(report_.program) + ": ",
                       format_bytes(report_.allocated_bytes),
                       format_quantity(report_.allocated_objects, "block"), report_.slices,
                       report_.slices_by_time ? "time" : "numbers of allocations");
  }

  /// Of a recording in slices, the curve ends when the work does.
  std::string at_the_end() const {
    // A program that has exited holds less: where there is more, its work went on to the end.
    const bool exited = report_.complete && report_.exit_live_bytes < report_.live_bytes;
    return fmt::format(" when its work ended; {} {}", format_bytes(report_.exit_live_bytes),
                       exited ? "after it had exited" : "where the recording ends");
  }

  std::string profiles() const {
    return fmt::format(
        "{}{} in {}; {}", report_.program.empty() ? "" : printable(report_.program) + ": ",
        format_quantity(report_.profiles, "allocation profile"), format_duration(report_.seconds),
        format_quantity(report_.collections, "collection"));
  }

  std::string allocations() const {
    return fmt::format("{}{} allocated in {}; {}; {}",
                       report_.program.empty() ? "" : printable(report_.program) + ": ",
                       format_bytes(report_.allocated_bytes),
                       format_quantity(report_.allocated_objects, "object"),
                       format_quantity(report_.collections, "collection"), looked_at());
  }

  std::string looked_at() const {
    if (report_.rounds_are_marks) {
      return fmt::format("rounds are the program's {} marks", report_.rounds);
    }
    const std::string checkpoints = format_quantity(report_.checkpoints, "checkpoint");
    return report_.heaps < 2
               ? fmt::format("looked at {} of {}", report_.rounds, checkpoints)
               : fmt::format("{}, at least {} of each heap looked at", checkpoints, report_.rounds);
  }

  void several_heaps() {
    if (report_.heaps < 2) return;
    line(paint_.dim(fmt::format("  {} heaps, each judged by itself", report_.heaps)));
  }

  /// The heading of a series of snapshots.
  void files() {
    line(paint_.bold("heaplab leaks"));
    std::size_t number = 0;
    for (const Input& input : report_.inputs) {
      const std::string size =
          input.nodes != 0 ? fmt::format("{}, {} objects, {}", input.kind,
                                         format_count(input.nodes), format_bytes(input.live_bytes))
          : input.live_bytes != 0
              ? fmt::format("{}, {}", input.kind, format_bytes(input.live_bytes))
              : input.kind;
      line(fmt::format("  {}  {}  {}", ++number, printable(input.file), paint_.dim(size)));
    }
    if (!report_.order.empty()) line(paint_.dim("  in order " + report_.order));
    if (report_.live_by_round.size() > 1) {
      line(fmt::format("live memory  {}  {}", sparkline(report_.live_by_round, chart_columns),
                       format_bytes(report_.live_bytes)));
    }
    several_heaps();
    const bool few = report_.rounds == 1 || report_.rounds == 2;
    if (few) {
      const bool profiles = report_.inputs.front().kind == "heap profile";
      const char* one = profiles ? "profile" : "snapshot";
      line(paint_.colour(
          Colour::yellow,
          report_.rounds == 1
              ? fmt::format("note: one {} shows what is large, not what grows: these are suspects",
                            one)
              : fmt::format("note: two {}s cannot tell a leak from a warm-up; a third one can",
                            one)));
    }
    line("");
  }

  void remarks() {
    if (report_.remarks.empty()) return;
    line(paint_.bold("Also seen:"));
    for (const Remark& remark : report_.remarks) {
      line("  " + wrapped(fmt::format("{} × {}, {}", format_count(remark.count), remark.what,
                                      format_bytes(remark.bytes)),
                          4, columns_));
    }
  }

  /// A file below the working directory is shown from there.
  static std::string near(const std::string& file) {
    std::error_code error;
    const std::string here = std::filesystem::current_path(error).string() + "/";
    return !error && here.size() > 1 && file.starts_with(here) ? file.substr(here.size()) : file;
  }
  static std::string where(const Place& place) {
    if (!place.known()) return {};
    return " in " + near(place.file) + (place.line ? ":" + std::to_string(place.line) : "");
  }
  std::string title(const Culprit& culprit) const {
    return fmt::format("{} ({}){}", paint_.bold("`" + culprit.path + "`"), culprit.type,
                       where(culprit.place));
  }

  std::string heading(std::size_t rank) const {
    return report_.has_only_suspects()
               ? paint_.colour(Colour::yellow, fmt::format("SUSPECT {}", rank))
               : paint_.colour(Colour::red, fmt::format("LEAK {}", rank));
  }

  void leak(const Leak& leak, std::size_t rank) {
    line(fmt::format("{}  {}  {}", heading(rank), title(leak.culprit),
                     paint_.bold("keeps " + format_bytes(leak.retained_bytes))));
    field("kind", std::string(to_string(leak.kind)));
    if (!leak.heap.empty()) field("heap", printable(leak.heap));
    field("accumulates", accumulation(leak.accumulates));
    for (const std::string& path : leak.also_holds) field("also held by", path);
    if (leak.growth.per_round > 0) field("growth", growth(leak.growth));
    for (std::size_t i = 0; i < leak.sites.size(); ++i) {
      // Snapshots know no allocations; what a profile adds has no count.
      const bool allocated = report_.inputs.empty() || leak.sites[i].count == 0;
      const bool again = i > 0 && (report_.inputs.empty() ||
                                   (leak.sites[i - 1].count == 0) == (leak.sites[i].count == 0));
      field(again ? "" : allocated ? "allocated at" : "made at", site(leak.sites[i]));
    }
    call_stack(leak.stack);
    field("why", leak.why);
    field("what to do", leak.advice);
    for (std::size_t i = 0; i < leak.evidence.size(); ++i) {
      field(i == 0 ? "evidence" : "", leak.evidence[i]);
    }
    field("confidence", fmt::format("{:.0f}%", 100 * leak.confidence));
    line("");
  }

  /// Innermost first; the arrow is at the culprit.
  void call_stack(const std::vector<Call>& stack) {
    for (std::size_t i = 0; i < stack.size(); ++i) {
      const Call& call = stack[i];
      const std::size_t more = stack.size() - i;
      std::string text = fmt::format("{} more", more);
      if (i < most_calls_shown || more == 1) {
        text = call.place.function;
        if (call.place.known()) text += "  " + near(call.place.text());
      }
      line(fmt::format("  {}{} {}", paint_.dim(pad_to_width(i == 0 ? "call stack" : "", 11)),
                       call.is_culprit ? "→" : " ", text));
      if (i >= most_calls_shown) break;
    }
  }
  static std::string accumulation(const Accumulation& all) {
    if (all.count == 0) return fmt::format("{}s, {}", all.type, format_bytes(all.bytes));
    return fmt::format("{} × {}, {}", format_count(all.count), all.type, format_bytes(all.bytes));
  }
  static std::string growth(const Growth& growth) {
    const std::string per_round =
        growth.unit == "bytes"
            ? format_bytes_change(std::llround(growth.per_round))
            : fmt::format(
                  "+{} objects, {}",
                  growth.per_round < 10
                      ? fmt::format("{:.1f}", growth.per_round)
                      : format_count(static_cast<std::uint64_t>(std::llround(growth.per_round))),
                  format_bytes_change(std::llround(growth.bytes_per_round)));
    return fmt::format("{}  {} per round", sparkline(growth.values, chart_columns), per_round);
  }
  static std::string site(const Site& site) {
    const std::string function =
        site.place.function.empty() ? std::string() : " (" + site.place.function + ")";
    const std::string count =
        site.count == 0 ? std::string() : format_quantity(site.count, "object") + ", ";
    return fmt::format("{}{}  {}{}", near(site.place.text()), function, count,
                       format_bytes(site.bytes));
  }

  void no_leak() {
    if (report_.judged_nothing) return line("Nothing was judged.");
    line(paint_.colour(Colour::green, "No leak found."));
    if (report_.slices > 0) {
      line("Judged by what each call stack leaves alive: nothing grows without end.");
    } else if (report_.profiles > 0) {
      line(
          "Judged by what each function's allocations leave alive; heap snapshots would tell "
          "more.");
    } else if (!report_.reads_known && report_.inputs.empty()) {
      line("The recording does not say what the program read, so only growth was judged.");
    }
    line("");
  }

  void grown() {
    const auto& list = report_.grew_but_not_leaking;
    if (list.empty()) return;
    line(paint_.bold("Grew, but not leaking:"));
    for (std::size_t i = 0; i < std::min(list.size(), most_grown_shown); ++i) {
      line(fmt::format("  {}  {}{}", sparkline(list[i].growth.values, chart_columns / 2),
                       title(list[i].culprit),
                       list[i].heap.empty() ? "" : ", heap " + printable(list[i].heap)));
      line("                " + wrapped(list[i].reason, 16, columns_));
    }
    if (list.size() > most_grown_shown) {
      line(fmt::format("  and {} more (--format=json has them all)",
                       list.size() - most_grown_shown));
    }
  }

  const Report& report_;
  const Painter& paint_;
  std::size_t columns_;
  std::string out_;
};

}  // namespace

std::string to_text(const Report& report, const Painter& paint, std::size_t columns) {
  return TextReport(report, paint, columns).run();
}

}  // namespace heaplab::leakcheck
