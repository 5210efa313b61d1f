// SPDX-License-Identifier: MIT
#include "heaplab/trace/open.h"

#include <filesystem>

#include "readers/heaptrack.h"
#include "readers/heaptrack_tables.h"
#include "readers/mtrace.h"
#include "readers/text_lines.h"

namespace heaplab::trace {
namespace {

/// Nothing if it is a file of ours, or none of any format known.
std::unique_ptr<RecordingSource> open_foreign(const std::string& path) {
  // What a pipe has given once, it does not give again.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return nullptr;
  const std::string line = first_line(path);
  if (heaptrack::is_heaptrack(line)) return std::make_unique<HeaptrackSource>(path);
  if (is_mtrace(line)) return std::make_unique<MtraceSource>(path);
  return nullptr;
}

}  // namespace

std::unique_ptr<RecordingSource> open_recording(const std::string& path) {
  std::unique_ptr<RecordingSource> source = open_foreign(path);
  return source ? std::move(source) : std::make_unique<RecordingReader>(path);
}

bool is_foreign_recording(const std::string& path) { return open_foreign(path) != nullptr; }

}  // namespace heaplab::trace
