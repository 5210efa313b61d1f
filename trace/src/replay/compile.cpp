// SPDX-License-Identifier: MIT
#include "replay/compile.h"

#include <algorithm>
#include <utility>

#include "heaplab/support/error.h"

namespace heaplab::trace {
namespace {

/// Offsets in an object, in units of 4 bytes, have 30 bits.
constexpr std::uint64_t most_object_bytes = 4 * GiB - MiB;

std::uint64_t round_up(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }

}  // namespace

ReplayCompiler::ReplayCompiler(const Inputs& inputs, ReplayProgram::Contents& out)
    : in_(inputs), out_(out), summary_(out.summary) {}

// Deaths.

void ReplayCompiler::begin_event() {
  ++event_;
  while (const ObjectId id = in_.deaths.next_before(event_)) die(id);
}

void ReplayCompiler::die(ObjectId id) {
  ObjectFacts& facts = in_.objects[id];
  if (facts.state != ObjectFacts::State::alive) return;
  const ReplayHandle handle = facts.elements_or_handle;
  facts.state = ObjectFacts::State::dead;
  emit(ReplayOp::die, handle);
  const ReplayShape& shape = out_.shapes[live_[handle].shape];
  live_bytes_ -= shape.bytes;
  --live_objects_;
  const std::size_t targets = target_count(live_[handle]);
  for (std::size_t i = 0; i < targets; ++i) let_go(live_[handle].targets[i]);
  live_[handle] = {};
  free_handles_.push_back(handle);
  ++summary_.deaths;
  ++summary_.events;
}

void ReplayCompiler::free_used_up(std::uint64_t clock) {
  while (!uses_.empty() && uses_.top().clock <= clock) {
    die(uses_.top().id);
    uses_.pop();
  }
}

// Objects.

ReplayHandle ReplayCompiler::handle_of(ObjectId id) {
  const ObjectFacts& facts = in_.objects[id];
  if (facts.state == ObjectFacts::State::alive) return facts.elements_or_handle;
  // After its last use a freed object may still be referred to.
  if (id != 0 && in_.last_uses == nullptr) ++summary_.contradictions;
  return 0;
}

ReplayHandle ReplayCompiler::take_handle() {
  if (!free_handles_.empty()) {
    const ReplayHandle handle = free_handles_.back();
    free_handles_.pop_back();
    return handle;
  }
  if (live_.size() >= max_handles) {
    throw InputError(in_.source.path(), "more objects are alive at once than can be replayed (" +
                                            std::to_string(max_handles) + ")");
  }
  live_.emplace_back();
  out_.handles = static_cast<std::uint32_t>(live_.size());
  return out_.handles - 1;
}

std::size_t ReplayCompiler::ShapeHash::operator()(const ReplayShape& shape) const {
  std::uint64_t hash = shape.bytes;
  for (const std::uint64_t part : {shape.requested, std::uint64_t{shape.strong},
                                   std::uint64_t{shape.weak}, std::uint64_t{shape.pairs}}) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return static_cast<std::size_t>(hash);
}

std::uint32_t ReplayCompiler::shape_of(const Allocation& a, const ObjectFacts& facts) {
  if (a.bytes > most_object_bytes) {
    throw InputError(in_.source.path(), "object " + std::to_string(a.id) + " has " +
                                            std::to_string(a.bytes) +
                                            " bytes: more than can be replayed");
  }
  ReplayShape shape;
  shape.bytes = round_up(a.bytes + (summary_.adds_headers ? sizeof(Object) : 0));
  shape.requested = std::max<std::uint64_t>(a.bytes, 1);
  if (facts.is_special) {
    const SpecialSlots::Counts& counts = in_.special.counts(a.id);
    shape.strong = counts.strong;
    shape.weak = counts.weak;
    shape.pairs = counts.pairs;
  } else {
    shape.strong = facts.fixed + facts.elements_or_handle;
  }
  return shape_index(shape, a);
}

std::uint32_t ReplayCompiler::shape_index(const ReplayShape& shape, const Allocation& a) {
  const auto [found, is_new] =
      shapes_.try_emplace(shape, static_cast<std::uint32_t>(out_.shapes.size()));
  if (!is_new) return found->second;
  if (!can_lay_out(shape)) {
    throw InputError(in_.source.path(),
                     "object " + std::to_string(a.id) +
                         " has thousands of slots of more than one kind (strong, weak, "
                         "ephemerons); the replay cannot make such an object");
  }
  layouts_.push_back(lay_out(shape));
  out_.shapes.push_back(shape);
  out_.shapes.back().bytes = layouts_.back().bytes;
  // By hand there is no need for a header if the program had none.
  if (!summary_.adds_headers) out_.shapes.back().requested = layouts_.back().bytes;
  return found->second;
}

void ReplayCompiler::on_allocation(const Allocation& a) {
  begin_event();
  if (in_.last_uses != nullptr) free_used_up(a.clock);
  sync_roots();
  if (a.id >= in_.objects.size()) in_.objects.resize(a.id + 1);
  ObjectFacts& facts = in_.objects[a.id];
  const std::uint32_t shape = shape_of(a, facts);
  const ReplayHandle handle = take_handle();
  live_[handle] = {.id = a.id,
                   .shape = shape,
                   .fixed = facts.fixed,
                   .is_special = facts.is_special,
                   .is_rooted = true};
  facts.state = ObjectFacts::State::alive;
  facts.elements_or_handle = handle;
  std::uint32_t* words = out_.words.append(2);
  words[0] = encode(ReplayOp::allocate, handle);
  words[1] = shape;
  if (summary_.has_graph) add_fresh(handle);
  if (in_.last_uses != nullptr && a.id < in_.last_uses->size() && (*in_.last_uses)[a.id] != 0) {
    uses_.push({(*in_.last_uses)[a.id] - 1, a.id});
  }
  live_bytes_ += out_.shapes[shape].bytes;
  ++live_objects_;
  summary_.peak_live_bytes = std::max(summary_.peak_live_bytes, live_bytes_);
  summary_.peak_live_objects = std::max(summary_.peak_live_objects, live_objects_);
  summary_.bytes += out_.shapes[shape].bytes;
  ++summary_.objects;
  ++summary_.events;
}

// References.

void ReplayCompiler::on_write(const PointerWrite& write) {
  begin_event();
  if (!summary_.has_graph) return;
  if (write.old_value != 0) {
    if (const ReplayHandle old = handle_of(write.old_value)) add_fresh(old);
  }
  store(write.host, write.slot, write.new_value);
}

void ReplayCompiler::on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  begin_event();
  if (!summary_.has_graph) return;
  for (const InitialEdge& edge : edges) store(host, edge.slot, edge.value);
}

