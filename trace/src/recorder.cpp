// SPDX-License-Identifier: MIT
#include "heaplab/trace/recorder.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "encoder.h"
#include "heaplab/heap/live_graph.h"
#include "label_cache.h"

namespace heaplab::trace {
namespace {

Sizes sizes_of(const HeapSizes& sizes) {
  return {sizes.used,       sizes.committed, sizes.external,
          sizes.young_used, sizes.old_used,  sizes.large_used};
}

}  // namespace

Recorder::Recorder(Heap& heap, const RecorderOptions& options)
    : heap_(heap), options_(options), start_cpu_ns_(cpu_ns()) {
  if (heap.observer() != nullptr) throw std::logic_error("this heap is being observed already");
  if (options.shared == nullptr) own_ = std::make_unique<SharedRecording>(options.path);
  shared_ = (own_ ? own_.get() : options.shared)->state_;
  if (options_.sampling_bytes != 0) {
    options_.root_granularity_bytes = 0;
    sampled_.reserve(cage_base, cage_bytes);
    draw_sample();
  }
  if (options_.last_uses) access_shift_ = 4;
  access_memory_.reserve_anywhere(cage_bytes / AccessTable::cell_bytes * sizeof(AccessTable::Cell));
  Reservation::prefer_large_pages(reinterpret_cast<void*>(access_memory_.base()),
                                  access_memory_.bytes());
  access_.cells = reinterpret_cast<AccessTable::Cell*>(access_memory_.base());
  encoder_ = std::make_unique<Encoder>(heap, shared_, options_);
  log_ = &encoder_->log();
  sites_ = std::make_unique<SiteTable>(*log_);
  labels_ = std::make_unique<LabelCache>();
  write_facts();
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
  log_fresh();
  heap_.set_observer(nullptr);
  heap_.remove_listener(this);
  encoder_->close();
  log_ = nullptr;
}

void Recorder::write_facts() {
  info("plan", heap_.options().plan);
  info("deaths", "collections");
  info("accesses", options_.reports_reads ? "reads and writes" : "writes");
  if (options_.last_uses) info("last uses", "all");
  if (options_.sampling_bytes != 0) {
    info("sampling", std::to_string(options_.sampling_bytes));
    return;
  }
  info("writes", "all");
  if (options_.root_granularity_bytes != 0) {
    info("roots", std::to_string(options_.root_granularity_bytes));
  }
}

void Recorder::finish() {
  if (!attached_) return;
  finishing_ = true;
  heap_.collect(CollectionKind::major, CollectionReason::requested);
  checkpoint(CheckpointReason::exit);
  detach();
  if (own_) own_->finish();
}

void Recorder::flush() {
  if (!attached_) return;
  log_fresh_and_seal();
  log_skipped();
  log_->call([](Encoder& encoder) { encoder.writer().flush(); });
  log_->wait_until_taken();
}

// Objects.

StackId Recorder::stack_of(const Object* object) const {
  return encoder_->stack_of(compress(object));
}

void Recorder::announce_types() {
  for (; known_types_ < heap_.type_count(); ++known_types_) {
    const TypeDescriptor& type = heap_.type(static_cast<TypeId>(known_types_));
    log_->call([name = type.name, node_type = std::string(type.node_type)](Encoder& encoder) {
      encoder.define_type(name, node_type);
    });
  }
}

void Recorder::adopt_existing() {
  struct Adopter {
    Recorder& recorder;
    std::vector<Object*> objects = {};
    void root(std::string_view, std::string_view, Object*) {}
    void node(Object* object) { objects.push_back(object); }
    void edge(Object*, SlotPosition, Object*, bool) {}
    void ephemeron(Object*, Object*, Object*) {}
  } adopter{*this};
  walk_live_graph(heap_, adopter);
  announce_types();
  std::vector<CheckpointData::Node> nodes;
  for (Object* object : adopter.objects) {
    heap_.observe(object);
    if (sampled_.reserved()) sampled_.set(object);
    nodes.push_back({compress(object), object->type_id(), heap_.object_bytes(*object), 0, 0, 0, 0});
  }
  log_->call([nodes = std::move(nodes)](Encoder& encoder) {
    for (const CheckpointData::Node& node : nodes) {
      encoder.adopt(node.object, node.type, node.bytes);
    }
  });
  if (options_.sampling_bytes != 0) return;
  for (Object* object : adopter.objects) log_contents(object);
}

// Moments.

void Recorder::look_around() {
  if (options_.root_granularity_bytes != 0 &&
      clock_ - roots_clock_ >= options_.root_granularity_bytes) {
    log_roots();
  }
  consider_checkpoint(CheckpointReason::allocation, has_turns_ ? 4 : 1);
  next_look_ = clock_ + std::min(options_.checkpoint_step_bytes, 64 * KiB);
  if (options_.root_granularity_bytes != 0) {
    next_look_ = std::min(next_look_, roots_clock_ + options_.root_granularity_bytes);
  }
}

void Recorder::on_collection_start(const Heap&, const CollectionEvent&) {
  log_fresh();
  log_skipped();
  log_roots();
  roots_moved_ = true;
}

void Recorder::on_collection_end(const Heap&, const CollectionEvent& event) {
  Collection record;
  record.number = event.number;
  record.major = event.kind == CollectionKind::major;
  record.start_ns = event.start_ns;
  record.pause_ns = event.end_ns - event.start_ns;
  record.before = sizes_of(event.before);
  record.after = sizes_of(event.after);
  record.promoted_bytes = event.promoted_bytes;
  record.freed_bytes = event.freed_bytes;
  log_->call([record, collector = std::string(event.collector),
              reason = std::string(to_string(event.reason))](Encoder& encoder) {
    encoder.collection(record, collector, reason);
  });
  // A collection that somebody asked for is a moment somebody wants to see.
  const bool asked = record.major && event.reason == CollectionReason::requested && !finishing_;
  if (asked && time_allows(options_.checkpoint_time_share))
    checkpoint(CheckpointReason::collection);
}

void Recorder::on_limit(const Heap&, const LimitEvent& event) {
  // The program is about to fail; what fills the heap now is what people will ask.
  if (event.kind != LimitEvent::Kind::out_of_memory) return;
  log_fresh_and_seal();
  checkpoint(CheckpointReason::allocation);
  flush();
}

void Recorder::mark(std::string_view name) {
  if (!attached_) return;
  log_fresh_and_seal();
  log_skipped();
  log_->call([time = heap_.now_ns(), text = std::string(name)](Encoder& encoder) {
    RecordingWriter& writer = encoder.writer();
    writer.marker({time, writer.clock(), writer.string(text)});
  });
  if (time_allows(2 * options_.checkpoint_time_share)) checkpoint(CheckpointReason::marker);
}

void Recorder::turn() {
  if (!attached_) return;
  has_turns_ = true;
  log_fresh_and_seal();
  consider_checkpoint(CheckpointReason::turn, 1);
}

void Recorder::memory(const MemorySample& sample, std::string_view event) {
  if (!attached_) return;
  log_fresh_and_seal();
  log_->call([sample, text = std::string(event)](Encoder& encoder) {
    MemorySample record = sample;
    record.event = encoder.writer().string(text);
    encoder.writer().memory(record);
  });
}

void Recorder::info(std::string_view key, std::string_view value) {
  if (log_ == nullptr) return;
  log_fresh_and_seal();
  log_->call([key = std::string(key), value = std::string(value)](Encoder& encoder) {
    encoder.writer().info(key, value);
  });
}

std::string Recorder::error() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->failure.empty() ? shared_->writer.error() : shared_->failure;
}

}  // namespace heaplab::trace
