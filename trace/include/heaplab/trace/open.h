// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

struct OpenOptions {
  /// Of formats with dialects that look alike. Elephant Tracks: "et3", "et3-receiver-first", "et2",
  /// "et1"; "" for the likeliest.
  std::string dialect;
  /// It will be read several times: a pipe is kept (in a temporary file), whatever comes through
  /// it.
  bool again = false;
};

/// Opens a recording of any format known here, told by its contents. Throws InputError if it is
/// none. `-` reads standard input. Through a pipe ours are read as they come; those of other tools
/// are kept in a temporary file.
std::unique_ptr<RecordingSource> open_recording(const std::string& path,
                                                const OpenOptions& options = {});
/// Whether the file is a recording in another tool's format. What a pipe gives stays to be read.
bool is_foreign_recording(const std::string& path);

}  // namespace heaplab::trace
