// SPDX-License-Identifier: MIT
#include "heaplab/trace/copy.h"

#include <algorithm>

namespace heaplab::trace {
namespace {

constexpr std::size_t most_gathered = 1u << 16;

/// The entry of a table that maps numbers, which grows as it is used.
template <class Number>
Number& entry(std::vector<Number>& map, std::size_t id) {
  if (id >= map.size()) map.resize(std::max(id + 1, 2 * map.size()));
  return map[id];
}

}  // namespace

void Renumbering::add(ObjectId old_id, ObjectId new_id, std::uint64_t old_clock,
                      std::uint64_t new_clock) {
  if (!stretches_.empty()) {
    const Stretch& last = stretches_.back();
    const bool same = old_id - last.old_id == new_id - last.new_id &&
                      old_clock - last.old_clock == new_clock - last.new_clock;
    if (same) return;
  }
  stretches_.push_back({old_id, new_id, old_clock, new_clock});
}

ObjectId Renumbering::object(ObjectId old_id) const {
  if (old_id == 0) return 0;
  if (!stretches_.empty()) {
    // Recent objects are the likely ones.
    const Stretch& last = stretches_.back();
    if (old_id >= last.old_id) return last.new_id + (old_id - last.old_id);
    const auto after =
        std::upper_bound(stretches_.begin(), stretches_.end(), old_id,
                         [](ObjectId id, const Stretch& s) { return id < s.old_id; });
    if (after != stretches_.begin()) {
      const Stretch& stretch = *(after - 1);
      return stretch.new_id + (old_id - stretch.old_id);
    }
  }
  const auto found = older_.find(old_id);
  return found == older_.end() ? 0 : found->second;
}

std::uint64_t Renumbering::clock(std::uint64_t old_clock) const {
  const auto after =
      std::upper_bound(stretches_.begin(), stretches_.end(), old_clock,
                       [](std::uint64_t clock, const Stretch& s) { return clock < s.old_clock; });
  if (after == stretches_.begin()) return 0;
  const Stretch& stretch = *(after - 1);
  return stretch.new_clock + (old_clock - stretch.old_clock);
}

// Tables.

StringId RecordingCopier::string(StringId id) {
  if (id == 0) return 0;
  StringId& mapped = entry(strings_, id);
  if (mapped == 0) mapped = writer_.string(source_.tables().text(id));
  return mapped;
}

TypeIndex RecordingCopier::type(TypeIndex id) {
  if (id == 0) return 0;
  TypeIndex& mapped = entry(types_, id);
  if (mapped == 0)
    mapped = writer_.type(source_.tables().type_name(id), source_.tables().node_type(id));
  return mapped;
}

StackId RecordingCopier::stack(StackId id) {
  const Tables& tables = source_.tables();
  // From the innermost frame out to a caller that is there, then back in.
  std::vector<StackId> todo;
  while (id != 0 && entry(stacks_, id) == 0) {
    todo.push_back(id);
    id = tables.stacks[id].parent;
  }
  StackId mapped = id == 0 ? 0 : stacks_[id];
  for (; !todo.empty(); todo.pop_back()) {
    const Frame& frame = tables.frames[tables.stacks[todo.back()].frame];
    mapped =
        writer_.stack(mapped, writer_.frame(tables.text(frame.function), tables.text(frame.file),
                                            frame.line, frame.column));
    stacks_[todo.back()] = mapped;
  }
  return mapped;
}

ThreadId RecordingCopier::thread(ThreadId id) {
  if (id == 0) return 0;
  ThreadId& mapped = entry(threads_, id);
  if (mapped == 0) {
    const Thread& names = source_.tables().threads[id];
    mapped = writer_.thread(source_.tables().text(names.name), source_.tables().text(names.heap));
  }
  return mapped;
}

void RecordingCopier::copy_info() {
  for (const auto& [key, value] : source_.info()) {
    const auto [known, is_new] = info_.try_emplace(key, value);
    if (!is_new && known->second == value) continue;
    known->second = value;
    writer_.info(key, value);
  }
}

// Lists that come one by one.

void RecordingCopier::flush_deaths() {
  if (!dead_.empty()) writer_.deaths(dead_);
  dead_.clear();
  if (!uses_.empty()) writer_.last_uses(uses_);
  uses_.clear();
}

void RecordingCopier::flush_lists() {
  if (!dead_.empty() || !uses_.empty()) flush_deaths();
}

void RecordingCopier::on_death(ObjectId id) {
  const ObjectId mapped = numbers_.object(id);
  if (mapped != 0) dead_.push_back(mapped);
  if (dead_.size() >= most_gathered) flush_lists();
}

void RecordingCopier::on_last_use(const LastUse& use) {
  const ObjectId mapped = numbers_.object(use.id);
  const std::uint64_t clock = std::min(numbers_.clock(use.clock), writer_.clock());
  if (mapped != 0) uses_.push_back({mapped, clock});
  if (uses_.size() >= most_gathered) flush_lists();
}

// Events.

/// What a recording knows has to be said before its first event.
void RecordingCopier::begin_event() {
  if (writer_.last_id() == 0) copy_info();
  flush_lists();
}

void RecordingCopier::on_allocation(const Allocation& a) {
  begin_event();
  const std::uint64_t clock = writer_.clock();
  const ObjectId id = writer_.allocation(type(a.type), a.bytes, stack(a.stack), a.adopted);
  numbers_.add(a.id, id, a.clock, clock);
}

void RecordingCopier::on_write(const PointerWrite& w) {
  flush_lists();
  const PointerWrite mapped{numbers_.object(w.host), w.slot, numbers_.object(w.old_value),
                            numbers_.object(w.new_value)};
  if (mapped.host != 0) writer_.write(mapped);
}

void RecordingCopier::on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  flush_lists();
  const ObjectId mapped = numbers_.object(host);
  if (mapped == 0) return;
  edges_.clear();
  for (const InitialEdge& edge : edges) {
    if (const ObjectId value = numbers_.object(edge.value)) edges_.push_back({edge.slot, value});
  }
  writer_.initial_edges(mapped, edges_);
}

