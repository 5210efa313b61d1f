// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "heaplab/trace/records.h"

namespace heaplab::trace {

/// The names that objects and their edges had at the last checkpoint. Between two checkpoints most
/// of a heap stays as it is, and to ask a language for names costs ten times as much as to walk.
///
/// An object's part is found by a number, its note: the object's name, then one label for each
/// strong edge in the order of the walk. Notes are forgotten when their objects are written.
class LabelCache {
 public:
  struct Label {
    std::uint32_t value = 0;  ///< an index or a string
    EdgeKind kind = EdgeKind::internal;
  };

  /// Starts a part; its note. What is added belongs to it until the next begin.
  std::uint32_t begin(std::uint32_t name) {
    const std::uint64_t note = base_ + labels_.size();
    add({name, EdgeKind::internal});
    return note <= 0xffff'ffff ? static_cast<std::uint32_t>(note) : 0;
  }
  void add(Label label) { labels_.push_back(label); }
  /// The label so many places into the part with this note; null if it is not known (any more).
  const Label* find(std::uint32_t note, std::uint32_t place) const {
    const std::uint64_t index = std::uint64_t{note} + place - base_;
    return note >= base_ && index < labels_.size() ? &labels_[index] : nullptr;
  }

  /// The parts of objects that are gone are not taken out singly: when there are many, all are
  /// forgotten. Notes are never given twice.
  void forget_if_full(std::size_t live_edges) {
    if (labels_.size() <= 4 * live_edges + 65'536) return;
    base_ += labels_.size();
    labels_.clear();
  }

 private:
  std::uint64_t base_ = 1;  ///< the note of labels_[0]; note 0 says that there is none
  std::vector<Label> labels_;
};

}  // namespace heaplab::trace
