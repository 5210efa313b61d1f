// SPDX-License-Identifier: MIT
// The tables of a recording: equal contents have one number.
#include "writer_state.h"

namespace heaplab::trace {
namespace {

/// Never cut inside a UTF-8 sequence.
std::string_view shortened(std::string_view text) {
  if (text.size() <= max_string_bytes) return text;
  std::size_t end = max_string_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::size_t RecordingWriter::FrameHash::operator()(const FrameKey& key) const {
  std::uint64_t hash = (std::uint64_t{key.function} << 32 | key.file) * 0x9E3779B97F4A7C15u;
  hash ^= (std::uint64_t{key.line} << 32 | key.column) * 0xC2B2AE3D27D4EB4Fu;
  return static_cast<std::size_t>(hash ^ (hash >> 29));
}

void RecordingWriter::info(std::string_view key, std::string_view value) {
  ByteBuffer& out = begin_table_record(Op::info, 4);
  out.put_text(shortened(key));
  out.put_text(shortened(value));
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
  ByteBuffer& out = begin_table_record(Op::string, 4);
  out.put_text(text);
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
  ByteBuffer& out = begin_table_record(Op::type, 4);
  out.put_varint(name_id);
  out.put_varint(node_type_id);
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
  ByteBuffer& out = begin_table_record(Op::frame, 4);
  for (const std::uint32_t part : {key.function, key.file, line, column}) {
    out.put_varint(part);
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
  ByteBuffer& out = begin_table_record(Op::stack, 4);
  out.put_varint(parent);
  out.put_varint(frame);
  end_record();
  return static_cast<StackId>(next);
}

ThreadId RecordingWriter::thread(std::string_view name, std::string_view heap) {
  const StringId name_id = string(name);
  const StringId heap_id = string(heap);
  if (threads_ + 1 >= max_threads) return 0;
  ByteBuffer& out = begin_table_record(Op::thread, 4);
  out.put_varint(name_id);
  out.put_varint(heap_id);
  end_record();
  return ++threads_;
}

std::uint32_t RecordingWriter::class_of(TypeIndex type, std::uint64_t bytes, StackId stack) {
  WriterState& state = *state_;
  const AllocationClass key{type, stack, bytes};
  WriterState::CachedClass& cached = state.recent[WriterState::place_of(key)];
  if (cached.number != 0 && cached.key == key) return cached.number;
  auto found = state.classes.find(key);
  if (found == state.classes.end()) {
    if (state.classes.size() + 1 >= max_classes) return 0;
    found = state.classes.emplace(key, state.classes.size() + 1).first;
    put_class(begin_table_record(Op::allocation_class, 3), type, bytes, stack);
    end_record();
  }
  cached = {key, found->second};
  return found->second;
}

}  // namespace heaplab::trace
