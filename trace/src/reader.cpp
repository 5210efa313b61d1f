// SPDX-License-Identifier: MIT
#include "heaplab/trace/reader.h"

#include <limits>
#include <vector>

#include "block_reader.h"
#include "cursor.h"
#include "heaplab/trace/format.h"

namespace heaplab::trace {

namespace {
constexpr auto any = std::numeric_limits<std::uint64_t>::max();
constexpr auto any32 = std::numeric_limits<std::uint32_t>::max();
}  // namespace

/// Turns the records of blocks into calls of a visitor. Keeps what checking needs: the sizes of the
/// tables, the newest object, whether a checkpoint is open.
class RecordDecoder {
 public:
  RecordDecoder(RecordingReader& reader, RecordingVisitor& visitor)
      : reader_(reader), tables_(reader.tables_), visitor_(visitor) {}

  void decode(const Block& block) {
    Cursor in(reader_.path_, block.offset, block.payload);
    last_host_ = 0;
    while (!in.at_end()) record(in);
  }
  void decode_end(const Block& block) {
    Cursor in(reader_.path_, block.offset, block.payload);
    if (in.byte("the end record") != static_cast<std::uint8_t>(Op::end)) {
      in.fail("the end block holds something else");
    }
    in.check(in.varint("object count"), "object count", newest_, newest_);
    in.check(in.varint("bytes clock"), "bytes clock", clock_, clock_);
    if (!in.at_end()) in.fail("bytes after the end record");
    if (open_) in.fail("the recording ends inside a checkpoint");
  }
  std::uint64_t clock() const { return clock_; }
  ObjectId newest() const { return newest_; }

 private:
  void record(Cursor& in) {
    const std::uint8_t op = in.byte("a record");
    if (op >= first_optional_op) {
      in.skip(in.varint("length of an optional record"), "an optional record");
      return;
    }
    if (!table_record(static_cast<Op>(op), in) && !event_record(static_cast<Op>(op), in) &&
        !checkpoint_record(static_cast<Op>(op), in)) {
      in.fail("unknown record " + std::to_string(op));
    }
  }

  bool table_record(Op op, Cursor& in) {
    switch (op) {
      case Op::info:
        return info(in);
      case Op::string:
        return string(in);
      case Op::type:
        return type(in);
      case Op::frame:
        return frame(in);
      case Op::stack:
        return stack(in);
      case Op::thread:
        return thread(in);
      default:
        return false;
    }
  }
  bool event_record(Op op, Cursor& in) {
    switch (op) {
      case Op::allocation:
        return allocation(in, false);
      case Op::adoption:
        return allocation(in, true);
      case Op::write:
        return write(in);
      case Op::initial_edges:
        return initial_edges(in);
      case Op::deaths:
        return deaths(in);
      case Op::collection:
        return collection(in);
      case Op::memory:
        return memory(in);
      case Op::marker:
        return marker(in);
      case Op::time:
        visitor_.on_time(in.varint("time"));
        return true;
      default:
        return object_record(op, in) || sample_record(op, in);
    }
  }
  bool object_record(Op op, Cursor& in) {
    switch (op) {
      case Op::free:
        return free(in);
      case Op::roots:
        return roots(in);
      case Op::last_uses:
        return last_uses(in);
      case Op::switch_thread:
        visitor_.on_thread(
            in.in_range32("thread", 0, static_cast<ThreadId>(tables_.threads.size() - 1)));
        return true;
      default:
        return false;
    }
  }
  bool sample_record(Op op, Cursor& in) {
    switch (op) {
      case Op::skipped:
        return skipped(in);
      case Op::profile:
        return profile(in);
      case Op::attachment:
        return attachment(in);
      default:
        return false;
    }
  }
  bool checkpoint_record(Op op, Cursor& in) {
    if (op == Op::checkpoint_begin) return checkpoint_begin(in);
    if (op < Op::checkpoint_root || op > Op::checkpoint_end) return false;
    if (!open_) in.fail("part of a checkpoint outside one");
    switch (op) {
      case Op::checkpoint_root:
        return checkpoint_root(in);
      case Op::checkpoint_node:
        return checkpoint_node(in);
      case Op::checkpoint_edges:
        return checkpoint_edges(in);
      case Op::checkpoint_ephemeron:
        return checkpoint_ephemeron(in);
      default:
        return checkpoint_end(in);
    }
  }

  // Tables.

