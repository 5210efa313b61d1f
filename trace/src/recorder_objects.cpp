// SPDX-License-Identifier: MIT
// The recorder's hot half: what it logs of each object.
#include <algorithm>
#include <cmath>
#include <utility>

#include "event_log.h"
#include "heaplab/trace/recorder.h"
#include "object_references.h"

namespace heaplab::trace {
namespace {

/// A fresh object up to this size is logged as a whole, a larger one reference by reference.
constexpr std::size_t most_image_bytes = 512;
constexpr std::size_t initial_pairs = 1024;
constexpr std::size_t longest_store = 3;  // words

/// The code of a slot of the fixed part, or of elements that are not words.
[[gnu::noinline]] std::uint64_t other_code(const TypeLayout& layout, std::size_t offset) {
  return slot_code(slot_at(layout, offset));
}

/// slot_code of the slot. Most stores are into elements, or into the references at an object's
/// start.
std::uint64_t code_at(const TypeLayout& layout, std::size_t offset) {
  if (offset >= layout.fixed_bytes) {
    // An element's code is its offset, but for the lowest bits.
    static_assert(sizeof(Word) == 8);
    if (layout.elements == ElementKind::words) {
      return (offset - layout.fixed_bytes) | slot_code({0, true});
    }
  } else if (layout.run_count != 0 && layout.runs[0].kind == SlotKind::ref) {
    const std::size_t place = offset - layout.runs[0].offset;
    if (place < layout.runs[0].count * sizeof(RefBits)) {
      return place / sizeof(RefBits) * slot_code({1});
    }
  }
  return other_code(layout, offset);
}

/// Objects are short: a call would take longer than the copy.
void copy_image(std::uint64_t* to, const Object* object, std::size_t words) {
  const std::byte* from = object->bytes();
  for (; words >= 4; words -= 4, to += 4, from += 32) __builtin_memcpy(to, from, 32);
  if (words & 2) {
    __builtin_memcpy(to, from, 16);
    to += 2;
    from += 16;
  }
  if (words & 1) __builtin_memcpy(to, from, 8);
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
  const bool may_hold = options_.sampling_bytes == 0 && heap_.layout(type).has_slots();
  if (may_hold) fresh_ = object;
  if (may_hold && bytes <= most_image_bytes) {
    fresh_words_ = bytes / sizeof(std::uint64_t);
    fresh_entry_ = log_->reserve_open(1 + fresh_words_);
    fresh_first_word_ = entry_word(Entry::object, stack, compress(object));
    log_->commit(1 + fresh_words_);
  } else {
    fresh_entry_ = nullptr;
    std::uint64_t* entry = log_->reserve(2);
    entry[0] = entry_word(Entry::allocation, stack, compress(object));
    entry[1] = object->header();
    log_->commit(2);
  }
  clock_ += bytes;
  access_.now =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(clock_ >> access_shift_, 0xffff'ffffu));
  access_.touch_for_write(object);
}

/// Ref::init is not announced, nor are stores into the newest object. They are allowed until the
/// next safepoint, so what a fresh object holds then is what it began with.
void Recorder::complete_fresh() {
  Object* object = std::exchange(fresh_, nullptr);
  if (fresh_entry_ == nullptr) return log_references(object, heap_.layout(object->type_id()));
  copy_image(fresh_entry_ + 1, object, fresh_words_);
  log_->complete(fresh_entry_, fresh_first_word_);
}

/// Of an object the encoder knows already.
void Recorder::log_contents(Object* object) {
  const TypeLayout& layout = heap_.layout(object->type_id());
  const std::size_t bytes = layout.object_bytes(*object);
  if (bytes > most_image_bytes) return log_references(object, layout);
  const std::size_t words = bytes / sizeof(std::uint64_t);
  std::uint64_t* entry = log_->reserve(1 + words);
  entry[0] = entry_word(Entry::contents, 0, compress(object));
  copy_image(entry + 1, object, words);
  log_->commit(1 + words);
}

void Recorder::log_references(Object* object, const TypeLayout& layout) {
  std::vector<std::uint64_t> pairs;
  const auto write = [&] {
    if (pairs.empty()) return;
    std::uint64_t* entry = log_->reserve(1 + pairs.size());
    entry[0] = entry_word(Entry::initial, pairs.size() / 2, compress(object));
    std::copy(pairs.begin(), pairs.end(), entry + 1);
    log_->commit(1 + pairs.size());
    pairs.clear();
  };
  for_each_reference(object, layout, [&](std::uint64_t code, RefBits target) {
    pairs.push_back(code);
    pairs.push_back(target);
    if (pairs.size() == 2 * initial_pairs) write();
  });
  write();
}

void Recorder::log_store(const Object* host, std::uint64_t code, RefBits old_value,
                         RefBits new_value) {
  const std::uint64_t values = std::uint64_t{new_value} << 32 | old_value;
  if (!log_->has_room(longest_store)) [[unlikely]] {
    log_fresh_and_seal();
  }
  if (code < std::uint64_t{1} << 31) [[likely]] {
    std::uint64_t* entry = log_->reserve(2);
    entry[0] = code << 32 | compress(host);
    entry[1] = values;
    log_->commit(2);
    return;
  }
  std::uint64_t* entry = log_->reserve(longest_store);
  entry[0] = entry_word(Entry::wide_store, 0, compress(host));
  entry[1] = code;
  entry[2] = values;
  log_->commit(longest_store);
}

void Recorder::on_write(Object* host, const void* slot, Object* old_value, Object* value) {
  access_.touch_for_write(host);
  if (options_.sampling_bytes != 0 || (old_value == nullptr && value == nullptr)) return;
  const TypeLayout& layout = heap_.layout(host->type_id());
  log_store(host, code_at(layout, address_of(slot) - address_of(host)), compress(old_value),
            compress(value));
}

/// A collection may have cleared the slot: that it holds no object has to be said.
void Recorder::on_weak_write(Object* host, const void* slot, Object* old_value, Object* value) {
  access_.touch_for_write(host);
  if (options_.sampling_bytes != 0) return;
  const TypeLayout& layout = heap_.layout(host->type_id());
  Slot at = slot_at(layout, address_of(slot) - address_of(host));
  log_store(host, slot_code(at), compress(old_value), compress(value));
  const bool is_key = at.is_weak && layout.elements == ElementKind::ephemeron_words;
  if (!is_key || !at.in_elements) return;
  // A reader takes the value half to be empty after this.
  at.is_weak = false;
  at.is_value = true;
  const Word half(*(static_cast<const std::uint64_t*>(slot) + 1));
  const RefBits kept = half.is_reference() ? compress(half.object()) : 0;
  log_store(host, slot_code(at), kept, kept);
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

void Recorder::on_deaths(std::byte* block, std::span<const std::uint64_t> starts) {
  if (options_.last_uses || sampled_.reserved()) {
    for_each_start(block, starts, [this](Object* object) { log_death(object); });
    return;
  }
  const auto is_set = [](std::uint64_t word) { return word != 0; };
  const auto first = std::find_if(starts.begin(), starts.end(), is_set);
  const auto end = std::find_if(starts.rbegin(), starts.rend(), is_set).base();
  if (first == starts.end()) return;
  const auto count = static_cast<std::size_t>(end - first);
  std::uint64_t* entry = log_->reserve(1 + count);
  const auto place = static_cast<std::uint64_t>(first - starts.begin());
  entry[0] = entry_word(Entry::deaths, count << 10 | place, compress(block));
  std::copy(first, end, entry + 1);
  log_->commit(1 + count);
}

void Recorder::log_death(const Object* object) {
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
