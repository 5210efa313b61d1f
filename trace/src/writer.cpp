// SPDX-License-Identifier: MIT
#include "heaplab/trace/writer.h"

#include "writer_state.h"

namespace heaplab::trace {
namespace {

void put_sizes(ByteBuffer& out, const Sizes& sizes) {
  for (const std::uint64_t value : {sizes.used, sizes.committed, sizes.external, sizes.young_used,
                                    sizes.old_used, sizes.large_used}) {
    out.put_varint(value);
  }
}

struct IdRun {
  ObjectId first;
  std::uint64_t count;
};

/// The young that die are neighbours: then marking a bit for each and reading the bits in order is
/// far cheaper than sorting.
void sort_ids(std::vector<ObjectId>& ids) {
  if (std::is_sorted(ids.begin(), ids.end())) return;
  const auto [least, most] = std::minmax_element(ids.begin(), ids.end());
  const ObjectId first = *least;
  const std::uint64_t words = (*most - first) / 64 + 1;
  if (words > ids.size()) return std::sort(ids.begin(), ids.end());
  std::vector<std::uint64_t> marks(words);
  for (const ObjectId id : ids) marks[(id - first) / 64] |= std::uint64_t{1} << (id - first) % 64;
  auto out = ids.begin();
  for (std::uint64_t i = 0; i < words; ++i) {
    for (std::uint64_t rest = marks[i]; rest != 0; rest &= rest - 1) {
      *out++ = first + i * 64 + static_cast<std::uint64_t>(__builtin_ctzll(rest));
    }
  }
  ids.erase(out, ids.end());
}

std::vector<IdRun> runs_of(const std::vector<ObjectId>& sorted) {
  std::vector<IdRun> runs;
  for (const ObjectId id : sorted) {
    if (!runs.empty() && id == runs.back().first + runs.back().count) {
      ++runs.back().count;
    } else {
      runs.push_back({id, 1});
    }
  }
  return runs;
}

}  // namespace

std::string_view to_string(CheckpointReason reason) {
  constexpr std::string_view names[checkpoint_reasons] = {"start",      "allocation", "turn",
                                                          "collection", "marker",     "exit"};
  return names[static_cast<unsigned>(reason)];
}

RecordingWriter::RecordingWriter(const std::string& path)
    : blocks_(std::make_unique<BlockWriter>(path)), state_(std::make_unique<WriterState>()) {}

RecordingWriter::~RecordingWriter() { flush(); }

void RecordingWriter::flush() {
  WriterState& state = *state_;
  blocks_->flush(state.block, state.can_start);
  state.contexts = {};
  state.now.clock = clock_;
  state.now.objects = last_id_;
  state.block = {0, state.now, false};
  state.can_start = !state.in_checkpoint;
}

void RecordingWriter::finish() {
  flush();
  // What ends inside a checkpoint was cut off: readers throw that one away, and may.
  if (state_->in_checkpoint) return blocks_->close();
  ByteBuffer& out = begin_record(Op::end, 2);
  out.put_varint(last_id_);
  out.put_varint(clock_);
  blocks_->finish();
}

const std::string& RecordingWriter::error() const { return blocks_->error(); }
std::uint64_t RecordingWriter::bytes_written() const { return blocks_->bytes_written(); }

/// Of an object, so that neither it nor the clock leaves the format's range.
std::uint64_t RecordingWriter::most_bytes() const {
  return std::min(max_object_bytes, ~std::uint64_t{0} - clock_);
}

ObjectId RecordingWriter::allocation(TypeIndex type, std::uint64_t bytes, StackId stack,
                                     bool adopted) {
  bytes = std::min(bytes, most_bytes());
  const std::uint32_t number = class_of(type, bytes, stack);
  ByteBuffer& out = begin_record(adopted ? Op::adoption : Op::allocation, 4);
  out.put_varint(number);
  if (number == 0) put_class(out, type, bytes, stack);
  if (!adopted) clock_ += bytes;
  ++last_id_;
  end_record();
  return last_id_;
}

void RecordingWriter::write(const PointerWrite& write) {
  BlockContexts& last = state_->contexts;
  const std::uint64_t code = slot_code(write.slot);
  const std::size_t context = BlockContexts::of(code);
  const Op op = write.old_value == 0   ? Op::write_over_null
                : write.new_value == 0 ? Op::write_null
                                       : Op::write;
  ByteBuffer& buffer = begin_record(op, 4);
  ByteBuffer::Cursor out(buffer);
  out.put_difference(write.host, last.host);
  out.put_difference(code, last.slot);
  last.host = write.host;
  last.slot = code;
  if (op != Op::write_over_null) {
    out.put_difference(write.old_value, last.old_values[context]);
    last.old_values[context] = write.old_value;
  }
  if (op != Op::write_null) {
    out.put_difference(write.new_value, last.values[context]);
    last.values[context] = write.new_value;
  }
  buffer.end(out);
  end_record();
}

void RecordingWriter::put_edges(ByteBuffer& buffer, std::span<const InitialEdge> edges) {
  ByteBuffer::Cursor out(buffer);
  BlockContexts& contexts = state_->contexts;
  out.put_varint(edges.size());
  std::uint64_t last_code = 0;
  for (const InitialEdge& edge : edges) {
    const std::uint64_t code = slot_code(edge.slot);
    ObjectId& last = contexts.values[BlockContexts::of(code)];
    out.put_difference(code, last_code);
    out.put_difference(edge.value, last);
    last = edge.value;
    last_code = code;
  }
  buffer.end(out);
}

void RecordingWriter::initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  while (!edges.empty()) {
    const auto chunk = edges.subspan(0, std::min(edges.size(), list_chunk));
    edges = edges.subspan(chunk.size());
    const bool newest = host == last_id_;
    ByteBuffer& out =
        begin_record(newest ? Op::newest_edges : Op::initial_edges, 2 + 2 * chunk.size());
    if (!newest) out.put_varint(last_id_ - host + 1);
    put_edges(out, chunk);
    end_record();
  }
}

