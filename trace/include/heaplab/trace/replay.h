// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heaplab/heap/heap.h"
#include "heaplab/trace/reader.h"

// The same allocations, pointer writes, roots and deaths again, on a heap of one's choice.
//
//   recording ──compile_replay──▶ ReplayProgram ──replay_on_heap──────▶ ReplayResult
//                                              ├──replay_explicitly──▶ malloc and free
//                                              └──replay_on_nothing──▶ what the replayer costs
//
// A program is compiled once and run as often as one likes. How both steps work, and what is not
// the same as in the recorded run: docs/replay.md.

namespace heaplab::trace {

/// When an object is freed by hand: at its last moment of being reachable, or right after its last
/// use (Hertz and Berger, OOPSLA 2005). A collector needs the first.
enum class Oracle : std::uint8_t { reachability, last_use };

struct CompileOptions {
  Oracle oracle = Oracle::reachability;
  /// A program that is larger goes to a temporary file.
  std::size_t memory_bytes = 256 * MiB;
  /// Where the program goes, all of it; -1: memory and temporary files. Not closed.
  int file = -1;
  /// Told what is being done and the offset in the recording, after each of its blocks.
  std::function<void(const char* step, std::uint64_t offset)> progress = {};
};

/// What a program does, in the sizes that the replay uses.
struct ReplaySummary {
  /// Allocations, stores of references, changes of the roots, and deaths, as recorded.
  std::uint64_t events = 0;
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stores = 0;
  std::uint64_t deaths = 0;
  std::uint64_t peak_live_bytes = 0;
  std::uint64_t peak_live_objects = 0;
  std::uint64_t end_live_bytes = 0;
  std::uint64_t end_live_objects = 0;
  std::uint64_t program_bytes = 0;
  /// References to objects that were dead by what the recording says; they were left out.
  std::uint64_t contradictions = 0;
  /// Objects that nothing referred to and that were used again: the program found them in a table
  /// that the recording does not have. They were held meanwhile.
  std::uint64_t revived = 0;
  /// Edges and roots are known. If not, a table in the heap holds each object from its allocation
  /// to its death.
  bool has_graph = false;
  /// The recorded sizes are those a program asked malloc for: on a heap there is a header before.
  bool adds_headers = false;
  std::vector<std::string> notes;  ///< what the recording did not know
};

class ReplayProgram {
 public:
  ReplayProgram();
  ~ReplayProgram();
  ReplayProgram(ReplayProgram&&) noexcept;
  ReplayProgram& operator=(ReplayProgram&&) noexcept;

  const ReplaySummary& summary() const;

  /// \name For another process, in whose memory nothing is left of compiling.
  /// @{
  /// Makes a file without a name in the folder for temporary files.
  static int make_file();
  /// \pre The program was compiled with CompileOptions::file. Completes that file.
  void save() const;
  /// A saved program; it goes on using the file.
  static ReplayProgram load(int file);
  /// @}

  struct Contents;  // src/replay/program.h
  void make(std::size_t memory_bytes, int file = -1);
  Contents& contents() { return *contents_; }
  const Contents& contents() const { return *contents_; }

 private:
  std::unique_ptr<Contents> contents_;
};

/// Reads the recording three or four times. Memory: what is alive at once, and temporary files of
/// 8 bytes an object and some 6 an event for what does not fit. Throws InputError for what reading
/// refuses, for a recording that does not say when objects died, and for sizes that no heap has.
ReplayProgram compile_replay(RecordingSource& source, const CompileOptions& options = {});

struct ReplayCollection {
  std::uint64_t number = 0;
  bool major = false;
  std::string_view reason;
  std::uint64_t clock = 0;  ///< bytes allocated before it
  std::uint64_t start_ns = 0;
  std::uint64_t pause_ns = 0;  ///< without the replayer's own work in it
  std::uint64_t used_before = 0;
  std::uint64_t used_after = 0;
  std::uint64_t live = 0;  ///< bytes alive by the recording
};

struct FootprintSample {
  std::uint64_t clock = 0;
  std::uint64_t committed = 0;  ///< what the heap says it takes; 0 for malloc
  std::uint64_t resident = 0;   ///< what the process grew by since the replay began
};

struct ReplayTime {
  std::uint64_t wall_ns = 0;
  std::uint64_t cpu_ns = 0;
};

struct ReplayResult {
  bool completed = false;
  std::string failure;  ///< out of memory: the heap's own report
  ReplayTime total;
  ReplayTime collector;  ///< part of total
  ReplayTime replayer;   ///< part of total: finding moved objects again, checking
  std::vector<ReplayCollection> collections;
  std::vector<FootprintSample> footprint;
  std::uint64_t peak_committed = 0;
  std::uint64_t peak_resident = 0;
  std::uint64_t allocated_bytes = 0;
  std::uint64_t frees = 0;            ///< by hand, those at the end included
  std::uint64_t checked_objects = 0;  ///< the sum over all collections
  /// What a collection did wrong: an object that the recording says is alive was gone, or one that
  /// is dead was left over by a major collection. At most 16 are kept.
  std::vector<std::string> problems;
};

struct ReplayOptions {
  /// After every collection walk the heap: exactly the objects that the recording says are alive
  /// are reachable, each the one it should be; and once more after a major collection at the end,
  /// which is the last of `collections` and in none of the times. Without it: none of those that
  /// the collection looked at is lost, and a major collection leaves exactly the live bytes.
  bool check = false;
  std::uint64_t footprint_samples = 400;
};

/// \pre The heap is fresh: only the replay allocates on it. The program was compiled for
/// Oracle::reachability.
ReplayResult replay_on_heap(const ReplayProgram& program, Heap& heap,
                            const ReplayOptions& options = {});

enum class Allocator : std::uint8_t { malloc, mimalloc };
/// Each object is allocated, zeroed, written to as recorded, and freed when it dies.
ReplayResult replay_explicitly(const ReplayProgram& program, Allocator allocator,
                               const ReplayOptions& options = {});

/// Runs the program with an allocator that counts and does nothing else: what remains is the
/// replayer's own cost.
ReplayResult replay_on_nothing(const ReplayProgram& program);

}  // namespace heaplab::trace
