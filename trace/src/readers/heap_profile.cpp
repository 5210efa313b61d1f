// SPDX-License-Identifier: MIT
// {"head": NODE, "samples": [{"size", "nodeId", "ordinal"}]}, where
// NODE = {"callFrame": {"functionName", "scriptId", "url", "lineNumber", "columnNumber"},
//         "selfSize", "id", "children": [NODE]}.
// Members may come in any order and others are passed over. The nesting is as deep as the calls, so
// it is read event by event.
#include "heap_profile.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <vector>

#include "heaplab/support/byte_stream.h"
#include "table_builder.h"

namespace heaplab::trace {
namespace {

constexpr std::size_t most_nodes = std::size_t{1} << 24;
constexpr std::size_t deepest = 100'000;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 52;

/// The characters of a stream, one after another.
class Characters {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  struct Buffer {
    explicit Buffer(const std::string& path) : stream(path), bytes(1 << 16) { fill(); }
    void fill() {
      filled = stream.read(bytes);
      at = 0;
    }
    ByteStream stream;
    std::vector<char> bytes;
    std::size_t filled = 0, at = 0;
  };

  explicit Characters(Buffer* buffer = nullptr) : buffer_(buffer) {}
  const char& operator*() const { return buffer_->bytes[buffer_->at]; }
  Characters& operator++() {
    if (++buffer_->at == buffer_->filled) buffer_->fill();
    return *this;
  }
  Characters operator++(int) {
    const Characters before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Characters& other) const { return at_end() == other.at_end(); }

 private:
  bool at_end() const { return buffer_ == nullptr || buffer_->filled == 0; }
  Buffer* buffer_;
};

struct ProfileNode {
  std::size_t parent = 0;
  std::string function, url, script;
  /// V8 forgets the names of scripts that are gone; functions of its own have script 0.
  std::string place() const {
    return url.empty() && !script.empty() && script != "0" ? "(script " + script + ")" : url;
  }
  std::uint32_t line = 0;
  std::uint64_t bytes = 0, id = 0;
};

class Handler : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::vector<ProfileNode> nodes;
  bool has_head = false;
  std::uint64_t samples = 0;
  std::string problem;
  std::size_t position = 0;  ///< of a syntax error

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override {
    // -1 is an unknown line.
    return value < 0 || value_is(static_cast<std::uint64_t>(value));
  }
  bool number_unsigned(number_unsigned_t value) override { return value_is(value); }
  bool number_float(number_float_t value, const string_t&) override {
    return value >= 0 && value <= static_cast<double>(most_bytes)
               ? value_is(static_cast<std::uint64_t>(value))
               : stop("a size out of range");
  }
  bool string(string_t& text) override {
    if (where() == Place::frame) {
      if (key_ == "functionName") node().function = text;
      if (key_ == "url") node().url = text;
      if (key_ == "scriptId") node().script = text;
    }
    return true;
  }
  bool binary(binary_t&) override { return true; }
  bool key(string_t& text) override {
    key_ = text;
    return true;
  }
  bool start_object(std::size_t) override {
    if (open_.size() == deepest) return stop("nested too deeply");
    const Place outside = where();
    if (open_.empty()) {
      open_.push_back({Place::document, 0});
    } else if ((outside == Place::document && key_ == "head") || outside == Place::children) {
      if (nodes.size() == most_nodes) return stop("too many nodes");
      has_head = true;
      nodes.emplace_back().parent = open_.back().node;
      open_.push_back({Place::node, nodes.size()});
    } else if (outside == Place::node && key_ == "callFrame") {
      open_.push_back({Place::frame, open_.back().node});
    } else {
      samples += outside == Place::samples;
      open_.push_back({Place::other, 0});
    }
    return true;
  }
  bool start_array(std::size_t) override {
    if (open_.size() == deepest) return stop("nested too deeply");
    if (open_.empty()) return stop("no object");
    Place inside = Place::other;
    if (where() == Place::node && key_ == "children") inside = Place::children;
    if (where() == Place::document && key_ == "samples") inside = Place::samples;
    open_.push_back({inside, open_.back().node});
    return true;
  }
  bool end_object() override {
    open_.pop_back();
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    position = at;
    return stop("no valid JSON, or it ends early");
  }

 private:
  enum class Place : std::uint8_t { outside, document, node, frame, children, samples, other };
  struct Open {
    Place place;
    std::size_t node;  ///< counted from 1; 0: none
  };

  Place where() const { return open_.empty() ? Place::outside : open_.back().place; }
  ProfileNode& node() { return nodes[open_.back().node - 1]; }
  bool stop(const char* message) {
    if (problem.empty()) problem = message;
    return false;
  }
  bool value_is(std::uint64_t value) {
    if (where() == Place::frame && key_ == "lineNumber" && value < UINT32_MAX) {
      node().line = static_cast<std::uint32_t>(value) + 1;
    }
    if (where() == Place::node && key_ == "selfSize") {
      if (value > most_bytes) return stop("a size out of range");
      node().bytes = value;
    }
    if (where() == Place::node && key_ == "id") node().id = value;
    return true;
  }

  std::vector<Open> open_;
  std::string key_;
};

}  // namespace

bool is_heap_profile(std::string_view start) {
  std::string text;
  for (const char c : start) {
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') text += c;
  }
  return text.starts_with(R"({"head":{)");
}

Extent HeapProfileSource::read(RecordingVisitor& visitor) {
  tables_ = Tables();
  Characters::Buffer buffer(path());
  Handler handler;
  const bool valid =
      nlohmann::json::sax_parse(Characters(&buffer), Characters(), &handler) && handler.has_head;
  if (!valid) {
    throw InputError(
        path(), handler.position,
        handler.problem.empty() ? "a heap profile without its \"head\"" : handler.problem);
  }
  info_ = {{"recorder", "V8's sampling heap profiler"},
           {"times", "none"},
           {"content",
            "one profile: live bytes by call stack, estimated from samples; no events, "
            "objects or deaths"},
           {"sampling interval", "not in the file (512 KiB unless node was told another)"},
           {"samples", std::to_string(handler.samples)}};
  TableBuilder builder(tables_);
  std::vector<StackId> stacks{0};
  std::vector<ProfileEntry> entries;
  for (const ProfileNode& node : handler.nodes) {
    // The first is the root of the tree, which is no function.
    const bool is_root = node.parent == 0;
    const StackId above = stacks[node.parent];
    stacks.push_back(is_root
                         ? 0
                         : builder.stack(above, builder.frame(node.function.empty() ? "(anonymous)"
                                                                                    : node.function,
                                                              node.place(), node.line, "")));
    if (node.bytes > 0) entries.push_back({stacks.back(), node.bytes, 0});
  }
  std::uint64_t live = 0;
  for (const ProfileEntry& entry : entries) live += entry.bytes;
  info_["live bytes"] = std::to_string(live);
  visitor.on_profile(0, entries);
  Extent extent;
  extent.complete = true;
  extent.blocks = 1;
  extent.bytes = buffer.stream.file_offset();
  visitor.on_block(extent.bytes);
  return extent;
}

}  // namespace heaplab::trace
