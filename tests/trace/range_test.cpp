// SPDX-License-Identifier: MIT
// Parts of recordings, with and without the index; what newer writers may add.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include "heaplab/trace/format.h"
#include "sample_recording.h"
#include "seed.h"

namespace heaplab::trace {
namespace {

using Lines = std::vector<std::string>;

/// After object `from` was allocated, up to and with the allocation of object `to`.
Lines between(const Lines& all, ObjectId from, ObjectId to) {
  Lines result;
  ObjectId newest = 0;
  for (const std::string& line : all) {
    const bool allocation = line.starts_with("alloc ");
    if (newest >= from && newest < to) result.push_back(line);
    if (allocation) ++newest;
  }
  return result;
}

TEST(Ranges, AreWhatTheWholeSaysThere) {
  const unsigned seed = first_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  const TemporaryFile file;
  Transcript whole;
  write_sample(file.path(), whole, 60'000, seed);
  RecordingReader reader(file.path());
  RecordingVisitor ignore;
  const Extent extent = reader.read(ignore);
  ASSERT_GT(extent.blocks, 4u);
  const std::string bytes = file.contents();
  // The last 8 bytes say where the index is: without them there is none.
  const TemporaryFile cut;
  cut.replace(bytes.substr(0, bytes.size() - 1));
  for (const auto& [from, to] : {std::pair{0, 1000}, {1, 2}, {30'000, 40'000}, {59'000, 60'000}}) {
    const Range range{{Moment::Axis::objects, static_cast<std::uint64_t>(from)},
                      {Moment::Axis::objects, static_cast<std::uint64_t>(to)}};
    const Lines expected = between(whole.lines, range.from.at, range.to.at);
    Transcript seen;
    const Extent part = reader.read_range(seen, range);
    EXPECT_EQ(seen.lines, expected) << from;
    EXPECT_LT(part.blocks, extent.blocks);
    EXPECT_TRUE(part.complete);
    EXPECT_EQ(reader.tables().type_name(1), "Map") << "tables of before are there";
    Transcript without;
    RecordingReader(cut.path()).read_range(without, range);
    EXPECT_EQ(without.lines, expected) << from << " without index";
  }
}

TEST(Ranges, ByTimeAndClockKeepTheThread) {
  const TemporaryFile file;
  Transcript expected;
  {
    RecordingWriter writer(file.path());
    writer.switch_thread(writer.thread("worker", ""));
    for (std::uint64_t i = 0; i < 9; ++i) {
      writer.time(i * 10);
      writer.flush();
      writer.allocation(0, 100, 0);
    }
    writer.finish();
    expected.on_thread(1);
    expected.on_time(40);
    expected.on_allocation({5, 0, 100, 0, 400, false});
    expected.on_time(50);
  }
  RecordingReader reader(file.path());
  Transcript seen;
  reader.read_range(seen, {{Moment::Axis::time_ns, 40}, {Moment::Axis::clock, 500}});
  // The clock stands at 500 when time 50 is told: that is not before 500.
  expected.lines.pop_back();
  EXPECT_EQ(seen.lines, expected.lines);
}

TEST(Ranges, NothingIsReadTwiceInTheEndBlockWithAnIndex) {
  const TemporaryFile file;
  Transcript whole;
  write_sample(file.path(), whole, 60'000, 7);
  // An index that lies is noticed at the latest where the end says what there was.
  RecordingReader reader(file.path());
  Transcript seen;
  const Extent extent = reader.read_range(
      seen, {{Moment::Axis::objects, 50'000}, {Moment::Axis::objects, ~std::uint64_t{0}}});
  EXPECT_EQ(extent.objects, 60'003u);
  EXPECT_EQ(seen.lines, between(whole.lines, 50'000, 1'000'000));
}

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
std::string block(unsigned kind, unsigned flags, const std::string& payload) {
  std::string out;
  put(out, block_magic, 4);
  put(out, kind, 1);
  put(out, flags, 1);
  put(out, 0, 2);
  put(out, payload.size(), 4);
  put(out, payload.size(), 4);
  put(out, XXH3_64bits(payload.data(), payload.size()), 8);
  put(out, XXH3_64bits(out.data(), out.size()), 8);
  return out + payload;
}

TEST(Versions, WhatANewerMinorVersionAddsIsSkipped) {
  std::string bytes(file_magic);
  put(bytes, major_version, 2);
  put(bytes, minor_version + 9u, 2);
  put(bytes, 0, 4);
  put(bytes, XXH3_64bits(bytes.data(), bytes.size()), 8);
  const std::string allocation("\x06\x00\x00\x10\x00", 5);
  const std::string unknown("\xfe\x03xyz", 5);
  bytes += block(1, 0, unknown + allocation + unknown + allocation);
  bytes += block(200, optional_block, "whatever it is");
  bytes += block(1, 0, allocation);
  bytes += block(2, 0, std::string("\x15\x03\x30", 3) + unknown);
  const TemporaryFile file;
  file.replace(bytes);
  Transcript seen;
  const Extent extent = RecordingReader(file.path()).read(seen);
  EXPECT_TRUE(extent.complete);
  EXPECT_EQ(seen.lines.size(), 3u);
  EXPECT_EQ(extent.clock, 48u);
}

}  // namespace
}  // namespace heaplab::trace