void RecordingCopier::on_free(ObjectId id) {
  flush_lists();
  if (const ObjectId mapped = numbers_.object(id)) writer_.free(mapped);
}

void RecordingCopier::on_roots(const RootChange& change) {
  begin_event();
  removed_.clear();
  added_.clear();
  for (const ObjectId id : change.removed) {
    if (const ObjectId mapped = numbers_.object(id)) removed_.push_back(mapped);
  }
  for (const ObjectId id : change.added) {
    if (const ObjectId mapped = numbers_.object(id)) added_.push_back(mapped);
  }
  writer_.roots(removed_, added_);
}

void RecordingCopier::on_thread(ThreadId id) {
  flush_lists();
  writer_.switch_thread(thread(id));
}

void RecordingCopier::on_skipped(std::uint64_t objects, std::uint64_t bytes) {
  flush_lists();
  writer_.skipped(objects, bytes);
}

void RecordingCopier::on_profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) {
  flush_lists();
  profile_.clear();
  for (const ProfileEntry& e : entries) profile_.push_back({stack(e.stack), e.bytes, e.objects});
  writer_.profile(time_ns, profile_);
}

void RecordingCopier::on_attachment(const Attachment& a) {
  flush_lists();
  writer_.attachment({a.time_ns, string(a.kind), string(a.path)});
}

void RecordingCopier::on_collection(const Collection& c) {
  flush_lists();
  Collection mapped = c;
  mapped.collector = string(c.collector);
  mapped.reason = string(c.reason);
  mapped.clock = writer_.clock();
  writer_.collection(mapped);
}

void RecordingCopier::on_memory(const MemorySample& m) {
  flush_lists();
  MemorySample mapped = m;
  mapped.event = string(m.event);
  writer_.memory(mapped);
}

void RecordingCopier::on_marker(const Marker& m) {
  flush_lists();
  writer_.marker({m.time_ns, writer_.clock(), string(m.name)});
}

void RecordingCopier::on_time(std::uint64_t time_ns) {
  flush_lists();
  writer_.time(time_ns);
}

// Checkpoints.

bool RecordingCopier::on_checkpoint_begin(const CheckpointBegin& b) {
  return begin_checkpoint(b, ++checkpoints_);
}

bool RecordingCopier::begin_checkpoint(const CheckpointBegin& b, std::uint64_t number) {
  flush_lists();
  counted_ = {};
  in_checkpoint_ = true;
  checkpoint_clock_ = writer_.clock();
  node_is_there_ = false;
  writer_.checkpoint_begin({number, b.reason, b.time_ns, writer_.clock()});
  return true;
}

void RecordingCopier::on_checkpoint_root(const CheckpointRoot& r) {
  const ObjectId target = numbers_.object(r.target);
  if (target != 0) writer_.checkpoint_root({string(r.group), string(r.name), target});
}

void RecordingCopier::on_checkpoint_node(const CheckpointNode& n) {
  writer_.checkpoint_edges(node_edges_);
  node_edges_.clear();
  CheckpointNode mapped = n;
  mapped.id = numbers_.object(n.id);
  node_is_there_ = mapped.id != 0;
  if (!node_is_there_) return;
  mapped.type = type(n.type);
  mapped.name = string(n.name);
  mapped.stack = stack(n.stack);
  mapped.birth = std::min(numbers_.clock(n.birth), checkpoint_clock_);
  mapped.last_access = std::clamp(numbers_.clock(n.last_access), mapped.birth, checkpoint_clock_);
  writer_.checkpoint_node(mapped);
  ++counted_.nodes;
  counted_.bytes += mapped.bytes;
}

void RecordingCopier::on_checkpoint_edge(const CheckpointEdge& e) {
  const ObjectId target = numbers_.object(e.target);
  if (!node_is_there_ || target == 0) return;
  node_edges_.push_back({e.kind, e.index, string(e.name), target});
  ++counted_.edges;
  if (node_edges_.size() < most_gathered) return;
  writer_.checkpoint_edges(node_edges_);
  node_edges_.clear();
}

void RecordingCopier::on_checkpoint_ephemeron(const CheckpointEphemeron& e) {
  const CheckpointEphemeron mapped{numbers_.object(e.table), numbers_.object(e.key),
                                   numbers_.object(e.value)};
  if (mapped.table != 0 && mapped.key != 0 && mapped.value != 0) {
    writer_.checkpoint_ephemeron(mapped);
  }
}

void RecordingCopier::on_checkpoint_end(const CheckpointEnd&) { close_checkpoint(); }

void RecordingCopier::close_checkpoint() {
  if (!in_checkpoint_) return;
  in_checkpoint_ = false;
  writer_.checkpoint_edges(node_edges_);
  node_edges_.clear();
  writer_.checkpoint_end(counted_);
}

}  // namespace heaplab::trace
