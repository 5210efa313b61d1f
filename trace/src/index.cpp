// SPDX-License-Identifier: MIT
#include "index.h"

#include "heaplab/trace/format.h"
#include "table_decoder.h"

namespace heaplab::trace {

void Index::add(const IndexEntry& entry, bool can_start) {
  if (!entries_.empty() && (++skipped_ < step_ || !can_start)) {
    entries_.back().has_tables = entries_.back().has_tables || entry.has_tables;
    return;
  }
  skipped_ = 0;
  entries_.push_back(entry);
  if (entries_.size() < max_index_entries) return;
  for (std::size_t i = 0; i < entries_.size() / 2; ++i) {
    const bool has_tables = entries_[2 * i].has_tables || entries_[2 * i + 1].has_tables;
    entries_[i] = entries_[2 * i];
    entries_[i].has_tables = has_tables;
  }
  entries_.resize(entries_.size() / 2);
  step_ *= 2;
  skipped_ = step_ / 2;
}

std::string Index::encode() const {
  std::string out;
  put_varint(out, entries_.size());
  IndexEntry last;
  for (const IndexEntry& entry : entries_) {
    put_varint(out, entry.offset - last.offset);
    put_varint(out, entry.start.time_ns - last.start.time_ns);
    put_varint(out, entry.start.clock - last.start.clock);
    put_varint(out, entry.start.objects - last.start.objects);
    put_varint(out, entry.start.checkpoints - last.start.checkpoints);
    put_varint(out, entry.start.thread);
    put_varint(out, entry.has_tables ? 1 : 0);
    last = entry;
  }
  return out;
}

Index Index::decode(Cursor& in, std::uint64_t block_offset) {
  constexpr std::size_t least_bytes = 7;
  Index index;
  const std::uint64_t count = in.count("entry count", least_bytes);
  IndexEntry entry;
  const auto advance = [&in](std::uint64_t& field, const char* what, std::uint64_t limit) {
    field += in.in_range(what, 0, limit - field);
  };
  for (std::uint64_t i = 0; i < count; ++i) {
    advance(entry.offset, "block offset", block_offset);
    advance(entry.start.time_ns, "time", any64);
    advance(entry.start.clock, "bytes clock", any64);
    advance(entry.start.objects, "object count", max_object_id);
    advance(entry.start.checkpoints, "checkpoint count", any64);
    entry.start.thread = in.in_range32("thread", 0, max_threads);
    entry.has_tables = (in.varint("flags of an index entry") & 1) != 0;
    index.entries_.push_back(entry);
  }
  return index;
}

}  // namespace heaplab::trace
