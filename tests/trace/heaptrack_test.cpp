// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <random>

#include "heaplab/trace/allocation_summary.h"
#include "text_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string interpreted =
    "v 10400 3\n"
    "X /opt/app --port 80\n"
    "I 1000 5e298d\n"
    "s 8 /opt/app\n"
    "s 4 main\n"
    "s 5 app.c\n"
    "s 5 store\n"
    "s 3 add\n"
    "i 4010 1 2 3 a\n"          // main, app.c:10
    "i 4020 1 5 3 14 4 3 1e\n"  // add, app.c:20, inlined into store, app.c:30
    "i 4030 1\n"                // no name
    "t 1 0\n"
    "t 2 1\n"
    "t 3 1\n"
    "a 20 2\n"
    "a 100 3\n"
    "c 5\n"
    "+ 0\n"
    "+ 0\n"
    "+ 1\n"
    "R 10\n"
    "- 0\n"
    "+ 0\n"
    "c 1f\n"
    "- 0\n"
    "- 0\n"
    "c 20\n"
    "R 8\n"
    "\n"
    "# strings: 5\n"
    "# ips: 3\n";

TEST(Heaptrack, InterpretedEventsPairWithinAnAllocationInfo) {
  const ReadText read = read_text(interpreted);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.format, "heaptrack");
  EXPECT_EQ(
      read.journal,
      "t5 a1:32@add:20<-store:30<-main:10 a2:32@add:20<-store:30<-main:10 "
      "a3:256@0x4030<-main:10 m65536 f2 a4:32@add:20<-store:30<-main:10 t31 f4 f1 t32 m32768");
  EXPECT_TRUE(read.extent.complete);
  EXPECT_EQ(read.extent.objects, 4U);
  EXPECT_EQ(read.extent.clock, 3 * 32U + 256U);
  EXPECT_EQ(read.info.at("identity"), "lost");
  EXPECT_EQ(read.info.at("deaths"), "exact");
  EXPECT_EQ(read.info.at("program"), "/opt/app");
  EXPECT_EQ(read.info.at("arguments"), "--port 80");
  EXPECT_EQ(read.info.at("recorder"), "heaptrack 1.4.0");
}

const std::string raw =
    "v 10400 3\n"
    "x 8 /opt/app\n"
    "X /opt/app\n"
    "I 1000 5e298d\n"
    "m 1 -\n"
    "m 1 x 550000000000 0 1000 2000 1000\n"
    "m 9 libx.so.1 7f0000000000 0 4000\n"
    "t 550000002010 0\n"
    "t 7f0000000abc 1\n"
    "+ 20 2 7fe000001000\n"
    "+ 30 1 7fe000002000\n"
    "- 7fe000001000\n"
    "- 7fe000009000\n"       // never allocated
    "+ 40 2 7fe000002000\n"  // its free was missed
    "t 999 0\n"
    "+ 1 3 10\n"
    "- 7fe000002000\n";

TEST(Heaptrack, RawEventsKnowTheirObject) {
  const ReadText read = read_text(raw);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.journal,
            "a1:32@libx.so.1+0xabc<-app+0x2010 a2:48@app+0x2010 f1 "
            "a3:64@libx.so.1+0xabc<-app+0x2010 d2 a4:1@0x999 f3");
  EXPECT_EQ(read.info.count("identity"), 0U);
  EXPECT_EQ(read.info.at("unknown frees"), "1");
  EXPECT_EQ(read.info.at("lost frees"), "1");
  EXPECT_EQ(read.info.at("symbols"), "0 of 2 addresses have names, from the files on this machine");
}

TEST(Heaptrack, OldFileVersions) {
  // Strings without a size.
  EXPECT_EQ(
      read_text("v 10200 2\nX a\ns f o\ni 1 0 1\nt 1 0\na 8 1\n+ 0\n- 0\n# strings: 1\n").journal,
      "a1:8@f o f1");
  // No file version: the first with allocation infos.
  EXPECT_EQ(read_text("v 10200\nX a\ns f\ni 1 0 1\nt 1 0\na 8 1\n+ 0\n").journal, "a1:8@f");
  // Version 0: pointers in interpreted files too.
  const ReadText oldest = read_text("v 10000 0\nX a\ns f\ni 1 0 1\nt 1 0\n+ 8 1 ff00\n- ff00\n");
  EXPECT_EQ(oldest.journal, "a1:8@f f1");
  EXPECT_EQ(oldest.info.count("identity"), 0U);
}

