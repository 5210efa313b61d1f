// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The numbers of the recording format. README.md of this folder is the specification; this header
// and the specification change together.

namespace heaplab::trace {

/// The first bytes of a recording. The odd first byte and the line ends show a file that was
/// mangled by a text-mode transfer, as PNG's signature does.
inline constexpr std::string_view file_magic{"\x89HLREC\r\n", 8};
inline constexpr std::uint16_t major_version = 2;
inline constexpr std::uint16_t minor_version = 0;
inline constexpr std::size_t file_header_bytes = 24;

inline constexpr std::uint32_t block_magic = 0x4B424C48;  ///< "HLBK"
inline constexpr std::size_t frame_bytes = 32;
/// A block never unpacks to more: what a reader must be ready to hold.
inline constexpr std::uint32_t max_block_bytes = 4u << 20;
/// The writer closes a block when it reaches this.
inline constexpr std::size_t target_block_bytes = 256u << 10;

/// What a block holds. A reader skips a kind it does not know if the block says optional_block.
enum class BlockKind : std::uint8_t { records = 1, end = 2, index = 3 };

enum BlockFlags : std::uint8_t {
  compressed_block = 1,  ///< the payload is one zstd frame
  optional_block = 2     ///< may be skipped by a reader that does not know the kind
};

/// \name Limits that a reader enforces, so that no file makes it use unbounded memory.
/// @{
inline constexpr std::size_t max_string_bytes = 64u << 10;
inline constexpr std::uint64_t max_all_string_bytes = 256u << 20;
inline constexpr std::uint32_t max_strings = 1u << 24;
inline constexpr std::uint32_t max_types = 1u << 20;
inline constexpr std::uint32_t max_frames = 1u << 24;
inline constexpr std::uint32_t max_stacks = 1u << 24;
inline constexpr std::uint32_t max_threads = 1u << 16;
inline constexpr std::uint32_t max_classes = 1u << 20;
inline constexpr std::uint64_t max_object_id = (std::uint64_t{1} << 40) - 1;
inline constexpr std::uint64_t max_object_bytes = std::uint64_t{1} << 40;
/// One record's, so that it fits a block.
inline constexpr std::size_t max_profile_entries = 100'000;
/// @}

/// Guesses are kept for so many slots (and labels) at a time: see contexts.h.
inline constexpr std::size_t slot_contexts = 64;
/// An index has at most so many entries; of a longer recording, each stands for several blocks.
inline constexpr std::size_t max_index_entries = 1u << 16;

/// The first byte of a record. From first_optional_op on, a varint length follows the byte, and a
/// reader skips what it does not know.
enum class Op : std::uint8_t {
  info = 1,
  string = 2,
  type = 3,
  frame = 4,
  stack = 5,
  allocation = 6,
  adoption = 7,
  write = 8,
  initial_edges = 9,
  deaths = 10,
  collection = 11,
  memory = 12,
  marker = 13,
  time = 14,
  checkpoint_begin = 15,
  checkpoint_root = 16,
  checkpoint_node = 17,
  checkpoint_edges = 18,
  checkpoint_ephemeron = 19,
  checkpoint_end = 20,
  end = 21,
  free = 22,
  thread = 23,
  switch_thread = 24,
  roots = 25,
  skipped = 26,
  last_uses = 27,
  profile = 28,
  attachment = 29,
  allocation_class = 30,
  newest_edges = 31,
  write_over_null = 32,
  write_null = 33,
  index_offset = 0x80
};
inline constexpr std::uint8_t first_optional_op = 0x80;

}  // namespace heaplab::trace
