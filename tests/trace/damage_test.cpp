// SPDX-License-Identifier: MIT
// Damaged, cut and forged recordings: one clear error or a stated partial result, never more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "heaplab/trace/format.h"
#include "sample_recording.h"

namespace heaplab::trace {
namespace {

using ::testing::HasSubstr;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
std::string header(std::uint16_t major = major_version, std::uint32_t features = 0) {
  std::string out(file_magic);
  put(out, major, 2);
  put(out, minor_version, 2);
  put(out, features, 4);
  put(out, XXH3_64bits(out.data(), out.size()), 8);
  return out;
}
/// A sound frame around any payload, to reach the checks behind the checksums.
std::string block(const std::string& payload, unsigned kind = 1, unsigned flags = 0,
                  std::int64_t raw = -1) {
  std::string out;
  put(out, block_magic, 4);
  put(out, kind, 1);
  put(out, flags, 1);
  put(out, 0, 2);
  put(out, payload.size(), 4);
  put(out, raw < 0 ? payload.size() : static_cast<std::uint64_t>(raw), 4);
  put(out, XXH3_64bits(payload.data(), payload.size()), 8);
  put(out, XXH3_64bits(out.data(), out.size()), 8);
  return out + payload;
}
std::string op(Op code, std::initializer_list<int> bytes) {
  std::string out(1, static_cast<char>(code));
  for (const int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

/// Thousands of small files are written here: they are in memory.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("recording", MFD_CLOEXEC)) {}
  ~MemoryFile() { ::close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }
  void replace(const std::string& bytes) const {
    ASSERT_EQ(::ftruncate(file_, 0), 0);
    ASSERT_EQ(::pwrite(file_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  std::string contents() const {
    std::ifstream file(path(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

 private:
  int file_;
};

class Damaged : public ::testing::Test {
 protected:
  std::string error_of(const std::string& bytes) {
    file_.replace(bytes);
    RecordingVisitor ignore;
    try {
      RecordingReader(file_.path()).read(ignore);
    } catch (const InputError& error) {
      EXPECT_EQ(error.file(), file_.path());
      EXPECT_TRUE(error.offset().has_value());
      EXPECT_LE(error.offset().value_or(0), bytes.size());
      return error.what();
    }
    return "";
  }
  MemoryFile file_;
};

TEST_F(Damaged, CutAtEveryByte) {
  Transcript expected;
  write_sample(file_.path(), expected, 20);
  const std::string whole = file_.contents();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    file_.replace(whole.substr(0, size));
    Transcript seen;
    if (size < file_header_bytes) {
      EXPECT_THROW(RecordingReader(file_.path()).read(seen), InputError) << size;
      continue;
    }
    const Extent extent = RecordingReader(file_.path()).read(seen);
    EXPECT_FALSE(extent.complete);
    EXPECT_THAT(extent.note, HasSubstr("ends early at offset " + std::to_string(size) + ";"));
    ASSERT_LE(seen.lines.size(), expected.lines.size());
    for (std::size_t i = 0; i < seen.lines.size(); ++i) ASSERT_EQ(seen.lines[i], expected.lines[i]);
  }
}

TEST_F(Damaged, EveryFlippedBitIsNoticed) {
  Transcript expected;
  write_sample(file_.path(), expected, 20);
  const std::string whole = file_.contents();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      EXPECT_NE(error_of(bytes), "") << "byte " << i << " bit " << bit;
    }
  }
}

TEST_F(Damaged, OtherFilesAreRefused) {
  EXPECT_THAT(error_of(""), HasSubstr("empty"));
  EXPECT_THAT(error_of("{\"snapshot\":{}}"), HasSubstr("heap snapshot"));
  EXPECT_THAT(error_of(std::string(file_magic)), HasSubstr("ends inside its header"));
  EXPECT_THAT(error_of(header(9)), HasSubstr("recording format 9, this program reads format 2"));
  EXPECT_THAT(error_of(header(2, 4)), HasSubstr("feature"));
}

TEST_F(Damaged, ForgedFrames) {
  EXPECT_THAT(error_of(header() + std::string(40, 'x')), HasSubstr("no block starts here"));
  EXPECT_THAT(error_of(header() + block("", 1, 0x80)), HasSubstr("feature"));
  EXPECT_THAT(error_of(header() + block("", 99)), HasSubstr("unknown kind of block 99"));
  EXPECT_EQ(error_of(header() + block("anything", 99, optional_block)), "");
  EXPECT_THAT(error_of(header() + block("abc", 1, 0, 7)), HasSubstr("two lengths differ"));
  EXPECT_THAT(error_of(header() + block("abc", 1, compressed_block, 7)),
              HasSubstr("does not unpack"));
  EXPECT_THAT(error_of(header() + block("abc", 1, 0, 0xffff'ffff)), HasSubstr("larger"));
}

TEST_F(Damaged, ForgedRecords) {
  const std::string start = header();
  const auto records = [&](const std::string& payload) { return error_of(start + block(payload)); };
  EXPECT_THAT(records("\x7f"), HasSubstr("unknown record 127"));
  EXPECT_EQ(records(std::string("\x90\x02zz")), "") << "optional records are skipped";
  EXPECT_THAT(records(std::string("\x90\x05zz")), HasSubstr("record ends inside"));
  EXPECT_THAT(records(op(Op::allocation, {0, 1, 16, 0})), HasSubstr("type number is 1"));
  EXPECT_THAT(records(op(Op::allocation, {0, 0, 0x80})), HasSubstr("record ends inside"));
  EXPECT_THAT(records(op(Op::time, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2})),
              HasSubstr("number too long"));
  EXPECT_THAT(records(op(Op::write, {2, 0, 0, 0})), HasSubstr("host is 1"));
  EXPECT_THAT(records(op(Op::allocation, {1})), HasSubstr("class number is 1"));
  EXPECT_THAT(records(op(Op::allocation_class, {0, 16, 7})), HasSubstr("stack number is 7"));
  EXPECT_THAT(records(op(Op::newest_edges, {0})), HasSubstr("edges of no object"));
  EXPECT_THAT(records(op(Op::stack, {1, 0})), HasSubstr("stack number is 1")) << "its own parent";
  EXPECT_THAT(records(op(Op::type, {5, 0})), HasSubstr("string number is 5"));
  EXPECT_THAT(records(op(Op::string, {100})), HasSubstr("record ends inside"));
  EXPECT_THAT(records(op(Op::checkpoint_node, {2, 0, 0, 16, 0, 0, 0, 0, 0})),
              HasSubstr("outside one"));
  const std::string object = op(Op::allocation, {0, 0, 16, 0});
  const std::string begin = op(Op::checkpoint_begin, {1, 0, 0, 16});
  EXPECT_THAT(records(object + begin + begin), HasSubstr("inside a checkpoint"));
  EXPECT_THAT(records(object + begin + op(Op::checkpoint_edges, {1, 0, 0})),
              HasSubstr("before the first object"));
  EXPECT_THAT(records(object + begin + op(Op::checkpoint_end, {1, 0, 0})), HasSubstr("node count"));
  EXPECT_THAT(records(object + op(Op::deaths, {1, 1, 2})), HasSubstr("run length"));
  EXPECT_THAT(records(object + op(Op::free, {4})), HasSubstr("freed object is 2"));
  EXPECT_THAT(records(object + op(Op::free, {2}) + op(Op::free, {0})), HasSubstr("more deaths"));
  EXPECT_THAT(records(object + op(Op::write, {2, 1, 0, 0})), HasSubstr("slot is"));
  EXPECT_THAT(records(object + op(Op::write, {2, 0, 0, 4})), HasSubstr("new value is 2"));
  EXPECT_THAT(records(object + op(Op::write_over_null, {2, 0, 4})), HasSubstr("new value is 2"));
  EXPECT_THAT(records(object + op(Op::write_null, {2, 0, 1})), HasSubstr("old value is"));
  EXPECT_THAT(records(object + op(Op::newest_edges, {1, 0, 0})), HasSubstr("value is 0"));
  EXPECT_THAT(records(object + op(Op::initial_edges, {2, 0})), HasSubstr("host is 2"));
  EXPECT_THAT(records(object + op(Op::newest_edges, {2, 0, 2})), HasSubstr("edge count"));
  EXPECT_THAT(records(object + op(Op::roots, {0, 1, 4})), HasSubstr("added root is 2"));
  EXPECT_THAT(records(object + op(Op::last_uses, {1, 2, 34})), HasSubstr("last use is 17"));
  EXPECT_THAT(records(object + op(Op::deaths, {1, 1, 1}) + op(Op::deaths, {1, 1, 1})),
              HasSubstr("more deaths"));
  EXPECT_THAT(error_of(start + block(object) + block(op(Op::end, {2, 16}), 2)),
              HasSubstr("object count is 2"));
  EXPECT_EQ(error_of(start + block(object) + block(op(Op::end, {1, 16}), 2)), "");
  EXPECT_THAT(error_of(start + block(object) + block(op(Op::end, {1, 16}), 2) + block("")),
              HasSubstr("after the end"));
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

/// An index tells nothing that the blocks do not tell, so it may lie as it likes: reading the whole
/// does not look at it, and reading a part ends, with what there is or with an error.
TEST_F(Damaged, ForgedIndexes) {
  Transcript expected;
  write_sample(file_.path(), expected, 4000);
  const std::string whole = file_.contents();
  const auto word = [&](std::size_t at, int bytes) {
    std::uint64_t value = 0;
    for (int i = bytes; i-- > 0;) {
      value = value << 8 | static_cast<unsigned char>(whole[at + static_cast<std::size_t>(i)]);
    }
    return value;
  };
  const auto index = static_cast<std::size_t>(word(whole.size() - 8, 8));
  ASSERT_EQ(word(index, 4), block_magic);
  const std::string end = whole.substr(index + frame_bytes + word(index + 8, 4));
  std::mt19937_64 random(5);
  const auto number = [&] {
    switch (random() % 4) {
      case 0:
        return random() % 8;
      case 1:
        return random() % whole.size();
      case 2:
        return std::uint64_t{file_header_bytes};
      default:
        return random();
    }
  };
  std::size_t refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string payload;
    const std::uint64_t entries = random() % 5;
    put_varint(payload, random() % 10 == 0 ? number() : entries);
    for (std::uint64_t k = 0; k < entries * 7; ++k) put_varint(payload, number());
    file_.replace(whole.substr(0, index) + block(payload, 3, optional_block) + end);
    RecordingReader reader(file_.path());
    RecordingVisitor ignore;
    const std::uint64_t from = random() % 4000;
    try {
      reader.read_range(ignore,
                        {{Moment::Axis::objects, from}, {Moment::Axis::objects, from + 50}});
    } catch (const InputError&) {
      ++refused;
    }
    if (i % 200 != 0) continue;
    Transcript seen;
    EXPECT_TRUE(reader.read(seen).complete);
    EXPECT_EQ(seen.lines, expected.lines);
  }
  EXPECT_GT(refused, 10U) << "where it led to was no block";
}

TEST_F(Damaged, RandomMutationsNeverDoMoreThanThrow) {
  Transcript expected;
  write_sample(file_.path(), expected, 200);
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  // Payloads of random records inside sound frames: what a hostile file looks like.
  for (int i = 0; i < 3000; ++i) {
    std::string payload;
    const std::size_t size = random() % 200;
    for (std::size_t k = 0; k < size; ++k) {
      payload.push_back(static_cast<char>(random() % 4 ? random() % 24 : random()));
    }
    error_of(header() + block(op(Op::allocation, {0, 0, 16, 0})) + block(payload));
  }
}

}  // namespace
}  // namespace heaplab::trace
