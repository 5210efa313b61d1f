// SPDX-License-Identifier: MIT
#pragma once

#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "heaplab/trace/format.h"
#include "memory_file.h"

// How fuzz targets of recordings turn their input into a file. A recording is checksummed, so bytes
// that are changed at random never get past the frames; what lies behind must be reached on
// purpose.
//
//   first byte even   the rest is the file, as it is
//   first byte odd    the rest is the records of one block, and header and frame are made to fit

namespace heaplab::fuzz {

inline void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}

/// A sound file around the records.
inline std::string frame_records(std::string_view records) {
  std::string header(trace::file_magic);
  put(header, trace::major_version, 2);
  put(header, trace::minor_version, 2);
  put(header, 0, 4);
  put(header, XXH3_64bits(header.data(), header.size()), 8);
  std::string frame;
  put(frame, trace::block_magic, 4);
  put(frame, static_cast<std::uint64_t>(trace::BlockKind::records), 1);
  put(frame, 0, 3);  // not compressed
  put(frame, records.size(), 4);
  put(frame, records.size(), 4);
  put(frame, XXH3_64bits(records.data(), records.size()), 8);
  put(frame, XXH3_64bits(frame.data(), frame.size()), 8);
  return header + frame + std::string(records);
}

inline std::string file_of_input(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return {};
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  return data[0] % 2 == 0 ? std::string(rest) : frame_records(rest);
}

}  // namespace heaplab::fuzz
