// SPDX-License-Identifier: MIT
#include "regexp/char_set.h"

#include <algorithm>

namespace heaplab::interp::regexp {

void CharSet::add_complement(std::span<const CodeRange> ranges) {
  char32_t next = 0;
  for (const auto& [first, last] : ranges) {
    if (first > next) add(CodeRange{next, first - 1});
    next = last + 1;
  }
  if (next <= highest) add(CodeRange{next, highest});
}

void CharSet::finish(bool negated) {
  std::sort(ranges_.begin(), ranges_.end(),
            [](const CodeRange& a, const CodeRange& b) { return a.first < b.first; });
  std::vector<CodeRange> apart;
  for (const CodeRange& range : ranges_) {
    if (!apart.empty() && range.first <= apart.back().last + 1) {
      apart.back().last = std::max(apart.back().last, range.last);
    } else {
      apart.push_back(range);
    }
  }
  ranges_.clear();
  negated ? add_complement(apart) : add(apart);
  for (char32_t code = 0; code < low_.size(); ++code) low_[code] = contains_slowly(code);
}

bool CharSet::contains_slowly(char32_t code) const {
  const auto behind =
      std::upper_bound(ranges_.begin(), ranges_.end(), code,
                       [](char32_t c, const CodeRange& range) { return c < range.first; });
  return behind != ranges_.begin() && code <= std::prev(behind)->last;
}

}  // namespace heaplab::interp::regexp
