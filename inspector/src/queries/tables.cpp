// SPDX-License-Identifier: MIT
#include "heaplab/inspector/queries/tables.h"

namespace heaplab::inspector {
namespace {

bool is_power_of_two(std::uint64_t n) { return n >= 2 && (n & (n - 1)) == 0; }

}  // namespace

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
