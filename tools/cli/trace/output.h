// SPDX-License-Identifier: MIT
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "../verbs.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/writer.h"
#include "trace.h"

namespace heaplab::cli {

/// A recording that a verb makes. Throws UsageError if it cannot be made.
class OutputRecording {
 public:
  /// `inputs` are files that are read meanwhile, and so must not be overwritten.
  OutputRecording(const std::string& path, const std::vector<std::string>& inputs) : path_(path) {
    for (const std::string& input : inputs) {
      std::error_code error;
      if (path != "-" && std::filesystem::equivalent(path, input, error)) {
        throw UsageError(fmt::format("--output={}: that is what is read", printable(path)));
      }
    }
    try {
      writer_ = std::make_unique<trace::RecordingWriter>(path);
    } catch (const std::system_error& error) {
      throw UsageError(fmt::format("--output={}: {}", printable(path), error.code().message()));
    }
  }
  trace::RecordingWriter& writer() { return *writer_; }
  /// Completes it. Throws UsageError if not all of it could be written.
  void finish() {
    writer_->finish();
    if (writer_->error().empty()) return;
    throw UsageError(fmt::format("{}: cannot be written: {}", printable(path_), writer_->error()));
  }
  /// Takes away what was written.
  void discard() {
    std::error_code error;
    writer_.reset();
    if (std::filesystem::is_regular_file(path_, error)) std::filesystem::remove(path_, error);
  }
  bool is_standard_output() const { return path_ == "-"; }
  const std::string& path() const { return path_; }
  std::uint64_t bytes() const { return writer_->bytes_written(); }

 private:
  std::string path_;
  std::unique_ptr<trace::RecordingWriter> writer_;
};

inline void add_output(CLI::App& verb, std::string& path) {
  verb.add_option("-o,--output", path, "The recording to make; - for standard output")
      ->type_name("FILE")
      ->required();
}

/// Says what was made, on standard error if the recording itself goes to standard output.
inline void report_output(const OutputRecording& out, Json document, const std::string& summary,
                          const std::string& format) {
  std::FILE* stream = out.is_standard_output() ? stderr : stdout;
  document["output"] = out.path();
  document["output_bytes"] = out.bytes();
  if (format == "json") {
    fmt::print(stream, "{}\n",
               document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else if (!out.is_standard_output()) {
    fmt::print("{}: {}, {}\n", printable(out.path()), summary, format_bytes(out.bytes()));
  }
}

}  // namespace heaplab::cli
