// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "growth.h"
#include "heaplab/leakcheck/analyse.h"
#include "rounds.h"
#include "shares.h"

// Who is suspected, and on what grounds.
//
//   containers  owners whose references to other objects grow: maps, arrays, listener lists, …
//   places      variables and properties behind which ever more is kept without any one object
//               having ever more references: linked lists, chains of closures, long strings
//   unused      what is big, held, and was last read or written long ago (needs recorded reads)

namespace heaplab::leakcheck {

enum class Ground { container, place, unused };

struct Suspect {
  Ground ground = Ground::container;
  NodeIndex node = no_node;  ///< the container; what the place refers to; what is unused
  LeakEdges edges;           ///< how to cut it off, for growing suspects
  Judgement judgement;
  std::vector<double> values;        ///< per round: references, or bytes of a place
  std::vector<double> bytes_values;  ///< per round: bytes it retains
  double unused_share = 0;           ///< of the run, for unused
};

/// Everything that grew, whatever the trend.
std::vector<Suspect> growing_containers(const History& history, const Options& options);
/// Places that grow, given what containers explain already.
std::vector<Suspect> growing_places(const History& history, const Options& options,
                                    const std::vector<Suspect>& explained);
std::vector<Suspect> unused_objects(const History& history, const Options& options);

/// The clock of the last access to anything in each node's dominator subtree.
std::vector<std::uint64_t> subtree_accesses(const Snapshot& snapshot);
/// True if `above` dominates `node` or is it.
bool dominates(const Snapshot& snapshot, NodeIndex above, NodeIndex node);

}  // namespace heaplab::leakcheck
