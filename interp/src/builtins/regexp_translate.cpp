// SPDX-License-Identifier: MIT
// JavaScript's regular expressions in PCRE2's language. The pattern is parsed completely, so that
// whatever JavaScript refuses is refused with V8's words and nothing PCRE2-specific slips through.
//
// Known difference: a group inside a repeated group keeps what it captured in an earlier round;
// JavaScript forgets it at the start of each round.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "heaplab/interp/source.h"
#include "regexp.h"
#include "string.h"

namespace heaplab::interp::builtins {

namespace {

using Range = std::pair<char32_t, char32_t>;

constexpr Range digit_ranges[] = {{'0', '9'}};
constexpr Range word_ranges[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
constexpr Range space_ranges[] = {
    {9, 13},          {0x20, 0x20},     {0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200a},
    {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}, {0xfeff, 0xfeff}};

// Long names of general categories that PCRE2 knows by their short names only.
constexpr std::array<std::pair<std::string_view, std::string_view>, 38> category_names = {{
    {"Letter", "L"},
    {"Lowercase_Letter", "Ll"},
    {"Uppercase_Letter", "Lu"},
    {"Titlecase_Letter", "Lt"},
    {"Cased_Letter", "L&"},
    {"Modifier_Letter", "Lm"},
    {"Other_Letter", "Lo"},
    {"Mark", "M"},
    {"Combining_Mark", "M"},
    {"Nonspacing_Mark", "Mn"},
    {"Spacing_Mark", "Mc"},
    {"Enclosing_Mark", "Me"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Letter_Number", "Nl"},
    {"Other_Number", "No"},
    {"Punctuation", "P"},
    {"punct", "P"},
    {"Connector_Punctuation", "Pc"},
    {"Dash_Punctuation", "Pd"},
    {"Open_Punctuation", "Ps"},
    {"Close_Punctuation", "Pe"},
    {"Initial_Punctuation", "Pi"},
    {"Final_Punctuation", "Pf"},
    {"Other_Punctuation", "Po"},
    {"Symbol", "S"},
    {"Math_Symbol", "Sm"},
    {"Currency_Symbol", "Sc"},
    {"Modifier_Symbol", "Sk"},
    {"Other_Symbol", "So"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Line_Separator", "Zl"},
    {"Paragraph_Separator", "Zp"},
    {"Other", "C"},
    {"Control", "Cc"},
    {"Format", "Cf"},
    {"Surrogate", "Cs"},
}};

class Translator {
 public:
  Translator(std::u16string_view pattern, std::uint32_t flags)
      : pattern_(pattern),
        unicode_(flags & kUnicode),
        multiline_(flags & kMultiline),
        dot_all_(flags & kDotAll),
        ignore_case_(flags & kIgnoreCase) {
    count_groups();
    const bool only_ascii =
        std::all_of(pattern.begin(), pattern.end(), [](char16_t c) { return c < 0x80; });
    // Escapes may name characters beyond ASCII as well.
    const bool has_code_escape = pattern.find(u"\\u") != std::u16string_view::npos ||
                                 pattern.find(u"\\x") != std::u16string_view::npos;
    wide_case_ = ignore_case_ && (unicode_ || !only_ascii || has_code_escape);
    if (ignore_case_ && pattern.find(u"\\p") != std::u16string_view::npos) wide_case_ = true;
  }

  TranslatedPattern run() {
    disjunction(0);
    if (at_ < pattern_.size()) fail("Unmatched ')'");
    for (const std::u16string& name : wanted_names_) {
      if (group_of(name) == 0) fail("Invalid named capture referenced");
    }
    resolve_names();
    result_.needs_unicode_tables = wide_case_;
    return std::move(result_);
  }

 private:
  static constexpr unsigned deepest = 1000;

  [[noreturn]] static void fail(std::string message) { throw PatternError{std::move(message)}; }

  bool more() const { return at_ < pattern_.size(); }
  char16_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : u'\0';
  }
  bool looking_at(std::u16string_view text) const {
    return pattern_.substr(at_, text.size()) == text;
  }
  void emit(std::string_view ascii) { result_.text.append(ascii.begin(), ascii.end()); }
  void emit_code(char32_t code) {
    const bool alphanumeric = code < 0x80 && std::isalnum(static_cast<int>(code));
    if (alphanumeric || (code >= 0x80 && code < 0xd800)) {
      append_code_point(result_.text, code);
    } else {
      emit(fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(code)));
    }
  }

  void count_groups() {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern_.size(); ++i) {
      const char16_t c = pattern_[i];
      if (c == u'\\') {
        ++i;
      } else if (in_class) {
        in_class = c != u']';
      } else if (c == u'[') {
        in_class = true;
      } else if (c == u'(') {
        const std::u16string_view rest = pattern_.substr(i + 1, 3);
        if (!rest.starts_with(u"?")) {
          ++total_groups_;
        } else if (rest.starts_with(u"?<") && rest != u"?<=" && rest != u"?<!") {
          ++total_groups_;
          has_names_ = true;
        }
      }
    }
  }

  void disjunction(unsigned depth) {
    if (depth > deepest) fail("Regular expression too large");
    while (more() && peek() != u')') {
      if (peek() == u'|') {
        ++at_;
        emit("|");
      } else {
        term(depth);
      }
    }
  }

  void term(unsigned depth) {
    const char16_t c = peek();
    switch (c) {
      case u'^':
        ++at_;
        emit(multiline_ ? "(?<![^\\n\\r\\x{2028}\\x{2029}])" : "^");
        return;
      case u'$':
        ++at_;
        emit(multiline_ ? "(?![^\\n\\r\\x{2028}\\x{2029}])" : "\\z");
        return;
      case u'*':
      case u'+':
      case u'?':
        fail("Nothing to repeat");
      case u'{':
        if (quantifier_bounds()) fail("Nothing to repeat");
        if (unicode_) fail("Lone quantifier brackets");
        break;
      case u'}':
      case u']':
        if (unicode_) fail("Lone quantifier brackets");
        break;
      default:
        break;
    }
    if (c == u'(') {
      if (!group(depth)) {
        if (more() && (peek() == u'*' || peek() == u'+' || peek() == u'?')) {
          fail("Invalid quantifier");
        }
        return;
      }
    } else if (c == u'[') {
      character_class();
    } else if (c == u'\\') {
      if (!atom_escape()) return;
    } else if (c == u'.') {
      ++at_;
      emit(dot_all_ ? "." : "[^\\n\\r\\x{2028}\\x{2029}]");
    } else {
      emit_code(next_code());
    }
    quantifier();
  }

  char32_t next_code() {
    if (!unicode_) return pattern_[at_++];
    return next_code_point(pattern_, at_);
  }

  // False for what cannot be repeated (lookbehind; with u also lookahead).
  bool group(unsigned depth) {
    bool repeatable = true;
    ++at_;
    if (peek() != u'?') {
      ++result_.group_count;
      emit("(");
    } else if (looking_at(u"?:")) {
      at_ += 2;
      emit("(?:");
    } else if (looking_at(u"?=") || looking_at(u"?!")) {
      emit(looking_at(u"?=") ? "(?=" : "(?!");
      at_ += 2;
      repeatable = !unicode_;
    } else if (looking_at(u"?<=") || looking_at(u"?<!")) {
      emit(looking_at(u"?<=") ? "(?<=" : "(?<!");
      at_ += 3;
      repeatable = false;
    } else if (looking_at(u"?<")) {
      at_ += 2;
      named_group();
    } else {
      fail("Invalid group");
    }
    disjunction(depth + 1);
    if (!more()) fail("Unterminated group");
    ++at_;
    emit(")");
    return repeatable;
  }

  std::u16string group_name() {
    const std::size_t close = pattern_.find(u'>', at_);
    if (close == std::u16string_view::npos || close == at_) fail("Invalid capture group name");
    const std::u16string name(pattern_.substr(at_, close - at_));
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char16_t c = name[i];
      const bool letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' ||
                          c == u'$' || c >= 0x80;
      const bool digit = c >= u'0' && c <= u'9';
      if (!letter && !(digit && i > 0)) fail("Invalid capture group name");
    }
    at_ = close + 1;
    return name;
  }

