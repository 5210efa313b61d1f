// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A regular expression as a tree. Whatever JavaScript refuses is refused here, with V8's words, so
// the parser of programs can report it early and nothing behind it needs to check again.

namespace heaplab::interp {

enum RegExpFlag : std::uint32_t {
  kHasIndices = 1,
  kGlobal = 2,
  kIgnoreCase = 4,
  kMultiline = 8,
  kDotAll = 16,
  kUnicode = 32,
  kSticky = 64,
};

}  // namespace heaplab::interp

namespace heaplab::interp::regexp {

struct CodeRange {
  char32_t first;
  char32_t last;
};

/// One member of a class: a range of characters, or one of the escapes that stand for many.
struct ClassItem {
  enum class Kind : std::uint8_t { range, digit, word, space, property };
  Kind kind = Kind::range;
  bool negated = false;
  CodeRange range{};
  std::string property;  ///< as PCRE2 spells it: "Lu", "sc:Greek"
};

struct Term {
  enum class Kind : std::uint8_t {
    sequence,   ///< parts, one after the other
    choice,     ///< parts, the first that leads to a match
    literal,    ///< code
    any,        ///< .
    set,        ///< items, negated
    start,      ///< ^
    end,        ///< $
    boundary,   ///< \b, negated: \B
    group,      ///< parts[0]; group: its number, 0 if it does not capture
    look,       ///< parts[0], behind, negated
    reference,  ///< group
    repeat,     ///< parts[0], low, high, greedy
  };
  static constexpr std::uint32_t unlimited = ~std::uint32_t{0};

  explicit Term(Kind k) : kind(k) {}

  Kind kind;
  bool negated = false;
  bool behind = false;
  bool greedy = true;
  bool in_brackets = false;  ///< set: [\d], not \d
  char32_t code = 0;
  std::uint32_t group = 0;
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  /// Numbers of the capturing groups that open within: [first_group, end_group).
  std::uint32_t first_group = 0;
  std::uint32_t end_group = 0;
  std::vector<ClassItem> items;
  std::vector<std::unique_ptr<Term>> parts;

  bool captures() const { return first_group != end_group; }
};

struct Pattern {
  std::unique_ptr<Term> root;
  std::uint32_t flags = 0;
  std::uint32_t group_count = 0;  ///< capturing groups, the whole match not counted
  std::vector<std::pair<std::u16string, std::uint32_t>> names;

  bool has(RegExpFlag flag) const { return (flags & flag) != 0; }
};

/// Nothing if a letter is unknown or comes twice.
std::optional<std::uint32_t> parse_flags(std::u16string_view letters);

/// Why a pattern is refused: the part of V8's message behind the pattern.
struct PatternError {
  std::string message;
};

/// Throws PatternError.
Pattern parse_pattern(std::u16string_view source, std::uint32_t flags);

/// What PCRE2 calls the property that \p{written} names; empty if it cannot be a property's name.
std::string property_name(const std::string& written);

/// "Invalid regular expression: /source/flags: why"
std::string invalid_pattern_message(std::u16string_view source, std::uint32_t flags,
                                    const std::string& why);

}  // namespace heaplab::interp::regexp
