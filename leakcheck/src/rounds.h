// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "heaplab/leakcheck/analyse.h"
#include "heaplab/trace/reader.h"
#include "heaps.h"
#include "snapshot.h"

namespace heaplab::leakcheck {

/// What is remembered of one thing in one round.
struct Sample {
  std::uint32_t fan_out = 0;
  std::uint64_t own_bytes = 0;
  std::uint64_t retained = 0;
};

/// A reference that a program names: a variable, a property. The same place has the same key in
/// every round, whatever it refers to.
using PlaceKey = std::uint64_t;
PlaceKey place_key(const Snapshot& snapshot, NodeIndex from, EdgeIndex edge);

/// What is remembered of one checkpoint: small things are not.
struct Round {
  trace::CheckpointBegin begin;
  std::uint64_t live_bytes = 0;
  std::unordered_map<std::uint64_t, Sample> owners;  ///< by object id
  std::unordered_map<PlaceKey, Sample> places;       ///< what the reference leads to
};

/// The recording as the analysis sees it: a series of rounds, and the last one whole.
struct History {
  std::vector<Round> rounds;
  Snapshot last;
  bool rounds_are_marks = false;
};

/// The checkpoints of one heap that are looked at.
struct HeapRounds {
  HeapId heap = 0;
  std::vector<std::uint64_t> chosen;  ///< numbers of checkpoints
  bool are_marks = false;
};

struct Survey {
  std::vector<HeapRounds> heaps;            ///< those that have checkpoints
  std::vector<HeapId> without_checkpoints;  ///< those that have objects only
};

/// First reading: what is in the file. Fills the report's facts and chooses the checkpoints.
Survey survey(trace::RecordingSource& reader, const Options& options, Report& report);
/// Second reading: loads the chosen checkpoints.
History load(trace::RecordingSource& reader, const std::vector<std::uint64_t>& chosen);

}  // namespace heaplab::leakcheck
