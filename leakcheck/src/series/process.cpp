// SPDX-License-Identifier: MIT
#include "series/process.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <span>

#include "heaplab/support/byte_stream.h"
#include "heaplab/support/error.h"
#include "heaplab/support/format.h"
#include "heaplab/support/text.h"
#include "series/rounds.h"

namespace heaplab::leakcheck::series {
namespace {

/// Of the objects that should have been there, so many were not: of one process it is none.
constexpr double most_strangers = 0.05;
constexpr std::uint64_t least_strangers = 20;
/// Ids have gaps, for what has died. With more than so many of them for each object a bitmap would
/// be large, and nothing is known of such files.
constexpr std::uint64_t most_ids_per_node = 256;

bool tells(const HeapSnapshot& snapshot, const Owners& owners, NodeIndex node) {
  const NodeType type = snapshot.type(node);
  return snapshot.id(node) % 2 == 1 && owners.is_owner(node) &&
         (type == NodeType::object || type == NodeType::closure);
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error) && !error;
}

/// What a stream gives is not always as much as there is room for.
std::size_t fill(ByteStream& stream, std::array<char, 65536>& buffer) {
  std::size_t filled = 0;
  while (filled < buffer.size()) {
    const std::size_t size =
        stream.read(std::span<char>(buffer.data() + filled, buffer.size() - filled));
    if (size == 0) break;
    filled += size;
  }
  return filled;
}

bool same_contents(const std::string& a, const std::string& b) {
  std::error_code error;
  const auto size = std::filesystem::file_size(a, error);
  if (error || std::filesystem::file_size(b, error) != size || error) return false;
  ByteStream first(a), second(b);
  std::array<char, 65536> one{}, other{};
  for (;;) {
    const std::size_t filled = fill(first, one);
    if (fill(second, other) != filled) return false;
    if (filled == 0) return true;
    if (!std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(filled),
                    other.begin())) {
      return false;
    }
  }
}

}  // namespace

BigArray<std::uint64_t> present_ids(const HeapSnapshot& snapshot, const Owners& owners) {
  std::uint64_t last = 0;
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (tells(snapshot, owners, node)) last = std::max<std::uint64_t>(last, snapshot.id(node));
  }
  BigArray<std::uint64_t> bits;
  if (last / 2 > most_ids_per_node * snapshot.node_count()) return bits;
  bits.resize(last / 128 + 1);
  for (NodeIndex node = 0; node < snapshot.node_count(); ++node) {
    if (!tells(snapshot, owners, node)) continue;
    const std::uint32_t number = v8_id(snapshot, node) / 2;
    bits[number / 64] |= std::uint64_t{1} << (number % 64);
  }
  return bits;
}

void require_one_process(std::vector<Round>& rounds) {
  for (std::size_t i = 1; i < rounds.size(); ++i) {
    const BigArray<std::uint64_t>& before = rounds[i - 1].ids;
    const BigArray<std::uint64_t>& after = rounds[i].ids;
    std::uint64_t old = 0, strangers = 0;
    for (std::size_t word = 0; word < std::min(before.size(), after.size()); ++word) {
      old += static_cast<std::uint64_t>(std::popcount(after[word]));
      strangers += static_cast<std::uint64_t>(std::popcount(after[word] & ~before[word]));
      // In the last word there may be ids that came after.
      if (word + 1 == before.size()) {
        const auto length = static_cast<int>(std::bit_width(before[word]));
        const std::uint64_t later = length == 64 ? 0 : ~std::uint64_t{0} << length;
        strangers -= static_cast<std::uint64_t>(std::popcount(after[word] & later));
      }
    }
    if (strangers >= least_strangers &&
        static_cast<double>(strangers) > most_strangers * static_cast<double>(old)) {
      throw InputError(
          rounds[i].file,
          fmt::format("not of the same process as {}: {} of its objects have ids that were given "
                      "out before that one was taken, and are not in it. Take all snapshots of "
                      "one process, while it runs",
                      printable(rounds[i - 1].file), format_count(strangers)));
    }
  }
  for (Round& round : rounds) round.ids.release();
}

void refuse_copies(const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (files[i] == "-" || files[k] == "-") continue;
      if (!same_file(files[k], files[i]) && !same_contents(files[k], files[i])) continue;
      throw InputError(files[i], fmt::format("the same snapshot as {}: nothing can have grown "
                                             "between them. Give each snapshot once",
                                             printable(files[k])));
    }
  }
}

}  // namespace heaplab::leakcheck::series
