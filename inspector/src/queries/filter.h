// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heaplab/inspector/queries/filter.h"

struct pcre2_real_code_8;

namespace heaplab::inspector {

/// A compiled regular expression of PCRE2. Matching is bounded: one that would take for ever does
/// not match.
class Pattern {
 public:
  /// Throws FilterError; `position` is where the pattern begins in the filter.
  Pattern(std::string_view pattern, bool ignore_case, std::size_t position);
  bool matches(std::string_view text) const;

 private:
  struct Free {
    void operator()(pcre2_real_code_8* code) const;
  };
  std::unique_ptr<pcre2_real_code_8, Free> code_;
};

/// The parsed expression: a tree of a few nodes.
struct Filter::Condition {
  enum class Kind { both, either, negation, comparison };
  enum class Field { name, type, class_name, id, self, retained, distance, edges };
  enum class Operator { equal, unequal, less, greater, at_most, at_least, match, no_match };

  Kind kind = Kind::comparison;
  std::unique_ptr<Condition> left, right;  ///< right only of both and either

  Field field = Field::name;
  Operator op = Operator::equal;
  std::string text;                  ///< compared with texts
  std::int64_t number = 0;           ///< compared with numbers
  std::unique_ptr<Pattern> pattern;  ///< of match and no_match
  std::size_t slot = 0;              ///< of comparisons of texts: a number of their own

  bool is_text() const {
    return field == Field::name || field == Field::type || field == Field::class_name;
  }
  bool holds_for(std::string_view value) const;
  bool holds_for(std::int64_t value) const;
};

/// Throws FilterError. `slots` becomes the number of comparisons of texts.
std::unique_ptr<Filter::Condition> parse_filter(std::string_view text, std::size_t& slots);

}  // namespace heaplab::inspector
