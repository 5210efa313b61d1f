// SPDX-License-Identifier: MIT
#include "hprof/texts.h"

#include <algorithm>

#include "hprof/classes.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace heaplab::inspector::hprof {
namespace {

constexpr std::size_t most_characters = 1024;

struct HashState {
  XXH3_state_t state;
  HashState() { XXH3_64bits_reset(&state); }
};

}  // namespace

void Contents::read(Input& input, std::uint64_t bytes, NodeIndex node,
                    BigArray<std::uint32_t>& numbers) {
  std::uint64_t hash = 0;
  const std::size_t before = waiting_bytes_.size();
  if (bytes <= Input::window) {
    const auto length = static_cast<std::size_t>(bytes);
    const char* const start = input.take(length);
    hash = XXH3_64bits(start, length);
    waiting_bytes_.append(start, std::min(length, kept_bytes));
  } else {
    HashState state;
    for (std::uint64_t left = bytes; left > 0;) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, Input::window));
      const char* const part = input.take(count);
      XXH3_64bits_update(&state.state, part, count);
      if (left == bytes) waiting_bytes_.append(part, kept_bytes);
      left -= count;
    }
    hash = XXH3_64bits_digest(&state.state);
  }
  waiting_.push_back({hash, node, static_cast<std::uint32_t>(waiting_bytes_.size() - before)});
  if (!table_.empty()) __builtin_prefetch(&table_[hash & (table_.size() - 1)]);
  if (waiting_.size() == at_once) finish(numbers);
}

void Contents::finish(BigArray<std::uint32_t>& numbers) {
  const char* start = waiting_bytes_.data();
  for (const Waiting& contents : waiting_) {
    numbers[contents.node] = number_of(contents.hash, start, contents.length);
    start += contents.length;
  }
  waiting_.clear();
  waiting_bytes_.clear();
}

std::uint32_t Contents::number_of(std::uint64_t hash, const char* start, std::size_t length) {
  if (2 * (lengths_.size() + 1) > table_.size()) grow_table();
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = hash & mask;
  for (; table_[slot].number != 0; slot = (slot + 1) & mask) {
    if (table_[slot].tag != tag_of(hash)) continue;
    const std::uint32_t number = table_[slot].number - 1;
    if (hashes_[number] == hash) return number;
  }
  raw_.append(start, length);
  lengths_.push_back(static_cast<std::uint16_t>(length));
  hashes_.push_back(hash);
  const auto number = static_cast<std::uint32_t>(lengths_.size());
  table_[slot] = {number, tag_of(hash)};
  return number - 1;
}

void Contents::grow_table() {
  BigArray<Slot> larger;
  larger.assign(std::max<std::size_t>(1024, 2 * table_.size()), Slot{});
  const std::size_t mask = larger.size() - 1;
  for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
    std::size_t slot = hashes_[number] & mask;
    while (larger[slot].number != 0) slot = (slot + 1) & mask;
    larger[slot] = {number + 1, tag_of(hashes_[number])};
  }
  table_ = std::move(larger);
}

std::string decode(std::string_view bytes, TextEncoding encoding) {
  std::string text;
  if (encoding == TextEncoding::latin1) {
    bytes = bytes.substr(0, most_characters);
    if (std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= 0; })) {
      return std::string(bytes);
    }
    for (const char c : bytes) append_utf8(text, static_cast<unsigned char>(c));
    return text;
  }
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const std::uint32_t a = static_cast<unsigned char>(bytes[at]);
    const std::uint32_t b = static_cast<unsigned char>(bytes[at + 1]);
    return encoding == TextEncoding::utf16_big ? a << 8 | b : b << 8 | a;
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      const std::uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
      const bool pair = code < 0xDC00 && low >= 0xDC00 && low < 0xE000;
      code = pair ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
      if (pair) at += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

}  // namespace heaplab::inspector::hprof
