// SPDX-License-Identifier: MIT
#include "heaplab/trace/recorder.h"

#include <algorithm>
#include <stdexcept>

#include "heaplab/heap/live_graph.h"
#include "object_table.h"
#include "root_set.h"
#include "slot_at.h"

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

bool is_ephemeron(const TypeLayout& layout) {
  return layout.elements == ElementKind::ephemeron_words;
}

const Object* value_in(const SlotAt& at, const void* slot) {
  if (at.is_ref) return decompress(*static_cast<const RefBits*>(slot));
  const std::uint64_t bits = *static_cast<const std::uint64_t*>(slot);
  return Word::is_reference(bits) ? Word(bits).object() : nullptr;
}

}  // namespace

Recorder::Recorder(Heap& heap, const RecorderOptions& options)
    : heap_(heap),
      options_(options),
      writer_(options.path),
      objects_(std::make_unique<ObjectTable>()),
      roots_(std::make_unique<RootSet>()),
      start_cpu_ns_(cpu_ns()),
      last_flush_ns_(heap.now_ns()) {
  if (heap.observer() != nullptr) throw std::logic_error("this heap is being observed already");
  writer_.info("plan", heap.options().plan);
  writer_.info("deaths", "collections");
  writer_.info("writes", "all");
  if (options.root_granularity_bytes != 0) {
    writer_.info("roots", std::to_string(options.root_granularity_bytes));
  }
  writer_.info("accesses", options.reports_reads ? "reads and writes" : "writes");
  // Objects that are dead already might come back through weak slots, and nobody would know them.
  heap_.collect(CollectionKind::major, CollectionReason::requested);
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
    std::vector<Object*> objects = {};
    void root(std::string_view, std::string_view, Object*) {}
    void node(Object* object) {
      const TypeIndex type = recorder.type_index(*object);
      const ObjectId id =
          recorder.writer_.allocation(type, recorder.heap_.object_bytes(*object), 0, true);
      recorder.remember_birth(id);
      recorder.objects_->set(object, id, 0, 0);
      recorder.heap_.observe(object);
      objects.push_back(object);
    }
    void edge(Object*, SlotPosition, Object*, bool) {}
    void ephemeron(Object*, Object*, Object*) {}
  } adopter{*this};
  walk_live_graph(heap_, adopter);
  for (Object* object : adopter.objects) emit_edges_of(object);
}

void Recorder::on_allocate(Object* object, std::size_t bytes) {
  emit_initial_edges();
  if (writer_.clock() - roots_clock_ >= options_.root_granularity_bytes) write_roots();
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
  Object* object = fresh_;
  fresh_ = nullptr;
  emit_edges_of(object);
}

void Recorder::emit_edges_of(Object* object) {
  struct Collector {
    const Recorder& recorder;
    const Object* object;
    const TypeLayout& layout;
    std::vector<InitialEdge>& edges;

    void add(const void* slot, const Object* target) {
      const ObjectId id = recorder.id_of(target);
      if (id == 0) return;
      edges.push_back({slot_at(layout, address_of(slot) - address_of(object)).slot, id});
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
  const TypeLayout& layout = heap_.layout(object->type_id());
  Collector collector{*this, object, layout, fresh_edges_};
  visit_slots(object, layout, collector);
  writer_.initial_edges(objects_->id(object), fresh_edges_);
}

/// Between safepoints the program may hold an object where the heap does not see it; at one, the
/// roots are exact.
void Recorder::write_roots() {
  if (options_.root_granularity_bytes == 0) return;
  struct Look : RootVisitor {
    explicit Look(Recorder& owner) : recorder(owner) {}
    void object(Object** slot) override { recorder.roots_->slot(recorder.id_of(*slot)); }
    void words(std::uint64_t* begin, std::uint64_t* end) override {
      for (; begin != end; ++begin) {
        const bool reference = Word::is_reference(*begin);
        recorder.roots_->slot(reference ? recorder.id_of(Word(*begin).object()) : 0);
      }
    }
    Recorder& recorder;
  } look{*this};
  roots_->begin();
  heap_.visit_roots(look);
  const RootChange change = roots_->end();
  writer_.roots(change.removed, change.added);
  roots_clock_ = writer_.clock();
}

void Recorder::on_write(Object* host, const void* slot, Object* value) {
  const ObjectId id = objects_->id(host);
  if (id == 0) return;
  objects_->touch(host, writer_.clock());
  if (host == fresh_) return;  // part of its initial edges
  const SlotAt at = slot_at(heap_.layout(host->type_id()), address_of(slot) - address_of(host));
  PointerWrite record;
  record.host = id;
  record.slot = at.slot;
  record.old_value = id_of(value_in(at, slot));
  record.new_value = id_of(value);
  // A collection may have cleared a weak slot: that it holds no object has to be said.
  const bool is_clearable = at.slot.is_weak || at.slot.is_value;
  if (record.old_value == 0 && record.new_value == 0 && !is_clearable) return;
  writer_.write(record);
  if (at.slot.is_weak && is_ephemeron(heap_.layout(host->type_id())) && at.slot.in_elements) {
    // A reader takes the value half to be empty after this.
    record.slot.is_weak = false;
    record.slot.is_value = true;
    const std::uint64_t value_bits = static_cast<const std::uint64_t*>(slot)[1];
    record.old_value = Word::is_reference(value_bits) ? id_of(Word(value_bits).object()) : 0;
    record.new_value = record.old_value;
    writer_.write(record);
  }
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

void Recorder::on_collection_start(const Heap&, const CollectionEvent&) {
  emit_initial_edges();
  write_roots();
}

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
    emit_initial_edges();
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
