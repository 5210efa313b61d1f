// SPDX-License-Identifier: MIT
#include "checkpoint_decoder.h"

namespace heaplab::trace {

bool CheckpointDecoder::decode(Op op, Cursor& in, ObjectId newest, RecordingVisitor& visitor) {
  if (op < Op::checkpoint_begin || op > Op::checkpoint_end) return false;
  newest_ = newest;
  if (op == Op::checkpoint_begin) {
    begin(in, visitor);
    return true;
  }
  if (!open_) in.fail("part of a checkpoint outside one");
  switch (op) {
    case Op::checkpoint_root:
      root(in, visitor);
      return true;
    case Op::checkpoint_node:
      node(in, visitor);
      return true;
    case Op::checkpoint_edges:
      edges(in, visitor);
      return true;
    case Op::checkpoint_ephemeron:
      ephemeron(in, visitor);
      return true;
    default:
      end(in, visitor);
      return true;
  }
}

void CheckpointDecoder::begin(Cursor& in, RecordingVisitor& visitor) {
  if (open_) in.fail("a checkpoint inside a checkpoint");
  CheckpointBegin record;
  record.number = in.in_range("checkpoint number", checkpoints_ + 1, checkpoints_ + 1);
  checkpoints_ = record.number;
  record.reason =
      static_cast<CheckpointReason>(in.in_range("checkpoint reason", 0, checkpoint_reasons - 1));
  record.time_ns = in.varint("time");
  record.clock = in.varint("bytes clock");
  time_ = record.time_ns;
  clock_ = record.clock;
  open_ = true;
  has_node_ = false;
  contexts_ = {};
  counted_ = {};
  wanted_ = visitor.on_checkpoint_begin(record);
}

void CheckpointDecoder::root(Cursor& in, RecordingVisitor& visitor) const {
  CheckpointRoot record;
  record.group = tables_.string_id(in);
  record.name = tables_.string_id(in);
  record.target = object_id(in, "root");
  if (wanted_) visitor.on_checkpoint_root(record);
}

void CheckpointDecoder::node(Cursor& in, RecordingVisitor& visitor) {
  CheckpointNode record;
  record.id = in.near(contexts_.node, "object", 1, newest_);
  const AllocationClass kind = tables_.allocation_class(in);
  record.type = kind.type;
  record.bytes = kind.bytes;
  record.stack = kind.stack;
  record.external = in.in_range("external size", 0, max_object_bytes);
  record.name = tables_.string_id(in);
  record.birth = in.near(contexts_.birth, "birth", 0, clock_);
  record.last_access = in.near(contexts_.last_access, "last access", record.birth, clock_);
  contexts_.node = record.id;
  contexts_.birth = record.birth;
  contexts_.last_access = record.last_access;
  has_node_ = true;
  ++counted_.nodes;
  counted_.bytes += record.bytes;
  if (wanted_) visitor.on_checkpoint_node(record);
}

void CheckpointDecoder::edges(Cursor& in, RecordingVisitor& visitor) {
  if (!has_node_) in.fail("edges before the first object of a checkpoint");
  const std::uint64_t count = in.count("edge count", 2);
  const std::uint64_t last_string = tables_.strings() - 1;
  std::uint64_t next_index = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    CheckpointEdge edge;
    const std::uint64_t label = in.varint("edge label");
    edge.kind = static_cast<EdgeKind>(in.check(label & 7, "edge kind", 0, edge_kinds - 1));
    if (edge.has_index()) {
      edge.index = static_cast<std::uint32_t>(
          in.check(next_index + unzigzag(label >> 3), "edge index", 0, any32));
      next_index = std::uint64_t{edge.index} + 1;
    } else {
      edge.name = static_cast<StringId>(in.check(label >> 3, "string number", 0, last_string));
    }
    ObjectId& last = contexts_.targets[CheckpointContexts::of(label)];
    last = edge.target = in.near(last, "edge target", 1, newest_);
    if (wanted_) visitor.on_checkpoint_edge(edge);
  }
  counted_.edges += count;
}

void CheckpointDecoder::ephemeron(Cursor& in, RecordingVisitor& visitor) const {
  CheckpointEphemeron record;
  record.table = object_id(in, "table");
  record.key = object_id(in, "key");
  record.value = object_id(in, "value");
  if (wanted_) visitor.on_checkpoint_ephemeron(record);
}

void CheckpointDecoder::end(Cursor& in, RecordingVisitor& visitor) {
  CheckpointEnd record;
  record.nodes = in.in_range("node count", counted_.nodes, counted_.nodes);
  record.edges = in.in_range("edge count", counted_.edges, counted_.edges);
  record.bytes = in.in_range("byte count", counted_.bytes, counted_.bytes);
  open_ = false;
  visitor.on_checkpoint_end(record);
}

}  // namespace heaplab::trace
