// SPDX-License-Identifier: MIT
// The hot path of reading: records that come by the million first.
#include "record_decoder.h"

namespace heaplab::trace {

void RecordDecoder::decode(const Block& block, RecordingVisitor& visitor) {
  Cursor in(path_, block.offset, block.payload);
  contexts_ = {};
  while (!in.at_end()) record(static_cast<Op>(in.byte("a record")), in, visitor);
}

inline void RecordDecoder::record(Op op, Cursor& in, RecordingVisitor& visitor) {
  switch (op) {
    case Op::allocation:
      return allocation(in, false, visitor);
    case Op::newest_edges:
      return newest_edges(in, visitor);
    case Op::write:
    case Op::write_over_null:
    case Op::write_null:
      return write(op, in, visitor);
    case Op::free:
      return free(in, visitor);
    default:
      return rare_record(op, in, visitor);
  }
}

inline void RecordDecoder::allocation(Cursor& in, bool adopted, RecordingVisitor& visitor) {
  const AllocationClass kind = tables_.allocation_class(in);
  Allocation record;
  record.type = kind.type;
  record.bytes = kind.bytes;
  record.stack = kind.stack;
  record.adopted = adopted;
  record.clock = clock_;
  if (newest_ >= max_object_id) in.fail("more objects than the format allows");
  if (!adopted) {
    if (record.bytes > any64 - clock_) in.fail("the bytes clock overflows");
    clock_ += record.bytes;
  }
  adopted_ += adopted;
  record.id = ++newest_;
  visitor.on_allocation(record);
}

inline void RecordDecoder::write(Op op, Cursor& in, RecordingVisitor& visitor) {
  PointerWrite record;
  record.host = contexts_.host = in.near(contexts_.host, "host", 1, newest_);
  const std::uint64_t code = in.near(contexts_.slot, "slot", 0, max_slot_code);
  contexts_.slot = code;
  record.slot = slot_of(code);
  const std::size_t context = BlockContexts::of(code);
  if (op != Op::write_over_null) {
    ObjectId& last = contexts_.old_values[context];
    last = record.old_value = in.near(last, "old value", 0, newest_);
  }
  if (op != Op::write_null) {
    ObjectId& last = contexts_.values[context];
    last = record.new_value = in.near(last, "new value", 0, newest_);
  }
  visitor.on_write(record);
}

inline void RecordDecoder::edges_of(ObjectId host, Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t count = in.count("edge count", 2);
  initial_.resize(static_cast<std::size_t>(count));
  std::uint64_t code = 0;
  for (InitialEdge& edge : initial_) {
    code = in.near(code, "slot", 0, max_slot_code);
    edge.slot = slot_of(code);
    ObjectId& last = contexts_.values[BlockContexts::of(code)];
    last = edge.value = in.near(last, "value", 1, newest_);
  }
  visitor.on_initial_edges(host, initial_);
}

inline void RecordDecoder::newest_edges(Cursor& in, RecordingVisitor& visitor) {
  if (newest_ == 0) in.fail("initial edges of no object");
  edges_of(newest_, in, visitor);
}

void RecordDecoder::initial_edges(Cursor& in, RecordingVisitor& visitor) {
  const std::uint64_t back = in.in_range("host", 1, newest_);
  edges_of(newest_ - back + 1, in, visitor);
}

inline void RecordDecoder::free(Cursor& in, RecordingVisitor& visitor) {
  contexts_.freed = in.near(contexts_.freed, "freed object", 1, newest_);
  if (++deaths_ > newest_) in.fail("more deaths than objects");
  visitor.on_free(contexts_.freed);
}

[[gnu::noinline]] void RecordDecoder::rare_record(Op op, Cursor& in, RecordingVisitor& visitor) {
  switch (op) {
    case Op::adoption:
      return allocation(in, true, visitor);
    case Op::initial_edges:
      return initial_edges(in, visitor);
    case Op::deaths:
      return deaths(in, visitor);
    case Op::roots:
      return roots(in, visitor);
    case Op::last_uses:
      return last_uses(in, visitor);
    case Op::switch_thread:
      return switch_thread(in, visitor);
    case Op::skipped:
      return skipped(in, visitor);
    case Op::profile:
      return profile(in, visitor);
    case Op::attachment:
      return attachment(in, visitor);
    case Op::collection:
      return collection(in, visitor);
    case Op::memory:
      return memory(in, visitor);
    case Op::marker:
      return marker(in, visitor);
    case Op::time:
      return time(in, visitor);
    default:
      break;
  }
  if (static_cast<std::uint8_t>(op) >= first_optional_op) {
    in.skip(in.varint("length of an optional record"), "an optional record");
    return;
  }
  if (checkpoint_.decode(op, in, newest_, visitor)) return seen_time(checkpoint_.time_ns());
  if (!tables_.decode(op, in)) in.fail("unknown record " + std::to_string(static_cast<int>(op)));
}

}  // namespace heaplab::trace
