// SPDX-License-Identifier: MIT
// When checkpoints are taken, and how one is written.
#include <ctime>

#include <algorithm>

#include "encoder.h"
#include "heaplab/heap/live_graph.h"
#include "label_cache.h"

namespace heaplab::trace {
namespace {

/// Of a run that allocated n bytes, the last checkpoints are n/8 apart: a leak shows in a dozen of
/// them however long the run, and their number grows with log n only.
constexpr std::uint64_t checkpoints_per_run = 8;
/// Samples are for long runs, whose files should stay small.
constexpr std::uint64_t checkpoints_per_sampled_run = 4;
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

/// Receives a walk of the live heap and packs it up for the encoder.
class Recorder::CheckpointSink {
 public:
  CheckpointSink(Recorder& recorder, CheckpointData& data)
      : recorder_(recorder), data_(data), labels_(*recorder.labels_) {}

  void root(std::string_view group, std::string_view name, Object* target) {
    data_.roots.push_back({string(group), string(name), compress(target)});
  }

  void node(Object* object) {
    const Heap& heap = recorder_.heap_;
    const TypeDescriptor& type = heap.type_of(*object);
    CheckpointData::Node node{};
    node.object = compress(object);
    node.type = object->type_id();
    node.bytes = heap.object_bytes(*object);
    node.external = type.external_bytes ? type.external_bytes(*object) : 0;
    AccessTable::Cell& cell = recorder_.access_.of(object);
    node.last_use = std::uint64_t{cell.last_use} << recorder_.access_shift_;
    place_ = 0;
    note_ = cell.note;
    const LabelCache::Label* known = labels_.find(note_, place_++);
    node.name = known ? known->value : name_of(*object, type);
    if (!known) {
      note_ = 0;
      cell.note = labels_.begin(node.name);
    }
    data_.nodes.push_back(node);
    if (recorder_.sampled_.reserved()) {
      recorder_.sampled_.set(object);  // the encoder adopts it
      recorder_.heap_.observe(object);
    }
  }

  void prefetch(Object* object) { __builtin_prefetch(&recorder_.access_.of(object)); }

  void edge(Object* host, SlotPosition position, Object* target, bool weak) {
    if (weak) return;
    LabelCache::Label label{position.index, EdgeKind::element};
    std::uint32_t& count = data_.nodes.back().edges;
    if (!position.in_elements || count < most_named_edges) label = named(host, position);
    ++count;
    data_.edges.push_back({compress(target), label.value, label.kind});
  }

  void ephemeron(Object* table, Object* key, Object* value) {
    data_.ephemerons.push_back({compress(table), compress(key), compress(value)});
  }

 private:
  LabelCache::Label named(Object* host, SlotPosition position) {
    if (const LabelCache::Label* known = labels_.find(note_, place_++)) return *known;
    const EdgeLabel name = label_of(recorder_.heap_, *host, position);
    LabelCache::Label label{name.index, static_cast<EdgeKind>(name.kind)};
    const bool by_index = label.kind == EdgeKind::element || label.kind == EdgeKind::hidden;
    if (!by_index) label.value = string(name.name);
    labels_.add(label);
    return label;
  }
  std::uint32_t string(std::string_view text) { return recorder_.string_number(text, data_); }
  /// The contents of strings stay out of recordings: they are many, and may be private.
  std::uint32_t name_of(const Object& object, const TypeDescriptor& type) {
    if (type.object_name == nullptr || holds_text(type.node_type)) return 0;
    std::string name = type.object_name(object);
    if (name.size() > longest_name) name.resize(longest_name);
    return name == type.name ? 0 : string(name);
  }

  Recorder& recorder_;
  CheckpointData& data_;
  LabelCache& labels_;
  std::uint32_t note_ = 0;   ///< of the last node; 0: it has to be labelled
  std::uint32_t place_ = 0;  ///< in its part
};

std::uint32_t Recorder::string_number(std::string_view text, CheckpointData& data) {
  if (text.empty()) return 0;
  const auto next = static_cast<std::uint32_t>(strings_.size() + 1);
  const auto [found, is_new] = strings_.try_emplace(std::string(text), next);
  if (is_new) data.new_strings.emplace_back(text);
  return found->second;
}

void Recorder::checkpoint(CheckpointReason reason) {
  const std::uint64_t start = cpu_ns();
  log_skipped();
  log_roots();
  announce_types();
  ++checkpoints_;
  auto data = std::make_shared<CheckpointData>();
  data->reason = reason;
  data->time_ns = heap_.now_ns();
  CheckpointSink sink(*this, *data);
  walk_live_graph(heap_, sink);
  checkpoint_objects_ += data->nodes.size();
  labels_->forget_if_full(data->edges.size() + data->nodes.size());
  log_->call([data = std::move(data)](Encoder& encoder) { encoder.checkpoint(*data); });
  last_progress_ = progress();
  last_checkpoint_ns_ = cpu_ns() - start;
  checkpoint_ns_ += last_checkpoint_ns_;
}

bool Recorder::time_allows(double share) const {
  const auto spent = static_cast<double>(checkpoint_ns_ + last_checkpoint_ns_);
  const auto elapsed = static_cast<double>(cpu_ns() - start_cpu_ns_);
  return checkpoint_objects_ <= options_.free_checkpoint_objects || spent <= share * elapsed;
}

std::uint64_t Recorder::progress() {
  const std::uint64_t external = heap_.external_bytes();
  if (external > external_seen_) external_growth_ += external - external_seen_;
  external_seen_ = external;
  return clock_ + external_growth_;
}

void Recorder::consider_checkpoint(CheckpointReason reason, std::uint64_t patience) {
  const std::uint64_t now = progress();
  const std::uint64_t share =
      options_.sampling_bytes != 0 ? checkpoints_per_sampled_run : checkpoints_per_run;
  const std::uint64_t step = std::max(options_.checkpoint_step_bytes, now / share) * patience;
  if (now - last_progress_ < step) return;
  if (!time_allows(options_.checkpoint_time_share)) return;
  checkpoint(reason);
}

}  // namespace heaplab::trace
