// SPDX-License-Identifier: MIT
// What strings need to know about Unicode: case, normal forms, and an order for people.
#include <algorithm>
#include <iterator>
#include <vector>

#include "string.h"

namespace heaplab::interp::builtins {

namespace {

struct CaseRange {
  std::uint32_t first, last;
  std::int32_t delta;
  std::uint32_t stride;
};
struct SpecialCase {
  std::uint32_t code;
  std::uint32_t upper[3];
};
struct Decomposition {
  std::uint32_t code, first, second, composes;
};
struct Compatibility {
  std::uint32_t code, start, count;
};
struct CombiningRange {
  std::uint32_t first, last, combining_class;
};

#include "unicode_tables.inc"

char32_t map_case(const CaseRange* begin, const CaseRange* end, char32_t code) {
  const CaseRange* at = std::upper_bound(
      begin, end, code, [](char32_t c, const CaseRange& range) { return c < range.first; });
  // Ranges of stride 2 interleave: look back over the two that may hold the code.
  for (int back = 0; back < 2 && at != begin; ++back) {
    --at;
    if (code <= at->last && (code - at->first) % at->stride == 0) {
      return static_cast<char32_t>(static_cast<std::int32_t>(code) + at->delta);
    }
  }
  return code;
}

template <class Table, std::size_t n>
const Table* find_code(const Table (&table)[n], char32_t code) {
  const Table* at = std::lower_bound(std::begin(table), std::end(table), code,
                                     [](const Table& entry, char32_t c) { return entry.code < c; });
  return at != std::end(table) && at->code == code ? at : nullptr;
}

char32_t simple_upper(char32_t code) {
  if (code < 0x80) return code >= 'a' && code <= 'z' ? code - 32 : code;
  return map_case(std::begin(upper_ranges), std::end(upper_ranges), code);
}
char32_t simple_lower(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z' ? code + 32 : code;
  return map_case(std::begin(lower_ranges), std::end(lower_ranges), code);
}

bool is_letter(char32_t code) { return simple_upper(code) != code || simple_lower(code) != code; }

// A sigma that ends a word is written differently.
bool is_final_sigma(std::u16string_view text, std::size_t at) {
  const bool after_letter = at > 0 && is_letter(text[at - 1]);
  const bool before_letter = at + 1 < text.size() && is_letter(text[at + 1]);
  return after_letter && !before_letter;
}

}  // namespace

char32_t next_code_point(std::u16string_view text, std::size_t& i) {
  const char16_t first = text[i++];
  if (first >= 0xd800 && first <= 0xdbff && i < text.size()) {
    const char16_t second = text[i];
    if (second >= 0xdc00 && second <= 0xdfff) {
      ++i;
      return 0x10000 + ((static_cast<char32_t>(first) - 0xd800) << 10) + (second - 0xdc00u);
    }
  }
  return first;
}

void append_code_point(std::u16string& text, char32_t code) {
  if (code < 0x10000) {
    text += static_cast<char16_t>(code);
    return;
  }
  text += static_cast<char16_t>(0xd800 + ((code - 0x10000) >> 10));
  text += static_cast<char16_t>(0xdc00 + ((code - 0x10000) & 0x3ff));
}

std::u16string upper_case(std::u16string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const char32_t code = next_code_point(text, i);
    if (code >= 0x80) {
      if (const SpecialCase* special = find_code(special_upper, code)) {
        for (const std::uint32_t c : special->upper) {
          if (c != 0) append_code_point(out, c);
        }
        continue;
      }
    }
    append_code_point(out, simple_upper(code));
  }
  return out;
}

std::u16string lower_case(std::u16string_view text) {
  std::u16string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const char32_t code = next_code_point(text, i);
    if (code == 0x130) {
      out += u"i\u0307";
    } else if (code == 0x3a3) {
      out += is_final_sigma(text, start) ? u'\u03c2' : u'\u03c3';
    } else {
      append_code_point(out, simple_lower(code));
    }
  }
  return out;
}

// A letter whose upper case is several, or is ASCII while it is not, stays itself; with the u flag
// letters fold (ECMA-262 22.2.2.7.3), dotless and dotted i apart.
char32_t case_folded(char32_t code, bool unicode) {
  if (unicode) {
    return code == 0x130 || code == 0x131 ? code : simple_lower(simple_upper(code));
  }
  if (code > 0xffff || (code >= 0x80 && find_code(special_upper, code))) return code;
  const char32_t upper = simple_upper(code);
  return code >= 0x80 && upper < 0x80 ? code : upper;
}

// ---- Normal forms (UAX 15)

