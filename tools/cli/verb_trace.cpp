// SPDX-License-Identifier: MIT
// heaplab trace info: what a recording holds.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/progress.h"
#include "heaplab/support/terminal.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "heaplab/trace/reader.h"
#include "trace/lifetimes.h"
#include "trace/sites.h"
#include "verbs.h"

namespace heaplab::cli {
namespace {

struct TypeTotal {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// Counts everything.
class Counter : public trace::RecordingVisitor {
 public:
  Counter(const std::string& file, std::uint64_t size) : progress_("reading " + file, size) {}
  void on_allocation(const trace::Allocation& a) override {
    ++allocations;
    if (a.type >= types.size()) types.resize(a.type + 1);
    ++types[a.type].count;
    types[a.type].bytes += a.bytes;
  }
  void on_write(const trace::PointerWrite&) override { ++writes; }
  void on_death(trace::ObjectId) override { ++deaths; }
  void on_collection(const trace::Collection& c) override {
    ++(c.major ? majors : minors);
    longest_pause_ns = std::max(longest_pause_ns, c.pause_ns);
    end_ns = std::max(end_ns, c.start_ns + c.pause_ns);
  }
  void on_memory(const trace::MemorySample& m) override {
    ++samples;
    end_ns = std::max(end_ns, m.time_ns);
  }
  void on_marker(const trace::Marker& m) override {
    ++markers;
    end_ns = std::max(end_ns, m.time_ns);
  }
  bool on_checkpoint_begin(const trace::CheckpointBegin& b) override {
    ++checkpoints[std::string(trace::to_string(b.reason))];
    end_ns = std::max(end_ns, b.time_ns);
    return false;
  }
  void on_checkpoint_end(const trace::CheckpointEnd& e) override { last = e; }
  void on_profile(std::uint64_t time, std::span<const trace::ProfileEntry> entries) override {
    ++profiles;
    profiled_bytes = 0;
    for (const trace::ProfileEntry& entry : entries) profiled_bytes += entry.bytes;
    profiled_sites = entries.size();
    end_ns = std::max(end_ns, time);
  }
  void on_attachment(const trace::Attachment& attachment) override {
    attachments.push_back(attachment);
    end_ns = std::max(end_ns, attachment.time_ns);
  }
  void on_time(std::uint64_t time) override { end_ns = std::max(end_ns, time); }
  void on_block(std::uint64_t offset) override { progress_.update(offset); }

  std::uint64_t checkpoint_count() const {
    std::uint64_t total = 0;
    for (const auto& [reason, count] : checkpoints) total += count;
    return total;
  }

  std::uint64_t allocations = 0, writes = 0, deaths = 0, minors = 0, majors = 0;
  std::uint64_t longest_pause_ns = 0, samples = 0, markers = 0, end_ns = 0;
  std::uint64_t profiles = 0, profiled_bytes = 0, profiled_sites = 0;
  std::vector<trace::Attachment> attachments;
  std::map<std::string, std::uint64_t> checkpoints;
  trace::CheckpointEnd last;
  std::vector<TypeTotal> types;

