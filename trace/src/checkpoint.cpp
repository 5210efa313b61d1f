// SPDX-License-Identifier: MIT
// When checkpoints are taken, and how one is written.
#include <ctime>

#include <algorithm>

#include "heaplab/heap/live_graph.h"
#include "heaplab/trace/recorder.h"
#include "object_table.h"

namespace heaplab::trace {
namespace {

/// Of a run that allocated n bytes, the last checkpoints are n/24 apart: a leak shows in a dozen of
/// them however long the run, and their number grows with log n only.
constexpr std::uint64_t checkpoints_per_run = 24;
/// Spent before the share of the run's time counts, so that what is found in a short program does
/// not depend on how fast the machine is.
constexpr double free_checkpoint_seconds = 3;
constexpr std::size_t longest_name = 200;
/// Of a large table the first so many entries are written with their keys, the rest with their
/// numbers: a million names would help nobody.
constexpr std::size_t most_named_edges = 1024;

bool holds_text(std::string_view node_type) {
  return node_type == "string" || node_type == "concatenated string" ||
         node_type == "sliced string" || node_type == "number" || node_type == "bigint";
}

}  // namespace

/// Of this thread: on a busy machine the clock on the wall would leave a program without
/// checkpoints.
std::uint64_t Recorder::cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u +
         static_cast<std::uint64_t>(now.tv_nsec);
}

/// Receives a walk of the live heap and writes it down.
class CheckpointSink {
 public:
  explicit CheckpointSink(Recorder& recorder)
      : recorder_(recorder), writer_(recorder.writer_), objects_(*recorder.objects_) {}

  void root(std::string_view group, std::string_view name, Object* target) {
    const ObjectId id = objects_.id(target);
    if (id == 0) return;
    writer_.checkpoint_root({writer_.string(group), writer_.string(name), id});
  }

  void node(Object* object) {
    write_edges();
    const TypeDescriptor& type = recorder_.heap_.type_of(*object);
    CheckpointNode node;
    node.id = objects_.id(object);
    skipped_ = node.id == 0;
    if (skipped_) return;
    node.type = recorder_.type_index(*object);
    node.bytes = recorder_.heap_.object_bytes(*object);
    node.external = type.external_bytes ? type.external_bytes(*object) : 0;
    node.name = name_of(*object, type);
    node.stack = objects_.stack(object);
    node.birth = std::min(recorder_.birth_of(node.id), writer_.clock());
    node.last_access = std::clamp(objects_.last_access(object), node.birth, writer_.clock());
    writer_.checkpoint_node(node);
    ++total_.nodes;
    total_.bytes += node.bytes;
  }

  void edge(Object* host, SlotPosition position, Object* target, bool weak) {
    const ObjectId id = objects_.id(target);
    if (weak || skipped_ || id == 0) return;
    CheckpointEdge edge;
    if (position.in_elements && edges_.size() >= most_named_edges) {
      edge.kind = EdgeKind::element;
      edge.index = position.index;
    } else {
      const EdgeLabel label = label_of(recorder_.heap_, *host, position);
      edge.kind = static_cast<EdgeKind>(label.kind);
      edge.index = label.index;
      edge.name = edge.has_index() ? 0 : writer_.string(label.name);
    }
    edge.target = id;
    edges_.push_back(edge);
  }

  void ephemeron(Object* table, Object* key, Object* value) {
    const CheckpointEphemeron record{objects_.id(table), objects_.id(key), objects_.id(value)};
    if (record.table != 0 && record.key != 0 && record.value != 0) ephemerons_.push_back(record);
  }

  void end() {
    write_edges();
    for (const CheckpointEphemeron& record : ephemerons_) writer_.checkpoint_ephemeron(record);
    writer_.checkpoint_end(total_);
  }

 private:
  void write_edges() {
    total_.edges += edges_.size();
    writer_.checkpoint_edges(edges_);
    edges_.clear();
  }
  /// The contents of strings stay out of recordings: they are many, and may be private.
  StringId name_of(const Object& object, const TypeDescriptor& type) {
    if (type.object_name == nullptr || holds_text(type.node_type)) return 0;
    std::string name = type.object_name(object);
    if (name.size() > longest_name) name.resize(longest_name);
    return name == type.name ? 0 : writer_.string(name);
  }

  Recorder& recorder_;
  RecordingWriter& writer_;
  ObjectTable& objects_;
  bool skipped_ = false;
  std::vector<CheckpointEdge> edges_;
  std::vector<CheckpointEphemeron> ephemerons_;
  CheckpointEnd total_;
};

void Recorder::checkpoint(CheckpointReason reason) {
  const std::uint64_t start = cpu_ns();
  write_roots();
  writer_.checkpoint_begin({++checkpoints_, reason, heap_.now_ns(), writer_.clock()});
  CheckpointSink sink(*this);
  walk_live_graph(heap_, sink);
  sink.end();
  last_progress_ = progress();
  last_checkpoint_ns_ = cpu_ns() - start;
  checkpoint_ns_ += last_checkpoint_ns_;
  last_flush_ns_ = heap_.now_ns();
}

bool Recorder::time_allows(double share) const {
  const auto spent = static_cast<double>(checkpoint_ns_ + last_checkpoint_ns_);
  const auto elapsed = static_cast<double>(cpu_ns() - start_cpu_ns_);
  return spent <= share * elapsed + free_checkpoint_seconds * 1e9;
}

std::uint64_t Recorder::progress() {
  const std::uint64_t external = heap_.external_bytes();
  if (external > external_seen_) external_growth_ += external - external_seen_;
  external_seen_ = external;
  return writer_.clock() + external_growth_;
}

void Recorder::consider_checkpoint(CheckpointReason reason, std::uint64_t patience) {
  const std::uint64_t now = progress();
  const std::uint64_t step =
      std::max(options_.checkpoint_step_bytes, now / checkpoints_per_run) * patience;
  if (now - last_progress_ < step) return;
  if (!time_allows(options_.checkpoint_time_share)) return;
  checkpoint(reason);
}

}  // namespace heaplab::trace
