// SPDX-License-Identifier: MIT
// The recorder's hot half: what it logs of each object.
#include <algorithm>
#include <cmath>
#include <utility>

#include "event_log.h"
#include "heaplab/heap/visit.h"
#include "heaplab/trace/recorder.h"
#include "slot_at.h"

namespace heaplab::trace {
namespace {

/// A fresh object up to this size is logged as a whole, a larger one reference by reference.
constexpr std::size_t most_image_bytes = 512;
constexpr std::size_t initial_pairs = 1024;
/// Elements up to here have codes of less than 31 bits.
constexpr std::size_t most_plain_bytes = std::size_t{1} << 30;

RefBits value_in(const SlotAt& at, const void* slot) {
  if (at.is_ref) return *static_cast<const RefBits*>(slot);
  const std::uint64_t bits = *static_cast<const std::uint64_t*>(slot);
  return Word::is_reference(bits) ? compress(Word(bits).object()) : 0;
}

bool is_ephemeron_key(const TypeLayout& layout, const Slot& slot) {
  return slot.is_weak && slot.in_elements && layout.elements == ElementKind::ephemeron_words;
}

}  // namespace

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

}  // namespace heaplab::trace
