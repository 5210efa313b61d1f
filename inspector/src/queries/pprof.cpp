// SPDX-License-Identifier: MIT
// The format: profile.proto of github.com/google/pprof. Written by hand, it is a few fields.
#include <zlib.h>

#include <array>
#include <stdexcept>

#include "heaplab/inspector/queries/export.h"

namespace heaplab::inspector {
namespace {

/// A protobuf message under construction.
class Message {
 public:
  void integer(std::uint32_t field, std::uint64_t value) {
    varint(std::uint64_t{field} << 3);
    varint(value);
  }
  void bytes(std::uint32_t field, std::string_view value) {
    varint((std::uint64_t{field} << 3) | 2);
    varint(value.size());
    data_ += value;
  }
  void message(std::uint32_t field, const Message& value) { bytes(field, value.data_); }
  /// Integers of a repeated field.
  void packed(std::uint32_t field, const std::vector<std::uint64_t>& values) {
    Message content;
    for (const std::uint64_t value : values) content.varint(value);
    message(field, content);
  }
  const std::string& data() const { return data_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 128; value >>= 7) data_ += static_cast<char>(value | 128);
    data_ += static_cast<char>(value);
  }
  std::string data_;
};

// Field numbers of profile.proto.
namespace profile {
constexpr std::uint32_t sample_type = 1, sample = 2, location = 4, function = 5, string_table = 6;
constexpr std::uint32_t default_sample_type = 14;
}  // namespace profile

/// A profile's strings; the first is "".
class StringTable {
 public:
  StringTable() { number(""); }
  std::uint64_t number(const std::string& text) {
    const auto [place, fresh] = numbers_.try_emplace(text, texts_.size());
    if (fresh) texts_.push_back(text);
    return place->second;
  }
  void write(Message& message) const {
    for (const std::string& text : texts_) message.bytes(profile::string_table, text);
  }

 private:
  std::unordered_map<std::string, std::uint64_t> numbers_;
  std::vector<std::string> texts_;
};

Message value_type(StringTable& strings, const char* type, const char* unit) {
  Message message;
  message.integer(1, strings.number(type));
  message.integer(2, strings.number(unit));
  return message;
}

/// Classes are functions, each with one location; 0 means none there.
std::uint64_t location_id(std::uint32_t row) { return row == Classes::none ? 1 : row + 2ULL; }

void add_samples(Message& message, const ClassTree& tree) {
  for (const ClassTree::Frame& leaf : tree.frames) {
    if (leaf.count == 0) continue;
    std::vector<std::uint64_t> stack;  // the leaf comes first
    for (const ClassTree::Frame* frame = &leaf;; frame = &tree.frames[frame->parent]) {
      stack.push_back(location_id(frame->row));
      if (frame->parent == ClassTree::no_frame) break;
    }
    Message sample;
    sample.packed(1, stack);
    sample.packed(2, {leaf.count, leaf.self});
    message.message(profile::sample, sample);
  }
}

void add_function(Message& message, StringTable& strings, std::uint64_t id,
                  const std::string& name) {
  Message line;
  line.integer(1, id);
  Message location;
  location.integer(1, id);
  location.message(4, line);
  message.message(profile::location, location);
  Message function;
  function.integer(1, id);
  function.integer(2, strings.number(name));
  function.integer(3, strings.number(name));
  message.message(profile::function, function);
}

std::string gzip(const std::string& data) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string result(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int status = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw std::runtime_error("the profile is too large to compress");
  return result;
}

}  // namespace

void write_pprof(const View& view, const ClassTree& tree, const ByteSink& sink) {
  StringTable strings;
  Message message;
  message.message(profile::sample_type, value_type(strings, "objects", "count"));
  message.message(profile::sample_type, value_type(strings, "space", "bytes"));
  add_samples(message, tree);
  std::vector<bool> written(view.classes().rows.size());
  for (const ClassTree::Frame& frame : tree.frames) {
    if (frame.row == Classes::none) {
      add_function(message, strings, location_id(frame.row), "(heap)");
    } else if (!written[frame.row]) {
      written[frame.row] = true;
      add_function(message, strings, location_id(frame.row), view.classes().rows[frame.row].name);
    }
  }
  const std::uint64_t space = strings.number("space");
  strings.write(message);
  message.integer(profile::default_sample_type, space);
  sink(gzip(message.data()));
}

}  // namespace heaplab::inspector
