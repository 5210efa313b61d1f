// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "heaplab/support/progress.h"
#include "heaplab/trace/merlin.h"

// What the verbs of `heaplab trace VERB` share: each is a file here, with a function that declares
// its options.

namespace heaplab::cli {

using Json = nlohmann::ordered_json;

void add_trace_info(CLI::App& trace, int& status);
void add_trace_check(CLI::App& trace, int& status);
void add_trace_convert(CLI::App& trace, int& status);
void add_trace_cut(CLI::App& trace, int& status);
void add_trace_merge(CLI::App& trace, int& status);
void add_trace_diff(CLI::App& trace, int& status);

/// `--format`, text or json; `schema` is named in the help.
void add_format(CLI::App& verb, std::string& format, const char* schema);
void print(const Json& document);

/// `--dialect`, for Elephant Tracks' traces.
void add_dialect(CLI::App& verb, std::string& dialect);
/// Throws UsageError if there is a dialect, and the file is no such trace.
std::unique_ptr<trace::RecordingSource> open_input(const std::string& file,
                                                   const std::string& dialect, bool again = false);

/// Bytes of a file; 0 for a pipe.
std::uint64_t file_bytes(const std::string& path);
/// A bar while a recording is read.
class ReadingBar {
 public:
  explicit ReadingBar(const std::string& path, const char* what = "reading ")
      : progress_(what + path, file_bytes(path)) {}
  void operator()(std::uint64_t offset) { progress_.update_piece(offset); }

 private:
  Progress progress_;
};

/// `--from` and `--to` as typed: 1.5s, 64MiB, object:1000, marker:NAME.
struct Part {
  std::string from, to;
  bool given() const { return !from.empty() || !to.empty(); }
  /// Reads the recording if markers are named. Throws UsageError.
  trace::Range resolve(trace::RecordingSource& source) const;
  /// After reading. Throws UsageError if the recording ends before the part begins, or has no times
  /// and the part is one of time; says on standard error if it ends before the part does.
  void check(const trace::RecordingSource& source, const trace::Range& range,
             const trace::Extent& extent) const;
};
void add_part(CLI::App& verb, Part& part);

/// A recording that is not finished because it was cut off is usable, and said to be cut off.
void warn_if_incomplete(const trace::RecordingSource& source, const trace::Extent& extent);
/// True, false, or null if it cannot be told.
Json complete_json(const trace::Extent& extent);
/// "complete", or why not, or why nobody knows.
std::string complete_text(const trace::Extent& extent);
/// In words, how exactly lifetimes and peaks are known.
std::string deaths_text(trace::DeathPrecision precision, std::uint64_t root_granularity);
/// "exact", "collections" or "unknown".
const char* deaths_name(trace::Deaths deaths);
Json knowledge_json(const trace::Knowledge& knowledge);
/// "render (app.js:21:10)"; "(no site recorded)" for frame 0.
std::string place_of_frame(const trace::Tables& tables, trace::FrameId frame);
/// `--limit`, also called `--top`; `limit` says how many unless told.
CLI::Option* add_limit(CLI::App& verb, std::size_t& limit, const char* what);

}  // namespace heaplab::cli
