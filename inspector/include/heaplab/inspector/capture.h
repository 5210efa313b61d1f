// SPDX-License-Identifier: MIT
#pragma once

#include "heaplab/heap/heap.h"
#include "heaplab/inspector/graph.h"

namespace heaplab::inspector {

/// The reachable objects of a live heap as a graph. Node ids are numbers of this one capture (the
/// heap does not name objects; a recording does). Roots hang off one synthetic node per group. A
/// value in an ephemeron table hangs off its key.
///
/// Collects nothing and allocates nothing on the heap. \pre A safepoint, as for an allocation.
Graph capture(Heap& heap);

}  // namespace heaplab::inspector