  std::uint32_t group_of(const std::u16string& name) const {
    for (const auto& [known, group] : result_.names) {
      if (known == name) return group;
    }
    return 0;
  }

  void named_group() {
    std::u16string name = group_name();
    if (group_of(name) != 0) fail("Duplicate capture group name");
    result_.names.emplace_back(std::move(name), ++result_.group_count);
    emit("(");
  }

  // {n}, {n,}, {n,m} at the current position. Does not move.
  struct Bounds {
    double low = 0;
    double high = 0;
    std::size_t length = 0;
  };
  std::optional<Bounds> quantifier_bounds() const {
    std::size_t i = at_ + 1;
    const auto number = [&](double* out) {
      const std::size_t start = i;
      *out = 0;
      while (i < pattern_.size() && pattern_[i] >= u'0' && pattern_[i] <= u'9') {
        *out = *out * 10 + (pattern_[i++] - u'0');
      }
      return i > start;
    };
    Bounds bounds;
    if (!number(&bounds.low)) return std::nullopt;
    bounds.high = bounds.low;
    if (i < pattern_.size() && pattern_[i] == u',') {
      ++i;
      if (!number(&bounds.high)) bounds.high = -1;
    }
    if (i >= pattern_.size() || pattern_[i] != u'}') return std::nullopt;
    bounds.length = i + 1 - at_;
    return bounds;
  }

