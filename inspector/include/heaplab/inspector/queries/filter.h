// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/inspector/queries/view.h"

// A small language to choose nodes by:
//
//     type = object and retained > 1MB and not class ~ /^system/
//
//     filter     = conjunction { ("or" | "||") conjunction }
//     conjunction = condition { ("and" | "&&") condition }
//     condition  = ("not" | "!") condition | "(" filter ")" | comparison
//     comparison = field operator value
//     field      = name | type | class                           (texts: = != ~ !~ and < > …)
//                | id | self | retained | distance | edges       (numbers: = != < > <= >=)
//     value      = word | "text" | 'text' | /regex/ [i] | number [K|KB|KiB|M|…]
//
// `size` and `shallow` are `self`. `~` takes a regular expression of PCRE2 that may match anywhere.

namespace heaplab::inspector {

/// A filter is not well formed. `position` is where, in bytes from the start.
class FilterError : public std::runtime_error {
 public:
  FilterError(std::size_t position, const std::string& message)
      : std::runtime_error(message), position_(position) {}
  std::size_t position() const { return position_; }

 private:
  std::size_t position_;
};

class Filter {
 public:
  /// Throws FilterError.
  explicit Filter(std::string_view text);
  ~Filter();
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;

  /// The nodes it holds for, ascending. Names are read in one pass over all strings.
  std::vector<NodeIndex> select(const View& view) const;

  struct Condition;  ///< a node of the parsed expression

 private:
  std::unique_ptr<Condition> condition_;
};

}  // namespace heaplab::inspector
