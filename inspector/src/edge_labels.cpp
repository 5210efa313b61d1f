// SPDX-License-Identifier: MIT
#include "heaplab/inspector/edge_labels.h"

namespace heaplab::inspector {
namespace {

/// Seen so often, a name gets a code of two bytes,
constexpr std::uint32_t common = 4;
/// and so often for each that is taken, one of the 192 that are a byte: the first few are taken by
/// what a file begins with, the last are for names that are on a good part of all edges.
constexpr std::uint32_t very_common = 64;

}  // namespace

void EdgeLabels::count(std::uint32_t name) {
  if (name >= codes_.size()) {
    codes_.resize(std::size_t{name} + 1);
    counts_.resize(std::size_t{name} + 1);
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

/// A name that has no code of one byte.
void EdgeLabels::add_uncommon(EdgeKind kind, std::uint32_t name) {
  count(name);
  const std::uint16_t code = codes_[name];
  if (code != no_code) return add_value(code - 1U);
  if (kind == EdgeKind::internal) rare_.back() = 1;
  add_escaped(name);
}

void EdgeLabels::add_value(std::uint32_t value) {
  if (value < LabelCursor::short_values) return bytes_.push_back(static_cast<std::uint8_t>(value));
  if (value >= LabelCursor::values) return add_escaped(value);
  const std::uint32_t rest = value - LabelCursor::short_values;
  bytes_.push_back(static_cast<std::uint8_t>(LabelCursor::short_values + rest / 256));
  more_.push_back(static_cast<std::uint8_t>(rest % 256));
}

void EdgeLabels::add_escaped(std::uint32_t value) {
  bytes_.push_back(LabelCursor::escape);
  for (unsigned shift = 0; shift < 32; shift += 8) {
    more_.push_back(static_cast<std::uint8_t>(value >> shift));
  }
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
