// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heaplab/inspector/snapshot.h"
#include "heaplab/leakcheck/snapshots.h"

namespace heaplab::leakcheck::dumps {

/// Judges Java heap dumps of one process. `only` is the one dump, if it was read already.
Report analyse(std::vector<std::string> files, std::optional<inspector::Snapshot> only,
               const SnapshotOptions& options);

}  // namespace heaplab::leakcheck::dumps
