// SPDX-License-Identifier: MIT
#include "heaptrack_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace heaplab::trace::heaptrack {

const char* Counts::on_event(const char* place) {
  return tables_.events == Events::indices ? count_indices(place) : count_pointer(place);
}

void Counts::on_tables(char letter) {
  if (letter != 'a') return;
  counters_.emplace_back();
  counters_.back().bytes = tables_.infos.back().bytes;
}

/// The events from here on, until another kind of line comes.
const char* Counts::count_indices(const char* place) {
  Counter* const counters = counters_.data();
  const std::size_t count = counters_.size();
  const char* const end = lines_.end();
  // In registers while it goes on.
  std::uint64_t live_bytes = live_bytes_;
  std::uint64_t live_objects = live_objects_;
  std::uint64_t peak = peak_;
  std::uint64_t last = last_;
  std::uint32_t maximum = maximum_;
  do {
    const bool is_free = *place == '-';
    const HexDigits number = read_hex_digits(place + 2);
    const char* next = place + 2 + number.digits;
    std::uint64_t index = number.value;
    if (!number.valid || number.digits == 0 || *next != '\n' || place[1] != ' ' || index >= count)
        [[unlikely]] {
      index = index_at(place);
      next = place + line_at(place, end).size();
    }
    place = next + 1;
    Counter& counter = counters[index];
    counter.live_at_peak = counter.seen == maximum ? counter.live_at_peak : counter.live;
    counter.seen = maximum;
    if (is_free) {
      if (counter.live == 0) [[unlikely]] {
        ++unknown_frees_;
        continue;
      }
      counter.temporary += last == index ? 1 : 0;
      last = 0;
      --counter.live;
      --live_objects;
      live_bytes -= counter.bytes;
    } else {
      last = index;
      ++counter.allocations;
      ++counter.live;
      ++live_objects;
      live_bytes += counter.bytes;
      const bool is_maximum = live_bytes > peak;
      peak = is_maximum ? live_bytes : peak;
      maximum += is_maximum ? 1 : 0;
      peak_time_ = is_maximum ? time_ : peak_time_;
    }
  } while (place != end && (*place == '+' || *place == '-'));
  live_bytes_ = live_bytes;
  live_objects_ = live_objects;
  peak_ = peak;
  last_ = last;
  maximum_ = maximum;
  return place;
}

/// Slowly and with all errors.
std::uint64_t Counts::index_at(const char* place) const {
  const char* at = place + 2;
  std::uint64_t index = 0;
  if (place[1] != ' ' || !read_hex(at, index)) lines_.fail(place, "not a hexadecimal number");
  if (*at != '\n') lines_.fail(place, "more on the line than there should be");
  if (index >= counters_.size()) {
    lines_.fail(place, fmt::format("allocation info {:x} is not there", index));
  }
  return index;
}

const char* Counts::count_pointer(const char* place) {
  const bool is_free = *place == '-';
  const char* at = place + 2;
  std::uint64_t first = 0;
  if (place[1] != ' ' || !read_hex(at, first)) lines_.fail(place, "not a hexadecimal number");
  if (is_free) {
    const std::uint32_t info = info_at_.take(first);
    if (info == 0) {
      ++unknown_frees_;
    } else {
      free(info - 1);
    }
  } else {
    std::uint64_t stack = 0;
    std::uint64_t pointer = 0;
    const bool has_stack = *at == ' ' && read_hex(++at, stack);
    if (!has_stack || *at != ' ' || !read_hex(++at, pointer)) {
      lines_.fail(place, "an allocation has a size, a stack and a pointer");
    }
    if (first > most_allocation_bytes) lines_.fail(place, "more bytes than any memory has");
    if (stack >= tables_.stacks.size()) {
      lines_.fail(place, fmt::format("stack {:x} is not there", stack));
    }
    const std::uint32_t info = info_of(first, stack);
    info_at_.put(pointer, info + 1);
    allocate(info);
  }
  if (*at != '\n') lines_.fail(place, "more on the line than there should be");
  return at + 1;
}

