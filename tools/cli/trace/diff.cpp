// SPDX-License-Identifier: MIT
// heaplab trace diff: two recordings by allocation site and type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../inspect/table.h"
#include "../verbs.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "heaplab/trace/usage.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

using trace::GroupUsage;
using trace::RecordingUsage;
using trace::UsageChange;
using trace::UsageOrder;

struct Options {
  std::string before, after;
  std::string format = "text";
  std::string sort = "bytes";
  std::size_t limit = 12;
};

UsageOrder order_of(const std::string& name) {
  if (name == "count") return UsageOrder::count;
  if (name == "lifetime") return UsageOrder::lifetime;
  if (name == "peak") return UsageOrder::peak;
  return UsageOrder::bytes;
}

RecordingUsage measure(const std::string& file, std::string& format) {
  const auto source = trace::open_recording(file, {.dialect = {}, .again = true});
  ReadingBar bar(file);
  RecordingUsage usage = trace::measure_usage(*source, [&](std::uint64_t offset) { bar(offset); });
  warn_if_incomplete(*source, usage.extent);
  format = source->format();
  return usage;
}

/// Null where the recording does not know when objects die.
Json usage_json(const GroupUsage& usage, bool deaths) {
  Json result = {{"count", usage.count}, {"bytes", usage.bytes}};
  result["mean_lifetime_bytes"] =
      deaths && usage.deaths != 0 ? Json(usage.mean_lifetime()) : Json(nullptr);
  result["peak_live_bytes"] = deaths ? Json(usage.peak_live_bytes) : Json(nullptr);
  return result;
}

struct Sides {
  const RecordingUsage& before;
  const RecordingUsage& after;
  static bool knows(const RecordingUsage& usage) {
    return usage.precision != trace::DeathPrecision::none;
  }
  bool both_know() const { return knows(before) && knows(after); }
  bool are_profiles() const { return before.profiles != 0 && after.profiles != 0; }
};

Json changes_json(const std::vector<UsageChange>& changes, const Sides& sides, std::size_t limit) {
  Json rows = Json::array();
  for (const UsageChange& change : changes) {
    if (rows.size() == limit) break;
    rows.push_back({{"name", change.name},
                    {"before", usage_json(change.before, Sides::knows(sides.before))},
                    {"after", usage_json(change.after, Sides::knows(sides.after))}});
  }
  return rows;
}

std::string signed_count(std::uint64_t before, std::uint64_t after) {
  if (after == before) return "0";
  return after > before ? "+" + format_count(after - before) : "-" + format_count(before - after);
}

std::string signed_bytes(std::uint64_t before, std::uint64_t after) {
  return format_bytes_change(static_cast<std::int64_t>(after - before));
}

std::string lifetime(const GroupUsage& usage) {
  return usage.deaths == 0 ? "–" : format_bytes(static_cast<std::uint64_t>(usage.mean_lifetime()));
}

std::vector<std::string> cells(const std::string& name, const GroupUsage& a, const GroupUsage& b,
                               const Sides& sides) {
  std::vector<std::string> row = {signed_bytes(a.bytes, b.bytes), format_bytes(a.bytes),
                                  format_bytes(b.bytes)};
  if (!sides.are_profiles()) {
    row.push_back(signed_count(a.count, b.count));
    row.push_back(format_count(b.count));
  }
  if (sides.both_know()) {
    row.push_back(signed_bytes(a.peak_live_bytes, b.peak_live_bytes));
    row.push_back(format_bytes(b.peak_live_bytes));
    row.push_back(lifetime(a));
    row.push_back(lifetime(b));
  }
  row.push_back(name.empty() ? "(no site recorded)" : printable(name));
  return row;
}

void print_changes(const char* title, const char* what, const std::vector<UsageChange>& changes,
                   const Sides& sides, std::size_t limit) {
  using inspect::Table;
  fmt::print("\n{}\n", inspect::painter().bold(title));
  if (changes.empty()) return fmt::print("  no difference\n");
  std::vector<Table::Column> columns = {{"bytes"}, {"before"}, {"after"}};
  if (!sides.are_profiles()) {
    for (const char* name : {"count", "after"}) columns.push_back({name});
  }
  if (sides.both_know()) {
    for (const char* name : {"peak", "after", "life before", "after"}) columns.push_back({name});
  }
  columns.push_back({what, Align::left});
  Table table(columns);
  std::size_t rows = 0;
  for (const UsageChange& change : changes) {
    if (rows++ == limit) break;
    table.add(cells(change.name, change.before, change.after, sides));
  }
  table.print();
  if (changes.size() > limit) {
    fmt::print("{}\n", inspect::painter().dim(
                           fmt::format("… {} more", format_count(changes.size() - limit))));
  }
}

void print_deaths(const Options& options, const Sides& sides) {
  const std::string before = deaths_text(sides.before.precision, sides.before.root_granularity);
  const std::string after = deaths_text(sides.after.precision, sides.after.root_granularity);
  if (before == after) return fmt::print("  deaths     {}\n", before);
  fmt::print("  deaths     of {}: {}\n", printable(options.before), before);
  fmt::print("             of {}: {}\n", printable(options.after), after);
}

