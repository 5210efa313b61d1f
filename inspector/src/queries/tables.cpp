// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/tables.h"

namespace heaplab::inspector {
namespace {

bool is_power_of_two(std::uint64_t n) { return n >= 2 && (n & (n - 1)) == 0; }

/// heaplab's own: the first edge leads to the hashes, numbers of four bytes. They are a power of
/// two, and from 1.5 times to less than three times as many as there is room for entries; a Map has
/// two words for an entry, a Set one. So there are fewer than 1.5 hashes for each word in a Map
/// only.
std::optional<TableLayout> own_layout(const View& view, NodeIndex table) {
  const Snapshot& snapshot = view.snapshot();
  if (snapshot.first_edge(table) == snapshot.end_edge(table)) return std::nullopt;
  const SnapshotEdge first = snapshot.edge(snapshot.first_edge(table));
  if (first.kind != EdgeKind::internal || snapshot.type(first.target) != NodeType::hidden ||
      view.label_text(first) != "index" || snapshot.name(first.target) != "system / HashIndex") {
    return std::nullopt;
  }
  constexpr std::uint64_t index_header = 8, hash_size = 4, table_header = 32, word = 8;
  const std::uint64_t index = snapshot.self_size(first.target);
  const std::uint64_t bytes = snapshot.self_size(table);
  if (index < index_header + word || bytes < table_header + word) return std::nullopt;
  const std::uint64_t hashes = (index - index_header) / hash_size;
  const std::uint64_t words = (bytes - table_header) / word;
  const bool map = 2 * hashes < 3 * words;
  return TableLayout{map ? TableLayout::Kind::map : TableLayout::Kind::set, word, 0, map ? 2U : 1U,
                     map ? words / 2 : words};
}

}  // namespace

std::optional<TableLayout> table_layout(const View& view, NodeIndex table) {
  const Snapshot& snapshot = view.snapshot();
  if (snapshot.type(table) != NodeType::array) return std::nullopt;
  if (auto layout = own_layout(view, table)) return layout;
  return table_layout(snapshot.self_size(table));
}

std::optional<TableLayout> table_layout(std::uint64_t bytes) {
  constexpr std::uint64_t header = 3;
  for (const unsigned word : {8U, 4U}) {
    const std::uint64_t length = array_slots(bytes, word);
    if (bytes % word != 0 || length <= header) continue;
    const std::uint64_t rest = length - header;
    // A bucket for every two entries.
    if (rest % 7 == 0 && is_power_of_two(rest / 7)) {
      return TableLayout{TableLayout::Kind::map, word, header + rest / 7, 3, 2 * (rest / 7)};
    }
    if (rest % 5 == 0 && is_power_of_two(rest / 5)) {
      return TableLayout{TableLayout::Kind::set, word, header + rest / 5, 2, 2 * (rest / 5)};
    }
    if (rest % 2 == 0 && is_power_of_two(rest / 2)) {
      return TableLayout{TableLayout::Kind::weak, word, header, 2, rest / 2};
    }
  }
  return std::nullopt;
}

}  // namespace heaplab::inspector
