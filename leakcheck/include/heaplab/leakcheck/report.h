// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heaplab::leakcheck {

/// Why something stays, in the words of the people who look for leaks.
enum class Kind : std::uint8_t {
  collection,     ///< a cache or collection that only grows
  listener,       ///< listeners that are never removed
  timer,          ///< an interval that is never cleared, and what its callback holds
  closure,        ///< a function keeps the variables around it
  large_object,   ///< few but big
  unneeded,       ///< held, and never used again
  never_freed,    ///< a native program allocates ever more, and frees too little of it
  growing_site,   ///< what a function allocates stays; nobody knows who holds it
  growing_block,  ///< a native program replaces a block by ever larger ones: a vector, a table
  freed_at_exit   ///< as never_freed, but all of it is freed when the program ends
};
/// "forgotten cache/collection", "listener", "timer", "closure", "large object",
/// "unneeded reference", "memory never freed", "growing allocation site", "growing block",
/// "memory freed only at exit".
std::string_view to_string(Kind kind);

/// A place in the program.
struct Place {
  std::string file;  ///< "" if nobody knows
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string function;

  bool known() const { return !file.empty(); }
  /// "app.js:3:15", or "".
  std::string text() const;
};

/// A line of the program that allocated part of what accumulates.
struct Site {
  Place place;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// A call on the way to an allocation.
struct Call {
  Place place;
  bool is_culprit = false;
};

struct Culprit {
  std::string path;  ///< as a programmer writes it: `pagesByUrl`, `server.sessions`
  std::string type;  ///< "Map"
  Place place;       ///< where it was allocated
};

struct Accumulation {
  std::string type;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;  ///< with everything only they hold
};

/// How a number went from checkpoint to checkpoint ("round").
struct Growth {
  std::uint64_t rounds = 0;
  std::string unit = "objects";  ///< of values and per_round: "objects" or "bytes"
  double per_round = 0;          ///< over the rounds in which it existed
  double bytes_per_round = 0;
  std::vector<double> values;
};

struct Leak {
  Kind kind = Kind::collection;
  Culprit culprit;
  Accumulation accumulates;
  Growth growth;
  std::uint64_t retained_bytes = 0;
  std::vector<Site> sites;
  std::string heap;         ///< of a recording of several heaps, which one; else ""
  std::vector<Call> stack;  ///< of what grew most, innermost first; empty if none is known
  std::string why;
  std::string advice;
  double confidence = 0;  ///< 0 … 1
  double score = 0;       ///< 0 … 100: the share of all growth it explains, times confidence
  std::vector<std::string> evidence;    ///< what speaks for it, a sentence each
  std::vector<std::string> also_holds;  ///< paths of other containers of the same things
};

/// Grew, but there is reason to believe that it is no leak.
struct Grown {
  Culprit culprit;
  Growth growth;
  std::string reason;
  std::string heap = {};  ///< as of leaks
};

/// One file of several.
struct Input {
  std::string file;
  std::string kind;  ///< "heap snapshot", "allocation timeline", "memory log"
  std::uint64_t nodes = 0;
  std::uint64_t edges = 0;
  std::uint64_t live_bytes = 0;
  std::uint64_t last_id = 0;  ///< of snapshots: ids given out until then
};

/// Something worth knowing that is no leak by itself.
struct Remark {
  std::string what;
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

/// The verdict on one recording, or on a series of snapshots.
struct Report {
  std::string file;
  /// Of snapshots, in the order in which they were taken; empty for a recording.
  std::vector<Input> inputs;
  std::string order;  ///< how that order was found
  std::vector<Remark> remarks;
  std::string program;
  bool complete = true;
  bool end_is_told = true;  ///< false: the format has no end mark, so it may have been cut off
  std::string note;         ///< about an incomplete recording
  std::uint64_t checkpoints = 0;
  bool judged_nothing = false;  ///< there are no objects in it: that no leak is found says nothing
  std::uint64_t rounds = 0;
  bool rounds_are_marks = false;  ///< the program's own phase markers
  bool reads_known = false;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t allocated_objects = 0;
  std::uint64_t collections = 0;
  /// Of a recording without checkpoints: it was cut into so many parts of equal length.
  std::uint64_t slices = 0;
  bool slices_by_time = false;
  std::size_t heaps = 1;              ///< of a recording of several: each is judged by itself
  std::uint64_t profiles = 0;         ///< of a recording that is judged by its profiles
  double seconds = 0;                 ///< how long such a recording is
  std::uint64_t live_bytes = 0;       ///< at the last checkpoint or slice looked at
  std::uint64_t exit_live_bytes = 0;  ///< of a recording in slices: at its very end
  std::vector<double> live_by_round;  ///< bytes
  std::vector<Leak> leaks;            ///< the costliest first
  std::vector<Grown> grew_but_not_leaking;

  /// A single snapshot shows what is large, not what grows.
  bool has_only_suspects() const { return !inputs.empty() && rounds == 1; }
};

}  // namespace heaplab::leakcheck
