// SPDX-License-Identifier: MIT
// From files to a verdict: order, reading, one graph in memory at a time.
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "dumps/verdict.h"
#include "heaplab/leakcheck/analyse.h"
#include "heaplab/leakcheck/snapshots.h"
#include "heaplab/support/byte_stream.h"
#include "heaplab/support/error.h"
#include "heaplab/support/pipe_input.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/open.h"
#include "series/remarks.h"
#include "series/verdict.h"

namespace heaplab::leakcheck {
namespace {

using series::KnownNames;
using series::Round;
using series::Series;

/// A timeline is cut into so many parts.
constexpr std::size_t timeline_rounds = 6;

std::string first_bytes(const std::string& path) {
  ByteStream stream(path);
  stream.accept_early_end();
  std::array<char, 4096> buffer{};
  const std::size_t size = stream.read(buffer);
  return {buffer.data(), size};
}

std::filesystem::file_time_type written_at(const std::string& path) {
  std::error_code error;
  const auto time = std::filesystem::last_write_time(path, error);
  return error ? std::filesystem::file_time_type::min() : time;
}

class SeriesReader {
 public:
  SeriesReader(std::vector<std::string> files, std::optional<inspector::Snapshot> only,
               const SnapshotOptions& options)
      : files_(std::move(files)), only_(std::move(only)), options_(options) {
    std::stable_sort(files_.begin(), files_.end(), [](const std::string& a, const std::string& b) {
      return written_at(a) < written_at(b);
    });
  }

  /// The newest stays in memory.
  void read(Series& result, Report& report) {
    series::refuse_copies(files_);
    for (const std::string& file : files_) {
      result.last = {};
      load(file, result);
      result.rounds.push_back(summarise(result.last, result.owners, result.names));
    }
    const std::string loaded = result.rounds.back().file;
    std::stable_sort(result.rounds.begin(), result.rounds.end(),
                     [](const Round& a, const Round& b) { return a.last_id < b.last_id; });
    series::require_one_process(result.rounds);
    if (result.rounds.back().file != loaded) {
      result.last = {};
      load(result.rounds.back().file, result);
    }
    result.momentary = find_momentary(result.last, result.names);
    inspector::AnalyseOptions analysing;
    analysing.progress = options_.progress;
    analysing.without = result.momentary.edges;
    result.analysis = inspector::analyse(result.last, analysing);
    result.analysis.distances.release();  // not looked at, and large
    result.analysis.shallow_sizes = inspector::SizeArray();
    describe(result, report);
    if (result.rounds.size() == 1) cut_timeline(result);
  }

 private:
  void load(const std::string& file, Series& into) {
    inspector::ReadOptions reading;
    reading.progress = options_.progress;
    into.owners = {};
    into.last = only_ ? std::move(*only_) : inspector::read_snapshot(file, reading);
    only_.reset();
    into.names = KnownNames(into.last);
    into.owners = find_owners(into.last, into.names);
  }

  void describe(const Series& series, Report& report) const {
    for (const Round& round : series.rounds) {
      Input input;
      input.file = round.file;
      const bool timeline = series.rounds.size() == 1 && series.last.samples().size() > 2;
      input.kind = timeline ? "allocation timeline" : "heap snapshot";
      input.nodes = round.nodes;
      input.edges = round.edges;
      input.live_bytes = round.live_bytes;
      input.last_id = round.last_id;
      report.inputs.push_back(std::move(input));
    }
    report.file = series.rounds.back().file;
    report.live_bytes = series.rounds.back().live_bytes;
    if (series.rounds.size() > 1) report.order = order_text(series);
  }

  std::string order_text(const Series& series) const {
    for (std::size_t i = 1; i < series.rounds.size(); ++i) {
      if (series.rounds[i].last_id == series.rounds[i - 1].last_id) {
        return "by the times of the files, because their object ids do not tell";
      }
    }
    return "by their object ids, which only rise in a process";
  }

  /// The samples say which ids had been given out when.
  static void cut_timeline(Series& series) {
    const auto samples = series.last.samples();
    if (samples.size() < 4) return;
    const Round last = std::move(series.rounds.back());
    series.rounds.clear();
    const std::size_t parts = std::min(timeline_rounds, samples.size());
    for (std::size_t part = 0; part + 1 < parts; ++part) {
      Round round;
      round.file = last.file;
      round.last_id =
          static_cast<std::uint32_t>(samples[part * (samples.size() - 1) / (parts - 1)].last_id);
      series.rounds.push_back(std::move(round));
    }
    Round end;
    end.file = last.file;
    end.nodes = last.nodes;
    end.edges = last.edges;
    end.live_bytes = last.live_bytes;
    end.last_id = std::max(last.last_id, static_cast<std::uint32_t>(samples.back().last_id));
    series.rounds.push_back(std::move(end));
    series.is_timeline = true;
  }

