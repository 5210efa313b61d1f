// SPDX-License-Identifier: MIT
// heaplab trace info: what a recording holds, and how far it can be trusted.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "../inspect/table.h"
#include "heaplab/support/format.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "sites.h"
#include "trace.h"

namespace heaplab::cli {
namespace {

struct Total {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// Counts everything, by type and stack what is allocated.
class Counter : public trace::RecordingVisitor {
 public:
  explicit Counter(const std::string& file) : bar_(file) {}
  void on_allocation(const trace::Allocation& a) override {
    if (a.adopted) {
      ++adopted;
      return;
    }
    ++allocations;
    bytes += a.bytes;
    add(types, a.type, a.bytes);
    add(stacks, a.stack, a.bytes);
  }
  void on_write(const trace::PointerWrite&) override { ++writes; }
  void on_initial_edges(trace::ObjectId, std::span<const trace::InitialEdge> e) override {
    initial_edges += e.size();
  }
  void on_death(trace::ObjectId) override { ++deaths; }
  void on_free(trace::ObjectId) override { ++frees; }
  void on_roots(const trace::RootChange& r) override {
    root_changes += r.removed.size() + r.added.size();
  }
  void on_last_use(const trace::LastUse&) override { ++last_uses; }
  void on_thread(trace::ThreadId thread) override {
    if (thread >= seen_threads.size()) seen_threads.resize(thread + 1);
    seen_threads[thread] = true;
  }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes_skipped) override {
    skipped.count += objects;
    skipped.bytes += bytes_skipped;
  }
  void on_profile(std::uint64_t time, std::span<const trace::ProfileEntry> entries) override {
    ++profiles;
    profiled = {};
    for (const trace::ProfileEntry& entry : entries) profiled.bytes += entry.bytes;
    profiled.count = entries.size();
    seen(time);
  }
  void on_attachment(const trace::Attachment& a) override {
    attachments.push_back(a);
    seen(a.time_ns);
  }
  void on_collection(const trace::Collection& c) override {
    ++(c.major ? majors : minors);
    longest_pause_ns = std::max(longest_pause_ns, c.pause_ns);
    total_pause_ns += c.pause_ns;
    seen(c.start_ns + c.pause_ns);
  }
  void on_memory(const trace::MemorySample& m) override {
    ++samples;
    peak_rss = std::max(peak_rss, m.rss);
    seen(m.time_ns);
  }
  void on_marker(const trace::Marker& m) override {
    ++markers;
    seen(m.time_ns);
  }
  bool on_checkpoint_begin(const trace::CheckpointBegin& b) override {
    ++checkpoints[std::string(trace::to_string(b.reason))];
    seen(b.time_ns);
    return false;
  }
  void on_checkpoint_end(const trace::CheckpointEnd& e) override { last = e; }
  void on_time(std::uint64_t time) override { seen(time); }
  void on_block(std::uint64_t offset) override { bar_(offset); }

  /// What the aim of four bytes an event counts.
  std::uint64_t events() const {
    return allocations + adopted + initial_edges + writes + root_changes + deaths + frees;
  }
  std::uint64_t checkpoint_count() const {
    std::uint64_t total = 0;
    for (const auto& [reason, count] : checkpoints) total += count;
    return total;
  }
  std::uint64_t thread_count() const {
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::count(seen_threads.begin(), seen_threads.end(), true)));
  }

  std::uint64_t allocations = 0, adopted = 0, bytes = 0, initial_edges = 0, writes = 0;
  std::uint64_t deaths = 0, frees = 0, root_changes = 0, last_uses = 0, profiles = 0;
  std::uint64_t minors = 0, majors = 0, longest_pause_ns = 0, total_pause_ns = 0;
  std::uint64_t samples = 0, peak_rss = 0, markers = 0;
  std::uint64_t first_ns = ~std::uint64_t{0}, end_ns = 0;
  Total skipped;
  Total profiled;  ///< by the last profile: call stacks, and what they keep alive
  std::map<std::string, std::uint64_t> checkpoints;
  std::vector<trace::Attachment> attachments;
  std::vector<bool> seen_threads;
  trace::CheckpointEnd last;
  std::vector<Total> types, stacks;

 private:
  void add(std::vector<Total>& totals, std::uint32_t key, std::uint64_t size) {
    if (key >= totals.size()) totals.resize(std::max<std::size_t>(key + 1, 2 * totals.size()));
    ++totals[key].count;
    totals[key].bytes += size;
  }
  void seen(std::uint64_t time) {
    first_ns = std::min(first_ns, time);
    end_ns = std::max(end_ns, time);
  }
  ReadingBar bar_;
};