  bool info(Cursor& in) {
    const std::string key(in.text("an info key", max_string_bytes));
    const std::string value(in.text("an info value", max_string_bytes));
    const bool known = reader_.info_.contains(key);
    if (!known && reader_.info_.size() >= 4096) in.fail("too many info records");
    reader_.info_[key] = value;
    return true;
  }
  bool string(Cursor& in) {
    const std::string_view text = in.text("a string", max_string_bytes);
    string_bytes_ += text.size();
    if (tables_.strings.size() >= max_strings || string_bytes_ > max_all_string_bytes) {
      in.fail("more strings than the format allows");
    }
    tables_.strings.emplace_back(text);
    return true;
  }
  bool type(Cursor& in) {
    const StringId name = string_id(in);
    const StringId node_type = string_id(in);
    if (tables_.types.size() >= max_types) in.fail("more types than the format allows");
    tables_.types.push_back({name, node_type});
    return true;
  }
  bool frame(Cursor& in) {
    Frame frame;
    frame.function = string_id(in);
    frame.file = string_id(in);
    frame.line = in.in_range32("line", 0, any32);
    frame.column = in.in_range32("column", 0, any32);
    if (tables_.frames.size() >= max_frames) in.fail("more frames than the format allows");
    tables_.frames.push_back(frame);
    return true;
  }
  bool stack(Cursor& in) {
    Stack stack;
    stack.parent = stack_id(in);
    stack.frame = in.in_range32("frame", 0, static_cast<FrameId>(tables_.frames.size() - 1));
    if (tables_.stacks.size() >= max_stacks) in.fail("more stacks than the format allows");
    tables_.stacks.push_back(stack);
    return true;
  }
  bool thread(Cursor& in) {
    Thread thread;
    thread.name = string_id(in);
    thread.heap = string_id(in);
    if (tables_.threads.size() >= max_threads) in.fail("more threads than the format allows");
    tables_.threads.push_back(thread);
    return true;
  }
  StringId string_id(Cursor& in) {
    return in.in_range32("string number", 0, static_cast<StringId>(tables_.strings.size() - 1));
  }
  TypeIndex type_index(Cursor& in) {
    return in.in_range32("type number", 0, static_cast<TypeIndex>(tables_.types.size() - 1));
  }
  StackId stack_id(Cursor& in) {
    return in.in_range32("stack number", 0, static_cast<StackId>(tables_.stacks.size() - 1));
  }

  // Events.

