// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "heaplab/inspector/snapshot_strings.h"

namespace heaplab::inspector {

class Spill;

/// Strings that are in no JSON file: kept as if they were, in memory or in a temporary file.
class StringWriter {
 public:
  /// `file` is named in errors.
  explicit StringWriter(std::string file);
  /// The number of the string: they count up from 0. `text` is UTF-8.
  std::uint32_t add(std::string_view text);
  std::uint32_t size() const { return strings_.size(); }
  /// Of one that was added before.
  std::string get(std::uint32_t number) const;
  SnapshotStrings finish();

 private:
  void note_start();

  std::string file_;
  SnapshotStrings strings_;
  std::shared_ptr<Spill> spill_;
  std::string encoded_;
};

}  // namespace heaplab::inspector
