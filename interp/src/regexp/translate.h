// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "regexp/pattern.h"

namespace heaplab::interp::regexp {

/// Whether PCRE2 finds in every text what JavaScript finds. Where it does not, matcher.h does the
/// work; it is slower, having no machine code.
bool pcre2_agrees(const Pattern& pattern);

/// A pattern in PCRE2's language. The options it wants: DOTALL, DOLLAR_ENDONLY,
/// MATCH_UNSET_BACKREF, CASELESS and UTF after the flags, UCP if it needs the Unicode tables.
struct TranslatedPattern {
  std::u16string text;
  bool needs_unicode_tables = false;  ///< case-insensitive beyond ASCII
};
/// \pre pcre2_agrees(pattern)
TranslatedPattern translate(const Pattern& pattern);

/// Whether a letter beyond ASCII, or a property, is compared without regard to case.
bool folds_beyond_ascii(const Pattern& pattern);

}  // namespace heaplab::interp::regexp
