// SPDX-License-Identifier: MIT
#include "heaplab/trace/open.h"

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/pipe_input.h"
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

/// Of the file, or of a pipe as much as tells formats apart.
struct Start {
  explicit Start(const std::string& path) {
    line = first_line(path);
    ByteStream stream(path);
    stream.accept_early_end();
    bytes = stream.peek(512);
  }
  std::string line, bytes;
};

/// Nothing if it is a file of ours, or none of any format known.
std::unique_ptr<RecordingSource> foreign_source(const std::string& path, const Start& start,
                                                const OpenOptions& options) {
  const std::string& line = start.line;
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
  if (is_heap_profile(start.bytes)) return std::make_unique<HeapProfileSource>(path);
  return nullptr;
}

/// The reader of our format says it too, but sees no more than the few bytes of a header.
void refuse_stranger(const std::string& path, const std::string& start) {
  if (start.empty() || start.starts_with(file_magic.substr(0, start.size()))) return;
  throw InputError(path, 0, no_recording(start));
}

}  // namespace

std::unique_ptr<RecordingSource> open_recording(const std::string& path,
                                                const OpenOptions& options) {
  const Start start(InputStart(path).path());
  std::unique_ptr<RecordingSource> source = foreign_source(path, start, options);
  // Who reads those may read them twice, and says what they know only at their end.
  if (source || options.again) keep_input(path);
  if (source) return source;
  refuse_stranger(path, start.bytes);
  return std::make_unique<RecordingReader>(path);
}

bool is_foreign_recording(const std::string& path) {
  return foreign_source(path, Start(InputStart(path).path()), {}) != nullptr;
}

}  // namespace heaplab::trace