  void quantifier() {
    const char16_t c = peek();
    if (more() && (c == u'*' || c == u'+' || c == u'?')) {
      ++at_;
      result_.text += c;
    } else if (more() && c == u'{') {
      const auto bounds = quantifier_bounds();
      if (!bounds) {
        if (unicode_) fail("Incomplete quantifier");
        return;
      }
      emit_bounds(*bounds);
      at_ += bounds->length;
    } else {
      return;
    }
    if (peek() == u'?' && more()) {
      ++at_;
      emit("?");
    }
  }

  void emit_bounds(const Bounds& bounds) {
    constexpr double most = 65535;  // PCRE2's limit
    if (bounds.high >= 0 && bounds.high < bounds.low) {
      fail("numbers out of order in {} quantifier");
    }
    if (bounds.low > most) fail("more than 65535 repetitions are not supported by heaplab run");
    const int low = static_cast<int>(bounds.low);
    if (bounds.high < 0 || bounds.high > most) {
      emit(fmt::format("{{{},}}", low));
    } else {
      emit(fmt::format("{{{},{}}}", low, static_cast<int>(bounds.high)));
    }
  }

  // ---- Escapes

  // Behind the backslash. False for assertions, which cannot be repeated.
  bool atom_escape() {
    ++at_;
    if (!more()) fail("\\ at end of pattern");
    const char16_t c = peek();
    if (c == u'b' || c == u'B') {
      ++at_;
      word_boundary(c == u'b');
      return false;
    }
    if (c == u'k' && (has_names_ || unicode_)) {
      named_reference();
      return true;
    }
    if (c >= u'1' && c <= u'9' && numbered_reference()) return true;
    if (class_escape(/*in_class=*/false)) return true;
    emit_code(character_escape());
    return true;
  }

  void word_boundary(bool positive) {
    if (!wide_case_) return emit(positive ? "\\b" : "\\B");
    // With Unicode tables PCRE2's own \b would count all letters.
    emit(positive ? "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))"
                  : "(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))");
  }

  void named_reference() {
    ++at_;
    if (peek() != u'<') fail("Invalid named reference");
    ++at_;
    const std::u16string name = group_name();
    wanted_names_.push_back(name);
    // The number may not be known yet.
    pending_names_.emplace_back(result_.text.size(), name);
  }

  void resolve_names() {
    for (auto it = pending_names_.rbegin(); it != pending_names_.rend(); ++it) {
      const std::string text = fmt::format("\\g{{{}}}", group_of(it->second));
      result_.text.insert(it->first, std::u16string(text.begin(), text.end()));
    }
  }

  bool numbered_reference() {
    std::size_t i = at_;
    std::uint64_t number = 0;
    while (i < pattern_.size() && pattern_[i] >= u'0' && pattern_[i] <= u'9' && number < 100000) {
      number = number * 10 + (pattern_[i++] - u'0');
    }
    if (number > total_groups_) {
      if (unicode_) fail("Invalid escape");
      return false;
    }
    at_ = i;
    emit(fmt::format("\\g{{{}}}", number));
    return true;
  }

  void emit_range(char32_t first, char32_t last) {
    emit_code(first);
    if (last != first) {
      emit("-");
      emit_code(last);
    }
  }