  std::vector<std::string> files_;
  std::optional<inspector::Snapshot> only_;  ///< of standard input: read already
  const SnapshotOptions& options_;
};

/// The curve of heapUsed after collections, or of all samples if none is after one.
std::vector<double> memory_curve(const std::string& path, Report& report) {
  ByteStream stream(path);
  std::string text;
  std::vector<char> buffer(1 << 16);
  std::vector<double> all;
  std::vector<double> after;
  std::uint64_t offset = 0;
  auto take_line = [&](const std::string& line) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("heapUsed") || !json["heapUsed"].is_number()) {
      throw InputError(path, offset, "not a line of a memory log: it has no number heapUsed");
    }
    all.push_back(json["heapUsed"].get<double>());
    if (json.value("event", std::string()) == "after-gc") after.push_back(all.back());
  };
  for (std::size_t size = stream.read(buffer); size != 0; size = stream.read(buffer)) {
    text.append(buffer.data(), size);
    std::size_t start = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos;
         start = end + 1, end = text.find('\n', start)) {
      take_line(text.substr(start, end - start));
      offset += end + 1 - start;
    }
    text.erase(0, start);
    constexpr std::size_t longest = 1 << 20;
    if (text.size() > longest) throw InputError(path, offset, "a line longer than 1 MiB");
  }
  take_line(text);
  Input input;
  input.file = path;
  input.kind = "memory log";
  report.inputs.push_back(std::move(input));
  return after.size() >= 3 ? after : all;
}

bool ends_idle(const Series& series) {
  if (series.rounds.size() < 3) return false;
  const std::string name = std::filesystem::path(series.rounds.back().file).filename().string();
  return name.find("final") != std::string::npos;
}

}  // namespace

namespace {

/// `start_path` may have no more of `path` than its start.
FileKind kind_by_start(const std::string& path, const std::string& start_path) {
  const std::string text = first_bytes(start_path);
  if (text.starts_with("\x89HLREC")) return FileKind::recording;
  if (text.starts_with("JAVA PROFILE 1.")) return FileKind::java_dump;
  if (trace::is_foreign_recording(start_path)) {
    const bool profile = trace::open_recording(start_path)->format() == heap_profile_format;
    return profile ? FileKind::heap_profile : FileKind::recording;
  }
  const std::size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos || text[start] != '{') {
    throw InputError(path, start == std::string::npos ? 0 : start,
                     text.empty() ? "the file is empty"
                                  : "neither a heap snapshot nor a recording nor a memory log");
  }
  const std::string line = text.substr(start, text.find('\n', start) - start);
  return line.find("\"heapUsed\"") != std::string::npos ? FileKind::memory_log : FileKind::snapshot;
}

}  // namespace

FileKind kind_of_file(const std::string& path) {
  const FileKind kind = kind_by_start(path, InputStart(path).path());
  // One reading is enough for a single dump that comes through standard input.
  const bool once = kind == FileKind::snapshot || kind == FileKind::java_dump;
  if (path != "-" || !once) keep_input(path);
  return kind;
}

Report analyse_snapshots(const std::vector<std::string>& snapshots,
                         const std::vector<std::string>& memory_logs,
                         const SnapshotOptions& options) {
  std::optional<inspector::Snapshot> only;
  if (snapshots == std::vector<std::string>{"-"}) {
    only = inspector::read_snapshot("-", {options.progress, 0});
  }
  if (only ? only->origin() == inspector::Origin::java
           : kind_of_file(snapshots.front()) == FileKind::java_dump) {
    Report report = dumps::analyse(snapshots, std::move(only), options);
    for (const std::string& log : memory_logs) report.live_by_round = memory_curve(log, report);
    return report;
  }
  Report report;
  Series series;
  SeriesReader(snapshots, std::move(only), options).read(series, report);
  SnapshotOptions judging = options;
  judging.ends_idle |= ends_idle(series);
  report.rounds = series.round_count();
  report.checkpoints = snapshots.size();
  if (!series.is_timeline) {
    for (const Round& round : series.rounds) {
      report.live_by_round.push_back(static_cast<double>(round.live_bytes));
    }
  }
  for (const std::string& log : memory_logs) report.live_by_round = memory_curve(log, report);
  series::judge_series(series, judging, report);
  series::add_remarks(series, report);
  return report;
}

}  // namespace heaplab::leakcheck
