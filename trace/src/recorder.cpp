// SPDX-License-Identifier: MIT
#include "heaplab/trace/recorder.h"

#include <algorithm>
#include <stdexcept>

#include "heaplab/heap/live_graph.h"
#include "object_table.h"

namespace heaplab::trace {
namespace {

constexpr std::uint64_t flush_interval_ns = 1'000'000'000;
/// How often the clock on the wall is looked at, in events.
constexpr std::uint64_t events_per_look = 1024;
constexpr unsigned births_shift = 8;

Sizes sizes_of(const HeapSizes& sizes) {
  return {sizes.used,       sizes.committed, sizes.external,
          sizes.young_used, sizes.old_used,  sizes.large_used};
}

/// Whether the slot at this offset is a 4-byte Ref (or else an 8-byte Word).
bool is_small_slot(const TypeLayout& layout, std::size_t offset) {
  if (layout.is_variable() && offset >= layout.fixed_bytes) return layout.element_shift == 2;
  for (unsigned i = 0; i < layout.run_count; ++i) {
    const SlotRun& run = layout.runs[i];
    const bool small = run.kind == SlotKind::ref || run.kind == SlotKind::weak_ref;
    const std::size_t bytes = run.count * (small ? sizeof(RefBits) : sizeof(std::uint64_t));
    if (offset >= run.offset && offset < run.offset + bytes) return small;
  }
  return false;
}

const Object* value_in(const TypeLayout& layout, const Object* host, const void* slot) {
  if (is_small_slot(layout, address_of(slot) - address_of(host))) {
    return decompress(*static_cast<const RefBits*>(slot));
  }
  const std::uint64_t bits = *static_cast<const std::uint64_t*>(slot);
  return Word::is_reference(bits) ? Word(bits).object() : nullptr;
}

}  // namespace

Recorder::Recorder(Heap& heap, const RecorderOptions& options)
    : heap_(heap),
      options_(options),
      writer_(options.path),
      objects_(std::make_unique<ObjectTable>()),
      start_cpu_ns_(cpu_ns()),
      last_flush_ns_(heap.now_ns()) {
  if (heap.observer() != nullptr) throw std::logic_error("this heap is being observed already");
  writer_.info("plan", heap.options().plan);
  writer_.info("deaths", "collections");
  writer_.info("writes", "all");
  writer_.info("accesses", options.reports_reads ? "reads and writes" : "writes");
  heap_.set_observer(this);
  heap_.add_listener(this);
  attached_ = true;
  adopt_existing();
  checkpoint(CheckpointReason::start);
}

Recorder::~Recorder() { detach(); }

void Recorder::detach() {
  if (!attached_) return;
  attached_ = false;
  heap_.set_observer(nullptr);
  heap_.remove_listener(this);
}

void Recorder::finish() {
  if (!attached_) return;
  finishing_ = true;
  heap_.collect(CollectionKind::major, CollectionReason::requested);
  checkpoint(CheckpointReason::exit);
  detach();
  writer_.finish();
}

// Objects.

ObjectId Recorder::id_of(const Object* object) const {
  return object == nullptr ? 0 : objects_->id(object);
}

StackId Recorder::stack_of(const Object* object) const { return objects_->stack(object); }

TypeIndex Recorder::type_index(const Object& object) {
  const TypeId id = object.type_id();
  if (id >= types_.size()) types_.resize(heap_.type_count(), 0);
  if (types_[id] == 0) {
    const TypeDescriptor& type = heap_.type(id);
    types_[id] = writer_.type(type.name, type.node_type);
  }
  return types_[id];
}

/// Objects are born in the order of their ids: the clock of every 256th tells the others' well
/// enough.
void Recorder::remember_birth(ObjectId id) {
  if ((id >> births_shift) >= birth_clocks_.size()) birth_clocks_.push_back(writer_.clock());
}
std::uint64_t Recorder::birth_of(ObjectId id) const { return birth_clocks_[id >> births_shift]; }

void Recorder::adopt_existing() {
  struct Adopter {
    Recorder& recorder;
    void root(std::string_view, std::string_view, Object*) {}
    void node(Object* object) {
      const TypeIndex type = recorder.type_index(*object);
      const ObjectId id =
          recorder.writer_.allocation(type, recorder.heap_.object_bytes(*object), 0, true);
      recorder.remember_birth(id);
      recorder.objects_->set(object, id, 0, 0);
      recorder.heap_.observe(object);
    }
    void edge(Object*, SlotPosition, Object*, bool) {}
    void ephemeron(Object*, Object*, Object*) {}
  } adopter{*this};
  walk_live_graph(heap_, adopter);
}

void Recorder::on_allocate(Object* object, std::size_t bytes) {
  emit_initial_edges();
  consider_checkpoint(CheckpointReason::allocation, has_turns_ ? 4 : 1);
  const TypeIndex type = type_index(*object);
  const StackId stack = options_.sites ? options_.sites->current_stack(writer_) : 0;
  const ObjectId id = writer_.allocation(type, bytes, stack);
  remember_birth(id);
  objects_->set(object, id, stack, writer_.clock());
  fresh_ = object;
  flush_if_due();
}

/// Ref::init is not announced. It is allowed until the next safepoint, so what a fresh object holds
/// then is what it began with.
void Recorder::emit_initial_edges() {
  if (fresh_ == nullptr) return;
  struct Collector {
    const Recorder& recorder;
    const Object* object;
    const TypeLayout& layout;
    std::vector<InitialEdge>& edges;

    void add(const void* slot, const Object* target) {
      const ObjectId id = recorder.id_of(target);
      if (id == 0) return;
      const SlotPosition at = slot_position(layout, object, slot);
      edges.push_back({{at.index, at.in_elements, at.is_value}, id});
    }
    void ref(RefBits* slot) { add(slot, decompress(*slot)); }
    void word(std::uint64_t* slot) {
      if (Word::is_reference(*slot)) add(slot, Word(*slot).object());
    }
    void weak_part(Object* host) { visit_weak_slots(host, layout, *this); }
    void weak_ref(RefBits* slot) { ref(slot); }
    void weak_word(std::uint64_t* slot) { word(slot); }
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      word(key);
      word(value);
    }
  };
  fresh_edges_.clear();
  const TypeLayout& layout = heap_.layout(fresh_->type_id());
  Collector collector{*this, fresh_, layout, fresh_edges_};
  visit_slots(fresh_, layout, collector);
  writer_.initial_edges(objects_->id(fresh_), fresh_edges_);
  fresh_ = nullptr;
}

