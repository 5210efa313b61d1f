// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <span>
#include <vector>

#include "regexp/pattern.h"

namespace heaplab::interp::regexp {

inline constexpr CodeRange digit_ranges[] = {{'0', '9'}};
inline constexpr CodeRange word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
inline constexpr CodeRange space_ranges[] = {
    {9, 13},          {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
    {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};
inline constexpr CodeRange line_break_ranges[] = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};

/// The ranges of \d, \w or \s.
inline std::span<const CodeRange> ranges_of(ClassItem::Kind kind) {
  if (kind == ClassItem::Kind::digit) return digit_ranges;
  if (kind == ClassItem::Kind::word) return word_ranges;
  return space_ranges;
}

/// A set of characters, asked often.
class CharSet {
 public:
  static constexpr char32_t highest = 0x10ffff;

  void add(CodeRange range) { ranges_.push_back(range); }
  void add(std::span<const CodeRange> ranges) {
    for (const CodeRange& range : ranges) add(range);
  }
  /// Everything but `ranges`, which are sorted and apart.
  void add_complement(std::span<const CodeRange> ranges);
  /// Sorts; ask only afterwards, and add no more.
  void finish(bool negated);
  std::span<const CodeRange> ranges() const { return ranges_; }

  bool contains(char32_t code) const {
    return code < low_.size() ? low_[code] : contains_slowly(code);
  }

 private:
  bool contains_slowly(char32_t code) const;

  std::vector<CodeRange> ranges_;
  std::bitset<256> low_;
};

}  // namespace heaplab::interp::regexp