  // The ranges, or everything but them.
  void emit_ranges(std::span<const Range> ranges, bool negated) {
    if (!negated) {
      for (const auto& [first, last] : ranges) emit_range(first, last);
      return;
    }
    // ſ and K are no word characters, but with Unicode case folding they would match s and k.
    std::vector<Range> holes(ranges.begin(), ranges.end());
    if (wide_case_ && ranges.data() == word_ranges) {
      holes.push_back({0x17f, 0x17f});
      holes.push_back({0x212a, 0x212a});
    }
    char32_t next = 0;
    for (const auto& [first, last] : holes) {
      if (first > next) emit_gap(next, first - 1);
      next = last + 1;
    }
    emit_gap(next, unicode_ ? 0x10ffff : 0xffff);
  }

  // With UTF, a range across the surrogates is fine, but must not begin or end there.
  void emit_gap(char32_t first, char32_t last) { emit_range(first, last); }

  bool class_escape(bool in_class) {
    const char16_t c = peek();
    std::span<const Range> ranges;
    switch (c) {
      case u'd':
      case u'D':
        ranges = digit_ranges;
        break;
      case u'w':
      case u'W':
        ranges = word_ranges;
        break;
      case u's':
      case u'S':
        ranges = space_ranges;
        break;
      case u'p':
      case u'P':
        if (!unicode_) return false;
        property_escape();
        return true;
      default:
        return false;
    }
    ++at_;
    const bool negated = c < u'a';
    if (in_class) {
      emit_ranges(ranges, negated);
      return true;
    }
    emit(negated ? "[^" : "[");
    emit_ranges(ranges, false);
    emit("]");
    return true;
  }

