// SPDX-License-Identifier: MIT
// How `heaplab trace info` shows what it found: heaplab-recording/2, or text.
#include <fmt/format.h>

#include "../inspect/table.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "info.h"
#include "sites.h"

namespace heaplab::cli {
namespace {

double bytes_per_event(const InfoReport& report) {
  const std::uint64_t events = report.counter.events();
  const std::uint64_t size = file_bytes(report.source.path());
  return events == 0 || size == 0 ? 0 : static_cast<double>(size) / static_cast<double>(events);
}

Json list_json(const std::vector<InfoGroup>& list) {
  Json result = Json::array();
  for (const InfoGroup& row : list) {
    result.push_back({{"name", row.name}, {"count", row.total.count}, {"bytes", row.total.bytes}});
  }
  return result;
}

Json to_json(const InfoReport& report) {
  const Part& part = report.part;
  const InfoCounter& c = report.counter;
  Json info = Json::object();
  for (const auto& [key, value] : report.source.info()) info[key] = value;
  Json result = {
      {"schema", "heaplab-recording/2"},  {"file", report.source.path()},
      {"format", report.source.format()}, {"complete", complete_json(report.extent)},
      {"bytes", report.extent.bytes},     {"blocks", report.extent.blocks},
      {"info", std::move(info)},          {"knows", knowledge_json(report.source.knowledge())}};
  if (part.given()) result["part"] = {{"from", part.from}, {"to", part.to}};
  result.update({{"time_ns", c.end_ns},
                 {"first_time_ns", c.first_ns > c.end_ns ? 0 : c.first_ns},
                 {"allocated_bytes", c.bytes},
                 {"objects", c.allocations},
                 {"adopted", c.adopted},
                 {"skipped", {{"objects", c.skipped.count}, {"bytes", c.skipped.bytes}}},
                 {"initial_edges", c.initial_edges},
                 {"writes", c.writes},
                 {"root_changes", c.root_changes},
                 {"deaths", c.deaths},
                 {"frees", c.frees},
                 {"last_uses", c.last_uses},
                 {"events", c.events()},
                 {"bytes_per_event", part.given() ? Json(nullptr) : Json(bytes_per_event(report))},
                 {"threads", c.thread_count()},
                 {"minor_collections", c.minors},
                 {"major_collections", c.majors},
                 {"longest_pause_ns", c.longest_pause_ns},
                 {"total_pause_ns", c.total_pause_ns},
                 {"memory_samples", c.samples},
                 {"peak_rss_bytes", c.peak_rss},
                 {"markers", c.markers},
                 {"profiles", c.profiles},
                 {"profiled_live_bytes", c.profiled_bytes()},
                 {"profiled_stacks", c.profile.size()},
                 {"checkpoints", c.checkpoints}});
  result["attachments"] = Json::array();
  for (const trace::Attachment& a : c.attachments) {
    result["attachments"].push_back({{"time_ns", a.time_ns},
                                     {"kind", report.source.tables().text(a.kind)},
                                     {"path", report.source.tables().text(a.path)}});
  }
  result["types"] = list_json(report.types);
  result["sites"] = list_json(report.sites);
  result["profile_sites"] = list_json(report.profile_sites);
  if (!report.extent.note.empty()) result["note"] = report.extent.note;
  return result;
}

void row(const std::string& label, const std::string& value) {
  const Painter& paint = inspect::painter();
  fmt::print("  {}{}\n", paint.dim(pad_to_width(label, 18)), value);
}

std::string seconds(std::uint64_t ns) { return format_duration(static_cast<double>(ns) / 1e9); }

void print_trust_in_profiles(const InfoReport& report) {
  const trace::Knowledge knows = report.source.knowledge();
  row("objects", "not one by one: a profile says how much is alive, by call stack");
  row("sizes", knows.sampling_bytes != 0
                   ? fmt::format("estimated: the profiler looks at one allocation in {}",
                                 format_bytes(knows.sampling_bytes))
                   : "estimated from a sample of the allocations");
  row("allocations", "unknown, and so are deaths, pointer writes and roots");
}

void print_trust_in_events(const trace::RecordingSource& source, bool has_objects) {
  const trace::Knowledge knows = source.knowledge();
  if (!has_objects) return row("objects", "none: only when memory was used, and collections");
  const std::string death_times = source.info("death times");
  row("objects", knows.identity ? "have identity: what is said of one is about that one"
                                : "have lost their identity: a free names one of several alike");
  if (knows.sampling_bytes != 0) {
    row("sample", fmt::format("one allocation in {} is here; sums by type and place are estimates",
                              format_bytes(knows.sampling_bytes)));
  }
  switch (knows.deaths) {
    case trace::Deaths::exact:
      row("deaths", death_times.empty() ? "known to the moment: the program frees"
                                        : "known: " + printable(death_times));
      break;
    case trace::Deaths::collections:
      row("deaths", "known at collections: an object died some time before");
      break;
    default:
      row("deaths", "unknown: nothing here says when an object dies");
  }
  row("pointer writes", knows.writes ? "all of them, so what is reachable can be told"
                                     : "unknown: who holds an object cannot be told");
  row("roots", knows.root_granularity == 0   ? "unknown"
               : knows.root_granularity == 1 ? "known at each allocation"
                                             : fmt::format("known every {} of allocation",
                                                           format_bytes(knows.root_granularity)));
  if (knows.last_uses) row("last uses", "known of every object that died");
}

void print_trust(const InfoReport& report) {
  const trace::Knowledge knows = report.source.knowledge();
  fmt::print("{}\n", inspect::painter().bold("How far it can be trusted"));
  const std::string cut = report.source.info("cut off");
  row("file", cut.empty() ? complete_text(report.extent)
                          : fmt::format("{}; made of one that was not: {}",
                                        complete_text(report.extent), printable(cut)));
  if (report.counter.has_only_profiles()) {
    print_trust_in_profiles(report);
  } else {
    const InfoCounter& c = report.counter;
    print_trust_in_events(report.source, c.events() + c.checkpoint_count() + c.skipped.count != 0);
  }
  row("times", knows.times ? "real" : "mean nothing here");
}

void count_row(const char* label, std::uint64_t number) {
  if (number != 0) row(label, format_count(number));
}

void print_events(const InfoReport& report) {
  const InfoCounter& c = report.counter;
  row("allocations", fmt::format("{}, {}", format_count(c.allocations), format_bytes(c.bytes)));
  count_row("older objects", c.adopted);
  if (c.skipped.count != 0) {
    row("not recorded",
        fmt::format("{}, {}", format_count(c.skipped.count), format_bytes(c.skipped.bytes)));
  }
  count_row("initial edges", c.initial_edges);
  row("pointer writes", format_count(c.writes));
  count_row("root changes", c.root_changes);
  row("deaths", format_count(c.deaths + c.frees));
  count_row("last uses", c.last_uses);
}

void print_checkpoints(const InfoCounter& c) {
  std::string reasons;
  for (const auto& [reason, number] : c.checkpoints) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", number, reason);
  }
  row("checkpoints", format_count(c.checkpoint_count()) + reasons + (reasons.empty() ? "" : ")"));
  if (c.last.nodes != 0) {
    row("live at last",
        fmt::format("{}, {}", format_quantity(c.last.nodes, "object"), format_bytes(c.last.bytes)));
  }
}

void print_counts(const InfoReport& report) {
  const InfoCounter& c = report.counter;
  const bool events = !c.has_only_profiles();
  fmt::print("{}\n", inspect::painter().bold(report.part.given()
                                                 ? "What this part of it holds (--from, --to)"
                                                 : "What it holds"));
  if (report.part.given()) {
    row("part", fmt::format("from {} to {}",
                            report.part.from.empty() ? "the start" : printable(report.part.from),
                            report.part.to.empty() ? "the end" : printable(report.part.to)));
  }
  if (report.source.knowledge().times) row("time", seconds(c.end_ns));
  if (events) print_events(report);
  if (c.thread_count() > 1) row("threads", format_count(c.thread_count()));
  if (events || c.minors + c.majors != 0) {
    row("collections", fmt::format("{} minor, {} major; longest pause {}", c.minors, c.majors,
                                   seconds(c.longest_pause_ns)));
  }
  if (events || c.samples != 0) row("memory samples", format_count(c.samples));
  count_row("markers", c.markers);
  if (c.profiles != 0) {
    row("profiles", fmt::format("{}; the last: {} alive, by {}", format_count(c.profiles),
                                format_bytes(c.profiled_bytes()),
                                format_quantity(c.profile.size(), "call stack")));
  }
  if (events) print_checkpoints(c);
  for (const trace::Attachment& a : c.attachments) {
    const trace::Tables& tables = report.source.tables();
    row("beside it", printable(tables.text(a.kind) + " " + tables.text(a.path)));
  }
  if (c.events() != 0) {
    const std::string each = report.part.given() ? ""
                                                 : fmt::format(", {:.2f} bytes each in the file",
                                                               bytes_per_event(report));
    row("events", format_count(c.events()) + each);
  }
}

void print_list(const char* title, const std::vector<InfoGroup>& list) {
  if (list.empty()) return;
  fmt::print("{}\n", inspect::painter().bold(title));
  for (const InfoGroup& named : list) {
    const std::string count = named.total.count == 0 ? "" : format_count(named.total.count) + " ×";
    fmt::print("  {:>10}  {}{}\n", format_bytes(named.total.bytes),
               count.empty() ? "" : pad_to_width(count, 14, Align::right) + " ",
               printable(named.name));
  }
}

}  // namespace

void print_info_json(const InfoReport& report) {
  Json document = to_json(report);
  if (report.native) document["native"] = totals_json(*report.native);
  print(document);
}

void print_info_text(const InfoReport& report) {
  fmt::print("{} {}\n", inspect::painter().bold("recording"), printable(report.source.path()));
  row("format", fmt::format("{}, {}", report.source.format(), format_bytes(report.extent.bytes)));
  for (const auto& [key, value] : report.source.info()) row(printable(key), printable(value));
  print_trust(report);
  print_counts(report);
  print_list("Allocated most, by type", report.types);
  print_list("Allocated most, by place", report.sites);
  print_list("Alive by the last profile, by place", report.profile_sites);
  if (!report.native) return;
  fmt::print("{}\n", inspect::painter().bold("Calls to allocation functions"));
  print_totals(*report.native);
}

}  // namespace heaplab::cli