TEST(Heaptrack, AFileOfAKilledRecorderJustEnds) {
  for (const std::string& whole : {interpreted, raw}) {
    for (std::size_t size = whole.find('\n') + 1; size < whole.size(); ++size) {
      const ReadText read = read_text(whole.substr(0, size));
      EXPECT_EQ(read.error, "") << size;
      if (whole[size - 1] != '\n') {
        EXPECT_THAT(read.extent.note, HasSubstr("ends early at offset")) << size;
      }
    }
  }
  const ReadText unfinished = read_text(interpreted.substr(0, interpreted.find("# strings")));
  EXPECT_FALSE(unfinished.extent.complete);
}

/// "complete", "cut off", or "unknown".
std::string ending(const std::string& text) {
  const ReadText read = read_text(text);
  EXPECT_EQ(read.error, "");
  const TextFile file(text);
  const Extent summed = summarize_allocations(file.path()).extent;
  EXPECT_EQ(summed.complete, read.extent.complete);
  EXPECT_EQ(summed.end_is_told, read.extent.end_is_told);
  EXPECT_EQ(summed.note, read.extent.note);
  EXPECT_EQ(read.extent.note.empty(), read.extent.complete);
  if (!read.extent.complete) return "cut off";
  return read.extent.end_is_told ? "complete" : "unknown";
}

TEST(Heaptrack, TheEndOfAFileIsToldOnlyWhereTheFileTells) {
  EXPECT_EQ(ending(interpreted), "complete");
  // A program that ends writes the time and the memory in use at last.
  EXPECT_EQ(ending(raw), "cut off");
  EXPECT_EQ(ending(raw + "c 5\nR 10\n"), "unknown") << "the same comes every ten milliseconds";
  EXPECT_EQ(ending(raw + "c 5\nR 10\n- 10\n"), "cut off");
  EXPECT_EQ(ending(raw + "c 5\nR 10\nc 6\n"), "cut off");
  EXPECT_EQ(ending(raw + "c 5\n"), "unknown") << "this program cannot read its memory in use";
  std::string killed = interpreted;
  killed.erase(killed.find("c 20\nR 8\n"), 9);
  EXPECT_EQ(ending(killed), "cut off") << "the interpreter was not killed, but the program was";
}

std::string packed_by_zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string packed_by_gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(Heaptrack, CompressedFilesMayEndEarly) {
  std::string text = interpreted.substr(0, interpreted.find("\n# strings"));
  std::mt19937 random(3);
  std::uint64_t objects = 4;
  for (int i = 0; i < 400'000; ++i) {
    const bool is_free = random() % 2 == 0;
    text += is_free ? "- " : "+ ";
    text += random() % 2 == 0 ? "0\n" : "1\n";
    objects += is_free ? 0 : 1;
  }
  for (const std::string& packed : {packed_by_zstd(text), packed_by_gzip(text)}) {
    EXPECT_EQ(read_text(packed).extent.objects, objects);
    const ReadText cut = read_text(packed.substr(0, packed.size() / 2));
    EXPECT_EQ(cut.error, "");
    EXPECT_FALSE(cut.extent.complete);
    EXPECT_THAT(cut.extent.note, HasSubstr("of the decompressed text"));
  }
  std::string damaged = packed_by_zstd(text);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  damaged[damaged.size() / 2 + 1] = static_cast<char>(damaged[damaged.size() / 2 + 1] ^ 0x55);
  const ReadText broken = read_text(damaged);
  EXPECT_TRUE(!broken.error.empty() || !broken.journal.empty());
}

