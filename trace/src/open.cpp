// SPDX-License-Identifier: MIT
#include "heaplab/trace/open.h"

#include <filesystem>

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/text.h"
#include "heaplab/trace/format.h"
#include "no_recording.h"
#include "readers/elephant_tracks.h"
#include "readers/garcosim.h"
#include "readers/heap_profile.h"
#include "readers/heaptrack.h"
#include "readers/heaptrack_tables.h"
#include "readers/mtrace.h"
#include "readers/text_lines.h"

namespace heaplab::trace {
namespace {

/// Nothing if it is a file of ours, or none of any format known.
std::unique_ptr<RecordingSource> open_foreign(const std::string& path, const OpenOptions& options) {
  // What a pipe has given once, it does not give again.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return nullptr;
  const std::string line = first_line(path);
  if (heaptrack::is_heaptrack(line)) return std::make_unique<HeaptrackSource>(path);
  if (is_mtrace(line)) return std::make_unique<MtraceSource>(path);
  if (is_garcosim(line)) return std::make_unique<GarCoSimSource>(path);
  if (is_elephant_tracks(line)) {
    const auto dialect = elephant_dialect(options.dialect);
    if (!dialect && !options.dialect.empty()) {
      throw InputError(path, "Elephant Tracks has no dialect \"" + printable(options.dialect) +
                                 "\": et3, et3-receiver-first, et2 or et1");
    }
    return std::make_unique<ElephantTracksSource>(path, dialect);
  }
  // The whole of it may be one line.
  if (is_heap_profile(ByteStream(path).peek(256))) return std::make_unique<HeapProfileSource>(path);
  return nullptr;
}

/// The reader of our format says it too, but sees no more than the few bytes of a header.
void refuse_stranger(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return;
  const std::string start = ByteStream(path).peek(512);
  if (start.empty() || start.starts_with(file_magic.substr(0, start.size()))) return;
  throw InputError(path, 0, no_recording(start));
}

}  // namespace

std::unique_ptr<RecordingSource> open_recording(const std::string& path,
                                                const OpenOptions& options) {
  std::unique_ptr<RecordingSource> source = open_foreign(path, options);
  if (source) return source;
  refuse_stranger(path);
  return std::make_unique<RecordingReader>(path);
}

bool is_foreign_recording(const std::string& path) { return open_foreign(path, {}) != nullptr; }

}  // namespace heaplab::trace