void ReplayCompiler::store(ObjectId host_id, const Slot& slot, ObjectId value_id) {
  const ReplayHandle host = handle_of(host_id);
  if (host == 0) return;
  const ReplayHandle value = value_id == 0 ? 0 : handle_of(value_id);
  ++summary_.events;
  ++summary_.stores;
  const Live& object = live_[host];
  if (object.is_special) return store_special(host, slot, value);
  const std::uint64_t index =
      slot.in_elements ? std::uint64_t{object.fixed} + slot.index : slot.index;
  // A slot that never holds a reference is not there.
  if (slot.is_weak || slot.is_value || index >= out_.shapes[object.shape].strong) return;
  retarget(host, index, value);
  emit_store(host, StoreKind::strong,
             layouts_[object.shape].strong_offset + index * sizeof(RefBits), value);
}

void ReplayCompiler::store_special(ReplayHandle host, const Slot& slot, ReplayHandle value) {
  const ShapeLayout& layout = layouts_[live_[host].shape];
  const ReplayShape& shape = out_.shapes[live_[host].shape];
  const SpecialSlots::Place place = in_.special.place(live_[host].id, slot);
  if (place.kind != StoreKind::strong && !place.is_value && value != 0) {
    live_[value].is_pinned = true;
    change(value);
  }
  switch (place.kind) {
    case StoreKind::strong:
      if (place.index >= shape.strong) return;
      retarget(host, place.index, value);
      return emit_store(host, place.kind, layout.strong_offset + place.index * sizeof(RefBits),
                        value);
    case StoreKind::weak:
      if (place.index >= shape.weak) return;
      return emit_store(host, place.kind, layout.weak_offset + place.index * sizeof(RefBits),
                        value);
    case StoreKind::pair:
      break;
  }
  if (place.index >= shape.pairs) return;
  const std::uint64_t key = layout.pair_offset + std::uint64_t{place.index} * 2 * sizeof(Word);
  retarget(host, std::size_t{shape.strong} + place.index, place.is_value ? value : 0);
  if (place.is_value) return emit_store(host, place.kind, key + sizeof(Word), value);
  // Another key empties its pair: the collection that did so in the recorded run may not have
  // happened yet in this one.
  emit_store(host, place.kind, key + sizeof(Word), 0);
  emit_store(host, place.kind, key, value);
}

