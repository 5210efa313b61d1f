// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "series/heap.h"

// Are snapshots of one process? Nothing in them says so, but ids are given out once and in order:
// an object of a later snapshot with an id that had been given out before was in the earlier one.

namespace heaplab::leakcheck::series {

struct Round;

/// Which objects there were, a bit for each odd id. Empty if the ids are too far apart for that.
BigArray<std::uint64_t> present_ids(const HeapSnapshot& snapshot, const Owners& owners);

/// Throws InputError if two rounds, in order, are not of one process. Forgets their ids.
void require_one_process(std::vector<Round>& rounds);

/// Throws InputError if two of the files are the same or have the same contents.
void refuse_copies(const std::vector<std::string>& files);

}  // namespace heaplab::leakcheck::series
