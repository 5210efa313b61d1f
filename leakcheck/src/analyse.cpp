// SPDX-License-Identifier: MIT
#include "heaplab/leakcheck/analyse.h"

#include <fmt/format.h>

#include "heaplab/support/format.h"
#include "heaplab/trace/open.h"
#include "heaps.h"
#include "native/verdict.h"
#include "profile/verdict.h"
#include "rounds.h"
#include "verdict.h"

namespace heaplab::leakcheck {
namespace {

void note(Report& report, const std::string& text) {
  report.note += (report.note.empty() ? "" : "; ") + text;
}

/// Of heaps that are in the recording without their checkpoints.
void note_unjudged(const std::vector<HeapId>& heaps, const trace::Tables& tables, Report& report) {
  if (heaps.empty()) return;
  std::string names;
  for (const HeapId heap : heaps) {
    names += (names.empty() ? "" : ", ") + heap_name(tables, heap);
  }
  note(report, fmt::format("not judged, for it has no checkpoints here: heap {} (judge the "
                           "recording it comes from)",
                           names));
}

void note_left_out(const trace::RecordingSource& reader, Report& report) {
  const std::string left_out = reader.info("checkpoints lost");
  if (left_out.empty()) return;
  note(report,
       fmt::format("when this was merged {} checkpoints were left out, which tell who holds "
                   "what: judge the recordings one by one, or merge them with "
                   "--checkpoints",
                   left_out));
}

void judge_without_checkpoints(trace::RecordingSource& reader, const Options& options,
                               const SnapshotOptions& snapshots, Report& report) {
  if (native::can_judge(reader)) {
    native::analyse(reader, options, report);
  } else if (!profile::analyse(reader, options, snapshots, report)) {
    report.judged_nothing = true;
    note(report,
         "there is nothing to judge by: no checkpoint, no profile, no frees; of a program "
         "that ends at once there is none");
  }
  note_left_out(reader, report);
}

Report judge_one_of_several(trace::RecordingSource& reader, const HeapRounds& rounds,
                            const Options& options, bool reads_known) {
  Report report;
  report.program = reader.info("program");
  report.reads_known = reads_known;
  report.rounds = rounds.chosen.size();
  const History history = load(reader, rounds.chosen);
  judge_heap(reader, history, options, report);
  return report;
}

}  // namespace

Report analyse(const std::string& path, const Options& options, const SnapshotOptions& snapshots) {
  Report report;
  const auto source = trace::open_recording(path, {.dialect = {}, .again = true});
  trace::RecordingSource& reader = *source;
  if (reader.format() == heap_profile_format) return analyse_profiles({path}, options);
  // Other tools' formats have no heap graph.
  if (reader.format() != "heaplab recording") {
    native::analyse(reader, options, report);
    return report;
  }
  const Survey found = survey(reader, options, report);
  if (found.heaps.empty()) {
    judge_without_checkpoints(reader, options, snapshots, report);
    return report;
  }
  if (found.heaps.size() == 1 && found.without_checkpoints.empty()) {
    const HeapRounds& only = found.heaps.front();
    report.rounds = only.chosen.size();
    report.rounds_are_marks = only.are_marks;
    judge_heap(reader, load(reader, only.chosen), options, report);
    return report;
  }
  report.heaps = found.heaps.size();
  for (const HeapRounds& rounds : found.heaps) {
    Report heap = judge_one_of_several(reader, rounds, options, report.reads_known);
    // The tables are read again each time.
    add_heap(report, std::move(heap), heap_name(reader.tables(), rounds.heap));
  }
  note_unjudged(found.without_checkpoints, reader.tables(), report);
  sort_leaks(report);
  return report;
}

}  // namespace heaplab::leakcheck
