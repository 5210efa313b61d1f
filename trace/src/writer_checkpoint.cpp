// SPDX-License-Identifier: MIT
#include "writer_state.h"

namespace heaplab::trace {

void RecordingWriter::checkpoint_begin(const CheckpointBegin& begin) {
  seen_time(begin.time_ns);
  state_->in_checkpoint = true;
  state_->checkpoint = {};
  state_->now.checkpoints = begin.number;
  ByteBuffer& out = begin_record(Op::checkpoint_begin, 4);
  out.put_varint(begin.number);
  out.put_varint(static_cast<unsigned>(begin.reason));
  out.put_varint(begin.time_ns);
  out.put_varint(begin.clock);
  end_record();
}

void RecordingWriter::checkpoint_root(const CheckpointRoot& root) {
  ByteBuffer& out = begin_record(Op::checkpoint_root, 3);
  out.put_varint(root.group);
  out.put_varint(root.name);
  out.put_varint(root.target);
  end_record();
}

void RecordingWriter::checkpoint_node(const CheckpointNode& node) {
  CheckpointContexts& last = state_->checkpoint;
  const std::uint32_t number = class_of(node.type, node.bytes, node.stack);
  ByteBuffer& out = begin_record(Op::checkpoint_node, 9);
  out.put_difference(node.id, last.node);
  out.put_varint(number);
  if (number == 0) put_class(out, node.type, node.bytes, node.stack);
  out.put_varint(node.external);
  out.put_varint(node.name);
  out.put_difference(node.birth, last.birth);
  out.put_difference(node.last_access, last.last_access);
  last.node = node.id;
  last.birth = node.birth;
  last.last_access = node.last_access;
  end_record();
}

void RecordingWriter::checkpoint_edges(std::span<const CheckpointEdge> edges) {
  while (!edges.empty()) {
    const auto chunk = edges.subspan(0, std::min(edges.size(), list_chunk));
    edges = edges.subspan(chunk.size());
    ByteBuffer& out = begin_record(Op::checkpoint_edges, 1 + 2 * chunk.size());
    out.put_varint(chunk.size());
    std::uint64_t next_index = 0;
    for (const CheckpointEdge& edge : chunk) {
      const std::uint64_t what = edge.has_index() ? zigzag(edge.index - next_index) : edge.name;
      const std::uint64_t label = what << 3 | static_cast<unsigned>(edge.kind);
      ObjectId& last = state_->checkpoint.targets[CheckpointContexts::of(label)];
      out.put_varint(label);
      out.put_difference(edge.target, last);
      last = edge.target;
      if (edge.has_index()) next_index = std::uint64_t{edge.index} + 1;
    }
    end_record();
  }
}

void RecordingWriter::checkpoint_ephemeron(const CheckpointEphemeron& ephemeron) {
  ByteBuffer& out = begin_record(Op::checkpoint_ephemeron, 3);
  out.put_varint(ephemeron.table);
  out.put_varint(ephemeron.key);
  out.put_varint(ephemeron.value);
  end_record();
}

void RecordingWriter::checkpoint_end(const CheckpointEnd& end) {
  ByteBuffer& out = begin_record(Op::checkpoint_end, 3);
  out.put_varint(end.nodes);
  out.put_varint(end.edges);
  out.put_varint(end.bytes);
  state_->in_checkpoint = false;
  flush();
}

}  // namespace heaplab::trace
