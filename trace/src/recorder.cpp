// SPDX-License-Identifier: MIT
#include "heaplab/trace/recorder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "encoder.h"
#include "heaplab/heap/live_graph.h"
#include "label_cache.h"
#include "slot_at.h"

namespace heaplab::trace {
namespace {

/// A fresh object up to this size is logged as a whole, a larger one reference by reference.
constexpr std::size_t most_image_bytes = 512;
constexpr std::size_t initial_pairs = 1024;
/// Elements up to here have codes of less than 31 bits.
constexpr std::size_t most_plain_bytes = std::size_t{1} << 30;

Sizes sizes_of(const HeapSizes& sizes) {
  return {sizes.used,       sizes.committed, sizes.external,
          sizes.young_used, sizes.old_used,  sizes.large_used};
}

RefBits value_in(const SlotAt& at, const void* slot) {
  if (at.is_ref) return *static_cast<const RefBits*>(slot);
  const std::uint64_t bits = *static_cast<const std::uint64_t*>(slot);
  return Word::is_reference(bits) ? compress(Word(bits).object()) : 0;
}

bool is_ephemeron_key(const TypeLayout& layout, const Slot& slot) {
  return slot.is_weak && slot.in_elements && layout.elements == ElementKind::ephemeron_words;
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
  heap_.set_observer(nullptr);
  heap_.remove_listener(this);
  encoder_->close();
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
  log_fresh();
  log_skipped();
  log_->call([](Encoder& encoder) { encoder.writer().flush(); });
  log_->wait_until_taken();
}

// Objects.

StackId Recorder::stack_of(const Object* object) const {
  log_->wait_until_taken();
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

void Recorder::on_allocate(Object* object, std::size_t bytes) {
  log_fresh();
  if (clock_ >= next_look_ || heap_.external_bytes() != external_seen_) [[unlikely]] {
    look_around();
  }
  if (options_.sampling_bytes != 0 && is_skipped(object, bytes)) return;
  const TypeId type = object->type_id();
  if (type >= known_types_) [[unlikely]] {
    announce_types();
  }
  const StackId stack = options_.sites ? options_.sites->current_stack(*sites_) : 0;
  std::uint64_t* entry = log_->reserve(2);
  entry[0] = entry_word(Entry::allocation, stack, compress(object));
  entry[1] = object->header();
  log_->commit(2);
  clock_ += bytes;
  access_.now =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(clock_ >> access_shift_, 0xffff'ffffu));
  access_.touch_for_write(object);
  if (options_.sampling_bytes == 0 && heap_.layout(type).has_slots()) fresh_ = object;
}

/// Ref::init is not announced. It is allowed until the next safepoint, so what a fresh object holds
/// then is what it began with.
void Recorder::log_contents(Object* object) {
  const TypeLayout& layout = heap_.layout(object->type_id());
  const std::size_t bytes = layout.object_bytes(*object);
  if (bytes <= most_image_bytes) {
    const std::size_t words = bytes / sizeof(std::uint64_t);
    std::uint64_t* entry = log_->reserve(1 + words);
    entry[0] = entry_word(Entry::contents, 0, compress(object));
    std::memcpy(entry + 1, object, bytes);
    log_->commit(1 + words);
    return;
  }
  struct Collector {
    EventLog& log;
    Object* object;
    const TypeLayout& layout;
    std::vector<std::uint64_t> pairs = {};

    void add(const void* slot, RefBits target) {
      pairs.push_back(code_of(slot_at(layout, address_of(slot) - address_of(object)).slot));
      pairs.push_back(target);
      if (pairs.size() == 2 * initial_pairs) write();
    }
    void write() {
      if (pairs.empty()) return;
      std::uint64_t* entry = log.reserve(1 + pairs.size());
      entry[0] = entry_word(Entry::initial, pairs.size() / 2, compress(object));
      std::copy(pairs.begin(), pairs.end(), entry + 1);
      log.commit(1 + pairs.size());
      pairs.clear();
    }
    void ref(RefBits* slot) {
      if (*slot != 0) add(slot, *slot);
    }
    void word(std::uint64_t* slot) {
      if (Word::is_reference(*slot)) add(slot, compress(Word(*slot).object()));
    }
    void weak_part(Object* host) { visit_weak_slots(host, layout, *this); }
    void weak_ref(RefBits* slot) { ref(slot); }
    void weak_word(std::uint64_t* slot) { word(slot); }
    void ephemeron(std::uint64_t* key, std::uint64_t* value) {
      word(key);
      word(value);
    }
  } collector{*log_, object, layout};
  visit_slots(object, layout, collector);
  collector.write();
}

void Recorder::log_store(const Object* host, const Slot& slot, RefBits old_value,
                         RefBits new_value) {
  const std::uint64_t code = code_of(slot);
  const std::uint64_t values = std::uint64_t{new_value} << 32 | old_value;
  if (code < std::uint64_t{1} << 31) [[likely]] {
    std::uint64_t* entry = log_->reserve(2);
    entry[0] = code << 32 | compress(host);
    entry[1] = values;
    log_->commit(2);
    return;
  }
  std::uint64_t* entry = log_->reserve(3);
  entry[0] = entry_word(Entry::wide_store, 0, compress(host));
  entry[1] = code;
  entry[2] = values;
  log_->commit(3);
}

void Recorder::on_write(Object* host, const void* slot, Object* value) {
  if (host == fresh_) return;  // part of its contents
  access_.touch_for_write(host);
  if (options_.sampling_bytes != 0) return;
  const TypeLayout& layout = heap_.layout(host->type_id());
  const std::size_t offset = address_of(slot) - address_of(host);
  if (layout.elements == ElementKind::words && offset - layout.fixed_bytes < most_plain_bytes) {
    // Most stores. An element's code is its offset, but for the lowest bits.
    static_assert(sizeof(Word) == 8);
    const std::uint64_t code = (offset - layout.fixed_bytes) | code_of({0, true});
    const std::uint64_t bits = *static_cast<const std::uint64_t*>(slot);
    const RefBits old_value = Word::is_reference(bits) ? compress(Word(bits).object()) : 0;
    if (old_value == 0 && value == nullptr) return;
    std::uint64_t* entry = log_->reserve(2);
    entry[0] = code << 32 | compress(host);
    entry[1] = std::uint64_t{compress(value)} << 32 | old_value;
    log_->commit(2);
    return;
  }
  on_other_write(host, slot, value);
}

void Recorder::on_other_write(Object* host, const void* slot, Object* value) {
  const TypeLayout& layout = heap_.layout(host->type_id());
  const SlotAt at = slot_at(layout, address_of(slot) - address_of(host));
  const RefBits old_value = value_in(at, slot);
  const RefBits new_value = compress(value);
  // A collection may have cleared a weak slot: that it holds no object has to be said.
  const bool is_clearable = at.slot.is_weak || at.slot.is_value;
  if (old_value == 0 && new_value == 0 && !is_clearable) return;
  log_store(host, at.slot, old_value, new_value);
  if (is_ephemeron_key(layout, at.slot)) {
    // A reader takes the value half to be empty after this.
    SlotAt half = at;
    half.slot.is_weak = false;
    half.slot.is_value = true;
    const RefBits kept = value_in(half, static_cast<const std::uint64_t*>(slot) + 1);
    log_store(host, half.slot, kept, kept);
  }
}

void Recorder::on_move(Object* from, Object* to, std::size_t) {
  if (sampled_.reserved()) {
    if (!sampled_.test(from)) return;
    sampled_.clear(from);
    sampled_.set(to);
  }
  std::uint64_t* entry = log_->reserve(2);
  entry[0] = entry_word(Entry::move, 0, compress(from));
  entry[1] = compress(to);
  log_->commit(2);
  access_.of(to) = access_.of(from);
}

void Recorder::on_death(Object* object) {
  if (sampled_.reserved()) {
    if (!sampled_.test(object)) return;
    sampled_.clear(object);
  }
  std::uint64_t* entry = log_->reserve(2);
  entry[0] = entry_word(Entry::death, 0, compress(object));
  entry[1] = std::uint64_t{access_.of(object).last_use} << access_shift_;
  log_->commit(2);
}

// Samples.

void Recorder::draw_sample() {
  std::exponential_distribution<double> distance(1.0 /
                                                 static_cast<double>(options_.sampling_bytes));
  until_sample_ = 1 + static_cast<std::int64_t>(std::min(distance(random_), 1e15));
}

bool Recorder::is_skipped(Object* object, std::size_t bytes) {
  until_sample_ -= static_cast<std::int64_t>(bytes);
  if (until_sample_ > 0) {
    ++skipped_objects_;
    skipped_bytes_ += bytes;
    clock_ += bytes;
    access_.now =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(clock_ >> access_shift_, 0xffff'ffffu));
    access_.touch_for_write(object);
    return true;
  }
  draw_sample();
  sampled_.set(object);
  log_skipped();
  return false;
}

void Recorder::log_skipped() {
  if (skipped_objects_ == 0) return;
  std::uint64_t* entry = log_->reserve(3);
  entry[0] = entry_word(Entry::skipped, 0, 0);
  entry[1] = std::exchange(skipped_objects_, 0);
  entry[2] = std::exchange(skipped_bytes_, 0);
  log_->commit(3);
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
  log_fresh();
  checkpoint(CheckpointReason::allocation);
  flush();
}

void Recorder::mark(std::string_view name) {
  if (!attached_) return;
  log_fresh();
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
  log_fresh();
  consider_checkpoint(CheckpointReason::turn, 1);
}

void Recorder::memory(const MemorySample& sample, std::string_view event) {
  if (!attached_) return;
  log_->call([sample, text = std::string(event)](Encoder& encoder) {
    MemorySample record = sample;
    record.event = encoder.writer().string(text);
    encoder.writer().memory(record);
  });
}

void Recorder::info(std::string_view key, std::string_view value) {
  log_->call([key = std::string(key), value = std::string(value)](Encoder& encoder) {
    encoder.writer().info(key, value);
  });
}

std::string Recorder::error() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->failure.empty() ? shared_->writer.error() : shared_->failure;
}

}  // namespace heaplab::trace