/// Where in the hash table the info is, or would be.
std::size_t Counts::info_slot(std::uint64_t bytes, std::uint64_t stack) const {
  std::uint64_t hash = (stack << 20 ^ bytes) * 0x9e3779b97f4a7c15ULL;
  hash ^= hash >> 32;
  std::size_t slot = static_cast<std::size_t>(hash) & (info_slots_.size() - 1);
  while (info_slots_[slot] != 0) {
    const AllocationInfo& info = tables_.infos[info_slots_[slot] - 1];
    if (info.bytes == bytes && info.stack == stack) break;
    slot = (slot + 1) & (info_slots_.size() - 1);
  }
  return slot;
}

/// As heaptrack's interpreter numbers them: infos are made when they are first needed.
std::uint32_t Counts::info_of(std::uint64_t bytes, std::uint64_t stack) {
  const std::size_t slot = info_slot(bytes, stack);
  if (info_slots_[slot] != 0) return info_slots_[slot] - 1;
  tables_.infos.push_back({bytes, static_cast<std::uint32_t>(stack)});
  counters_.emplace_back();
  counters_.back().bytes = bytes;
  const auto number = static_cast<std::uint32_t>(tables_.infos.size());
  info_slots_[slot] = number;
  if (2 * tables_.infos.size() > info_slots_.size()) {
    std::vector<std::uint32_t> old(2 * info_slots_.size());
    old.swap(info_slots_);
    for (const std::uint32_t entry : old) {
      if (entry == 0) continue;
      const AllocationInfo& info = tables_.infos[entry - 1];
      info_slots_[info_slot(info.bytes, info.stack)] = entry;
    }
  }
  return number - 1;
}

void Counts::allocate(std::uint32_t info) {
  Counter& counter = counters_[info];
  if (counter.seen != maximum_) counter.live_at_peak = counter.live;
  counter.seen = maximum_;
  last_ = info;
  ++counter.allocations;
  ++counter.live;
  ++live_objects_;
  live_bytes_ += counter.bytes;
  if (live_bytes_ <= peak_) return;
  peak_ = live_bytes_;
  peak_time_ = time_;
  ++maximum_;
}

void Counts::free(std::uint32_t info) {
  Counter& counter = counters_[info];
  if (counter.seen != maximum_) counter.live_at_peak = counter.live;
  counter.seen = maximum_;
  if (last_ == info) ++counter.temporary;
  last_ = 0;
  --counter.live;
  --live_objects_;
  live_bytes_ -= counter.bytes;
}

/// A run has at most some hundred thousand events: small enough to look only now whether anything
/// comes near its limit.
void Counts::on_run() {
  constexpr std::uint64_t runs_that_fit = 4096;
  if (live_bytes_ > std::numeric_limits<std::uint64_t>::max() / 4 ||
      live_objects_ > std::numeric_limits<std::uint32_t>::max() / 2) {
    lines_.fail(lines_.begin(), "more is alive than any memory has room for");
  }
  if (++runs_since_settled_ == runs_that_fit) settle();
}

/// Makes all narrow numbers small again.
void Counts::settle() {
  earlier_temporary_.resize(counters_.size());
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    Counter& counter = counters_[i];
    earlier_temporary_[i] += std::exchange(counter.temporary, 0);
    if (counter.seen != maximum_) counter.live_at_peak = counter.live;
    counter.seen = 0;
  }
  maximum_ = 0;
  runs_since_settled_ = 0;
}

std::vector<InfoCounts> Counts::finish() {
  settle();
  std::vector<InfoCounts> result;
  result.reserve(counters_.size());
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    const Counter& counter = counters_[i];
    result.push_back(
        {counter.allocations, earlier_temporary_[i], counter.live, counter.live_at_peak});
  }
  return result;
}

}  // namespace heaplab::trace::heaptrack
