// SPDX-License-Identifier: MIT
// Records that come by the thousand at most, and what a decoder does at either end of a file.
#include "record_decoder.h"

namespace heaplab::trace {

void RecordDecoder::decode_end(const Block& block) const {
  Cursor in(path_, block.offset, block.payload);
  if (in.byte("the end record") != static_cast<std::uint8_t>(Op::end)) {
    in.fail("the end block holds something else");
  }
  in.in_range("object count", newest_, newest_);
  in.in_range("bytes clock", clock_, clock_);
  while (!in.at_end()) {
    if (in.byte("a record") < first_optional_op) in.fail("bytes after the end record");
    in.skip(in.varint("length of an optional record"), "an optional record");
  }
  if (checkpoint_.is_open()) in.fail("the recording ends inside a checkpoint");
}

void RecordDecoder::start_at(const Position& position) {
  time_ = position.time_ns;
  clock_ = position.clock;
  newest_ = position.objects;
  thread_ = position.thread;
  checkpoint_.start_after(position.checkpoints);
}

void RecordDecoder::deaths(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t runs = in.count("run count", 2);
  ObjectId next = 0;
  for (std::uint64_t i = 0; i < runs; ++i) {
    const ObjectId first =
        in.check(next + in.in_range("gap", 0, newest_), "dead object", 1, newest_);
    const std::uint64_t count = in.in_range("run length", 1, newest_ - first + 1);
    deaths_ += count;
    if (deaths_ > newest_) in.fail("more deaths than objects");
    for (std::uint64_t k = 0; k < count; ++k) visitor.on_death(first + k);
    next = first + count;
  }
}

void RecordDecoder::id_list(Cursor& in, const char* what, std::vector<ObjectId>& list) {
  const std::uint64_t count = in.count(what);
  list.resize(static_cast<std::size_t>(count));
  for (ObjectId& id : list) id = contexts_.root = in.near(contexts_.root, what, 1, newest_);
}

void RecordDecoder::roots(Cursor& in, RecordingVisitor& visitor) {
  id_list(in, "removed root", removed_);
  id_list(in, "added root", added_);
  visitor.on_roots({removed_, added_});
}

void RecordDecoder::last_uses(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t count = in.count("use count", 2);
  for (std::uint64_t i = 0; i < count; ++i) {
    contexts_.used = in.near(contexts_.used, "used object", 1, newest_);
    contexts_.used_clock = in.near(contexts_.used_clock, "clock of last use", 0, clock_);
    visitor.on_last_use({contexts_.used, contexts_.used_clock});
  }
}

void RecordDecoder::switch_thread(Cursor& in, RecordingVisitor& visitor) {
  thread_ = tables_.thread_id(in);
  visitor.on_thread(thread_);
}

void RecordDecoder::skipped(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t objects = in.varint("skipped objects");
  const std::uint64_t bytes = in.in_range("skipped bytes", 0, any64 - clock_);
  clock_ += bytes;
  skipped_bytes_ += bytes;
  visitor.on_skipped(objects, bytes);
}

void RecordDecoder::profile(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t time = in.varint("time");
  seen_time(time);
  profile_.resize(static_cast<std::size_t>(in.count("entry count", 3)));
  for (ProfileEntry& entry : profile_) {
    entry.stack = tables_.stack_id(in);
    entry.bytes = in.varint("live bytes");
    entry.objects = in.varint("live objects");
  }
  visitor.on_profile(time, profile_);
}

void RecordDecoder::attachment(Cursor& in, RecordingVisitor& visitor) {
  Attachment record;
  record.time_ns = in.varint("time");
  record.kind = tables_.string_id(in);
  record.path = tables_.string_id(in);
  seen_time(record.time_ns);
  visitor.on_attachment(record);
}

Sizes RecordDecoder::sizes(Cursor& in) {
  Sizes sizes;
  for (std::uint64_t* field : {&sizes.used, &sizes.committed, &sizes.external, &sizes.young_used,
                               &sizes.old_used, &sizes.large_used}) {
    *field = in.varint("a size");
  }
  return sizes;
}

void RecordDecoder::collection(Cursor& in, RecordingVisitor& visitor) {
  Collection record;
  record.number = in.varint("collection number");
  record.major = in.in_range("collection kind", 0, 1) == 1;
  record.collector = tables_.string_id(in);
  record.reason = tables_.string_id(in);
  record.start_ns = in.varint("time");
  record.pause_ns = in.in_range("pause", 0, any64 - record.start_ns);
  record.clock = in.varint("bytes clock");
  record.before = sizes(in);
  record.after = sizes(in);
  record.promoted_bytes = in.varint("promoted bytes");
  record.freed_bytes = in.varint("freed bytes");
  seen_time(record.start_ns + record.pause_ns);
  visitor.on_collection(record);
}

void RecordDecoder::memory(Cursor& in, RecordingVisitor& visitor) {
  MemorySample record;
  record.time_ns = in.varint("time");
  record.event = tables_.string_id(in);
  for (std::uint64_t* field : {&record.rss, &record.heap_total, &record.heap_used, &record.external,
                               &record.array_buffers}) {
    *field = in.varint("a memory size");
  }
  seen_time(record.time_ns);
  visitor.on_memory(record);
}

void RecordDecoder::time(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t time = in.varint("time");
  seen_time(time);
  visitor.on_time(time);
}

void RecordDecoder::marker(Cursor& in, RecordingVisitor& visitor) {
  Marker record;
  record.time_ns = in.varint("time");
  record.clock = in.varint("bytes clock");
  record.name = tables_.string_id(in);
  seen_time(record.time_ns);
  visitor.on_marker(record);
}

}  // namespace heaplab::trace