struct Named {
  std::string name;
  Total total;
};

template <class Name>
std::vector<Named> ranked(const std::vector<Total>& totals, std::size_t limit, Name name) {
  std::map<std::string, Total> by_name;
  for (std::size_t i = 0; i < totals.size(); ++i) {
    if (totals[i].count == 0) continue;
    Total& sum = by_name[name(static_cast<std::uint32_t>(i))];
    sum.count += totals[i].count;
    sum.bytes += totals[i].bytes;
  }
  by_name.erase("");
  std::vector<Named> list;
  for (const auto& [key, total] : by_name) list.push_back({key, total});
  std::stable_sort(list.begin(), list.end(),
                   [](const Named& a, const Named& b) { return a.total.bytes > b.total.bytes; });
  if (list.size() > limit) list.resize(limit);
  return list;
}

struct Report {
  const trace::RecordingSource& source;
  const trace::Extent& extent;
  const Counter& counter;
  std::vector<Named> types, sites;
};

double bytes_per_event(const Report& report) {
  const std::uint64_t events = report.counter.events();
  const std::uint64_t size = file_bytes(report.source.path());
  return events == 0 || size == 0 ? 0 : static_cast<double>(size) / static_cast<double>(events);
}

Json list_json(const std::vector<Named>& list) {
  Json result = Json::array();
  for (const Named& row : list) {
    result.push_back({{"name", row.name}, {"count", row.total.count}, {"bytes", row.total.bytes}});
  }
  return result;
}

Json to_json(const Report& report, const Part& part) {
  const Counter& c = report.counter;
  Json info = Json::object();
  for (const auto& [key, value] : report.source.info()) info[key] = value;
  Json result = {
      {"schema", "heaplab-recording/2"},  {"file", report.source.path()},
      {"format", report.source.format()}, {"complete", report.extent.complete},
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
                 {"profiled_live_bytes", c.profiled.bytes},
                 {"profiled_stacks", c.profiled.count},
                 {"checkpoints", c.checkpoints}});
  result["attachments"] = Json::array();
  for (const trace::Attachment& a : c.attachments) {
    result["attachments"].push_back({{"time_ns", a.time_ns},
                                     {"kind", report.source.tables().text(a.kind)},
                                     {"path", report.source.tables().text(a.path)}});
  }
  result["types"] = list_json(report.types);
  result["sites"] = list_json(report.sites);
  if (!report.extent.note.empty()) result["note"] = report.extent.note;
  return result;
}

void row(const std::string& label, const std::string& value) {
  const Painter& paint = inspect::painter();
  fmt::print("  {}{}\n", paint.dim(pad_to_width(label, 18)), value);
}

std::string seconds(std::uint64_t ns) { return format_duration(static_cast<double>(ns) / 1e9); }

