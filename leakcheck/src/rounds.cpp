// SPDX-License-Identifier: MIT
#include "rounds.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "heaplab/support/error.h"
#include "heaplab/support/progress.h"

namespace heaplab::leakcheck {
namespace {

using trace::CheckpointBegin;
using trace::CheckpointReason;

/// Smaller things are not remembered: what leaks is larger by the time it matters.
constexpr std::uint32_t remembered_fan_out = 3;
constexpr std::uint64_t remembered_bytes = 8 * 1024;

/// Marks are rounds if there are this many of them.
constexpr std::size_t least_marks = 4;
/// Checkpoints between turns are enough for themselves if there are this many of them.
constexpr std::size_t least_turns = 8;

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 31;
  value *= 0x9E3779B97F4A7C15u;
  return value ^ (value >> 29);
}

std::uint64_t size_of_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

/// A recording of more heaps than this is refused: each is read by itself.
constexpr std::size_t most_heaps = 1024;

struct FoundHeap {
  HeapId heap = 0;
  std::vector<CheckpointBegin> checkpoints;
  bool has_objects = false;
};

class Surveyor : public HeapVisitor {
 public:
  explicit Surveyor(const trace::RecordingSource& source)
      : HeapVisitor(source), progress_("reading " + source.path(), size_of_file(source.path())) {}
  void on_thread(trace::ThreadId thread) override {
    HeapVisitor::on_thread(thread);
    current_ = index_of(heap_);
  }
  void on_allocation(const trace::Allocation& a) override {
    heaps[current_].has_objects |= !a.adopted;  // what a part began with is of no thread
  }
  void on_collection(const trace::Collection&) override { ++collections; }
  void on_skipped(std::uint64_t objects, std::uint64_t bytes) override {
    skipped_objects += objects;
    skipped_bytes += bytes;
  }
  bool on_checkpoint_begin(const CheckpointBegin& begin) override {
    open_ = begin;
    return false;
  }
  void on_checkpoint_end(const trace::CheckpointEnd&) override {
    heaps[current_].checkpoints.push_back(open_);
  }
  void on_block(std::uint64_t offset) override { progress_.update(offset); }

  std::vector<FoundHeap> heaps{1};  ///< the first is the main one
  std::uint64_t collections = 0;
  std::uint64_t skipped_objects = 0, skipped_bytes = 0;  ///< of a sample

 private:
  std::size_t index_of(HeapId heap) {
    const auto known = std::find_if(heaps.begin(), heaps.end(),
                                    [&](const FoundHeap& found) { return found.heap == heap; });
    if (known == heaps.end()) {
      if (heaps.size() >= most_heaps) {
        throw InputError(source_.path(), "more heaps than " + std::to_string(most_heaps));
      }
      heaps.push_back({heap, {}, false});
      return heaps.size() - 1;
    }
    return static_cast<std::size_t>(known - heaps.begin());
  }

  CheckpointBegin open_;
  std::size_t current_ = 0;
  Progress progress_;
};

std::vector<CheckpointBegin> with_reason(const std::vector<CheckpointBegin>& all,
                                         std::initializer_list<CheckpointReason> reasons) {
  std::vector<CheckpointBegin> result;
  for (const CheckpointBegin& begin : all) {
    if (std::find(reasons.begin(), reasons.end(), begin.reason) != reasons.end()) {
      result.push_back(begin);
    }
  }
  return result;
}

std::uint64_t span_of(const std::vector<CheckpointBegin>& series) {
  return series.empty() ? 0 : series.back().clock - series.front().clock;
}

/// The moments that can be compared with each other. The start is no such moment, and neither is
/// the exit: what a program still held when it ended is not what it held while it worked.
std::vector<CheckpointBegin> comparable(const std::vector<CheckpointBegin>& all, bool& are_marks) {
  const auto marks = with_reason(all, {CheckpointReason::marker});
  are_marks = marks.size() >= least_marks;
  if (are_marks) return marks;
  const auto inside = with_reason(all, {CheckpointReason::allocation, CheckpointReason::turn,
                                        CheckpointReason::collection, CheckpointReason::marker});
  const auto turns = with_reason(all, {CheckpointReason::turn});
  if (turns.size() >= least_turns && span_of(turns) >= span_of(inside) / 2) return turns;
  return inside.empty() ? all : inside;
}

/// At most `count` of them, evenly spread over the bytes clock, the last one included.
std::vector<std::uint64_t> spread(const std::vector<CheckpointBegin>& series, std::size_t count) {
  std::vector<std::uint64_t> chosen;
  if (series.size() <= count) {
    for (const CheckpointBegin& begin : series) chosen.push_back(begin.number);
    return chosen;
  }
  const std::uint64_t first = series.front().clock;
  const std::uint64_t span = span_of(series);
  std::size_t next = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const auto due =
        first + static_cast<std::uint64_t>(static_cast<double>(span) * static_cast<double>(i) /
                                           static_cast<double>(count - 1));
    while (next + 1 < series.size() && series[next].clock < due) ++next;
    if (next + 1 >= series.size()) break;
    chosen.push_back(series[next++].number);
  }
  chosen.push_back(series.back().number);
  return chosen;
}