std::string with(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

TEST(Heaptrack, WhatIsNotThereIsAnError) {
  const struct {
    std::string text, says;
  } cases[] = {
      {with(interpreted, "+ 1\n", "+ 2\n"), "allocation info 2 is not there"},
      {with(interpreted, "- 0\n", "- 7\n"), "allocation info 7 is not there"},
      {with(interpreted, "+ 1\n", "+ 1x\n"), "not a hexadecimal number"},
      {with(interpreted, "+ 1\n", "+ 1 1\n"), "more on the line"},
      {with(interpreted, "+ 1\n", "+\n"), "not a hexadecimal number"},
      {with(interpreted, "+ 1\n", "+ \n"), "not a hexadecimal number"},
      {with(interpreted, "+ 1\n", "+ 11111111111111111\n"), "not a hexadecimal number"},
      {with(interpreted, "a 100 3", "a 100 4"), "stack 4 is not there: the last one is 3"},
      {with(interpreted, "t 3 1", "t 4 1"), "instruction 4 is not there"},
      {with(interpreted, "t 3 1", "t 3 3"), "stack 3 is not there"},  // its own caller
      {with(interpreted, "t 3 1", "t 3"), "lacks a number"},
      {with(interpreted, "i 4030 1", "i 4030 6"), "string 6 is not there"},
      {with(interpreted, "i 4030 1", "i 4030 1 9"), "string 9 is not there"},
      {with(interpreted, "i 4030 1", "i 4030 1 1 1"), "lacks a number"},
      {with(interpreted, "s 5 app.c", "s ffffffffffffffff app.c"), "is cut off"},
      {with(interpreted, "s 5 app.c", "s 5 app"), "a text of 5 bytes is cut off"},
      {with(interpreted, "s 5 app.c", "s G app.c"), "not a hexadecimal number"},
      {with(interpreted, "c 5", "c -5"), "needs a hexadecimal number"},
      {with(interpreted, "R 10", "R"), "needs a hexadecimal number"},
      {with(interpreted, "I 1000", "I 0"), "no size of a page"},
      {with(interpreted, "v 10400 3", "v 10400 4"), "only versions up to 3 are known"},
      {with(interpreted, "c 5\n", "v 10400 3\n"), "a second line with a version"},
      {with(interpreted, "c 5\n", "X again\n"), "a second command line"},
      {with(interpreted, "c 5\n", "Q 1\n"), "no line of heaptrack's"},
      {with(interpreted, "c 5\n", "x 2 /a\n"), "a line of raw files only"},
      {with(raw, "t 999 0", "i 999 0"), "a line of interpreted files only"},
      {with(raw, "+ 30 1", "+ 30 9"), "stack 9 is not there"},
      {with(raw, "+ 30 1 7fe000002000", "+ 30 1"), "a size, a stack and a pointer"},
      {with(raw, "t 999 0", "t 999 3"), "stack 3 is not there"},
      {with(raw, "4000\n", "ffffffffffffffff\n"), "ends before it begins"},
      {with(interpreted, "c 5\n", "# " + std::string(3 << 20, 'x') + "\n"), "a line of more than"},
  };
  for (const auto& [text, says] : cases) {
    const ReadText read = read_text(text);
    EXPECT_THAT(read.error, AllOf(HasSubstr(says), HasSubstr("(at byte "))) << says;
  }
}

TEST(Heaptrack, ArgumentsMayHaveSeveralLines) {
  const ReadText read =
      read_text(with(interpreted, "--port 80\n", "-c import os\n\nx = 5\n- yes\na b = c\n# no\n"));
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.info.at("arguments"), "-c import os\n\nx = 5\n- yes\na b = c\n# no");
  EXPECT_EQ(read.extent.objects, 4U);
}

TEST(Heaptrack, AFreeTooManyIsCountedNotInvented) {
  const ReadText read = read_text(with(interpreted, "+ 0\n", "- 0\n"));
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.info.at("unknown frees"), "2");
}

/// Objects alive are found again whatever the pattern of pointers.
TEST(Heaptrack, PointersAreFoundAgain) {
  std::mt19937_64 random(7);
  std::string text = "v 10400 3\nx 2 /a\nt 10 0\n";
  std::string expected;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> alive;  // pointer, object
  std::uint64_t objects = 0;
  const auto hex = [](std::uint64_t value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(value));
    return std::string(buffer);
  };
  const auto note = [&](const std::string& what) {
    expected += (expected.empty() ? "" : " ") + what;
  };
  for (int step = 0; step < 60'000; ++step) {
    const bool grows = step / 20'000 % 2 == 0;
    if (alive.empty() || random() % 4 < (grows ? 3U : 1U)) {
      const std::uint64_t pointer = (random() % 4096) << (random() % 3 * 16) << 4 | 0x550000000000;
      const auto same = std::find_if(alive.begin(), alive.end(),
                                     [&](const auto& entry) { return entry.first == pointer; });
      text += "+ 10 1 " + hex(pointer) + "\n";
      note("a" + std::to_string(++objects) + ":16@0x10");
      if (same != alive.end()) {
        note("d" + std::to_string(same->second));
        alive.erase(same);
      }
      alive.emplace_back(pointer, objects);
    } else {
      const std::size_t which = random() % alive.size();
      text += "- " + hex(alive[which].first) + "\n";
      note("f" + std::to_string(alive[which].second));
      alive.erase(alive.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }
  EXPECT_EQ(read_text(text).journal, expected);
}

}  // namespace
}  // namespace heaplab::trace
