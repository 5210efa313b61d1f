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
};

/// Opens a recording of any format known here, told by its contents. Throws InputError if it is
/// none. `-` reads standard input; that and pipes are taken for recordings of ours.
std::unique_ptr<RecordingSource> open_recording(const std::string& path,
                                                const OpenOptions& options = {});
/// Whether the file is a recording in another tool's format.
bool is_foreign_recording(const std::string& path);

}  // namespace heaplab::trace
