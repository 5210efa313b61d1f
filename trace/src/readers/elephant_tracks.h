// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "heaplab/trace/reader.h"

namespace heaplab::trace {

/// Versions of Elephant Tracks order the fields of a pointer update in four ways, and only the
/// number of fields can be told from a file.
enum class ElephantDialect : std::uint8_t {
  version_3,       ///< U target source field time
  receiver_first,  ///< U source target field time
  version_2,       ///< U target field source thread
  version_1        ///< U old-target source target field thread; numbers are hexadecimal
};
/// "et3", "et3-receiver-first", "et2", "et1".
std::optional<ElephantDialect> elephant_dialect(std::string_view name);

/// What Elephant Tracks writes of a Java program: allocations, method entries and exits, pointer
/// updates, deaths. Deaths are its own Merlin's, to the method call; objects are named by identity
/// hashes, which may collide.
class ElephantTracksSource : public RecordingSource {
 public:
  /// Without a dialect: version 1 if updates have five fields, else version 3.
  explicit ElephantTracksSource(std::string path, std::optional<ElephantDialect> dialect = {})
      : RecordingSource(std::move(path)), dialect_(dialect) {}
  Extent read(RecordingVisitor& visitor) override;
  std::string_view format() const override { return "Elephant Tracks"; }

 private:
  std::optional<ElephantDialect> dialect_;
};

/// By the first line of a file.
bool is_elephant_tracks(std::string_view first_line);

}  // namespace heaplab::trace
