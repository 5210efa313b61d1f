// SPDX-License-Identifier: MIT
#include "heaplab/trace/reader.h"

#include <optional>

#include "block_reader.h"
#include "range_visitor.h"
#include "record_decoder.h"

namespace heaplab::trace {
namespace {

/// One way through a file, or through parts of it.
class Pass {
 public:
  Pass(const std::string& path, Tables& tables, TableDecoder::Info& info)
      : path_(path), blocks_(path), decoder_(path, tables, info) {}

  /// False at the end of the file.
  bool next(RecordingVisitor& visitor);
  /// At the end of the file.
  Extent extent() const;
  /// Where nobody wants the rest.
  Extent left_extent() const;
  const RecordDecoder& decoder() const { return decoder_; }
  std::optional<Index> index() { return blocks_.index(); }
  void start_at(const IndexEntry& entry) {
    blocks_.seek(entry.offset);
    decoder_.start_at(entry.start);
  }
  std::uint64_t offset() const { return blocks_.whole_bytes(); }

 private:
  const std::string& path_;
  BlockReader blocks_;
  RecordDecoder decoder_;
  Block block_;
  Extent extent_;
};

bool Pass::next(RecordingVisitor& visitor) {
  if (!blocks_.next(block_)) {
    if (blocks_.truncated() && extent_.complete) {
      throw InputError(path_, blocks_.whole_bytes(), "bytes after the end block");
    }
    return false;
  }
  if (extent_.complete) throw InputError(path_, block_.offset, "a block after the end block");
  if (block_.kind == static_cast<std::uint8_t>(BlockKind::records)) {
    decoder_.decode(block_, visitor);
  } else if (block_.kind == static_cast<std::uint8_t>(BlockKind::end)) {
    decoder_.decode_end(block_);
    extent_.complete = true;
  } else if ((block_.flags & optional_block) == 0) {
    throw InputError(path_, block_.offset,
                     "unknown kind of block " + std::to_string(block_.kind) +
                         ": the recording is newer than this program");
  }
  ++extent_.blocks;
  visitor.on_block(blocks_.file_offset());
  return true;
}

Extent Pass::left_extent() const {
  Extent extent = extent_;
  extent.complete = true;
  extent.bytes = blocks_.whole_bytes();
  const Position end = decoder_.position();
  extent.clock = end.clock;
  extent.objects = end.objects;
  extent.adopted = decoder_.adopted();
  extent.skipped_bytes = decoder_.skipped_bytes();
  extent.time_ns = end.time_ns;
  return extent;
}

Extent Pass::extent() const {
  Extent extent = left_extent();
  extent.complete = extent_.complete;
  if (!extent.complete) {
    extent.note = "recording ends early at offset " + std::to_string(blocks_.end()) +
                  (blocks_.compressed() ? " of the decompressed data; read " : "; read ") +
                  std::to_string(extent.blocks) +
                  (extent.blocks == 1 ? " whole block" : " whole blocks");
  }
  return extent;
}

/// Takes note of nothing, not even of checkpoints.
class NoVisitor : public RecordingVisitor {
 public:
  bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }
};

std::uint64_t along(Moment::Axis axis, const Position& position) {
  switch (axis) {
    case Moment::Axis::time_ns:
      return position.time_ns;
    case Moment::Axis::clock:
      return position.clock;
    default:
      return position.objects;
  }
}

/// Reads what comes before the range only where it fills tables. Leaves `pass` at the last place
/// before the range where reading can start.
Position skip_to(Pass& pass, const Index& index, const Range& range) {
  const auto& entries = index.entries();
  std::size_t start = 0;
  while (start + 1 < entries.size() &&
         along(range.from.axis, entries[start + 1].start) < range.from.at) {
    ++start;
  }
  NoVisitor nobody;
  for (std::size_t i = 0; i < start; ++i) {
    if (!entries[i].has_tables) continue;
    pass.start_at(entries[i]);
    while (pass.offset() < entries[i + 1].offset && pass.next(nobody)) {
    }
  }
  if (entries.empty()) return {};
  pass.start_at(entries[start]);
  return entries[start].start;
}

}  // namespace

Extent RecordingReader::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  info_.clear();
  Pass pass(path_, tables_, info_);
  while (pass.next(visitor)) {
    if (!visitor.wants_more()) return pass.left_extent();
  }
  return pass.extent();
}

Extent RecordingReader::read_range(RecordingVisitor& visitor, const Range& range) {
  tables_ = Tables();
  info_.clear();
  Pass pass(path_, tables_, info_);
  RangeVisitor part(visitor, range);
  const std::optional<Index> index = pass.index();
  if (index) {
    const Position start = skip_to(pass, *index, range);
    part.start_at(start.time_ns, start.clock, start.objects, start.thread);
  }
  while (pass.next(part)) {
    if (!part.wants_more()) return pass.left_extent();
  }
  return pass.extent();
}

}  // namespace heaplab::trace