  bool allocation(Cursor& in, bool adopted) {
    Allocation record;
    record.type = type_index(in);
    record.bytes = in.in_range("size", 0, max_object_bytes);
    record.stack = stack_id(in);
    record.adopted = adopted;
    record.clock = clock_;
    if (newest_ >= max_object_id) in.fail("more objects than the format allows");
    if (!adopted) clock_ += record.bytes;
    record.id = ++newest_;
    visitor_.on_allocation(record);
    return true;
  }
  ObjectId counted_back(Cursor& in, const char* what) {
    const std::uint64_t back = in.in_range(what, 0, newest_);
    return back == 0 ? 0 : newest_ - back + 1;
  }
  ObjectId object_id(Cursor& in, const char* what) { return in.in_range(what, 1, newest_); }
  static Slot slot(Cursor& in) {
    const std::uint64_t code = in.in_range("slot", 0, std::uint64_t{any32} << 3 | 7);
    return {static_cast<std::uint32_t>(code >> 3), (code & 2) != 0, (code & 1) != 0,
            (code & 4) != 0};
  }
  bool write(Cursor& in) {
    PointerWrite record;
    record.host = in.check(last_host_ + unzigzag(in.varint("host")), "host", 1, newest_);
    last_host_ = record.host;
    record.slot = slot(in);
    record.old_value = counted_back(in, "old value");
    record.new_value = counted_back(in, "new value");
    visitor_.on_write(record);
    return true;
  }
  bool initial_edges(Cursor& in) {
    const ObjectId host = counted_back(in, "host");
    if (host == 0) in.fail("initial edges of no object");
    const std::uint64_t count = in.count("edge count");
    initial_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      const Slot where = slot(in);
      initial_.push_back({where, counted_back(in, "value")});
    }
    visitor_.on_initial_edges(host, initial_);
    return true;
  }
  bool deaths(Cursor& in) {
    const std::uint64_t runs = in.count("run count");
    ObjectId next = 0;
    for (std::uint64_t i = 0; i < runs; ++i) {
      const ObjectId first =
          in.check(next + in.in_range("gap", 0, newest_), "dead object", 1, newest_);
      const std::uint64_t count = in.in_range("run length", 1, newest_ - first + 1);
      deaths_ += count;
      if (deaths_ > newest_) in.fail("more deaths than objects");
      for (std::uint64_t k = 0; k < count; ++k) visitor_.on_death(first + k);
      next = first + count;
    }
    return true;
  }
  bool free(Cursor& in) {
    const ObjectId id = counted_back(in, "freed object");
    if (id == 0) in.fail("no object is freed");
    if (++deaths_ > newest_) in.fail("more deaths than objects");
    visitor_.on_free(id);
    return true;
  }
  void id_list(Cursor& in, const char* what, std::vector<ObjectId>& list) {
    const std::uint64_t count = in.count(what);
    list.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      const ObjectId id = counted_back(in, what);
      if (id == 0) in.fail(std::string(what) + " of no object");
      list.push_back(id);
    }
  }
  bool roots(Cursor& in) {
    id_list(in, "removed root", removed_);
    id_list(in, "added root", added_);
    visitor_.on_roots({removed_, added_});
    return true;
  }
  bool last_uses(Cursor& in) {
    const std::uint64_t count = in.count("use count");
    for (std::uint64_t i = 0; i < count; ++i) {
      const ObjectId id = counted_back(in, "used object");
      if (id == 0) in.fail("use of no object");
      visitor_.on_last_use({id, clock_ - in.in_range("bytes since last use", 0, clock_)});
    }
    return true;
  }
  bool skipped(Cursor& in) {
    const std::uint64_t objects = in.varint("skipped objects");
    const std::uint64_t bytes = in.in_range("skipped bytes", 0, any - clock_);
    clock_ += bytes;
    visitor_.on_skipped(objects, bytes);
    return true;
  }
  bool profile(Cursor& in) {
    const std::uint64_t time = in.varint("time");
    const std::uint64_t count = in.count("entry count");
    profile_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      ProfileEntry entry;
      entry.stack = stack_id(in);
      entry.bytes = in.varint("live bytes");
      entry.objects = in.varint("live objects");
      profile_.push_back(entry);
    }
    visitor_.on_profile(time, profile_);
    return true;
  }
  bool attachment(Cursor& in) {
    Attachment record;
    record.time_ns = in.varint("time");
    record.kind = string_id(in);
    record.path = string_id(in);
    visitor_.on_attachment(record);
    return true;
  }
  static Sizes sizes(Cursor& in) {
    Sizes sizes;
    for (std::uint64_t* field : {&sizes.used, &sizes.committed, &sizes.external, &sizes.young_used,
                                 &sizes.old_used, &sizes.large_used}) {
      *field = in.varint("a size");
    }
    return sizes;
  }
  bool collection(Cursor& in) {
    Collection record;
    record.number = in.varint("collection number");
    record.major = in.in_range("collection kind", 0, 1) == 1;
    record.collector = string_id(in);
    record.reason = string_id(in);
    record.start_ns = in.varint("time");
    record.pause_ns = in.varint("pause");
    record.clock = in.varint("bytes clock");
    record.before = sizes(in);
    record.after = sizes(in);
    record.promoted_bytes = in.varint("promoted bytes");
    record.freed_bytes = in.varint("freed bytes");
    visitor_.on_collection(record);
    return true;
  }
  bool memory(Cursor& in) {
    MemorySample record;
    record.time_ns = in.varint("time");
    record.event = string_id(in);
    for (std::uint64_t* field : {&record.rss, &record.heap_total, &record.heap_used,
                                 &record.external, &record.array_buffers}) {
      *field = in.varint("a memory size");
    }
    visitor_.on_memory(record);
    return true;
  }
  bool marker(Cursor& in) {
    Marker record;
    record.time_ns = in.varint("time");
    record.clock = in.varint("bytes clock");
    record.name = string_id(in);
    visitor_.on_marker(record);
    return true;
  }

  // Checkpoints.

  bool checkpoint_begin(Cursor& in) {
    if (open_) in.fail("a checkpoint inside a checkpoint");
    CheckpointBegin record;
    record.number = in.check(in.varint("checkpoint number"), "checkpoint number", checkpoints_ + 1,
                             checkpoints_ + 1);
    checkpoints_ = record.number;
    record.reason =
        static_cast<CheckpointReason>(in.in_range("checkpoint reason", 0, checkpoint_reasons - 1));
    record.time_ns = in.varint("time");
    record.clock = in.in_range("bytes clock", 0, any);
    checkpoint_clock_ = record.clock;
    open_ = true;
    node_ = 0;
    counted_ = {};
    wanted_ = visitor_.on_checkpoint_begin(record);
    return true;
  }
  bool checkpoint_root(Cursor& in) {
    CheckpointRoot record;
    record.group = string_id(in);
    record.name = string_id(in);
    record.target = object_id(in, "root");
    if (wanted_) visitor_.on_checkpoint_root(record);
    return true;
  }
  bool checkpoint_node(Cursor& in) {
    CheckpointNode record;
    record.id = in.check(node_ + unzigzag(in.varint("object")), "object", 1, newest_);
    node_ = record.id;
    record.type = type_index(in);
    record.bytes = in.in_range("size", 0, max_object_bytes);
    record.external = in.in_range("external size", 0, max_object_bytes);
    record.name = string_id(in);
    record.stack = stack_id(in);
    record.birth = in.in_range("birth", 0, checkpoint_clock_);
    record.last_access =
        record.birth + in.in_range("last access", 0, checkpoint_clock_ - record.birth);
    ++counted_.nodes;
    counted_.bytes += record.bytes;
    if (wanted_) visitor_.on_checkpoint_node(record);
    return true;
  }
  bool checkpoint_edges(Cursor& in) {
    if (node_ == 0) in.fail("edges before the first object of a checkpoint");
    const std::uint64_t count = in.count("edge count");
    std::uint64_t next_index = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      CheckpointEdge edge;
      const std::uint64_t code = in.varint("edge label");
      edge.kind = static_cast<EdgeKind>(in.check(code & 7, "edge kind", 0, edge_kinds - 1));
      if (edge.has_index()) {
        edge.index = static_cast<std::uint32_t>(
            in.check(next_index + unzigzag(code >> 3), "edge index", 0, any32));
        next_index = std::uint64_t{edge.index} + 1;
      } else {
        edge.name = static_cast<StringId>(
            in.check(code >> 3, "string number", 0, tables_.strings.size() - 1));
      }
      edge.target = in.check(node_ + unzigzag(in.varint("edge target")), "edge target", 1, newest_);
      ++counted_.edges;
      if (wanted_) visitor_.on_checkpoint_edge(edge);
    }
    return true;
  }
  bool checkpoint_ephemeron(Cursor& in) {
    CheckpointEphemeron record;
    record.table = object_id(in, "table");
    record.key = object_id(in, "key");
    record.value = object_id(in, "value");
    if (wanted_) visitor_.on_checkpoint_ephemeron(record);
    return true;
  }
  bool checkpoint_end(Cursor& in) {
    CheckpointEnd record;
    record.nodes = in.check(in.varint("node count"), "node count", counted_.nodes, counted_.nodes);
    record.edges = in.check(in.varint("edge count"), "edge count", counted_.edges, counted_.edges);
    record.bytes = in.check(in.varint("byte count"), "byte count", counted_.bytes, counted_.bytes);
    open_ = false;
    visitor_.on_checkpoint_end(record);
    return true;
  }

  RecordingReader& reader_;
  Tables& tables_;
  RecordingVisitor& visitor_;
  std::uint64_t clock_ = 0;
  ObjectId newest_ = 0;
  std::uint64_t deaths_ = 0;
  ObjectId last_host_ = 0;
  std::uint64_t string_bytes_ = 0;
  std::vector<InitialEdge> initial_;
  std::vector<ObjectId> removed_;
  std::vector<ObjectId> added_;
  std::vector<ProfileEntry> profile_;
  std::uint64_t checkpoints_ = 0;
  std::uint64_t checkpoint_clock_ = 0;
  bool open_ = false;
  bool wanted_ = false;
  ObjectId node_ = 0;
  CheckpointEnd counted_;
};

