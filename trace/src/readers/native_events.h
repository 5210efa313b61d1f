// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "heaplab/trace/reader.h"
#include "pointer_map.h"
#include "text_lines.h"

namespace heaplab::trace {

/// Makes records of what a native program's allocator did: objects are what is at a pointer from
/// its allocation to its free. Readers of such files say what happened; ids, the bytes clock, what
/// was missed, times and memory samples are here.
class NativeEvents {
 public:
  NativeEvents(TextLines& lines, RecordingVisitor& visitor) : lines_(lines), visitor_(visitor) {}

  /// An object of which it is not known where it is.
  ObjectId allocate(std::uint64_t bytes, StackId stack) {
    Allocation allocation;
    allocation.id = ++objects_;
    allocation.bytes = bytes;
    allocation.stack = stack;
    allocation.clock = clock_;
    clock_ += bytes;
    visitor_.on_allocation(allocation);
    return allocation.id;
  }
  void free(ObjectId id) { visitor_.on_free(id); }

  void allocate_at(std::uint64_t pointer, std::uint64_t bytes, StackId stack) {
    const ObjectId object = allocate(bytes, stack);
    if (freed_lately(pointer) == pointer) freed_lately(pointer) = 0;
    if (const ObjectId before = objects_at_.put(pointer, object)) {
      ++lost_frees_;
      visitor_.on_death(before);
    }
  }
  void free_at(std::uint64_t pointer) {
    if (const ObjectId object = objects_at_.take(pointer)) {
      visitor_.on_free(object);
      freed_lately(pointer) = pointer;
    } else {
      ++unknown_frees_;
      if (pointer != 0 && freed_lately(pointer) == pointer) ++double_frees_;
    }
  }
  /// One more of what the file has named than there are.
  void free_too_many() {
    ++unknown_frees_;
    ++double_frees_;
  }

  void time(std::uint64_t ns) {
    time_ns_ = ns;
    visitor_.on_time(ns);
  }
  void memory(std::uint64_t rss) {
    MemorySample sample;
    sample.time_ns = time_ns_;
    sample.rss = rss;
    visitor_.on_memory(sample);
  }
  /// After each run of lines, which is short: so the clock cannot have overflowed in it.
  void end_run() {
    if (clock_ > std::numeric_limits<std::uint64_t>::max() / 2) {
      lines_.fail(lines_.begin(), "more bytes were allocated than a clock can count");
    }
    visitor_.on_block(lines_.file_offset());
  }

  /// At the end: fills in what was counted.
  void finish(Extent& extent, std::map<std::string, std::string>& info) const {
    extent.clock = clock_;
    extent.objects = objects_;
    if (unknown_frees_ > 0) info["unknown frees"] = std::to_string(unknown_frees_);
    if (double_frees_ > 0) info["double frees"] = std::to_string(double_frees_);
    if (lost_frees_ > 0) info["lost frees"] = std::to_string(lost_frees_);
  }

 private:
  /// Where the pointer is if it was freed and nothing has been allocated there since. Another may
  /// have taken its place: nothing is remembered of all that a program ever freed.
  std::uint64_t& freed_lately(std::uint64_t pointer) {
    return freed_[(pointer >> 4) * 0x9e3779b97f4a7c15ULL >> 50];
  }

  TextLines& lines_;
  RecordingVisitor& visitor_;
  PointerMap<ObjectId> objects_at_;
  std::vector<std::uint64_t> freed_ = std::vector<std::uint64_t>(std::size_t{1} << 14);
  std::uint64_t time_ns_ = 0;
  std::uint64_t clock_ = 0;
  ObjectId objects_ = 0;
  std::uint64_t unknown_frees_ = 0;
  std::uint64_t double_frees_ = 0;  ///< of them, those of what had been freed
  std::uint64_t lost_frees_ = 0;
};

}  // namespace heaplab::trace
