// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "heaplab/trace/merlin.h"
#include "heaplab/trace/reader.h"
#include "replay/spill.h"

namespace heaplab::trace {

/// Who dies when, in order, told by Merlin and kept until the program is compiled.
class DeathList {
 public:
  explicit DeathList(std::size_t memory_bytes) : words_(memory_bytes) {}

  /// Reads the recording. Throws InputError if it does not say when objects died.
  Mortality find(RecordingSource& source, const std::function<void(std::uint64_t)>& progress);

  /// The next object that died with an event before this one, or 0.
  ObjectId next_before(std::uint64_t event) {
    if (!late_.empty() && late_.back().event < event) [[unlikely]]
      return take_late();
    if (next_event_ >= event) return 0;
    const ObjectId id = next_id_;
    advance();
    return id;
  }

 private:
  class Sink;
  struct Late {
    std::uint64_t event;
    ObjectId id;
  };
  void add(std::uint64_t event, ObjectId id);
  void advance();
  ObjectId take_late();

  static constexpr std::uint64_t never = ~std::uint64_t{0};
  WordStream words_;
  std::uint64_t last_event_ = 0;  ///< in words_
  /// What Merlin told out of order (few: what weak references might have brought back), last first.
  std::vector<Late> late_;
  // Reading.
  std::vector<std::uint32_t> buffer_;
  std::span<const std::uint32_t> chunk_;
  std::size_t chunk_index_ = 0;
  std::uint64_t next_event_ = 0;
  ObjectId next_id_ = 0;
};

}  // namespace heaplab::trace
