// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <system_error>

#include "heaplab/trace/format.h"
#include "sample_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

TEST(Recording, EveryKindOfRecordComesBackAsItWasWritten) {
  const TemporaryFile file;
  Transcript expected;
  write_sample(file.path(), expected);
  Transcript seen;
  RecordingReader reader(file.path());
  const Extent extent = reader.read(seen);
  EXPECT_TRUE(extent.complete);
  EXPECT_EQ(extent.note, "");
  EXPECT_THAT(seen.lines, ElementsAreArray(expected.lines));
  EXPECT_EQ(reader.info("plan"), "generational");
  EXPECT_EQ(reader.info("absent"), "");
  EXPECT_EQ(reader.tables().type_name(1), "Map");
  const Frame& frame = reader.tables().innermost(2);
  EXPECT_EQ(reader.tables().text(frame.function), "handle");
  EXPECT_EQ(frame.line, 10u);
  EXPECT_EQ(reader.tables().stacks[2].parent, 1u);
}

TEST(Recording, ManyBlocksAndRandomContents) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  const TemporaryFile file;
  Transcript expected;
  write_sample(file.path(), expected, 100'000, seed);
  Transcript seen;
  RecordingReader reader(file.path());
  const Extent extent = reader.read(seen);
  EXPECT_GT(extent.blocks, 3u);
  EXPECT_EQ(extent.bytes, std::filesystem::file_size(file.path()));
  EXPECT_EQ(seen.lines, expected.lines);
  Transcript again;
  reader.read(again);
  EXPECT_EQ(again.lines, expected.lines) << "a reader can read its file twice";
}

TEST(Recording, TablesGiveOneNumberToEqualContents) {
  const TemporaryFile file;
  RecordingWriter writer(file.path());
  EXPECT_EQ(writer.string(""), 0u);
  EXPECT_EQ(writer.string("a"), writer.string("a"));
  EXPECT_NE(writer.string("a"), writer.string("b"));
  EXPECT_EQ(writer.type("Map", "object"), writer.type("Map", "object"));
  EXPECT_NE(writer.type("Map", "object"), writer.type("Map", "hidden"));
  const FrameId frame = writer.frame("f", "a.js", 1, 2);
  EXPECT_EQ(frame, writer.frame("f", "a.js", 1, 2));
  EXPECT_NE(frame, writer.frame("f", "a.js", 1, 3));
  EXPECT_EQ(writer.stack(0, frame), writer.stack(0, frame));
  EXPECT_NE(writer.stack(0, frame), writer.stack(writer.stack(0, frame), frame));
}

TEST(Recording, LongTextIsCutBetweenCharacters) {
  const TemporaryFile file;
  std::string text = "x";
  while (text.size() <= max_string_bytes) text += "\xe2\x82\xac";
  {
    RecordingWriter writer(file.path());
    EXPECT_EQ(writer.string(text), 1u);
    writer.finish();
  }
  RecordingReader reader(file.path());
  Transcript seen;
  reader.read(seen);
  EXPECT_EQ(reader.tables().strings[1], text.substr(0, reader.tables().strings[1].size()));
  EXPECT_EQ(reader.tables().strings[1].size() % 3, 1u);
}

TEST(Recording, LongListsAreSplitAndJoined) {
  const TemporaryFile file;
  static constexpr std::uint32_t count = 300'000;
  {
    RecordingWriter writer(file.path());
    std::vector<InitialEdge> edges;
    for (std::uint32_t i = 0; i < count; ++i) {
      writer.allocation(0, 16, 0);
      edges.push_back({{i, true, false}, 1 + (i * 7919ull) % (i + 1)});
    }
    writer.initial_edges(count, edges);
    std::vector<ObjectId> dead;
    for (ObjectId id = count; id >= 1; id -= 2) {
      dead.push_back(id);
      if (id == 2) break;
    }
    writer.deaths(dead);
    writer.finish();
  }
  struct Counter : RecordingVisitor {
    void on_initial_edges(ObjectId host, std::span<const InitialEdge> edges) override {
      EXPECT_EQ(host, count);
      for (const InitialEdge& edge : edges) {
        EXPECT_EQ(edge.slot.index, next);
        EXPECT_EQ(edge.value, 1 + (next * 7919ull) % (next + 1));
        ++next;
      }
    }
    void on_death(ObjectId id) override {
      EXPECT_EQ(id, last + 2);
      last = id;
    }
    std::uint32_t next = 0;
    ObjectId last = 0;
  } counter;
  RecordingReader(file.path()).read(counter);
  EXPECT_EQ(counter.next, count);
  EXPECT_EQ(counter.last, count);
}

TEST(Recording, CheckpointsCanBeSkipped) {
  const TemporaryFile file;
  Transcript expected;
  write_sample(file.path(), expected);
  struct Skipper : RecordingVisitor {
    bool on_checkpoint_begin(const CheckpointBegin&) override { return false; }
    void on_checkpoint_node(const CheckpointNode&) override { ++contents; }
    void on_checkpoint_edge(const CheckpointEdge&) override { ++contents; }
    void on_checkpoint_end(const CheckpointEnd& end) override { nodes = end.nodes; }
    unsigned contents = 0;
    std::uint64_t nodes = 0;
  } skipper;
  RecordingReader(file.path()).read(skipper);
  EXPECT_EQ(skipper.contents, 0u);
  EXPECT_EQ(skipper.nodes, 2u);
}

TEST(Recording, WhatWasFlushedSurvivesWithoutFinish) {
  const TemporaryFile file;
  RecordingWriter writer(file.path());
  writer.allocation(0, 32, 0);
  writer.flush();
  writer.allocation(0, 64, 0);  // still in the writer's memory: as after kill -9
  Transcript seen;
  const Extent extent = RecordingReader(file.path()).read(seen);
  EXPECT_FALSE(extent.complete);
  EXPECT_EQ(extent.objects, 1u);
  EXPECT_EQ(extent.note, "recording ends early at offset " +
                             std::to_string(std::filesystem::file_size(file.path())) +
                             "; read 1 whole block");
}

TEST(Recording, AFileThatCannotBeMadeIsAnError) {
  EXPECT_THROW(RecordingWriter("/nonexistent/folder/x.heaprec"), std::system_error);
}

TEST(Recording, AFullDiskStopsTheRecordingNotTheProgram) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  RecordingWriter writer("/dev/full");
  for (int i = 0; i < 1000; ++i) writer.allocation(0, 16, 0);
  writer.flush();
  EXPECT_THAT(writer.error(), HasSubstr("No space"));
  writer.allocation(0, 16, 0);
  writer.finish();
}

}  // namespace
}  // namespace heaplab::trace