  void property_escape() {
    const char16_t letter = peek();
    ++at_;
    const std::size_t close = pattern_.find(u'}', at_);
    if (peek() != u'{' || close == std::u16string_view::npos) fail("Invalid property name");
    std::string name = utf16_to_utf8(pattern_.substr(at_ + 1, close - at_ - 1));
    at_ = close + 1;
    for (const std::string_view prefix : {"General_Category=", "gc="}) {
      if (name.starts_with(prefix)) name = name.substr(prefix.size());
    }
    for (const auto& [long_name, short_name] : category_names) {
      if (name == long_name) name = short_name;
    }
    for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>{"Script=", "sc:"},
                                   {"sc=", "sc:"},
                                   {"Script_Extensions=", "scx:"},
                                   {"scx=", "scx:"}}) {
      if (name.starts_with(from)) name = std::string(to) + name.substr(from.size());
    }
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == ':' || c == '&';
    });
    if (!plain) fail("Invalid property name");
    emit(fmt::format("\\{}{{{}}}", static_cast<char>(letter), name));
  }

  std::optional<char32_t> hex_digits(std::size_t count) {
    char32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char16_t c = peek(i);
      if (at_ + i >= pattern_.size() || c >= 0x80 || !std::isxdigit(c)) return std::nullopt;
      value = value * 16 + static_cast<char32_t>(c <= u'9' ? c - u'0' : (c | 32) - u'a' + 10);
    }
    at_ += count;
    return value;
  }

  char32_t unicode_escape() {
    if (unicode_ && peek() == u'{') {
      const std::size_t close = pattern_.find(u'}', at_);
      char32_t value = 0;
      if (close == std::u16string_view::npos || close == at_ + 1) fail("Invalid Unicode escape");
      for (++at_; at_ < close;) {
        const auto digit = hex_digits(1);
        if (!digit) fail("Invalid Unicode escape");
        value = value * 16 + *digit;
        if (value > 0x10ffff) fail("Invalid Unicode escape");
      }
      ++at_;
      return value;
    }
    const auto value = hex_digits(4);
    if (!value) {
      if (unicode_) fail("Invalid Unicode escape");
      return u'u';
    }
    if (unicode_ && *value >= 0xd800 && *value <= 0xdbff && looking_at(u"\\u")) {
      const std::size_t before = at_;
      at_ += 2;
      const auto low = hex_digits(4);
      if (low && *low >= 0xdc00 && *low <= 0xdfff) {
        return 0x10000 + ((*value - 0xd800) << 10) + (*low - 0xdc00);
      }
      at_ = before;
    }
    return *value;
  }

  char32_t legacy_octal() {
    char32_t value = 0;
    for (int digits = 0; digits < 3 && peek() >= u'0' && peek() <= u'7' && more(); ++digits) {
      const char32_t next = value * 8 + (peek() - u'0');
      if (next > 0xff) break;
      value = next;
      ++at_;
    }
    return value;
  }

  // One character, behind the backslash.
  char32_t character_escape() {
    const char16_t c = pattern_[at_];
    switch (c) {
      case u'n':
        ++at_;
        return '\n';
      case u'r':
        ++at_;
        return '\r';
      case u't':
        ++at_;
        return '\t';
      case u'v':
        ++at_;
        return '\v';
      case u'f':
        ++at_;
        return '\f';
      case u'c':
        if (at_ + 1 < pattern_.size() && peek(1) < 0x80 && std::isalpha(peek(1))) {
          at_ += 2;
          return pattern_[at_ - 1] & 31u;
        }
        if (unicode_) fail("Invalid unicode escape");
        return u'\\';  // a backslash, and the c follows by itself
      case u'x': {
        ++at_;
        const auto value = hex_digits(2);
        if (!value && unicode_) fail("Invalid escape");
        return value.value_or(u'x');
      }
      case u'u':
        ++at_;
        return unicode_escape();
      default:
        break;
    }
    if (c >= u'0' && c <= u'9') {
      if (!unicode_) return c <= u'7' ? legacy_octal() : pattern_[at_++];
      if (c != u'0' || (peek(1) >= u'0' && peek(1) <= u'9')) fail("Invalid decimal escape");
      ++at_;
      return 0;
    }
    constexpr std::u16string_view syntax = u"^$\\.*+?()[]{}|/";
    if (unicode_ && syntax.find(c) == std::u16string_view::npos && !(in_class_ && c == u'-')) {
      fail("Invalid escape");
    }
    return next_code();
  }

  // ---- Classes

  // One member: its code, or nothing if it was a class escape (emitted already).
  std::optional<char32_t> class_atom() {
    if (peek() != u'\\') return next_code();
    ++at_;
    if (!more()) fail("\\ at end of pattern");
    if (peek() == u'b') {
      ++at_;
      return U'\b';
    }
    if (class_escape(/*in_class=*/true)) return std::nullopt;
    return character_escape();
  }

  void character_class() {
    ++at_;
    in_class_ = true;
    const bool negated = peek() == u'^' && more();
    if (negated) ++at_;
    if (peek() == u']' && more()) {
      ++at_;
      emit(negated ? "." : "(?!)");  // "." is any character: see RegExpEngine::compile
      in_class_ = false;
      return;
    }
    emit(negated ? "[^" : "[");
    while (more() && peek() != u']') class_member();
    if (!more()) fail("Unterminated character class");
    ++at_;
    emit("]");
    in_class_ = false;
  }

  void class_member() {
    const auto first = class_atom();
    const bool range = peek() == u'-' && at_ + 1 < pattern_.size() && peek(1) != u']';
    if (!range) {
      if (first) emit_code(*first);
      return;
    }
    ++at_;
    const std::size_t before = result_.text.size();
    const auto last = class_atom();
    if (!first || !last) {
      if (unicode_) fail("Invalid character class");
      // [\w-x]: the hyphen is a character.
      const std::u16string tail = result_.text.substr(before);
      result_.text.resize(before);
      if (first) emit_code(*first);
      emit_code(U'-');
      result_.text += tail;
      if (last) emit_code(*last);
      return;
    }
    if (*last < *first) fail("Range out of order in character class");
    emit_range(*first, *last);
  }

  std::u16string_view pattern_;
  bool unicode_;
  bool multiline_;
  bool dot_all_;
  bool ignore_case_;
  bool wide_case_ = false;
  bool has_names_ = false;
  bool in_class_ = false;
  std::size_t at_ = 0;
  std::uint32_t total_groups_ = 0;
  TranslatedPattern result_;
  std::vector<std::u16string> wanted_names_;
  std::vector<std::pair<std::size_t, std::u16string>> pending_names_;  ///< where in the output
};

}  // namespace

TranslatedPattern translate_pattern(std::u16string_view pattern, std::uint32_t flags) {
  return Translator(pattern, flags).run();
}

}  // namespace heaplab::interp::builtins
