// SPDX-License-Identifier: MIT
// Where PCRE2 and JavaScript part ways:
//   - each round of a repetition forgets what the groups inside it captured in the round before;
//     PCRE2 keeps it. It shows where a round can pass a group by, or look back at it;
//   - a round beyond the required ones that matches nothing fails; PCRE2 takes it and goes on;
//   - a lookbehind is matched from right to left and may be of any length;
//   - without the u flag, letters are compared by their upper case, and not across the end of
//   ASCII;
//   - a lone surrogate in a pattern with the u flag, and more than 65535 repetitions.
#include <algorithm>

#include "regexp/translate.h"

namespace heaplab::interp::regexp {

namespace {

using Kind = Term::Kind;

template <class Predicate>
bool any_part(const Term& term, Predicate predicate) {
  return std::any_of(term.parts.begin(), term.parts.end(),
                     [&](const auto& part) { return predicate(*part); });
}

template <class Predicate>
bool any_term(const Term& term, Predicate predicate) {
  return predicate(term) ||
         any_part(term, [&](const Term& part) { return any_term(part, predicate); });
}

/// Whether it can match without moving.
bool nullable(const Term& term) {
  switch (term.kind) {
    case Kind::literal:
    case Kind::any:
    case Kind::set:
      return false;
    case Kind::sequence:
      return !any_part(term, [](const Term& part) { return !nullable(part); });
    case Kind::choice:
      return any_part(term, nullable);
    case Kind::group:
      return nullable(*term.parts[0]);
    case Kind::repeat:
      return term.low == 0 || nullable(*term.parts[0]);
    default:
      return true;  // assertions; a group that is referred to may have captured nothing
  }
}

/// Whether every match of it passes through all its groups.
bool always_captures(const Term& term) {
  if (!term.captures()) return true;
  switch (term.kind) {
    case Kind::sequence:
      return !any_part(term, [](const Term& part) { return !always_captures(part); });
    case Kind::group:
      return always_captures(*term.parts[0]);
    case Kind::repeat:
      return term.low > 0 && always_captures(*term.parts[0]);
    default:
      return false;  // a choice takes one way; a negated look leaves nothing
  }
}

bool refers_into(const Term& term, std::uint32_t first, std::uint32_t end) {
  return any_term(term, [&](const Term& t) {
    return t.kind == Kind::reference && t.group >= first && t.group < end;
  });
}

bool repeats_alike(const Term& repeat) {
  constexpr std::uint32_t most = 65535;  // PCRE2's limit
  if (repeat.low > most || (repeat.high != Term::unlimited && repeat.high > most)) return false;
  const Term& body = *repeat.parts[0];
  if (body.kind == Kind::look) return false;
  if (repeat.high > repeat.low && nullable(body)) return false;
  if (repeat.high <= 1 || !repeat.captures()) return true;
  return always_captures(body) && !refers_into(body, repeat.first_group, repeat.end_group);
}

/// How far it moves, if that is always the same; unlimited if not.
std::uint64_t fixed_width(const Term& term) {
  constexpr std::uint64_t varies = Term::unlimited;
  switch (term.kind) {
    case Kind::literal:
    case Kind::any:
    case Kind::set:
      return 1;
    case Kind::sequence: {
      std::uint64_t sum = 0;
      for (const auto& part : term.parts) sum = std::min(varies, sum + fixed_width(*part));
      return sum;
    }
    case Kind::choice: {
      const std::uint64_t first = fixed_width(*term.parts[0]);
      const bool same = !any_part(term, [&](const Term& p) { return fixed_width(p) != first; });
      return same ? first : varies;
    }
    case Kind::group:
      return fixed_width(*term.parts[0]);
    case Kind::repeat:
      return term.low == term.high ? std::min(varies, term.low * fixed_width(*term.parts[0]))
                                   : varies;
    case Kind::reference:
      return varies;
    default:
      return 0;
  }
}

bool looks_back_alike(const Term& look) {
  const auto matters = [](const Term& t) { return t.kind == Kind::reference; };
  return !look.captures() && fixed_width(*look.parts[0]) < 1000 && !any_term(look, matters);
}

bool term_agrees(const Term& term, bool unicode) {
  switch (term.kind) {
    case Kind::repeat:
      return repeats_alike(term);
    case Kind::look:
      return !term.behind || looks_back_alike(term);
    case Kind::group:  // (a\1): while the group is open it has captured nothing
      return term.group == 0 || !refers_into(term, term.group, term.group + 1);
    case Kind::literal:
      return !unicode || term.code < 0xd800 || term.code > 0xdfff;
    case Kind::set:
      return !unicode || std::none_of(term.items.begin(), term.items.end(), [](const auto& item) {
        return item.range.first <= 0xdfff && item.range.last >= 0xd800 &&
               item.kind == ClassItem::Kind::range;
      });
    default:
      return true;
  }
}

}  // namespace

bool folds_beyond_ascii(const Pattern& pattern) {
  if (!pattern.has(kIgnoreCase)) return false;
  return pattern.has(kUnicode) || any_term(*pattern.root, [](const Term& term) {
           return term.code >= 0x80 ||
                  std::any_of(term.items.begin(), term.items.end(),
                              [](const ClassItem& item) { return item.range.last >= 0x80; });
         });
}

bool pcre2_agrees(const Pattern& pattern) {
  const bool unicode = pattern.has(kUnicode);
  if (!unicode && folds_beyond_ascii(pattern)) return false;
  return !any_term(*pattern.root, [&](const Term& term) { return !term_agrees(term, unicode); });
}

}  // namespace heaplab::interp::regexp
