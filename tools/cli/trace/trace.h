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
#include "heaplab/trace/reader.h"

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
};
void add_part(CLI::App& verb, Part& part);

/// A recording that is not finished because it was cut off is usable, and said to be cut off.
void warn_if_incomplete(const trace::RecordingSource& source, const trace::Extent& extent);
/// "exact", "collections" or "unknown".
const char* deaths_name(trace::Deaths deaths);
Json knowledge_json(const trace::Knowledge& knowledge);
/// "render (app.js:21:10)" of a stack's innermost frame; "" if there is none.
std::string place_of_stack(const trace::Tables& tables, trace::StackId stack);

}  // namespace heaplab::cli
