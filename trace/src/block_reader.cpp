// SPDX-License-Identifier: MIT
#include "block_reader.h"

#include <xxhash.h>
#include <zstd.h>

#include <cstring>
#include <new>

#include "heaplab/support/error.h"
#include "no_recording.h"
#include "wire.h"

namespace heaplab::trace {
namespace {

std::uint64_t hash(const std::byte* bytes, std::size_t size) { return XXH3_64bits(bytes, size); }

void check_header(const BlockInput& file, const std::byte* header, std::size_t size) {
  const std::size_t magic_bytes = size < file_magic.size() ? size : file_magic.size();
  if (size == 0) throw InputError(file.path(), 0, "the file is empty");
  if (std::memcmp(header, file_magic.data(), magic_bytes) != 0) {
    throw InputError(file.path(), 0, no_recording({reinterpret_cast<const char*>(header), size}));
  }
  if (size < file_header_bytes) {
    throw InputError(file.path(), size, "the file ends inside its header");
  }
  if (get_word<std::uint64_t>(header + 16) != hash(header, 16)) {
    throw InputError(file.path(), 0, "the file's header is damaged (checksum differs)");
  }
  const auto major = get_word<std::uint16_t>(header + 8);
  if (major != major_version) {
    throw InputError(file.path(), 8,
                     "recording format " + std::to_string(major) + ", this program reads format " +
                         std::to_string(major_version));
  }
  if (get_word<std::uint32_t>(header + 12) != 0) {
    throw InputError(file.path(), 12, "the recording needs a feature this program does not know");
  }
}

}  // namespace

BlockReader::BlockReader(const std::string& path) : file_(path) {
  std::byte header[file_header_bytes];
  const std::size_t size = file_.read_some(header);
  check_header(file_, header, size);
  whole_bytes_ = file_.offset();
  context_ = ZSTD_createDCtx();
  if (context_ == nullptr) throw std::bad_alloc();
}

BlockReader::~BlockReader() { ZSTD_freeDCtx(context_); }

BlockReader::Frame BlockReader::parse_frame(const std::byte* bytes, std::uint64_t offset) const {
  if (get_word<std::uint32_t>(bytes) != block_magic) {
    throw InputError(file_.path(), offset, "no block starts here: the file is damaged");
  }
  if (get_word<std::uint64_t>(bytes + 24) != hash(bytes, 24)) {
    throw InputError(file_.path(), offset, "a block's frame is damaged (checksum differs)");
  }
  const Frame frame{get_word<std::uint8_t>(bytes + 4), get_word<std::uint8_t>(bytes + 5),
                    get_word<std::uint32_t>(bytes + 8), get_word<std::uint32_t>(bytes + 12),
                    get_word<std::uint64_t>(bytes + 16)};
  if (frame.raw > max_block_bytes || frame.stored > ZSTD_compressBound(max_block_bytes)) {
    throw InputError(file_.path(), offset, "a block is larger than the format allows");
  }
  if ((frame.flags & ~(compressed_block | optional_block)) != 0 ||
      get_word<std::uint16_t>(bytes + 6) != 0) {
    throw InputError(file_.path(), offset, "a block needs a feature this program does not know");
  }
  return frame;
}

bool BlockReader::next(Block& block) {
  std::byte bytes[frame_bytes];
  block.offset = file_.offset();
  const std::size_t size = file_.read_some(bytes);
  if (size < frame_bytes) {
    truncated_ = size != 0;
    return false;
  }
  const Frame frame = parse_frame(bytes, block.offset);
  stored_.resize(frame.stored);
  if (file_.read_some(stored_) < stored_.size()) {
    truncated_ = true;
    return false;
  }
  if (frame.checksum != hash(stored_.data(), stored_.size())) {
    throw InputError(file_.path(), block.offset, "a block is damaged (checksum differs)");
  }
  unpack(frame, block);
  whole_bytes_ = file_.offset();
  return true;
}

void BlockReader::seek(std::uint64_t offset) {
  file_.seek(offset);
  truncated_ = false;
  whole_bytes_ = offset;
}

std::optional<Index> BlockReader::index() {
  constexpr std::size_t word = sizeof(std::uint64_t);
  const std::uint64_t size = file_.size().value_or(0);
  if (size < file_header_bytes + 2 * frame_bytes + word) return std::nullopt;
  const std::uint64_t home = file_.offset();
  std::optional<Index> result;
  try {
    std::byte last[word];
    file_.seek(size - word);
    file_.read_some(last);
    const auto offset = get_word<std::uint64_t>(last);
    Block block;
    if (offset >= file_header_bytes && offset < size - word) {
      seek(offset);
      if (next(block) && block.kind == static_cast<std::uint8_t>(BlockKind::index)) {
        Cursor in(file_.path(), offset, block.payload);
        result = Index::decode(in, offset);
      }
    }
  } catch (const InputError&) {
    result.reset();  // no index, then: those bytes were something else, or are damaged
  }
  seek(home);
  return result;
}

void BlockReader::unpack(const Frame& frame, Block& block) {
  block.kind = frame.kind;
  block.flags = frame.flags;
  if ((frame.flags & compressed_block) == 0) {
    if (frame.raw != frame.stored) {
      throw InputError(file_.path(), block.offset, "a stored block's two lengths differ");
    }
    block.payload.assign(stored_.begin(), stored_.end());
    return;
  }
  block.payload.resize(frame.raw);
  const std::size_t size = ZSTD_decompressDCtx(context_, block.payload.data(), block.payload.size(),
                                               stored_.data(), stored_.size());
  if (ZSTD_isError(size) || size != frame.raw) {
    throw InputError(file_.path(), block.offset, "a block does not unpack to its stated length");
  }
}

}  // namespace heaplab::trace