 private:
  Progress progress_;
};

std::uint64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

nlohmann::ordered_json to_json(const trace::RecordingSource& reader, const trace::Extent& extent,
                               const Counter& c) {
  nlohmann::ordered_json info = nlohmann::ordered_json::object();
  for (const auto& [key, value] : reader.info()) info[key] = value;
  nlohmann::ordered_json attachments = nlohmann::ordered_json::array();
  for (const trace::Attachment& attachment : c.attachments) {
    attachments.push_back({{"time_ns", attachment.time_ns},
                           {"kind", reader.tables().text(attachment.kind)},
                           {"path", reader.tables().text(attachment.path)}});
  }
  nlohmann::ordered_json result = {{"schema", "heaplab-recording/1"},
                                   {"file", reader.path()},
                                   {"complete", extent.complete},
                                   {"bytes", extent.bytes},
                                   {"blocks", extent.blocks},
                                   {"info", std::move(info)},
                                   {"time_ns", c.end_ns},
                                   {"allocated_bytes", extent.clock},
                                   {"objects", extent.objects},
                                   {"writes", c.writes},
                                   {"deaths", c.deaths},
                                   {"minor_collections", c.minors},
                                   {"major_collections", c.majors},
                                   {"longest_pause_ns", c.longest_pause_ns},
                                   {"memory_samples", c.samples},
                                   {"markers", c.markers},
                                   {"checkpoints", c.checkpoints},
                                   {"profiles", c.profiles},
                                   {"profiled_live_bytes", c.profiled_bytes},
                                   {"profiled_stacks", c.profiled_sites},
                                   {"attachments", std::move(attachments)}};
  if (!extent.note.empty()) result["note"] = extent.note;
  return result;
}

void print_types(const trace::RecordingSource& reader, const Counter& c, const Painter& paint) {
  std::map<std::string, TypeTotal> by_name;
  for (std::size_t i = 0; i < c.types.size(); ++i) {
    if (c.types[i].count == 0) continue;
    TypeTotal& total = by_name[reader.tables().type_name(static_cast<trace::TypeIndex>(i))];
    total.count += c.types[i].count;
    total.bytes += c.types[i].bytes;
  }
  std::vector<std::pair<std::string, TypeTotal>> list(by_name.begin(), by_name.end());
  std::sort(list.begin(), list.end(),
            [](const auto& a, const auto& b) { return a.second.bytes > b.second.bytes; });
  fmt::print("{}\n", paint.bold("Allocated most"));
  for (std::size_t i = 0; i < std::min<std::size_t>(list.size(), 8); ++i) {
    fmt::print("  {:>10}  {:>12} × {}\n", format_bytes(list[i].second.bytes),
               format_count(list[i].second.count), printable(list[i].first));
  }
}

void print_text(const trace::RecordingSource& reader, const trace::Extent& extent,
                const Counter& c) {
  const Painter paint(STDOUT_FILENO);
  auto row = [&](const char* label, const std::string& value) {
    fmt::print("  {}{}\n", paint.dim(pad_to_width(label, 16)), value);
  };
  fmt::print("{} {}\n", paint.bold("recording"), printable(reader.path()));
  for (const auto& [key, value] : reader.info()) row(printable(key).c_str(), printable(value));
  row("file",
      fmt::format("{}, {}, {}", format_bytes(extent.bytes), format_quantity(extent.blocks, "block"),
                  extent.complete ? "complete" : extent.note));
  row("time", format_duration(static_cast<double>(c.end_ns) / 1e9));
  row("allocations",
      fmt::format("{}, {}", format_count(c.allocations), format_bytes(extent.clock)));
  row("pointer writes", format_count(c.writes));
  row("deaths", format_count(c.deaths));
  row("collections", fmt::format("{} minor, {} major; longest pause {}", c.minors, c.majors,
                                 format_duration(static_cast<double>(c.longest_pause_ns) / 1e9)));
  row("memory samples", format_count(c.samples));
  row("markers", format_count(c.markers));
  std::string reasons;
  for (const auto& [reason, count] : c.checkpoints) {
    reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", count, reason);
  }
  row("checkpoints", format_count(c.checkpoint_count()) + reasons + (reasons.empty() ? "" : ")"));
  if (c.last.nodes) {
    row("live at last",
        fmt::format("{}, {}", format_quantity(c.last.nodes, "object"), format_bytes(c.last.bytes)));
  }
  if (c.profiles) {
    row("profiles", fmt::format("{}; the last: {} alive, by {}", format_count(c.profiles),
                                format_bytes(c.profiled_bytes),
                                format_quantity(c.profiled_sites, "call stack")));
  }
  for (const trace::Attachment& attachment : c.attachments) {
    row(printable(reader.tables().text(attachment.kind)).c_str(),
        fmt::format("{} at {}", printable(reader.tables().text(attachment.path)),
                    format_duration(static_cast<double>(attachment.time_ns) / 1e9)));
  }
  if (c.allocations) print_types(reader, c, paint);
}

void info(const std::string& file, const std::string& format) {
  const auto source = trace::open_recording(file);
  trace::RecordingSource& reader = *source;
  Counter counter(file, size_of(file));
  const trace::Extent extent = reader.read(counter);
  // What heaptrack's own tool says of its files.
  trace::SummaryOptions totals_only;
  totals_only.sites = 0;
  const auto native = trace::summarize_allocations(file, totals_only);
  if (format == "json") {
    nlohmann::ordered_json result = to_json(reader, extent, counter);
    if (native) result["native"] = totals_json(*native);
    fmt::print("{}\n", result.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    print_text(reader, extent, counter);
    if (native) {
      fmt::print("{}\n", Painter(STDOUT_FILENO).bold("Calls to allocation functions"));
      print_totals(*native);
    }
  }
}

}  // namespace

void add_trace(CLI::App& app, int& status) {
  struct Options {
    std::string file;
    std::string format = "text";
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("trace", "Look into recordings");
  verb->require_subcommand(1);
  add_trace_lifetimes(*verb, status);
  add_trace_sites(*verb, status);
  CLI::App* info_verb = verb->add_subcommand("info", "Say what a recording holds");
  info_verb->add_option("FILE", options->file, "A recording")->required();
  info_verb->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  info_verb->footer("Example:\n  heaplab trace info app.heaprec");
  info_verb->callback([options, &status] {
    info(options->file, options->format);
    status = 0;
  });
}

}  // namespace heaplab::cli
