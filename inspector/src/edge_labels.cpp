// SPDX-License-Identifier: MIT
#include "heaplab/inspector/edge_labels.h"

#include <algorithm>

namespace heaplab::inspector {
namespace {

/// Seen so often, a name gets a code of two bytes,
constexpr std::uint32_t common = 4;
/// and so often for each that is taken, one of the 192 that are a byte: the first few are taken by
/// what a file begins with, the last are for names that are on a good part of all edges.
constexpr std::uint32_t very_common = 64;

}  // namespace

void EdgeLabels::count(std::uint32_t name) {
  // One more than there are names: the last is nobody's.
  if (std::size_t{name} + 1 >= codes_.size()) {
    codes_.resize(std::size_t{name} + 2);
    counts_.resize(std::size_t{name} + 2);
  }
  std::uint16_t& seen = counts_[name];
  if (seen < UINT16_MAX) ++seen;
  const auto give = [&](std::uint32_t code) {
    codes_[name] = static_cast<std::uint16_t>(code + 1);
    names_[code] = name;
  };
  if (short_codes_ < LabelCursor::short_values && seen >= very_common * (short_codes_ + 1)) {
    give(short_codes_++);
  } else if (codes_[name] == no_code && seen >= common && long_codes_ < LabelCursor::values) {
    give(long_codes_++);
  }
}

std::uint8_t EdgeLabels::number_byte(EdgeKind kind, std::uint32_t number) {
  std::uint32_t& expected = expected_[kind == EdgeKind::hidden];
  const auto difference = static_cast<std::int32_t>(number - expected);
  expected = number + 1;
  return value_byte((static_cast<std::uint32_t>(difference) << 1) ^
                    static_cast<std::uint32_t>(difference >> 31));
}

/// Of a name that has no code of one byte.
std::uint8_t EdgeLabels::uncommon_byte(EdgeKind kind, std::uint32_t name) {
  if (name > largest_name_) largest_name_ = name;
  count(name);
  const std::uint16_t code = codes_[name];
  if (code != no_code) return value_byte(code - 1U);
  if (kind == EdgeKind::internal) rare_.back() = 1;
  return escaped_byte(name);
}

std::uint8_t EdgeLabels::value_byte(std::uint32_t value) {
  if (value < LabelCursor::short_values) return static_cast<std::uint8_t>(value);
  if (value >= LabelCursor::values) return escaped_byte(value);
  const std::uint32_t rest = value - LabelCursor::short_values;
  more_.push_back(static_cast<std::uint8_t>(rest % 256));
  return static_cast<std::uint8_t>(LabelCursor::short_values + rest / 256);
}

std::uint8_t EdgeLabels::escaped_byte(std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    more_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
  return LabelCursor::escape;
}

void EdgeLabels::add(EdgeKind kind, std::uint32_t label) {
  bytes_.push_back(has_number(kind) ? number_byte(kind, label) : uncommon_byte(kind, label));
}

std::size_t EdgeLabels::add_common(std::span<const std::uint32_t> kinds, unsigned kind_shift,
                                   const std::uint32_t* labels, std::size_t stride,
                                   std::uint32_t* others) {
  const std::size_t before = bytes_.size();
  bytes_.resize(before + kinds.size());
  if (codes_.empty()) codes_.resize(1);
  // A byte may be part of anything, the compiler thinks: what it need not read again is local.
  std::uint8_t* const bytes = bytes_.data() + before;
  const std::uint16_t* const codes = codes_.data();
  const auto no_name = static_cast<std::uint32_t>(codes_.size() - 1);
  constexpr std::uint32_t numbers = 1U << static_cast<unsigned>(EdgeKind::element) |
                                    1U << static_cast<unsigned>(EdgeKind::hidden);
  std::size_t count = 0;
  // No branches: which edges are common ones is hard to foretell.
  for (std::uint32_t i = 0; i < kinds.size(); ++i, labels += stride) {
    const std::uint32_t code = codes[std::min(*labels, no_name)] - 1U;
    const std::uint32_t is_number = numbers >> (kinds[i] >> kind_shift) & 1;
    bytes[i] = static_cast<std::uint8_t>(code);
    others[count] = i;
    count += is_number | static_cast<std::uint32_t>(code >= LabelCursor::short_values);
  }
  return count;
}

void EdgeLabels::finish() {
  codes_.release();
  counts_.release();
  bytes_.push_back(0);  // a cursor behind the last label may look, not read
  bytes_.shrink_to_fit();
  more_.push_back(0);
  more_.shrink_to_fit();
  blocks_.shrink_to_fit();
  rare_.shrink_to_fit();
}

}  // namespace heaplab::inspector