void print_trust(const Report& report) {
  const trace::Knowledge knows = report.source.knowledge();
  fmt::print("{}\n", inspect::painter().bold("How far it can be trusted"));
  row("file", report.extent.complete ? "complete" : report.extent.note);
  row("objects", knows.identity ? "have identity: what is said of one is about that one"
                                : "have lost their identity: a free names one of several alike");
  if (knows.sampling_bytes != 0) {
    row("sample", fmt::format("one allocation in {} is here; counts are a sample's",
                              format_bytes(knows.sampling_bytes)));
  }
  switch (knows.deaths) {
    case trace::Deaths::exact:
      row("deaths", "known to the moment: the program frees");
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
  row("times", knows.times ? "real" : "mean nothing here");
}

void print_counts(const Report& report, bool whole) {
  const Counter& c = report.counter;
  const auto count = [](const char* label, std::uint64_t number) {
    if (number != 0) row(label, format_count(number));
  };
  fmt::print("{}\n", inspect::painter().bold("What it holds"));
  row("time", seconds(c.end_ns));
  row("allocations", fmt::format("{}, {}", format_count(c.allocations), format_bytes(c.bytes)));
  count("older objects", c.adopted);
  if (c.skipped.count != 0) {
    row("not recorded",
        fmt::format("{}, {}", format_count(c.skipped.count), format_bytes(c.skipped.bytes)));
  }
  count("initial edges", c.initial_edges);
  row("pointer writes", format_count(c.writes));
  count("root changes", c.root_changes);
  row("deaths", format_count(c.deaths + c.frees));
  count("last uses", c.last_uses);
  if (c.thread_count() > 1) row("threads", format_count(c.thread_count()));
  row("collections", fmt::format("{} minor, {} major; longest pause {}", c.minors, c.majors,
                                 seconds(c.longest_pause_ns)));
  row("memory samples", format_count(c.samples));
  row("markers", format_count(c.markers));
  if (c.profiles != 0) {
    row("profiles", fmt::format("{}; the last: {} alive, by {}", format_count(c.profiles),
                                format_bytes(c.profiled.bytes),
                                format_quantity(c.profiled.count, "call stack")));
  }
  std::string reasons;
  for (const auto& [reason, number] : c.checkpoints) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", number, reason);
  }
  row("checkpoints", format_count(c.checkpoint_count()) + reasons + (reasons.empty() ? "" : ")"));
  if (c.last.nodes != 0) {
    row("live at last",
        fmt::format("{}, {}", format_quantity(c.last.nodes, "object"), format_bytes(c.last.bytes)));
  }
  for (const trace::Attachment& a : c.attachments) {
    const trace::Tables& tables = report.source.tables();
    row("beside it", printable(tables.text(a.kind) + " " + tables.text(a.path)));
  }
  if (c.events() != 0) {
    const std::string each =
        whole ? fmt::format(", {:.2f} bytes each in the file", bytes_per_event(report)) : "";
    row("events", format_count(c.events()) + each);
  }
}

void print_list(const char* title, const std::vector<Named>& list) {
  if (list.empty()) return;
  fmt::print("{}\n", inspect::painter().bold(title));
  for (const Named& named : list) {
    fmt::print("  {:>10}  {:>12} × {}\n", format_bytes(named.total.bytes),
               format_count(named.total.count), printable(named.name));
  }
}

void print_text(const Report& report, bool whole) {
  fmt::print("{} {}\n", inspect::painter().bold("recording"), printable(report.source.path()));
  row("format", fmt::format("{}, {}", report.source.format(), format_bytes(report.extent.bytes)));
  for (const auto& [key, value] : report.source.info()) row(printable(key), printable(value));
  print_trust(report);
  print_counts(report, whole);
  print_list("Allocated most, by type", report.types);
  print_list("Allocated most, by place", report.sites);
}

struct Options {
  std::string file;
  std::string format = "text";
  std::size_t limit = 8;
  Part part;
};

void info(const Options& options) {
  const auto source = trace::open_recording(options.file);
  const trace::Range range = options.part.resolve(*source);
  Counter counter(options.file);
  const trace::Extent extent =
      options.part.given() ? source->read_range(counter, range) : source->read(counter);
  const trace::Tables& tables = source->tables();
  const Report report{*source, extent, counter,
                      ranked(counter.types, options.limit,
                             [&](std::uint32_t type) { return tables.type_name(type); }),
                      ranked(counter.stacks, options.limit,
                             [&](std::uint32_t stack) { return place_of_stack(tables, stack); })};
  // What heaptrack's own tool says of its files.
  trace::SummaryOptions totals_only;
  totals_only.sites = 0;
  const auto native = source->format() == "heaptrack"
                          ? trace::summarize_allocations(options.file, totals_only)
                          : std::nullopt;
  if (options.format == "json") {
    Json document = to_json(report, options.part);
    if (native) document["native"] = totals_json(*native);
    return print(document);
  }
  print_text(report, !options.part.given());
  if (native) {
    fmt::print("{}\n", inspect::painter().bold("Calls to allocation functions"));
    print_totals(*native);
  }
}

}  // namespace

void add_trace_info(CLI::App& trace, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      trace.add_subcommand("info", "Say what a recording holds, and how far it can be trusted");
  verb->add_option("FILE", options->file, "A recording of any format; - for standard input")
      ->required();
  add_part(*verb, options->part);
  verb->add_option("--limit", options->limit, "Types and places to name (8)")->type_name("N");
  add_format(*verb, options->format, "heaplab-recording/2");
  verb->footer(R"(Examples:
  heaplab trace info app.heaprec
  heaplab trace info --from=marker:warm --to=marker:done app.heaprec
  heaplab trace info --format=json app.heaprec | jq .knows)");
  verb->callback([options, &status] {
    info(*options);
    status = 0;
  });
}

}  // namespace heaplab::cli
