// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"
#include "heaplab/trace/writer.h"

namespace heaplab::trace {

struct MergeInput {
  std::unique_ptr<RecordingSource> source;
  std::string name;  ///< of its heap, and of its main thread
};

/// Puts several recordings into one, in the order of their times: each has a heap there, and
/// threads of its own. The bytes clock is that of all together. Checkpoints are left out unless
/// `checkpoints` says so: each is of one heap only, and who reads them may take them for the whole.
/// What one of them cannot know, the merged recording does not know. Sums of a sample have to be
/// scaled: a sample is merged with samples of the same interval only, else InputError.
///
/// Memory: the tables of all. Reads each in a thread of its own, one at a time. Throws the first
/// error of any. `progress(input, offset)` may be empty. Does not finish `writer`.
std::vector<Extent> merge_recordings(
    std::span<MergeInput> inputs, RecordingWriter& writer, bool checkpoints,
    const std::function<void(std::size_t, std::uint64_t)>& progress = {});

}  // namespace heaplab::trace
