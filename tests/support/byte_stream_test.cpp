// SPDX-License-Identifier: MIT
#include "heaplab/support/byte_stream.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <random>

#include "heaplab/support/error.h"

namespace heaplab {
namespace {

class ByteStreamTest : public testing::Test {
 protected:
  ~ByteStreamTest() override { ::unlink(path_.c_str()); }

  const std::string& file(const std::string& contents) {
    std::ofstream(path_, std::ios::binary) << contents;
    return path_;
  }
  std::string all(const std::string& contents, std::size_t step) {
    ByteStream stream(file(contents));
    std::string text;
    std::string part(step, '\0');
    for (;;) {
      const std::size_t count = stream.read(part);
      text.append(part, 0, count);
      EXPECT_EQ(stream.offset(), text.size());
      if (count < step) return text;
    }
  }
  static std::string text(std::size_t size) {
    std::mt19937 random(11);
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>('a' + random() % 7);
    return text;
  }
  static std::string gzip(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
  }
  static std::string zstd(const std::string& text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
  }

  std::string path_ = "/tmp/heaplab-byte-stream-" + std::to_string(::getpid());
};

TEST_F(ByteStreamTest, GivesTheSameBytesHoweverTheyArePacked) {
  const std::string contents = text(700'000);
  for (const std::size_t step : {std::size_t{1000}, std::size_t{1} << 20}) {
    EXPECT_EQ(all(contents, step), contents);
    EXPECT_EQ(all(gzip(contents), step), contents);
    EXPECT_EQ(all(zstd(contents), step), contents);
    EXPECT_EQ(all(gzip(contents) + gzip("more"), step), contents + "more");
    EXPECT_EQ(all(zstd(contents) + zstd("more"), step), contents + "more");
  }
  EXPECT_EQ(all("", 10), "");
}

TEST_F(ByteStreamTest, RefusesDamage) {
  for (const std::string& packed : {gzip(text(100'000)), zstd(text(100'000))}) {
    EXPECT_THROW(all(packed.substr(0, packed.size() / 2), 1 << 20), InputError);
    EXPECT_THROW(all(packed.substr(0, packed.size() - 1), 1 << 20), InputError);
    std::string damaged = packed;
    for (std::size_t i = damaged.size() / 2; i < damaged.size() / 2 + 40; ++i) damaged[i] ^= 0x55;
    EXPECT_THROW(all(damaged, 1 << 20), InputError);
  }
}

/// 6 GiB of zeros are some hundred kilobytes for zstd. They are never all read.
TEST_F(ByteStreamTest, GivesUpOnAFileThatExpandsWithoutEnd) {
  std::string bomb;
  const std::string piece = zstd(std::string(64 << 20, '\0'));
  for (int i = 0; i < 96; ++i) bomb += piece;
  ByteStream stream(file(bomb));
  std::string part(16 << 20, '\0');
  try {
    for (;;) {
      if (stream.read(part) == 0) FAIL() << "read to the end";
    }
  } catch (const InputError& error) {
    EXPECT_NE(std::string(error.what()).find("expands"), std::string::npos);
    EXPECT_LT(stream.offset(), std::uint64_t{5} << 30);
  }
}

}  // namespace
}  // namespace heaplab