Round remember(const Snapshot& snapshot) {
  Round round;
  round.begin = snapshot.begin;
  round.live_bytes = snapshot.live_bytes;
  const inspector::Graph& graph = snapshot.graph;
  auto sample = [&](NodeIndex node) {
    return Sample{snapshot.fan_out[node], snapshot.own_bytes[node], snapshot.retained[node]};
  };
  for (const NodeIndex node : snapshot.tree.order()) {
    const NodeIndex owner = snapshot.owner[node];
    if (owner == node && (snapshot.fan_out[node] >= remembered_fan_out ||
                          snapshot.retained[node] >= remembered_bytes)) {
      round.owners.emplace(graph.id(node), sample(node));
    }
    for (EdgeIndex edge = graph.first_edge(node); edge < graph.end_edge(node); ++edge) {
      const NodeIndex target = graph.target(edge);
      if (!graph.is_strong(edge) || snapshot.owner[target] == owner ||
          snapshot.retained[target] < remembered_bytes) {
        continue;
      }
      const auto [place, is_new] =
          round.places.emplace(place_key(snapshot, node, edge), sample(target));
      // Nameless roots of one kind are one place.
      if (!is_new && snapshot.is_group(node)) place->second.retained += snapshot.retained[target];
    }
  }
  return round;
}

class Loader : public trace::RecordingVisitor {
 public:
  Loader(trace::RecordingSource& reader, const std::vector<std::uint64_t>& chosen)
      : chosen_(chosen),
        builder_(reader.path(), reader.tables()),
        progress_("analysing " + reader.path(), chosen.size(), Progress::Unit::items) {}

  bool on_checkpoint_begin(const CheckpointBegin& begin) override {
    wanted_ = std::binary_search(chosen_.begin(), chosen_.end(), begin.number);
    if (wanted_) builder_.begin(begin);
    return wanted_;
  }
  void on_checkpoint_root(const trace::CheckpointRoot& root) override { builder_.root(root); }
  void on_checkpoint_node(const trace::CheckpointNode& node) override { builder_.node(node); }
  void on_checkpoint_edge(const trace::CheckpointEdge& edge) override { builder_.edge(edge); }
  void on_checkpoint_ephemeron(const trace::CheckpointEphemeron& e) override {
    builder_.ephemeron(e);
  }
  void on_checkpoint_end(const trace::CheckpointEnd&) override {
    if (!wanted_) return;
    Snapshot snapshot = builder_.finish();
    if (program_is_over(snapshot)) return;
    history.last = std::move(snapshot);
    history.rounds.push_back(remember(history.last));
    progress_.update(history.rounds.size());
  }

  History history;

 private:
  /// After its last turn an event loop has nothing pending, and most of a program is garbage: that
  /// it is not kept then says nothing about leaks.
  bool program_is_over(const Snapshot& snapshot) {
    bool pending = false;
    for (NodeIndex node = snapshot.first_group; node < snapshot.end_group; ++node) {
      pending |= snapshot.is_event_loop(node);
    }
    had_pending_ |= pending;
    return had_pending_ && !pending && snapshot.begin.reason == CheckpointReason::turn;
  }

  const std::vector<std::uint64_t>& chosen_;
  SnapshotBuilder builder_;
  Progress progress_;
  bool wanted_ = false;
  bool had_pending_ = false;
};

}  // namespace

PlaceKey place_key(const Snapshot& snapshot, NodeIndex from, EdgeIndex edge) {
  const inspector::Graph& graph = snapshot.graph;
  if (snapshot.is_group(from) && graph.kind(edge) == EdgeKind::element) {
    // A nameless root: known by what it refers to, for its number says nothing.
    const NodeIndex target = graph.target(edge);
    return mix(graph.id(from)) ^ mix(std::hash<std::string>{}(graph.name(target)) + 1) ^
           mix(snapshot.stack[target] + 0x9E3779B9ULL);
  }
  const std::uint64_t label = inspector::has_number(graph.kind(edge))
                                  ? graph.number(edge)
                                  : std::hash<std::string>{}(graph.label(edge));
  return mix(graph.id(snapshot.owner[from])) ^
         mix(label + 0x51ED270B * (1 + static_cast<unsigned>(graph.kind(edge))));
}

Survey survey(trace::RecordingSource& reader, const Options& options, Report& report) {
  Surveyor survey(reader);
  const trace::Extent extent = reader.read(survey);
  report.file = reader.path();
  report.program = reader.info("program");
  report.reads_known = reader.info("accesses").find("reads") != std::string::npos;
  report.complete = extent.complete;
  report.end_is_told = extent.end_is_told;
  report.note = extent.note;
  report.allocated_bytes = extent.allocated_bytes() + survey.skipped_bytes;
  report.allocated_objects = extent.allocated_objects() + survey.skipped_objects;
  report.collections = survey.collections;
  Survey result;
  for (const FoundHeap& heap : survey.heaps) {
    report.checkpoints += heap.checkpoints.size();
    if (heap.checkpoints.empty()) {
      if (heap.has_objects) result.without_checkpoints.push_back(heap.heap);
      continue;
    }
    HeapRounds rounds;
    rounds.heap = heap.heap;
    rounds.chosen = spread(comparable(heap.checkpoints, rounds.are_marks), options.max_rounds);
    result.heaps.push_back(std::move(rounds));
  }
  return result;
}

History load(trace::RecordingSource& reader, const std::vector<std::uint64_t>& chosen) {
  Loader loader(reader, chosen);
  reader.read(loader);
  return std::move(loader.history);
}

}  // namespace heaplab::leakcheck
