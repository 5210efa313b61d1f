// SPDX-License-Identifier: MIT
#include "heaplab/support/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "heaplab/support/error.h"

namespace heaplab {
namespace {

using ::testing::HasSubstr;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) : path_(unique_path()) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static std::string unique_path() {
    std::string name = ::testing::TempDir() + "heaplab-file-test-XXXXXX";
    close(mkstemp(name.data()));
    return name;
  }

  std::string path_;
};

template <typename Action>
InputError error_of(Action action) {
  try {
    action();
  } catch (const InputError& error) {
    return error;
  }
  ADD_FAILURE() << "no InputError was thrown";
  return InputError("", "");
}

TEST(InputFile, ReadsInPiecesAndKnowsWhereItIs) {
  const TemporaryFile file("abcdef");
  InputFile input(file.path());
  EXPECT_EQ(input.size(), 6U);
  std::array<std::byte, 4> buffer{};
  input.read_exactly(buffer, "a header");
  EXPECT_EQ(buffer[3], std::byte{'d'});
  EXPECT_EQ(input.offset(), 4U);
  EXPECT_EQ(input.read_some(buffer), 2U);
  EXPECT_EQ(input.read_some(buffer), 0U);
  EXPECT_EQ(input.offset(), 6U);
}

TEST(InputFile, SaysWhereAFileIsCutOff) {
  const TemporaryFile file("abcdef");
  InputFile input(file.path());
  std::array<std::byte, 4> buffer{};
  input.read_exactly(buffer, "a header");
  const InputError error = error_of([&] { input.read_exactly(buffer, "a block"); });
  EXPECT_EQ(error.offset(), 4U);
  EXPECT_EQ(error.file(), file.path());
  EXPECT_EQ(std::string(error.what()),
            file.path() + ": the file ends inside a block: 2 of 4 bytes (at byte 4)");
}

TEST(InputFile, RefusesWhatIsNotAFile) {
  const InputError missing = error_of([] { InputFile("/nonexistent/app.trace"); });
  EXPECT_THAT(missing.what(), HasSubstr("/nonexistent/app.trace: cannot open: No such file"));
  EXPECT_FALSE(missing.offset());
  const InputError directory = error_of([] { const InputFile file{::testing::TempDir()}; });
  EXPECT_THAT(directory.what(), HasSubstr("is a directory"));
}

TEST(ReadTextFile, ReadsAllOfIt) {
  const std::string content(200'001, 'x');
  const TemporaryFile file(content);
  EXPECT_EQ(read_text_file(file.path()), content);
  EXPECT_EQ(read_text_file(TemporaryFile("").path()), "");
}

TEST(ReadTextFile, RefusesMoreThanItsLimitEvenFromAnEndlessFile) {
  const InputError error = error_of([] { read_text_file("/dev/zero", 1 << 20); });
  EXPECT_STREQ(error.what(), "/dev/zero: larger than 1 MiB");
}

TEST(InputError, MakesHostileNamesVisible) {
  const InputError error("evil\x1b[2J\n.js", 7, "bad \x07 name");
  EXPECT_STREQ(error.what(), "evil\\x1b[2J\\n.js: bad \\x07 name (at byte 7)");
}

}  // namespace
}  // namespace heaplab