void RecordingWriter::deaths(std::vector<ObjectId>& ids) {
  sort_ids(ids);
  const std::vector<IdRun> runs = runs_of(ids);
  for (std::size_t start = 0; start < runs.size(); start += list_chunk) {
    const std::size_t end = std::min(runs.size(), start + list_chunk);
    ByteBuffer& out = begin_record(Op::deaths, 1 + 2 * (end - start));
    out.put_varint(end - start);
    ObjectId next = 0;
    for (std::size_t i = start; i < end; ++i) {
      out.put_varint(runs[i].first - next);
      out.put_varint(runs[i].count);
      next = runs[i].first + runs[i].count;
    }
    end_record();
  }
}

void RecordingWriter::free(ObjectId id) {
  begin_record(Op::free, 1).put_difference(id, state_->contexts.freed);
  state_->contexts.freed = id;
  end_record();
}

void RecordingWriter::put_ids(ByteBuffer& out, std::span<const ObjectId> ids) {
  out.put_varint(ids.size());
  for (const ObjectId id : ids) {
    out.put_difference(id, state_->contexts.root);
    state_->contexts.root = id;
  }
}

void RecordingWriter::roots(std::span<const ObjectId> removed, std::span<const ObjectId> added) {
  do {
    ByteBuffer& out = begin_record(Op::roots, 2 + 2 * list_chunk);
    for (std::span<const ObjectId>* ids : {&removed, &added}) {
      const auto chunk = ids->subspan(0, std::min(ids->size(), list_chunk));
      *ids = ids->subspan(chunk.size());
      put_ids(out, chunk);
    }
    end_record();
  } while (!removed.empty() || !added.empty());
}

void RecordingWriter::last_uses(std::span<const LastUse> uses) {
  while (!uses.empty()) {
    const auto chunk = uses.subspan(0, std::min(uses.size(), list_chunk));
    uses = uses.subspan(chunk.size());
    ByteBuffer& out = begin_record(Op::last_uses, 1 + 2 * chunk.size());
    out.put_varint(chunk.size());
    BlockContexts& last = state_->contexts;
    for (const LastUse& use : chunk) {
      out.put_difference(use.id, last.used);
      out.put_difference(use.clock, last.used_clock);
      last.used = use.id;
      last.used_clock = use.clock;
    }
    end_record();
  }
}

void RecordingWriter::switch_thread(ThreadId thread) {
  begin_record(Op::switch_thread, 1).put_varint(thread);
  state_->now.thread = thread;
  end_record();
}

void RecordingWriter::skipped(std::uint64_t objects, std::uint64_t bytes) {
  bytes = std::min(bytes, ~std::uint64_t{0} - clock_);
  ByteBuffer& out = begin_record(Op::skipped, 2);
  out.put_varint(objects);
  out.put_varint(bytes);
  clock_ += bytes;
  end_record();
}

void RecordingWriter::profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) {
  entries = entries.subspan(0, std::min(entries.size(), max_profile_entries));
  seen_time(time_ns);
  ByteBuffer& out = begin_record(Op::profile, 2 + 3 * entries.size());
  out.put_varint(time_ns);
  out.put_varint(entries.size());
  for (const ProfileEntry& entry : entries) {
    out.put_varint(entry.stack);
    out.put_varint(entry.bytes);
    out.put_varint(entry.objects);
  }
  end_record();
}

void RecordingWriter::attachment(const Attachment& attachment) {
  seen_time(attachment.time_ns);
  ByteBuffer& out = begin_record(Op::attachment, 3);
  out.put_varint(attachment.time_ns);
  out.put_varint(attachment.kind);
  out.put_varint(attachment.path);
  end_record();
}

void RecordingWriter::collection(const Collection& collection) {
  seen_time(collection.start_ns + collection.pause_ns);
  ByteBuffer& out = begin_record(Op::collection, 21);
  out.put_varint(collection.number);
  out.put_varint(collection.major ? 1 : 0);
  out.put_varint(collection.collector);
  out.put_varint(collection.reason);
  out.put_varint(collection.start_ns);
  out.put_varint(collection.pause_ns);
  out.put_varint(collection.clock);
  put_sizes(out, collection.before);
  put_sizes(out, collection.after);
  out.put_varint(collection.promoted_bytes);
  out.put_varint(collection.freed_bytes);
  end_record();
}

void RecordingWriter::memory(const MemorySample& sample) {
  seen_time(sample.time_ns);
  ByteBuffer& out = begin_record(Op::memory, 7);
  out.put_varint(sample.time_ns);
  out.put_varint(sample.event);
  for (const std::uint64_t value :
       {sample.rss, sample.heap_total, sample.heap_used, sample.external, sample.array_buffers}) {
    out.put_varint(value);
  }
  end_record();
}

void RecordingWriter::marker(const Marker& marker) {
  seen_time(marker.time_ns);
  ByteBuffer& out = begin_record(Op::marker, 3);
  out.put_varint(marker.time_ns);
  out.put_varint(marker.clock);
  out.put_varint(marker.name);
  end_record();
}

void RecordingWriter::time(std::uint64_t time_ns) {
  seen_time(time_ns);
  begin_record(Op::time, 1).put_varint(time_ns);
  end_record();
}

}  // namespace heaplab::trace