void print_samples(const Options& options, const Sides& sides) {
  const auto side = [](const std::string& file, const trace::Knowledge& knows) {
    if (knows.sampling_bytes == 0) return;
    fmt::print(
        "  sample     {}: one allocation in {}; sums are estimates, peaks and lifetimes are "
        "the sample's\n",
        printable(file), format_bytes(knows.sampling_bytes));
  };
  side(options.before, sides.before.knows);
  side(options.after, sides.after.knows);
}

void print_head(const Options& options, const Sides& sides) {
  const GroupUsage& a = sides.before.total;
  const GroupUsage& b = sides.after.total;
  fmt::print("{} → {}\n", printable(options.before), printable(options.after));
  if (sides.are_profiles()) {
    fmt::print("  alive      {} → {} ({}), as the last profile of each estimates\n",
               format_bytes(a.bytes), format_bytes(b.bytes), signed_bytes(a.bytes, b.bytes));
    return;
  }
  fmt::print("  allocated  {} → {} ({}); {} → {} objects\n", format_bytes(a.bytes),
             format_bytes(b.bytes), signed_bytes(a.bytes, b.bytes), format_count(a.count),
             format_count(b.count));
  if (sides.both_know()) {
    fmt::print("  peak live  {} → {} ({})\n", format_bytes(a.peak_live_bytes),
               format_bytes(b.peak_live_bytes), signed_bytes(a.peak_live_bytes, b.peak_live_bytes));
    fmt::print("  mean life  {} → {} of allocation, of those that died\n", lifetime(a),
               lifetime(b));
  } else {
    fmt::print("  peaks and lifetimes are not compared: {} does not say when objects die\n",
               printable(Sides::knows(sides.before) ? options.after : options.before));
  }
  print_deaths(options, sides);
  print_samples(options, sides);
}

Json side_json(const std::string& file, const std::string& format, const RecordingUsage& usage) {
  return {{"file", file},
          {"format", format},
          {"complete", complete_json(usage.extent)},
          {"knows", knowledge_json(usage.knows)},
          {"precision", trace::to_string(usage.precision)},
          {"root_granularity_bytes", usage.root_granularity},
          {"profiles", usage.profiles},
          {"total", usage_json(usage.total, Sides::knows(usage))}};
}

std::vector<UsageChange> changes_of(const std::vector<GroupUsage>& before,
                                    const std::vector<GroupUsage>& after, UsageOrder order) {
  std::vector<UsageChange> changes = trace::compare_usage(before, after, order);
  std::erase_if(changes, [](const UsageChange& change) { return !change.differs(); });
  return changes;
}

void diff(const Options& options) {
  std::string before_format, after_format;
  const RecordingUsage before = measure(options.before, before_format);
  const RecordingUsage after = measure(options.after, after_format);
  const Sides sides{before, after};
  if ((before.profiles != 0) != (after.profiles != 0)) {
    const bool first = before.profiles != 0;
    throw UsageError(fmt::format(
        "trace diff: {} is a profile, which says what is alive, and {} a recording of what was "
        "allocated: compare two of a kind",
        printable(first ? options.before : options.after),
        printable(first ? options.after : options.before)));
  }
  const UsageOrder order = order_of(options.sort);
  const bool by_deaths = order == UsageOrder::lifetime || order == UsageOrder::peak;
  if (by_deaths && !sides.both_know()) {
    throw UsageError(fmt::format("trace diff: --sort={}: {} does not say when objects die",
                                 options.sort,
                                 printable(Sides::knows(before) ? options.after : options.before)));
  }
  const auto types = changes_of(before.types, after.types, order);
  const auto sites = changes_of(before.sites, after.sites, order);
  if (options.format == "json") {
    print({{"schema", "heaplab-trace-diff/1"},
           {"before", side_json(options.before, before_format, before)},
           {"after", side_json(options.after, after_format, after)},
           {"sites", changes_json(sites, sides, options.limit)},
           {"types", changes_json(types, sides, options.limit)}});
    return;
  }
  print_head(options, sides);
  print_changes("By place of allocation", "place", sites, sides, options.limit);
  if (!sides.are_profiles()) print_changes("By type", "type", types, sides, options.limit);
}

}  // namespace

void add_trace_diff(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("diff", "Compare two recordings by place of allocation and type");
  verb->add_option("BEFORE", options->before, "A recording of any format")->required();
  verb->add_option("AFTER", options->after, "Another, of the same or another format")->required();
  verb->add_option("--sort", options->sort, "By change in: bytes, count, lifetime or peak (bytes)")
      ->type_name("ORDER")
      ->check(CLI::IsMember({"bytes", "count", "lifetime", "peak"}));
  add_limit(*verb, options->limit, "Rows of each table");
  add_format(*verb, options->format, "heaplab-trace-diff/1");
  verb->footer(
      R"(Lifetimes are bytes allocated meanwhile, of the objects that died; they are computed where the
recordings have pointer writes and roots. Of two profiles, what is alive is compared.

Examples:
  heaplab trace diff before.heaprec after.heaprec
  heaplab trace diff a.heaprec b.heaprec --sort=peak --limit=5
  heaplab trace diff a.heaprec b.heaprec --format=json | jq '.sites[0]')");
  verb->callback([options, &status] {
    diff(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli
