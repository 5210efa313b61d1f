// SPDX-License-Identifier: MIT
#include "heaplab/trace/writer.h"

#include <algorithm>

#include "block_writer.h"
#include "wire.h"

namespace heaplab::trace {
namespace {

/// Longer lists become several records, so that no record outgrows a block.
constexpr std::size_t list_chunk = 4096;

std::uint64_t slot_code(const Slot& slot) {
  return std::uint64_t{slot.index} << 3 | (slot.is_weak ? 4u : 0u) | (slot.in_elements ? 2u : 0u) |
         (slot.is_value ? 1u : 0u);
}

/// Never cut inside a UTF-8 sequence.
std::string_view shortened(std::string_view text) {
  if (text.size() <= max_string_bytes) return text;
  std::size_t end = max_string_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

void put_sizes(std::string& out, const Sizes& sizes) {
  for (const std::uint64_t value : {sizes.used, sizes.committed, sizes.external, sizes.young_used,
                                    sizes.old_used, sizes.large_used}) {
    put_varint(out, value);
  }
}

/// Recent objects are the likely ones: count back from the newest. 0 stays 0.
std::uint64_t from_newest(ObjectId id, ObjectId newest) { return id == 0 ? 0 : newest - id + 1; }

struct IdRun {
  ObjectId first;
  std::uint64_t count;
};

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

std::size_t RecordingWriter::FrameHash::operator()(const FrameKey& key) const {
  std::uint64_t hash = (std::uint64_t{key.function} << 32 | key.file) * 0x9E3779B97F4A7C15u;
  hash ^= (std::uint64_t{key.line} << 32 | key.column) * 0xC2B2AE3D27D4EB4Fu;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

RecordingWriter::RecordingWriter(const std::string& path)
    : blocks_(std::make_unique<BlockWriter>(path)) {}

RecordingWriter::~RecordingWriter() { flush(); }

void RecordingWriter::begin_record(Op op) {
  blocks_->buffer().push_back(static_cast<char>(op));
  ++records_;
}

void RecordingWriter::end_record() {
  if (blocks_->full()) flush();
}

void RecordingWriter::flush() {
  blocks_->flush();
  last_host_ = 0;
  // node_id_ goes on: a checkpoint's edges may come in the block after their node.
}

const std::string& RecordingWriter::error() const { return blocks_->error(); }
std::uint64_t RecordingWriter::bytes_written() const { return blocks_->bytes_written(); }

void RecordingWriter::info(std::string_view key, std::string_view value) {
  begin_record(Op::info);
  put_text(blocks_->buffer(), shortened(key));
  put_text(blocks_->buffer(), shortened(value));
  end_record();
}

StringId RecordingWriter::string(std::string_view text) {
  text = shortened(text);
  if (text.empty()) return 0;
  std::string key(text);
  if (const auto found = strings_.find(key); found != strings_.end()) return found->second;
  const std::size_t next = strings_.size() + 1;
  if (next >= max_strings || string_bytes_ + text.size() > max_all_string_bytes) return 0;
  string_bytes_ += text.size();
  const auto id = static_cast<StringId>(next);
  strings_.emplace(std::move(key), id);
  begin_record(Op::string);
  put_text(blocks_->buffer(), text);
  end_record();
  return id;
}

TypeIndex RecordingWriter::type(std::string_view name, std::string_view node_type) {
  const StringId name_id = string(name);
  const StringId node_type_id = string(node_type);
  const std::uint64_t key = std::uint64_t{name_id} << 32 | node_type_id;
  if (const auto found = types_.find(key); found != types_.end()) return found->second;
  const std::size_t next = types_.size() + 1;
  if (next >= max_types) return 0;
  types_.emplace(key, static_cast<TypeIndex>(next));
  begin_record(Op::type);
  put_varint(blocks_->buffer(), name_id);
  put_varint(blocks_->buffer(), node_type_id);
  end_record();
  return static_cast<TypeIndex>(next);
}

FrameId RecordingWriter::frame(std::string_view function, std::string_view file, std::uint32_t line,
                               std::uint32_t column) {
  const FrameKey key{string(function), string(file), line, column};
  if (const auto found = frames_.find(key); found != frames_.end()) return found->second;
  const std::size_t next = frames_.size() + 1;
  if (next >= max_frames) return 0;
  frames_.emplace(key, static_cast<FrameId>(next));
  begin_record(Op::frame);
  for (const std::uint32_t part : {key.function, key.file, line, column}) {
    put_varint(blocks_->buffer(), part);
  }
  end_record();
  return static_cast<FrameId>(next);
}

StackId RecordingWriter::stack(StackId parent, FrameId frame) {
  const std::uint64_t key = std::uint64_t{parent} << 32 | frame;
  if (const auto found = stacks_.find(key); found != stacks_.end()) return found->second;
  const std::size_t next = stacks_.size() + 1;
  if (next >= max_stacks) return 0;
  stacks_.emplace(key, static_cast<StackId>(next));
  begin_record(Op::stack);
  put_varint(blocks_->buffer(), parent);
  put_varint(blocks_->buffer(), frame);
  end_record();
  return static_cast<StackId>(next);
}

ObjectId RecordingWriter::allocation(TypeIndex type, std::uint64_t bytes, StackId stack,
                                     bool adopted) {
  begin_record(adopted ? Op::adoption : Op::allocation);
  std::string& out = blocks_->buffer();
  put_varint(out, type);
  put_varint(out, bytes);
  put_varint(out, stack);
  if (!adopted) clock_ += bytes;
  ++last_id_;
  end_record();
  return last_id_;
}

void RecordingWriter::write(const PointerWrite& write) {
  begin_record(Op::write);
  std::string& out = blocks_->buffer();
  put_difference(out, write.host, last_host_);
  put_varint(out, slot_code(write.slot));
  put_varint(out, from_newest(write.old_value, last_id_));
  put_varint(out, from_newest(write.new_value, last_id_));
  last_host_ = write.host;
  end_record();
}

void RecordingWriter::initial_edges(ObjectId host, std::span<const InitialEdge> edges) {
  while (!edges.empty()) {
    const auto chunk = edges.subspan(0, std::min(edges.size(), list_chunk));
    edges = edges.subspan(chunk.size());
    begin_record(Op::initial_edges);
    std::string& out = blocks_->buffer();
    put_varint(out, from_newest(host, last_id_));
    put_varint(out, chunk.size());
    for (const InitialEdge& edge : chunk) {
      put_varint(out, slot_code(edge.slot));
      put_varint(out, from_newest(edge.value, last_id_));
    }
    end_record();
  }
}

void RecordingWriter::deaths(std::vector<ObjectId>& ids) {
  std::sort(ids.begin(), ids.end());
  const std::vector<IdRun> runs = runs_of(ids);
  for (std::size_t start = 0; start < runs.size(); start += list_chunk) {
    const std::size_t end = std::min(runs.size(), start + list_chunk);
    begin_record(Op::deaths);
    std::string& out = blocks_->buffer();
    put_varint(out, end - start);
    ObjectId next = 0;
    for (std::size_t i = start; i < end; ++i) {
      put_varint(out, runs[i].first - next);
      put_varint(out, runs[i].count);
      next = runs[i].first + runs[i].count;
    }
    end_record();
  }
}

void RecordingWriter::free(ObjectId id) {
  begin_record(Op::free);
  put_varint(blocks_->buffer(), from_newest(id, last_id_));
  end_record();
}

void RecordingWriter::roots(std::span<const ObjectId> removed, std::span<const ObjectId> added) {
  do {
    begin_record(Op::roots);
    std::string& out = blocks_->buffer();
    for (std::span<const ObjectId>* ids : {&removed, &added}) {
      const auto chunk = ids->subspan(0, std::min(ids->size(), list_chunk));
      *ids = ids->subspan(chunk.size());
      put_varint(out, chunk.size());
      for (const ObjectId id : chunk) put_varint(out, from_newest(id, last_id_));
    }
    end_record();
  } while (!removed.empty() || !added.empty());
}

void RecordingWriter::last_uses(std::span<const LastUse> uses) {
  while (!uses.empty()) {
    const auto chunk = uses.subspan(0, std::min(uses.size(), list_chunk));
    uses = uses.subspan(chunk.size());
    begin_record(Op::last_uses);
    std::string& out = blocks_->buffer();
    put_varint(out, chunk.size());
    for (const LastUse& use : chunk) {
      put_varint(out, from_newest(use.id, last_id_));
      put_varint(out, clock_ - use.clock);
    }
    end_record();
  }
}

ThreadId RecordingWriter::thread(std::string_view name, std::string_view heap) {
  const StringId name_id = string(name);
  const StringId heap_id = string(heap);
  if (threads_ + 1 >= max_threads) return 0;
  begin_record(Op::thread);
  put_varint(blocks_->buffer(), name_id);
  put_varint(blocks_->buffer(), heap_id);
  end_record();
  return ++threads_;
}

void RecordingWriter::switch_thread(ThreadId thread) {
  begin_record(Op::switch_thread);
  put_varint(blocks_->buffer(), thread);
  end_record();
}

void RecordingWriter::skipped(std::uint64_t objects, std::uint64_t bytes) {
  begin_record(Op::skipped);
  put_varint(blocks_->buffer(), objects);
  put_varint(blocks_->buffer(), bytes);
  clock_ += bytes;
  end_record();
}

void RecordingWriter::profile(std::uint64_t time_ns, std::span<const ProfileEntry> entries) {
  entries = entries.subspan(0, std::min(entries.size(), max_profile_entries));
  begin_record(Op::profile);
  std::string& out = blocks_->buffer();
  put_varint(out, time_ns);
  put_varint(out, entries.size());
  for (const ProfileEntry& entry : entries) {
    put_varint(out, entry.stack);
    put_varint(out, entry.bytes);
    put_varint(out, entry.objects);
  }
  end_record();
}

void RecordingWriter::attachment(const Attachment& attachment) {
  begin_record(Op::attachment);
  std::string& out = blocks_->buffer();
  put_varint(out, attachment.time_ns);
  put_varint(out, attachment.kind);
  put_varint(out, attachment.path);
  end_record();
}

void RecordingWriter::collection(const Collection& collection) {
  begin_record(Op::collection);
  std::string& out = blocks_->buffer();
  put_varint(out, collection.number);
  put_varint(out, collection.major ? 1 : 0);
  put_varint(out, collection.collector);
  put_varint(out, collection.reason);
  put_varint(out, collection.start_ns);
  put_varint(out, collection.pause_ns);
  put_varint(out, collection.clock);
  put_sizes(out, collection.before);
  put_sizes(out, collection.after);
  put_varint(out, collection.promoted_bytes);
  put_varint(out, collection.freed_bytes);
  end_record();
}

void RecordingWriter::memory(const MemorySample& sample) {
  begin_record(Op::memory);
  std::string& out = blocks_->buffer();
  put_varint(out, sample.time_ns);
  put_varint(out, sample.event);
  for (const std::uint64_t value :
       {sample.rss, sample.heap_total, sample.heap_used, sample.external, sample.array_buffers}) {
    put_varint(out, value);
  }
  end_record();
}

void RecordingWriter::marker(const Marker& marker) {
  begin_record(Op::marker);
  std::string& out = blocks_->buffer();
  put_varint(out, marker.time_ns);
  put_varint(out, marker.clock);
  put_varint(out, marker.name);
  end_record();
}

void RecordingWriter::time(std::uint64_t time_ns) {
  begin_record(Op::time);
  put_varint(blocks_->buffer(), time_ns);
  end_record();
}

void RecordingWriter::checkpoint_begin(const CheckpointBegin& begin) {
  begin_record(Op::checkpoint_begin);
  std::string& out = blocks_->buffer();
  put_varint(out, begin.number);
  put_varint(out, static_cast<unsigned>(begin.reason));
  put_varint(out, begin.time_ns);
  put_varint(out, begin.clock);
  node_id_ = 0;
  end_record();
}

void RecordingWriter::checkpoint_root(const CheckpointRoot& root) {
  begin_record(Op::checkpoint_root);
  std::string& out = blocks_->buffer();
  put_varint(out, root.group);
  put_varint(out, root.name);
  put_varint(out, root.target);
  end_record();
}

void RecordingWriter::checkpoint_node(const CheckpointNode& node) {
  begin_record(Op::checkpoint_node);
  std::string& out = blocks_->buffer();
  put_difference(out, node.id, node_id_);
  put_varint(out, node.type);
  put_varint(out, node.bytes);
  put_varint(out, node.external);
  put_varint(out, node.name);
  put_varint(out, node.stack);
  put_varint(out, node.birth);
  put_varint(out, node.last_access - node.birth);
  node_id_ = node.id;
  end_record();
}

void RecordingWriter::checkpoint_edges(std::span<const CheckpointEdge> edges) {
  while (!edges.empty()) {
    const auto chunk = edges.subspan(0, std::min(edges.size(), list_chunk));
    edges = edges.subspan(chunk.size());
    begin_record(Op::checkpoint_edges);
    std::string& out = blocks_->buffer();
    put_varint(out, chunk.size());
    std::uint64_t next_index = 0;
    for (const CheckpointEdge& edge : chunk) {
      const std::uint64_t label = edge.has_index() ? zigzag(edge.index - next_index) : edge.name;
      put_varint(out, label << 3 | static_cast<unsigned>(edge.kind));
      put_difference(out, edge.target, node_id_);
      if (edge.has_index()) next_index = std::uint64_t{edge.index} + 1;
    }
    end_record();
  }
}

void RecordingWriter::checkpoint_ephemeron(const CheckpointEphemeron& ephemeron) {
  begin_record(Op::checkpoint_ephemeron);
  std::string& out = blocks_->buffer();
  put_varint(out, ephemeron.table);
  put_varint(out, ephemeron.key);
  put_varint(out, ephemeron.value);
  end_record();
}

void RecordingWriter::checkpoint_end(const CheckpointEnd& end) {
  begin_record(Op::checkpoint_end);
  std::string& out = blocks_->buffer();
  put_varint(out, end.nodes);
  put_varint(out, end.edges);
  put_varint(out, end.bytes);
  end_record();
  flush();
}

void RecordingWriter::finish() {
  flush();
  begin_record(Op::end);
  put_varint(blocks_->buffer(), last_id_);
  put_varint(blocks_->buffer(), clock_);
  blocks_->flush(BlockKind::end);
  blocks_->close();
}

}  // namespace heaplab::trace