Extent RecordingReader::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_.clear();
  BlockReader blocks(path_);
  RecordDecoder decoder(*this, visitor);
  Extent extent;
  Block block;
  while (blocks.next(block)) {
    if (extent.complete) throw InputError(path_, block.offset, "a block after the end block");
    if (block.kind == static_cast<std::uint8_t>(BlockKind::records)) {
      decoder.decode(block);
    } else if (block.kind == static_cast<std::uint8_t>(BlockKind::end)) {
      decoder.decode_end(block);
      extent.complete = true;
    } else if ((block.flags & optional_block) == 0) {
      throw InputError(path_, block.offset,
                       "unknown kind of block " + std::to_string(block.kind) +
                           ": the recording is newer than this program");
    }
    ++extent.blocks;
    visitor.on_block(blocks.whole_bytes());
  }
  if (blocks.truncated() && extent.complete) {
    throw InputError(path_, blocks.whole_bytes(), "bytes after the end block");
  }
  extent.bytes = blocks.whole_bytes();
  extent.clock = decoder.clock();
  extent.objects = decoder.newest();
  if (!extent.complete) {
    extent.note = "recording ends early at offset " + std::to_string(blocks.end()) + "; read " +
                  std::to_string(extent.blocks) +
                  (extent.blocks == 1 ? " whole block" : " whole blocks");
  }
  return extent;
}

}  // namespace heaplab::trace