void Recorder::on_write(Object* host, const void* slot, Object* value) {
  const ObjectId id = objects_->id(host);
  if (id == 0) return;
  objects_->touch(host, writer_.clock());
  if (host == fresh_) return;  // part of its initial edges
  const TypeLayout& layout = heap_.layout(host->type_id());
  const SlotPosition at = slot_position(layout, host, slot);
  PointerWrite record;
  record.host = id;
  record.slot = {at.index, at.in_elements, at.is_value};
  record.old_value = id_of(value_in(layout, host, slot));
  record.new_value = id_of(value);
  if (record.old_value == 0 && record.new_value == 0) return;
  writer_.write(record);
  flush_if_due();
}

void Recorder::touch(const Object* object) { objects_->touch(object, writer_.clock()); }

void Recorder::on_move(Object* from, Object* to, std::size_t) { objects_->move(from, to); }

void Recorder::on_death(Object* object) {
  const ObjectId id = objects_->id(object);
  if (id == 0) return;
  dead_.push_back(id);
  objects_->erase(object);
}

// Moments.

void Recorder::on_collection_start(const Heap&, const CollectionEvent&) { emit_initial_edges(); }

void Recorder::on_collection_end(const Heap&, const CollectionEvent& event) {
  writer_.deaths(dead_);
  dead_.clear();
  Collection record;
  record.number = event.number;
  record.major = event.kind == CollectionKind::major;
  record.collector = writer_.string(event.collector);
  record.reason = writer_.string(to_string(event.reason));
  record.start_ns = event.start_ns;
  record.pause_ns = event.end_ns - event.start_ns;
  record.clock = writer_.clock();
  record.before = sizes_of(event.before);
  record.after = sizes_of(event.after);
  record.promoted_bytes = event.promoted_bytes;
  record.freed_bytes = event.freed_bytes;
  writer_.collection(record);
  last_flush_ns_ = heap_.now_ns();
  writer_.flush();
  // A collection that somebody asked for is a moment somebody wants to see.
  const bool asked = record.major && event.reason == CollectionReason::requested && !finishing_;
  if (asked && time_allows(options_.checkpoint_time_share))
    checkpoint(CheckpointReason::collection);
}

void Recorder::on_limit(const Heap&, const LimitEvent& event) {
  // The program is about to fail; what fills the heap now is what people will ask.
  if (event.kind == LimitEvent::Kind::out_of_memory) {
    fresh_ = nullptr;
    checkpoint(CheckpointReason::allocation);
  }
}

void Recorder::mark(std::string_view name) {
  if (!attached_) return;
  emit_initial_edges();
  writer_.marker({heap_.now_ns(), writer_.clock(), writer_.string(name)});
  if (time_allows(2 * options_.checkpoint_time_share)) checkpoint(CheckpointReason::marker);
}

void Recorder::turn() {
  if (!attached_) return;
  has_turns_ = true;
  emit_initial_edges();
  consider_checkpoint(CheckpointReason::turn, 1);
}

void Recorder::memory(MemorySample sample, std::string_view event) {
  if (!attached_) return;
  sample.event = writer_.string(event);
  writer_.memory(sample);
}

void Recorder::flush_if_due() {
  if ((++events_ % events_per_look) != 0) return;
  const std::uint64_t now = heap_.now_ns();
  if (now - last_flush_ns_ < flush_interval_ns) return;
  last_flush_ns_ = now;
  writer_.time(now);
  writer_.flush();
}

}  // namespace heaplab::trace