std::size_t ReplayCompiler::target_count(const Live& object) const {
  if (object.targets == nullptr) return 0;
  const ReplayShape& shape = out_.shapes[object.shape];
  return std::size_t{shape.strong} + shape.pairs;
}

void ReplayCompiler::retarget(ReplayHandle host, std::size_t index, ReplayHandle value) {
  Live& object = live_[host];
  if (object.targets == nullptr) {
    if (value == 0) return;
    const ReplayShape& shape = out_.shapes[object.shape];
    object.targets = std::make_unique<ReplayHandle[]>(std::size_t{shape.strong} + shape.pairs);
  }
  // First the new one: it may be the same.
  if (value != 0) ++live_[value].incoming;
  let_go(std::exchange(object.targets[index], value));
}

/// A reference to it is gone.
void ReplayCompiler::let_go(ReplayHandle target) {
  if (target == 0 || live_[target].incoming == 0) return;
  if (--live_[target].incoming == 0) change(target);
}

void ReplayCompiler::emit_store(ReplayHandle host, StoreKind kind, std::uint64_t offset,
                                ReplayHandle value) {
  std::uint32_t* words = out_.words.append(3);
  words[0] = encode(ReplayOp::store, host);
  words[1] = (static_cast<std::uint32_t>(kind) << store_kind_shift) |
             static_cast<std::uint32_t>(offset / sizeof(RefBits));
  words[2] = value;
}

// Roots.

void ReplayCompiler::on_thread(ThreadId thread) {
  thread_ = thread;
  if (thread >= fresh_.size()) fresh_.resize(std::size_t{thread} + 1);
}

void ReplayCompiler::on_roots(const RootChange& roots) {
  begin_event();
  if (!summary_.has_graph) return;
  summary_.events += roots.removed.size() + roots.added.size();
  for (const ObjectId id : fresh_[thread_]) {
    const ObjectFacts& facts = in_.objects[id];
    if (facts.state != ObjectFacts::State::alive) continue;
    --live_[facts.elements_or_handle].fresh;
    change(facts.elements_or_handle);
  }
  fresh_[thread_].clear();
  for (const ObjectId id : roots.removed) {
    // It may have died before.
    const ObjectFacts& facts = in_.objects[id];
    if (facts.state != ObjectFacts::State::alive) continue;
    Live& object = live_[facts.elements_or_handle];
    if (object.roots > 0) --object.roots;
    change(facts.elements_or_handle);
  }
  for (const ObjectId id : roots.added) {
    const ReplayHandle handle = handle_of(id);
    if (handle == 0) continue;
    ++live_[handle].roots;
    change(handle);
  }
}

void ReplayCompiler::add_fresh(ReplayHandle handle) {
  ++live_[handle].fresh;
  fresh_[thread_].push_back(live_[handle].id);
  change(handle);
}

void ReplayCompiler::change(ReplayHandle handle) {
  if (live_[handle].is_changed) return;
  live_[handle].is_changed = true;
  changed_.push_back(handle);
}

void ReplayCompiler::sync_roots() {
  for (const ReplayHandle handle : changed_) {
    Live& object = live_[handle];
    object.is_changed = false;
    if (object.id == 0) continue;
    if (object.is_lost()) {
      object.is_pinned = true;
      ++summary_.revived;
    }
    if (object.should_be_root() == object.is_rooted) continue;
    object.is_rooted = !object.is_rooted;
    emit(object.is_rooted ? ReplayOp::root : ReplayOp::unroot, handle);
  }
  changed_.clear();
}

void ReplayCompiler::finish() {
  ++event_;
  begin_event();  // those that died with the last one
  sync_roots();
  out_.words.finish();
  summary_.end_live_bytes = live_bytes_;
  summary_.end_live_objects = live_objects_;
  summary_.program_bytes = out_.words.bytes();
}

}  // namespace heaplab::trace