namespace {

constexpr char32_t s_base = 0xac00, l_base = 0x1100, v_base = 0x1161, t_base = 0x11a7;
constexpr char32_t l_count = 19, v_count = 21, t_count = 28;

unsigned combining_class(char32_t code) {
  if (code < 0x300) return 0;
  const CombiningRange* at =
      std::upper_bound(std::begin(combining), std::end(combining), code,
                       [](char32_t c, const CombiningRange& range) { return c < range.first; });
  if (at == std::begin(combining)) return 0;
  --at;
  return code <= at->last ? at->combining_class : 0;
}

void decompose(char32_t code, bool compatibility, std::u32string& out) {
  if (code < 0xa0) {
    out += code;
    return;
  }
  if (code >= s_base && code < s_base + l_count * v_count * t_count) {
    const char32_t s = code - s_base;
    out += l_base + s / (v_count * t_count);
    out += v_base + s % (v_count * t_count) / t_count;
    if (s % t_count != 0) out += t_base + s % t_count;
    return;
  }
  if (const Decomposition* pair = find_code(canonical, code)) {
    decompose(pair->first, compatibility, out);
    if (pair->second != 0) decompose(pair->second, compatibility, out);
    return;
  }
  const Compatibility* loose = compatibility ? find_code(compatible, code) : nullptr;
  if (loose == nullptr) {
    out += code;
    return;
  }
  for (std::uint32_t i = 0; i < loose->count; ++i) {
    decompose(compatible_pool[loose->start + i], compatibility, out);
  }
}

void order_marks(std::u32string& text) {
  for (std::size_t start = 0; start < text.size();) {
    if (combining_class(text[start]) == 0) {
      ++start;
      continue;
    }
    std::size_t end = start;
    while (end < text.size() && combining_class(text[end]) != 0) ++end;
    std::stable_sort(text.begin() + static_cast<std::ptrdiff_t>(start),
                     text.begin() + static_cast<std::ptrdiff_t>(end), [](char32_t a, char32_t b) {
                       return combining_class(a) < combining_class(b);
                     });
    start = end;
  }
}

// The character that a pair composes to, or 0.
char32_t compose_pair(char32_t first, char32_t second) {
  if (first >= l_base && first < l_base + l_count && second >= v_base &&
      second < v_base + v_count) {
    return s_base + ((first - l_base) * v_count + (second - v_base)) * t_count;
  }
  if (first >= s_base && first < s_base + l_count * v_count * t_count &&
      (first - s_base) % t_count == 0 && second > t_base && second < t_base + t_count) {
    return first + (second - t_base);
  }
  static const std::vector<const Decomposition*> by_pair = [] {
    std::vector<const Decomposition*> list;
    for (const Decomposition& entry : canonical) {
      if (entry.composes) list.push_back(&entry);
    }
    std::sort(list.begin(), list.end(), [](const Decomposition* a, const Decomposition* b) {
      return std::pair(a->first, a->second) < std::pair(b->first, b->second);
    });
    return list;
  }();
  const auto at = std::lower_bound(
      by_pair.begin(), by_pair.end(), std::pair<std::uint32_t, std::uint32_t>(first, second),
      [](const Decomposition* entry, const std::pair<std::uint32_t, std::uint32_t>& wanted) {
        return std::pair(entry->first, entry->second) < wanted;
      });
  if (at == by_pair.end() || (*at)->first != first || (*at)->second != second) return 0;
  return (*at)->code;
}

void compose(std::u32string& text) {
  std::size_t out = 0;
  std::size_t starter = std::u32string::npos;
  unsigned last_class = 0;
  for (const char32_t code : std::u32string(text)) {
    const unsigned cls = combining_class(code);
    const bool blocked = starter == std::u32string::npos ||
                         (out > starter + 1 && (last_class >= cls || last_class == 0));
    if (!blocked) {
      if (const char32_t composed = compose_pair(text[starter], code)) {
        text[starter] = composed;
        continue;
      }
    }
    if (cls == 0) starter = out;
    last_class = cls;
    text[out++] = code;
  }
  text.resize(out);
}

}  // namespace

std::u16string normalize(std::u16string_view text, NormalForm form) {
  const auto is_plain = [](char16_t unit) { return unit < 0xa0; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::u16string(text);
  const bool loose = form == NormalForm::nfkc || form == NormalForm::nfkd;
  std::u32string codes;
  for (std::size_t i = 0; i < text.size();) {
    decompose(next_code_point(text, i), loose, codes);
  }
  order_marks(codes);
  if (form == NormalForm::nfc || form == NormalForm::nfkc) compose(codes);
  std::u16string out;
  for (const char32_t code : codes) append_code_point(out, code);
  return out;
}

// ---- Order for people

namespace {

// The root collation's order of ASCII: white space, punctuation, symbols, digits, letters.
unsigned primary_weight(char32_t code) {
  static constexpr std::u32string_view order =
      U"\t\n\v\f\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";
  const char32_t lower = simple_lower(code);
  const std::size_t at = order.find(lower);
  if (at != std::u32string_view::npos) return static_cast<unsigned>(at) + 1;
  if (lower < 0x80) return 0;  // control characters are ignored
  return 1000 + lower;
}

struct CollationKey {
  std::u32string primary;
  std::u32string accents;
  std::u32string cases;  // lower before upper
};

CollationKey collation_key(std::u16string_view text) {
  CollationKey key;
  const std::u16string split = normalize(text, NormalForm::nfd);
  for (std::size_t i = 0; i < split.size();) {
    const char32_t code = next_code_point(split, i);
    if (combining_class(code) != 0) {
      key.accents += code;
      continue;
    }
    const unsigned weight = primary_weight(code);
    if (weight == 0) continue;
    key.primary += weight;
    key.accents += U'\1';
    key.cases += simple_lower(code) != code ? 2 : 1;
  }
  return key;
}

}  // namespace

int locale_compare(std::u16string_view a, std::u16string_view b) {
  const CollationKey left = collation_key(a);
  const CollationKey right = collation_key(b);
  for (const auto part : {&CollationKey::primary, &CollationKey::accents, &CollationKey::cases}) {
    const int order = (left.*part).compare(right.*part);
    if (order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace heaplab::interp::builtins
