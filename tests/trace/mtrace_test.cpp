// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string sample =
    "= Start\n"
    "@ ./app:[0x11da] + 0x564bbb2a22a0 0xa\n"
    "@ ./app:[0x11ef] < 0x564bbb2a22a0\n"
    "@ ./app:[0x11ef] > 0x564bbb2a24a0 0x64\n"
    "@ /no/such/lib.so:(_ZN3api4copyEPKc+1a)[0x9e9aa] + 0x564bbb2a2640 0x4\n"
    "@ ./app:[0x1204] ! 0x564bbb2a24a0 0xffffffffff\n"
    "@ ./app:[0x1204] - 0x564bbb2a24a0\n"
    "@ ./app:[0x1204] - 0x1000\n"
    "+ 0x2000 0x8\n"
    "@ ./a b: c.so:(f+1)[0x1] + 0x564bbb2a2640 0x1\n"
    "= End\n";

TEST(Mtrace, EventsKnowTheirObject) {
  const ReadText read = read_text(sample);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.format, "mtrace");
  EXPECT_EQ(read.journal,
            "a1:10@app+0x11da f1 a2:100@app+0x11ef a3:4@api::copy(char const*) f2 a4:8 a5:1@f d3");
  EXPECT_EQ(read.info.at("times"), "none");
  EXPECT_EQ(read.info.at("deaths"), "exact");
  EXPECT_EQ(read.info.at("program"), "./app");
  EXPECT_EQ(read.info.at("unknown frees"), "1");
  EXPECT_EQ(read.info.at("lost frees"), "1");
  EXPECT_TRUE(read.extent.complete);
  EXPECT_TRUE(read.extent.end_is_told);
  const ReadText without_end = read_text(sample.substr(0, sample.find("= End")));
  EXPECT_TRUE(without_end.extent.complete);
  EXPECT_FALSE(without_end.extent.end_is_told) << "only muntrace() writes an end";
}

TEST(Mtrace, WhatIsFreedAgainIsCounted) {
  const auto double_frees = [](const std::string& lines) {
    const auto info = read_text("= Start\n" + lines).info;
    const auto found = info.find("double frees");
    return found == info.end() ? std::string() : found->second;
  };
  EXPECT_EQ(double_frees("+ 0x1000 0x8\n- 0x1000\n- 0x1000\n- 0x1000\n"), "2");
  EXPECT_EQ(double_frees("+ 0x1000 0x8\n- 0x1000\n+ 0x1000 0x8\n- 0x1000\n"), "");
  EXPECT_EQ(double_frees("- 0x1000\n- 0x1000\n"), "") << "of what is not known, nothing is";
}

TEST(Mtrace, MayEndAnywhere) {
  for (std::size_t size = 8; size < sample.size(); ++size) {
    const ReadText read = read_text(sample.substr(0, size));
    EXPECT_EQ(read.error, "") << size;
    EXPECT_EQ(read.extent.complete, sample[size - 1] == '\n') << size;
  }
}

TEST(Mtrace, WhatIsNoLineOfItsIsAnError) {
  const struct {
    const char* line;
    const char* says;
  } cases[] = {{"@ ./app:[0x1]", "without its operation"},
               {"@ ./app:[0x1] ", "an operation and a pointer"},
               {"@ ./app:[0x1] + 12 0x3", "an operation and a pointer"},
               {"@ ./app:[0x1] + 0x 0x3", "an operation and a pointer"},
               {"@ ./app:[0x1] + 0x12", "without a sensible size"},
               {"@ ./app:[0x1] + 0x12 3", "without a sensible size"},
               {"@ ./app:[0x1] + 0x12 0xffffffffffffffff", "without a sensible size"},
               {"@ ./app:[0x1] * 0x12 0x3", "unknown operation"},
               {"@ ./app:[0x1] +x0x12 0x3", "an operation and a pointer"}};
  for (const auto& [line, says] : cases) {
    EXPECT_THAT(read_text(std::string("= Start\n") + line + "\n").error,
                AllOf(HasSubstr(says), HasSubstr("(at byte 8)")))
        << line;
  }
}

}  // namespace
}  // namespace heaplab::trace
