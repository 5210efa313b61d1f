// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heaplab/leakcheck/report.h"

namespace heaplab::leakcheck {

struct SnapshotOptions {
  /// A leak grew by at least this, by this share of the live heap, and by this share of all growth.
  std::uint64_t least_bytes = 24 * 1024;
  double least_share = 0.004;
  double least_growth_share = 0.04;
  /// The last snapshot was taken after the work was over ("final" in memlab's words): what stayed
  /// from before is judged, and need not grow any more.
  bool ends_idle = false;
  bool progress = false;
};

/// What kind of file this is, by its first bytes.
enum class FileKind { recording, snapshot, java_dump, heap_profile, memory_log };
FileKind kind_of_file(const std::string& path);

/// Judges one heap snapshot by its structure, two or more by what grew between them, a timeline by
/// what stayed of each part of it. Java heap dumps are judged place by place, for their objects
/// have no ids. The order is found out. `memory_logs`: JSON lines of `heaplab run --memory`, for
/// the curve. Throws InputError.
Report analyse_snapshots(const std::vector<std::string>& snapshots,
                         const std::vector<std::string>& memory_logs = {},
                         const SnapshotOptions& options = {});

/// Takes findings away whose path, type or place matches one of the patterns (`*` and `?` stand for
/// any text and any character; a pattern need not match the whole), or LeakSanitizer's way if it
/// begins with `leak:`. Returns how many.
std::size_t suppress(Report& report, const std::vector<std::string>& patterns);
/// One pattern a line; `#` begins a comment.
std::vector<std::string> read_suppressions(const std::string& path);

}  // namespace heaplab::leakcheck
