// SPDX-License-Identifier: MIT
#include "heaplab/heap/events.h"

namespace heaplab {

std::string_view to_string(CollectionKind kind) {
  return kind == CollectionKind::minor ? "minor" : "major";
}

std::string_view to_string(CollectionReason reason) {
  switch (reason) {
    case CollectionReason::allocation_failure:
      return "allocation failure";
    case CollectionReason::old_space_limit:
      return "allocation limit";
    case CollectionReason::external_memory:
      return "external memory pressure";
    case CollectionReason::requested:
      return "testing";
    case CollectionReason::stress:
      return "stress";
    case CollectionReason::last_resort:
      return "last resort";
  }
  return "unknown";
}

std::string_view to_string(Phase phase) {
  constexpr std::string_view names[phase_count] = {"roots", "remembered", "trace", "ephemerons",
                                                   "weak",  "evacuate",   "sweep", "verify"};
  return names[static_cast<std::size_t>(phase)];
}

}  // namespace heaplab
